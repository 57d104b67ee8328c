"""The conditions of rules: what must hold of the rest of a request, or of the model, for a rule to speak."""

from __future__ import annotations

from ._parameter_values import among

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from .records import Model

    Test: TypeAlias = Callable[[Any], bool]

__all__ = ["MISSING", "conditions", "fact_of", "tests_of"]

MISSING = object()


def fact_of(model: Model, path: str) -> Any:
    """What the model's record says (``limits.max_output_tokens``), or ``None``."""
    value: Any = model
    for name in path.split("."):
        value = getattr(value, name, None)
        if value is None:
            return None
    return value


def tests_of(model: Model, when: Any) -> list[Test] | None:
    """The tests of a rule's condition; ``None`` when a fact of the model already says that it never holds."""
    if when is None:
        return []
    if isinstance(when, list):
        alternatives = [tests for tests in (tests_of(model, one) for one in when) if tests is not None]
        if not alternatives:
            return None
        if any(not tests for tests in alternatives):
            return []
        return [lambda request: any(all(test(request) for test in tests) for tests in alternatives)]
    tests = []
    for path, wanted in when.items():
        if path.startswith("@model."):
            fact = fact_of(model, path[7:])
            if not _matches(MISSING if fact is None or fact == () else fact, wanted):
                return None
        else:
            tests.append(_test(path, wanted))
    return tests


def conditions(wanted: dict[str, Any]) -> list[tuple[str, Test]]:
    """The tests of a requirement, each with the parameter that it is about."""
    return [(path, _test(path, value)) for path, value in wanted.items() if not path.startswith("@model.")]


def _test(path: str, wanted: Any) -> Test:
    if wanted == "sent":
        return lambda request: request.sent(path)
    if wanted == "unsent":
        return lambda request: not request.sent(path)
    if isinstance(wanted, dict) and "given" in wanted:
        return lambda request: _matches(request.flat.get(path), wanted["given"])
    return lambda request: _matches(request.effective(path), wanted)


def _matches(value: Any, wanted: Any) -> bool:
    """Whether a value surely meets a condition; an unknown value meets none."""
    if value is MISSING or value is None:
        return False
    if isinstance(wanted, list):
        return among(value, wanted)
    ((test, operand),) = wanted.items()
    return bool(_TESTS[test](value, operand))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_HOLDERS = (list, tuple, set, frozenset, dict)
_KINDS: dict[str, tuple[type, ...]] = {"object": (dict,), "array": (list, tuple), "string": (str,)}

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "above": lambda value, limit: _is_number(value) and value > limit,
    "below": lambda value, limit: _is_number(value) and value < limit,
    "from": lambda value, limit: _is_number(value) and value >= limit,
    "has": lambda value, member: isinstance(value, _HOLDERS) and member in value,
    "lacks": lambda value, member: isinstance(value, _HOLDERS) and member not in value,
    "not": lambda value, wanted: not _matches(value, wanted),
    "to": lambda value, limit: _is_number(value) and value <= limit,
    "type": lambda value, kind: isinstance(value, _KINDS[kind]),
}
