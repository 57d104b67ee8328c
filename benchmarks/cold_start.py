"""What a fresh process pays for its first answer, in time and memory, beside a process that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.environments import BARE, OURS, UNCOMPILED, Environments
from benchmarks.libraries import LIBRARIES, Code, assignments
from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Bars, Options, Section, Table

MODEL = "openai/gpt-4.1-mini"
PARAMETERS = {"temperature": 0.5, "top_p": 0.9, "max_tokens": 1000}

BASELINE = "python -c pass"
LOOKUP = f"{OURS}: first lookup"
ALL = f"{OURS}: first lookup, check and cost"
BY_SOURCE = ", without .pyc files"
FIRSTS = {"lookup": "first lookup", "cost": "first price", "check": "first check"}

INTRODUCTION = """\
Whole processes, from start to end: what a function that is started for one request pays. A *first price* is an import
and the cost of one request with three components; a *first lookup* an import and one model's record; a *first check*
an import and the check of three parameters."""

PEAK = """
try:
    with open("/proc/self/status") as status:
        print([int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")][0])
except OSError:
    import resource, sys
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""
"""Prints the largest resident memory of the process. Not ``ru_maxrss`` on Linux, which a child inherits."""

LIMITS = {LOOKUP: 3.5, ALL: 5.0, f"{LOOKUP}{BY_SOURCE}": 3.5 * 1.2, f"{ALL}{BY_SOURCE}": 5.0 * 1.2}
"""How many times a bare process a start may take; where nothing is compiled, a fifth more."""

SLOW = 0.5
"""Seconds; a program that takes longer runs in every fourth round only."""


@dataclass
class Case:
    """A program, where it runs, and what was measured."""

    label: str
    python: Path
    code: str
    slow: bool
    seconds: list[float] = field(default_factory=list[float])
    of_bare: list[float] = field(default_factory=list[float])
    of_ours: list[float] = field(default_factory=list[float])
    peaks: list[float] = field(default_factory=list[float])

    def time(self, places: Environments) -> float:
        """Seconds from the start of one process to its end."""
        start = perf_counter()
        places.run(self.python, self.code)
        return perf_counter() - start


def programs(only: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What is run: a label, the environment, the code."""
    yield BASELINE, BARE, "pass"
    yield "import json, dataclasses", BARE, "import json, dataclasses"
    for library in LIBRARIES:
        if library.name not in only:
            continue
        variables = assignments(library, MODEL, PARAMETERS)
        whole: list[str] = []
        for name, label in FIRSTS.items():
            work = library.work(name)
            if isinstance(work, Code):
                code = f"{variables}\n{work.setup}\n{work.call}"
                whole.append(code)
                yield f"{library.name}: {label}", library.name, code
        if library.name == OURS:
            yield ALL, OURS, "\n".join(whole)
            yield f"{LOOKUP}{BY_SOURCE}", UNCOMPILED, whole[0]
            yield f"{ALL}{BY_SOURCE}", UNCOMPILED, "\n".join(whole)


def prepare(options: Options) -> tuple[list[Case], list[str]]:
    """The programs that run here, each run once already, and what was left out and why."""
    cases: list[Case] = []
    left_out: list[str] = []
    for label, place, code in programs(options.only):
        python = options.places.python(place)
        if python is None:
            continue
        start = perf_counter()
        if why := options.places.why_not(python, code):
            left_out.append(f"{label}: {why}")
            continue
        case = Case(label, python, code, slow=perf_counter() - start > SLOW)
        cases.append(case)
    return cases, left_out


def measure(options: Options, cases: list[Case]) -> None:
    """All programs in turn, round after round; then their memory."""
    rounds = options.times(full=20, quick=1)
    for number in range(rounds):
        taken = {case.label: case.time(options.places) for case in cases if number % 4 == 0 or not case.slow}
        for case in cases:
            if (seconds := taken.get(case.label)) is not None:
                case.seconds.append(seconds)
                case.of_bare.append(seconds / taken[BASELINE])
                if LOOKUP in taken:
                    case.of_ours.append(seconds / taken[LOOKUP])
    for number in range(min(rounds, 3)):
        for case in cases:
            if number and case.slow:
                continue
            done = options.places.run(case.python, case.code + "\n" + PEAK)
            if done.returncode == 0:
                case.peaks.append(int(done.stdout.split()[-1]))


def aims(cases: dict[str, Case]) -> Iterator[Aim]:
    """What a cold start must not cost."""
    for label, limit in LIMITS.items():
        if label in cases:
            yield Aim.at_most(f"{label}, against a bare process", Summary.of(cases[label].of_bare), limit, "x")
    for label, limit in (("genai-prices: first price", 6.5), ("litellm: first price", 80.0)):
        if label in cases and cases[label].of_ours:
            yield Aim.at_least(f"{label}, against our first lookup", Summary.of(cases[label].of_ours), limit, "x")
    if LOOKUP in cases and cases[LOOKUP].peaks:
        yield Aim.at_most(f"{LOOKUP}: peak memory", Summary.of(cases[LOOKUP].peaks), 16e6, "MB", scale=1e-6)


def run(options: Options) -> Section:
    """Measure whole processes."""
    cases, left_out = prepare(options)
    measure(options, cases)
    rows = [
        (
            case.label,
            Summary.of(case.of_bare).text(),
            Summary.of(case.of_ours).text() if case.of_ours else "-",
            Summary.of(case.seconds).text(1000),
            f"{Summary.of(case.peaks).median / 1e6:.1f}" if case.peaks else "-",
            str(len(case.seconds)),
        )
        for case in cases
    ]
    wrong = tuple(left_out) if options.quick else ()
    missing = "".join(f"\n- {line}" for line in left_out)
    return Section(
        "A cold start",
        (
            INTRODUCTION + (f"\n\nThese did not run:\n{missing}" if missing else ""),
            Bars(
                "cold-start",
                "A fresh process to its first answer",
                "times a process that does nothing",
                {case.label: Summary.of(case.of_bare) for case in cases},
            ),
            Table(("a fresh process", "x bare", "x our first lookup", "ms", "peak MB", "runs"), tuple(rows)),
        ),
        wrong=wrong,
        aims=tuple(aims({case.label: case for case in cases})),
    )
