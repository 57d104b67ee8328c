"""Plots of prices and costs, each with its units on the axes: the extra ``plots`` (matplotlib).

Every function draws on ``ax``, or on axes of its own, and returns them; nothing global is changed, so your style
sheet holds. What has no published price is left out, and the legend or a note says so.
"""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from ._display_words import words
from .api import get_model, price_history
from .cost import compute_cost
from .errors import PriceNotPublishedError, UsageError
from .estimates import WORKLOADS, Workload, monthly_cost
from .records import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from .history import PriceChange
    from .pricing import Rate

__all__ = ["plot_cost", "plot_monthly_cost", "plot_price_by_context", "plot_price_history"]

_STEPS = 120
_MARKS = "osD^vPX*"


def plot_cost(
    *models: str | Model,
    output_tokens: int = 0,
    up_to: int | None = None,
    tier: str = "standard",
    ax: Axes | None = None,
) -> Axes:
    """What one request costs against its input tokens, with the thresholds above which prices rise.

    ``output_tokens`` is how many come out of each request, ``up_to`` the most that go in (by default the largest
    context window of the models). Raises ``PriceNotPublishedError`` for a model without prices in ``tier``, and what
    :func:`modelmeta.get_model` raises.
    """
    found = _models(models)
    axes = _axes(ax)
    most = up_to or max((_room(model) for model in found), default=0) or 200_000
    thresholds: dict[int, None] = {}
    currencies: dict[str, None] = {}
    for model in found:
        own = [threshold for threshold in _thresholds(model, tier) if threshold < most]
        thresholds |= dict.fromkeys(own)
        points = sorted({most * step // _STEPS for step in range(_STEPS + 1)} | {*own, *(edge + 1 for edge in own)})
        costs = [compute_cost(model, input_tokens=sent, output_tokens=output_tokens, tier=tier) for sent in points]
        currencies |= dict.fromkeys(cost.currency for cost in costs)
        axes.plot(points, [float(cost) for cost in costs], label=_label(model, found))
    for threshold in thresholds:
        axes.axvline(threshold, color="0.6", linestyle=":", linewidth=1)
        axes.annotate(
            f" {threshold:,}", (threshold, 1), xycoords=("data", "axes fraction"), va="top", color="0.5", fontsize=8
        )
    axes.set_xlabel("input tokens of a request")
    axes.set_ylabel(f"cost of a request ({_currency(currencies)})")
    with_output = f" with {output_tokens:,} output tokens" if output_tokens else ""
    axes.set_title(f"Cost of a request{with_output}, {tier} tier")
    _thousands(axes.xaxis)
    _finish(axes, legend=True)
    axes.set_xlim(0, most)
    axes.set_ylim(bottom=0)
    return axes


def plot_price_history(
    ref: str,
    *,
    components: Sequence[str] = ("input", "cached_input", "output"),
    tier: str = "standard",
    ax: Axes | None = None,
) -> Axes:
    """What a model's prices were, from its release (or the first dated price) to today.

    A correction of a source's mistake is not a change of price: it is drawn as a cross at the value that never held.
    Raises what :func:`modelmeta.get_model` raises, and ``PriceNotPublishedError`` if none of the components is priced.
    """
    from .records import _today  # pyright: ignore[reportPrivateUsage]

    model = get_model(ref)
    axes = _axes(ax)
    today = _today()
    units: dict[str, None] = {}
    for component in components:
        rate = model.price(component, tier=tier)
        changes = [one for one in price_history(ref) if (one.component, one.tier) == (component, tier)]
        if rate is None and not changes:
            continue
        steps = _steps(model, changes, rate)
        if rate is not None:
            steps.append((today, float(rate.amount)))
        currency, unit = (rate.currency, rate.unit) if rate is not None else (changes[0].currency, changes[0].unit)
        units[f"{currency} per {unit}"] = None
        (line,) = axes.step(
            _days([day for day, _ in steps]), [price for _, price in steps], where="post", label=words(component)
        )
        wrong = [(one.date.first_day, one.old) for one in changes if one.kind == "correction" and one.old is not None]
        axes.plot(_days([day for day, _ in wrong]), [float(old) for _, old in wrong], "x", color=line.get_color())
    if not units:
        raise PriceNotPublishedError(
            f"{model.qualified_id} has no published price of {', '.join(components)} in {tier}"
        )
    axes.set_xlabel("day")
    axes.set_ylabel(f"price ({', '.join(units)})")
    axes.set_title(f"{model.name or model.id}: prices, {tier} tier")
    _finish(axes, legend=True)
    axes.set_ylim(bottom=0)
    _dates(axes)
    return axes


def plot_price_by_context(
    models: Iterable[str | Model], *, component: str = "input", ax: Axes | None = None, labels: bool = True
) -> Axes:
    """The price of a component against the context window, for a selection of models; both axes are logarithmic.

    Models without a published price in USD per 1M tokens, or without a context window, cannot be placed; a note says
    how many. Free models are drawn at the bottom edge.
    """
    found = _models(models)
    axes = _axes(ax)
    placed: list[tuple[float, float, Model]] = []
    free: list[tuple[float, Model]] = []
    for model in found:
        rate = model.price(component)
        window = _room(model)
        if rate is None or not window or (rate.unit, rate.currency) != ("1M tokens", "USD"):
            continue
        if rate.amount:
            placed.append((window, float(rate.amount), model))
        else:
            free.append((window, model))
    providers = list(dict.fromkeys(model.provider for _, _, model in placed))
    for number, provider in enumerate(providers[: len(_MARKS)]):
        last = number == len(_MARKS) - 1 and len(providers) > len(_MARKS)
        group = [
            one for one in placed if (one[2].provider in providers[number:] if last else one[2].provider == provider)
        ]
        axes.plot(
            [window for window, _, _ in group], [price for _, price, _ in group], _MARKS[number],
            label="others" if last else provider, alpha=0.8,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    for room, model in free:
        axes.plot(room, 0.02, "o", color="0.6", transform=axes.get_xaxis_transform(), label="_free")
        if labels:
            axes.annotate(
                f" {model.id} (free)",
                (room, 0.02),
                xycoords=("data", "axes fraction"),
                fontsize=7,
                color="0.4",
                rotation=20,
            )
    axes.margins(0.12)
    if labels and len(placed) <= 40:
        _annotate(axes, placed)
    axes.set_xlabel("context window (tokens)")
    axes.set_ylabel(f"price of {words(component)} (USD per 1M tokens)")
    missing = len(found) - len(placed) - len(free)
    note = f" ({missing} not placed: price or context not published)" if missing else ""
    axes.set_title(f"Price against context window{note}")
    _logarithmic(axes.xaxis, thousands=True)
    _logarithmic(axes.yaxis, thousands=False)
    _finish(axes, legend=len(providers) > 1)
    return axes


def plot_monthly_cost(
    models: Iterable[str | Model], workload: Workload | str = "small_team", *, ax: Axes | None = None
) -> Axes:
    """What a workload costs on each of the models, the cheapest on top.

    ``workload`` is a ``Workload`` or the name of one of ``WORKLOADS``. Models without the prices that it needs are
    named in a note. Raises ``UsageError`` for a workload that does not exist.
    """
    stated = WORKLOADS.get(workload) if isinstance(workload, str) else workload
    if stated is None:
        raise UsageError(f"a workload is a Workload or one of {', '.join(WORKLOADS)}, not {workload!r}")
    axes = _axes(ax)
    found = _models(models)
    costs: list[tuple[float, str, str]] = []
    missing: list[str] = []
    for model in found:
        try:
            cost = monthly_cost(model, stated)
        except PriceNotPublishedError:
            missing.append(model.id)
        else:
            costs.append((float(cost), _label(model, found), cost.currency))
    costs.sort(reverse=True)
    bars = axes.barh([label for _, label, _ in costs], [amount for amount, _, _ in costs])
    axes.bar_label(bars, labels=[f" {amount:,.2f}" for amount, _, _ in costs], fontsize=8)
    axes.set_xlabel(f"cost of {stated.days} days ({_currency(dict.fromkeys(currency for _, _, currency in costs))})")
    axes.set_ylabel("model")
    size = (
        f"{stated.requests_per_day:,} requests a day, {stated.input_tokens:,} tokens in, {stated.output_tokens:,} out"
    )
    note = f"\nno price published: {', '.join(missing)}" if missing else ""
    axes.set_title(f"{size}{note}", fontsize=10)
    axes.margins(x=0.12)
    _thousands(axes.xaxis)
    _finish(axes, legend=False)
    return axes


# Parts ----------------------------------------------------------------------------------------------------


def _models(models: Iterable[str | Model]) -> list[Model]:
    found = [model if isinstance(model, Model) else get_model(model) for model in models]
    if not found:
        raise UsageError("there is nothing to plot: give at least one model")
    return found


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError("plots need matplotlib: pip install 'modelmeta[plots]'") from None
    _, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    return axes


def _label(model: Model, among: Sequence[Model]) -> str:
    """Its id, with its provider where several of that id are drawn."""
    return model.id if sum(other.id == model.id for other in among) == 1 else model.qualified_id


def _room(model: Model) -> int:
    return model.limits.context_window or model.limits.max_input_tokens or 0


def _thresholds(model: Model, tier: str) -> list[int]:
    found = {
        rate.condition.above_input_tokens
        for rate in model.prices
        if rate.tier == tier and rate.condition is not None and rate.condition.above_input_tokens is not None
    }
    return sorted(found)


def _steps(model: Model, changes: Sequence[PriceChange], rate: Rate | None) -> list[tuple[date, float]]:
    """The days from which prices held, and the prices; a value that a source took back is that which it put instead."""
    steps: list[tuple[date, float]] = []
    released = model.released.first_day if model.released is not None else None
    for change in changes:
        day = change.date.first_day
        if change.kind == "correction":
            if steps and change.old is not None and change.new is not None and steps[-1][1] == float(change.old):
                steps[-1] = (steps[-1][0], float(change.new))
            continue
        if not steps and change.old is not None and released is not None and released < day:
            steps.append((released, float(change.old)))
        if change.new is not None:
            steps.append((day, float(change.new)))
    if not steps and rate is not None and released is not None:
        steps.append((released, float(rate.amount)))
    return steps


def _currency(currencies: Iterable[str]) -> str:
    return ", ".join(currencies) or "USD"


def _thousands(axis: Axis) -> None:
    """1,000,000 instead of 1e6."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 10 else f"{value:g}"))


def _logarithmic(axis: Axis, *, thousands: bool) -> None:
    """Ticks at 1, 2 and 5 of every power of ten, as plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if thousands else f"{value:g}"))
    axis.set_minor_locator(LogLocator(subs=()))


def _days(days: Sequence[date]) -> list[float]:
    """Days as matplotlib counts them."""
    from matplotlib.dates import date2num

    return [float(date2num(day)) for day in days]  # type: ignore[no-untyped-call]


def _dates(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _annotate(axes: Axes, placed: Sequence[tuple[float, float, Model]]) -> None:
    """A label at each point, towards the middle; models that lie all but together share one."""
    groups: dict[tuple[int, int], list[tuple[float, float, Model]]] = {}
    for window, price, model in placed:
        groups.setdefault((round(20 * log10(window)), round(20 * log10(price))), []).append((window, price, model))
    low, high = axes.get_xlim()
    for group in groups.values():
        window, price, _ = group[0]
        ids = [model.id for _, _, model in group]
        shown = ids[0] + (f" and {len(ids) - 1} more" if len(ids) > 1 else "")
        right = log10(window) > (log10(low) + log10(high)) / 2
        axes.annotate(
            shown, (window, price), xytext=(-6 if right else 6, 2), textcoords="offset points", fontsize=7,
            ha="right" if right else "left",
        )  # fmt: skip


def _finish(axes: Axes, *, legend: bool) -> None:
    axes.grid(alpha=0.25)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if legend:
        axes.legend(frameon=False, fontsize=8)
