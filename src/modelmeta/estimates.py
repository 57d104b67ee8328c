"""Estimates before a bill: months of a workload, common requests, what a budget buys, the formula behind."""

from __future__ import annotations

from ._record import Record
from .components import BUCKETS, COUNTS, TIERLESS, count_of
from .cost import compute_cost, find_plan
from .dates import today
from .errors import PriceNotPublishedError, UsageError
from .usage import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from ._bills import Cost
    from ._plans import Band
    from .records import Model

__all__ = [
    "REQUESTS",
    "WORKLOADS",
    "BudgetShare",
    "CostExample",
    "Workload",
    "cost_examples",
    "monthly_cost",
    "pricing_formula",
    "sort_by_cost",
    "tokens_for_budget",
]


class Workload(Record):
    """So many requests of one size every day.

    ``input_tokens`` and ``output_tokens`` are of one request, reasoning and cached input included.
    ``cached_share`` is the part of the input that comes from the cache, between 0 and 1, rounded down to whole
    tokens of a request. ``tier`` is the service tier, ``days`` how many days are counted.

    >>> from modelmeta import Workload
    >>> Workload(requests_per_day=100, input_tokens=2_000, output_tokens=1_000).tokens
    9000000
    """

    requests_per_day: int
    input_tokens: int
    output_tokens: int
    days: int = 30
    cached_share: Decimal | float = 0
    tier: str = "standard"

    @property
    def requests(self) -> int:
        """How many requests there are in all."""
        return self.requests_per_day * self.days

    @property
    def tokens(self) -> int:
        """How many tokens go in and out in all."""
        return self.requests * (self.input_tokens + self.output_tokens)

    def usage(self) -> Usage:
        """The usage of one request; raises ``UsageError`` for what cannot be."""
        for name in ("requests_per_day", "days"):
            value = getattr(self, name)
            if value.__class__ is not int or value < 0:
                raise UsageError(f"{name} must be a whole number of at least 0, not {value!r}")
        from decimal import Decimal, InvalidOperation

        try:
            share = Decimal(str(self.cached_share))
        except InvalidOperation:
            share = Decimal("NaN")
        if isinstance(self.cached_share, bool) or not share.is_finite() or not 0 <= share <= 1:
            raise UsageError(f"cached_share must lie between 0 and 1, not {self.cached_share!r}")
        sent = Usage(input_tokens=self.input_tokens, output_tokens=self.output_tokens)
        top, bottom = share.as_integer_ratio()
        return Usage(
            input_tokens=sent.input_tokens,
            cached_input_tokens=sent.input_tokens * top // bottom,
            output_tokens=sent.output_tokens,
        )


WORKLOADS: Mapping[str, Workload] = {
    "personal": Workload(requests_per_day=10, input_tokens=1_500, output_tokens=750),
    "small_team": Workload(requests_per_day=100, input_tokens=2_000, output_tokens=1_000),
    "enterprise": Workload(requests_per_day=1_000, input_tokens=3_000, output_tokens=1_500),
}
"""Workloads with a name, by it: for :func:`monthly_cost`, and for :func:`find_models` with ``sort_by="cost"``.

They are the three that cost calculators on the web commonly show.

>>> from modelmeta import WORKLOADS
>>> [(name, workload.tokens) for name, workload in WORKLOADS.items()]
[('personal', 675000), ('small_team', 9000000), ('enterprise', 135000000)]
"""

REQUESTS: Mapping[str, Usage] = {
    "quick_chat": Usage(input_tokens=1_000, output_tokens=500),
    "document_summary": Usage(input_tokens=10_000, output_tokens=1_000),
    "rag_query": Usage(input_tokens=50_000, output_tokens=2_000),
    "code_generation": Usage(input_tokens=5_000, output_tokens=10_000),
}
"""Common requests with a name."""


class CostExample(Record):
    """What a common request costs: its ``name``, its :class:`Usage`, its :class:`Cost`.

    >>> from modelmeta import cost_examples
    >>> chat = cost_examples("gpt-4.1-mini")[0]
    >>> chat.name, chat.usage.input_tokens, chat.usage.output_tokens, str(chat.cost)
    ('quick_chat', 1000, 500, '0.0012 USD')
    """

    name: str
    usage: Usage
    cost: Cost


class BudgetShare(Record):
    """What a budget buys: whole requests of one size, and their tokens.

    ``requests`` and the tokens are ``None`` where there is no end to them, since the model is free. ``cost`` is what
    they cost, ``left`` what remains of the budget, both in ``currency``.

    >>> from modelmeta import tokens_for_budget
    >>> bought = tokens_for_budget("gpt-4.1-mini", 10, output_tokens=1_000, input_tokens=0)
    >>> bought.requests, bought.output_tokens, str(bought.left)
    (6250, 6250000, '0')
    """

    requests: int | None
    input_tokens: int | None
    output_tokens: int | None
    cost: Decimal
    left: Decimal
    currency: str = "USD"


def monthly_cost(
    model: str | Model, workload: Workload | str, *, provider: str | None = None, at: date | datetime | None = None
) -> Cost:
    """What a workload costs over its days, each request priced by its own size.

    ``workload`` is a :class:`Workload` or the name of one of ``WORKLOADS``. Prices are those of ``at``, today unless
    said; prices that hold only at certain hours are left out. Raises what ``compute_cost`` raises.

    >>> from modelmeta import Workload, monthly_cost
    >>> print(monthly_cost("gpt-4.1-mini", Workload(requests_per_day=10, input_tokens=1_500, output_tokens=750)))
    0.54 USD
    """
    found = _workload(workload)
    usage = found.usage()
    return found.requests * compute_cost(model, usage, tier=found.tier, provider=provider, at=at or today())


def cost_examples(
    model: str | Model, *, tier: str = "standard", provider: str | None = None, at: date | datetime | None = None
) -> tuple[CostExample, ...]:
    """What each of the common requests in ``REQUESTS`` costs.

    Raises what ``compute_cost`` raises.

    >>> from modelmeta import cost_examples
    >>> [f"{example.name} {example.cost}" for example in cost_examples("gpt-4.1-mini")][:2]
    ['quick_chat 0.0012 USD', 'document_summary 0.0056 USD']
    """
    day = at or today()
    return tuple(
        [
            CostExample(name=name, usage=usage, cost=compute_cost(model, usage, tier=tier, provider=provider, at=day))
            for name, usage in REQUESTS.items()
        ]
    )


def tokens_for_budget(
    model: str | Model,
    budget: int | str | Decimal,
    *,
    input_tokens: int = 1,
    output_tokens: int = 0,
    cached_input_tokens: int = 0,
    tier: str = "standard",
    provider: str | None = None,
    at: date | datetime | None = None,
) -> BudgetShare:
    """How many requests of that size, and so how many tokens, ``budget`` buys.

    Without a size it tells how many input tokens; with ``input_tokens=0, output_tokens=1`` how many output tokens.
    ``budget`` is in the currency of the model's prices. Raises ``UsageError`` for a budget that is no amount, and
    what ``compute_cost`` raises.

    >>> from modelmeta import tokens_for_budget
    >>> bought = tokens_for_budget("gpt-4.1-mini", 1, input_tokens=1_000, output_tokens=500)
    >>> bought.requests, bought.input_tokens, str(bought.left)
    (833, 833000, '0.0004')
    """
    from decimal import Decimal, InvalidOperation

    try:
        amount = Decimal(str(budget))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(budget, bool) or not amount.is_finite() or amount < 0:
        raise UsageError(f"a budget is an amount of money such as 10 or '2.50', not {budget!r}")
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, cached_input_tokens=cached_input_tokens)
    cost = compute_cost(model, usage, tier=tier, provider=provider, at=at or today())
    if not cost.total:
        if not usage.input_tokens and not usage.output_tokens:
            raise UsageError("a request without tokens costs nothing, however many there are: say its size")
        return BudgetShare(
            requests=None, input_tokens=None, output_tokens=None, cost=cost.total, left=amount, currency=cost.currency
        )
    top, bottom = amount.as_integer_ratio()
    price_top, price_bottom = cost.total.as_integer_ratio()
    requests = top * price_bottom // (bottom * price_top)
    spent = (cost * requests).total
    return BudgetShare(
        requests=requests,
        input_tokens=requests * usage.input_tokens,
        output_tokens=requests * usage.output_tokens,
        cost=spent,
        left=_difference(amount, spent),
        currency=cost.currency,
    )


def _difference(one: Decimal, other: Decimal) -> Decimal:
    from decimal import Context

    return Context(prec=10_000).subtract(one, other)


def pricing_formula(
    model: str | Model,
    *,
    tier: str = "standard",
    tools: bool = False,
    provider: str | None = None,
    at: date | datetime | None = None,
) -> str:
    """The formula by which a request is billed, in the names of the usage counts; a line for each threshold.

    With ``tools`` it has the searches, sessions and storage that the provider's tools bill, too.

    Raises ``PriceNotPublishedError`` where nothing is priced.

    >>> from modelmeta import pricing_formula
    >>> print(pricing_formula("gpt-4.1-mini", tier="batch"))
    USD = input_tokens / 1M x 0.2 + output_tokens / 1M x 0.8
    >>> print(pricing_formula("gpt-4.1-mini"))
    USD = (input_tokens - cached_input_tokens) / 1M x 0.4 + cached_input_tokens / 1M x 0.1 + output_tokens / 1M x 1.6
    """
    plan = find_plan(model, tier=tier, provider=provider, at=at or today())
    lines: list[str] = []
    for above, band in reversed(plan.bands):
        left_out = {"training_tokens"} if tools else {"training_tokens", *TIERLESS}
        terms = " + ".join(term for count, term in _terms(band) if count not in left_out)
        if not terms:
            raise PriceNotPublishedError(f"{plan.name} has no published prices in the {tier} tier")
        condition = f" (above {above:,} input tokens)" if above >= 0 else ""
        lines.append(f"{plan.currency}{condition} = {terms}")
    return "\n".join(lines)


def _terms(band: Band) -> Iterator[tuple[str, str]]:
    """A product for each count that has a price of its own."""
    own = {
        count
        for count, price in band.prices.items()
        if count_of(price.rate.component, price.rate.unit) == (count, price.size)
    }
    own |= {
        f"cached_{side}_tokens"
        for side in ("input_audio", "input_image", "input_video")
        if "cached_input_tokens" in own and f"{side}_tokens" in own
    }
    for count in COUNTS:
        if count in own:
            price = band.prices[count]
            form = {name: sign for name, sign in BUCKETS.get(count, {count: 1}).items() if name in own}
            share = "".join(f" {'-' if sign < 0 else '+'} {name}" for name, sign in form.items()).removeprefix(" + ")
            share = f"({share})" if len(form) > 1 else share
            divisor = {1: "", 1_000_000: " / 1M"}.get(price.size, f" / {price.size:,}")
            yield count, f"{share}{divisor} x {price.rate.amount:f}"


def sort_by_cost(models: Iterable[Model], workload: Workload | str | None) -> list[Model]:
    """``models`` by what the workload costs on each today, cheapest first.

    Those without the prices that it needs come last, after those priced in another currency than US dollars.
    """
    if workload is None:
        raise UsageError("to sort by cost, say of what: workload=Workload(...) or the name of one of WORKLOADS")
    found = _workload(workload)
    ranked = [(_rank(model, found), place, model) for place, model in enumerate(models)]
    return [model for _, _, model in sorted(ranked, key=lambda item: item[:2])]


def _rank(model: Model, workload: Workload) -> tuple[int, Decimal | int]:
    try:
        cost = monthly_cost(model, workload)
    except PriceNotPublishedError:
        return 2, 0
    return (0 if cost.currency == "USD" else 1), cost.total


def _workload(workload: Workload | str) -> Workload:
    if isinstance(workload, Workload):
        return workload
    found = WORKLOADS.get(str(workload))
    if found is None:
        raise UsageError(f"a workload is a Workload or one of {', '.join(WORKLOADS)}, not {workload!r}")
    return found
