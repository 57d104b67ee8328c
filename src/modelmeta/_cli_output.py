"""What the command line writes: blocks in colour or plain, JSON, errors, and nothing after the reader has left."""

from __future__ import annotations

import json
import os
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import typer

from ._display_blocks import plain
from ._display_text import lines, text
from ._record import to_json
from .errors import ModelMetaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console
    from rich.text import Text

    from ._display_blocks import Block, Span

P = ParamSpec("P")
R = TypeVar("R")

__all__ = [
    "CAME_WRONG",
    "FINDINGS",
    "as_json",
    "command",
    "fail",
    "note",
    "record_json",
    "write",
    "write_json",
    "write_line",
]

FINDINGS = 1
"""The exit code when something was looked for and found: errors in a request, retired ids, rows without a price."""

CAME_WRONG = 2
"""The exit code when the question could not be answered: an unknown model, a file that cannot be read."""

LEFT = 141
"""The exit code when the reader has closed the pipe: that of a program which a SIGPIPE ended."""

PIPE_WIDTH = 100
"""How wide text is for a file or a pipe, unless COLUMNS says otherwise."""

UNBROKEN = 100_000

STYLES = {
    "strong": "bold",
    "dim": "dim",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "code": "cyan",
}

_PLAIN = str.maketrans({"✓": "+", "✗": "x", "≠": "*", "·": "|", "…": "...", "→": "->"})
"""What stands for a sign that the terminal's encoding does not have."""


def write(blocks: Iterable[Block], *, lists: bool = False) -> None:
    """Blocks to standard output: in colour on a terminal that wants it, as wide as it is.

    ``lists`` are not broken for a pipe or a file: what reads them there wants a line for each record.
    """
    console = _console()
    if console is None:
        _out(text(blocks, _pipe_width(UNBROKEN if lists else PIPE_WIDTH)) + "\n")
        return
    for line in lines(blocks, console.width):
        console.print(_styled(line), soft_wrap=True)


def write_line(line: Iterable[Span]) -> None:
    """One line that is not broken however narrow the terminal is: what other programs read."""
    console = _console()
    if console is None:
        _out("".join(span.text for span in line) + "\n")
    else:
        console.print(_styled(line), soft_wrap=True)


def _console() -> Console | None:
    """A console for colours; ``None`` where plain text is wanted."""
    if os.environ.get("NO_COLOR") or not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        return None if not sys.stdout.isatty() else _rich(no_color=True)
    return _rich()


def _rich(*, no_color: bool | None = None) -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False, no_color=no_color)


def _styled(line: Iterable[Any]) -> Text:
    from rich.style import Style
    from rich.text import Text

    shown = Text()
    for span in line:
        style = Style.parse(STYLES.get(span.tone, "none"))
        if span.href.startswith(("https://", "http://")):
            style += Style(link=span.href)
        shown.append(_encodable(span.text), style)
    return shown


def _pipe_width(wanted: int) -> int:
    try:
        return max(int(os.environ["COLUMNS"]), 20)
    except (KeyError, ValueError):
        return wanted


def _encodable(shown: str) -> str:
    """Text that the output's encoding can hold."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        shown.encode(encoding)
    except UnicodeEncodeError:
        return shown.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return shown


def _out(shown: str) -> None:
    sys.stdout.write(_encodable(shown))


def note(message: str) -> None:
    """A line for the person at the terminal: to standard error, out of the way of what is piped on."""
    sys.stderr.write(f"{plain(message)}\n")


# JSON ---------------------------------------------------------------------------------------------------


def as_json(value: Any) -> Any:
    """Records, and lists and mappings of them, as JSON: exact amounts and dates are strings."""
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return to_json(value)


def record_json(record: Any) -> Any:
    """A record as JSON and, of what has a lifecycle, its status today."""
    status = getattr(record, "status", None)
    return as_json(record) if status is None else {**as_json(record), "status": status}


def write_json(value: Any) -> None:
    """JSON to standard output."""
    _out(json.dumps(as_json(value), indent=2, ensure_ascii=False, default=str) + "\n")


# Errors -------------------------------------------------------------------------------------------------


def fail(message: str, *, details: dict[str, Any] | None = None, json_output: bool = False) -> NoReturn:
    """End with an error: words to standard error, and with ``--json`` an object to standard output."""
    if json_output:
        write_json({"error": {**(details or {"type": "Error"}), "message": message}})
    note(f"modelmeta: {message}")
    raise typer.Exit(CAME_WRONG)


def command(function: Callable[P, R]) -> Callable[P, R]:
    """A command whose errors are words, not tracebacks."""

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        wants_json = bool(kwargs.get("as_json_", False))
        try:
            return function(*args, **kwargs)
        except BrokenPipeError:
            leave()
        except ModelMetaError as error:
            details: dict[str, Any] = {"type": type(error).__name__}
            for name in ("reference", "suggestions", "choices", "components"):
                if getattr(error, name, None):
                    details[name] = getattr(error, name)
            fail(str(error), details=details, json_output=wants_json)
        except (OSError, UnicodeDecodeError) as error:
            fail(_said(error), details={"type": type(error).__name__}, json_output=wants_json)

    return checked


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def leave() -> NoReturn:
    """End quietly when nobody reads on."""
    # What is still buffered cannot be written any more; give it somewhere to go, or Python complains at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(LEFT)
