"""What two threads get done beside one: on an interpreter without the global lock, nearly twice as much."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Options, Section, Table

INTRODUCTION = """\
How much more two threads do than one in the same time. Under the global lock they take turns. Without it 2 is all that
there can be; two threads that ask for the same model wait for each other to count who refers to it."""

PROGRAM = """
import json, sys, threading
from time import perf_counter
from modelmeta import check_parameters, compute_cost, get_model

COUNT = int(sys.argv[1])
MODELS = ["gpt-4.1-mini", "claude-sonnet-4-5"]
CALLS = {
    "lookup": get_model,
    "cost": lambda model: compute_cost(model, input_tokens=1000, output_tokens=100),
    "check": lambda model: check_parameters(model, {"temperature": 0.5, "max_tokens": 100}),
}

def work(call, model, count, barrier):
    barrier.wait()
    for _ in range(count):
        call(model)

def spent(call, models, count):
    barrier = threading.Barrier(len(models) + 1)
    started = [threading.Thread(target=work, args=(call, model, count, barrier)) for model in models]
    for thread in started:
        thread.start()
    barrier.wait()
    start = perf_counter()
    for thread in started:
        thread.join()
    return perf_counter() - start

locked = getattr(sys, "_is_gil_enabled", lambda: True)()
found = {}
for label, call in CALLS.items():
    for model in MODELS:
        call(model)
    count = COUNT if label == "lookup" else COUNT // 10
    for kind, models in (("of the same model", MODELS[:1] * 2), ("of different models", MODELS)):
        found[f"{label} {kind}"] = [
            sum(spent(call, [model], count) for model in models) / spent(call, models, count) for _ in range(5)
        ]
print(json.dumps({"locked": locked, "found": found}))
"""


def run(options: Options) -> Section:
    """Each thread does the same work; how much more two do than one in the same time."""
    blocks: list[str | Table] = [INTRODUCTION]
    aims: list[Aim] = []
    wrong: list[str] = []
    for places in (options.places, *options.also):
        python = places.python("modelmeta") or Path(sys.executable)
        name = places.about()["python"]
        done = places.run(python, PROGRAM, "2000" if options.quick else "400000")
        if done.returncode:
            wrong.append(f"threads in {name}: {done.stderr.strip()[-200:]}")
            continue
        answer = json.loads(done.stdout)
        if answer["locked"] and places is not options.places:
            continue
        found = {label: Summary.of(ratios) for label, ratios in answer["found"].items()}
        rows = tuple((label, ratio.text(digits=2)) for label, ratio in found.items())
        kind = "has the global lock" if answer["locked"] else "has no global lock"
        blocks += [f"{name} {kind}.", Table(("call", "two threads / one"), rows)]
        if not answer["locked"]:
            lookup = found["lookup of different models"]
            aims.append(Aim.at_least(f"{name}: lookups by two threads, against one", lookup, 1.8, "x"))
    return Section("Threads", tuple(blocks), tuple(wrong), tuple(aims))
