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

EARLY, LATE = -(1 << 40), 1 << 40
"""A day before and one after all days."""

NEVER = 1 << 53
"""More tokens than a request can have; the largest whole number of which Arrow makes a float."""

KEY, PLACE, CELL, BASE = "key", "place", "cell", "base"
CURRENCY, REASON = "currency", "reason"
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
    start: float = NEVER
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
    def thresholds(self) -> list[int]:
        """The numbers of input tokens above which something costs another price, rising."""
        return sorted({above for bands in self.bands for above, _ in bands[1:]})


class Blocks:
    """What the references of a frame can cost, worked out once for each model."""

    def __init__(self, scope: Scope, models: Iterable[Model]) -> None:
        self.scope = scope
        self.edges: list[int] = [0]
        if scope.at is None and scope.timed:
            self.edges = sorted({0, *(edge for model in models if model.prices for edge in price_book(model).edges)})
        self._made: dict[object, Block] = {}
        self._alike: dict[Block, Block] = {}

    def block(self, meaning: Meaning) -> Block:
        """What a reference's model costs, or why it has no cost."""
        model = meaning.model
        key = meaning.reason if model is None else (id(model), meaning.fine_tuned)
        block = self._made.get(key)
        if block is None:
            made = self._refused(meaning.reason) if model is None else self._unrolled(model, meaning.fine_tuned)
            block = self._made[key] = self._alike.setdefault(made, made)
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
    amount: float = price.numerator / (price.divisor * 10**plan.places)
    return amount


# Tables ---------------------------------------------------------------------------------------------


class Sheet:
    """Columns of a small table; ``made`` keeps the frames that were made of it, by engine."""

    def __init__(self, name: str, columns: dict[str, list[Any]]) -> None:
        self.name = name
        self.columns = columns
        self.made: dict[object, Any] = {}

    def kind(self, column: str) -> type:
        """What a column holds: ``str``, ``int`` or ``float``."""
        return _KINDS.get(column.partition("_")[0], int)


_KINDS: dict[str, type] = {
    **dict.fromkeys((KEY, CURRENCY, REASON), str),
    **dict.fromkeys(("above", "price", "start", "more"), float),
}


class Grade(NamedTuple):
    """The thresholds of all blocks whose cells lie before ``end`` and not in the grade before."""

    end: int
    thresholds: tuple[int, ...]


class Prepared(NamedTuple):
    """The tables that a frame is joined with, and which expressions they need.

    ``references`` says of each reference which row of ``cells`` holds its prices, or gives the number of the row of
    ``places`` that does: ``base``, plus ``width`` for each place of the tier among the tiers, plus ``width`` times
    their number for each of the ``changes`` that has come, plus ``thinking`` if there is reasoning, plus ``hours`` for
    each of ``edges`` (seconds of the day) that has passed, plus ``weekend`` on Saturdays and Sundays, plus one for each
    threshold that the input exceeds: those of the columns, of which there are ``thresholds``, or those of its grade.

    ``complete`` is whether the references are all that occur, just as they stand there. ``gaps`` are the counts that
    lack a price somewhere, ``excess`` those of which an excess is priced apart, ``uneven`` those whose cost is rounded.
    """

    complete: bool
    references: Sheet
    places: Sheet | None
    cells: Sheet
    changes: int
    edges: tuple[int, ...]
    weekend: bool
    thinking: bool
    thresholds: int
    grades: tuple[Grade, ...]
    released: bool
    reasons: bool
    gaps: frozenset[str]
    excess: frozenset[str]
    uneven: frozenset[str]


def prepare(
    scope: Scope, meanings: Iterable[tuple[str, Meaning]], *, complete: bool = True, graded: bool = False
) -> Prepared:
    """The tables for the references given, each as the engine finds it in a row.

    Unless they are ``complete`` they are very many, and lead to the number of a place: that is less to carry. With
    ``graded`` thresholds are looked up by where a model's cells lie, for an engine that leaves out of a condition
    what is not asked.
    """
    listed = list(dict(meanings).items())
    models = {id(model): model for _, found in listed if (model := found.model) is not None}.values()
    blocks = Blocks(scope, models)
    found = [blocks.block(meaning) for _, meaning in listed]
    distinct = [*{id(block): block for block in found}.values()]
    if graded:
        distinct.sort(key=lambda block: block.thresholds)
    places: dict[str, list[Any]] = {KEY: [key for key, _ in listed]}
    released = scope.at is None and any(model.released is not None for model in models)
    if released:
        places[RELEASED] = [EARLY if (model := meaning.model) is None else _release_day(model) for _, meaning in listed]
    cells: list[Cell] = []
    grades: dict[tuple[int, ...], int] = {}
    ways_of: dict[int, dict[str, float]] = {}
    for block in distinct:
        thresholds = block.thresholds
        ways_of[id(block)] = _way(block, len(cells), len(scope.tiers), thresholds)
        cells += [_at(bands, above) for bands in block.bands for above in (-1, *thresholds)]
        grades[tuple(thresholds)] = len(cells)
    changes = max((len(block.changes) for block in distinct), default=0)
    ways = [ways_of[id(block)] for block in found]
    names = {BASE, *(name for way in ways_of.values() for name in way)}
    if not changes and len(scope.tiers) == 1:
        names.discard(WIDTH)
    if graded:
        names = {name for name in names if not name.startswith("above_")}
    for name in sorted(names):
        nowhere = _NOWHERE.get(name.partition("_")[0], 0)
        places[name] = [way.get(name, nowhere) for way in ways]
    of_count = [(count, {cell.tariffs[place] for cell in cells}) for place, count in enumerate(scope.counts)]
    columns = {CELL: list(range(len(cells))), **_texts(cells), **_prices(scope, cells)}
    is_short = complete or places.keys() == {KEY, BASE}
    references, by_place = (places, None) if is_short else _numbered(places)
    return Prepared(
        complete=complete,
        references=Sheet("references", references),
        places=None if by_place is None else Sheet("places", by_place),
        cells=Sheet("rates", columns),
        changes=changes,
        edges=tuple(blocks.edges[1:]) if HOURS in places else (),
        weekend=WEEKEND in places,
        thinking=THINKING in places,
        thresholds=sum(name.startswith("above_") for name in places),
        grades=tuple(Grade(end, thresholds) for thresholds, end in grades.items()) if graded else (),
        released=released,
        reasons=REASON in columns,
        gaps=frozenset(name for name, tariffs in of_count if any(one.price == UNPRICED for one in tariffs)),
        excess=frozenset(name for name, tariffs in of_count if any(one.start < NEVER for one in tariffs)),
        uneven=frozenset(name for name, tariffs in of_count if any(one.uneven for one in tariffs)),
    )


def _numbered(places: dict[str, list[Any]]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """References with the number of their place, and the places that differ from each other."""
    numbers: dict[tuple[Any, ...], int] = {}
    names = [name for name in places if name != KEY]
    of_keys = [numbers.setdefault(row, len(numbers)) for row in zip(*(places[name] for name in names), strict=True)]
    columns = zip(*numbers, strict=True) if numbers else [() for _ in names]
    by_place = {name: list(column) for name, column in zip(names, columns, strict=True)}
    return {KEY: places[KEY], PLACE: of_keys}, {PLACE: list(range(len(numbers))), **by_place}


_NOWHERE = {"change": LATE, "above": float(NEVER)}
"""What keeps a row from taking a step that its model does not have; other steps are then 0 long."""


def _release_day(model: Model) -> int:
    return EARLY if model.released is None else price_book(model).released // DAY


def _way(block: Block, base: int, tiers: int, thresholds: list[int]) -> dict[str, float]:
    """How a row finds its cell among those of a block: see :class:`Prepared`."""
    width = len(thresholds) + 1
    of_kind = width * tiers * (len(block.changes) + 1)
    way: dict[str, float] = {BASE: base, WIDTH: width}
    way |= {f"change_{number}": day for number, day in enumerate(block.changes)}
    way |= {f"above_{number}": float(above) for number, above in enumerate(thresholds)}
    if block.kinds > 1:
        way[THINKING] = of_kind
    if block.hours > 1:
        way[HOURS] = of_kind * block.kinds
    if block.weeks > 1:
        way[WEEKEND] = of_kind * block.kinds * block.hours
    return way


def _at(bands: _Bands, above: int) -> Cell:
    return next(cell for start, cell in reversed(bands) if start <= above)


def _texts(cells: list[Cell]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {CURRENCY: [cell.currency for cell in cells]}
    if any(cell.reason for cell in cells):
        columns[REASON] = [cell.reason for cell in cells]
    return columns


def _prices(scope: Scope, cells: list[Cell]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    for place, count in enumerate(scope.counts):
        tariffs = [cell.tariffs[place] for cell in cells]
        columns[f"price_{count}"] = [tariff.price for tariff in tariffs]
        if any(tariff.start < NEVER for tariff in tariffs):
            columns[f"start_{count}"] = [float(tariff.start) for tariff in tariffs]
            columns[f"more_{count}"] = [tariff.more for tariff in tariffs]
    return columns
