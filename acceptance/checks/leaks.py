"""Secrets in answers: known values in every encoding, and strings of a secret's shape. No value is ever shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from acceptance.checks.patterns import matches
from acceptance.checks.unwrapping import unwrapped
from acceptance.contract import Pattern
from acceptance.findings import Finding
from acceptance.probes.exchange import Exchange
from acceptance.redaction import SHORTEST_SECRET, encodings, parts_of


@dataclass(frozen=True)
class Leak:
    """A secret in an answer: where it stands, whose it is or what it looks like, how it is written, at which URL."""

    where: str
    variable: str
    encoding: str
    url: str

    @classmethod
    def unsearched(cls, exchange: Exchange) -> Self:
        """Return what stands for the rest of a body that was cut: whether it holds a secret is not known."""
        limit = f"the body is longer than {len(exchange.body):,} bytes"
        return cls("the body", "a rest that was not searched", limit, exchange.url)

    @property
    def finding(self) -> Finding:
        """The leak as failures are shown."""
        return Finding("no secret in any answer", f"{self.variable} ({self.encoding})", f"{self.where} of {self.url}")


class LeakScanner:
    """Scans answers for secrets.

    Args:
        values: secret values by the variable's name; one shorter than SHORTEST_SECRET characters is not looked for.
        shapes: patterns of strings that look like a secret.
    """

    def __init__(self, values: Mapping[str, str], shapes: Sequence[Pattern] = ()) -> None:
        self._shapes = shapes
        self._needles: dict[str, tuple[str, str]] = {}
        self._values: dict[str, tuple[str, str]] = {}
        for name, value in values.items():
            self._learn(name, value.strip())

    def scan(self, exchange: Exchange) -> tuple[Leak, ...]:
        """Return each secret of the answer once for each place that it stands in, and a rest that was not searched."""
        found = [leak for where, text in _places(exchange) for leak in self._in_text(exchange, where, text)]
        return tuple(dict.fromkeys([*found, *([Leak.unsearched(exchange)] if exchange.cut else [])]))

    def _learn(self, name: str, value: str) -> None:
        for part in parts_of(value):
            if len(part) < SHORTEST_SECRET:
                continue
            of = "" if part == value else ", its password"
            self._values.setdefault(part, (name, of))
            for encoding, form in encodings(part):
                self._needles.setdefault(form, (name, f"{encoding}{of}"))

    def _in_text(self, exchange: Exchange, where: str, text: str) -> Iterator[Leak]:
        known = {self._needles[needle] for needle in self._needles if needle in text} or self._wrapped(text)
        for name, encoding in sorted(known):
            yield Leak(where, name, encoding, exchange.url)
        if not known:
            for shape, _ in matches(self._shapes, text, exchange.sent):
                yield Leak(where, f"what looks like {shape.what}", "by its shape", exchange.url)

    def _wrapped(self, text: str) -> set[tuple[str, str]]:
        """The secrets that show when encodings around each other are undone; named by the first way to each."""
        found: dict[str, str] = {}
        for encoding, inner in unwrapped(text):
            for value, (name, of) in self._values.items():
                if value in inner:
                    found.setdefault(name, f"{encoding}{of}")
        return set(found.items())


def _places(exchange: Exchange) -> Iterator[tuple[str, str]]:
    yield "the body", exchange.text
    if b"\0" in exchange.body[:64]:  # as UTF-16 writes what is not exotic
        order = "utf-16-be" if exchange.body[:1] == b"\0" else "utf-16"
        yield "the body in UTF-16", exchange.body.decode(order, "replace")
    for name, value in exchange.headers:
        yield f"the header {name}", f"{name}: {value}"
