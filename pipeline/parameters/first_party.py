"""First-party facts of ``curation/``: ranges, efforts and unsupported parameters that a vendor's page states."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .rules import FIRST_PARTY, Facets, Page, Rule

_KINDS = {"vendor-pages": "official_docs", "vendor-copies": "official_docs", "vendor-reports": "third_party"}

_EFFORTS: dict[str, dict[str, str]] = {
    "openai": {"chat_completions": "reasoning_effort", "responses": "reasoning.effort"},
    "azure": {"chat_completions": "reasoning_effort", "responses": "reasoning.effort"},
    "xai": {"chat_completions": "reasoning_effort", "responses": "reasoning.effort"},
    "groq": {"chat_completions": "reasoning_effort"},
    "moonshotai": {"chat_completions": "reasoning_effort"},
    "togetherai": {"chat_completions": "reasoning_effort"},
    "mistral": {"chat_completions": "reasoning_effort"},
    "anthropic": {"messages": "output_config.effort"},
    "google": {"generate_content": "generationConfig.thinkingConfig.thinkingLevel"},
    "google-vertex": {"generate_content": "generationConfig.thinkingConfig.thinkingLevel"},
}
"""Under which name a provider's efforts are sent."""

_MAIN = {"anthropic": "messages", "google": "generate_content", "cohere": "chat", "amazon-bedrock": "converse"}


def read(curation: Path) -> Iterator[Rule]:
    """Rules from ``curation/<provider>/{models,parameters}.jsonl``; partial lists are passed over."""
    for path in sorted(curation.glob("*/*.jsonl")):
        if path.stem not in {"models", "parameters"}:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "partial" not in row.get("note", ""):
                yield from _rules(path.parent.name, row)


def _rules(provider: str, row: dict[str, Any]) -> Iterator[Rule]:
    page = Page(row["page"], row["date"], _KINDS.get(row["source"], "third_party"))
    models = () if row["model"] == "*" else (str(row["model"]).lower(),)
    if any(" " in model or model.startswith("family:") for model in models):
        return
    for endpoint, path, facets in _facts(provider, row):
        yield Rule(provider, endpoint, path, facets, (page,), FIRST_PARTY, models, order=((2,), row["page"]))


def _facts(provider: str, row: dict[str, Any]) -> Iterator[tuple[str, str, Facets]]:
    value = row["value"]
    efforts = _EFFORTS.get(provider, {})
    if row["field"] == "reasoning.efforts" and value:
        for endpoint, path in efforts.items():
            yield (
                endpoint,
                path,
                {"choices": value, "any_case": True} if provider.startswith("google") else {"choices": value},
            )
    elif row["field"] == "reasoning.default_effort":
        for endpoint, path in efforts.items():
            yield endpoint, path, {"default": value}
    elif row["field"] == "parameter_range" and isinstance(value, dict):
        facets = {key: _number(value[name]) for name, key in _BOUNDS.items() if value.get(name) is not None}
        name = value["parameter"]
        if facets and name.replace("_", "").isalnum() and name not in _COUNTS:
            yield _MAIN.get(provider, "chat_completions"), name, facets


def _number(value: Any) -> Any:
    """A bound as requests carry it: ``curation`` writes fractions as text, to keep their digits."""
    is_fraction = isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdigit()
    return float(value) if is_fraction else value


_BOUNDS = {"minimum": "min", "maximum": "max", "default": "default"}
_COUNTS = frozenset({"texts", "input", "documents"})
"""Ranges of these are counts of entries, not bounds of a value."""
