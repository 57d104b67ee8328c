"""Plots of prices and costs, each with its units on the axes: the extra ``plots`` (matplotlib).

Every function draws on ``ax``, or on axes of its own, and returns them; nothing global is changed, so your style
sheet holds. What has no published price is left out, and the legend or a note says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._display_words import words
from .active import get_model
from .api import price_history
from .cost import compute_cost
from .dates import today
from .errors import PriceNotPublishedError, UsageError
from .estimates import WORKLOADS, Workload, monthly_cost
from .records import Model

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from .history import PriceChange
    from .pricing import Rate

__all__ = ["plot_cost", "plot_monthly_cost", "plot_price_by_context", "plot_price_history"]

_STEPS = 120
_MARKS = "osD^vPX*"

MANY = 4
"""A note names so many models that could not be drawn, and says how many there are beside them."""


def plot_cost(
    *models: str | Model,
    output_tokens: int = 0,
    up_to: int | None = None,
    tier: str = "standard",
    ax: Axes | None = None,
) -> Axes:
    """What one request costs against its input tokens, with the thresholds above which prices rise.

    ``output_tokens`` is how many come out of each request, ``up_to`` the most that go in (by default the largest
    context window of the models). Raises ``PriceNotPublishedError`` for a model without prices in ``tier``,
    ``UsageError`` for models whose prices are in different currencies, and what :func:`modelmeta.get_model` raises.
    """
    found = _models(models)
    axes = _axes(ax)
    most = up_to or max((_room(model) for model in found), default=0) or 200_000
    thresholds: dict[int, None] = {}
    currencies: set[str] = set()
    for model in found:
        own = [threshold for threshold in _thresholds(model, tier) if threshold < most]
        thresholds |= dict.fromkeys(own)
        points = sorted({most * step // _STEPS for step in range(_STEPS + 1)} | {*own, *(edge + 1 for edge in own)})
        costs = [compute_cost(model, input_tokens=sent, output_tokens=output_tokens, tier=tier) for sent in points]
        currencies |= {cost.currency for cost in costs}
        axes.plot(points, [float(cost) for cost in costs], label=_label(model, found))
    for threshold in thresholds:
        axes.axvline(threshold, color="0.6", linestyle=":", linewidth=1)
        axes.annotate(
            f" {threshold:,}", (threshold, 1), xycoords=("data", "axes fraction"), va="top", color="0.5", fontsize=8
        )
    axes.set_xlabel("input tokens of a request")
    axes.set_ylabel(f"cost of a request ({_only(currencies)})")
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
    Raises what :func:`modelmeta.get_model` raises, ``PriceNotPublishedError`` if none of the components is priced, and
    ``UsageError`` for components with different units, which need axes of their own.
    """
    model = get_model(ref)
    axes = _axes(ax)
    history = [one for one in price_history(ref) if one.tier == tier]
    first = _first_day(model, history)
    units: set[str] = set()
    for component in components:
        rate = model.price(component, tier=tier)
        changes = [one for one in history if one.component == component]
        if rate is None and not changes:
            continue
        steps = _steps(first, changes, rate)
        if rate is not None:
            steps.append((today(), float(rate.amount)))
        currency, unit = (rate.currency, rate.unit) if rate is not None else (changes[0].currency, changes[0].unit)
        units.add(f"{currency} per {unit}")
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
    axes.set_ylabel(f"price ({_only(units)})")
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
    how many. Free models are drawn in grey below all others. Each point has its id where there is room for it.
    """
    found = _models(models)
    axes = _axes(ax)
    placed: list[tuple[float, float, Model]] = []
    for model in found:
        rate = model.price(component)
        window = _room(model)
        if rate is not None and window and (rate.unit, rate.currency) == ("1M tokens", "USD"):
            placed.append((window, float(rate.amount), model))
    edge = min([price for _, price, _ in placed if price], default=1) / 2
    free = [(window, edge, model) for window, price, model in placed if not price]
    priced = [one for one in placed if one[1]]
    providers = list(dict.fromkeys(model.provider for _, _, model in priced))
    marked = dict(zip(providers, _MARKS, strict=False)) if len(providers) <= len(_MARKS) else {}
    for provider, mark in marked.items() or (("", "o"),):
        group = [one for one in priced if not provider or one[2].provider == provider]
        axes.plot([one[0] for one in group], [one[1] for one in group], mark, label=provider, alpha=0.8)
    axes.plot([one[0] for one in free], [one[1] for one in free], "o", color="0.6", label="free" if free else "_free")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(0.12)
    axes.set_xlabel("context window (tokens)")
    axes.set_ylabel(f"price of {words(component)} (USD per 1M tokens)")
    missing = len(found) - len(placed)
    note = f" ({missing} not placed: price or context not published)" if missing else ""
    axes.set_title(f"Price against context window{note}")
    _logarithmic(axes.xaxis)
    _logarithmic(axes.yaxis)
    _finish(axes, legend=len(marked) > 1 or bool(free))
    if labels:
        _annotate(axes, [*priced, *free])
    return axes


def plot_monthly_cost(
    models: Iterable[str | Model], workload: Workload | str = "small_team", *, ax: Axes | None = None
) -> Axes:
    """What a workload costs on each of the models, the cheapest on top.

    ``workload`` is a ``Workload`` or the name of one of ``WORKLOADS``. Models without the prices that it needs are
    named in a note. Raises ``UsageError`` for a workload that does not exist, and for models whose prices are in
    different currencies.
    """
    stated = WORKLOADS.get(workload) if isinstance(workload, str) else workload
    if stated is None:
        raise UsageError(f"a workload is a Workload or one of {', '.join(WORKLOADS)}, not {workload!r}")
    found = _models(models)
    axes = _axes(ax, height=max(2.5, 1.2 + 0.4 * len(found)))
    costs: list[tuple[float, str]] = []
    currencies: set[str] = set()
    missing: list[str] = []
    for model in found:
        try:
            cost = monthly_cost(model, stated)
        except PriceNotPublishedError:
            missing.append(model.id)
        else:
            costs.append((float(cost), _label(model, found)))
            currencies.add(cost.currency)
    costs.sort(reverse=True)
    bars = axes.barh([label for _, label in costs], [amount for amount, _ in costs])
    axes.bar_label(bars, labels=[f" {amount:,.2f}" for amount, _ in costs], fontsize=8)
    axes.set_xlabel(f"cost of {stated.days} days ({_only(currencies)})")
    axes.set_ylabel("model")
    cached = f" ({stated.cached_share:.0%} cached)" if stated.cached_share else ""
    size = f"{stated.requests_per_day:,} requests a day"
    each = f"{stated.input_tokens:,} tokens in{cached}, {stated.output_tokens:,} out"
    left = f" and {len(missing) - MANY} more" if len(missing) > MANY else ""
    note = f"\nno price published: {', '.join(missing[:MANY])}{left}" if missing else ""
    axes.set_title(f"{size}, {each}{note}", fontsize=10)
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


def _axes(ax: Axes | None, height: float = 4.5) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError("plots need matplotlib: pip install 'modelmeta[plots]'") from None
    _, axes = plt.subplots(figsize=(7.5, height), layout="constrained")
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


def _first_day(model: Model, history: Sequence[PriceChange]) -> date | None:
    """The first day of which a price is known: that of the release, or of the first change on record."""
    released = [model.released.first_day] if model.released is not None else []
    return min([*released, *(change.date.first_day for change in history)], default=None)


def _steps(first: date | None, changes: Sequence[PriceChange], rate: Rate | None) -> list[tuple[date, float]]:
    """The days from which prices held, and the prices; a value that a source took back is that which it put instead."""
    steps: list[tuple[date, float]] = []
    for change in changes:
        day = change.date.first_day
        if change.kind == "correction":
            if steps and change.old is not None and change.new is not None and steps[-1][1] == float(change.old):
                steps[-1] = (steps[-1][0], float(change.new))
            continue
        if not steps and change.old is not None and first is not None and first < day:
            steps.append((first, float(change.old)))
        if change.new is not None:
            steps.append((day, float(change.new)))
    if not steps and rate is not None and first is not None:
        steps.append((first, float(rate.amount)))
    return steps


def _only(units: Collection[str]) -> str:
    """The unit of an axis, which can have but one."""
    if len(units) > 1:
        raise UsageError(f"one axis cannot show {' and '.join(sorted(units))}: plot them apart")
    return next(iter(units), "USD")


def _thousands(axis: Axis) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(_whole))


def _whole(value: float, _place: object) -> str:
    """1,000,000 instead of 1e6."""
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"


def _logarithmic(axis: Axis) -> None:
    """Plain numbers at 1, 2 and 5 of every power of ten, or at each digit where there is but one power."""
    from matplotlib.ticker import FuncFormatter, LogLocator

    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high > 10 * low else range(1, 10)))
    axis.set_major_formatter(FuncFormatter(_short))
    axis.set_minor_locator(LogLocator(subs=()))


def _short(value: float, _place: object) -> str:
    """500K instead of 500,000, so that the numbers of an axis do not run into each other."""
    for size, letter in ((1e6, "M"), (1e3, "K")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


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
    """The id at each point, beside it or a line below, where that covers no point and no other id."""
    from matplotlib.transforms import Bbox

    axes.figure.canvas.figure.draw_without_rendering()  # what is beside the axes may still move them
    taken = [Bbox.from_bounds(x - 3, y - 3, 6, 6) for x, y in axes.transData.transform([one[:2] for one in placed])]
    inside = axes.get_window_extent()
    for window, price, model in placed:
        text = axes.annotate(model.id, (window, price), (0, 0), textcoords="offset points", fontsize=7)
        for across, up, side in _BESIDE:
            text.set(position=(across, up), horizontalalignment=side)
            box = text.get_window_extent()
            if inside.x0 <= box.x0 and box.x1 <= inside.x1 and not box.count_overlaps(taken):
                taken.append(box)
                break
        else:
            text.remove()


_BESIDE = [(across, up, side) for up in (-2, 5, -9) for across, side in ((5, "left"), (-5, "right"))]
"""Where an id may stand, in points from its mark."""


def _finish(axes: Axes, *, legend: bool) -> None:
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if legend:
        axes.legend(frameon=False, fontsize=8)
