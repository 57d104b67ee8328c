"""The model lists of two routers, OpenRouter and ZenMux: first-party for what they serve and charge."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.observations import JSON, Observation
from pipeline.sources.facts import (
    MILLION_TOKENS,
    Fact,
    above,
    in_effort_order,
    price,
    sorted_list,
    whole_or_plain,
)
from pipeline.sources.model_lists import Listing, read_listings

Record = Mapping[str, Any]

MODALITIES = {
    "file": "pdf",
    "embeddings": "embedding",
    "speech": "audio",
    "transcription": "text",
    "rerank": "score",
}


def read(root: Path) -> Iterator[Observation]:
    """What the two lists say, in the files' order."""
    for listing in read_listings(root, "openrouter"):
        said = listing.said_of(listing.id, provider="openrouter", source="openrouter-api")
        yield from said.of(listing.presence())
        yield from said.of(_openrouter(listing))
        if target := listing.record.get("alias_target"):
            about = listing.said_of(target["slug"], provider="openrouter", source="openrouter-api")
            yield from about.of([Fact("aliases", [listing.id])])
    for listing in read_listings(root, "zenmux"):
        said = listing.said_of(listing.id, provider="zenmux", source="zenmux-api")
        yield from said.of(listing.presence())
        yield from said.of(_zenmux(listing))


def _modalities(inputs: list[str], outputs: list[str]) -> Iterator[Fact]:
    yield Fact("modalities.input", sorted_list(MODALITIES.get(name, name) for name in inputs))
    yield Fact("modalities.output", sorted_list(MODALITIES.get(name, name) for name in outputs))


def _all_zero(amounts: list[Decimal]) -> bool:
    return bool(amounts) and not any(amounts)


# OpenRouter -----------------------------------------------------------------------------------------

CAPABILITY_OF_PARAMETER = {
    "logprobs": "logprobs",
    "parallel_tool_calls": "parallel_tool_calls",
    "prediction": "predicted_outputs",
    "reasoning": "reasoning",
    "response_format": "json_mode",
    "structured_outputs": "structured_output",
    "temperature": "temperature",
    "tool_choice": "tool_choice",
    "tools": "tool_calling",
    "web_search_options": "web_search",
}

OPENROUTER_TOKEN_PRICES = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cached_input",
    "input_cache_write": "cache_write",
    "input_cache_write_1h": "cache_write_1h",
    "internal_reasoning": "reasoning",
    "audio": "input_audio",
    "input_audio_cache": "cached_input_audio",
    "audio_output": "output_audio",
    "image": "input_image",
    "image_output": "output_image",
}
"""``image_token`` is left out: wherever it is listed it repeats ``image_output``."""
OPENROUTER_UNIT_PRICES = {"web_search": ("web_searches", "search"), "request": ("requests", "request")}

WRITES_CACHE_ON_TOP = ("google/gemini-", "~google/gemini-")
"""Models whose ``input_cache_write`` is five minutes of storage alone, which OpenRouter adds to the price of input:
https://openrouter.ai/docs/features/prompt-caching."""

PRICE_OF_AN_IMAGE = Decimal("0.0001")
"""An ``image`` price from here on is of a whole input image; the others, at most 0.000002, are of a token."""

NO_EXPIRATION = "2090"
"""Expiration dates from this year on are placeholders for "never"."""


def _openrouter(listing: Listing) -> Iterator[Fact]:
    """The record's facts. ``created`` is left out: it is the day of listing, not of release."""
    record = listing.record
    outputs = record["architecture"]["output_modalities"]
    yield Fact("name", record["name"])
    if record["context_length"]:
        yield Fact("limits.context_window", record["context_length"])
    if record["top_provider"]["max_completion_tokens"]:
        yield Fact("limits.max_output_tokens", record["top_provider"]["max_completion_tokens"])
    yield from _modalities(record["architecture"]["input_modalities"], outputs)
    yield from _openrouter_dates(record)
    if record["hugging_face_id"]:
        yield Fact("links.weights", f"https://huggingface.co/{record['hugging_face_id']}")
    if record["canonical_slug"] not in {listing.id, listing.id.partition(":")[0]}:
        yield Fact("default_snapshot", record["canonical_slug"])
    if "text" in outputs:
        yield from _openrouter_parameters(record)
    yield from _openrouter_prices(record)


def _openrouter_dates(record: Record) -> Iterator[Fact]:
    if record["expiration_date"] and record["expiration_date"] < NO_EXPIRATION:
        yield Fact("lifecycle.retires_on", record["expiration_date"])
    if cutoff := record["knowledge_cutoff"]:
        year, month, day = (int(part) for part in cutoff.split("-"))
        if day == calendar.monthrange(year, month)[1]:
            yield Fact("knowledge_cutoff", cutoff[:7], f"printed as the month's last day, {cutoff}")
        else:
            yield Fact("knowledge_cutoff", cutoff)


def _openrouter_parameters(record: Record) -> Iterator[Fact]:
    """Only of models that write text: the lists of the others are boilerplate."""
    parameters = record["supported_parameters"]
    if parameters:
        yield Fact("supported_parameters", sorted_list(parameters))
    for parameter, capability in CAPABILITY_OF_PARAMETER.items():
        if parameter in parameters:
            yield Fact(f"capabilities.{capability}", True)
    for parameter, default in (record["default_parameters"] or {}).items():
        if default is not None:
            rule: dict[str, JSON] = {"parameter": parameter, "default": whole_or_plain(default)}
            yield Fact("parameter_range", rule)
    if "reasoning" in parameters:
        yield from _openrouter_reasoning(record.get("reasoning", {}))


def _openrouter_reasoning(reasoning: Record) -> Iterator[Fact]:
    if "supported_efforts" in reasoning:
        yield Fact("reasoning.efforts", in_effort_order(reasoning["supported_efforts"]))
    if "default_effort" in reasoning:
        yield Fact("reasoning.default_effort", reasoning["default_effort"])
    if "default_enabled" in reasoning:
        yield Fact("reasoning.default_on", reasoning["default_enabled"])
    if "mandatory" in reasoning:
        yield Fact("reasoning.can_disable", not reasoning["mandatory"])


def _openrouter_prices(record: Record) -> Iterator[Fact]:
    listed = {key: Decimal(amount) for key, amount in record["pricing"].items() if key != "overrides"}
    free = _openrouter_is_free(record, listed)
    yield from _openrouter_rows(record, listed, free)
    for override in record["pricing"].get("overrides", ()):
        amounts = {key: Decimal(amount) for key, amount in override.items() if key != "min_prompt_tokens"}
        yield from _openrouter_rows(record, amounts, free, above(override["min_prompt_tokens"]))


def _openrouter_is_free(record: Record, listed: Mapping[str, Decimal]) -> bool:
    """Marked as free; or a writer of text alone, all of whose prices are zero.

    A zero elsewhere says that something else is charged for: a video and not its tokens, what is embedded
    and not the vector.
    """
    writes_text_alone = record["architecture"]["output_modalities"] == ["text"]
    return record["id"].endswith(":free") or (writes_text_alone and _all_zero(list(listed.values())))


def _openrouter_rows(
    record: Record,
    amounts: Mapping[str, Decimal],
    free: bool,
    condition: Mapping[str, JSON] | None = None,
) -> Iterator[Fact]:
    """The rows; a negative amount means that the price depends on the model the router picks."""
    for key, amount in amounts.items():
        if amount < 0 or (amount == 0 and not free):
            continue
        if key in OPENROUTER_UNIT_PRICES:
            component, unit = OPENROUTER_UNIT_PRICES[key]
            yield price(component, amount, unit=unit, condition=condition)
        elif key in OPENROUTER_TOKEN_PRICES:
            if key == "input_cache_write" and record["id"].startswith(WRITES_CACHE_ON_TOP):
                storage, read = amount, amounts.get("prompt", Decimal(record["pricing"]["prompt"]))
                yield from _openrouter_row(record, key, read + storage, condition)
            else:
                yield from _openrouter_row(record, key, amount, condition)


def _openrouter_row(record: Record, key: str, amount: Decimal, condition: Mapping[str, JSON] | None) -> Iterator[Fact]:
    component, unit, scale = OPENROUTER_TOKEN_PRICES[key], MILLION_TOKENS, 1_000_000
    outputs = record["architecture"]["output_modalities"]
    only_prompt = key == "prompt" and not Decimal(record["pricing"]["completion"])
    if key == "image" and amount >= PRICE_OF_AN_IMAGE:
        unit, scale = "image", 1
    elif only_prompt and outputs == ["speech"]:
        component, unit = "characters", "1M characters"
    elif only_prompt and outputs == ["transcription"]:
        return  # per second, minute or hour of audio: the list does not say which
    yield price(component, amount * scale, unit=unit, condition=condition)


# ZenMux ---------------------------------------------------------------------------------------------

ZENMUX_PRICES = {
    ("prompt", "perMTokens"): ("input", MILLION_TOKENS),
    ("completion", "perMTokens"): ("output", MILLION_TOKENS),
    ("input_cache_read", "perMTokens"): ("cached_input", MILLION_TOKENS),
    ("input_cache_write", "perMTokens"): ("cache_write", MILLION_TOKENS),
    ("input_cache_write_5_min", "perMTokens"): ("cache_write", MILLION_TOKENS),
    ("input_cache_write_1_h", "perMTokens"): ("cache_write_1h", MILLION_TOKENS),
    ("internal_reasoning", "perMTokens"): ("reasoning", MILLION_TOKENS),
    ("audio_input", "perMTokens"): ("input_audio", MILLION_TOKENS),
    ("audio_input", "perSecond"): ("input_seconds", "second"),
    ("audio_cache_read", "perMTokens"): ("cached_input_audio", MILLION_TOKENS),
    ("web_search", "perCount"): ("web_searches", "search"),
}
"""``audio`` and ``image``, without a direction, are left out: two removed models have them."""

ZENMUX_CACHE_STORAGE = ("cache_storage", "1M token-hours")
WRITES_CACHE_FOR_AN_HOUR = "anthropic/"
"""The one author with a one-hour write. Google and ByteDance charge for storing a cache by the hour, and in
the records of their models the same key holds that charge."""


def _zenmux(listing: Listing) -> Iterator[Fact]:
    record = listing.record
    yield Fact("name", record["display_name"])
    if "publish_time" in record:
        yield Fact("lifecycle.released", record["publish_time"])
    if record["context_length"]:
        yield Fact("limits.context_window", record["context_length"])
    yield from _modalities(record["input_modalities"], record["output_modalities"])
    if "reasoning" in record["capabilities"]:
        yield Fact("capabilities.reasoning", record["capabilities"]["reasoning"])
    yield from _zenmux_prices(record)


def _zenmux_prices(record: Record) -> Iterator[Fact]:
    pricings = record.get("pricings", {})
    amounts = [Decimal(entry["value"]) for entries in pricings.values() for entry in entries]
    writes_text_alone = record["output_modalities"] == ["text"]
    free = record["id"].endswith("-free") or (writes_text_alone and _all_zero(amounts))
    for key, entries in pricings.items():
        levels = _zenmux_levels(entries)
        for (threshold, variant), (amount, unit_name) in levels.items():
            if (key, unit_name) not in ZENMUX_PRICES or (amount == 0 and not free):
                continue
            component, unit = ZENMUX_PRICES[key, unit_name]
            if component == "cache_write_1h" and not record["id"].startswith(WRITES_CACHE_FOR_AN_HOUR):
                component, unit = ZENMUX_CACHE_STORAGE
            condition: dict[str, JSON] = above(threshold) if threshold else {}
            if variant:
                condition["variant"] = variant
            yield price(component, amount, unit=unit, condition=condition)


def _zenmux_levels(entries: list[Record]) -> dict[tuple[int, str], tuple[Decimal, str]]:
    """(input threshold, output variant) -> (amount, unit), lowest first; empty when two entries contradict.

    "From N" and "over N" are mixed freely within one record, so both are read as over N. Two amounts on one
    level are the prices of implicit and of explicit caching, which the list does not tell apart.
    """
    levels: dict[tuple[int, str], tuple[Decimal, str]] = {}
    for entry in entries:
        conditions = entry.get("conditions", {})
        prompt, completion = conditions.get("prompt_tokens", {}), conditions.get("completion_tokens", {})
        threshold = _tokens(prompt.get("gt", prompt.get("gte", 0)))
        variant = f"output under {_tokens(completion['lt'])} tokens" if "lt" in completion else ""
        stated = (Decimal(entry["value"]), entry["unit"])
        if levels.setdefault((threshold, variant), stated) != stated:
            return {}
    return dict(sorted(levels.items()))


def _tokens(thousands: Decimal | int) -> int:
    return int(Decimal(thousands) * 1000)
