"""Blocks as HTML for notebooks: light and dark, no scripts, nothing from elsewhere, everything escaped."""

from __future__ import annotations

from html import escape

from ._display_blocks import Facts, Heading, Section, Table, plain, spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._display_blocks import Block, Inline, Span

__all__ = ["STYLE", "html"]

_LIGHT = "--mm-good:#18723a;--mm-bad:#c0262d;--mm-warn:#8a5a00;--mm-link:#0b5cc0"
_DARK = "--mm-good:#4cc26f;--mm-bad:#ff7b74;--mm-warn:#e0b040;--mm-link:#6cb2ff"

STYLE = f"""\
.modelmeta{{{_LIGHT};--mm-line:rgba(127,127,127,.35);--mm-soft:rgba(127,127,127,.11);color:inherit;
font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
max-width:62rem;margin:.5em 0;container-type:inline-size}}
@media(prefers-color-scheme:dark){{.modelmeta{{{_DARK}}}}}
[data-jp-theme-light=true] .modelmeta,
.vscode-light .modelmeta,[data-md-color-scheme=default] .modelmeta{{{_LIGHT}}}
[data-jp-theme-light=false] .modelmeta,
.vscode-dark .modelmeta,[data-md-color-scheme=slate] .modelmeta{{{_DARK}}}
.modelmeta header{{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2em .8em;
border-bottom:1px solid var(--mm-line);
padding:0 0 .35em;margin:0 0 .6em;overflow-wrap:anywhere}}
.modelmeta header b{{font-size:1.25em}}
.modelmeta.modelmeta.modelmeta code{{
font:.93em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
background:none;color:inherit;padding:0;border:0;white-space:inherit;overflow-wrap:inherit}}
.modelmeta .badge{{margin-left:auto;border:1px solid;
border-radius:1em;padding:0 .7em;font-size:.9em;white-space:nowrap}}
.modelmeta dl{{display:grid;
grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:.1em 1.5em;margin:.5em 0}}
.modelmeta dl div{{display:grid;grid-template-columns:8.5rem 1fr;gap:.5em}}
.modelmeta dl .long{{grid-column:1/-1}}
.modelmeta.modelmeta dt,.modelmeta.modelmeta dd{{float:none;clear:none;width:auto;display:block;margin:0;padding:0}}
.modelmeta.modelmeta dt{{font-weight:400;opacity:.68}}
.modelmeta.modelmeta dd{{overflow-wrap:anywhere}}
.modelmeta .scroll{{overflow-x:auto;margin:.7em 0}}
.modelmeta.modelmeta table{{border-collapse:collapse;border:0;font-size:1em;margin:0;table-layout:auto;width:auto}}
.modelmeta caption{{caption-side:top;text-align:left;font-weight:600;padding:0 0 .2em;color:inherit;white-space:nowrap}}
.modelmeta.modelmeta tbody tr{{background:none}}
.modelmeta.modelmeta tr>*{{text-align:left;vertical-align:top;padding:.18em 1.1em .18em 0;border:0;
border-bottom:1px solid var(--mm-line);white-space:normal;max-width:34rem;background:none;color:inherit}}
.modelmeta.modelmeta thead tr>*{{font-weight:600;white-space:nowrap;vertical-align:bottom}}
.modelmeta.modelmeta tbody th{{font-weight:400}}
.modelmeta.modelmeta tr>.n{{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}}
.modelmeta.modelmeta tr>.s{{white-space:nowrap}}
.modelmeta.modelmeta tr>.l{{min-width:13rem;overflow-wrap:anywhere}}
.modelmeta.modelmeta tbody tr.on{{background:var(--mm-soft)}}
.modelmeta.modelmeta tr.on>:first-child{{box-shadow:inset 3px 0 var(--mm-link);padding-left:.5em}}
@container(max-width:36rem){{.modelmeta .prose thead{{display:none}}
.modelmeta.modelmeta .prose tr{{display:flex;flex-wrap:wrap;border-bottom:1px solid var(--mm-line);padding:.25em 0}}
.modelmeta.modelmeta .prose tr>*{{border:0;padding:0 .8em 0 0}}
.modelmeta.modelmeta .prose tr>:empty{{display:none}}
.modelmeta.modelmeta .prose tr>.l{{flex-basis:100%;min-width:0;max-width:none}}}}
.modelmeta details{{margin:.35em 0;border-top:1px solid var(--mm-line);padding-top:.3em}}
.modelmeta summary{{cursor:pointer;font-weight:600}}
.modelmeta h4{{font-size:1em;font-weight:600;margin:.8em 0 .2em}}
.modelmeta p{{margin:.4em 0;overflow-wrap:anywhere}}
.modelmeta a{{color:var(--mm-link);text-decoration:none}}
.modelmeta a:hover{{text-decoration:underline}}
.modelmeta .dim{{opacity:.68}}.modelmeta .good{{color:var(--mm-good)}}.modelmeta .bad{{color:var(--mm-bad)}}
.modelmeta .warn{{color:var(--mm-warn)}}"""
"""Text takes the colour of the page around it, so that it is readable on any; only accents have their own.

The theme is that of the reader's system, unless the page says which it uses (JupyterLab, VS Code, these docs).
Where there is little room, the rows of a table with running text become paragraphs; other tables scroll.
"""

SHORT = 24
"""Words up to this long stay in one line of a table."""

SHORT_CODE = 40
"""So does an id or a path up to this long, since it has no blanks to be broken at."""

PROSE = 48
"""A cell with more words than this is running text."""

_TAGS = {"strong": "b", "code": "code"}
_CLASSES = ("dim", "good", "bad", "warn")
_FIGURE_SPACE = "\u2007"
_PUNCTUATION_SPACE = "\u2008"


def html(blocks: Iterable[Block]) -> str:
    """The blocks as one self-contained element."""
    return f'<div class="modelmeta"><style>{STYLE}</style>{"".join(map(_block, blocks))}</div>'


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        code = f"<code>{escape(block.code)}</code>" if block.code != block.title else ""
        badge = (
            "" if block.badge is None else f'<span class="badge {block.badge.tone}">{escape(block.badge.text)}</span>'
        )
        return f"<header><b>{_text(block.title)}</b>{code}{badge}</header>"
    if isinstance(block, Facts):
        return f"<dl>{''.join(_fact(name, value) for name, value in block.rows)}</dl>"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Section):
        inner = "".join(map(_block, block.blocks))
        if block.folded:
            return f"<details><summary>{_text(block.title)}</summary>{inner}</details>"
        return f"<h4>{_text(block.title)}</h4>{inner}"
    return f"<p>{_text(block.text)}</p>"


def _fact(name: str, value: Inline) -> str:
    long = ' class="long"' if len(plain(value)) > PROSE else ""
    return f"<div{long}><dt>{escape(name)}</dt><dd>{_text(value)}</dd></div>"


def _text(inline: Inline) -> str:
    return "".join([_span(span) for span in spans(inline)])


def _span(span: Span) -> str:
    text = escape(span.text).replace("\n", "<br>")
    if span.tone in _TAGS:
        text = f"<{_TAGS[span.tone]}>{text}</{_TAGS[span.tone]}>"
    elif span.tone in _CLASSES:
        text = f'<span class="{span.tone}">{text}</span>'
    if span.href.startswith(("https://", "http://")):
        text = f'<a href="{escape(span.href)}" rel="noopener noreferrer">{text}</a>'
    return text


def _table(block: Table) -> str:
    classes = ["" if column.align == "left" else ' class="n"' for column in block.columns]
    tails = [
        max((_tail(plain(row[number])) for row in block.rows), default=0) if column.align == "point" else 0
        for number, column in enumerate(block.columns)
    ]
    head = "".join(
        f'<th scope="col"{cls}>{escape(column.title)}</th>' for column, cls in zip(block.columns, classes, strict=True)
    )
    body = []
    for number, row in enumerate(block.rows):
        cells = [
            _cell("td" if place else "th", cls, cell, tail)
            for place, (cell, cls, tail) in enumerate(zip(row, classes, tails, strict=True))
        ]
        body.append(f"<tr{' class=on' if number in block.marked else ''}>{''.join(cells)}</tr>")
    caption = f"<caption>{_text(block.title)}</caption>" if block.title else ""
    more = f'<p class="dim">{_text(block.more)}</p>' if block.more else ""
    words = [plain(cell) for row in block.rows for cell in row]
    prose = " class=prose" if any(len(text) > PROSE and " " in text for text in words) else ""
    return (
        f'<div class="scroll"><table{prose}>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>{more}"
    )


def _cell(tag: str, cls: str, cell: Inline, tail: int) -> str:
    """A cell; what is short stays in one line, and a narrow page scrolls instead."""
    scope = " scope=row" if tag == "th" else ""
    words = plain(cell)
    most = SHORT if " " in words else SHORT_CODE
    by_length = ' class="s"' if len(words) <= most else ' class="l"'
    return f"<{tag}{scope}{cls or by_length}>{_text(cell)}{_padding(words, tail)}</{tag}>"


def _tail(number: str) -> int:
    digits = number.rstrip()
    return len(digits) - digits.index(".") if "." in digits else 0


def _padding(number: str, tail: int) -> str:
    """Blanks as wide as the digits that others have right of the point."""
    missing = tail - _tail(number)
    if not tail or not missing or not any(char.isdigit() for char in number):
        return ""
    return _PUNCTUATION_SPACE + _FIGURE_SPACE * (missing - 1) if missing == tail else _FIGURE_SPACE * missing
