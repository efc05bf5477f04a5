"""The pytest plugin: the only part of the engine that knows pytest. Registered once, by the root conftest.

A test names what it stands for: `@criterion("MH-3")`. Its marker (`must_have`, ...) comes from the catalogue.
"""

import pytest

from acceptance.notebook import Notebook as Evidence

criterion = pytest.mark.criterion

__all__ = ["Evidence", "criterion"]
