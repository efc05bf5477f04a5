"""No secret reaches any output, whatever fails and however much is logged."""

from __future__ import annotations

import json

import pytest

from acceptance.checks.environment import secret_values
from acceptance.contract import Contract
from acceptance.redaction import encodings
from acceptance.target import make_target
from proof.gate.bench import Bench, GateRun
from reference.faults import CATALOGUE
from reference.faults.wrappers import anywhere, changing, with_body
from reference.upstream import Answer

LOUD = ("-vv", "--showlocals", "--tb=long", "-o", "log_cli=true", "--log-cli-level=DEBUG")


def secrets_of(bench: Bench) -> dict[str, str]:
    """Return every secret value of the target and of the service."""
    service = secret_values(Contract().environment, bench.deployment.api.env)
    return service | make_target(bench.deployment.settings, "bench").secrets()


def shown(bench: Bench, run: GateRun, secrets: dict[str, str]) -> list[str]:
    """Return where a secret is shown: the output's name, the variable and the encoding."""
    outputs = {path.name: path.read_text() for path in bench.reports.glob("*.*")}
    outputs["terminal"] = run.output
    return [
        f"{output}: {name} ({encoding})"
        for name, value in secrets.items()
        for encoding, form in encodings(value)
        for output, text in outputs.items()
        if form in text
    ]


@pytest.mark.parametrize("fault", ["secret-in-header", "variable-missing", "debug-on", "key-refused", "health-503"])
def test_a_failing_gate_shows_no_secret(bench: Bench, fault: str) -> None:
    """With every message, local variable and log line that pytest can be made to print."""
    secrets = secrets_of(bench)
    bench.do(CATALOGUE[fault].apply(bench.deployment))
    run = bench.gate("-n2", *LOUD)
    assert run.exit_status in (1, 20), run.output
    assert shown(bench, run, secrets | secrets_of(bench)) == []


def test_an_application_that_shows_everything_is_not_repeated(bench: Bench) -> None:
    """Each answer holds the whole environment; MH-7 names the variables, and nothing shows a value."""
    secrets = secrets_of(bench)
    body = json.dumps(dict(bench.deployment.api.env)).encode()

    def leaking(answer: Answer) -> Answer:
        return with_body(Answer(500, answer.headers, b""), body)

    bench.deployment.edge.layers.append(changing(anywhere, leaking))
    run = bench.gate(*LOUD)
    assert run.outcomes["MH-7"] == "failed"
    assert {"SECRET_KEY", "DATABASE_URL"} <= set(run.account("MH-7").replace("(", " ").split())
    assert shown(bench, run, secrets) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("DATABASE_URL", "ecomdash:", "ecomdash:wrong-Pa55word-"),
        ("DATABASE_URL", "@127.0.0.1", "@nowhere.invalid"),
        ("DATABASE_URL", "ecomdash:", "ecomdash:with/slash@and-at-"),
        ("REDIS_URL", "default:", "default:other-Pa55word/"),
        ("RENDER_API_KEY", "rnd_", "rnd_0therKey"),
        ("RENDER_API_URL", "127.0.0.1", "127.0.0.9"),
    ],
)
def test_a_wrong_setting_shows_no_secret(bench: Bench, name: str, old: str, new: str) -> None:
    """Wrong password, wrong host, characters that break addresses, a refused key."""
    wrong = bench.deployment.settings[name].replace(old, new, 1)
    secrets = secrets_of(bench) | {"the wrong one": wrong, "its password": wrong.rpartition("@")[0].split("//")[-1]}
    run = bench.gate(*LOUD, environment={name: wrong})
    assert run.exit_status in (1, 4, 20), run.output
    assert shown(bench, run, {key: value for key, value in secrets.items() if len(value) > 8}) == []
