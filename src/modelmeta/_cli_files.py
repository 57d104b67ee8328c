"""Read request bodies and usage logs: JSON, JSON Lines, CSV, Parquet; from a file or standard input."""

from __future__ import annotations

import csv
import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from typing import IO, TypeAlias

    Advance: TypeAlias = Callable[[int], object]

__all__ = ["FORMATS", "Entry", "format_of", "is_file", "loads", "read"]

FORMATS = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".log": "",
    ".txt": "",
}
"""How a file is read, by the end of its name; where that says nothing, its first line tells."""

STDIN = "-"


class Entry(NamedTuple):
    """One record of a file: the line (or row) on which it stands, and what it says or why it says nothing."""

    line: int
    value: Any
    problem: str = ""


def is_file(argument: str | None) -> bool:
    """Whether an argument that may be a model's id is a file instead: no id ends in these ways."""
    return argument == STDIN or (argument is not None and os.path.splitext(argument)[1].lower() in FORMATS)


def format_of(path: str, stated: str | None) -> str:
    """The format of a file: the one stated, else by its name; empty where its first line must tell."""
    if stated is not None:
        if stated not in {"json", "jsonl", "csv", "tsv", "parquet"}:
            raise UsageError(f"no format {stated!r}; it is one of json, jsonl, csv, tsv, parquet")
        return stated
    return FORMATS.get(os.path.splitext(path)[1].lower(), "")


def read(path: str, stated: str | None = None, *, progress: bool = True) -> Iterator[Entry]:
    """The records of a file, one by one; ``-`` is standard input."""
    kind = format_of(path, stated)
    if kind == "parquet":
        yield from _parquet(path)
        return
    name = "standard input" if path == STDIN else path
    size = None if path == STDIN else os.path.getsize(path)
    try:
        with _opened(path) as file, _bar(name, size, progress) as advance:
            yield from _text(file, kind, advance)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: this is not UTF-8 text: {error.reason} {error.object[error.start]:#04x}") from None
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None


@contextmanager
def _opened(path: str) -> Generator[IO[str]]:
    if path == STDIN:
        yield sys.stdin
    else:
        with open(path, "rb") as file:
            wide = file.read(2) in {b"\xff\xfe", b"\xfe\xff"}
        with open(path, encoding="utf-16" if wide else "utf-8", newline="") as file:
            yield file


def _text(file: IO[str], kind: str, advance: Advance) -> Iterator[Entry]:
    first = _first_line(file).removeprefix("\ufeff")
    if not first.strip():
        raise UsageError("there is nothing to read")
    kind = kind or _guessed(first)
    if kind == "json":
        yield from _json(first + file.read())
    elif kind == "jsonl":
        yield from _jsonl(_counted(file, advance, first))
    else:
        yield from _csv(_counted(file, advance, first), max(",\t;|", key=first.count))


def _first_line(file: IO[str]) -> str:
    """The first line that is not blank, with the blank ones before it, so that line numbers hold."""
    found = ""
    for line in file:
        found += line
        if line.strip():
            break
    return found


def _guessed(first: str) -> str:
    """What a first line tells: an object in one line is a line of many, anything else in braces one document."""
    text = first.strip()
    if text[0] not in "{[":
        return "csv"
    try:
        return "jsonl" if isinstance(loads(text), dict) else "json"
    except ValueError:
        return "json"


def _counted(file: Iterable[str], advance: Advance, first: str) -> Iterator[str]:
    for line in first.splitlines(keepends=True):
        yield line
    done = len(first)
    for line in file:
        yield line
        done += len(line)
        if done > 1 << 18:
            advance(done)
            done = 0
    advance(done)


def loads(text: str) -> Any:
    """JSON as its standard has it; raises ``ValueError`` for ``NaN`` and for what is nested without end, too."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _refuse(constant: str) -> object:
    raise ValueError(f"there is no {constant} in JSON")


def _json(text: str) -> Iterator[Entry]:
    try:
        value = loads(text)
    except ValueError as error:
        raise UsageError(f"this is not JSON: {error}") from None
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield _checked(number, item)
    else:
        yield _checked(1, value)


def _jsonl(lines: Iterable[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                value = loads(line)
            except ValueError as error:
                yield Entry(number, None, f"this is not JSON: {error}")
            else:
                yield _checked(number, value)


def _checked(number: int, value: object) -> Entry:
    if isinstance(value, dict):
        return Entry(number, value)
    return Entry(number, None, f"this is a {type(value).__name__}, not an object")


def _csv(lines: Iterable[str], delimiter: str) -> Iterator[Entry]:
    reader = csv.DictReader(lines, delimiter=delimiter)
    try:
        for row in reader:
            # What is beyond the header has no name, and what is missing or empty says nothing.
            yield Entry(
                reader.line_num, {name: value for name, value in row.items() if name and value not in (None, "")}
            )
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: this is not CSV: {error}") from None


def _parquet(path: str) -> Iterator[Entry]:
    try:
        from pyarrow import ArrowException, parquet  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        raise UsageError("to read Parquet, install pyarrow: pip install pyarrow") from None
    if path == STDIN:
        raise UsageError("Parquet cannot be read from standard input: give a file")
    try:
        with parquet.ParquetFile(path) as file, _bar(path, file.metadata.num_rows, True) as advance:
            number = 0
            for batch in file.iter_batches(batch_size=20_000):
                for row in batch.to_pylist():
                    number += 1
                    yield Entry(number, {name: value for name, value in row.items() if value is not None})
                advance(batch.num_rows)
    except ArrowException as error:
        raise UsageError(f"{path}: {error}") from None


@contextmanager
def _bar(name: str, size: int | None, wanted: bool) -> Generator[Advance]:
    """A progress bar on standard error, for people only and only where reading takes a while."""
    if not wanted or not sys.stderr.isatty() or (size is not None and size < 1 << 20):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = [
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    ]
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(os.path.basename(name), total=size)
        yield lambda count: progress.advance(task, count)
