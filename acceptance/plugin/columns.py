"""Columns of pytest-html's detailed report: the criterion and its level."""

from __future__ import annotations

import html
from functools import cache
from typing import Any

import pytest

from acceptance.catalogue import Catalogue, load_catalogue


@pytest.hookimpl(optionalhook=True)
def pytest_html_report_title(report: Any) -> None:  # noqa: ANN401 - pytest-html's own type
    """Name the report."""
    report.title = "APEX deployment acceptance: every test"


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_header(cells: list[str]) -> None:
    """Add the headings of our columns."""
    cells[1:1] = ['<th class="sortable" data-column-type="criterion">Criterion</th>', "<th>Level</th>"]


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_row(report: pytest.TestReport, cells: list[str]) -> None:
    """Fill our columns."""
    ids = getattr(report, "acceptance", {}).get("ids", [])
    levels = sorted({_catalogue()[criterion_id].level for criterion_id in ids})
    cells[1:1] = [f"<td>{html.escape(', '.join(ids))}</td>", f"<td>{html.escape(', '.join(levels))}</td>"]


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()
