"""What a benchmark is given, and what it gives back: the parts of a page, before they are Markdown or a plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.environments import Environments
from benchmarks.reporting import Summary


@dataclass(frozen=True)
class Options:
    """How to run: in full, or quickly as a smoke test that installs nothing, needs no network and writes nothing."""

    places: Environments
    only: tuple[str, ...]
    rounds: int | None = None
    quick: bool = False
    also: tuple[Environments, ...] = ()
    """Environments of other interpreters, in which ours alone is measured."""

    def times(self, full: int, quick: int = 2) -> int:
        """How many rounds: what the command line says, or ``full``, or ``quick`` in a quick run."""
        return self.rounds or (quick if self.quick else full)


@dataclass(frozen=True)
class Table:
    """Cells as they are shown; the first columns, as many as ``words``, to the left, the others to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


@dataclass(frozen=True)
class Bars:
    """A plot of one bar a label, on a logarithmic scale, with the quartiles marked."""

    name: str
    title: str
    axis: str
    values: dict[str, Summary]


@dataclass(frozen=True)
class Lines:
    """A plot of one line a label through points ``(x, y)``; the scales are logarithmic unless said otherwise."""

    name: str
    title: str
    axes: tuple[str, str]
    lines: dict[str, tuple[tuple[float, float], ...]]
    scale: Literal["log", "linear"] = "log"


Block = str | Table | Bars | Lines
"""A paragraph of Markdown, a table or a plot."""


@dataclass(frozen=True)
class Aim:
    """Something that was aimed at, what was measured, and whether that is reached."""

    what: str
    limit: str
    measured: str
    met: bool

    @classmethod
    def at_most(cls, what: str, measured: Summary, limit: float, unit: str, scale: float = 1) -> Aim:
        """A limit from above on the median; ``scale`` turns what was measured and the limit into the unit."""
        words = f"at most {limit * scale:g} {unit}"
        return cls(what, words, measured.text(scale), measured.median <= limit)

    @classmethod
    def at_least(cls, what: str, measured: Summary, limit: float, unit: str, scale: float = 1) -> Aim:
        """A limit from below on the median."""
        words = f"at least {limit * scale:g} {unit}"
        return cls(what, words, measured.text(scale), measured.median >= limit)


@dataclass(frozen=True)
class Section:
    """A part of the page. ``wrong`` says which answers were not what they must be; it makes the command fail."""

    title: str
    blocks: tuple[Block, ...]
    wrong: tuple[str, ...] = ()
    aims: tuple[Aim, ...] = ()
