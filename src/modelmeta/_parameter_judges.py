"""Whether one value is of the type, within the bounds and among the choices that the rules state."""

from __future__ import annotations

from ._parameter_values import among, is_boolean, number_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from ._parameter_rules import Rule

    Problem: TypeAlias = tuple[Any, ...] | None

__all__ = ["JUDGES", "KINDS"]

_ENTRIES = 20_000
"""How many entries of a list are looked at: more than any API takes."""


def _whole(number: float) -> bool:
    return isinstance(number, int) or number.is_integer()


KINDS: dict[str, Callable[[object], bool]] = {
    "array": lambda value: isinstance(value, (list, tuple)),
    "boolean": is_boolean,
    "integer": lambda value: (number := number_of(value)) is not None and _whole(number),
    "number": lambda value: number_of(value) is not None,
    "object": lambda value: isinstance(value, dict) or not isinstance(value, (int, float, str, list, tuple)),
    "string": lambda value: isinstance(value, (str, bytes)),  # a form carries files as bytes
}
"""What a value of each type is."""

_INFINITY = float("inf")


def _type_problem(value: object, rule: Rule, _: object) -> Problem:
    kinds = rule["type"].split("|")
    if not any(KINDS[kind](value) for kind in kinds):
        return "wrong_type", kinds
    number = number_of(value)
    if number is not None and not -_INFINITY < number < _INFINITY:
        return "wrong_type", kinds
    return None


def _choice_problem(value: object, rule: Rule, facets: dict[str, Rule]) -> Problem:
    choices = rule["choices"]
    if isinstance(value, (list, tuple)):
        wrong = [one for one in value[:_ENTRIES] if isinstance(one, str) and not _listed(one, choices, rule)]
        return ("unsupported_value", choices) if wrong else None
    if isinstance(value, dict):
        return None
    if not isinstance(value, str) and not any(choice.__class__ is not str for choice in choices):
        return None if "type" in facets and facets["type"]["type"] != "string" else ("wrong_type", ["string"])
    return None if _listed(value, choices, rule) else ("unsupported_value", choices)


def _listed(value: object, choices: list[Any], rule: Rule) -> bool:
    if among(value, choices):
        return True
    if rule.get("any_case") and isinstance(value, str):
        wanted = value.lower()
        return any(isinstance(choice, str) and choice.lower() == wanted for choice in choices)
    return False


def _low_problem(value: object, rule: Rule, facets: dict[str, Rule]) -> Problem:
    for number in _numbers(value, rule):
        if ("min" in rule and number < rule["min"]) or ("above" in rule and number <= rule["above"]):
            return _range_problem(rule, facets)
    return None


def _high_problem(value: object, rule: Rule, facets: dict[str, Rule]) -> Problem:
    for number in _numbers(value, rule):
        if ("max" in rule and number > rule["max"]) or ("below" in rule and number >= rule["below"]):
            return _range_problem(rule, facets)
    return None


def _numbers(value: object, rule: Rule) -> list[float | int]:
    if rule.get("each") and isinstance(value, dict):
        return [number for number in map(number_of, value.values()) if number is not None]
    number = number_of(value)
    return [] if number is None or number in rule.get("also", ()) else [number]


def _range_problem(rule: Rule, facets: dict[str, Rule]) -> Problem:
    code = "limit_exceeded" if "limits." in rule.get("fact", "") else rule.get("code", "out_of_range")
    return code, (facets.get("low"), facets.get("high"))


def _count_problem(value: Any, rule: Rule, facet: str) -> Problem:
    fewest, most = rule[facet]
    if (fewest is not None and len(value) < fewest) or (most is not None and len(value) > most):
        return "out_of_range", rule[facet]
    return None


def _items_problem(value: object, rule: Rule, _: object) -> Problem:
    return _count_problem(value, rule, "items") if isinstance(value, (list, tuple, dict)) else None


def _length_problem(value: object, rule: Rule, _: object) -> Problem:
    return _count_problem(value, rule, "length") if isinstance(value, str) else None


def _blank_problem(value: object, _: object, __: object) -> Problem:
    entries = value[:_ENTRIES] if isinstance(value, (list, tuple)) else (value,)
    blank = any(isinstance(entry, str) and not entry.strip() for entry in entries)
    return ("unsupported_value", None) if blank else None


JUDGES: tuple[tuple[str, Callable[[Any, Any, Any], Problem]], ...] = (
    ("type", _type_problem),
    ("choices", _choice_problem),
    ("low", _low_problem),
    ("high", _high_problem),
    ("items", _items_problem),
    ("length", _length_problem),
    ("nonblank", _blank_problem),
)
"""For each facet that a rule can state of a value: what is wrong with it, as a code and what would be right."""
