"""What sources said before: changes of a value from one day to another, as their own archives show them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.observations import JSON

from .facts import DIGITS_OF_A_FLOAT, plain


@dataclass(frozen=True, slots=True)
class Change:
    """On ``date`` a source began to say ``new`` about ``field`` of a model, where it had said ``old``."""

    provider: str
    model: str
    field: str
    date: str
    old: JSON
    new: JSON
    source: str
    locator: str
    kind: str = "change"
    reason: str = ""


MODELS_DEV = "models-dev/price-history.jsonl"
_MODELS_DEV_COMPONENTS = {
    "input": "input",
    "output": "output",
    "cache_read": "cached_input",
    "cache_write": "cache_write",
}
_ROUTER_COMPONENTS = {"prompt": "input", "completion": "output", "input_cache_read": "cached_input"}
_XAI_COMPONENTS = {
    "prompt_text_token_price": "input",
    "cached_prompt_text_token_price": "cached_input",
    "completion_text_token_price": "output",
}
_LIMITS = {
    "context_length": "limits.context_window",
    "max_input_tokens": "limits.max_input_tokens",
    "max_tokens": "limits.max_output_tokens",
}
_AS_STATED = {"expiration_date": "lifecycle.retires_on", "aliases": "aliases"}


def read(root: Path) -> Iterator[Change]:
    """Every change in every archive that is there, in a fixed order: one of them is published nowhere."""
    if (root / MODELS_DEV).exists():
        yield from _models_dev(root / MODELS_DEV)
    for provider, source in (("openrouter", "openrouter-api"), ("xai", "vendor-apis"), ("anthropic", "vendor-apis")):
        yield from _listed(root / "provider-apis" / f"{provider}-changes.jsonl", provider, source)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line, parse_float=Decimal)


def _models_dev(path: Path) -> Iterator[Change]:
    by_model: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in _lines(path):
        by_model[row["provider"], row["model"]].append(row)
    for (provider, model), rows in sorted(by_model.items()):
        stated = sorted((row for row in rows if not row.get("removed")), key=lambda row: (row["date"], row["commit"]))
        for before, after in pairwise(stated):
            for name, component in _MODELS_DEV_COMPONENTS.items():
                old, new = _plain(before.get(name)), _plain(after.get(name))
                if old != new:
                    yield Change(
                        provider, model, f"pricing.standard.{component}", after["date"][:10], old, new,
                        "models.dev", f"https://github.com/anomalyco/models.dev/commit/{after['commit']}",
                    )  # fmt: skip


def _listed(path: Path, provider: str, source: str) -> Iterator[Change]:
    for row in _lines(path):
        for field, old, new in _fields(row["changed"]):
            if old != new:
                yield Change(
                    provider,
                    row["id"],
                    field,
                    row["seen_on"],
                    old,
                    new,
                    source,
                    f"provider-apis/{path.name}#{row['id']}",
                )


def _fields(changed: dict[str, list[Any]]) -> Iterator[tuple[str, JSON, JSON]]:
    for name, (old, new) in changed.items():
        if name in _LIMITS:
            yield _LIMITS[name], old, new
        elif name == "pricing":
            for key, component in _ROUTER_COMPONENTS.items():
                before, after = (_scaled((side or {}).get(key), 1_000_000) for side in (old, new))
                yield f"pricing.standard.{component}", before, after
        elif name == "top_provider":
            before, after = ((side or {}).get("max_completion_tokens") for side in (old, new))
            yield "limits.max_output_tokens", before, after
        elif name in _XAI_COMPONENTS:
            before, after = (_scaled(side, Decimal("0.0001")) for side in (old, new))
            yield f"pricing.standard.{_XAI_COMPONENTS[name]}", before, after
        elif name in _AS_STATED:
            yield _AS_STATED[name], old, new


def _plain(amount: Any) -> str | None:
    return None if amount is None else plain(DIGITS_OF_A_FLOAT.create_decimal(str(amount)))


def _scaled(amount: Any, factor: Any) -> str | None:
    return None if amount is None else plain(DIGITS_OF_A_FLOAT.create_decimal(Decimal(str(amount)) * factor))
