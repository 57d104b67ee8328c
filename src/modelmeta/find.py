"""Choose models by what they are, can do, hold and cost."""

from __future__ import annotations

from . import dates
from ._columns import equals, first_day, on
from ._record import field_names
from .errors import ModelMetaError
from .records import Capabilities, Endpoint, Lifecycle, Modalities, Tool
from .references import normalise, provider_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from ._columns import Test
    from .catalog import Catalog, Place
    from .estimates import Workload
    from .records import Model

__all__ = ["CONDITIONS", "SORT_KEYS", "listed", "select"]


# Conditions -------------------------------------------------------------------------------------------------


def _all_of(known: tuple[str, ...], what: str) -> Callable[[Any, str], Test | None]:
    def test(names: Any, argument: str) -> Test | None:
        try:
            given = (names,) if isinstance(names, str) else tuple(names)
        except TypeError:
            raise ModelMetaError(f"{argument} is a list of names, not {names!r}") from None
        wanted = frozenset(_one_of(name, known, what) for name in given)
        return wanted.issubset if wanted else None

    return test


def _at_least(value: object, argument: str) -> Test:
    least = _count(value, argument)
    return lambda stated: (stated or -1) >= least


class _Floats(dict[str | None, float]):
    """Amounts as they stand in a column, as floats, each made once; what is not published is above any limit."""

    def __missing__(self, text: str | None) -> float:
        near = self[text] = float("inf") if text is None else float(text)
        return near


_floats = _Floats()


def _at_most(value: object, argument: str) -> Test:
    limit, text, day = _amount(value, argument), str(value), dates.today_text()

    def test(stated: Any) -> bool:
        if stated.__class__ is list:
            stated = on(stated, day)
        near = _floats[stated]
        return near < limit if near != limit else stated == text or _exactly(stated) <= _exactly(text)

    return test


def _exactly(amount: str) -> Decimal:
    """For amounts that are alike as floats; to import this takes longer than a search."""
    from decimal import Decimal

    return Decimal(amount)


def _one_of(name: str, known: tuple[str, ...], what: str) -> str:
    if name in known:
        return name
    from .suggestions import one_of

    return one_of(name, known, what)


def _count(value: object, argument: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ModelMetaError(f"{argument} is a whole number such as 1000, not {value!r}")
    return value


def _amount(value: object, argument: str) -> float:
    try:
        amount = float(str(value))
    except ValueError:
        amount = float("nan")
    if not abs(amount) < float("inf"):
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
    "status": ("status", lambda value, argument: equals(_one_of(value, Lifecycle.STATUSES, argument))),
    "author": ("author", lambda value, argument: equals(normalise(value, f"{argument}="))),
}
"""What ``find_models`` can ask for, the column that knows it, and the test that an argument makes."""

SORT_KEYS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "context_window": (int, True),
    "input_price": (float, False),
    "max_output_tokens": (int, True),
    "name": (str, False),
    "output_price": (float, False),
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
    places, values = catalog.matching(tests, sort_by if sort_by in SORT_KEYS else None)
    if sort_by == "cost":
        from .estimates import sort_by_cost

        return tuple(sort_by_cost(catalog.listed(places), workload)[:last])
    if sort_by is not None:
        places = _sorted(places, values, *SORT_KEYS[sort_by])
    return tuple(catalog.listed(places[:last]))


def listed(catalog: Catalog, provider: str | None, wanted: Mapping[str, str | None]) -> tuple[Model, ...]:
    """The models of a provider, or of all, whose fields are what is ``wanted`` of them, as of today."""
    if wanted["status"] is not None:
        _one_of(wanted["status"], Lifecycle.STATUSES, "status")
    asked = {name: normalise(value, f"{name}=") for name, value in wanted.items() if value is not None}
    if provider is None and asked:
        places, _ = catalog.matching({name: equals(value) for name, value in asked.items()})
        return tuple(catalog.listed(places))
    if provider is None:
        return tuple([model for name in catalog._providers() for model in catalog._all_of(name)])
    name = provider_name(provider)
    models = catalog._all_of(name if name in catalog._whole else catalog.get_provider(provider).id)
    if not asked:
        return models
    return tuple([m for m in models if asked == {name: (getattr(m, name) or "").lower() for name in asked}])


def _sorted(places: Sequence[Place], values: list[Any], key: Callable[[Any], Any], largest_first: bool) -> list[Place]:
    day = dates.today_text()
    held = [on(value, day) for value in values]
    keyed = [(key(value), place) for value, place in zip(held, places, strict=True) if value is not None]
    keyed.sort(key=lambda pair: pair[0], reverse=largest_first)
    unknown = [place for value, place in zip(held, places, strict=True) if value is None]
    return [*(place for _, place in keyed), *unknown]
