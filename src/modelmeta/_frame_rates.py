"""Price lists unrolled: what one of each count costs for every model, tier and moment that a frame can hold.

The prices come from the same plans that ``compute_cost`` multiplies with. For each model they are laid out as a
block of *cells*: one for each combination of a service tier, a period between two price changes, whether there is
reasoning, a time of day, and a range of request sizes. Where a row of a frame finds its cell is a sum of products
of small integers, so that an engine can work it out with nothing but arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

from ._plans import DAY, is_weekend
from .cost import price_book
from .pricing import SAME_TIER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ._frame_references import Meaning
    from ._plans import Band, Plan, Price, PriceBook
    from .records import Model

__all__ = ["BEFORE_RELEASE", "NO_PRICE", "UNPRICED", "Prepared", "Scope", "Sheet", "prepare"]

NO_PRICE = "no price is published"
BEFORE_RELEASE = "before the release"

UNPRICED = -1e30
"""In place of a price that is not published: any use of it makes a cost negative, whatever else is used."""

EARLY = -(1 << 40)
LATE = 1 << 40
"""A day before and one after all days; ``LATE`` is also more tokens than a request can have."""

KEY, CELL, BASE = "key", "cell", "base"
CURRENCY, REASON, ABOVE = "currency", "reason", "above"
RELEASED, THINKING, HOURS, WEEKEND, WIDTH = "released", "thinking", "hours", "weekend", "width"


class Scope(NamedTuple):
    """What a frame can ask.

    ``tiers`` is one where all rows have the same. ``at`` is the moment of all rows (seconds since 1970, and whether
    the time of day is known), or ``None`` where a column says it, and then ``timed`` whether the column knows the
    time of day. ``stated`` is whether the caller chose the moment, ``by_reasoning`` whether rows say how many
    reasoning tokens they have.
    """

    counts: tuple[str, ...]
    tiers: tuple[str, ...] = ("standard",)
    at: tuple[int, bool] | None = None
    timed: bool = True
    stated: bool = True
    options: tuple[tuple[str, object], ...] = ()
    by_reasoning: bool = False


class Tariff(NamedTuple):
    """The prices of one count: of one, and above ``start`` of one ``more`` than that.

    ``uneven`` is whether no decimal holds the price, so that an exact cost is rounded.
    """

    price: float | None
    start: float = LATE
    more: float = 0.0
    uneven: bool = False


class Cell(NamedTuple):
    """The prices of requests that are alike: a tariff for every count of the scope.

    ``reason`` says why nothing is priced; without a currency there is then no cost even of nothing.
    """

    currency: str | None
    reason: str | None
    tariffs: tuple[Tariff, ...]


_Bands = tuple[tuple[int, Cell], ...]
"""Cells by the number of input tokens above which they hold, rising from -1."""


class Block(NamedTuple):
    """All that a model costs: bands by kind of request (weekend, hour, reasoning), then period, then tier.

    ``changes`` (days since 1970) divide the periods; ``kinds`` are how many there are at each hour, ``weeks`` is 2
    where the weekend, which comes second, has prices of its own.
    """

    bands: tuple[_Bands, ...]
    changes: tuple[int, ...] = ()
    kinds: int = 1
    hours: int = 1
    weeks: int = 1

    @property
    def thresholds(self) -> set[int]:
        """The numbers of input tokens above which something costs another price."""
        return {above for bands in self.bands for above, _ in bands[1:]}


class Blocks:
    """What the references of a frame can cost, worked out once for each model."""

    def __init__(self, scope: Scope, models: Iterable[Model]) -> None:
        self.scope = scope
        self.edges: list[int] = [0]
        if scope.at is None and scope.timed:
            self.edges = sorted({0, *(edge for model in models if model.prices for edge in price_book(model).edges)})
        self._made: dict[object, Block] = {}

    def block(self, meaning: Meaning) -> Block:
        """What a reference's model costs, or why it has no cost."""
        model = meaning.model
        key = meaning.reason if model is None else (id(model), meaning.fine_tuned)
        block = self._made.get(key)
        if block is None:
            made = self._refused(meaning.reason) if model is None else self._unrolled(model, meaning.fine_tuned)
            block = self._made[key] = made
        return block

    def _refused(self, reason: str | None) -> Block:
        bands = ((-1, Cell(None, reason, (Tariff(None),) * len(self.scope.counts))),)
        return Block((bands,) * len(self.scope.tiers))

    def _unrolled(self, model: Model, fine_tuned: bool) -> Block:
        book, scope = price_book(model), self.scope
        if scope.at is not None and scope.stated and scope.at[0] < book.released:
            return self._refused(BEFORE_RELEASE)
        options = {**dict(scope.options), **({"fine_tuned": True} if fine_tuned else {})}
        changes: tuple[int, ...] = ()
        hours = weeks = 1
        if scope.at is None:
            weeks = 2 if book.weekly else 1
            changes = tuple([change // DAY for change in book.changes])
            hours = len(self.edges) if scope.timed and book.windows else 1
        kinds = [options]
        if scope.by_reasoning and book.by_thinking and "thinking" not in options:
            kinds = [options, {**options, "thinking": True}]
        periods = [
            [
                [self._bands(book, tier, self._moment(changes, period, hour, week), kind) for tier in scope.tiers]
                for week in range(weeks)
                for hour in range(hours)
                for kind in kinds
            ]
            for period in range(len(changes) + 1)
        ]
        kept = [at for at in range(len(changes)) if periods[at] != periods[at + 1]]
        periods = [periods[0], *[periods[at + 1] for at in kept]]
        return Block(
            tuple(
                [bands for kind in range(weeks * hours * len(kinds)) for period in periods for bands in period[kind]]
            ),
            tuple([changes[at] for at in kept]),
            len(kinds),
            hours,
            weeks,
        )

    def _moment(self, changes: tuple[int, ...], period: int, hour: int, week: int) -> tuple[int, bool]:
        """A moment of a period and an hour, at a weekend or not, in seconds since 1970."""
        if self.scope.at is not None:
            return self.scope.at
        first = changes[period - 1] if period else changes[0] - 7 if changes else 0
        day = next(day for day in range(first, first + 7) if is_weekend(day) == bool(week))
        return day * DAY + self.edges[hour], self.scope.timed

    def _bands(self, book: PriceBook, tier: str, moment: tuple[int, bool], options: dict[str, object]) -> _Bands:
        reason = _lacking(book.model, tier)
        if reason is not None:
            return ((-1, Cell("USD", reason, (Tariff(UNPRICED),) * len(self.scope.counts))),)
        plan = book.plan(tier, moment[0], options, timed=moment[1])
        found: list[tuple[int, Cell]] = []
        for above, band in reversed(plan.bands) if "input_tokens" in self.scope.counts else plan.bands[-1:]:
            cell = Cell(plan.currency, None, tuple([_tariff(plan, band, count) for count in self.scope.counts]))
            if not found or found[-1][1] != cell:
                found.append((above, cell))
        return tuple(found)


def _lacking(model: Model, tier: str) -> str | None:
    """Why nothing at all is priced in a tier, if that is so."""
    if not model.prices:
        return NO_PRICE
    tiers = {tier, SAME_TIER.get((model.provider, tier), tier)}
    if not any(rate.tier in tiers for rate in model.prices):
        return f"no price in the {tier} tier is published"
    return None


def _tariff(plan: Plan, band: Band, count: str) -> Tariff:
    price = band.prices.get(count)
    if price is None:
        return Tariff(UNPRICED)
    of_one = _of_one(plan, price)
    if price.excess is None:
        return Tariff(of_one, uneven=price.divisor != 1)
    start, other = price.excess
    return Tariff(of_one, start, _of_one(plan, other) - of_one, price.divisor != 1)


def _of_one(plan: Plan, price: Price) -> float:
    """What one of a count costs: the float nearest to it."""
    return price.numerator / (price.divisor * 10**plan.places)


# Tables ---------------------------------------------------------------------------------------------


class Sheet:
    """Columns of a small table, by name; ``made`` keeps the frames that were made of it, by engine."""

    TEXTS = frozenset({KEY, CURRENCY, REASON})

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.columns = columns
        self.made: dict[object, Any] = {}


class Prepared(NamedTuple):
    """The tables that a frame is joined with, and which expressions they need.

    ``places`` is joined by reference and leads to the rows of ``cells``: ``base``, plus ``width`` for each place of
    the tier among the tiers, plus ``width`` times their number for each of the ``changes`` that has come, plus
    ``thinking`` if there is reasoning, plus ``hours`` for each of ``edges`` (seconds of the day) that has passed, plus
    ``weekend`` on Saturdays and Sundays, plus, from ``banded`` on, one for each of ``thresholds`` that the input
    exceeds.

    ``places`` is ``None`` where ``cells`` is joined by reference: then, if ``banded``, it holds two prices of each
    count, below and above the threshold of its model.

    ``gaps`` are the counts that lack a price somewhere, ``excess`` those of which an excess is priced apart,
    ``uneven`` those whose cost is rounded.
    """

    places: Sheet | None
    cells: Sheet
    changes: int
    edges: tuple[int, ...]
    weekend: bool
    thinking: bool
    thresholds: tuple[int, ...]
    banded: int
    released: bool
    reasons: bool
    gaps: frozenset[str]
    excess: frozenset[str]
    uneven: frozenset[str]


SIDES = ("", "_high")
"""The ends of the names of the prices below and above a threshold, in a table that has both."""


def prepare(scope: Scope, meanings: Iterable[tuple[str, Meaning]], *, merge: bool) -> Prepared:
    """The tables for the references given, each as the engine finds it in a row; in one table if that can be."""
    listed = list(meanings)
    blocks = Blocks(scope, {id(model): model for _, found in listed if (model := found.model) is not None}.values())
    found = [blocks.block(meaning) for _, meaning in listed]
    first: dict[str, list[Any]] = {KEY: [key for key, _ in listed]}
    models = [meaning.model for _, meaning in listed]
    released = scope.at is None and any(model is not None and model.released is not None for model in models)
    if released:
        first[RELEASED] = [EARLY if model is None else _release_day(model) for model in models]
    if merge and all(len(block.bands) == 1 and len(block.bands[0]) <= 2 for block in found):
        return _merged(scope, first, [block.bands[0] for block in found], released)
    return _layered(scope, first, found, blocks.edges, released)


def _release_day(model: Model) -> int:
    return EARLY if model.released is None else price_book(model).released // DAY


def _merged(scope: Scope, columns: dict[str, list[Any]], bands: list[_Bands], released: bool) -> Prepared:
    low, high = ([one[side][1] for one in bands] for side in (0, -1))
    columns |= {**_texts(low), **_prices(scope, low, SIDES[0])}
    banded = low != high
    if banded:
        columns[ABOVE] = [float(one[1][0] if len(one) > 1 else LATE) for one in bands]
        columns |= _prices(scope, high, SIDES[1])
    return _prepared(scope, None, columns, [*low, *high], released)._replace(banded=int(banded))


def _layered(
    scope: Scope, first: dict[str, list[Any]], found: list[Block], edges: list[int], released: bool
) -> Prepared:
    thresholds = sorted({above for block in set(found) for above in block.thresholds})
    bases: dict[Block, int] = {}
    cells: list[Cell] = []
    banded = 0
    starts = (-1, *thresholds)
    for is_banded in (False, True):
        banded = len(cells)
        for block in dict.fromkeys(found):
            if bool(block.thresholds) is is_banded:
                bases[block] = len(cells)
                sizes = starts if is_banded else (-1,)
                cells += [_at(bands, above) for bands in block.bands for above in sizes]
    widths = [len(starts) if block.thresholds else 1 for block in found]
    changes = max((len(block.changes) for block in found), default=0)
    first[BASE] = [bases[block] for block in found]
    if changes or len(scope.tiers) > 1:
        first[WIDTH] = widths
    for number in range(changes):
        first[f"change_{number}"] = [(*block.changes, *(LATE,) * changes)[number] for block in found]
    size = len(scope.tiers)
    sizes_of = [width * size * (len(block.changes) + 1) for block, width in zip(found, widths, strict=True)]
    if any(block.kinds > 1 for block in found):
        first[THINKING] = [of if block.kinds > 1 else 0 for block, of in zip(found, sizes_of, strict=True)]
    if any(block.hours > 1 for block in found):
        first[HOURS] = [of * block.kinds if block.hours > 1 else 0 for block, of in zip(found, sizes_of, strict=True)]
    if any(block.weeks > 1 for block in found):
        halves = [len(block.bands) // 2 * width for block, width in zip(found, widths, strict=True)]
        first[WEEKEND] = [half if block.weeks > 1 else 0 for block, half in zip(found, halves, strict=True)]
    columns = {CELL: list(range(len(cells))), **_texts(cells), **_prices(scope, cells, "")}
    return _prepared(scope, Sheet(first), columns, cells, released)._replace(
        changes=changes,
        edges=tuple(edges[1:]) if HOURS in first else (),
        weekend=WEEKEND in first,
        thinking=THINKING in first,
        thresholds=tuple(thresholds),
        banded=banded,
    )


def _at(bands: _Bands, above: int) -> Cell:
    return next(cell for start, cell in reversed(bands) if start <= above)


def _prepared(
    scope: Scope, places: Sheet | None, columns: dict[str, list[Any]], cells: list[Cell], released: bool
) -> Prepared:
    of_count = [(count, {cell.tariffs[place] for cell in cells}) for place, count in enumerate(scope.counts)]
    return Prepared(
        places=places,
        cells=Sheet(columns),
        changes=0,
        edges=(),
        weekend=False,
        thinking=False,
        thresholds=(),
        banded=0,
        released=released,
        reasons=REASON in columns,
        gaps=frozenset(name for name, tariffs in of_count if any(one.price == UNPRICED for one in tariffs)),
        excess=frozenset(name for name, tariffs in of_count if any(one.start < LATE for one in tariffs)),
        uneven=frozenset(name for name, tariffs in of_count if any(one.uneven for one in tariffs)),
    )


def _texts(cells: list[Cell]) -> dict[str, list[Any]]:
    columns = {CURRENCY: [cell.currency for cell in cells], REASON: [cell.reason for cell in cells]}
    if not any(columns[REASON]):
        del columns[REASON]
    return columns


def _prices(scope: Scope, cells: list[Cell], end: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    for place, count in enumerate(scope.counts):
        tariffs = [cell.tariffs[place] for cell in cells]
        columns[f"price_{count}{end}"] = [tariff.price for tariff in tariffs]
        if any(tariff.start < LATE for tariff in tariffs):
            columns[f"start_{count}{end}"] = [float(tariff.start) for tariff in tariffs]
            columns[f"more_{count}{end}"] = [tariff.more for tariff in tariffs]
    return columns
