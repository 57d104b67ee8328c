"""Records for people: HTML for notebooks, aligned text for terminals, Markdown for pages.

A notebook shows a record by itself, and ``print()`` writes it as text; these functions are for everything else.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._display_blocks import Block
    from .records import Model

__all__ = ["to_html", "to_markdown", "to_text"]

WIDTH = 100
"""How wide text is that goes to no terminal in particular."""

MOST_ROWS = 60
"""A list shows this many of its records; ``to_html`` and ``to_text`` with ``limit=None`` show all."""


def to_html(value: object, *, limit: int | None = MOST_ROWS) -> str:
    """A record, or a list of records, as an HTML fragment with its own style.

    It is light or dark as the reader's system or the page around it is, needs no scripts and loads nothing.
    Everything that comes from data is escaped. ``limit`` is the most rows of a list.

    >>> from modelmeta import get_model
    >>> to_html(get_model("gpt-4.1-mini")).startswith('<div class="modelmeta">')
    True
    """
    from ._display_html import html

    return html(_blocks(value, "html", limit))


def to_text(value: object, *, width: int = WIDTH, limit: int | None = MOST_ROWS) -> str:
    """A record, or a list of records, as aligned text; what ``print()`` writes.

    ``width`` is in columns of a terminal: lines are wrapped to it, and tables that do not fit are stacked.

    >>> from modelmeta import list_snapshots
    >>> print(to_text(list_snapshots("gpt-4.1-mini"), width=80))
    snapshot                 status      released  deprecated  retires
    gpt-4.1-mini-2025-04-14  deprecated  -         2026-10-14  2027-01-14
    """
    from ._display_text import text

    return text(_blocks(value, "text", limit), width)


def to_markdown(ref: str | Model | object, *, provider: str | None = None, level: int = 1) -> str:
    """A model as one Markdown page with all that is known of it and its sources; or another record as Markdown.

    ``ref`` is a reference to a model, as ``get_model`` takes it, or a record. ``level`` is that of the page's heading.
    Raises what ``get_model`` raises.

    >>> page = to_markdown("gpt-4.1-mini")
    >>> page.splitlines()[0], "## Rate limits" in page, "## Sources" in page
    ('# GPT-4.1 mini', True, True)
    """
    from ._display_markdown import markdown

    if isinstance(ref, str):
        from .active import get_model

        ref = get_model(ref, provider=provider)
    return markdown(_blocks(ref, "markdown", None), level)


def as_html(record: object) -> str | None:
    """What a notebook shows of a record; ``None`` where its ``repr`` says it all."""
    from ._display_views import has_view

    return to_html(record) if has_view(record) else None


def as_text(record: object) -> str:
    """What ``str()`` of a record is: its text, or its ``repr`` where that says it all."""
    from ._display_views import has_view

    return to_text(record) if has_view(record) else repr(record)


def _blocks(value: object, form: str, limit: int | None) -> tuple[Block, ...]:
    from ._display_lists import list_blocks
    from ._display_views import blocks_of, has_view

    if has_view(value):
        return blocks_of(value, form)
    if isinstance(value, (tuple, list)):
        return list_blocks(value, limit)
    from ._record import Record

    if isinstance(value, Record):
        return list_blocks((value,), limit)
    raise TypeError(f"there is no view of a {type(value).__name__}; give a record of modelmeta or a list of them")
