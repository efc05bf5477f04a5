"""Wiring only: the acceptance plugin is registered here, once."""

# Each before the ones that import it: pytest rewrites a plugin's assertions as it imports it.
pytest_plugins = (
    "acceptance.plugin.results",
    "acceptance.plugin.options",
    "acceptance.plugin.gate",
    "acceptance.plugin.fixtures",
    "acceptance.plugin.columns",
)
