"""Usage times rates: what a request costs, exactly, or an error that says why that cannot be known."""

from __future__ import annotations

from time import time

from ._bills import Cost, CostLine, charges, make_cost, put_bill, shares_of
from ._plans import DAY, EPOCH, PriceBook
from .active import current_catalog, get_model
from .components import COUNTS
from .errors import UnknownModelError, UsageError
from .pricing import OPTIONS, TIERS
from .records import Model
from .references import is_tuned
from .usage import Usage, check_counts, checks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from typing import Any, Literal, TypeAlias

    from typing_extensions import Unpack

    from ._plans import Band, Plan
    from ._usage_counts import OtherCounts
    from .usage import ResponseInfo

    Moment: TypeAlias = "date | datetime | str"
    _Current: TypeAlias = "tuple[Model, int, int, tuple[Any, Any, Any], Plan, Band]"

__all__ = ["Cost", "CostLine", "compute_cost", "find_plan", "price_book"]

_CURRENT: dict[tuple[int, str | None], _Current] = {}
"""For the id of a model object and a tier what is in force: the model (which keeps the id its own), when it ends, the
lowest threshold, what an input, a cached and an output token below it add to the cost, the plan, its lowest band."""

_BOOKS: dict[int, PriceBook] = {}
"""For the id of a model object: its price book, which keeps the model alive."""

_MOST_BOOKS = 16_384

NO_OPTIONS: dict[str, object] = {}

_new = object.__new__


def compute_cost(
    model: str | Model | None = None,
    usage: Usage | None = None,
    *,
    tier: str | None = None,
    at: Moment | None = None,
    provider: str | None = None,
    on_missing: Literal["raise", "skip"] = "raise",
    currency: str | None = None,
    response: object = None,
    input_tokens: int | None = None,
    cached_input_tokens: int | None = None,
    output_tokens: int | None = None,
    **counts: Unpack[OtherCounts],
) -> Cost:
    """What ``model`` bills for a usage, exactly.

    The usage is ``usage``, or the counts by name (see :class:`Usage`), or what ``response`` states: a provider's
    response in any form that ``Usage.from_response`` reads. A response, or a usage that was read from one, also tells
    the model, the tier and the time, as far as it states them and you do not.

    ``tier`` is the service tier (``"standard"``, ``"batch"``, ``"flex"``, ``"priority"``, ``"fast"``; standard unless
    said). ``at`` is when: prices are those of that moment, now unless said; a day without a time leaves out prices
    that hold only at certain hours, a datetime without a zone is UTC. A fine-tune (``"ft:…"``) pays fine-tuned prices,
    and ``region=`` the prices of that region. Where prices are published in several currencies, they are US dollars
    unless ``currency`` names another.

    Every token is counted once: each count pays its own rate, or, where that is how providers bill, that of what it
    is part of, with a note. Anything else without a published price is never taken to be free: it raises
    ``PriceNotPublishedError`` (a ``ValueError``), or with ``on_missing="skip"`` stands in ``cost.unpriced``.
    ``UsageError`` (a ``ValueError``) is raised for counts that are none, an unknown tier, and a time before the
    release; ``UnknownModelError`` and its kin as by ``get_model``.

    >>> from modelmeta import compute_cost
    >>> cost = compute_cost("gpt-4.1-mini", input_tokens=10_000, cached_input_tokens=8_000, output_tokens=1_000)
    >>> str(cost.total)
    '0.0032'
    >>> [(line.component, line.quantity, str(line.amount)) for line in cost.lines]
    [('input', 2000, '0.0008'), ('cached_input', 8000, '0.0008'), ('output', 1000, '0.0016')]
    """
    if usage is response is at is provider is currency is None and not counts and on_missing == "raise":
        # What is usual is done here and fast; whatever is not (a KeyError) goes the long way below.
        try:
            known: Any = model
            if known.__class__ is not Model:
                known = None if ":" in known and is_tuned(known) else get_model(known)
            owner, end, lowest, (of_input, of_cached, of_output), plan, band = _CURRENT[id(known), tier]
            now = time()
            sent: Any = 0 if input_tokens is None else input_tokens
            cached: Any = 0 if cached_input_tokens is None else cached_input_tokens
            got: Any = 0 if output_tokens is None else output_tokens
            if (
                owner is known
                and now < end
                and not (input_tokens is output_tokens is None)
                and sent.__class__ is cached.__class__ is got.__class__ is int
                and 0 <= cached <= sent <= lowest
                and got >= 0
            ):
                units = of_input * sent + of_cached * cached + of_output * got
                cost = _new(Cost)
                put_bill(cost, (plan, band, (sent, cached, got), units, now, (), ()))
                return cost
        except (KeyError, TypeError):
            pass
    named: dict[str, Any] = {**counts}
    if input_tokens is not None:
        named["input_tokens"] = input_tokens
    if cached_input_tokens is not None:
        named["cached_input_tokens"] = cached_input_tokens
    if output_tokens is not None:
        named["output_tokens"] = output_tokens
    if response is provider is currency is None and on_missing == "raise":
        found = _quickly(model, usage, tier, at, named)
        if found is not None:
            return found
    return _compute(
        model,
        usage,
        named,
        tier=tier,
        at=at,
        provider=provider,
        on_missing=on_missing,
        currency=currency,
        response=response,
    )


def _quickly(
    model: Any, usage: Usage | None, tier: str | None, at: Moment | None, counts: Mapping[str, Any]
) -> Cost | None:
    """The cost of plain counts that are all priced, if the model's price book is open; else ``None``."""
    try:
        if model.__class__ is not Model:
            if ":" in model and is_tuned(model):
                return None
            model = get_model(model)
        if usage is not None:
            if counts or usage.__class__ is not Usage or usage.response is not None:
                return None
            counts = usage.stated()
        now: Any = time() if at is None else at
        if at is None:
            owner, end, lowest, _, plan, band = _CURRENT[id(model), tier]
            if owner is not model or now >= end:
                return None
        else:
            book = _BOOKS[id(model)]
            seconds, timed, now = _seconds(at)
            if book.model is not model or seconds < book.released:
                return None
            plan = book.plan(_tier(tier, None), seconds, NO_OPTIONS, timed=timed)
            lowest, band = plan.lowest, plan.bands[-1][1]
        if counts.get("input_tokens", 0) > lowest:
            band = plan.band(counts["input_tokens"])
        units = _product(band.linear, counts)
    except (KeyError, TypeError):
        return None
    return make_cost((plan, band, counts, units, now, (), ()))


def _product(linear: Mapping[str, int], counts: Mapping[str, Any]) -> int:
    """The cost of counts that are whole, do not contradict each other, and are all in ``linear``; or a ``KeyError``."""
    checks = checks_of(tuple(counts))
    if not counts or checks is None:
        raise KeyError
    units = 0
    for name, value in counts.items():
        if value.__class__ is not int or value < 0:
            raise KeyError(name)
        units += linear[name] * value
    for total, part, others in checks:
        if counts[total] - counts[part] - sum([counts[other] for other in others]) < 0:
            raise KeyError(total)
    return units


# Any case -------------------------------------------------------------------------------------------


def _compute(
    model: str | Model | None,
    usage: Usage | None,
    counts: Mapping[str, object],
    *,
    tier: str | None,
    at: Moment | None,
    provider: str | None,
    on_missing: str,
    currency: str | None,
    response: object,
) -> Cost:
    if on_missing not in {"raise", "skip"}:
        raise UsageError(f"on_missing is 'raise' or 'skip', not {on_missing!r}")
    values, calls, info = _gather(usage, response, counts)
    known, fine_tuned = _find(model, provider, info)
    tier = _tier(tier, info)
    options = {name: values.pop(name) for name in OPTIONS if name in values}
    if fine_tuned:
        options["fine_tuned"] = True
    notes: tuple[str, ...] = () if info is None else info.notes
    book = price_book(known)
    if book.by_thinking and "thinking" not in options and "reasoning_tokens" in values:
        options["thinking"] = True
        notes += ("there are reasoning tokens, so the price is that of thinking",)
    seconds, timed, now, more = _when(known, book, at, info)
    plan = book.plan(tier, seconds, options, timed=timed, currency=currency)
    if at is None and timed and not options and currency is None:
        _remember(known, tier, plan, book.until(seconds))
    return _price(plan, values, calls, at=now, seconds=seconds, notes=notes + more, on_missing=on_missing)


def _when(
    model: Model, book: PriceBook, at: Moment | None, info: ResponseInfo | None
) -> tuple[int, bool, object, tuple[str, ...]]:
    """Seconds since 1970, whether the time of day is known, the moment, and what is to be noted about it.

    What the caller says goes before what the response says, and that before now.
    """
    if at is None and (info is None or info.at is None):
        now = time()
        return int(now), True, now, ()
    seconds, timed, moment = _seconds(at if at is not None or info is None else info.at)
    if seconds >= book.released:
        return seconds, timed, moment, ()
    released = f"{model.qualified_id} was released on {model.released}"
    if at is not None:
        raise UsageError(f"{released}: it had no price at {moment}")
    return seconds, timed, moment, (f"{released}, yet the response is of {moment:%Y-%m-%d}",)


def _gather(
    usage: Usage | None, response: object, counts: Mapping[str, object]
) -> tuple[dict[str, Any], int, ResponseInfo | None]:
    """All counts and options, how many calls they are the sum of, and what a response says beside them."""
    if response is not None:
        if usage is not None:
            raise UsageError("give usage or response, not both: a response states its usage")
        usage = Usage.from_response(response)
    if usage is None:
        if not counts:
            raise UsageError("there is nothing to price: give a Usage, a response, or counts such as input_tokens=1000")
        values = check_counts(counts)
        return values, values.pop("calls", 1), None
    if usage.__class__ is not Usage:
        raise UsageError(
            f"usage is a Usage, not a {type(usage).__name__}; give a provider's response as response=, "
            "or counts by name such as input_tokens=1000"
        )
    values = dict(usage.stated())
    twice = [name for name in counts if name in values and name in COUNTS]
    if twice:
        raise UsageError(f"{', '.join(twice)} is stated twice: by the usage and beside it")
    if counts:
        values = check_counts({**values, **counts})
    return values, values.pop("calls", 1), usage.response


def _find(model: str | Model | None, provider: str | None, info: ResponseInfo | None) -> tuple[Model, bool]:
    """The model, and whether it was named as a fine-tune."""
    if model is None:
        if info is None:
            raise UsageError("cannot price a usage without a model: say model=")
        if info.model is None:
            raise UsageError(f"the {info.shape} does not name its model: say model=")
        model = _known_at(info, provider)
    if isinstance(model, Model):
        if provider is not None and provider != model.provider:
            raise UsageError(
                f"{model.qualified_id} is {model.provider}'s offer; for another provider's give the id, "
                f"as in compute_cost({model.id!r}, provider={provider!r})"
            )
        return model, False
    if is_tuned(str(model)):
        found = current_catalog().resolve(str(model), provider=provider)
        return found.model, found.kind == "fine_tune"
    return get_model(model, provider=provider), False


def _known_at(info: ResponseInfo, provider: str | None) -> str | Model:
    """The model that a response names: at the provider that it shows, where that is known to serve it."""
    if provider is None and info.provider is not None and not is_tuned(info.model or ""):
        try:
            return get_model(info.model or "", provider=info.provider)
        except UnknownModelError:
            pass
    return info.model or ""


def _tier(tier: str | None, info: ResponseInfo | None) -> str:
    if tier is None:
        tier = info.tier if info is not None and info.tier is not None else "standard"
    if tier not in TIERS:
        from .suggestions import closest

        near = closest(str(tier), TIERS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        said = " that the response states" if info is not None and info.tier == tier else ""
        raise UsageError(f"no list price is by service tier {tier!r}{said}: the tiers are {', '.join(TIERS)}{hint}")
    return tier


def _seconds(at: Any) -> tuple[int, bool, Any]:
    """Seconds since 1970 in UTC, whether the time of day is known, and the moment as a date or a datetime."""
    if at.__class__ is str:
        from datetime import date, datetime

        try:
            at = datetime.fromisoformat(at.replace("Z", "+00:00")) if len(at) > 10 else date.fromisoformat(at)
        except ValueError:
            raise UsageError(f"at={at!r} is not a date; write 2026-03-01 or 2026-03-01T12:00:00Z") from None
    try:
        seconds = (at.toordinal() - EPOCH) * DAY
    except AttributeError:
        raise UsageError(f"at is a date or a datetime, not a {type(at).__name__}") from None
    if not hasattr(at, "hour"):
        return seconds, False, at
    seconds += at.hour * 3600 + at.minute * 60 + at.second
    offset = at.utcoffset()
    if offset is not None:
        seconds -= offset.days * DAY + offset.seconds
    return seconds, True, at


def find_plan(
    model: str | Model, *, tier: str = "standard", at: Moment | None = None, provider: str | None = None
) -> Plan:
    """The compiled prices of a model in a tier at a moment (now unless said): what ``compute_cost`` multiplies with."""
    known, fine_tuned = _find(model, provider, None)
    seconds, timed, _ = (int(time()), True, None) if at is None else _seconds(at)
    options = {"fine_tuned": True} if fine_tuned else NO_OPTIONS
    return price_book(known).plan(_tier(tier, None), seconds, options, timed=timed)


def price_book(model: Model) -> PriceBook:
    """The plans of a model, made once for each model object."""
    book = _BOOKS.get(id(model))
    if book is None or book.model is not model:
        if len(_BOOKS) >= _MOST_BOOKS:
            _BOOKS.clear()
            _CURRENT.clear()
        book = _BOOKS[id(model)] = PriceBook(model)
    return book


def _remember(model: Model, tier: str, plan: Plan, end: int) -> None:
    band = plan.bands[-1][1]
    prices = (
        band.linear.get("input_tokens"),
        band.linear.get("cached_input_tokens"),
        band.linear.get("output_tokens"),
    )
    current = (model, end, plan.lowest, prices, plan, band)
    _CURRENT[id(model), tier] = current
    if tier == "standard":
        _CURRENT[id(model), None] = current


INSTEAD = {"web_searches": "grounded_prompts", "grounded_prompts": "web_searches"}
"""Two measures of one service: a provider bills searches or the prompts that they ground, never both."""


def _price(
    plan: Plan,
    counts: dict[str, Any],
    calls: int,
    *,
    at: object,
    seconds: int,
    notes: tuple[str, ...],
    on_missing: str,
) -> Cost:
    sent = counts.get("input_tokens", 0)
    band = plan.band(sent)
    if calls > 1 and sent > plan.lowest:
        raise UsageError(
            f"these counts are the sum of {calls} calls, and {plan.model.qualified_id} costs more for a call of more "
            f"than {plan.lowest:,} input tokens: price each call and add the costs"
        )
    units = 0
    missing: dict[str, Any] = {}
    for count, quantity in shares_of(counts):
        price = band.prices.get(count)
        if price is not None:
            units += sum(amount for _, _, amount in charges(price, quantity))
        elif INSTEAD.get(count) in counts and INSTEAD[count] in band.prices:
            notes += (f"{COUNTS[count][0]}: billed by {COUNTS[INSTEAD[count]][0]} instead",)
        else:
            missing[count] = quantity
    if missing and on_missing == "raise":
        from ._unpriced import explain

        raise explain(plan, missing, seconds)
    unpriced = tuple(dict.fromkeys(COUNTS[count][0] for count in missing))
    if unpriced:
        notes += (f"partial: {plan.name} has no published price in the {plan.tier} tier for {', '.join(unpriced)}",)
    return make_cost((plan, band, counts, units, at, unpriced, notes))
