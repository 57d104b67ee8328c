"""What the readers share: a fact before it has a subject, exact numbers, and the rows that prices become."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.observations import JSON, Observation

MILLION_TOKENS = "1M tokens"

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Reasoning efforts from the least to the most: the order in which every source's list is stated."""

DIGITS_OF_A_FLOAT = Context(prec=15)
"""What a binary float keeps of a decimal: digits beyond are the noise of a source's own arithmetic."""


class Fact(NamedTuple):
    """A value of a field, not yet said of a model."""

    field: str
    value: JSON
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Who says something of which model, where and when: everything of an observation but the fact."""

    provider: str
    model: str
    source: str
    locator: str
    date: str | None

    def of(self, facts: Iterable[Fact]) -> Iterator[Observation]:
        for field, value, note in facts:
            yield Observation(self.provider, self.model, field, value, self.source, self.locator, self.date, note)


def load(text: str) -> Any:
    """JSON with every fraction as a ``Decimal``: no number passes through a float."""
    return json.loads(text, parse_float=Decimal)


def load_file(path: Path) -> Any:
    return load(path.read_text(encoding="utf-8"))


def plain(number: Decimal | int | str) -> str:
    """A number as a decimal string: no exponent, no trailing zeros."""
    return format(Decimal(number).normalize(), "f")


def whole_or_plain(number: Decimal | int | str) -> int | str:
    """A number as JSON without floats: an ``int`` when it is whole, else a decimal string."""
    value = Decimal(number)
    return int(value) if value == value.to_integral_value() else plain(value)


def price(
    component: str,
    amount: Decimal | int | str,
    *,
    unit: str = MILLION_TOKENS,
    tier: str = "standard",
    condition: Mapping[str, JSON] | None = None,
    note: str = "",
) -> Fact:
    """A price row in US dollars: exact, but for a 16th digit (0.44999999999999996 is 0.45)."""
    row: dict[str, JSON] = {
        "component": component,
        "unit": unit,
        "amount": plain(DIGITS_OF_A_FLOAT.create_decimal(amount)),
        "currency": "USD",
        "tier": tier,
    }
    if condition:
        row["condition"] = dict(condition)
    return Fact("price", row, note)


def above(tokens: int) -> dict[str, JSON]:
    """The condition of a price for requests with more input than ``tokens``."""
    return {"above_input_tokens": tokens}


def in_effort_order(efforts: Iterable[str]) -> list[JSON]:
    """The efforts from the least to the most; those that only one provider knows come last, by name."""
    given = set(efforts)
    return [*(effort for effort in EFFORTS if effort in given), *sorted(given.difference(EFFORTS))]


def sorted_list(items: Iterable[str]) -> list[JSON]:
    return [*sorted(set(items))]
