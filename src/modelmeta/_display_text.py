"""Blocks as lines of a terminal: aligned, as wide as it is, and readable when it is narrow."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

from ._display_blocks import Facts, Heading, Note, Section, Span, Table, joined, plain, spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    from ._display_blocks import Block, Inline

    Line: TypeAlias = "list[Span]"

__all__ = ["lines", "text"]

GAP = 2
LEAST = 8
"""A column of words is not made narrower than this."""

WORD = 24
"""Words up to this long are not broken for the sake of a table."""

BESIDE = 32
"""A title up to this long stands in the line of the column heads, where the first column has none."""

BESIDE_WIDTH = 80
"""From so many columns on, short facts stand two to a line."""

NARROW = 60
"""Below so many columns a long fact stands under its label."""


def text(blocks: Iterable[Block], width: int = 100) -> str:
    """The blocks as plain text without trailing blanks."""
    return "\n".join(["".join([span.text for span in line]).rstrip() for line in lines(blocks, width)])


def lines(blocks: Iterable[Block], width: int) -> Iterator[Line]:
    """The blocks as lines of spans that are at most ``width`` wide where words allow."""
    width = max(width, 20)
    first = True
    for block in blocks:
        if not first and not isinstance(block, Note):
            yield []
        first = False
        if isinstance(block, Heading):
            yield from _heading(block, width)
        elif isinstance(block, Facts):
            yield from _facts(block, width)
        elif isinstance(block, Table):
            yield from _table(block, width)
        elif isinstance(block, Section):
            yield from _wrap(spans(Span(block.title, "strong")), width)
            yield from lines(block.blocks, width)
        else:
            yield from _wrap(spans(block.text), width)


def size(string: str) -> int:
    """How many cells of a terminal a string takes."""
    if string.isascii():
        return len(string)
    return sum([0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in string])


def _size(inline: Inline) -> int:
    return size(plain(inline))


def _heading(block: Heading, width: int) -> Iterator[Line]:
    line = list(spans(Span(block.title, "strong")))
    if block.code and block.code != block.title:
        line += [Span("  "), *spans(Span(block.code, "dim"))]
    if block.badge is not None:
        badge = block.badge._replace(text=f"[{block.badge.text}]")
        room = width - _size(line) - size(badge.text)
        if room < GAP:
            yield from _wrap(line, width)
            yield [badge]
            return
        line += [Span(" " * room), badge]
    yield from _wrap(line, width) if _size(line) > width else [line]


# Facts ----------------------------------------------------------------------------------------------


def _facts(block: Facts, width: int) -> Iterator[Line]:
    if not block.rows:
        return
    label = min(max(size(name) for name, _ in block.rows), 20) + GAP
    half = (width - GAP) // 2
    waiting: Line | None = None
    for name, value in block.rows:
        found = spans(value)
        fits = width >= BESIDE_WIDTH and label + _size(found) <= half and "\n" not in plain(found)
        if fits and waiting is not None:
            yield [*waiting, Span(" " * (half + GAP - _size(waiting))), *_labelled(name, label), *found]
            waiting = None
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        if fits:
            waiting = [*_labelled(name, label), *found]
        elif width < NARROW and label + _size(found) > width and label > width // 3:
            yield [Span(name, "dim")]
            yield from ([Span("  "), *line] for line in _wrap(found, width - 2))
        else:
            for number, line in enumerate(_wrap(found, width - label)):
                yield [*(_labelled(name, label) if not number else [Span(" " * label)]), *line]
    if waiting is not None:
        yield waiting


def _labelled(name: str, width: int) -> Line:
    return [Span(name, "dim"), Span(" " * max(width - size(name), 1))]


# Tables -----------------------------------------------------------------------------------------------


def _table(block: Table, width: int) -> Iterator[Line]:
    head = [column.title for column in block.columns]
    if block.title and not head[0] and size(block.title) <= BESIDE:
        head[0] = block.title
    elif block.title:
        yield from _wrap(spans(Span(block.title, "strong")), width)
    cells = _aligned(block)
    widths = [max(size(head[number]), _longest_of(cells, number)) for number in range(len(block.columns))]
    if sum(widths) + GAP * (len(widths) - 1) > width:
        shrunk = _shrunk(block, head, cells, widths, width)
        if shrunk is None:
            yield from _stacked(block, head, width)
            return
        widths = shrunk
    yield from _row([Span(title, "strong") for title in head], block, widths)
    for row in cells:
        yield from _row(row, block, widths)
    if block.more:
        yield [Span(block.more, "dim")]


def _longest_of(cells: Sequence[Sequence[Inline]], number: int) -> int:
    return max((size(part) for row in cells for part in plain(row[number]).split("\n")), default=0)


def _aligned(block: Table) -> list[list[Inline]]:
    """The cells, those of a ``point`` column filled up on the right so that their points line up."""
    rows = [list(row) for row in block.rows]
    for number, column in enumerate(block.columns):
        if column.align == "point":
            tails = [_tail(plain(row[number])) for row in rows]
            longest = max(tails, default=0)
            for row, tail in zip(rows, tails, strict=True):
                if any(char.isdigit() for char in plain(row[number])):
                    row[number] = (*spans(row[number]), Span(" " * (longest - tail)))
    return rows


def _tail(number: str) -> int:
    """How much of a number stands right of its point, the point included."""
    digits = number.rstrip()
    return len(digits) - digits.index(".") if "." in digits else 0


def _shrunk(
    block: Table, head: Sequence[str], cells: Sequence[Sequence[Inline]], widths: list[int], width: int
) -> list[int] | None:
    """Narrower columns of words, so that the table fits; ``None`` if it cannot be."""
    found = list(widths)
    least = [
        min(widths[number], max(LEAST, *(_word_width(plain(row[number])) for row in cells), _word_width(head[number])))
        if column.align == "left"
        else max(_longest_of(cells, number), _word_width(head[number]))
        for number, column in enumerate(block.columns)
    ]
    room = width - GAP * (len(found) - 1)
    if sum(least) > room:
        return None
    while sum(found) > room:
        widest = max(range(len(found)), key=lambda number: found[number] - least[number])
        found[widest] -= 1
    return found


def _word_width(string: str) -> int:
    """How wide a column must be so that only long words are broken."""
    return min(max([size(word) for word in string.split()], default=0), WORD)


def _row(row: Sequence[Inline], block: Table, widths: Sequence[int]) -> Iterator[Line]:
    wrapped = [
        list(_wrap(spans(cell), width)) if _size(cell) > width or "\n" in plain(cell) else [list(spans(cell))]
        for cell, width in zip(row, widths, strict=True)
    ]
    for number in range(max(len(cell) for cell in wrapped)):
        line: Line = []
        for place, (cell, width, column) in enumerate(zip(wrapped, widths, block.columns, strict=True)):
            part = cell[number] if number < len(cell) else []
            blank = Span(" " * (width - _size(part)))
            line += [blank, *part] if column.align != "left" else [*part, blank]
            if place < len(widths) - 1:
                line.append(Span(" " * GAP))
        yield line


def _stacked(block: Table, head: Sequence[str], width: int) -> Iterator[Line]:
    """Each row as a few lines of its own, under its cells that have no title: what a narrow terminal can hold."""
    if block.title and head[0] == block.title:
        yield [Span(block.title, "strong")]
        head = ["", *head[1:]]
    label = min(max(size(title) for title in head), max(width // 2, LEAST)) + GAP
    lead = next((number for number, title in enumerate(head) if number and title.strip()), 1)
    for row in block.rows:
        heading = joined([cell for cell in row[:lead] if plain(cell)], " ")
        yield from _wrap([span._replace(tone=span.tone or "strong") for span in heading], width)
        for title, cell in zip(head[lead:], row[lead:], strict=True):
            if not plain(cell).strip():
                continue
            for number, line in enumerate(_wrap(spans(cell), width - label - 2)):
                name = _labelled(title[: label - 1], label) if not number else [Span(" " * label)]
                yield [Span("  "), *name, *line]
    if block.more:
        yield [Span(block.more, "dim")]


# Words ------------------------------------------------------------------------------------------------


def _wrap(inline: Sequence[Span], width: int) -> Iterator[Line]:
    """Spans broken at blanks and line breaks; a word longer than a line is cut."""
    width = max(width, 1)
    line: Line = []
    used = 0
    for word in _words(inline):
        if word is None:
            yield _stripped(line)
            line, used = [], 0
            continue
        needed = size("".join([piece.text for piece in word]).rstrip())
        if used and used + needed > width:
            yield _stripped(line)
            line, used = [], 0
        for piece in word:
            text = piece.text
            while used + size(text.rstrip()) > width:
                cut = _cut(text, width - used) if used < width else 0
                yield [*line, piece._replace(text=text[:cut])]
                line, used, text = [], 0, text[cut:]
            if used or not text.isspace():
                line.append(piece._replace(text=text))
                used += size(text)
    yield _stripped(line)


def _words(inline: Sequence[Span]) -> Iterator[Line | None]:
    """Words, each with the blanks behind it and in as many pieces as it has tones; ``None`` is a line break."""
    word: Line = []
    for span in inline:
        for number, part in enumerate(span.text.split("\n")):
            if number:
                yield word
                yield None
                word = []
            for piece in _PIECES.findall(part):
                if word and word[-1].text.endswith(" ") and not piece.isspace():
                    yield word
                    word = []
                word.append(span._replace(text=piece))
    yield word


_PIECES = re.compile(r"[^ ]+ *|^ +")


def _cut(word: str, width: int) -> int:
    """How much of a word fits: up to a mark inside it, if there is one not far from the end."""
    used = 0
    for place, char in enumerate(word):
        used += size(char)
        if used > width:
            mark = max(word.rfind(mark, place // 2, place) for mark in "/#?&:") + 1
            return max(mark or place, 1)
    return len(word)


def _stripped(line: Line) -> Line:
    while line and not line[-1].text.strip():
        line.pop()
    if line:
        line[-1] = line[-1]._replace(text=line[-1].text.rstrip())
    return line
