"""What a call costs in a process that has made it before, and what a bill of 100,000 rows costs in a plain loop."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from benchmarks.environments import OURS
from benchmarks.libraries import LIBRARIES, Code, Library, assignments
from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Bars, Options, Section, Table


class Item(NamedTuple):
    """A piece of work: its name on the page, and whose code does it for which model with which parameters."""

    title: str
    work: str
    model: str
    params: Mapping[str, object] = {}


THREE = {"temperature": 0.5, "top_p": 0.9, "max_tokens": 1000}
SIX = {**THREE, "n": 1, "frequency_penalty": 0, "presence_penalty": 0}
SIX_MISTRAL = {**THREE, "random_seed": 7, "frequency_penalty": 0, "presence_penalty": 0}
SIX_REASONING: dict[str, object] = {
    "max_completion_tokens": 1000,
    "reasoning_effort": "low",
    "seed": 7,
    "store": False,
    "service_tier": "auto",
    "stream": False,
}

LOOKUP = Item("lookup", "lookup", "openai/gpt-4.1-mini")
COST = Item("cost of 3 components", "cost", "openai/gpt-4.1-mini")
CHECK_THREE = Item("check of 3 parameters, gpt-4.1-mini", "check", "openai/gpt-4.1-mini", THREE)
CHECK_SIX = Item("check of 6 parameters, mistral-small", "check", "mistral/mistral-small-latest", SIX_MISTRAL)
CHECK = Item("check of 6 parameters, gpt-4.1-mini", "check", "openai/gpt-4.1-mini", SIX)
REASONING = Item("check of 6 parameters, gpt-5-mini", "check", "openai/gpt-5-mini", SIX_REASONING)
UNREAD = Item("cost of 3 components, the call alone", "cost", "openai/gpt-4.1-mini")
FIND = Item("find, 3 conditions", "find", "openai/gpt-4.1-mini")

ITEMS = (
    LOOKUP,
    COST,
    UNREAD,
    CHECK_THREE,
    CHECK_SIX,
    CHECK,
    REASONING,
    FIND,
)
PLOTTED = (LOOKUP.title, COST.title, CHECK_THREE.title, CHECK_SIX.title)
ONLY_OURS = (UNREAD, CHECK, REASONING)
"""Our costs are summed when they are read; and no peer knows these parameters of these models."""

BILL = "bill of 100,000 rows"
BILL_ROWS, BILL_ROWS_QUICK = 100_000, 1_000
BILL_MODELS = (
    *("openai/gpt-4.1-mini", "openai/gpt-4.1", "openai/gpt-4o", "openai/gpt-4o-mini"),
    *("openai/gpt-5", "openai/gpt-5-mini", "openai/o4-mini"),
)
"""Models that every library prices, and prices the same."""
COSTS = (800 * 0.40 + 200 * 0.10 + 100 * 1.60) / 1e6
"""What the request of ``COST`` costs in dollars (https://platform.openai.com/docs/models/gpt-4.1-mini)."""
ROUNDING = BILL_ROWS * 0.5e-8
"""Dollars; metergraph-core rounds each cost to eight places."""

BILL_LOOP = """
def bill(rows):
    total = 0
    for provider, ref, tokens, cached, written in rows:
        total += {call}
    return total

rows = [
    (*models[row % len(models)], 1000 + row % 977, row % 5 * 37, 100 + row % 89) for row in range({count})
]
"""

INTRODUCTION = f"""\
Calls in a process that has made them before: each library runs all of its calls in one process, and the processes take
turns. A lookup gives the record of a model; a cost is that of 1000 input tokens, 200 of them cached, and 100 output
tokens, summed; a check says whether the parameters are accepted; the find wants tool calling, 200,000 tokens of context
and at most $1 for 1M input tokens, which is a call of ours and a loop over the table of the others. The bill is a plain
loop that adds up costs over rows of {len(BILL_MODELS)} models in turn."""

WORKER = """
import json, sys
from time import perf_counter
from timeit import Timer
results = []
for setup, call, repeat in json.loads(sys.argv[1]):
    space = {}
    try:
        exec(setup, space)
        start = perf_counter()
        value = eval(call, space)
        first = perf_counter() - start
        timer, number = Timer(call, globals=space), 1
        while repeat and timer.timeit(number) < 0.02:
            number *= 2
        seconds = [taken / number for taken in timer.repeat(repeat, number)]
        answer = float(value) if hasattr(value, "__float__") else None
        results.append({"first": first, "seconds": seconds or [first], "answer": answer})
    except Exception as error:
        results.append({"error": f"{type(error).__name__}: {error}"[:60]})
print(json.dumps(results))
"""


@dataclass
class Measured:
    """One piece of work in one library."""

    seconds: list[float] = field(default_factory=list[float])
    of_ours: list[float] = field(default_factory=list[float])
    firsts: list[float] = field(default_factory=list[float])
    error: str = ""
    answer: float | None = None


def jobs(library: Library, *, bill: int) -> Iterator[tuple[str, list[str | int]]]:
    """What one process does: a title, and for the worker the setup, the expression and how often to repeat it."""
    for item in ITEMS:
        work = library.work(item.work)
        if isinstance(work, Code) and (library.name == OURS or item not in ONLY_OURS):
            call = work.call.removesuffix(".total") if item is UNREAD else work.call
            yield item.title, [f"{assignments(library, item.model, item.params)}\n{work.setup}", call, 3]
    if bill and isinstance(library.cost, Code):
        named = [tuple(name.split("/", 1)) for name in BILL_MODELS]
        models = [(provider, library.spell(provider, model)) for provider, model in named]
        loop = BILL_LOOP.format(call=library.cost.call, count=bill)
        yield BILL, [f"models = {models!r}\n{library.cost.setup}\n{loop}", "bill(rows)", 0]


def measure(options: Options) -> dict[tuple[str, str], Measured]:
    """A process for each library in turn, round after round; by title and library."""
    measured: dict[tuple[str, str], Measured] = {}
    libraries = [
        (library, python)
        for library in LIBRARIES
        if library.name in options.only and (python := options.places.python(library.name)) is not None
    ]
    for number in range(options.times(full=10, quick=1)):
        bill = 0 if number % 5 else BILL_ROWS_QUICK if options.quick else BILL_ROWS
        medians: dict[str, float] = {}
        for library, python in libraries:
            todo = dict(jobs(library, bill=bill))
            done = options.places.run(python, WORKER, json.dumps(list(todo.values())))
            done.check_returncode()
            results: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
            for title, result in zip(todo, results, strict=True):
                case = measured.setdefault((title, library.name), Measured())
                case.error = result.get("error", "")
                if case.error:
                    continue
                case.seconds += result["seconds"]
                case.firsts.append(result["first"])
                case.answer = result["answer"]
                median = Summary.of(result["seconds"]).median
                ours = medians.setdefault(title, median) if library.name == OURS else medians.get(title)
                if ours:
                    case.of_ours.append(median / ours)
    return measured


def aims(measured: Mapping[tuple[str, str], Measured]) -> Iterator[Aim]:
    """What a warm call must not cost."""
    for item, limit in ((LOOKUP, 250e-9), (CHECK, 6e-6), (REASONING, 6e-6), (UNREAD, 2e-6)):
        if seconds := measured.get((item.title, OURS), Measured()).seconds:
            yield Aim.at_most(item.title, Summary.of(seconds), limit, "µs", scale=1e6)
    if find := measured.get((FIND.title, OURS), Measured()).seconds:
        yield Aim.at_most(f"{FIND.title}: again", Summary.of(find), 1e-3, "ms", scale=1e3)
        yield Aim.at_most(
            f"{FIND.title}: the first time", Summary.of(measured[FIND.title, OURS].firsts), 5e-3, "ms", scale=1e3
        )


def wrong_answers(measured: Mapping[tuple[str, str], Measured]) -> Iterator[str]:
    """Costs and bills that are not what they must be, and calls of ours that failed."""
    ours = measured.get((BILL, OURS), Measured()).answer
    for (title, name), case in measured.items():
        if name == OURS and case.error:
            yield f"{title}: {case.error}"
        elif title == COST.title and case.answer and abs(case.answer - COSTS) > 1e-12:
            yield f"{title}: {case.answer} in {name}, {COSTS} by OpenAI's page"
        elif name == OURS and title.startswith("check") and case.answer != 1:
            yield f"{title}: the parameters were rejected"
        elif title == BILL and ours and case.answer and abs(case.answer - ours) > ROUNDING:
            yield f"{title}: {case.answer} in {name}, {ours} in {OURS}"


def run(options: Options) -> Section:
    """Measure warm calls."""
    measured = measure(options)
    rows: list[tuple[str, ...]] = []
    for title in [*(item.title for item in ITEMS), BILL]:
        for library in LIBRARIES:
            case = measured.get((title, library.name))
            if case is None:
                continue
            if case.error:
                rows.append((title, library.name, "-", case.error, ""))
                continue
            ratio = Summary.of(case.of_ours).text() if case.of_ours else "-"
            scale, unit = (1e6, "µs") if Summary.of(case.seconds).median < 1e-3 else (1e3, "ms")
            taken = f"{Summary.of(case.seconds).text(scale)} {unit}"
            rows.append((title, library.name, ratio, taken, str(len(case.seconds))))
    bars = {
        f"{title}: {name}": Summary.of([seconds * 1e6 for seconds in case.seconds])
        for (title, name), case in measured.items()
        if case.seconds and title in PLOTTED
    }
    return Section(
        "Warm calls",
        (
            INTRODUCTION,
            Bars("warm", "A warm call", "µs", dict(sorted(bars.items()))),
            Table(("call", "library", f"x {OURS}", "time", "samples"), tuple(rows), words=2),
        ),
        wrong=tuple(wrong_answers(measured)),
        aims=tuple(aims(measured)),
    )
