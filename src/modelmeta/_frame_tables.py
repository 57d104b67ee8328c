"""The dataset as columns: one row for each model, each price, each parameter of a model.

Lists are one text with blanks between. Dates are text too, as precise as they are known (``2024-06``), and sort.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ._record import field_names
from .dates import PartialDate
from .pricing import Condition, Rate
from .records import Capabilities, Limits, Modalities
from .specs import ParameterSpec, get_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .records import Model

__all__ = ["TABLES", "Columns", "Table", "columns_of"]

Columns = dict[str, list[Any]]


class Table(NamedTuple):
    """What its rows are made of, and what kind of value each column has: ``str``, ``int``, ``float`` or ``bool``."""

    rows: Callable[[Model], Iterator[Sequence[object]]]
    kinds: dict[str, type]


def columns_of(table: Table, models: Iterable[Model]) -> Columns:
    """The columns of a table for some models."""
    rows = [row for model in models for row in table.rows(model)]
    values = zip(*rows, strict=True) if rows else ([] for _ in table.kinds)
    return {
        name: [_plain(value, kind) for value in column]
        for (name, kind), column in zip(table.kinds.items(), values, strict=True)
    }


def _plain(value: Any, kind: type) -> Any:
    if value is None or value.__class__ is kind:
        return value
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, tuple):
        return " ".join(map(str, value)) if value else None
    return kind(value)


def _kinds(names: str, kind: type = str) -> dict[str, type]:
    return dict.fromkeys(names.split(), kind)


# Models ---------------------------------------------------------------------------------------------

_STATED = _kinds("model provider id name author base family size_class license")
_OTHERS = _kinds("default_snapshot snapshot_of aliases endpoints tools")
_MODEL = {
    **_STATED,
    **_kinds("open_weights", bool),
    **_kinds("status released deprecated_on retires_on replacement knowledge_cutoff training_cutoff"),
    **dict.fromkeys(field_names(Limits), int),
    **{f"{side}_modalities": str for side in field_names(Modalities)},
    **dict.fromkeys(field_names(Capabilities), bool),
    **_OTHERS,
    **_kinds("seen_on"),
}


def _model_rows(model: Model) -> Iterator[Sequence[object]]:
    lifecycle = model.lifecycle
    yield (
        model.qualified_id,
        *(getattr(model, name) for name in tuple(_STATED)[1:]),
        model.open_weights,
        model.status,
        *(lifecycle.released, lifecycle.deprecated_on, lifecycle.retires_on, lifecycle.replacement),
        *(model.knowledge_cutoff, model.training_cutoff),
        *(getattr(model.limits, name) for name in field_names(Limits)),
        *(getattr(model.modalities, name) for name in field_names(Modalities)),
        *(getattr(model.capabilities, name) for name in field_names(Capabilities)),
        *(model.default_snapshot, model.snapshot_of, model.aliases),
        tuple(endpoint.name for endpoint in model.endpoints if endpoint.supported),
        tuple(tool.name for tool in model.tools if tool.supported),
        model.seen_on,
    )


# Prices ---------------------------------------------------------------------------------------------

_CONDITION_KINDS = {
    "above_input_tokens": int,
    **_kinds("excess_only fine_tuned thinking with_audio", bool),
}
_OF_RATE = tuple(name for name in field_names(Rate) if name not in {"amount", "condition", "source"})
_PRICE = {
    **_kinds("model provider id"),
    **dict.fromkeys(_OF_RATE, str),
    **_kinds("amount", float),
    **_kinds("exact_amount"),
    **{name: _CONDITION_KINDS.get(name, str) for name in field_names(Condition)},
    **_kinds("source"),
}
_ANY = Condition()


def _price_rows(model: Model) -> Iterator[Sequence[object]]:
    for rate in model.prices:
        condition = rate.condition or _ANY
        yield (
            *(model.qualified_id, model.provider, model.id),
            *(getattr(rate, name) for name in _OF_RATE),
            *(rate.amount, f"{rate.amount:f}"),
            *(getattr(condition, name) for name in field_names(Condition)),
            rate.source,
        )


# Parameters -----------------------------------------------------------------------------------------

_PARAMETER_KINDS: dict[str, type] = {
    **_kinds("minimum maximum exclusive_minimum exclusive_maximum", float),
    **_kinds("required", bool),
    **_kinds("max_items max_length", int),
}
_OF_SPEC = tuple(name for name in field_names(ParameterSpec) if name != "sources")
_PARAMETER = {**_kinds("model provider id"), **{name: _PARAMETER_KINDS.get(name, str) for name in _OF_SPEC}}


def _parameter_rows(model: Model) -> Iterator[Sequence[object]]:
    for spec in get_parameters(model).values():
        stated = [getattr(spec, name) for name in _OF_SPEC]
        for name in ("default", "choices"):
            value = getattr(spec, name)
            stated[_OF_SPEC.index(name)] = None if value is None else json.dumps(value, default=str)
        yield (model.qualified_id, model.provider, model.id, *stated)


TABLES = {
    "models": Table(_model_rows, _MODEL),
    "prices": Table(_price_rows, _PRICE),
    "parameters": Table(_parameter_rows, _PARAMETER),
}
