"""The embedded deployment: the real thing in small, for the suite to be tried on."""
