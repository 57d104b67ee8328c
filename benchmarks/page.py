"""Sections as a page of Markdown with plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.environments import Environments
from benchmarks.libraries import LIBRARIES, Code
from benchmarks.sections import Bars, Lines, Section, Table

WORK = ("lookup", "cost", "check", "find")

INTRODUCTION = """\
# Benchmarks

Written by `make bench`; nothing here is typed by hand. Every library has a virtual environment of its own, made for
the run, with only that library in it. Programs take turns, one of each in a round, so that a machine that slows down
slows all of them; ratios are taken within a round. Numbers are medians, with the quartiles in brackets. Times depend
on the machine: compare ratios."""


def text(sections: Sequence[Section], places: Environments, only: Sequence[str]) -> str:
    """The page."""
    parts = [INTRODUCTION, _run(places)]
    aims = [aim for section in sections for aim in section.aims]
    if aims and places.folder is not None:  # a quick run measures nothing
        rows = tuple((aim.what, aim.limit, aim.measured, "yes" if aim.met else "**no**") for aim in aims)
        parts += ["## What was aimed at", _table(Table(("what", "aim", "measured", "reached"), rows))]
    parts += ["## What is compared", _compared(places, only)]
    for section in sections:
        parts += [f"## {section.title}", *map(_block, section.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def write(docs: Path, sections: Sequence[Section], places: Environments, only: Sequence[str]) -> None:
    """The page and its plots."""
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "benchmarks.md").write_text(text(sections, places, only), encoding="utf-8")
    plots = [block for section in sections for block in section.blocks if isinstance(block, Bars | Lines)]
    if plots:
        from benchmarks.drawing import draw

        for plot in plots:
            draw(plot, docs / _image(plot))


def _run(places: Environments) -> str:
    about = places.about()
    day = datetime.now(timezone.utc).date()
    return f"This run: {day}, {about['processor']}, {about['system']}, {about['python']}."


def _compared(places: Environments, only: Sequence[str]) -> str:
    """What each library is, brings along and can do."""
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for library in LIBRARIES:
        if library.name not in only:
            continue
        python = places.python(library.name)
        installed = places.installed(library.name)
        if python is None:
            notes.append(f"- {library.name}: {places.missing[library.name]}.")
            continue
        done = places.run(python, f"{library.count.setup}\nprint({library.count.call})")
        counted = f"{int(done.stdout.split()[-1]):,}" if done.returncode == 0 else "-"
        version, packages, size = installed or ("", 1, 0)
        rows.append(
            (
                f"{library.name} {version}".strip(),
                library.what,
                counted,
                str(packages),
                f"{size / 1e6:,.1f}" if installed else "-",
                *(
                    "yes" if isinstance(library.work(name), Code) else "no"
                    for name in ("lookup", "cost", "check", "find")
                ),
            )
        )
        reasons = {name: library.work(name) for name in WORK}
        cannot = [reason for reason in reasons.values() if isinstance(reason, str)]
        notes += [f"- {library.name}: {', '.join(cannot)}."] if cannot else []
    header = ("library", "what it is", "models", "packages installed", "MB", *WORK)
    return "\n\n".join((_table(Table(header, tuple(rows), words=2)), "\n".join(notes)))


def _block(block: str | Table | Bars | Lines) -> str:
    if isinstance(block, str):
        return block
    if isinstance(block, Table):
        return _table(block)
    return f"![{block.title}]({_image(block)})"


def _image(plot: Bars | Lines) -> str:
    return f"images/bench-{plot.name}.svg"


def _table(table: Table) -> str:
    def lines() -> Iterator[str]:
        yield _row(table.header)
        yield _row(["---" if column < table.words else "---:" for column in range(len(table.header))])
        yield from map(_row, table.rows)

    return "\n".join(lines()) if table.rows else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
