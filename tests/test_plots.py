"""Plots: what is drawn, that axes have units, and that nothing without a price is drawn at zero."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("matplotlib")

import matplotlib.pyplot as plt

from modelmeta import Limits, Model, PriceNotPublishedError, Rate, UsageError, Workload, compute_cost, get_model
from modelmeta.plots import plot_cost, plot_monthly_cost, plot_price_by_context, plot_price_history

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("modelmeta.dates.today_text", TODAY.isoformat)
    plt.switch_backend("agg")
    yield
    plt.close("all")


def points_of(line: Any) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def test_cost_rises_at_its_threshold() -> None:
    axes = plot_cost("gemini-2.5-pro", "gpt-4.1-mini", output_tokens=1_000, up_to=400_000)
    steep, plain = axes.lines[:2]
    points = dict(points_of(steep))
    assert {200_000, 200_001} <= set(points)
    for sent in (200_000, 200_001, 400_000):
        cost = compute_cost("gemini-2.5-pro", input_tokens=sent, output_tokens=1_000)
        assert points[sent] == pytest.approx(float(cost))
    assert points[200_001] > 1.5 * points[200_000]
    assert plain.get_label() == "gpt-4.1-mini"
    assert axes.get_xlabel() == "input tokens of a request"
    assert axes.get_ylabel() == "cost of a request (USD)"
    assert "200,000" in [text.get_text().strip() for text in axes.texts]


def test_cost_needs_prices() -> None:
    with pytest.raises(PriceNotPublishedError):
        plot_cost("gpt-4.1-mini", tier="flex")
    with pytest.raises(UsageError, match="nothing to plot"):
        plot_cost()


def test_price_history_steps_and_ends_today() -> None:
    axes = plot_price_history("deepseek-chat", components=["input", "cached_input", "citation"])
    labels = [line.get_label() for line in axes.lines if not str(line.get_label()).startswith("_")]
    assert labels == ["input", "cached input"]
    first = [y for _, y in points_of(axes.lines[0])][:2]
    assert first == [0.27, 0.57]  # the price before the first change on record, and after it
    rate = get_model("deepseek-chat").price("input")
    assert rate is not None
    assert points_of(axes.lines[0])[-1][1] == float(rate.amount)
    assert axes.get_ylabel() == "price (USD per 1M tokens)"


def test_a_price_that_was_a_mistake_is_a_cross_beside_the_line() -> None:
    """On its first two days a catalogue had the cache price of the model before: 1.50 instead of 0.50."""
    line, wrong = plot_price_history("claude-opus-4-5", components=["cached_input"]).lines
    assert {y for _, y in points_of(line)} == {0.5}
    assert (wrong.get_marker(), [y for _, y in points_of(wrong)]) == ("x", [1.5])


def test_price_history_of_a_price_that_never_moved_and_of_none() -> None:
    axes = plot_price_history("gpt-4.1-mini", components=["output"])
    assert {y for _, y in points_of(axes.lines[0])} == {1.6}
    with pytest.raises(PriceNotPublishedError, match="citation"):
        plot_price_history("gpt-4.1-mini", components=["citation"])


def priced(name: str, amount: str, window: int | None) -> Model:
    rate = Rate(component="input", unit="1M tokens", amount=Decimal(amount))
    return Model(id=name, provider="p", limits=Limits(context_window=window), prices=(rate,))


def test_price_against_context_places_what_it_can() -> None:
    models = [priced("a", "1", 1000), priced("b", "2", 5000), priced("free", "0", 1000), priced("unknown", "1", None)]
    axes = plot_price_by_context([*models, "gpt-4.1-mini"])
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    placed = {point for line in axes.lines for point in points_of(line)}
    assert {(1000, 1.0), (5000, 2.0), (1_047_576, 0.4)} <= placed
    assert "1 not placed" in axes.get_title()
    assert (1000, 0.2) in placed  # free: below the lowest price, in grey
    assert {"a", "b", "free", "gpt-4.1-mini"} == {text.get_text() for text in axes.texts}
    assert axes.get_xlabel() == "context window (tokens)"
    assert axes.get_ylabel() == "price of input (USD per 1M tokens)"


def test_ids_that_would_cover_each_other_are_left_out() -> None:
    crowd = [priced(f"model-{number:02d}", "1", 1000) for number in range(30)]
    axes = plot_price_by_context([*crowd, priced("far", "9", 9000)])
    shown = [text for text in axes.texts if text.get_text()]
    assert 2 < len(shown) < 10
    assert "far" in {text.get_text() for text in shown}
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in shown]
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place])
    assert not plot_price_by_context(crowd, labels=False).texts


def test_one_axis_has_one_currency_and_unit() -> None:
    yuan = replace(priced("y", "1", 1000).prices[0], currency="CNY")
    models = [priced("usd", "1", 1000), Model(id="cny", provider="p", prices=(yuan,))]
    with pytest.raises(UsageError, match="CNY and USD"):
        plot_cost(*models)
    with pytest.raises(UsageError, match="CNY and USD"):
        plot_monthly_cost(models, Workload(requests_per_day=1, input_tokens=1, output_tokens=0))
    with pytest.raises(UsageError, match="USD per 1M tokens and USD per search"):
        plot_price_history("gpt-4.1-mini", components=["input", "web_searches"])


def test_monthly_cost_is_sorted_and_names_what_is_missing() -> None:
    workload = Workload(requests_per_day=10, input_tokens=1_000, output_tokens=100)
    axes = plot_monthly_cost(["gpt-4.1-mini", "gpt-4.1-nano", "claude-haiku-4-5", "whisper-1"], workload)
    widths = [bar.get_width() for bar in axes.patches]  # type: ignore[attr-defined]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == 3
    assert "no price published: whisper-1" in axes.get_title()
    assert "10 requests a day, 1,000 tokens in, 100 out" in axes.get_title()
    assert axes.get_xlabel() == "cost of 30 days (USD)"
    with pytest.raises(UsageError, match="personal"):
        plot_monthly_cost(["gpt-4.1-mini"], "huge")


def test_the_same_id_at_two_providers_is_told_apart_and_given_axes_are_used() -> None:
    _, axes = plt.subplots()
    assert plot_monthly_cost(["gpt-4.1-mini", "openrouter/openai/gpt-4.1-mini", "azure/gpt-4.1-mini"], ax=axes) is axes
    labels = {label.get_text() for label in axes.get_yticklabels()}
    assert {"openai/gpt-4.1-mini", "azure/gpt-4.1-mini"} <= labels


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"modelmeta\[plots\]"):
        plot_cost("gpt-4.1-mini")
