"""The model-list APIs of Anthropic, Google, OpenAI and xAI: what each vendor's list says of its models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.observations import JSON, Observation
from pipeline.sources.facts import Fact, above, in_effort_order, price, sorted_list, whole_or_plain
from pipeline.sources.model_lists import Listing, read_listings

SOURCE = "vendor-apis"

Record = Mapping[str, Any]


def read(root: Path) -> Iterator[Observation]:
    """What the four lists say, vendor by vendor, in the files' order."""
    for vendor, facts_of in VENDORS.items():
        for listing in read_listings(root, vendor):
            said = listing.said_of(listing.id.removeprefix("models/"), provider=vendor, source=SOURCE)
            yield from said.of(listing.presence())
            yield from said.of(facts_of(listing))


# Anthropic: dates, limits and a tree of capabilities -----------------------------------------------

ANTHROPIC_CAPABILITIES = {
    "batch": "capabilities.batch",
    "citations": "capabilities.citations",
    "code_execution": "tools.code_execution",
    "context_management": "capabilities.context_management",
    "structured_outputs": "capabilities.structured_output",
    "thinking": "capabilities.reasoning",
}
ANTHROPIC_INPUTS = {"image_input": "image", "pdf_input": "pdf"}


def _anthropic(listing: Listing) -> Iterator[Fact]:
    record = listing.record
    yield Fact("name", record["display_name"])
    yield Fact("lifecycle.released", record["created_at"][:10])
    yield from _limits(record, {"max_input_tokens": "max_input_tokens", "max_tokens": "max_output_tokens"})
    if "capabilities" in record:
        yield from _anthropic_capabilities(record["capabilities"])


def _anthropic_capabilities(tree: Record) -> Iterator[Fact]:
    for name, field in ANTHROPIC_CAPABILITIES.items():
        if name in tree:
            yield Fact(field, tree[name]["supported"])
    if ANTHROPIC_INPUTS.keys() <= tree.keys():
        inputs = [modality for name, modality in ANTHROPIC_INPUTS.items() if tree[name]["supported"]]
        yield Fact("modalities.input", sorted_list([*inputs, "text"]), "text is understood, not stated")
    if "effort" in tree:
        yield Fact("reasoning.efforts", in_effort_order(_supported(tree["effort"])))
    if modes := _supported(tree.get("thinking", {}).get("types", {})):
        yield Fact("reasoning.modes", sorted_list(modes))


def _supported(branch: Record) -> list[str]:
    return [name for name, leaf in branch.items() if isinstance(leaf, dict) and leaf["supported"]]


# Google: limits, methods and the defaults of the sampling parameters -------------------------------

GOOGLE_METHODS: dict[str, tuple[str, ...]] = {
    "generateContent": ("endpoints.generate_content",),
    "batchGenerateContent": ("endpoints.batch", "capabilities.batch"),
    "bidiGenerateContent": ("endpoints.live", "capabilities.live"),
    "countTokens": ("endpoints.count_tokens",),
    "countTextTokens": ("endpoints.count_tokens",),
    "createCachedContent": ("capabilities.prompt_caching",),
    "embedContent": ("endpoints.embeddings",),
    "embedText": ("endpoints.embeddings",),
    "asyncBatchEmbedContent": ("endpoints.batch", "capabilities.batch"),
}
GOOGLE_MEDIA_METHODS = {
    ("predict", "imagen"): "endpoints.images",
    ("predictLongRunning", "veo"): "endpoints.videos",
}
GOOGLE_WITHOUT_TEXT_OUTPUT = frozenset({"embedContent", "embedText", "predict", "predictLongRunning"})
"""Methods whose models return vectors or media: their ``outputTokenLimit`` is a filler (1, 8192)."""
GOOGLE_PARAMETERS = ("temperature", "topP", "topK")


def _google(listing: Listing) -> Iterator[Fact]:
    record = listing.record
    methods = frozenset(record["supportedGenerationMethods"])
    yield Fact("name", record["displayName"])
    limits = {"inputTokenLimit": "max_input_tokens"}
    if not methods & GOOGLE_WITHOUT_TEXT_OUTPUT:
        limits["outputTokenLimit"] = "max_output_tokens"
    yield from _limits(record, limits)
    if "thinking" in record:
        yield Fact("capabilities.reasoning", record["thinking"])
    fields = {field for method in methods for field in GOOGLE_METHODS.get(method, ())}
    fields |= {
        field
        for (method, family), field in GOOGLE_MEDIA_METHODS.items()
        if method in methods and listing.id.startswith(f"models/{family}")
    }
    yield from (Fact(field, True) for field in sorted(fields))
    yield from _google_parameters(record, "" if "generateAnswer" in methods else "generationConfig.")


def _google_parameters(record: Record, prefix: str) -> Iterator[Fact]:
    for name in GOOGLE_PARAMETERS:
        if name not in record:
            continue
        rule: dict[str, JSON] = {"parameter": prefix + name, "default": whole_or_plain(record[name])}
        if name == "temperature" and "maxTemperature" in record:
            rule["maximum"] = whole_or_plain(record["maxTemperature"])
        yield Fact("parameter_range", rule)


# OpenAI: ids only -----------------------------------------------------------------------------------


def _openai(_listing: Listing) -> Iterator[Fact]:
    """Nothing but presence: ``created`` is when the id was made, days to months from the day of release."""
    yield from ()


# xAI: aliases, context and prices -------------------------------------------------------------------

XAI_TOKEN_PRICES = {
    "prompt_text_token_price": "input",
    "cached_prompt_text_token_price": "cached_input",
    "completion_text_token_price": "output",
    "prompt_image_token_price": "input_image",
}
XAI_DOLLAR = Decimal("1e-10")
XAI_MILLION_TOKENS = XAI_DOLLAR * 1_000_000
"""Prices are whole numbers of 1e-10 dollars per token or image."""


def _xai(listing: Listing) -> Iterator[Fact]:
    """``created`` is left out as for OpenAI: it precedes the release by up to two weeks."""
    record = listing.record
    if record.get("aliases"):
        yield Fact("aliases", sorted_list(record["aliases"]))
    yield from _limits(record, {"context_length": "context_window"})
    for key, component in XAI_TOKEN_PRICES.items():
        if record.get(key):
            yield price(component, record[key] * XAI_MILLION_TOKENS)
    for key, component in XAI_TOKEN_PRICES.items():
        if amount := record.get(f"{key}_long_context"):
            condition = above(record["long_context_threshold"])
            yield price(component, amount * XAI_MILLION_TOKENS, condition=condition)
    if record.get("image_price"):
        yield price("images", record["image_price"] * XAI_DOLLAR, unit="image")


def _limits(record: Record, names: Mapping[str, str]) -> Iterator[Fact]:
    for key, limit in names.items():
        if record.get(key):
            yield Fact(f"limits.{limit}", record[key])


VENDORS: dict[str, Callable[[Listing], Iterator[Fact]]] = {
    "anthropic": _anthropic,
    "google": _google,
    "openai": _openai,
    "xai": _xai,
}
