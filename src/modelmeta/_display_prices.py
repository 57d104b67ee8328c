"""Prices as blocks: the list by service tier, what requests and months cost, the formula, a bill."""

from __future__ import annotations

from ._display_blocks import Column, Note, Span, Table, columns, joined
from ._display_words import in_force, money, tier_columns, words
from .components import COUNTS, TIERLESS
from .errors import ModelMetaError
from .pricing import Rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._bills import Cost
    from ._display_blocks import Block, Inline, Row
    from .records import Model

__all__ = ["bill", "monthly_table", "price_facts", "price_tables", "request_table"]

MANY_ROWS = 12
"""A card shows the prices of special cases (regions, image sizes …) up to this many lines."""

_TOOLS = frozenset(COUNTS[count][0] for count in TIERLESS)

_ROW_ORDER = {component: place for place, (component, _) in enumerate(COUNTS.values())}


def _rates(model: Model) -> list[Rate]:
    from .dates import today

    return in_force(model, today())


def _is_plain(rate: Rate) -> bool:
    """Whether every request may pay it, without a word on region, size or variant."""
    condition = rate.condition
    if condition is None:
        return True
    return not any(
        (condition.region, condition.size, condition.quality, condition.resolution, condition.context_size,
         condition.modality, condition.fine_tuned, condition.variant)
    )  # fmt: skip


def price_tables(model: Model, *, brief: bool) -> list[Block]:
    """A table for each currency; the brief ones leave tools and, where they are many, special cases to the page."""
    rates = _rates(model)
    hidden = 0
    if brief:
        main = [rate for rate in rates if rate.component not in _TOOLS]
        plain = [rate for rate in main if _is_plain(rate)]
        special = tier_columns(rate for rate in main if not _is_plain(rate))[1]
        if len(special) > MANY_ROWS:
            rates, hidden = plain, len(special)
        else:
            rates = main
    blocks: list[Block] = [
        _price_table([rate for rate in rates if rate.currency == currency], currency, titled=brief)
        for currency in dict.fromkeys(rate.currency for rate in rates)
    ]
    if hidden:
        blocks.append(Note(Span(f"and {hidden} prices for regions, variants or sizes: see the page", "dim")))
    return blocks


def _price_table(rates: list[Rate], currency: str, *, titled: bool) -> Table:
    tiers, table = tier_columns(rates)
    lines = sorted(table, key=lambda key: _place(key, table[key]))
    units = {unit for _, unit, _ in lines}
    one_unit = len(units) == 1
    rows: list[Row] = []
    for component, unit, condition in lines:
        name: Inline = words(component) if not condition else (f"{words(component)}, ", Span(condition, "dim"))
        prices = [_price(table[component, unit, condition].get(tier[0])) for tier in tiers]
        rows.append((name, *([] if one_unit else [unit]), *prices))
    per = f"{currency} per {units.pop()}" if one_unit else currency
    shown = (Column(""), *([] if one_unit else [Column("per")]), *[Column(", ".join(tier), "point") for tier in tiers])
    return Table(shown, tuple(rows), title=f"Prices, {per}" if titled else per)


def _place(key: tuple[str, str, str], row: dict[str, Rate]) -> tuple[object, ...]:
    """Where a line stands: what every request may pay first, in the order of the vocabulary, rising thresholds."""
    component, unit, condition = key
    rates = list(row.values())
    stated = rates[0].condition
    threshold = 0 if stated is None else stated.above_input_tokens or 0
    special = not all(_is_plain(rate) for rate in rates)
    return special, _ROW_ORDER.get(component, len(_ROW_ORDER)), unit, threshold, condition


def _price(rate: Rate | None) -> Inline:
    if rate is None:
        return Span("-", "dim")
    return Span("free", "good") if not rate.amount else money(rate.amount, None)


def price_facts(model: Model) -> Iterator[tuple[str, Inline]]:
    """Tools, and examples of what requests and months cost, each in a line."""
    tools = [
        rate
        for rate in _rates(model)
        if rate.component in _TOOLS and rate.tier == "standard" and rate.condition is None
    ]
    if tools:
        yield (
            "tools cost",
            joined(
                [(f"{_TOOL_NAMES.get(rate.component, words(rate.component))} ", *_tool_price(rate)) for rate in tools]
            ),
        )
    requests = list(_requests(model))
    if requests:
        yield (
            "a request",
            joined([(f"{title} ", Span(money(cost.total, cost.currency), "strong")) for title, _, cost in requests]),
        )
    months = list(_months(model))
    if months:
        yield (
            "a month",
            joined([(f"{title} ", Span(money(cost.total, cost.currency), "strong")) for title, _, cost in months]),
        )


_TOOL_NAMES = {"storage_gb_days": "storage", "grounded_prompts": "grounding", "code_hours": "code execution"}


def _tool_price(rate: Rate) -> Iterator[str | Span]:
    if not rate.amount:
        yield Span("free", "good")
    else:
        each = rate.unit in {"search", "session", "request"}
        yield money(rate.amount, rate.currency) + (" each" if each else f" / {rate.unit}")


def _writes(model: Model) -> bool:
    """Whether what comes out is text, as in all of the examples, or may be."""
    return not model.modalities.output or "text" in model.modalities.output


def _requests(model: Model) -> Iterator[tuple[str, object, Cost]]:
    from .estimates import cost_examples

    if not _writes(model):
        return
    try:
        for example in cost_examples(model):
            yield words(example.name), example.usage, example.cost
    except ModelMetaError:
        return


def _months(model: Model) -> Iterator[tuple[str, object, Cost]]:
    from .estimates import WORKLOADS, monthly_cost

    if not _writes(model):
        return
    for name, workload in WORKLOADS.items():
        try:
            yield words(name), workload, monthly_cost(model, workload)
        except ModelMetaError:
            return


def request_table(model: Model) -> list[Block]:
    """The cost calculator: common requests, and the formula to work out any other."""
    from .estimates import pricing_formula

    rows = [
        (title, f"{usage.input_tokens:,}", f"{usage.output_tokens:,}", money(cost.total, cost.currency))  # type: ignore[attr-defined]
        for title, usage, cost in _requests(model)
    ]
    if not rows:
        return []
    shown = columns(
        "request", "input tokens", "output tokens", "cost", right=["input tokens", "output tokens"], point=["cost"]
    )
    return [Table(shown, tuple(rows)), Note(Span(pricing_formula(model), "code"))]


def monthly_table(model: Model) -> list[Block]:
    """What 30 days of common workloads cost."""
    rows = [
        (
            title,
            f"{workload.requests_per_day:,}",  # type: ignore[attr-defined]
            f"{workload.input_tokens:,} + {workload.output_tokens:,}",  # type: ignore[attr-defined]
            f"{workload.tokens:,}",  # type: ignore[attr-defined]
            money(cost.total, cost.currency),
        )
        for title, workload, cost in _months(model)
    ]
    if not rows:
        return []
    titles = ("workload", "requests a day", "tokens each, in + out", "tokens a month", "cost a month")
    return [Table(columns(*titles, right=titles[1:4], point=titles[4:]), tuple(rows))]


# A bill ------------------------------------------------------------------------------------------------


def bill(cost: Cost) -> tuple[Block, ...]:
    """A cost as a bill: its lines, its total, what is missing and what to know."""
    rows: list[Row] = []
    several = len({line.model for line in cost.lines}) > 1
    for line in cost.lines:
        name: Inline = words(line.component)
        if line.note:
            name = (f"{name} ", Span(line.note, "dim"))
        rows.append(
            (
                *([line.model or ""] if several else []),
                name,
                _quantity(line.quantity),
                money(line.unit_price, None),
                line.unit,
                money(line.amount, None),
            )
        )
    total = Span(money(cost.total, None), "strong")
    rows.append((*([""] if several else []), Span("total", "strong"), "", "", "", total))
    title = " · ".join(str(part) for part in (cost.model, _tier(cost.tier), _day(cost.at)) if part)
    shown = columns(
        *(["model"] if several else []), "", "quantity", "price", "per", cost.currency,
        right=["quantity"], point=["price", cost.currency],
    )  # fmt: skip
    blocks: list[Block] = [Table(shown, tuple(rows), title=f"Cost: {title}" if title else "Cost")]
    if cost.unpriced:
        missing = ", ".join(words(name) for name in cost.unpriced)
        blocks.append(Note((Span("partial: ", "bad"), f"no price is published for {missing}")))
    blocks += [Note(Span(note, "dim")) for note in cost.notes]
    return tuple(blocks)


def _quantity(quantity: object) -> str:
    return f"{quantity:,}" if isinstance(quantity, int) else f"{quantity:,f}".rstrip("0").rstrip(".")


def _tier(tier: str | None) -> str:
    return "" if tier is None else f"{tier} tier"


def _day(at: object) -> str:
    return "" if at is None else f"{at:%Y-%m-%d}"
