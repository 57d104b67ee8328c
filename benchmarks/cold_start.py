"""What a fresh process pays for its first answer, in time and memory, beside a process that does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.environments import BARE, Environments, environments
from benchmarks.reporting import Summary, parser, print_about, print_table, write_json

LOOKUP = "from modelmeta import get_model; get_model('gpt-4.1-mini')"
COST = "from modelmeta import compute_cost; compute_cost('gpt-4.1-mini', input_tokens=1000, output_tokens=100)"
CHECK = "from modelmeta import check_parameters; check_parameters('gpt-4.1-mini', {'temperature': 1})"
GENAI_PRICES = (
    "from genai_prices import Usage, calc_price;"
    "calc_price(Usage(input_tokens=1000, output_tokens=100), model_ref='gpt-4.1-mini', provider_id='openai')"
)
LITELLM = (
    "from litellm import cost_per_token;cost_per_token(model='gpt-4.1-mini', prompt_tokens=1000, completion_tokens=100)"
)
TOKENCOST = "from tokencost import calculate_cost_by_tokens as cost; cost(1000, 'gpt-4.1-mini', 'input')"

BASELINE = "python -c pass"

PROGRAMS = (
    (BASELINE, BARE, "pass"),
    ("import json, dataclasses", BARE, "import json, dataclasses"),
    ("modelmeta: import", "modelmeta", "import modelmeta"),
    ("modelmeta: first lookup", "modelmeta", LOOKUP),
    ("modelmeta: first check", "modelmeta", CHECK),
    ("modelmeta: first cost", "modelmeta", COST),
    ("genai-prices: first price", "genai-prices", GENAI_PRICES),
    ("litellm: first price", "litellm", LITELLM),
    ("tokencost: first price", "tokencost", TOKENCOST),
)

PEAK = """
try:
    with open("/proc/self/status") as status:
        print([int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")][0])
except OSError:
    import resource, sys
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""
"""Prints the largest resident memory of the process. Not ``ru_maxrss`` on Linux, which a child inherits."""

SLOW = 0.5
"""Seconds; a program that takes longer runs in every fourth round only."""


@dataclass
class Case:
    """A program, where it runs, and what was measured."""

    label: str
    python: Path
    code: str
    first: float = 0.0
    seconds: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    def time(self, places: Environments) -> float:
        """Seconds from the start of one process to its end."""
        start = perf_counter()
        places.run(self.python, self.code)
        return perf_counter() - start


def prepare(places: Environments, only: Sequence[str]) -> list[Case]:
    """The programs that run here, each run once already."""
    cases: list[Case] = []
    for label, library, code in PROGRAMS:
        python = places.python(library) if library == BARE or library in only else None
        if python is not None and places.works(python, code, label):
            case = Case(label, python, code)
            case.first = case.time(places)
            cases.append(case)
    return cases


def measure(places: Environments, cases: Sequence[Case], rounds: int) -> None:
    """All programs in turn, round after round; then their memory."""
    for number in range(rounds):
        baseline = 0.0
        for case in cases:
            if number % 4 and case.first > SLOW:
                continue
            seconds = case.time(places)
            baseline = baseline or seconds  # the first case is the baseline
            case.seconds.append(seconds)
            case.ratios.append(seconds / baseline)
    for _ in range(min(rounds, 5)):
        for case in cases:
            done = places.run(case.python, case.code + "\n" + PEAK)
            if done.returncode == 0:
                case.peaks.append(int(done.stdout.split()[-1]))


def main() -> None:
    """Measure, and print the table."""
    arguments = parser(__doc__ or "", rounds=40).parse_args()
    with environments(arguments.environments) as places:
        cases = prepare(places, arguments.only)
        measure(places, cases, arguments.rounds)
        about = places.about(arguments.only)
    rows: list[list[str]] = []
    results: dict[str, dict[str, Summary | float]] = {}
    for case in cases:
        seconds, ratio = Summary.of(case.seconds), Summary.of(case.ratios)
        results[case.label] = {"seconds": seconds, "ratio": ratio}
        row = [case.label, str(seconds.count), seconds.text(1000), ratio.text(digits=2), ""]
        if case.peaks:
            peak = results[case.label]["peak"] = Summary.of(case.peaks)
            row[-1] = f"{peak.median / 1e6:.1f}"
        rows.append(row)
    print_about(about)
    print_table(["a fresh process", "runs", "ms", f"x {BASELINE}", "peak MB"], rows)
    if arguments.json:
        write_json(arguments.json, about, results)


if __name__ == "__main__":
    main()
