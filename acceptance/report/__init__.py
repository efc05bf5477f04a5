"""Renders a sign-off document, as `signoff.json` holds it, for people: one HTML page and one Markdown summary.

The renderers read and show; they judge nothing and add nothing up that the document doesn't say.
"""

from acceptance.report.html import render_html
from acceptance.report.markdown import render_markdown

__all__ = ["render_html", "render_markdown"]
