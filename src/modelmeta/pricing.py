"""A rate, what it depends on, and which rate of a price list applies."""

from __future__ import annotations

from ._record import Record, field_names, register_type
from .dates import PartialDate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

__all__ = ["OPTIONS", "SAME_TIER", "TIERS", "Condition", "Rate", "applicable", "in_window", "select_rate"]

TIERS = ("standard", "batch", "flex", "priority", "fast")
"""How a request can be billed. ``standard`` is what a request gets that asks for nothing else."""

SAME_TIER: dict[tuple[str, str], str] = {
    ("openai", "priority"): "fast",
    ("openai", "fast"): "priority",
}
"""Two names of one tier at one provider: a price published under either holds for both.

OpenAI renamed priority processing to fast mode in 2026; its specification says that a request with
``service_tier`` ``fast`` or ``priority`` is served alike, and that the response says ``priority`` for both.
"""


def _decimal(text: str) -> Decimal:
    from decimal import Decimal

    return Decimal(text)


register_type("Decimal", _decimal, "f")


class Condition(Record):
    """When a rate applies; a field that is ``None`` does not matter.

    ``above_input_tokens``: the request has more input tokens than this; it then reprices the whole request, or
    with ``excess_only`` only the tokens above. ``region``: where the request is processed (``"us"``, ``"eu"``,
    ``"data-zone"``, a cloud's region id). ``utc_window``: a time of day, ``"16:30-00:30"``. ``weekdays``: from
    Monday to Friday only, by the day in UTC; the vendor may except public holidays as well. ``size``, ``quality``,
    ``resolution``, ``with_audio``: of an image or a video. ``context_size``: of a web search. ``modality``: what the
    tokens are of. ``thinking``: whether the model thinks. ``fine_tuned``: a fine-tuned model of this base.
    ``variant``: anything else the vendor distinguishes.

    >>> from modelmeta import get_model
    >>> rate = get_model("gemini-2.5-pro").price("input", input_tokens=300_000)
    >>> rate.condition, str(rate.amount)
    (Condition(above_input_tokens=200000), '2.5')
    """

    above_input_tokens: int | None = None
    excess_only: bool = False
    region: str | None = None
    utc_window: str | None = None
    weekdays: bool = False
    size: str | None = None
    quality: str | None = None
    resolution: str | None = None
    context_size: str | None = None
    modality: str | None = None
    fine_tuned: bool = False
    thinking: bool | None = None
    with_audio: bool | None = None
    variant: str | None = None


class Rate(Record):
    """One price: ``amount`` of ``currency`` for each ``unit`` of ``component``, in one service tier.

    ``component`` is a usage count's name without ``_tokens`` (``input``, ``cached_input``, ``output``,
    ``web_searches``). ``unit`` is never implied: ``"1M tokens"``, ``"image"``, ``"minute"``. ``amount`` is
    exact; zero means that the source says it is free. The rate holds from ``effective_from`` (its first day)
    until the day before ``effective_until``; ``None`` means that no such day is published. ``source`` is the id
    of the source believed (see :func:`list_sources`), ``tier`` a service tier, ``condition`` what else it depends on.

    >>> from modelmeta import get_model
    >>> print(get_model("gpt-4.1-mini").price("output", tier="batch").amount)
    0.8
    """

    component: str
    unit: str
    amount: Decimal
    currency: str = "USD"
    tier: str = "standard"
    condition: Condition | None = None
    effective_from: PartialDate | None = None
    effective_until: PartialDate | None = None
    source: str = ""


def _in_force(rate: Rate, day: date) -> bool:
    return (rate.effective_from is None or rate.effective_from.first_day <= day) and (
        rate.effective_until is None or day < rate.effective_until.first_day
    )


OPTIONS: tuple[str, ...] = tuple(
    name
    for name in field_names(Condition)
    if name not in {"above_input_tokens", "excess_only", "utc_window", "weekdays"}
)
"""What a caller can say about a request that may change its price: the fields of a condition that are not measured."""


_FRIDAY = 4


def in_window(window: str, minute: int) -> bool:
    """Whether ``minute`` of the UTC day lies in ``window``, which may run over midnight; its end is not in it.

    >>> in_window("16:30-00:30", 15), in_window("16:30-00:30", 30)
    (True, False)
    """
    start, end = window_edges(window)
    return start <= minute < end if start < end else minute >= start or minute < end


def window_edges(window: str) -> tuple[int, int]:
    """The first minute of the UTC day that lies in ``window``, and the first that no longer does."""
    start, end = window.split("-")
    return int(start[:2]) * 60 + int(start[3:]), int(end[:2]) * 60 + int(end[3:])


def _fit(condition: Condition, options: Mapping[str, object], day: date, minute: int | None) -> int:
    """How many of the condition's demands the request meets, or -1 when it fails one."""
    met = 0
    for name in OPTIONS:
        wanted = getattr(condition, name)
        if wanted is None or (name == "fine_tuned" and not wanted):
            continue
        if options.get(name) != wanted:
            return -1
        met += 1
    if condition.weekdays:
        if day.weekday() > _FRIDAY:
            return -1
        met += 1
    if condition.utc_window is not None:
        if minute is None or not in_window(condition.utc_window, minute):
            return -1
        met += 1
    return met


def applicable(
    rates: Iterable[Rate], *, tier: str, day: date, minute: int | None = None, options: Mapping[str, object]
) -> list[tuple[int, Rate]]:
    """The rates of ``tier`` in force that fit the request, whatever its size, each with how specific it is.

    ``minute`` is the minute of the UTC day, or ``None`` when only the day is known: then no rate with a time of
    day fits. ``options`` says what the request is (``region``, ``size`` …); a rate fits that asks for nothing else.
    """
    fitting: list[tuple[int, Rate]] = []
    for rate in rates:
        if rate.tier == tier and _in_force(rate, day):
            fit = 0 if rate.condition is None else _fit(rate.condition, options, day, minute)
            if fit >= 0:
                fitting.append((fit, rate))
    return fitting


def preference(fit: int, rate: Rate) -> tuple[int, int, int]:
    """Which of several rates that fit applies: the most specific, then the highest threshold, then the newest."""
    threshold = rate.condition.above_input_tokens if rate.condition is not None else None
    start = rate.effective_from
    return fit, threshold or 0, start.first_day.toordinal() if start is not None else 0


def select_rate(rates: tuple[Rate, ...], component: str, *, tier: str, day: date, input_tokens: int = 0) -> Rate | None:
    """The rate for ``component`` that a request of ``input_tokens`` pays on ``day``; ``None`` if unpublished.

    Only rates without other conditions (region, size, time of day …) are considered; of those whose threshold
    the request exceeds, the one with the highest. Where several currencies are published, it is US dollars.
    """
    best: Rate | None = None
    best_preference: tuple[object, ...] = (False,)
    for fit, rate in applicable(rates, tier=tier, day=day, options={}):
        if rate.component != component:
            continue
        condition = rate.condition
        if condition is not None and input_tokens <= (condition.above_input_tokens or -1):
            continue
        found = (rate.currency == "USD", *preference(fit, rate))
        if best is None or found > best_preference:
            best, best_preference = rate, found
    return best
