"""A target that can't be reached, is half described or is another than its name says is never GO."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from dotenv import dotenv_values

from acceptance.target import Target, setting_names
from proof.gate.bench import Bench, run_pytest
from proof.gate.copies import BROADCAST, Copy

# What ends otherwise without a setting, and what its account says.
MISSING = {
    ("DATABASE_URL",): {
        "MH-3": ("unverified", "set DATABASE_URL in the target's settings"),
        "MH-4": ("unverified", "set DATABASE_URL in the target's settings"),
        "MH-5": ("unverified", "DATABASE_URL"),
        "MH-6": ("unverified", "set DATABASE_URL as well"),
    },
    ("RENDER_API_KEY",): {
        "MH-1": ("unverified", "set RENDER_API_KEY in the target's settings"),
        "MH-5": ("unverified", "set RENDER_API_KEY in the target's settings"),
        "MH-7": ("unverified", "set RENDER_API_KEY in the target's settings"),
    },
    ("APEX_HTTP_URL",): {"MH-7": ("unverified", "If plain http is not on port 80, set APEX_HTTP_URL.")},
    # These are optional: the plan's promise is judged without them, and the sign-off says what was not compared.
    ("APEX_EXPECTED_VERSION", "APEX_EXPECTED_COMMIT"): {
        "MH-1": ("noted", "APEX_EXPECTED_COMMIT is not set"),
        "MH-2": ("noted", "APEX_EXPECTED_VERSION is not set"),
    },
    ("REDIS_URL",): {"MH-5": ("unverified", "REDIS_URL")},
}
ELSEWHERE = {
    "APEX_BASE_URL",  # required: a usage error
    "APEX_CA_FILE",  # nothing is trusted then, so that nothing can be measured
    "APEX_ALLOW_SYNTHETIC",  # test_cleanup
    "RENDER_API_URL",  # its default is the provider's own, which no test may ask
}

# Before the engine is imported, and after what is compiled against the real one: what it takes for now.
WRONG_CLOCK = """
import datetime as clock
import psycopg

class Shifted(clock.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + clock.timedelta(days={days})

clock.datetime = Shifted
"""


def without(bench: Bench, *names: str) -> str:
    """Write the bench's settings without some of them; return the option that names the file."""
    values = {k: v for k, v in dotenv_values(bench.target_file, interpolate=False).items() if k not in names}
    file = bench.folder / "less.env"
    file.write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))
    return f"--target={file}"


@pytest.mark.parametrize("names", MISSING, ids=" ".join)
def test_without_a_setting_what_needs_it_is_not_passed(bench: Bench, names: tuple[str, ...]) -> None:
    """And its account says which setting is missing; everything else ends as it did."""
    run = bench.gate(without(bench, *names))
    found = {key: outcome for key, outcome in run.outcomes.items() if outcome != "passed"}
    assert found == {key: outcome for key, (outcome, _) in MISSING[names].items()}, run.output
    for key, (_, sentence) in MISSING[names].items():
        assert sentence in run.account(key), run.account(key)
    assert run.exit_status == (20 if "unverified" in found.values() else 0)


@pytest.mark.parametrize(
    ("name", "outcome", "sentence"),
    [
        ("REDIS_URL", "noted", "the store was not asked; what the application says of it stands alone"),
        ("RENDER_API_KEY", "unverified", "set RENDER_API_KEY in the target's settings"),
    ],
)
def test_without_a_setting_decision_point_3_says_so(bench: Bench, name: str, outcome: str, sentence: str) -> None:
    """WARNINGS where the application's word is left, no answer where the log can't be read."""
    run = bench.gate(without(bench, name), "-m", "decision_point")
    assert run.outcomes["DP-3"] == outcome, run.output
    assert sentence in run.account("DP-3")


def test_without_the_authority_nothing_is_measured(bench: Bench) -> None:
    """An untrusted certificate is a finding, and every answer is missing."""
    run = bench.gate(without(bench, "APEX_CA_FILE"))
    assert run.exit_status == 1, run.output
    for key in ("MH-2", "MH-6", "MH-7"):
        assert run.outcomes[key] == "failed"
        assert "certificate" in run.account(key)


def test_every_setting_that_a_target_needs_is_left_out_by_a_test(bench: Bench) -> None:
    """Of those that the embedded deployment publishes, but for what it is allowed and called."""
    told = {name for names in MISSING for name in names} | ELSEWHERE
    allowed = {"APEX_ALLOW_LOAD", "APEX_ALLOW_DRILLS", "APEX_REFERENCE", "APEX_SERVICE"}
    assert set(dotenv_values(bench.target_file)) - allowed == told
    assert Target.model_fields["provider_url"].default == "https://api.render.com/v1"
    assert told | allowed <= set(setting_names())


def everything_at(address: str, file: Path) -> str:
    """Write a target all of whose parts are at one address; return the option that names it."""
    values = {
        "APEX_BASE_URL": f"https://{address}",
        "APEX_HTTP_URL": f"http://{address}",
        "DATABASE_URL": f"postgresql://someone:secret@{address}/apex",
        "REDIS_URL": f"redis://:secret@{address}",
        "RENDER_API_URL": f"https://{address}/v1",
        "RENDER_API_KEY": "rnd_nothing",
        "APEX_ALLOW_SYNTHETIC": "true",
        "APEX_COLD_START_S": "1",
    }
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return f"--target={file}"


@pytest.fixture
def silent() -> Iterator[str]:
    """Where connections are accepted and nothing is ever answered."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=200)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        ("nowhere.invalid:1", {"MH-2": "can't be resolved", "MH-3": "nowhere.invalid"}),
        (f"{BROADCAST}:1", {"MH-2": "can't be reached", "MH-3": BROADCAST}),
        ("127.0.0.1:1", {"MH-2": "refused the connection", "MH-3": "refused"}),
        ("silent", {"MH-2": "127.0.0.1", "MH-3": "127.0.0.1"}),
    ],
)
def test_a_target_that_is_not_there_is_never_go(
    tmp_path: Path, silent: str, address: str, sentences: dict[str, str]
) -> None:
    """It resolves to nothing, can't be reached, refuses, or hangs: no criterion passes, and each says why, in time."""
    address = silent if address == "silent" else address
    run = run_pytest("-m", "must_have", everything_at(address, tmp_path / "there.env"), reports=tmp_path / "reports")
    assert run.exit_status in (1, 20), run.output
    assert run.signoff["partial"] is False, run.signoff["reasons"]
    assert set(run.outcomes.values()) <= {"failed", "unverified"}
    for key, sentence in sentences.items():
        assert sentence in run.account(key), run.account(key)


@pytest.mark.parametrize(
    ("settings", "environment"),
    [
        ("APEX_BASE_URL=https://localhost:4443\n", {}),
        ("APEX_BASE_URL=https://api.example.com\nRENDER_API_URL=http://127.0.0.1:4000/v1\n", {}),
        ("APEX_BASE_URL=https://api.example.com\nAPEX_REFERENCE=true\n", {}),
        ("APEX_BASE_URL=https://api.example.com\n", {"APEX_BASE_URL": "https://127.0.0.1:4443"}),
    ],
)
def test_the_embedded_deployment_is_not_production(copy: Copy, settings: str, environment: dict[str, str]) -> None:
    """Whether its file says so or a variable that was left over: a usage error names the address."""
    copy.write("targets/production.env", settings)
    run = copy.gate("--target=production", environment=environment)
    assert run.exit_status == 4, run.output
    assert "the target 'production' is https" in run.output or "is http://127.0.0.1:4000" in run.output
    assert "the embedded deployment" in run.output
    assert run.document is None


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_a_day_off_is_named(bench: Bench, copy: Copy, days: int) -> None:
    """This machine's, or the server's: what is judged by time fails, and the clocks stand beside each other."""
    wiring = (copy.root / "conftest.py").read_text()
    copy.write("conftest.py", WRONG_CLOCK.format(days=days) + wiring)
    run = bench.gate(root=copy.root)
    assert run.exit_status == 1, run.output
    assert run.outcomes["MH-2"] == "failed"
    assert "set the clock that is wrong" in run.account("MH-2")
