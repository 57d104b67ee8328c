"""models.dev: every provider and model of its published JSON, its base models, and the links between the two.

Two sources, since they carry different days and weight: ``models.dev`` for what a provider serves, and
``models.dev-base`` for what is said of a model whoever serves it, with the links from the one to the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.observations import JSON, NEUTRAL, Observation
from pipeline.sources.facts import (
    Fact,
    Statement,
    above,
    in_effort_order,
    load_file,
    price,
    sorted_list,
)

SOURCE = "models.dev"
BASE_SOURCE = "models.dev-base"
API, MODELS, LINKS = ("models-dev/api.json", "models-dev/models.json", "models-dev/base-models.json")
API_DATE = "2026-07-30"
BASE_DATE = "2026-07-02"

UNDATED = "1970-01-01"
"""The day that stands for none."""

Record = Mapping[str, Any]

PROVIDER_FIELDS = {
    "name": "provider.name",
    "doc": "provider.docs",
    "api": "provider.api",
    "env": "provider.env",
}

FIELDS = {
    "name": "name",
    "family": "family",
    "license": "license",
    "open_weights": "open_weights",
    "release_date": "lifecycle.released",
    "knowledge": "knowledge_cutoff",
    "attachment": "capabilities.attachments",
    "reasoning": "capabilities.reasoning",
    "tool_call": "capabilities.tool_calling",
    "structured_output": "capabilities.structured_output",
    "temperature": "capabilities.temperature",
}

LIMITS = {
    "context": "limits.context_window",
    "input": "limits.max_input_tokens",
    "output": "limits.max_output_tokens",
}

STATED = {"alpha": "preview", "beta": "preview", "deprecated": "deprecated"}

COMPONENTS = {
    "input": "input",
    "output": "output",
    "cache_read": "cached_input",
    "cache_write": "cache_write",
    "reasoning": "reasoning",
    "input_audio": "input_audio",
    "output_audio": "output_audio",
    "output_image": "output_image",
}

MODE_TIERS: dict[tuple[str, str], str] = {
    ("speed", "fast"): "fast",
    ("service_tier", "priority"): "priority",
}
"""The request field that selects a priced mode, and the service tier that it stands for."""

GEMINI_IMAGE = re.compile(r"gemini-.*-image")
IMAGE_TOKENS_FROM = 30
"""Some records of these price image tokens in the field for text: 30 USD per 1M and up; text is 12 at most."""

MARKED_FREE = re.compile(r"(?:^|[^a-z])free(?:$|[^a-z])", re.IGNORECASE)

SPECIAL_OUTPUTS = (
    (re.compile(r"rerank", re.IGNORECASE), "score"),
    (
        re.compile(r"embed|(?:^|[/-])(?:bge|e5|gte)(?:-|$)|mini-?lm|mpnet", re.IGNORECASE),
        "embedding",
    ),
)
"""What the models of these names or families return. models.dev has no word for it: it writes "text", and
often the length of the vector as the output limit."""


def read(root: Path) -> Iterator[Observation]:
    """Everything models.dev says, in the files' order."""
    yield from _providers(load_file(root / API))
    yield from _base_models(load_file(root / MODELS))
    yield from _links(load_file(root / LINKS))


def _providers(providers: Mapping[str, Record]) -> Iterator[Observation]:
    for provider, record in providers.items():
        about = Statement(provider, "", SOURCE, f"{API}#{provider}", API_DATE)
        yield from about.of(_fields(record, PROVIDER_FIELDS))
        for model, facts in record["models"].items():
            said = Statement(provider, model, SOURCE, f"{API}#{provider}/{model}", API_DATE)
            yield from said.of(_model(model, facts))


def _base_models(models: Mapping[str, Record]) -> Iterator[Observation]:
    for model, record in models.items():
        said = Statement(NEUTRAL, model, BASE_SOURCE, f"{MODELS}#{model}", BASE_DATE)
        yield from said.of([Fact("author", model.partition("/")[0])])
        yield from said.of(_model(model, record))
        yield from said.of(_web_links(record))


def _links(links: Mapping[str, Mapping[str, str]]) -> Iterator[Observation]:
    for provider, models in links.items():
        for model, base in models.items():
            said = Statement(provider, model, BASE_SOURCE, f"{LINKS}#{provider}/{model}", BASE_DATE)
            yield from said.of([Fact("base", base)])


def _model(model: str, record: Record) -> Iterator[Fact]:
    yield from _fields(record, FIELDS)
    if record.get("status") in STATED:
        yield Fact("lifecycle.stated", STATED[record["status"]])
    special = _special_output(model, record)
    yield from _limits(record["limit"], special)
    yield from _modalities(record["modalities"], special)
    yield from _reasoning(record.get("reasoning_options", ()))
    yield from _modes(record)
    yield from _prices(model, record, special)


def _fields(record: Record, fields: Mapping[str, str]) -> Iterator[Fact]:
    return (Fact(field, record[key]) for key, field in fields.items() if record.get(key, UNDATED) != UNDATED)


def _special_output(model: str, record: Record) -> str | None:
    names = f"{model} {record.get('family', '')}"
    return next((output for pattern, output in SPECIAL_OUTPUTS if pattern.search(names)), None)


def _limits(limits: Record, special: str | None) -> Iterator[Fact]:
    for key, field in LIMITS.items():
        does_not_apply = key == "output" and special is not None
        if limits.get(key, 0) > 0 and not does_not_apply:
            yield Fact(field, limits[key])


def _modalities(modalities: Record, special: str | None) -> Iterator[Fact]:
    yield Fact("modalities.input", sorted_list(modalities["input"]))
    if special is None:
        yield Fact("modalities.output", sorted_list(modalities["output"]))
    else:
        yield Fact("modalities.output", [special], "by its name or family; stated as text")


def _reasoning(options: Any) -> Iterator[Fact]:
    efforts = {value for option in options for value in option.get("values", ()) if value is not None}
    if efforts:
        yield Fact("reasoning.efforts", in_effort_order(efforts))
    if "none" in efforts or any(option["type"] == "toggle" for option in options):
        yield Fact("reasoning.can_disable", True)
    for option in options:
        if option.get("min", -1) >= 0:
            yield Fact("reasoning.budget_min", option["min"])
        if option.get("max", 0) > 0:
            yield Fact("reasoning.budget_max", option["max"])


def _modes(record: Record) -> Iterator[Fact]:
    modes = {_body(mode).get("reasoning", {}).get("mode") for mode in _experimental(record)}
    if named := modes - {None}:
        yield Fact("reasoning.modes", sorted_list(named))


def _experimental(record: Record) -> list[Record]:
    return list(record.get("experimental", {}).get("modes", {}).values())


def _body(mode: Record) -> Record:
    body: Record = mode.get("provider", {}).get("body", {})
    return body


def _prices(model: str, record: Record, special: str | None) -> Iterator[Fact]:
    """The rows of a record that has prices of its own; modes alone are copied from the base model's maker."""
    cost = record.get("cost")
    if not cost or not _is_per_token(record):
        return
    if GEMINI_IMAGE.search(model) and cost["output"] >= IMAGE_TOKENS_FROM:
        cost = {**cost, "output_image": cost["output"], "output": 0}
    free = bool(MARKED_FREE.search(model) or MARKED_FREE.search(record["name"]))
    without = {"output"} if special else set()
    yield from _rows(cost, free=free, without=without)
    for size, tier in _context_tiers(cost):
        yield from _rows(tier, free=free, without=without, condition=above(size))
    for mode in _experimental(record):
        tiers = [tier for (key, value), tier in MODE_TIERS.items() if _body(mode).get(key) == value]
        for tier_name in tiers:
            yield from _rows(mode.get("cost", {}), free=free, without=without, tier=tier_name)


def _context_tiers(cost: Record) -> list[tuple[int, Record]]:
    if "tiers" in cost:
        return [(tier["tier"]["size"], tier) for tier in cost["tiers"] if tier["tier"]["type"] == "context"]
    return [(200_000, cost["context_over_200k"])] if "context_over_200k" in cost else []


def _rows(
    cost: Record,
    *,
    free: bool,
    without: set[str],
    tier: str = "standard",
    condition: Mapping[str, JSON] | None = None,
) -> Iterator[Fact]:
    """A zero is a price only where the record calls the model free: else it stands for "none" or "a plan"."""
    for key, component in COMPONENTS.items():
        if key in cost and component not in without and (free or cost[key] != 0):
            yield price(component, cost[key], tier=tier, condition=condition)


def _is_per_token(record: Record) -> bool:
    """False for a price per minute or per image that stands in the field for tokens.

    Such a record is of a model that reads no text or writes none, and its output costs nothing or the same
    as its input; token prices of speech and image models differ between the two.
    """
    modalities, cost = record["modalities"], record["cost"]
    both_text = "text" in modalities["input"] and "text" in modalities["output"]
    return both_text or cost["input"] == 0 or cost["output"] not in (0, cost["input"])


def _web_links(record: Record) -> Iterator[Fact]:
    """The model's pages; of several weights, the first, which is the unquantised one."""
    for weights in record.get("weights", ())[:1]:
        yield Fact("links.weights", weights["url"])
    for link in record.get("links", ()):
        yield Fact(f"links.{link['type']}", link["url"])
