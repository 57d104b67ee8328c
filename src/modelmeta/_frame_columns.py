"""The cost of a row as expressions over its columns and the prices joined to it: no engine needs more."""

from __future__ import annotations

from functools import reduce
from operator import add, and_
from typing import TYPE_CHECKING, NamedTuple

import narwhals.stable.v2 as nw

from . import _frame_rates as rates
from ._frame_engines import temporary
from ._plans import DAY, MIN_PLACES
from .components import BUCKETS, CONTINUOUS, COUNTS, PARTS
from .cost import INSTEAD
from .pricing import TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, TypeAlias

    from ._frame_rates import Prepared

    Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"
    Check: TypeAlias = "tuple[nw.Expr, nw.Expr]"

__all__ = ["SECONDS", "Asked", "cell_of", "cost_columns", "listed_form", "numbers", "output_names"]

NO_MODEL = "no model"
NO_TIME = "no time"
NO_COUNTS = "no counts"
UNKNOWN_TIER = "unknown tier"

SECONDS = "moment"
TIER = "tier"

_TOTALS = frozenset({"input_tokens", "output_tokens"})

_INFINITE = 1e300
"""What is not less than this (``inf`` and, in most engines, ``nan``) is not a number."""


class Asked(NamedTuple):
    """Which columns say what, and how the answer is to look.

    ``counts`` are the columns of the counts; ``tier`` and ``at`` are columns, or ``None`` where all rows have the
    same. ``fractions`` are the counts whose column may hold fractions and so must be checked, ``stranger`` is the
    reason for rows whose reference is not in the table of prices.
    """

    counts: dict[str, str]
    tier: str | None
    at: str | None
    fractions: frozenset[str]
    prefix: str
    components: bool
    zero_nulls: bool
    skip_missing: bool
    stranger: str


def _col(name: str) -> nw.Expr:
    return nw.col(temporary(name))


def _text(value: str | None) -> nw.Expr:
    return nw.lit(value, dtype=nw.String)


def _whole(value: int) -> nw.Expr:
    return nw.lit(value, dtype=nw.Int64)


def output_names(asked: Asked) -> list[str]:
    """The names of the columns that are added, in order."""
    components = dict.fromkeys(COUNTS[count][0] for count in asked.counts) if asked.components else {}
    return [asked.prefix, *(f"{asked.prefix}_{name}" for name in (*components, "currency", "reason"))]


# Before the join ------------------------------------------------------------------------------------


def listed_form(reference: nw.Expr, *, plain: bool = False) -> nw.Expr:
    """A reference as it stands in the list of all references.

    That is lower case, without what is the customer's own in a fine-tune, an ARN or a project path; or, if it is to
    be ``plain``, lower case alone.
    """
    text = reference.str.to_lowercase().str.strip_chars()
    if plain:
        return text
    for pattern, replacement in _OWN:
        text = text.str.replace_all(pattern, replacement)
    trained = text.str.replace_all("^ft:", "").str.replace_all(":.*$", "")
    return nw.when(text.str.starts_with("ft:")).then(nw.concat_str(_text("ft:"), trained)).otherwise(text)


_OWN = (
    ("^openai[/:]ft:", "ft:"),
    ("^arn:.*/", "arn:"),
    ("^.*/publishers/", "publishers/"),
    ("[.]ft-.*$", ".ft-"),
)
"""What is left out of references to Bedrock's and Vertex' resources and to fine-tunes on Azure."""


def numbers(asked: Asked) -> list[nw.Expr]:
    """The counts as plain numbers, and the tiers as their places in ``TIERS``."""
    made: list[nw.Expr] = []
    for count, column in asked.counts.items():
        number = nw.col(column).cast(nw.Float64)
        if count not in _TOTALS or asked.zero_nulls:
            number = number.fill_null(0.0)
        made.append(number.alias(temporary(count)))
    if asked.tier is not None:
        tier = nw.col(asked.tier).cast(nw.String)
        places = ((tier == name, _whole(place)) for place, name in enumerate(TIERS))
        made.append(_first(places, _whole(0)).alias(temporary(TIER)))
    return made


def cell_of(asked: Asked, prepared: Prepared, *, timed: bool) -> nw.Expr:
    """In which row of the prices a row of the frame finds its own: see :class:`Prepared`."""
    cell = _col(rates.BASE)
    steps: list[tuple[nw.Expr, nw.Expr]] = []
    tiers = 1
    if asked.tier is not None:
        cell = cell + _col(TIER) * _col(rates.WIDTH)
        tiers = len(TIERS)
    steps += [
        (_col(SECONDS) >= _col(f"change_{number}") * DAY, _col(rates.WIDTH) * tiers)
        for number in range(prepared.changes)
    ]
    if prepared.thinking:
        steps.append((_col("reasoning_tokens") > 0, _col(rates.THINKING)))
    if timed:
        steps += [((_col(SECONDS) % DAY) >= edge, _col(rates.HOURS)) for edge in prepared.edges]
    if prepared.weekend:
        steps.append((((_col(SECONDS) // DAY + 3) % 7) > 4, _col(rates.WEEKEND)))
    for applies, step in steps:
        cell = cell + nw.when(applies).then(step).otherwise(_whole(0))
    if prepared.grades:
        return cell + _passed_of_grade(prepared)
    return cell + _passed([_col(f"above_{number}") for number in range(prepared.thresholds)])


def _passed(thresholds: list[nw.Expr]) -> nw.Expr:
    """How many thresholds the input exceeds; they rise, so that hardly any row need be compared with the second."""
    passed = _whole(0)
    for threshold in reversed(thresholds):
        passed = nw.when(_col("input_tokens") > threshold).then(_whole(1) + passed).otherwise(_whole(0))
    return passed


def _passed_of_grade(prepared: Prepared) -> nw.Expr:
    """The same of the thresholds that hold where the row's model has its cells: of most, none.

    Hardly any request is so long that it passes one of the higher, of which the least is therefore asked once.
    """
    lower = [grade for grade in prepared.grades if grade.thresholds[:1] < (_LONG,)]
    higher = prepared.grades[len(lower) :]
    passed = _whole(0)
    if higher:
        is_long = _col("input_tokens") > float(higher[0].thresholds[0])
        passed = nw.when(is_long).then(_by_grade(higher)).otherwise(passed)
    return nw.when(_col(rates.BASE) < lower[-1].end).then(_by_grade(lower)).otherwise(passed) if lower else passed


def _by_grade(grades: Sequence[rates.Grade]) -> nw.Expr:
    """By halves: SQLite nests no more than a hundred expressions."""
    if len(grades) == 1:
        return _passed([nw.lit(float(threshold)) for threshold in grades[0].thresholds])
    middle = len(grades) // 2
    is_before = _col(rates.BASE) < grades[middle - 1].end
    return nw.when(is_before).then(_by_grade(grades[:middle])).otherwise(_by_grade(grades[middle:]))


_LONG = 32_000
"""Tokens; most requests are shorter, and most thresholds are not below it."""


# After the join -------------------------------------------------------------------------------------


def cost_columns(frame: Frame, asked: Asked, prepared: Prepared) -> Frame:
    """The frame with the columns of costs, in steps that each build on the one before."""
    shares = [_share(total, asked).alias(temporary(f"share_{total}")) for total in _divided(asked)]
    if shares:
        frame = frame.with_columns(*shares)
    costs = {count: _amount(count, asked, prepared) for count in asked.counts}
    frame = frame.with_columns(*(cost.alias(temporary(f"cost_{count}")) for count, cost in costs.items()))
    # Of what is not used and has no price the cost is -0.0, which 0.0 in front makes 0.0.
    total = reduce(add, (_col(f"cost_{count}") for count in costs), nw.lit(0.0))
    frame = frame.with_columns(total.alias(temporary("total")))
    frame = frame.with_columns(reduce(and_, _valid(asked, prepared)).alias(temporary("valid")))
    # A frame in memory can be asked whether all is well: then nothing need be said row by row.
    sound = isinstance(frame, nw.DataFrame) and bool(frame[temporary("valid")].fill_null(value=False).all())
    return frame.with_columns(*_outputs(asked, prepared, sound=sound))


def _divided(asked: Asked) -> list[str]:
    """The totals of which parts are stated."""
    return [
        total for total, parts in PARTS.items() if total in asked.counts and not asked.counts.keys().isdisjoint(parts)
    ]


def _share(total: str, asked: Asked) -> nw.Expr:
    """What of a total is left when its parts are taken out."""
    share = _col(total)
    for part, sign in BUCKETS[total].items():
        if part != total and part in asked.counts:
            share = share + _col(part) if sign > 0 else share - _col(part)
    return share


def _quantity(count: str, asked: Asked) -> nw.Expr:
    return _col(f"share_{count}" if count in _divided(asked) else count)


def _amount(count: str, asked: Asked, prepared: Prepared) -> nw.Expr:
    """What a count costs; negative where it was used and has no price."""
    quantity = _quantity(count, asked)
    amount = quantity * _col(f"price_{count}")
    if count in prepared.excess:
        over = quantity - _col(f"start_{count}")
        amount = amount + nw.when(over > 0).then(over * _col(f"more_{count}")).otherwise(nw.lit(0.0))
    if count in prepared.uneven:
        amount = amount.round(MIN_PLACES)
    other = INSTEAD.get(count)
    if count in prepared.gaps and other in asked.counts:
        instead = (amount < 0) & (_col(other) > 0) & (_col(f"price_{other}") >= 0)
        amount = nw.when(instead).then(nw.lit(0.0)).otherwise(amount)
    return amount


def _valid(asked: Asked, prepared: Prepared) -> Iterator[nw.Expr]:
    """What all holds for a row that has a cost; null counts as no."""
    for count in asked.counts:
        yield _quantity(count, asked) >= 0
        if count in asked.fractions:
            yield _col(count) < _INFINITE
            if count not in CONTINUOUS:
                yield _col(count) % 1 == 0
    if asked.skip_missing:
        yield ~_col(rates.CURRENCY).is_null()
    else:
        yield _col("total") >= 0
    if asked.tier is not None:
        yield ~_is_no_tier(asked.tier)
    for fails, _ in (*_contradictions(asked), *_untimely(asked, prepared)):
        yield ~fails


def _contradictions(asked: Asked) -> Iterator[Check]:
    """What counts cannot be together, beyond a total that is less than its parts."""
    for total, parts in PARTS.items():
        for part in parts:
            if part in asked.counts and total not in asked.counts:
                yield _col(part) > 0, _text(f"{part} without {total}")
    if asked.zero_nulls or not _TOTALS & asked.counts.keys():
        yield reduce(and_, (nw.col(column).is_null() for column in asked.counts.values())), _text(NO_COUNTS)


def _invalid(asked: Asked) -> Iterator[Check]:
    """What counts cannot be."""
    for count, column in asked.counts.items():
        if count in _TOTALS and not asked.zero_nulls:
            yield nw.col(column).is_null(), _text(f"{count} is null")
        if count in asked.fractions:
            yield ~(_col(count) < _INFINITE), _text(f"{count} is not a number")
        yield _col(count) < 0, _text(f"{count} is negative")
        if count in asked.fractions and count not in CONTINUOUS:
            yield _col(count) % 1 != 0, _text(f"{count} is not a whole number")
    for total in _divided(asked):
        yield _col(f"share_{total}") < 0, _text(f"{total} is less than its parts")
    yield from _contradictions(asked)


def _is_no_tier(column: str) -> nw.Expr:
    tier = nw.col(column).cast(nw.String)
    return ~tier.is_null() & ~tier.is_in(TIERS)


def _unknown(asked: Asked, prepared: Prepared) -> Iterator[Check]:
    """What keeps a row from finding its prices."""
    yield _col(rates.KEY).is_null(), _text(NO_MODEL)
    if prepared.reasons:
        yield _col(rates.CURRENCY).is_null() & ~_col(rates.REASON).is_null(), _col(rates.REASON)
    yield _col(rates.BASE).is_null(), _text(asked.stranger)
    if asked.tier is not None:
        yield _is_no_tier(asked.tier), _text(UNKNOWN_TIER)


def _untimely(asked: Asked, prepared: Prepared) -> Iterator[Check]:
    if asked.at is not None:
        yield nw.col(asked.at).is_null(), _text(NO_TIME)
        if prepared.released:
            yield _col(SECONDS) < _col(rates.RELEASED) * DAY, _text(rates.BEFORE_RELEASE)


def _unpriced(asked: Asked, prepared: Prepared) -> Iterator[Check]:
    """What was used and has no price."""
    for count in asked.counts:
        if count in prepared.gaps:
            lacks = _col(f"cost_{count}") < 0
            if prepared.reasons:
                yield lacks & ~_col(rates.REASON).is_null(), _col(rates.REASON)
            yield lacks, _text(f"no price for {COUNTS[count][0]}")


def _first(checks: Iterable[Check], otherwise: nw.Expr) -> nw.Expr:
    """The value of the first check that holds."""
    value = otherwise
    for holds, then in reversed(tuple(checks)):
        value = nw.when(holds).then(then).otherwise(value)
    return value


def _outputs(asked: Asked, prepared: Prepared, *, sound: bool) -> Iterator[nw.Expr]:
    """The columns that are added; ``sound`` is whether every row is known to be valid."""
    nothing = nw.lit(None, dtype=nw.Float64)

    def if_valid(value: nw.Expr, otherwise: nw.Expr) -> nw.Expr:
        return value if sound else nw.when(_col("valid")).then(value).otherwise(otherwise)

    missing = tuple(_unpriced(asked, prepared))
    costs = {count: _col(f"cost_{count}") for count in asked.counts}
    total = _col("total")
    if asked.skip_missing:
        total = reduce(add, (nw.when(cost < 0).then(nw.lit(0.0)).otherwise(cost) for cost in costs.values()))
    for count in prepared.gaps:
        cost = costs[count]
        if asked.skip_missing:
            cost = nw.when(cost < 0).then(nothing).otherwise(cost)
        costs[count] = nw.lit(0.0) + cost
    yield if_valid(total, nothing).alias(asked.prefix)
    if asked.components:
        of_component: dict[str, nw.Expr] = {}
        for count, cost in costs.items():
            component = COUNTS[count][0]
            of_component[component] = of_component[component] + cost if component in of_component else cost
        for component, cost in of_component.items():
            yield if_valid(cost, nothing).alias(f"{asked.prefix}_{component}")
    yield _col(rates.CURRENCY).alias(f"{asked.prefix}_currency")
    wrong = (*_invalid(asked), *_unknown(asked, prepared), *_untimely(asked, prepared))
    fine = _first(missing, _text(None)) if asked.skip_missing else _text(None)
    yield if_valid(fine, _first((*wrong, *missing), _text(None))).alias(f"{asked.prefix}_reason")
