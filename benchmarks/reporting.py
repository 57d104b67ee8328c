"""Medians and quartiles, and how numbers are written."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10


@dataclass(frozen=True)
class Summary:
    """Where half of the measurements lie, and how many there were."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Summary:
        """Of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0], 1)
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high, len(values))

    def text(self, scale: float = 1, digits: int | None = None) -> str:
        """``median [quartile, quartile]``, each times ``scale``; three significant digits unless told otherwise."""
        if digits is None:
            digits = max(0, 2 - floor(log10(self.median * scale))) if self.median else 0
        median, low, high = (f"{value * scale:,.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{median} [{low}, {high}]"
