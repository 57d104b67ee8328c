"""What two threads get done beside one: on an interpreter without the global lock, nearly twice as much."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Options, Section, Table

PROGRAM = """
import json, sys, threading
from time import perf_counter
from modelmeta import check_parameters, compute_cost, get_model

COUNT = int(sys.argv[1])
CALLS = {
    "lookup": lambda: get_model("gpt-4.1-mini"),
    "cost": lambda: compute_cost("gpt-4.1-mini", input_tokens=1000, output_tokens=100),
    "check": lambda: check_parameters("gpt-4.1-mini", {"temperature": 0.5, "max_tokens": 100}),
}

def work(call, count, barrier):
    barrier.wait()
    for _ in range(count):
        call()

def spent(call, threads, count):
    barrier = threading.Barrier(threads + 1)
    started = [threading.Thread(target=work, args=(call, count, barrier)) for _ in range(threads)]
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
    call()
    count = COUNT if label == "lookup" else COUNT // 10
    found[label] = [2 * spent(call, 1, count) / spent(call, 2, count) for _ in range(3)]
print(json.dumps({"locked": locked, "found": found}))
"""


def run(options: Options) -> Section:
    """Each thread does the same work; how much more two do than one in the same time."""
    python = options.places.python("modelmeta") or Path(sys.executable)
    done = options.places.run(python, PROGRAM, "2000" if options.quick else "400000")
    if done.returncode:
        return Section("Threads", ("It did not run.",), (f"threads: {done.stderr.strip()[-200:]}",))
    answer = json.loads(done.stdout)
    locked: bool = answer["locked"]
    found = {label: Summary.of(ratios) for label, ratios in answer["found"].items()}
    kind = "has the global lock, under which two threads take turns" if locked else "has no global lock"
    aims = () if locked else (Aim.at_least("lookups of two threads, against one", found["lookup"], 1.7, "x"),)
    rows = tuple((label, ratio.text(digits=2)) for label, ratio in found.items())
    return Section("Threads", (f"This interpreter {kind}.", Table(("call", "two threads / one"), rows)), aims=aims)
