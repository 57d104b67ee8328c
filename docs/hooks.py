"""What the pages of the documentation take from the package itself: a model's page, and the help of each command."""

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
    if "<!-- commands -->" in markdown:
        markdown = markdown.replace("<!-- commands -->", commands())
    return markdown


def commands() -> str:
    """The help of every command, as Markdown."""
    arguments = [sys.executable, "-m", "typer", "modelmeta.cli", "utils", "docs", "--name", "modelmeta"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)  # noqa: S603
    text = html.unescape(done.stdout)
    return text[text.index("\n## ") :]
