"""Choose models by what they can do, hold and cost; compare chosen ones field by field."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ._columns import equals, first_day, on, today
from ._record import Record, field_names
from .errors import ModelMetaError
from .pricing import Rate
from .records import Capabilities, Endpoint, Lifecycle, Limits, Modalities, Model, Tool
from .references import normalise
from .suggestions import one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    import pandas as pd
    import polars as pl

    from ._columns import Test
    from .catalog import Catalog
    from .estimates import Workload

__all__ = ["CONDITIONS", "SORT_KEYS", "Comparison", "ComparisonRow", "compare", "select"]


# Conditions -------------------------------------------------------------------------------------------------


def _all_of(known: tuple[str, ...], what: str) -> Callable[[Any, str], Test | None]:
    def test(names: Any, argument: str) -> Test | None:
        try:
            given = (names,) if isinstance(names, str) else tuple(names)
        except TypeError:
            raise ModelMetaError(f"{argument} is a list of names, not {names!r}") from None
        wanted = frozenset(one_of(name, known, what) for name in given)
        return wanted.issubset if wanted else None

    return test


def _at_least(value: object, argument: str) -> Test:
    least = _count(value, argument)
    return lambda stated: (stated or -1) >= least


class _Amounts(dict[str, Decimal]):
    """Amounts as numbers, each made once."""

    def __missing__(self, text: str) -> Decimal:
        amount = self[text] = Decimal(text)
        return amount


_amounts = _Amounts()


def _at_most(value: object, argument: str) -> Test:
    most, day = _amount(value, argument), today()

    def test(stated: Any) -> bool:
        amount = on(stated, day) if stated.__class__ is list else stated
        return amount is not None and _amounts[amount] <= most

    return test


def _count(value: object, argument: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ModelMetaError(f"{argument} is a whole number such as 1000, not {value!r}")
    return value


def _amount(value: object, argument: str) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite():
        raise ModelMetaError(f"{argument} is an amount of USD per 1M tokens such as 0.5, not {value!r}")
    return amount


CONDITIONS: dict[str, tuple[str, Callable[[Any, str], Test | None]]] = {
    "requires": (
        "features",
        _all_of((*field_names(Capabilities), *Endpoint.NAMES, *Tool.NAMES), "capability, endpoint or tool"),
    ),
    "input_modalities": ("input_modalities", _all_of(Modalities.NAMES, "modality")),
    "output_modalities": ("output_modalities", _all_of(Modalities.NAMES, "modality")),
    "min_context": ("context_window", _at_least),
    "min_output": ("max_output_tokens", _at_least),
    "max_input_price": ("input_price", _at_most),
    "max_output_price": ("output_price", _at_most),
    "open_weights": ("open_weights", lambda value, _: lambda stated: stated is value),
    "status": ("status", lambda value, argument: equals(one_of(value, Lifecycle.STATUSES, argument))),
    "author": ("author", lambda value, argument: equals(normalise(value, f"{argument}="))),
}
"""What ``find_models`` can ask for, the column that knows it, and the test that an argument makes."""

SORT_KEYS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "context_window": (int, True),
    "input_price": (_amounts.__getitem__, False),
    "max_output_tokens": (int, True),
    "name": (str, False),
    "output_price": (_amounts.__getitem__, False),
    "released": (first_day, True),
}
"""The columns that ``find_models`` can sort by, how values compare, and whether the largest (or newest) comes first."""


def select(
    catalog: Catalog,
    conditions: Mapping[str, object],
    *,
    provider: str | None = None,
    sort_by: str | None = None,
    limit: int | None = None,
    workload: Workload | None = None,
) -> tuple[Model, ...]:
    """The models that are known to meet every condition: what is not published meets none.

    ``conditions`` are those of ``CONDITIONS``; one that is ``None`` asks for nothing.
    """
    tests = {} if provider is None else {"provider": equals(catalog.get_provider(provider).id)}
    for argument, given in conditions.items():
        column, test_of = CONDITIONS[argument]
        test = None if given is None else test_of(given, argument)
        if test is not None:
            tests[column] = test
    if sort_by is not None and sort_by not in {*SORT_KEYS, "cost"}:
        raise ModelMetaError(f"cannot sort by {sort_by!r}; sort_by is one of {', '.join([*SORT_KEYS, 'cost'])}")
    last = None if limit is None else _count(limit, "limit")
    ids, values = catalog.matching(tests, sort_by if sort_by in SORT_KEYS else None)
    if sort_by == "cost":
        from .estimates import sort_by_cost

        return tuple(sort_by_cost(catalog.listed(ids), workload)[:last])
    if sort_by is not None:
        ids = _sorted(ids, values, *SORT_KEYS[sort_by])
    return tuple(catalog.listed(ids[:last]))


def _sorted(ids: list[str], values: list[Any], key: Callable[[Any], Any], largest_first: bool) -> list[str]:
    day = today()
    held = [on(value, day) for value in values]
    keyed = [(key(value), id) for value, id in zip(held, ids, strict=True) if value is not None]
    keyed.sort(key=lambda pair: pair[0], reverse=largest_first)
    return [*(id for _, id in keyed), *(id for value, id in zip(held, ids, strict=True) if value is None)]


# Comparing --------------------------------------------------------------------------------------------------


class ComparisonRow(Record):
    """One field of the models compared: its dotted path, each model's value in order, and whether they differ.

    ``differs`` is ``None`` where what is stated agrees, but is not stated of every model: nobody knows then.
    Values are those of the records, in their units; of a price, its :class:`Rate`; ``None`` where nobody says.
    """

    field: str
    values: tuple[object, ...]
    differs: bool | None


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
        """The rows in which the models are known to differ."""
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
            ComparisonRow(field=field, values=values, differs=_differ(values))
            for field, values in rows
            if any(value not in (None, ()) for value in values)
        ),
    )


def _differ(values: tuple[object, ...]) -> bool | None:
    stated = [_compared(value) for value in values if value not in (None, ())]
    return True if len(set(stated)) > 1 else False if len(stated) == len(values) else None


def _compared(value: object) -> object:
    """What counts when two values are compared: of a rate, what is paid, not who says so."""
    return (value.amount, value.unit, value.currency) if isinstance(value, Rate) else value


def _at(model: Model, path: str) -> object:
    value: object = model
    for name in path.split("."):
        value = getattr(value, name)
    return value
