"""Blocks as Markdown (the GitHub flavour): for pages, issues and pull requests."""

from __future__ import annotations

import re

from ._display_blocks import Facts, Heading, Section, Table, spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._display_blocks import Block, Inline, Span

__all__ = ["markdown"]

_SPECIAL = re.compile(
    r"[\\`*\[\]<>|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^[#+-](?=\s)|(?<=^\d)[.)](?=\s)|(?<=^\d\d)[.)](?=\s)"
)
_ALIGNED = {"left": "---", "right": "---:", "point": "---:"}


def markdown(blocks: Iterable[Block], level: int = 1) -> str:
    """The blocks as Markdown; ``level`` is that of the first heading."""
    return "\n\n".join(part for block in blocks for part in _block(block, level)) + "\n"


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * level} {_text(block.title)}"
        about = [_code(block.code)] if block.code else []
        if block.badge is not None:
            about.append(f"**{_escaped(block.badge.text)}**")
        if about:
            yield " · ".join(about)
    elif isinstance(block, Facts):
        yield "\n".join(f"- **{_escaped(name)}**: {_text(value)}" for name, value in block.rows)
    elif isinstance(block, Table):
        if block.title:
            yield f"**{_escaped(block.title)}**"
        yield _table(block)
        if block.more:
            yield _escaped(block.more)
    elif isinstance(block, Section):
        yield f"{'#' * (level + 1)} {_escaped(block.title)}"
        for inner in block.blocks:
            yield from _block(inner, level + 1)
    else:
        yield _text(block.text)


def _table(block: Table) -> str:
    rows = [
        [_escaped(column.title) for column in block.columns],
        [_ALIGNED[column.align] for column in block.columns],
        *([_text(cell).replace("\n", "<br>") for cell in row] for row in block.rows),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _text(inline: Inline) -> str:
    return "".join([_span(span) for span in spans(inline)])


def _span(span: Span) -> str:
    if not span.text.strip():
        return span.text
    if span.tone == "code":
        text = _code(span.text)
    elif span.tone == "strong":
        text = f"**{_escaped(span.text)}**"
    else:
        text = _escaped(span.text)
    if span.href.startswith(("https://", "http://")):
        text = f"[{text}](<{span.href.replace('<', '%3C').replace('>', '%3E')}>)"
    return text


def _escaped(text: str) -> str:
    """Text in which nothing means anything to Markdown or HTML."""
    return _SPECIAL.sub(r"\\\g<0>", text).replace("&", "&amp;")


def _code(text: str) -> str:
    """Text as code: in marks longer than any inside, and with the bars of tables escaped."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    mark = "`" * (longest + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{blank}{text.replace('|', BAR)}{blank}{mark}"


BAR = "\\|"
