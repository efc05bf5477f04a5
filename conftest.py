"""Wiring only: the acceptance plugin is registered here, once."""

pytest_plugins = (
    "acceptance.plugin.options",
    "acceptance.plugin.gate",
    "acceptance.plugin.fixtures",
    "acceptance.plugin.columns",
)
