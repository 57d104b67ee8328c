"""Whether the libraries give the same answers, where they differ, and who is right by which page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks.environments import OURS, last_line
from benchmarks.libraries import LIBRARIES, Code, Library, assignments
from benchmarks.sections import Options, Section, Table

MODELS = tuple(
    """
    openai/gpt-4.1-mini openai/gpt-4.1 openai/gpt-4o openai/gpt-4o-mini openai/gpt-5 openai/gpt-5-mini openai/gpt-5-nano
    openai/gpt-5.4 openai/gpt-5.5 openai/gpt-5.6-luna openai/gpt-5.6-sol openai/gpt-6-luna openai/o3 openai/o4-mini
    anthropic/claude-opus-5-5 anthropic/claude-opus-5 anthropic/claude-opus-4-8 anthropic/claude-opus-4-7
    anthropic/claude-sonnet-5 anthropic/claude-sonnet-4-6 anthropic/claude-sonnet-4-5 anthropic/claude-haiku-4-5
    anthropic/claude-opus-4-1
    google/gemini-3.8-flash google/gemini-3.7-flash google/gemini-3.6-flash google/gemini-3-flash-preview
    google/gemini-3.1-flash-lite google/gemini-2.5-pro google/gemini-2.5-flash google/gemini-2.5-flash-lite
    deepseek/deepseek-flash deepseek/deepseek-v4-flash deepseek/deepseek-v4-pro xai/grok-4.5 xai/grok-4.7
    mistral/mistral-large-latest mistral/mistral-small-latest mistral/codestral-latest
    moonshotai/kimi-k3 zai/glm-5.2 minimax/MiniMax-M3
    """.split()
)
"""Widely used models, each at its author's own API."""


class Request(NamedTuple):
    """A request whose parameters are checked, whether the API accepts it, and the page that says so."""

    model: str
    params: Mapping[str, object]
    accepted: bool
    page: str


OPENAI_SPEC = "https://github.com/openai/openai-openapi/blob/f85dbe223d40e1a31cba812ab2d755c7e98a92a3/openapi.yaml"
ANTHROPIC_SDK = (
    "https://github.com/anthropics/anthropic-sdk-python/blob/009b035305e0724ce108ebd796935f91711fc6e1"
    "/src/anthropic/types/message_create_params.py"
)
REQUESTS = (
    Request("openai/gpt-4.1-mini", {"temperature": 0.5, "max_tokens": 1000}, True, OPENAI_SPEC),
    Request("openai/gpt-4.1-mini", {"frequency_penalty": 0.5}, True, OPENAI_SPEC),
    Request("openai/gpt-4.1-mini", {"temperature": 3}, False, OPENAI_SPEC),
    Request(
        "openai/gpt-4.1-mini", {"max_tokens": 40_000}, False, "https://platform.openai.com/docs/models/gpt-4.1-mini"
    ),
    Request("openai/gpt-5-mini", {"max_completion_tokens": 1000, "reasoning_effort": "low"}, True, OPENAI_SPEC),
    Request("openai/gpt-5-mini", {"temperature": 0.5}, False, "https://github.com/griptape-ai/griptape/issues/1915"),
    Request(
        "openai/gpt-5-mini",
        {"reasoning_effort": "none"},
        False,
        "https://github.com/openai/openai-python/blob/fdf6afc4c500b14f3f8ac76b6cdf8aaf25cca3b5"
        "/src/openai/types/shared/reasoning_effort.py",
    ),
    Request("openai/o3", {"max_tokens": 1000}, False, "https://github.com/teilomillet/gollm/issues/33"),
    Request("anthropic/claude-haiku-4-5", {"max_tokens": 1000, "temperature": 0.5}, True, ANTHROPIC_SDK),
    Request("anthropic/claude-haiku-4-5", {"max_tokens": 1000, "temperature": 1.5}, False, ANTHROPIC_SDK),
    Request(
        "anthropic/claude-opus-4-7",
        {"max_tokens": 1000, "temperature": 0.5},
        False,
        "https://github.com/anthropics/anthropic-sdk-typescript/blob/bfa9197f0182084941052be9752c948638421601"
        "/src/resources/messages/messages.ts",
    ),
    Request(
        "mistral/mistral-small-latest",
        {"temperature": 1.8},
        False,
        "https://github.com/SillyTavern/SillyTavern/pull/4856",
    ),
)

COST, CONTEXT = "cost", "context window"

VERDICTS = {
    ("anthropic/claude-opus-4-1", COST): (
        "Ours ([Anthropic](https://platform.claude.com/docs/en/about-claude/pricing?ref=optimizesmart.com)): litellm"
        " has dropped the model, and answers 0 for it instead of an error."
    ),
    ("deepseek/deepseek-v4-flash", COST): (
        "The others: the name is served by `deepseek-flash` at its prices since the model was retired"
        " ([DeepSeek](https://api-docs.deepseek.com/quick_start/pricing/?helper=penn&method=individual))."
    ),
    ("mistral/mistral-large-latest", COST): (
        "metergraph-core, as it seems: it names [Mistral's changelog](https://docs.mistral.ai/resources/changelogs) for"
        " an alias that moved to Large 4 on 2026-10-06; our pages of Mistral end in August. The price of $2 and $6 is"
        " that of Large 2."
    ),
}
"""Who is right where answers differ, as read by hand; where nothing was read, the page that ours comes from stands."""

INTRODUCTION = f"""\
Each library is asked for the cost of the same request (1000 input tokens, 200 of them cached, and 100 output tokens)
with {len(MODELS)} widely used models at their authors' own APIs, on the day of the run; and for their context windows.
Where answers differ, the last column says who is right where that was looked up by hand, else where ours comes from."""

WORKER = """
import json, sys
answers = []
setup, call, models = json.loads(sys.argv[1])
exec(setup)
for variables in models:
    try:
        exec(variables)
        value = eval(call)
        answers.append(value if value is None else float(value))
    except Exception as error:
        answers.append(f"{type(error).__name__}: {error}".splitlines()[0])
print(json.dumps(answers))
"""

Answer = float | str | None
"""A number, why there is none, or that the library does not know."""


def ask(options: Options, library: Library, code: Code, variables: Sequence[str]) -> Sequence[Answer] | None:
    """What one library answers to each set of variables; ``None`` when it is not here."""
    python = options.places.python(library.name) if library.name in options.only else None
    if python is None:
        return None
    done = options.places.run(python, WORKER, json.dumps([code.setup, code.call, variables]))
    if done.returncode:
        return [last_line(done.stderr)] * len(variables)
    answers: Sequence[Answer] = json.loads(done.stdout.splitlines()[-1])
    return answers


def ask_all(options: Options, codes: Mapping[str, Code]) -> dict[str, Sequence[Answer]]:
    """What each library that has code answers for each model."""
    asked: dict[str, Sequence[Answer]] = {}
    for library in LIBRARIES:
        if library.name in codes:
            variables = [assignments(library, model) for model in MODELS]
            if (answers := ask(options, library, codes[library.name], variables)) is not None:
                asked[library.name] = answers
    return asked


def costs(options: Options) -> dict[str, Sequence[Answer]]:
    """The cost of one request with each model."""
    return ask_all(options, {library.name: library.cost for library in LIBRARIES if isinstance(library.cost, Code)})


def contexts(options: Options) -> dict[str, Sequence[Answer]]:
    """The context window of each model; where a library states our largest input instead, that counts as the same."""
    codes = {
        library.name: Code(library.lookup.setup, f"(lambda record: {library.context})({library.lookup.call})")
        for library in LIBRARIES
        if library.context and isinstance(library.lookup, Code)
    }
    asked = ask_all(options, codes)
    setup, call = codes[OURS]
    largest = ask_all(options, {OURS: Code(setup, call.replace("context_window", "max_input_tokens"))})[OURS]
    for name, answers in asked.items():
        asked[name] = [
            window if same(most, answer) else answer
            for window, most, answer in zip(asked[OURS], largest, answers, strict=True)
        ]
    return asked


def same(ours: Answer, other: Answer) -> bool:
    """Whether two numbers are the same but for rounding."""
    return isinstance(ours, float) and isinstance(other, float) and abs(ours - other) <= 1e-9 * abs(ours)


def tally(asked: Mapping[str, Sequence[Answer]]) -> Iterator[tuple[str, ...]]:
    """How often each library knows an answer, and how often that is ours."""
    for name, answers in asked.items():
        known = [isinstance(answer, float) for answer in answers]
        agreed = [same(mine, answer) for mine, answer in zip(asked[OURS], answers, strict=True)]
        differing = sum(known) - sum(agreed)
        yield name, str(sum(known)), str(sum(agreed)), str(differing), str(len(known) - sum(known))


def differences(what: str, asked: Mapping[str, Sequence[Answer]], unit: str) -> Iterator[tuple[str, ...]]:
    """The models about which libraries differ: what each says, and who is right."""
    for number, model in enumerate(MODELS):
        ours = asked[OURS][number]
        others: dict[str, list[str]] = {}
        for name, answers in asked.items():
            answer = answers[number]
            if isinstance(answer, float) and not same(ours, answer):
                others.setdefault(_number(answer, unit), []).append(name)
        if others:
            said = "; ".join(f"{value} {', '.join(names)}" for value, names in others.items())
            agreeing = sum(same(ours, answers[number]) for answers in asked.values()) - 1
            mine = _number(ours, unit) if isinstance(ours, float) else "not known"
            yield model, mine, str(agreeing), said, VERDICTS.get((model, what)) or _page(model, what)


def _number(value: float, unit: str) -> str:
    return f"{unit}{value * 1e6:,.1f}" if unit else f"{value:,.0f}"


def _page(model: str, what: str) -> str:
    """Where our value comes from."""
    from modelmeta import list_observations

    fields = ("pricing.standard.input",) if what == COST else ("limits.context_window", "limits.max_input_tokens")
    for field in fields:
        for seen in list_observations(model, field):
            if seen.believed:
                where = f"[{seen.source}]({seen.locator})" if seen.locator.startswith("http") else seen.source
                return f"ours is from {where}, {seen.seen_on or 'undated'}"
    return "not settled"


def requests(options: Options) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """A row for each request: what each library says about its parameters; and where we are wrong ourselves."""
    asked: dict[str, Sequence[Answer]] = {}
    for library in LIBRARIES:
        if isinstance(library.check, Code):
            variables = [assignments(library, request.model, request.params) for request in REQUESTS]
            if (answers := ask(options, library, library.check, variables)) is not None:
                asked[library.name] = answers
    rows = tuple(
        (
            f"`{request.model}` {json.dumps(dict(request.params))}",
            f"[{'accepted' if request.accepted else 'rejected'}]({request.page})",
            *(_verdict(answers[number], accepted=request.accepted) for answers in asked.values()),
        )
        for number, request in enumerate(REQUESTS)
    )
    wrong = tuple(
        f"{request.model} {request.params}: {OURS} says {answer}"
        for request, answer in zip(REQUESTS, asked.get(OURS, ()), strict=False)
        if answer != request.accepted
    )
    return (("request", "the API", *asked), *rows), wrong


def _verdict(answer: Answer, *, accepted: bool) -> str:
    if isinstance(answer, str) and ("KeyError" in answer or "not found" in answer):
        return "unknown model"
    says = answer == 1.0
    return ("accepted" if says else "rejected") if says == accepted else ("**accepted**" if says else "**rejected**")


def run(options: Options) -> Section:
    """Ask all libraries the same questions."""
    if OURS not in options.only:
        return Section("The same answers", ("Left out: they are compared with ours.",))
    prices, windows = costs(options), contexts(options)
    (header, *rows), wrong = requests(options)
    unpriced = tuple(
        f"{model}: {OURS} has no price: {price}"
        for model, price in zip(MODELS, prices[OURS], strict=True)
        if not isinstance(price, float)
    )
    counted = ("library", "has one", "the same as ours", "another", "has none")
    differing = ("model", "ours", "agree", "others say", "who is right")
    return Section(
        "The same answers",
        (
            INTRODUCTION,
            "Costs, counted by model:",
            Table(counted, tuple(tally(prices))),
            "Where they differ (cost of a million such requests):",
            Table(differing, tuple(differences(COST, prices, "$")), words=5),
            "Context windows:",
            Table(counted, tuple(tally(windows))),
            "Where they differ (a largest input that is ours counts as the same):",
            Table(differing, tuple(differences(CONTEXT, windows, "")), words=5),
            "Requests whose parameters an API accepts or rejects by the page linked; answers that differ are in bold:",
            Table(header, tuple(rows), words=len(header)),
        ),
        wrong=(*unpriced, *wrong),
    )
