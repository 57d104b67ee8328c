"""Why sources differ: explanations that the statements themselves bear out, and how much a conflict matters.

An explanation is only given where it can be shown from what is known: the other value is another tier's price, a
price that held before, another version's value, a rounded number, a month where the other source gives the day.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from .observations import JSON, Observation
from .prices import Row

Explained = str | None


def explain(field: str, settled: JSON, other: Observation, known: Known) -> Explained:
    """Why ``other`` says something else than ``settled`` about ``field``, or ``None`` if it cannot be told."""
    case = Case(field, settled, other.value, other.note, known)
    for rule in _RULES:
        found = rule(case)
        if found:
            return found
    return None


class Known:
    """What else is settled about the model: its facts, its price list and its versions' facts."""

    def __init__(self, facts: dict[str, JSON], prices: list[Row], versions: dict[str, dict[str, JSON]]) -> None:
        self.facts = facts
        self.prices = prices
        self.versions = versions


class Case(NamedTuple):
    """One difference: a field, its settled value, what a source said instead with its note, and what is known."""

    field: str
    settled: JSON
    said: JSON
    note: str
    known: Known


def _another_tier(case: Case) -> Explained:
    row = case.said
    if not case.field.startswith("pricing.") or not isinstance(row, dict):
        return None
    for priced in case.known.prices:
        same = priced["amount"] == row["amount"] and priced["component"] == row["component"]
        if same and priced["tier"] != row["tier"] and priced.get("currency") == row.get("currency"):
            return f"that is the price of the {priced['tier']} tier, shown as {row['tier']}"
    return None


def _earlier_price(case: Case) -> Explained:
    row = case.said
    if not case.field.startswith("pricing.") or not isinstance(row, dict):
        return None
    for priced in case.known.prices:
        until = priced.get("effective_until")
        same = priced["amount"] == row["amount"] and priced["component"] == row["component"]
        if until and same and priced["tier"] == row["tier"]:
            return f"that was the price until {until}"
    return None


def _long_context(case: Case) -> Explained:
    row = case.said
    if not case.field.startswith("pricing.") or not isinstance(row, dict):
        return None
    for priced in case.known.prices:
        condition = priced.get("condition")
        same = priced["amount"] == row["amount"] and priced["component"] == row["component"]
        if same and isinstance(condition, dict) and condition != row.get("condition"):
            named = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in sorted(condition.items()))
            return f"that is the price with {named}"
    return None


def _unit_slip(case: Case) -> Explained:
    if case.field.startswith("pricing.") and isinstance(case.said, dict) and isinstance(case.settled, dict):
        ours, theirs = _number(case.settled.get("amount")), _number(case.said.get("amount"))
        if ours and theirs and max(ours, theirs) / min(ours, theirs) in {10, 100, 1000, 1_000_000}:
            return f"a unit slip: a factor of {max(ours, theirs) / min(ours, theirs):f}"
    return None


def _rounded(case: Case) -> Explained:
    ours, theirs = _number(case.settled), _number(case.said)
    if ours is None or theirs is None or ours == theirs or not ours:
        return None
    if _is_round(theirs) and abs(ours - theirs) / ours <= Decimal("0.05"):
        return "a rounded number"
    if _is_round(ours) and theirs and abs(ours - theirs) / theirs <= Decimal("0.05"):
        return "the settled value is as the page prints it, rounded; the other counts in powers of two"
    return None


def _is_round(number: Decimal) -> bool:
    return number % 1000 == 0


def _input_or_total(case: Case) -> Explained:
    theirs = _number(case.said)
    names = {
        "limits.context_window": ("limits.max_input_tokens", "limits.max_output_tokens"),
        "limits.max_input_tokens": ("limits.context_window",),
        "limits.max_output_tokens": ("limits.context_window", "limits.max_reasoning_tokens"),
    }
    for name in names.get(case.field, ()):
        if theirs is not None and theirs == _number(case.known.facts.get(name)):
            return f"that is the model's {name.rpartition('.')[2]}"
    window, output = (
        _number(case.known.facts.get("limits.context_window")),
        _number(case.known.facts.get("limits.max_output_tokens")),
    )
    if window and output and theirs == window - output:
        return "the context window less the output limit: the room for input"
    if window and output and theirs == window + output:
        return "input and output limits added up"
    return None


def _less_precise(case: Case) -> Explained:
    if isinstance(case.settled, str) and isinstance(case.said, str) and case.settled != case.said:
        shorter, longer = sorted((case.settled, case.said), key=len)
        if longer.startswith(f"{shorter}-") and longer.replace("-", "").isdigit():
            return "the same date, less exactly"
        if longer.lower() == shorter.lower() or longer.lower().endswith(f": {shorter.lower()}"):
            return "another spelling"
        month, day = shorter[:7], longer[8:]
        if len(shorter) == 7 and longer.startswith(month) and day:
            return "a month against a day"
    return None


def _subset(case: Case) -> Explained:
    if isinstance(case.settled, list) and isinstance(case.said, list):
        ours, theirs = {str(item) for item in case.settled}, {str(item) for item in case.said}
        if theirs < ours:
            return f"it leaves out {_named(ours - theirs)}"
        if ours < theirs:
            return f"it adds {_named(theirs - ours)}"
    return None


def _named(items: set[str]) -> str:
    """The items by name, or how many there are where each is an object of its own."""
    if any(item.startswith("{") for item in items):
        return "one entry" if len(items) == 1 else f"{len(items)} entries"
    return ", ".join(sorted(items))


def _another_version(case: Case) -> Explained:
    for version, facts in case.known.versions.items():
        if case.field in facts and facts[case.field] == case.said:
            return f"that is what holds for {version}"
    return None


def _older(case: Case) -> Explained:
    if case.note:
        return case.note
    return None


Rule = Callable[[Case], Explained]
_RULES: tuple[Rule, ...] = (
    _another_tier,
    _earlier_price,
    _long_context,
    _unit_slip,
    _input_or_total,
    _rounded,
    _less_precise,
    _subset,
    _another_version,
    _older,
)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


WEIGHTS = (
    ("pricing.standard.input", 10),
    ("pricing.standard.output", 10),
    ("pricing.", 4),
    ("limits.context_window", 6),
    ("limits.max_output_tokens", 6),
    ("limits.", 3),
    ("lifecycle.retires_on", 6),
    ("lifecycle.", 2),
    ("capabilities.", 2),
    ("modalities.", 2),
    ("knowledge_cutoff", 2),
)
"""How much harm a wrong value does: a wrong price or limit breaks a bill or a request, a wrong name nothing."""


def weight(field: str) -> int:
    """The harm that a wrong value of a field does, from 1 to 10."""
    return next((points for prefix, points in WEIGHTS if field.startswith(prefix)), 1)
