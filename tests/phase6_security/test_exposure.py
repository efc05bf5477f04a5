"""Phase 6, security: nothing is shown that should not be.

The engine adds two checks of its own to MH-7: every answer of the whole run is searched for secrets and for traces of
the implementation (stack traces, exception texts, SQL, file paths).
"""

from __future__ import annotations

from acceptance.checks import exposure
from acceptance.plugin import Evidence, criterion
from acceptance.probes.exchange import Exchange


@criterion("MH-7")
def test_well_known_leak_paths_are_not_served(exposed: tuple[Exchange, ...], evidence: Evidence) -> None:
    """No schema, documentation, environment file, repository or backup."""
    evidence.add(f"{len(exposed)} leak paths asked for")
    if exposure.hsts_missing(exposed):
        evidence.note("No answer carries Strict-Transport-Security: browsers are not told to stay on https.")
    assert exposure.served_leak_paths(exposed) == []
