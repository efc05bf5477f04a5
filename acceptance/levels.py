"""The catalogue's levels and stages by name. Apart, since the command line needs them before anything else is read."""

from __future__ import annotations

from typing import Literal, get_args

Level = Literal["must_have", "decision_point", "kpi", "nice_to_have", "predeploy", "rollback", "objective"]
Stage = Literal["pre-deploy", "pre-migration", "post-migration", "post-deploy", "nightly"]
LEVELS: tuple[Level, ...] = get_args(Level)
STAGES: tuple[Stage, ...] = get_args(Stage)

MARKERS: dict[Level, str] = {
    "must_have": "a deployment blocker: the deploy gate",
    "decision_point": "a go / no-go question of the plan",
    "kpi": "a figure that the nightly run watches",
    "nice_to_have": "a note on the sign-off, never NO-GO",
    "predeploy": "must hold before anything is deployed",
    "rollback": "a rollback scenario is ready",
    "objective": "an objective of the plan",
}
