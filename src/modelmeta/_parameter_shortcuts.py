"""What of a request can be passed over by its value alone: the path of nearly every request that is fine."""

from __future__ import annotations

from sys import intern

from ._parameter_conditions import conditions
from ._parameter_requests import CONTENT, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeAlias

    from ._parameter_conditions import Test
    from ._parameter_rules import Parameter, Plan, Quick, Rule

    Found: TypeAlias = dict[str, Any]

__all__ = ["check", "finding", "index", "quick_test"]


def index(plan: Plan) -> None:
    """What can be passed over quickly: a parameter whose value alone decides while what it depends on is not sent."""
    nothing = Request(plan, {})
    due = [(path, rule) for path, tests, rule in plan.always if all(test(nothing) for test in tests)]
    plan.needed = tuple(path for path, rule in due if rule.get("required"))
    plan.blocked = any(not rule.get("required") for _, rule in due)
    watched: set[str] = set()
    for _, _, rule in plan.always:
        watched.update(_keys(plan, _needed(plan, rule.get("when"), nothing)))
    plan.asked = _asked(plan)
    plan.heard = frozenset(key for name in plan.asked for key in CONTENT[name][0])
    plan.content = frozenset(
        key for name in CONTENT for key in CONTENT[name][0] if key in plan.passing and _only_counted(plan, key)
    )
    spellings: dict[str, list[str]] = {}
    for name, path in plan.names.items():
        if "." not in name:
            spellings.setdefault(path, []).append(name)
    for path, parameter in plan.parameters.items():
        names = [intern(name) for name in (path, *spellings.get(path, ())) if "." not in name]
        if not names or path in plan.objects or not watched.isdisjoint(names):
            continue
        entry = _quick_entry(plan, parameter, nothing)
        if entry is not None:
            plan.quick.update(dict.fromkeys(names, entry))
    for name in plan.passing:
        path = plan.names.get(name, name)
        if name not in watched and path not in plan.parameters and path not in plan.objects:
            plan.quick[intern(name)] = (_anything, None, None)


def _asked(plan: Plan) -> tuple[str, ...]:
    """What rules ask of the content."""
    found = {path for _, _, rule in plan.always for path in _conditions(rule.get("when"))}
    for parameter in plan.parameters.values():
        for _, conditional in parameter.dynamic:
            for rule in conditional.values():
                found.update(_conditions(rule["when"]))
        for _, rule in parameter.links:
            found.update(_conditions(rule.get("when")), rule.get("conflicts", ()), rule.get("requires", ()))
    return tuple(sorted(path for path in found if path in CONTENT))


def _only_counted(plan: Plan, key: str) -> bool:
    """Whether nothing is said of a list of content but whether it may be empty."""
    parameter = plan.parameters.get(key)
    if parameter is None:
        return True
    items = parameter.static.get("items", {}).get("items", (None, None))
    return not parameter.dynamic and set(parameter.static) <= {"items", "type", "support"} and items[1] is None


def _needed(plan: Plan, when: Any, nothing: Any) -> list[str]:
    """Parameters without which a condition cannot come to hold: of one part of it that does not hold by default."""
    if isinstance(when, list):
        return [path for one in when for path in _needed(plan, one, nothing)]
    open_parts = [path for path, test in conditions(when or {}) if not test(nothing)]
    return sorted(open_parts, key=lambda path: not path.startswith("@"))[:1]


def _conditions(when: Any) -> list[str]:
    """The parameters that a condition speaks of."""
    if isinstance(when, list):
        return [path for one in when for path in one]
    return list(when or ())


def _keys(plan: Plan, paths: Iterable[str]) -> set[str]:
    """The keys of a request under which any of ``paths`` may come."""
    found: set[str] = set()
    for path in paths:
        if path.startswith("@"):
            found.update(CONTENT[path][0] if path in CONTENT else ())  # a fact of the model comes under no key
            continue
        head, _, rest = path.partition(".")
        found.add(rest.partition(".")[0] if head in plan.inside else head)
        for name, target in plan.names.items():
            if target == path or path.startswith(f"{target}.") or target.startswith(f"{path}."):
                found.add(name.partition(".")[0])
    return found


def _quick_entry(plan: Plan, parameter: Parameter, nothing: Any) -> Quick | None:
    depends: list[str] = []
    for _, conditional in parameter.dynamic:
        for rule in conditional.values():
            depends += _conditions(rule["when"])
    for tests, rule in parameter.links:
        if "less_than" in rule or any(not test(nothing) for _, test in rule.get("required_tests", ())):
            return None
        depends += [*_conditions(rule.get("when")), *rule.get("conflicts", ()), *rule.get("requires", ())]
        if tests and all(test(nothing) for test in tests):
            return None
    if parameter.path in depends:
        return None
    facets = parameter.facets(nothing)
    test = quick_test(facets)
    if test is None:
        return None
    support = facets.get("support")
    warning = None
    if support is not None and support["support"] in {"deprecated", "ignored"}:
        # Taken out here: without the global lock, a key that a shared dictionary lacks may be waited for.
        warning = support["support"], support.get("level", "warning"), support
    return test, frozenset(_keys(plan, depends)) or None, warning


def _anything(_: object) -> bool:
    return True


def quick_test(facets: dict[str, Rule]) -> Test | None:
    """A test that only values pass of which nothing is to be said but what the parameter's support says of all."""
    support = facets.get("support", {})
    if support.get("support", "supported") not in {"supported", "deprecated", "ignored"} or "allow" in support:
        return None
    if "length" in facets or "nonblank" in facets or any(rule.get("each") for rule in facets.values()):
        return None
    if "choices" in facets:
        allowed = frozenset(choice for choice in facets["choices"]["choices"] if isinstance(choice, str))
        return lambda value: value.__class__ is str and value in allowed
    make = _TESTS.get(facets["type"]["type"] if "type" in facets else "")
    return None if make is None else make(facets)


def _boolean_test(_: dict[str, Rule]) -> Test:
    return lambda value: value is True or value is False


def _number_test(facets: dict[str, Rule]) -> Test:
    bottom, top, open_ended = _bounds(facets)
    if open_ended:
        return lambda value: (value.__class__ is float or value.__class__ is int) and bottom < value < top
    return lambda value: (value.__class__ is float or value.__class__ is int) and bottom <= value <= top


def _integer_test(facets: dict[str, Rule]) -> Test:
    bottom, top, open_ended = _bounds(facets)
    if open_ended:
        return lambda value: value.__class__ is int and bottom < value < top
    return lambda value: value.__class__ is int and bottom <= value <= top


def _bounds(facets: dict[str, Rule]) -> tuple[float, float, bool]:
    low, high = facets.get("low", {}), facets.get("high", {})
    bottom: Any = low.get("min", low.get("above", -_HIGHEST))
    top: Any = high.get("max", high.get("below", _HIGHEST))
    return bottom, top, "above" in low or "below" in high


def _list_test(facets: dict[str, Rule]) -> Test:
    fewest, most = facets["items"]["items"] if "items" in facets else (None, None)
    least, greatest = fewest or 0, _HIGHEST if most is None else most
    return lambda value: value.__class__ is list and least <= len(value) <= greatest


def _text_or_list_test(facets: dict[str, Rule]) -> Test:
    is_list = _list_test(facets)
    return lambda value: value.__class__ is str or is_list(value)


_HIGHEST = 1e308

_TESTS: dict[str, Callable[[dict[str, Rule]], Test]] = {
    "array": _list_test,
    "boolean": _boolean_test,
    "integer": _integer_test,
    "number": _number_test,
    "string|array": _text_or_list_test,
}


# Checking a request -----------------------------------------------------------------------------------------


def check(plan: Plan, params: Mapping[Any, object], strict: bool) -> list[Found]:
    """What is wrong with a request, in the order of its parameters; nothing for a request that is fine."""
    found: list[Found] = []
    if not plan.blocked and _passes(plan, params, found):
        for needed in plan.needed:
            if params.get(needed) is None:
                break
        else:
            return found
    alike = likeness(plan, params)
    seen = None if alike is None else plan.seen.get((alike, strict))
    if seen is None:
        from ._parameter_checks import checked

        seen = checked(plan, params, strict)
        if alike is not None and all(one["value"].__class__ in _SCALARS for one in seen):
            if len(plan.seen) >= _REMEMBERED:
                plan.seen.clear()
            plan.seen[alike, strict] = seen
    return seen


_REMEMBERED = 500
"""How many kinds of request are remembered with what was found: an app sends the same settings over and over."""


def _passes(plan: Plan, params: Mapping[Any, Any], found: list[Found]) -> bool:
    """Whether every parameter can be passed over by its value alone; ``found`` gets what is said of any value."""
    quick = plan.quick
    for key, value in params.items():
        entry = quick.get(key)
        if entry is None:
            if value is None or (value.__class__ is dict and key in plan.inside and _pass_inside(plan, value, params)):
                continue
            return False
        test, depends, warning = entry
        if not test(value):
            if value is None:
                continue
            return False
        if depends is not None and not depends.isdisjoint(params):
            return False
        if warning is not None:
            found.append(finding(plan, key, value, warning))
    return True


def _pass_inside(plan: Plan, inner: dict[Any, Any], outer: Mapping[Any, Any]) -> bool:
    """The same for a container whose content counts as if it lay at the top."""
    warned: list[Found] = []
    if not plan.inside.isdisjoint(inner) or not _passes(plan, inner, warned) or warned:
        return False
    for keys, others in ((inner, outer), (outer, inner)):
        for key in keys:
            entry = plan.quick.get(key)
            if entry is not None and entry[1] is not None and not entry[1].isdisjoint(others):
                return False
    return True


def finding(plan: Plan, key: str, value: object, warning: tuple[str, str, Rule]) -> Found:
    """What is said of a parameter whatever the others are: its code, its severity and the rule that says so."""
    code, severity, rule = warning
    return {
        "code": code,
        "severity": severity,
        "name": key,
        "path": key,
        "value": value,
        "allowed": None,
        "rule": rule,
        "other": "",
        "spelled": "",
        "plan": plan,
    }


_SCALARS = frozenset({str, int, float, bool, type(None)})
_LONG, _MANY, _DEPTH = 64, 100, 4


def likeness(plan: Plan, params: Mapping[Any, Any]) -> tuple[object, ...] | None:
    """What requests have in common of which the same is to be said; ``None`` where a request has to be read anew.

    Settings count with their values. Of the conversation only what rules ask of it counts, and no long text does.
    """
    parts: list[object] = []
    if not _collect(plan, params, parts, _DEPTH):
        return None
    if not plan.heard.isdisjoint(params):
        from ._parameter_content import READERS

        for name in plan.asked:
            answer: Any = READERS[name](params)
            parts.append(tuple(answer) if answer.__class__ is list else answer)
    return tuple(parts)


def _collect(plan: Plan, params: Mapping[Any, Any], parts: list[object], depth: int) -> bool:
    """Add what counts of ``params`` to ``parts``; whether nothing is left out that could make a difference."""
    if len(parts) + len(params) > _MANY:
        return False
    for key, value in params.items():
        kind = value.__class__
        if kind is str and len(value) > _LONG:
            if key not in plan.passing or key in plan.parameters:
                return False
            parts.append((key, kind))
        elif kind in _SCALARS:
            parts.append((key, value, kind))
        elif depth and kind is dict:
            parts.append((key, len(value)))
            if not _collect(plan, value, parts, depth - 1):
                return False
        elif kind is list and key in plan.content and depth == _DEPTH:
            parts.append((key, min(len(value), 1)))
        elif kind is list and len(value) <= 16 and all(one.__class__ is str and len(one) <= _LONG for one in value):
            parts.append((key, tuple(value), kind))
        else:
            return False
    return True
