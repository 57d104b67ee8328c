"""What a call costs as the dataset grows: the bundled one, and synthetic ones ten and a hundred times as large."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Lines, Options, Section, Table
from benchmarks.synthetic import generate

TIMES = (1, 10, 100)
TIMES_QUICK = (1, 2)
PROVIDERS_QUICK = ("anthropic", "openai")

PROGRAM = """
import json, sys
from time import perf_counter

def measured(call, least=0.002):
    count = 1
    while True:
        start = perf_counter()
        for _ in range(count):
            call()
        spent = perf_counter() - start
        if spent >= least:
            return spent / count
        count *= 4

found = {}
def first(label, call):
    start = perf_counter()
    answer = call()
    found["first " + label] = perf_counter() - start
    return answer

def peak():
    try:
        with open("/proc/self/status") as status:
            return [int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")][0]
    except OSError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

def opened():
    from modelmeta.catalog import Catalog
    from modelmeta.storage import open_storage
    global catalog
    catalog = Catalog(open_storage(sys.argv[1]))
    return catalog.get_model("gpt-4.1-mini")

assert first("lookup", opened).limits.context_window == 1047576
found["memory after a lookup"] = peak()
from modelmeta import check_parameters, compute_cost, find_models, get_model, list_models, use_catalog
use_catalog(catalog)
calls = {
    "lookup": lambda: get_model("gpt-4.1-mini"),
    "check": lambda: check_parameters("gpt-4.1-mini", {"temperature": 0.5, "max_tokens": 100}),
    "cost": lambda: compute_cost("gpt-4.1-mini", input_tokens=1000, cached_input_tokens=200, output_tokens=100),
    "list of a provider": lambda: list_models(provider="anthropic"),
    "find, 3 conditions": lambda: find_models(
        requires=["tool_calling"], min_context=200_000, max_input_price="1", sort_by="input_price", limit=20
    ),
}
for label, call in calls.items():
    if label != "lookup":
        first(label, call)
    if label == "cost":
        found["memory after a check and a cost"] = peak()
for label, call in calls.items():
    found[label] = measured(call)
found["memory after all"] = peak()
print(json.dumps(found))
"""

LABELS = (
    *("first lookup", "first check", "first cost", "first list of a provider", "first find, 3 conditions"),
    *("lookup", "check", "cost", "list of a provider", "find, 3 conditions"),
)
MEMORY = ("memory after a lookup", "memory after a check and a cost", "memory after all")
PLOTTED = ("first lookup", "lookup", "check", "cost", "list of a provider", "find, 3 conditions")

Found = dict[str, dict[int, list[float]]]
"""What was measured, at each size, in each round."""


def run(options: Options) -> Section:
    """Measure at every size in turn, round after round, each time in a fresh process."""
    sizes = TIMES_QUICK if options.quick else TIMES
    python = options.places.python("modelmeta")
    few = PROVIDERS_QUICK if options.quick else ()
    wrong: list[str] = []
    found: Found = {label: {times: [] for times in sizes} for label in (*LABELS, *MEMORY)}
    with tempfile.TemporaryDirectory(prefix="modelmeta-growth-") as made:
        folders = {times: generate(Path(made, f"{times}"), times, few) for times in sizes}
        for number in range(options.times(12, quick=1) + 1):
            for times, folder in folders.items():
                done = options.places.run(python or Path(sys.executable), PROGRAM, str(folder))
                if done.returncode:
                    wrong.append(f"growth at {times} times the data: {done.stderr.strip()[-200:]}")
                elif number or options.quick:  # the first round only warms the disk's cache
                    for label, value in json.loads(done.stdout).items():
                        found[label][times].append(value)
    if wrong:
        return Section("Growth", ("A dataset could not be measured.",), tuple(sorted(set(wrong))))
    return Section("Growth", blocks(found), aims=tuple(aims(found)))


def blocks(found: Mapping[str, Mapping[int, list[float]]]) -> tuple[str | Table | Lines, ...]:
    """The paragraph, the table and the plot."""
    sizes = [*found["lookup"]]
    header = ("call", *(f"{times} x the data, µs" for times in sizes), f"{sizes[-1]} x / 1 x")
    rows = [
        (label, *(Summary.of(found[label][times]).text(1e6) for times in sizes), _growth(found, label).text(digits=2))
        for label in LABELS
    ]
    memory = [(label, *(f"{Summary.of(found[label][times]).median / 1e6:.1f}" for times in sizes)) for label in MEMORY]
    return (
        (
            "The bundled models, and copies of them under names of their own. Every call is made in a process that "
            "begins with the lookup; a first lookup includes opening the dataset and importing the library. A search "
            "over all models looks at all models: it grows with them, and nothing else should."
        ),
        Table(header, tuple(rows)),
        Table(("peak memory, MB", *(f"{times} x" for times in sizes)), tuple(memory)),
        Lines(
            "growth",
            "What a call costs as the dataset grows",
            ("times the bundled dataset", "microseconds"),
            {
                label: tuple((times, Summary.of(found[label][times]).median * 1e6) for times in sizes)
                for label in PLOTTED
            },
        ),
    )


def _growth(found: Mapping[str, Mapping[int, list[float]]], label: str) -> Summary:
    """How many times as long it takes at the largest size, round by round."""
    first, *_, last = found[label].values()
    return Summary.of([large / small for small, large in zip(first, last, strict=True)])


def aims(found: Mapping[str, Mapping[int, list[float]]]) -> list[Aim]:
    """What is asked of growth: a first lookup at most half as much again, and warm calls the same."""
    largest = [*found["lookup"]][-1]
    asked = {"first lookup": 1.5, "lookup": 1.2, "check": 1.2, "cost": 1.2, "list of a provider": 1.2}
    return [
        Aim.at_most(f"{label} at {largest} times the data, against today's", _growth(found, label), limit, "x")
        for label, limit in asked.items()
    ]
