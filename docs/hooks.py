"""What the pages of the documentation take from the package itself: a model's page, commands, counts."""

from __future__ import annotations

import html
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

MODEL = "gpt-4.1-mini"


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add the page of a model, as ``to_markdown`` writes it."""
    from modelmeta import to_markdown

    title, _blank, rest = to_markdown(MODEL).partition("\n")
    intro = (
        f'!!! note "What this is"\n    The page that `to_markdown({MODEL!r})` and '
        f"`modelmeta show {MODEL} --format markdown` write, made when this documentation was built. "
        "There is one like it for every model.\n\n"
    )
    files.append(File.generated(config, f"{MODEL}.md", content=f"{title}\n\n{intro}{rest}"))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what is generated where a page asks for it."""
    for marker, make in (("<!-- commands -->", commands), ("<!-- counts -->", counts)):
        if marker in markdown:
            markdown = markdown.replace(marker, make())
    return markdown


def counts() -> str:
    """Every usage count, the price that pays it, and the units in which that may be stated."""
    from modelmeta.components import CONTINUOUS, COUNTS, UNITS

    rows = ["| count | counts | price | whole |", "| --- | --- | --- | --- |"]
    for count, (component, counted) in COUNTS.items():
        units = ", ".join(unit for unit, holds in UNITS.items() if counted in holds)
        rows.append(f"| `{count}` | {counted} | `{component}`, per {units} | {'' if count in CONTINUOUS else '✓'} |")
    return "\n".join(rows)


def commands() -> str:
    """The help of every command, as Markdown."""
    arguments = [sys.executable, "-m", "typer", "modelmeta.cli", "utils", "docs", "--name", "modelmeta"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)  # noqa: S603  (our own command)
    text = html.unescape(done.stdout)
    return text[text.index("\n## ") :]
