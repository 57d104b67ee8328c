"""Medians, quartiles and plain tables."""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.environments import LIBRARIES


@dataclass(frozen=True)
class Summary:
    """Where half of the measurements lie, and how many there were."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Summary:
        """Of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0], 1)
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high, len(values))

    def text(self, scale: float = 1, digits: int = 1) -> str:
        """``median [quartile, quartile]``, each times ``scale``."""
        median, low, high = (f"{value * scale:,.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{median} [{low}, {high}]"


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they must be: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells[1:]]).rstrip())


def print_about(about: Mapping[str, str]) -> None:
    """One line that says what was measured on what."""
    machine, python, *libraries = about.items()
    print(f"{machine[1]}; {python[1]}; " + ", ".join(f"{name} {version}" for name, version in libraries) + "\n")


def write_json(path: Path, about: Mapping[str, str], results: Mapping[str, Mapping[str, Summary | float]]) -> None:
    """The same results for a program to read; times in seconds, memory in bytes."""
    cases = {
        label: {key: asdict(value) if isinstance(value, Summary) else value for key, value in result.items()}
        for label, result in results.items()
    }
    path.write_text(json.dumps({"about": dict(about), "cases": cases}, indent=1) + "\n", encoding="utf-8")


def parser(description: str, *, rounds: int) -> argparse.ArgumentParser:
    """The arguments that all benchmarks have."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--rounds", type=int, default=rounds, help="runs of each program (default: %(default)s)")
    made.add_argument("--only", nargs="+", choices=LIBRARIES, default=LIBRARIES, help="measure these libraries")
    made.add_argument("--environments", type=Path, help="make, or use as they are, the environments here")
    made.add_argument("--json", type=Path, help="also write the results to this file")
    return made
