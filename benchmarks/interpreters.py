"""A cold start of ours in other interpreters, each beside a process of its own that does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import cold_start
from benchmarks.cold_start import ALL, BASELINE, BY_SOURCE, LOOKUP, Case
from benchmarks.environments import BARE, OURS, UNCOMPILED
from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Options, Section, Table

INTRODUCTION = """\
The first lookup, and the first lookup, check and cost together, in each interpreter against a process of the same
interpreter that does nothing; in turns, as above. No ratio may be more than a fifth above what is aimed at."""

SHOWN = (LOOKUP, ALL, f"{LOOKUP}{BY_SOURCE}", f"{ALL}{BY_SOURCE}")
LIMITS = {LOOKUP: 3.5 * 1.2, ALL: 5.0 * 1.2}


def run(options: Options) -> Section:
    """Start it in every interpreter that the command line names."""
    rows: list[tuple[str, ...]] = []
    aims: list[Aim] = []
    for places in options.also:
        name = places.about()["python"]
        places.make((BARE, OURS, UNCOMPILED))
        cases, left_out = cold_start.prepare(Options(places, (OURS,), options.rounds))
        wanted = [case for case in cases if case.label in {BASELINE, *SHOWN}]
        cold_start.measure(options, wanted)
        found = {case.label: Summary.of(case.of_bare) for case in wanted}
        rows.append((name, *(found[label].text() if label in found else "-" for label in SHOWN), *left_out[:1]))
        aims += _aims(name, wanted)
    if not rows:
        return Section("Other interpreters", ("None was named: `python -m benchmarks --also PYTHON`.",))
    header = ("interpreter", *(label.removeprefix(f"{OURS}: ") for label in SHOWN))
    return Section("Other interpreters", (INTRODUCTION, Table(header, tuple(rows))), aims=tuple(aims))


def _aims(name: str, cases: list[Case]) -> Iterator[Aim]:
    for case in cases:
        if case.label in LIMITS:
            what = f"{name}: {case.label.removeprefix(f'{OURS}: ')}, against a bare process"
            yield Aim.at_most(what, Summary.of(case.of_bare), LIMITS[case.label], "x")
