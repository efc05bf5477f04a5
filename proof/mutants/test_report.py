"""The report of mutation testing: what counts as noticed, when it fails, and that no run passes by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import proof.mutants.__main__ as command
from proof.mutants.survivors import Change, Mutant, mutants

FILE = "acceptance/verdict.py"
CHANGE = Change(f"{FILE}: judge", 12, "if a:", "if not a:")
EQUIVALENT = f"""
[[equivalent]]
function = "{FILE}: judge"
was = "if a:"
became = "if not a:"
reason = "it makes no difference"
"""


def ended(**ends: int) -> list[Mutant]:
    """Return so many mutants that ended so."""
    return [Mutant(FILE, f"acceptance.verdict.x_judge__mutmut_{n}", end) for end in ends for n in range(ends[end])]


@pytest.fixture
def equivalents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the list of changes that nothing can notice, empty yet."""
    path = tmp_path / "equivalent.toml"
    path.write_text("")
    monkeypatch.setattr(command, "EQUIVALENT", path)
    return path


@pytest.mark.usefixtures("equivalents")
@pytest.mark.parametrize(
    ("found", "status"),
    [
        (ended(killed=20), 0),
        (ended(killed=19, survived=1), 0),
        (ended(killed=18, timeout=1, survived=1), 0),
        (ended(killed=18, survived=2), 1),
        (ended(killed=18, suspicious=2), 1),
        ([*ended(killed=18), *[Mutant(FILE, "acceptance.verdict.x_judge__mutmut_1", "not run")] * 2], 1),
        ([], 1),
    ],
)
def test_less_than_95_percent_noticed_fails(found: list[Mutant], status: int) -> None:
    """A time-out was noticed; what was not run, or broke, was not; nothing at all is no success."""
    survivors = [(mutant, CHANGE) for mutant in found if mutant.end not in ("killed", "timeout")]
    assert command.report(found, survivors, whole=True) == status


def test_a_known_equivalent_counts_apart(equivalents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither as noticed nor as a hole; without its entry it is shown with its place."""
    found = ended(killed=1, survived=1)
    survivors = [(found[1], CHANGE)]
    assert command.report(found, survivors, whole=True) == 1
    assert f"{FILE}:12 judge: survived\n  - if a:\n  + if not a:\n" in capsys.readouterr().out
    equivalents.write_text(EQUIVALENT)
    assert command.report(found, survivors, whole=True) == 0
    assert "if not a:" not in capsys.readouterr().out


def test_an_entry_that_no_longer_survives_fails_a_whole_run(
    equivalents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A test notices it now, or the code is another; a run over a part can't tell."""
    equivalents.write_text(EQUIVALENT)
    assert command.report(ended(killed=20), [], whole=False) == 0
    assert command.report(ended(killed=20), [], whole=True) == 1
    assert f"equivalent.toml lists what does not survive:\n  {FILE}: judge" in capsys.readouterr().out


def test_what_mutmut_recorded_is_read(tmp_path: Path) -> None:
    """Each exit status by what it means; a method by its class."""
    statuses = {1: "killed", 3: "killed", 0: "survived", 33: "no test", 24: "timeout", 36: "timeout", 35: "suspicious"}
    names = {f"acceptance.verdict.x_judge__mutmut_{n}": status for n, status in enumerate(statuses)}
    record = tmp_path / "mutants" / f"{FILE}.meta"
    record.parent.mkdir(parents=True)
    last = {"acceptance.verdict.xǁVerdictǁsay__mutmut_1": None}
    record.write_text(json.dumps({"exit_code_by_key": names | last}), encoding="utf-8")
    found = mutants(tmp_path)
    assert [mutant.end for mutant in found] == [*statuses.values(), "not run"]
    assert {mutant.function for mutant in found} == {"judge", "Verdict.say"}


def test_each_listed_equivalent_has_a_reason() -> None:
    """And none is listed twice."""
    text = (Path(command.__file__).parent / "equivalent.toml").read_text(encoding="utf-8")
    reasons = command.known_equivalents()
    assert all(reasons.values())
    assert len(reasons) == text.count("[[equivalent]]")
