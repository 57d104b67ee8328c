"""What the arguments of ``with_cost`` mean for a frame."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from ._frame_columns import Asked, output_names
from ._frame_engines import is_timed
from ._frame_query import Query
from ._frame_rates import Scope
from ._frame_references import UNKNOWN, references_of
from .active import current_catalog
from .components import COUNTS, TOKENS
from .cost import _seconds, _tier
from .errors import UsageError
from .pricing import OPTIONS, TIERS
from .references import provider_name
from .suggestions import closest
from .usage import check_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ._frame_query import Frame
    from .cost import Moment

__all__ = ["understood"]


def understood(
    given: Frame,
    *,
    model: str,
    tier: str | None,
    at: Moment | None,
    provider: str | None,
    models: Iterable[str] | None,
    components: bool,
    on_missing: str,
    nulls: str,
    prefix: str,
    **counts: object,
) -> Query:
    """The query that the arguments of ``with_cost`` ask for; ``UsageError`` where the frame has no such columns."""
    if on_missing not in {"null", "skip"}:
        raise UsageError(f"on_missing is 'null' or 'skip', not {on_missing!r}")
    if nulls not in {"unpriced", "zero"}:
        raise UsageError(f"nulls is 'unpriced' or 'zero', not {nulls!r}")
    options = check_counts({name: counts.pop(name) for name in OPTIONS if name in counts})
    schema = given.collect_schema()
    found = _count_columns(counts, schema)
    tier_column, tiers = _column_or_tier(tier, list(schema))
    at_column, moment = _column_or_moment(at, list(schema))
    provider_column = provider if provider in list(schema) else None
    _need(model, list(schema), "model")
    if not isinstance(schema[model], _STRINGS):
        raise UsageError(f"model={model!r} holds {schema[model]}, not strings")
    catalog = current_catalog()
    if provider is not None and provider_column is None:
        provider = catalog.get_provider(provider_name(provider)).id
    asked = Asked(
        counts=found,
        tier=tier_column,
        at=at_column,
        fractions=frozenset(count for count, column in found.items() if not schema[column].is_integer()),
        prefix=prefix,
        components=components,
        zero_nulls=nulls == "zero",
        skip_missing=on_missing == "skip",
        stranger=UNKNOWN if models is None else "not in models=",
    )
    taken = [name for name in output_names(asked) if name in list(schema)]
    if taken:
        raise UsageError(f"the frame already has a column {taken[0]!r}: choose another prefix=")
    scope = Scope(
        counts=tuple(found),
        tiers=tiers,
        at=None if at_column is not None else moment or (int(time()), True),
        timed=at_column is None or is_timed(given, at_column),
        stated=at is not None,
        options=tuple(options.items()),
        by_reasoning="reasoning_tokens" in found,
    )
    return Query(
        references=references_of(catalog),
        asked=asked,
        scope=scope,
        model=model,
        provider=provider if provider_column is None else None,
        host=provider_column,
        models=None if models is None else tuple(dict.fromkeys(models)),
    )


# Arguments ------------------------------------------------------------------------------------------

_STRINGS = (nw.String, nw.Categorical, nw.Enum, nw.Object)


def _count_columns(counts: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, str]:
    """The columns of the counts, in the order of the vocabulary."""
    unknown = [name for name in counts if name not in COUNTS]
    if unknown:
        near = closest(unknown[0], (*COUNTS, *OPTIONS), 2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UsageError(f"with_cost() has no argument {unknown[0]!r}{hint}")
    found: dict[str, str] = {}
    for count in COUNTS:
        column = counts.get(count, count if count in TOKENS else None)
        if column is None or (column == count and count in TOKENS and column not in list(schema)):
            continue
        _need(column, list(schema), count)
        dtype = schema[column]
        if not (dtype.is_numeric() or dtype == nw.Unknown):
            raise UsageError(f"{count}={column!r} holds {dtype}, not numbers: cast it first")
        found[count] = column
    if not found:
        raise UsageError(
            f"no column holds a count: name one, as in input_tokens={next(iter(list(schema)), 'prompt_tokens')!r}"
        )
    return found


def _need(column: object, columns: Sequence[str], argument: str) -> None:
    if column not in columns:
        near = closest(str(column), columns, 2)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(columns)}"
        raise UsageError(f"the frame has no column {column!r} for {argument}=; {hint}")


def _column_or_tier(tier: str | None, columns: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    if tier is not None and tier in columns:
        return tier, TIERS
    return None, (_tier(tier, None),)


def _column_or_moment(at: Moment | None, columns: Sequence[str]) -> tuple[str | None, tuple[int, bool] | None]:
    if at is None:
        return None, None
    if isinstance(at, str) and at in columns:
        return at, None
    seconds, timed, _ = _seconds(at)
    return None, (seconds, timed)
