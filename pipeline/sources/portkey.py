"""Portkey's open model data: prices in every tier, region and unit, and a list of each provider's models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pipeline.observations import JSON, Observation
from pipeline.providers import provider_id
from pipeline.sources import portkey_models
from pipeline.sources.facts import Fact, Statement, load_file, plain
from pipeline.sources.portkey_ids import Place, place
from pipeline.sources.portkey_prices import Key, Prices, Record, merge, price_list

SOURCE = "portkey"
PRICING, GENERAL = "portkey/pricing", "portkey/general"
DATE = "2026-08-21"
"""The day of the upstream commit of both folders."""

NOT_MODELS = frozenset({"default", "name", "description"})
"""Keys of a file beside its models: placeholders and the provider's label."""

MISPLACED = frozenset({"gpt-image-1"})
"""Keys within a record that are another model's, pasted one level too deep; that model has its own record."""


def read(root: Path) -> Iterator[Observation]:
    """Prices first, then the lists of models; files and models in the order of their names."""
    for path in sorted((root / PRICING).glob("*.json")):
        yield from _prices(path)
    for path in sorted((root / GENERAL).glob("*.json")):
        yield from _models(path)


def _prices(path: Path) -> Iterator[Observation]:
    records = load_file(path)
    found: dict[str, list[tuple[Place, str]]] = defaultdict(list)
    for model_id in sorted(set(records).difference(NOT_MODELS)):
        where = place(path.stem, model_id)
        if where is not None:
            found[where.model].append((where, model_id))
    for model in sorted(found):
        lists = (
            _placed(price_list(path.stem, model_id, _record(path, model_id, records[model_id])), where)
            for where, model_id in sorted(found[model], key=lambda pair: (pair[0].order, pair[1]))
        )
        said = Statement(provider_id(path.stem), model, SOURCE, f"{PRICING}/{path.name}#{model}", DATE)
        yield from said.of(Fact("price", _row(key, prices)) for prices in [merge(lists)] for key in sorted(prices))


def _record(path: Path, model_id: str, record: Record) -> Record:
    unknown = set(record).difference({"pricing_config", "custom_pricing", *MISPLACED})
    if unknown:
        raise ValueError(f"portkey: {path.stem}/{model_id}: unknown keys {sorted(unknown)}")
    return record


def _placed(prices: Prices, where: Place) -> Prices:
    """The prices of an id, said of its model: in the tier and under the condition that the id stands for."""
    return {
        key._replace(tier=where.tier or key.tier, condition=tuple(sorted({*key.condition, *where.condition}))): amount
        for key, amount in prices.items()
    }


def _row(key: Key, prices: Prices) -> JSON:
    row: dict[str, JSON] = {
        "component": key.component,
        "unit": key.unit,
        "amount": plain(prices[key]),
        "currency": "USD",
        "tier": key.tier,
    }
    if key.condition:
        row["condition"] = dict(key.condition)
    return row


def _models(path: Path) -> Iterator[Observation]:
    records = load_file(path)
    for model_id in sorted(set(records).difference(NOT_MODELS)):
        where = place(path.stem, model_id)
        if where is not None:
            said = Statement(provider_id(path.stem), where.model, SOURCE, f"{GENERAL}/{path.name}#{where.model}", DATE)
            yield from said.of(portkey_models.facts(path.stem, model_id, records[model_id]))
