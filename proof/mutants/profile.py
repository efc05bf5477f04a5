"""A pytest plugin for mutated code: property tests draw few examples, the same each time, and remember none."""

from hypothesis import settings

settings.register_profile("mutants", max_examples=25, deadline=None, database=None)
