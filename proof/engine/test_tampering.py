"""No edit of a sign-off turns another verdict into GO: not of a byte, not of a field whose seal was renewed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acceptance.outcomes import Outcome
from acceptance.verdict import Verdict
from acceptance.verify import RefusedError
from proof.engine.signoffs import checked, resealed, written

Steps = tuple[str | int, ...]

VALUES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    20,
    1e9,
    float("nan"),
    "",
    "GO",
    "passed",
    "waived",
    "attested",
    "é",
    [],
    {},
    [[]],
)
RUNS: dict[str, dict[str, Any]] = {
    "NO-GO": {"MH_3": Outcome.FAILED},
    "UNVERIFIED": {"MH_3": Outcome.UNVERIFIED},
    "partial": {"partial": ("-k can leave tests out.",)},
}
SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def places(document: Any, before: Steps = ()) -> Iterator[Steps]:
    """Return the way to every field and entry of a document."""
    entries = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in entries:
        yield (*before, key)
        if isinstance(value, dict | list):
            yield from places(value, (*before, key))


def changed(document: dict[str, Any], place: Steps, value: object, *, remove: bool) -> None:
    """Replace what stands at a place, or remove it."""
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    if remove:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value


def verdict_of(path: Path) -> Verdict | None:
    """Return what `verify` makes of a sign-off; None when it refuses it."""
    try:
        return checked(path).decision.verdict
    except RefusedError:
        return None


@SETTINGS
@given(data=st.data(), how=st.sampled_from(["replace", "remove", "insert"]), byte=st.binary(min_size=1, max_size=1))
def test_every_edit_of_one_byte_is_refused(tmp_path: Path, data: st.DataObject, how: str, byte: bytes) -> None:
    """Be it white space: a sign-off is taken as the run wrote it, or not at all."""
    path = written(tmp_path)
    raw = path.read_bytes()
    at = data.draw(st.integers(0, len(raw) - 1))
    edited = raw[:at] + (b"" if how == "remove" else byte) + raw[at + (how != "insert") :]
    path.write_bytes(edited)
    if edited == raw:
        assert verdict_of(path) is Verdict.GO
    else:
        with pytest.raises(RefusedError):
            checked(path)


@pytest.mark.parametrize("run", RUNS)
@SETTINGS
@given(data=st.data(), value=st.sampled_from(VALUES), remove=st.booleans())
def test_no_edit_of_one_field_makes_it_go(
    tmp_path: Path, run: str, data: st.DataObject, value: object, *, remove: bool
) -> None:
    """Although its seal was renewed: the verdict is recomputed, and what contradicts it is refused in a sentence."""
    path = written(tmp_path, **RUNS[run])
    place = data.draw(st.sampled_from(sorted(places(json.loads(path.read_bytes())), key=repr)))
    resealed(path, lambda document: changed(document, place, value, remove=remove))
    assert verdict_of(path) is not Verdict.GO


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"schema": 1}', b'{"schema": 1, "sha256": 5}'],
    ids=["empty", "null", "list", "no text", "deep", "nothing else", "no seal"],
)
def test_what_is_no_sign_off_is_refused(tmp_path: Path, raw: bytes) -> None:
    """In a sentence, whatever it is."""
    path = tmp_path / "signoff.json"
    path.write_bytes(raw)
    with pytest.raises(RefusedError):
        checked(path)


def test_the_meaning_of_a_go_is_all_that_is_left(tmp_path: Path) -> None:
    """What `verify` answers for an untouched one."""
    assert verdict_of(written(tmp_path)) is Verdict.GO
