"""Plots as small SVG files."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.environments import OURS
from benchmarks.sections import Bars, Lines

OURS_COLOUR, OTHER_COLOUR = "#00695c", "#90a4ae"


def draw(plot: Bars | Lines, path: Path) -> None:
    """Write one plot. The same data gives the same file."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": plot.name, "font.size": 9}):
        figure = _bars(plot) if isinstance(plot, Bars) else _lines(plot)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})


def _bars(plot: Bars) -> Figure:
    figure = Figure(figsize=(7.5, 0.6 + 0.24 * len(plot.values)))
    axes = figure.subplots()
    labels = list(plot.values)
    medians = [item.median for item in plot.values.values()]
    spread = [
        [item.median - item.low for item in plot.values.values()],
        [item.high - item.median for item in plot.values.values()],
    ]
    colours = [OURS_COLOUR if OURS in label else OTHER_COLOUR for label in labels]
    axes.barh(labels, medians, xerr=spread, color=colours, ecolor="#455a64", capsize=2, height=0.7)
    for row, item in enumerate(plot.values.values()):
        axes.annotate(f"{item.median:,.3g}", (item.high, row), xytext=(5, 0), textcoords="offset points", va="center")
    axes.set_xscale("log")
    axes.set_xlabel(plot.axis)
    axes.set_title(plot.title)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _lines(plot: Lines) -> Figure:
    figure = Figure(figsize=(7.5, 3.6))
    axes = figure.subplots()
    for label, points in plot.lines.items():
        axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=label)
    axes.set_xscale(plot.scale)
    axes.set_yscale(plot.scale)
    axes.set_xlabel(plot.axes[0])
    axes.set_ylabel(plot.axes[1])
    axes.set_title(plot.title)
    axes.legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.42))
    axes.spines[["top", "right"]].set_visible(False)
    return figure
