"""Wiring only: the acceptance plugin is registered here, once."""

pytest_plugins = ("acceptance.plugin.options",)
