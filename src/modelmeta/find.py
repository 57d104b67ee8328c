"""Choose models by what they can do, hold and cost; compare chosen ones field by field."""

from __future__ import annotations

from ._record import Record, field_names
from .errors import ModelMetaError
from .pricing import Rate
from .records import Capabilities, Endpoint, Lifecycle, Limits, Modalities, Model, Tool
from .suggestions import one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal
    from typing import Any

    import pandas as pd
    import polars as pl

    from .estimates import Workload

__all__ = ["SORT_KEYS", "Comparison", "ComparisonRow", "compare", "select"]


class ComparisonRow(Record):
    """One field of the models compared: its dotted path, each model's value in order, and whether they differ."""

    field: str
    values: tuple[object, ...]
    differs: bool


class Comparison(Record):
    """Models side by side. ``rows`` holds every field that at least one of them states.

    Values are those of the records, in their units; of a price, its :class:`Rate`; ``None`` where nobody says.

    >>> from modelmeta import compare_models
    >>> compared = compare_models("gpt-4.1-mini", "gpt-4.1-nano")
    >>> [row.values for row in compared.rows if row.field == "limits.max_output_tokens"]
    [(32768, 32768)]
    """

    models: tuple[Model, ...]
    rows: tuple[ComparisonRow, ...]

    @property
    def differences(self) -> tuple[ComparisonRow, ...]:
        """The rows in which the models differ."""
        return tuple(row for row in self.rows if row.differs)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas data frame: a row for each field, a column for each model, and whether they differ.

        Raises ``ImportError`` if pandas is not installed.
        """
        from ._display_frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """A Polars data frame: a row for each field, a column for each model, and whether they differ.

        Raises ``ImportError`` if Polars is not installed.
        """
        from ._display_frames import to_polars

        return to_polars(self)

    def __repr__(self) -> str:
        ids = ", ".join(model.qualified_id for model in self.models)
        return f"<Comparison of {ids}: {len(self.differences)} of {len(self.rows)} fields differ>"


def _usd_per_million(component: str) -> Callable[[Model], Decimal | None]:
    def price(model: Model) -> Decimal | None:
        rate = model.price(component)
        return rate.amount if rate and rate.unit == "1M tokens" and rate.currency == "USD" else None

    return price


_input_price = _usd_per_million("input")
_output_price = _usd_per_million("output")

SORT_KEYS: dict[str, tuple[Callable[[Model], Any], bool]] = {
    "context_window": (lambda model: model.limits.context_window, True),
    "input_price": (_input_price, False),
    "max_output_tokens": (lambda model: model.limits.max_output_tokens, True),
    "name": (lambda model: model.name, False),
    "output_price": (_output_price, False),
    "released": (lambda model: model.released and model.released.first_day, True),
}
"""What ``find_models`` can sort by, and whether the largest (or newest) comes first."""


_FEATURES = (*field_names(Capabilities), *Endpoint.NAMES, *Tool.NAMES)


def select(
    models: Iterable[Model],
    *,
    requires: Iterable[str] = (),
    input_modalities: Iterable[str] = (),
    output_modalities: Iterable[str] = (),
    min_context: int | None = None,
    min_output: int | None = None,
    max_input_price: object = None,
    max_output_price: object = None,
    open_weights: bool | None = None,
    status: str | None = None,
    sort_by: str | None = None,
    limit: int | None = None,
    workload: Workload | None = None,
) -> tuple[Model, ...]:
    """The models that are known to meet every condition: what is not published meets none."""
    features = _several(requires, "requires", _FEATURES, "capability, endpoint or tool")
    wanted_in = set(_several(input_modalities, "input_modalities", Modalities.NAMES, "modality"))
    wanted_out = set(_several(output_modalities, "output_modalities", Modalities.NAMES, "modality"))
    least = {
        field: _count(value, name)
        for field, name, value in (
            ("context_window", "min_context", min_context),
            ("max_output_tokens", "min_output", min_output),
        )
        if value is not None
    }
    most = [
        (price, _amount(value, name))
        for name, price, value in (
            ("max_input_price", _input_price, max_input_price),
            ("max_output_price", _output_price, max_output_price),
        )
        if value is not None
    ]

    if status is not None:
        one_of(status, Lifecycle.STATUSES, "status")

    def meets(model: Model) -> bool:
        return (
            (open_weights is None or model.open_weights is open_weights)
            and wanted_in.issubset(model.modalities.input)
            and wanted_out.issubset(model.modalities.output)
            and all((getattr(model.limits, field) or -1) >= value for field, value in least.items())
            and all(model.supports(name) is True for name in features)
            and all((found := price(model)) is not None and found <= bound for price, bound in most)
            and (status is None or model.status == status)
        )

    found = [model for model in models if meets(model)]
    if sort_by is not None:
        found = _sorted(found, sort_by, workload)
    return tuple(found if limit is None else found[: _count(limit, "limit")])


def _several(names: Iterable[str], argument: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    try:
        given = (names,) if isinstance(names, str) else tuple(names)
    except TypeError:
        raise ModelMetaError(f"{argument} is a list of names, not {names!r}") from None
    return tuple([one_of(name, known, what) for name in given])


def _count(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ModelMetaError(f"{name} is a whole number such as 1000, not {value!r}")
    return value


def _amount(value: object, name: str) -> Decimal:
    from decimal import Decimal, InvalidOperation

    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite():
        raise ModelMetaError(f"{name} is an amount of USD per 1M tokens such as 0.5, not {value!r}")
    return amount


def _sorted(models: list[Model], sort_by: str, workload: Workload | None) -> list[Model]:
    if sort_by == "cost":
        from .estimates import sort_by_cost

        return sort_by_cost(models, workload)
    if sort_by not in SORT_KEYS:
        raise ModelMetaError(f"cannot sort by {sort_by!r}; sort_by is one of {', '.join([*SORT_KEYS, 'cost'])}")
    key, largest_first = SORT_KEYS[sort_by]
    keyed = [(key(model), model) for model in models]
    known = sorted(((k, m) for k, m in keyed if k is not None), key=lambda pair: pair[0], reverse=largest_first)
    return [model for _, model in known] + [model for k, model in keyed if k is None]


_COMPARED: tuple[str, ...] = (
    "author", "family", "status", "released", "knowledge_cutoff", "open_weights",
    *(f"limits.{name}" for name in field_names(Limits)),
    "modalities.input", "modalities.output",
    *(f"capabilities.{name}" for name in field_names(Capabilities)),
    "reasoning.efforts", "reasoning.default_effort",
)  # fmt: skip

_COMPARED_PRICES = ("input", "cached_input", "cache_write", "output")


def compare(models: tuple[Model, ...]) -> Comparison:
    """The comparison of ``models``."""
    rows = [(path, tuple(_at(model, path) for model in models)) for path in _COMPARED]
    rows += [
        (f"pricing.standard.{component}", tuple(model.price(component) for model in models))
        for component in _COMPARED_PRICES
    ]
    return Comparison(
        models=models,
        rows=tuple(
            ComparisonRow(field=field, values=values, differs=len({_compared(value) for value in values}) > 1)
            for field, values in rows
            if any(value not in (None, ()) for value in values)
        ),
    )


def _compared(value: object) -> object:
    """What counts when two values are compared: of a rate, what is paid, not who says so."""
    return (value.amount, value.unit, value.currency) if isinstance(value, Rate) else value


def _at(model: Model, path: str) -> object:
    value: object = model
    for name in path.split("."):
        value = getattr(value, name)
    return value
