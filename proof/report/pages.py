"""Reads a rendered page as a browser would: its elements, and the text that is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta"}


@dataclass(frozen=True)
class Element:
    """An element's name and attributes."""

    name: str
    attributes: dict[str, str | None]


@dataclass
class Page(HTMLParser):
    """A parsed page: its elements in order, its text without the style sheet, and what was left open."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Parse the source."""
        super().__init__()
        self.feed(self.source)
        self.close()

    @property
    def text(self) -> str:
        """The visible text, with single spaces."""
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in _VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which has to be this one."""
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text outside the style sheet."""
        if self.opened[-1:] != ["style"]:
            self.texts.append(data)
