"""The moments of the plan at which a deployment can be brought up."""

STAGES = ("pre-deploy", "pre-migration", "post-migration", "post-deploy", "nightly")
UNMIGRATED = ("pre-deploy", "pre-migration")
"""Those at which the database is still empty."""
