"""The acceptance engine: what the plan promises, measured on a target, judged, added up and shown.

Data flows one way: the catalogue (`criteria.toml`), the contract (`contract/`) and the target's settings go in, probes
measure and return frozen dataclasses, acceptance tests judge them, the verdict adds the outcomes up, the sign-off shows
them with their evidence.
"""

__version__ = "0.1.0"
