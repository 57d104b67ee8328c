"""All benchmarks in one run: ``python -m benchmarks`` writes docs/benchmarks.md, ``--quick`` is a smoke test."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from benchmarks import page
from benchmarks.environments import BARE, Environments, environments
from benchmarks.libraries import NAMES
from benchmarks.sections import Options, Section

MODULES = ("cold_start", "warm", "answers", "frames", "growth", "interpreters", "threads", "overlay")
"""What is run, in the order of the page. Each has a function ``run`` from ``Options`` to a ``Section``."""


def present() -> tuple[str, ...]:
    """The modules that are there."""
    return tuple(name for name in MODULES if find_spec(f"benchmarks.{name}"))


def measure(names: tuple[str, ...], options: Options) -> list[Section]:
    """The sections, one after the other."""
    sections: list[Section] = []
    for name in names:
        start = perf_counter()
        sections.append(import_module(f"benchmarks.{name}").run(options))
        print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return sections


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to run: {', '.join(present())} (default: all)")
    parser.add_argument("--quick", action="store_true", help="a smoke test: few rounds, no peers, nothing written")
    parser.add_argument("--rounds", type=int, help="rounds of everything (default: as many as each needs)")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, help="these libraries")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that everything is measured in")
    parser.add_argument("--also", nargs="+", default=(), metavar="PYTHON", help="other interpreters to start ours in")
    parser.add_argument("--environments", type=Path, help="make, or use as they are, the environments here")
    parser.add_argument("--write", type=Path, metavar="DOCS", help="write benchmarks.md and images/ into this folder")
    parsed = parser.parse_args()
    if unknown := set(parsed.names) - set(present()):
        parser.error(f"no benchmark is called {min(unknown)!r}; there are {', '.join(present())}")
    return parsed


def main() -> int:
    """Run, print the page or write it; 1 when an answer was wrong."""
    parsed = arguments()
    names = tuple(parsed.names) or present()
    only = tuple(parsed.only)
    if parsed.quick:
        places = Environments(None)
        sections = measure(names, Options(places, only, parsed.rounds, quick=True))
        print(page.text(sections, places, only))
    else:
        with environments(parsed.environments, parsed.python) as places:
            places.make((BARE, *only))
            also = tuple(places.beside(python) for python in parsed.also)
            sections = measure(names, Options(places, only, parsed.rounds, also=also))
            if parsed.write:
                page.write(parsed.write, sections, places, only)
            else:
                print(page.text(sections, places, only))
    wrong = [line for section in sections for line in section.wrong]
    for line in wrong:
        print(f"WRONG: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
