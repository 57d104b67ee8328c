"""What is shown, before it is known where: headings, facts, tables and notes, all made of spans of text."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Inline: TypeAlias = "str | Span | Sequence[str | Span]"
    Block: TypeAlias = "Heading | Facts | Table | Section | Note"
    Row: TypeAlias = "tuple[Inline, ...]"

__all__ = [
    "Block",
    "Column",
    "Facts",
    "Heading",
    "Inline",
    "Note",
    "Row",
    "Section",
    "Span",
    "Table",
    "columns",
    "joined",
    "plain",
    "spans",
]


class Span(NamedTuple):
    """Text of one tone: ``""``, ``strong``, ``dim``, ``good``, ``bad``, ``warn`` or ``code``; maybe a link."""

    text: str
    tone: str = ""
    href: str = ""


class Heading(NamedTuple):
    """What all of it is about: a title, the id to write in code, and a word on its state."""

    title: str
    code: str = ""
    badge: Span | None = None


class Facts(NamedTuple):
    """Labels and values; short ones may stand side by side."""

    rows: tuple[tuple[str, Inline], ...]


class Column(NamedTuple):
    """A column: ``align`` is ``left``, ``right``, or ``point`` for numbers that line up at the decimal point."""

    title: str
    align: str = "left"


class Table(NamedTuple):
    """Rows of cells. ``title`` names the table, ``marked`` the rows to set off, ``more`` what was left out."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    marked: frozenset[int] = frozenset()
    more: str = ""


class Section(NamedTuple):
    """Blocks under a title; ``folded`` where a page may keep them shut until they are asked for."""

    title: str
    blocks: tuple[Block, ...]
    folded: bool = False


class Note(NamedTuple):
    """A line of running text."""

    text: Inline


def columns(*titles: str, right: Iterable[str] = (), point: Iterable[str] = ()) -> tuple[Column, ...]:
    """Columns of those titles, of which some are aligned otherwise than left."""
    rights, points = set(right), set(point)
    return tuple(
        [Column(title, "right" if title in rights else "point" if title in points else "left") for title in titles]
    )


def spans(inline: Inline) -> tuple[Span, ...]:
    """Anything that can stand in a line, as spans without control characters."""
    parts: Sequence[str | Span] = (inline,) if isinstance(inline, (str, Span)) else inline
    found = [part if isinstance(part, Span) else Span(part) for part in parts]
    return tuple([span if span.text.isprintable() else span._replace(text=_printable(span.text)) for span in found])


def _printable(text: str) -> str:
    r"""Data may hold what a terminal obeys; it is shown as ``\x1b`` instead. Line breaks stay."""
    shown = (char if char.isprintable() or char == "\n" else f"\\x{ord(char):02x}" for char in text)
    return "".join(shown)


def plain(inline: Inline) -> str:
    """The text alone."""
    return "".join([span.text for span in spans(inline)])


def joined(parts: Iterable[Inline], separator: str = ", ") -> tuple[Span, ...]:
    """Parts with a separator between them."""
    found: list[Span] = []
    for part in parts:
        if found:
            found.append(Span(separator))
        found += spans(part)
    return tuple(found)
