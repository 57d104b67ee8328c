"""What a call costs in a process that has made it before, and what it costs to read everything once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from benchmarks.environments import Environments, environments
from benchmarks.reporting import Summary, parser, print_about, print_table, write_json


class Call(NamedTuple):
    """What is measured: in which library, what is done before, and the call."""

    label: str
    library: str
    setup: str
    call: str


MODEL = "'gpt-4.1-mini'"
PARAMETERS = "temperature=0.5, top_p=0.9, max_tokens=1000, n=1, frequency_penalty=0, presence_penalty=0"
EVERY_FIELD = """
for model in list_models():
    for name in names:
        getattr(model, name)
"""

CALLS = (
    Call("get_model", "modelmeta", "from modelmeta import get_model", f"get_model({MODEL})"),
    Call(
        "get_model, qualified",
        "modelmeta",
        "from modelmeta import get_model",
        "get_model('openai/gpt-4.1-mini')",
    ),
    Call(
        "compute_cost, 3 components",
        "modelmeta",
        "from modelmeta import compute_cost",
        f"compute_cost({MODEL}, input_tokens=1000, cached_input_tokens=200, output_tokens=100)",
    ),
    Call(
        "check_parameters, 6 parameters",
        "modelmeta",
        f"from modelmeta import check_parameters; params = dict({PARAMETERS})",
        f"check_parameters({MODEL}, params)",
    ),
    Call(
        "find_models, 3 conditions",
        "modelmeta",
        "from modelmeta import find_models",
        "find_models(requires=('tool_calling',), min_context=200_000, max_input_price='1')",
    ),
    Call(
        "calc_price, 3 components",
        "genai-prices",
        "from genai_prices import Usage, calc_price",
        f"calc_price(Usage(input_tokens=1000, cache_read_tokens=200, output_tokens=100), {MODEL})",
    ),
    Call(
        "cost_per_token, 3 components",
        "litellm",
        "from litellm import cost_per_token",
        f"cost_per_token({MODEL}, prompt_tokens=1000, cache_read_input_tokens=200, completion_tokens=100)",
    ),
    Call("get_model_info", "litellm", "from litellm import get_model_info", f"get_model_info({MODEL})"),
    Call(
        "calculate_cost_by_tokens, 1 component",
        "tokencost",
        "from tokencost import calculate_cost_by_tokens",
        f"calculate_cost_by_tokens(1000, {MODEL}, 'input')",
    ),
)
"""What a process does again and again."""

READS = (
    Call("list_models()", "modelmeta", "from modelmeta import list_models", "list_models()"),
    Call(
        "every field of every model",
        "modelmeta",
        "from dataclasses import fields; from modelmeta import Model, list_models\n"
        "names = [item.name for item in fields(Model)]",
        EVERY_FIELD,
    ),
)
"""What a process does once."""

WORKER = """
import json, sys
from timeit import Timer
setup, call, once = sys.argv[1], sys.argv[2], sys.argv[3] == "once"
timer = Timer(call, setup if once else setup + "\\n" + call)
if once:
    print(json.dumps([timer.timeit(1)]))
else:
    number = 1
    while timer.timeit(number) < 0.02:
        number *= 2
    print(json.dumps([seconds / number for seconds in timer.repeat(5, number)]))
"""


@dataclass
class Case:
    """A call, where it is made, and the seconds it took."""

    label: str
    python: Path
    arguments: tuple[str, str, str]
    seconds: list[float] = field(default_factory=list)


def prepare(places: Environments, only: Sequence[str]) -> list[Case]:
    """The calls that work here."""
    cases: list[Case] = []
    for kind, table in (("often", CALLS), ("once", READS)):
        for item in table:
            label = f"{item.library}: {item.label}"
            arguments = (item.setup, item.call, kind)
            python = places.python(item.library) if item.library in only else None
            if python is not None and places.works(python, WORKER, label, *arguments):
                cases.append(Case(label, python, arguments))
    return cases


def measure(places: Environments, cases: Sequence[Case], rounds: int) -> None:
    """A process for each call in turn, round after round."""
    for _ in range(rounds):
        for case in cases:
            done = places.run(case.python, WORKER, *case.arguments)
            if done.returncode == 0:
                case.seconds += json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure, and print the tables."""
    arguments = parser(__doc__ or "", rounds=10).parse_args()
    with environments(arguments.environments) as places:
        cases = prepare(places, arguments.only)
        measure(places, cases, arguments.rounds)
        about = places.about(arguments.only)
    results = {case.label: Summary.of(case.seconds) for case in cases if case.seconds}
    print_about(about)
    for title, kind, unit, scale in (("a warm call", "often", "us", 1e6), ("once", "once", "ms", 1e3)):
        rows = [
            [case.label, str(results[case.label].count), results[case.label].text(scale, 2)]
            for case in cases
            if case.label in results and case.arguments[-1] == kind
        ]
        if rows:
            print_table([title, "samples", unit], rows)
            print()
    if arguments.json:
        write_json(arguments.json, about, {label: {"seconds": summary} for label, summary in results.items()})


if __name__ == "__main__":
    main()
