"""Facts -> the JSON objects of the data files, in the shape of the library's records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from modelmeta.records import Endpoint, Tool

from .observations import Observation
from .reconcile import ModelFacts

Object = dict[str, Any]
"""A JSON object on its way into a file."""

_PLAIN = (
    "name", "author", "family", "size_class", "license", "open_weights", "knowledge_cutoff", "training_cutoff",
)  # fmt: skip
MODALITIES = ("text", "image", "audio", "video", "pdf", "embedding", "score")
_NESTED = ("lifecycle", "limits", "modalities", "capabilities", "reasoning")


def model_object(model: ModelFacts) -> Object:
    """One model as it stands in its provider's file: what is published and nothing else."""
    facts = {name: fact.value for name, fact in model.facts.items()}
    subject = model.subject
    record: Object = {name: facts[name] for name in _PLAIN if name in facts}
    if subject.base:
        record["base"] = subject.base
    for group in _NESTED:
        members = _members(facts, group)
        if members:
            record[group] = members
    if isinstance(modalities := record.get("modalities"), dict):
        record["modalities"] = {way: sorted(modalities[way], key=_Place(MODALITIES)) for way in modalities}
    record["endpoints"] = _endpoints(facts)
    record["tools"] = _tools(facts)
    record["links"] = [{"kind": kind, "url": url} for kind, url in sorted(_members(facts, "links").items())]
    record["rate_limits"] = _rate_limits(model)
    record["prices"] = [{**row, "source": statement.source} for row, statement in model.prices]
    record["aliases"] = sorted(subject.aliases)
    if subject.default_snapshot:
        record["default_snapshot"] = subject.default_snapshot
    if subject.snapshot_of:
        record["snapshot_of"] = subject.snapshot_of
    record["platform_ids"] = _platform_ids(subject.observations, subject.provider)
    record["observed"] = _measurements(model.measurements)
    record["inherited"] = sorted(name for name, fact in model.facts.items() if fact.inherited) + (
        ["prices"] if model.prices_inherited else []
    )
    seen = max((_seen(statement) for statement in subject.observations), default="")
    if seen:
        record["seen_on"] = seen
    return {name: value for name, value in record.items() if value not in (None, [], {})}


def add_snapshots(record: Object, snapshots: Iterable[tuple[str, ModelFacts]]) -> None:
    """List a model's pinned versions, oldest first."""
    rows: list[Object] = []
    for snapshot_id, model in snapshots:
        row: Object = {"id": snapshot_id}
        for name, path in (
            ("released", "lifecycle.released"),
            ("stated", "lifecycle.stated"),
            ("deprecated_on", "lifecycle.deprecated_on"),
            ("retires_on", "lifecycle.retires_on"),
        ):
            value = model.value(path)
            if value is not None:
                row[name] = value
        rows.append(row)
    rows.sort(key=lambda row: (str(row.get("released", "")), str(row["id"])))
    if rows:
        record["snapshots"] = list(rows)


def _members(facts: dict[str, Any], group: str) -> Object:
    prefix = f"{group}."
    return {name.removeprefix(prefix): value for name, value in facts.items() if name.startswith(prefix)}


def _endpoints(facts: dict[str, Any]) -> list[Any]:
    supported, paths = _members(facts, "endpoints"), _members(facts, "endpoint_paths")
    rows: list[Any] = []
    for name in sorted(supported.keys() | paths.keys(), key=_Place(Endpoint.NAMES)):
        row: Object = {"name": name}
        if name in paths:
            row["path"] = paths[name]
        if name in supported:
            row["supported"] = supported[name]
        rows.append(row)
    return rows


def _rate_limits(model: ModelFacts) -> list[Any]:
    fact = model.facts.get("rate_limits")
    if fact is None or not isinstance(fact.value, list):
        return []
    dated = {"seen_on": fact.believed.date} if fact.believed.date else {}
    return [{**row, **dated} for row in fact.value if isinstance(row, dict)]


def _tools(facts: dict[str, Any]) -> list[Any]:
    rows: list[Any] = []
    for name, value in sorted(_members(facts, "tools").items(), key=lambda item: _Place(Tool.NAMES)(item[0])):
        if isinstance(value, bool):
            rows.append({"name": name, "supported": value})
        else:
            rows.append({"name": name, "supported": True, "version": value})
    return rows


class _Place:
    def __init__(self, order: tuple[str, ...]) -> None:
        self.order = order

    def __call__(self, name: str) -> tuple[int, str]:
        return (self.order.index(name) if name in self.order else len(self.order), name)


def _platform_ids(statements: list[Observation], own: str) -> list[Any]:
    ids: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        if statement.field == "platform_ids" and isinstance(statement.value, dict):
            for platform, platform_id in statement.value.items():
                if isinstance(platform_id, str) and platform != own:
                    ids[platform].add(platform_id)
    return [{"platform": platform, "id": value} for platform in sorted(ids) for value in sorted(ids[platform])]


def _measurements(statements: list[Observation]) -> list[Any]:
    """Every measurement, the newest first."""
    rows = {str(sorted(s.value.items())): s.value for s in statements if isinstance(s.value, dict)}
    return sorted(
        rows.values(), key=lambda row: (str(row.get("measured_on", "")), str(sorted(row.items()))), reverse=True
    )


def _seen(statement: Observation) -> str:
    return statement.date or ""
