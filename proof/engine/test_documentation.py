"""The documentation: what is generated is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from acceptance.documentation import generated_files
from proof import matrix

FILES = generated_files()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_generated_file_is_current(path: Path) -> None:
    """After a change of what it is made of, `make docs` was run."""
    assert path.read_text() == FILES[path]


def test_the_catch_matrix_is_current() -> None:
    """Every fault of the catalogue stands in it."""
    text = matrix.PAGE.read_text()
    assert matrix.page(text) == text
