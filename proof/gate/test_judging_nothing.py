"""What judges nothing is unverified, whatever pytest makes of it; what failed once has failed."""

from __future__ import annotations

import re

import pytest

from proof.gate.bench import Bench
from proof.gate.copies import FUTURE, Copy, records

SCHEMA = "tests/phase2_db/test_schema.py"
HEALTH = "tests/phase3_app/test_health.py"
NO_ASSERTION = "The test evaluated no assertion, so it judged nothing."

# A test; what stands above it, or in place of its assertion; the sentence that its record must hold.
TRICKS = {
    "test_every_service_of_the_plan_exists_and_none_is_suspended": (
        {"last": "pytest.skip('tired')"},
        "Not measured, since the test was skipped: tired",
    ),
    "test_the_newest_deploy_is_live_and_of_the_expected_commit": (
        {"above": '@pytest.mark.xfail(reason="known")'},
        "pytest counts it as failed, though it raised nothing: [XPASS(strict)] known",
    ),
    "test_database_and_key_value_store_are_available": (
        {"above": '@pytest.mark.xfail(reason="known", strict=False)'},
        "An expected failure judges nothing: known",
    ),
    "test_every_health_sample_is_200_healthy_and_of_the_deployed_version": ({"last": "pass"}, NO_ASSERTION),
    "test_the_health_body_matches_the_contract": ({"last": "for _ in (): {last}"}, NO_ASSERTION),
    "test_all_samples_come_from_one_version": ({"last": "assert True"}, NO_ASSERTION),
    "test_every_table_stands_with_its_keys_and_indexes": (
        {"last": "assert 1 / 0"},
        "The check itself broke, so nothing was judged: ZeroDivisionError",
    ),
    "test_alembic_stands_at_the_contract_s_head": (
        {"last": "raise SystemExit(0)"},
        "The check itself broke, so nothing was judged: SystemExit",
    ),
    "test_the_live_columns_are_those_of_the_head": (
        {"above": '@pytest.mark.xfail(reason="known")', "last": "assert database is None"},
        "An expected failure judges nothing: known",
    ),
    "test_every_required_variable_is_set_and_well_formed": (
        {"above": '@pytest.mark.skip(reason="later")'},
        "Not measured, since the test was skipped: later",
    ),
    "test_services_that_share_secrets_hold_the_same": ({"last": "assert (1, 'is not nothing')[0] == 1"}, NO_ASSERTION),
    "test_good_input_gets_the_documented_answer": (
        {"above": '@pytest.mark.parametrize("evidence", [])'},
        "Not measured, since the test was skipped: got empty parameter set",
    ),
    "test_accepted_events_are_in_the_tested_database": (
        {"above": '@pytest.mark.skipif(True, reason="slow")'},
        "Not measured, since the test was skipped: slow",
    ),
}

# Leaves out all but one of a test's cases without telling pytest, and asserts in every test's stead.
DROPPING = """
import pytest

def pytest_collection_modifyitems(items):
    bad = [item for item in items if "test_bad_input" in item.nodeid]
    items[:] = [item for item in items if item not in bad[1:]]

@pytest.fixture(autouse=True)
def asserting(request):
    assert request.node.nodeid
"""

# The mechanism of plugins that run a failed test again: only the last attempt is reported.
AGAIN = """
import pytest
from _pytest.runner import runtestprotocol

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    for attempt in range(3):
        item._initrequest()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if all(report.passed for report in reports):
            break
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    return True
"""


def test_whatever_judges_nothing_is_unverified(bench: Bench, copy: Copy) -> None:
    """On a healthy deployment: each trick leaves its own test unverified with its sentence, and no other test."""
    nodes = {copy.edit_test(name, **edit): sentence for name, (edit, sentence) in TRICKS.items()}
    copy.write("tests/conftest.py", DROPPING)
    run = bench.gate(root=copy.root)
    assert run.exit_status == 20, run.output
    expected = dict.fromkeys([f"MH-{n}" for n in range(1, 7)], "unverified") | {"MH-7": "passed"}
    assert run.outcomes == expected, run.output
    for node, sentence in nodes.items():
        assert {record["outcome"] for record in records(run, node)} == {"unverified"}, node
        assert all(sentence in record["message"] for record in records(run, node)), (node, records(run, node))
    cases = records(run, "tests/phase4_features/test_endpoints.py::test_bad_input_gets_a_documented_refusal")
    dropped = [case for case in cases if case["outcome"] == "unverified"]
    assert len(dropped) == len(cases) - 1 > 1
    assert all("This test did not run" in case["message"] for case in dropped)


def test_skipping_everything_is_unverified(copy: Copy) -> None:
    """A phase without what it imports, and every other test skipped."""
    copy.replace(SCHEMA, FUTURE, f"{FUTURE}\nimport pytest\n\npytest.importorskip('nothing')\n")
    hook = "def pytest_collection_modifyitems(items):\n    [item.add_marker('skip') for item in items]\n"
    copy.write("tests/conftest.py", hook)
    run = copy.gate()
    assert run.exit_status == 20, run.output
    assert set(run.outcomes.values()) == {"unverified"}
    for criterion_id in run.outcomes:
        phase = criterion_id in ("MH-3", "MH-4")
        sentence = "Its file was skipped when it was collected: could not import 'nothing'" if phase else "was skipped"
        assert sentence in run.account(criterion_id), run.account(criterion_id)


def test_running_it_again_takes_no_failure_back(copy: Copy) -> None:
    """A test that passes when a plugin runs it again has failed; the plugin itself makes the run partial."""
    node = copy.edit_test("test_all_samples_come_from_one_version", last="assert len(ATTEMPTS) > 1")
    copy.replace(
        HEALTH, "test_all_samples_come_from_one_version(health: tuple[Exchange, ...])", node.split("::")[1] + "()"
    )
    copy.edit_test("test_all_samples_come_from_one_version", last="ATTEMPTS.append(1)\n    {last}")
    copy.replace(HEALTH, "\nimport pytest\n", "\nimport pytest\n\nATTEMPTS = []\n")
    copy.write("again.py", AGAIN)
    run = copy.gate("-p", "again")
    assert run.exit_status == 1, run.output
    (record,) = records(run, node)
    assert record["outcome"] == "failed"
    assert "It passed when it was run again, which takes nothing back." in record["message"]
    assert any("the plugin again is none that pyproject.toml names" in reason for reason in run.signoff["reasons"])


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (HEALTH, '@criterion("MH-2")', '@criterion("MH-99")', "no criterion has the id 'MH-99'"),
        (HEALTH, '@criterion("MH-2")', "", "names no criterion"),
        (HEALTH, '@criterion("MH-2")', '@pytest.mark.criterio("MH-2")', "names no criterion"),
        (SCHEMA, '@criterion("MH-3")', '@criterion("KPI-4")', "MH-3 is finished .* no test"),
        (HEALTH, "test_all_samples_come_from_one_version", "test_the_health_body_matches_the_contract", "stands twice"),
        ("criteria.toml", 'id = "MH-2"', 'id = "MH-1"', "MH-1"),
        ("criteria.toml", 'id = "MH-2"', 'id = "MH-22"', "no criterion has the id 'MH-2'"),
    ],
)
def test_a_wrong_reference_is_a_usage_error(copy: Copy, file: str, old: str, new: str, sentence: str) -> None:
    """Said before the target is even connected to."""
    copy.replace(file, old, new)
    run = copy.gate()
    assert run.exit_status == 4, run.output
    assert re.search(sentence, run.output), run.output
    assert run.document is None


def test_a_misspelt_marker_is_named(copy: Copy) -> None:
    """No test of its file runs, and the account of each says why."""
    copy.edit_test("test_all_samples_come_from_one_version", above="@pytest.mark.must_hve")
    run = copy.gate()
    assert run.exit_status == 20, run.output
    assert "'must_hve' not found in `markers`" in run.account("MH-2")
