"""Check one request against a plan: read its spellings, judge each parameter, then what parameters do to each other."""

from __future__ import annotations

from ._parameter_conditions import MISSING
from ._parameter_content import place
from ._parameter_judges import JUDGES
from ._parameter_requests import Request
from ._parameter_values import PLAIN, among, is_foreign, number_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._parameter_rules import Parameter, Plan, Rule
    from ._parameter_shortcuts import Found

__all__ = ["checked"]


def checked(plan: Plan, params: Mapping[Any, object], strict: bool) -> list[Found]:
    """What is wrong with a request, in the order of its parameters."""
    found: list[Found] = []
    request = Request(plan, params)
    refused = "."
    for path, value in request.flat.items():
        parameter = plan.parameters.get(path)
        if parameter is not None and not path.startswith(refused):
            before = len(found)
            _judge(request, parameter, value, found)
            if path in plan.objects and len(found) > before and found[-1]["code"] == "unsupported_parameter":
                refused = path + "."
    for path, tests, rule in plan.always:
        _implied(request, path, tests, rule, found)
    for path, value in request.misshapen:
        found.append(_issue(request, path, value, _OBJECT, "wrong_type", allowed=["object"]))
    if request.unknown:
        from ._parameter_reports import unknown

        found += unknown(plan, request.unknown, strict)
    return found


_OBJECT: dict[str, object] = {"path": "", "type": "object", "sources": []}
"""A container of parameters is an object, whatever else it is."""


def _judge(request: Request, parameter: Parameter, value: object, found: list[Found]) -> None:
    facets, fine = parameter.settled(request)
    if (fine is None or not fine(value)) and _judge_value(request, parameter, value, facets, found):
        return
    for tests, rule in parameter.links:
        if all(test(request) for test in tests):
            _linked(request, parameter.path, value, rule, found)


def _judge_value(
    request: Request, parameter: Parameter, value: object, facets: dict[str, Rule], found: list[Found]
) -> bool:
    """Report what is wrong with one value; whether the parameter is refused, so that nothing more need be said."""
    rule = facets.get("support")
    if rule is not None:
        if among(value, rule.get("allow", ())):
            return False
        if rule["support"] != "supported" and _unsupported(request, parameter, value, rule, found):
            return True
    if value.__class__ in PLAIN or not is_foreign(value):
        for facet, judge in JUDGES:
            rule = facets.get(facet)
            if rule is not None:
                problem = judge(value, rule, facets)
                if problem is not None:
                    found.append(_issue(request, parameter.path, value, rule, problem[0], allowed=problem[1]))
                    if facet == "type":
                        return True
    return False


def _unsupported(request: Request, parameter: Parameter, value: object, rule: Rule, found: list[Found]) -> bool:
    """Report a parameter that the model does not take (as sent); whether nothing more need be said of it."""
    support, allow = rule["support"], rule.get("allow")
    if support in {"deprecated", "ignored"}:
        found.append(_issue(request, parameter.path, value, {"level": "warning", **rule}, support))
        return bool(support == "ignored")
    if allow is not None or support == "fixed":
        code = "unsupported_value"
    else:
        code = "renamed" if "use" in rule else "unsupported_parameter"
    found.append(_issue(request, parameter.path, value, rule, rule.get("code", code), allowed=allow))
    return bool(rule.get("level", "error") == "error")


def _implied(request: Request, path: str, tests: list[Any], rule: Rule, found: list[Found]) -> None:
    """What holds of a request as a whole: a parameter it must have, or a state it must not be in."""
    if not all(test(request) for test in tests):
        return
    if rule.get("required"):
        if not request.sent(path):
            found.append(_issue(request, path, None, rule, "missing_required"))
        return
    shown = request.shown(path)
    if any(one["path"] == shown and one["severity"] == "error" for one in found):
        return
    value = request.effective(path)
    when = rule.get("when", {})
    named = when[0] if isinstance(when, list) else when
    other = next((name for name in named if name != path and name[0] != "@"), "")
    found.append(
        _issue(request, path, None if value is MISSING else value, rule, rule.get("code", "conflict"), other=other)
    )


def _linked(request: Request, path: str, value: object, rule: Rule, found: list[Found]) -> None:
    problem = _link_problem(request, value, rule)
    if problem is not None:
        code, allowed, other = problem
        if not any(one["name"] == path and one["other"] == other and one["code"] == code for one in found):
            found.append(_issue(request, path, value, rule, code, allowed=allowed, other=other))


def _link_problem(request: Request, value: object, rule: Rule) -> tuple[str, object, str] | None:
    for other in rule.get("conflicts", ()):
        if request.sent(other):
            return "conflict", None, other
    for other, test in rule.get("required_tests", ()):
        if not test(request) and (rule.get("sure") or request.effective(other) is not MISSING):
            return rule.get("code", "conflict"), None, other
    other = rule.get("less_than")
    if other is not None:
        number, limit = number_of(value), number_of(request.effective(other))
        if number is not None and limit is not None and not number < limit:
            return "conflict", limit, other
    return None


def _issue(
    request: Request, path: str, value: object, rule: Rule, code: str, *, allowed: object = None, other: str = ""
) -> Found:
    return {
        "code": code,
        "severity": rule.get("level", "error"),
        "name": path,
        "path": place(request.flat, rule["at"]) if "at" in rule else request.shown(path),
        "value": value,
        "allowed": allowed,
        "rule": rule,
        "other": other,
        "plan": request.plan,
        "spelled": request.shown(other) if other else "",
    }
