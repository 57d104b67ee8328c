"""A model's facts one by one, each under its dotted path: what an overlay states and what two datasets differ in."""

from __future__ import annotations

from ._record import Record, raw_json, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .records import Model

__all__ = ["ROW_KEYS", "amount", "as_raw", "facts", "frozen"]

ROW_KEYS: dict[str, tuple[str, ...]] = {
    "endpoints": ("name",),
    "tools": ("name",),
    "rate_limits": ("tier", "region", "context"),
    "snapshots": ("id",),
    "platform_ids": ("platform",),
    "links": ("kind",),
    "observed": ("measured_by", "via", "measured_on"),
}
"""The fields that are lists of rows, and what tells one row from another. (Prices have rules of their own.)"""

_NOT_FACTS = frozenset({"id", "provider", "checksum", "inherited"})


def as_raw(model: Record) -> Mapping[str, Any]:
    """The JSON form of a record; that of one made from JSON is not made again. Not to be changed."""
    raw: Mapping[str, Any] | None = raw_json(model)
    return to_json(model) if raw is None else raw


def facts(model: Model | Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    """Every fact of a model: where it stands in the JSON form, the dotted path of its field, and its value.

    >>> from modelmeta import get_model
    >>> {field: value for _, field, value in facts(get_model("gpt-4.1-mini"))}["limits.context_window"]
    1047576
    """
    for name, value in (as_raw(model) if isinstance(model, Record) else model).items():
        if name in _NOT_FACTS:
            continue
        if name == "prices":
            for number, rate in enumerate(value):
                yield ("prices", number), f"pricing.{rate.get('tier', 'standard')}.{rate['component']}", amount(rate)
        elif name in ROW_KEYS:
            for number, row in enumerate(value):
                yield from _row(name, number, row)
        elif isinstance(value, dict):
            for part, item in value.items():
                yield (name, part), f"{name}.{part}", item
        else:
            yield (name,), name, value


def _row(name: str, number: int, row: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    keys = ROW_KEYS[name]
    field = ".".join([name, *(str(row[key]) for key in keys if row.get(key) is not None)])
    rest = {part: item for part, item in row.items() if part not in keys}
    if not rest:
        yield (name, number), field, row[keys[0]]
    for part, item in rest.items():
        shown = _SHORT.get((name, part), f"{field}.{part}")
        yield (name, number, part), shown.replace("*", field.partition(".")[2]), item


_SHORT = {
    ("endpoints", "supported"): "endpoints.*",
    ("endpoints", "path"): "endpoint_paths.*",
    ("tools", "supported"): "tools.*",
    ("platform_ids", "id"): "platform_ids.*",
    ("links", "url"): "links.*",
}
"""Facts of a row that have a path of their own."""


def amount(rate: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of a price list says of its tier and component."""
    return {name: value for name, value in rate.items() if name not in {"component", "tier", "source"}}


def frozen(value: Any) -> object:
    """A JSON value as something that cannot be changed: objects become sorted pairs."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    if isinstance(value, dict):
        return tuple(sorted((name, frozen(item)) for name, item in value.items()))
    return value
