"""What a check has to say, in words."""

from __future__ import annotations

from ._parameter_issues import ParameterIssue, ParameterSource
from ._parameter_repairs import clamped, shown
from ._parameter_shortcuts import finding
from ._parameter_values import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._parameter_rules import Plan, Rule
    from ._parameter_shortcuts import Found

__all__ = ["to_issues", "unknown"]


def to_issues(found: list[Found]) -> tuple[ParameterIssue, ...]:
    """The issues of a check as records."""
    return tuple([_issue(one) for one in found])


def _issue(one: Found) -> ParameterIssue:
    said, *advice = _WORDS[one["code"]](one)
    rule = one["rule"]
    because = rule.get("why")
    suggestion = advice[0] if advice else None
    message = f"{said}: {because}" if because else said
    return ParameterIssue(
        code=one["code"],
        severity=one["severity"],
        path=one["path"],
        value=one["value"],
        message=f"{message}; {suggestion}" if suggestion else message,
        allowed=_allowed(one),
        suggestion=suggestion,
        sources=tuple(ParameterSource(**source) for source in rule.get("sources", ())),
    )


def _model(one: Found) -> str:
    return f"{one['plan'].model.id!r}"


def _allowed(one: Found) -> tuple[object, ...]:
    allowed = one["allowed"]
    if isinstance(allowed, list):
        return tuple(allowed)
    if isinstance(allowed, tuple) and one["code"] in {"out_of_range", "limit_exceeded"}:
        return (_interval(allowed),)
    return ()


def _interval(bounds: tuple[Rule | None, Rule | None]) -> str:
    low, high = bounds[0] or {}, bounds[1] or {}
    left = f"({low['above']}" if "above" in low else f"[{low['min']}" if "min" in low else "(-∞"
    right = f"{high['below']})" if "below" in high else f"{high['max']}]" if "max" in high else "∞)"
    return f"{left}, {right}"


def _listing(values: tuple[object, ...]) -> str:
    shown = ", ".join(repr(value) if isinstance(value, str) else str(value) for value in values[:12])
    return shown + (f" and {len(values) - 12} more" if len(values) > 12 else "")


def _unsupported_words(one: Found) -> tuple[str, ...]:
    return f"{one['path']!r} is not supported by {_model(one)}", "leave it out"


def _renamed_words(one: Found) -> tuple[str, ...]:
    use = one["rule"]["use"]
    return f"{one['path']!r} is not taken by {_model(one)} under this name", f"use {use!r}"


def _value_words(one: Found) -> tuple[str, ...]:
    value, rule = one["value"], one["rule"]
    subject = f"{one['path']!r} does not take {shown(value)} with {_model(one)}"
    if rule.get("nonblank") and one["allowed"] is None:
        return f"{one['path']!r} has an entry with nothing but white space", "leave such entries out"
    if isinstance(value, (list, tuple, dict)):
        subject = f"{_model(one)} does not take {one['path']!r} as it is"
    if "fix" in rule:
        return subject, _repair(one)
    allowed = _allowed(one)
    if not allowed:
        return (subject,)
    if one["rule"].get("support") == "fixed" or "allow" in one["rule"]:
        return subject, f"only {_listing(allowed)} is accepted; leave it out"
    return subject, f"use one of {_listing(allowed)}"


def _range_words(one: Found) -> tuple[str, ...]:
    bounds = one["allowed"]
    if isinstance(bounds, list):
        least, most = bounds
        size = len(one["value"])
        what = "characters" if isinstance(one["value"], str) else "entries"
        if most is not None and size > most:
            return f"{one['path']!r} has {size} {what}", f"{_model(one)} takes at most {most}"
        return f"{one['path']!r} has {size} {what}", f"{_model(one)} needs at least {least}"
    return f"{one['path']!r} is {text(one['value'])}, outside {_interval(bounds)} for {_model(one)}", _into(one)


def _into(one: Found) -> str:
    value = clamped(one)
    return "leave it out" if value is None else f"use {value}"


def _limit_words(one: Found) -> tuple[str, ...]:
    high = one["allowed"][1] or {}
    most = high.get("max", high.get("below", 1) - 1)
    return f"{one['path']!r} is {text(one['value'])}; {_model(one)} gives at most {most:,} tokens", f"use {most}"


def _type_words(one: Found) -> tuple[str, ...]:
    kinds = " or ".join(one["allowed"] or ["something else"])
    value = one["value"]
    shown = text(value) if value.__class__ is float else type(value).__name__
    return f"{one['path']!r} is to be {kinds}, not {shown}", f"send a {kinds}"


def _conflict_words(one: Found) -> tuple[str, ...]:
    other = one["spelled"] or one["other"]
    rule = one["rule"]
    if "less_than" in rule and one["other"] == rule["less_than"]:
        return f"{one['path']!r} must be below {other!r}", f"raise {other!r} or lower {one['path']!r}"
    beside = f" beside {other!r}" if other else ""
    return f"{one['path']!r} cannot be sent like this{beside} to {_model(one)}", _repair(one)


def _repair(one: Found) -> str:
    steps = []
    for path, value in one["rule"].get("fix", {}).items():
        if value == "@drop_last":
            steps.append("leave the last answer out")
        elif isinstance(value, str) and value.startswith("@user"):
            steps.append(f"send it as a user message instead of a {value.partition(':')[2]} message")
        else:
            steps.append(f"leave out {path!r}" if value is None else f"set {path!r} to {value!r}")
    return " and ".join(steps) or f"leave out {one['path']!r}"


def _missing_words(one: Found) -> tuple[str, ...]:
    return f"{_model(one)} needs {one['path']!r}", f"add {one['path']!r}"


def _deprecated_words(one: Found) -> tuple[str, ...]:
    use = one["rule"].get("use")
    return f"{one['path']!r} is deprecated for {_model(one)}", f"use {use!r}" if use else "leave it out"


def _ignored_words(one: Found) -> tuple[str, ...]:
    return f"{one['path']!r} is accepted but has no effect on {_model(one)}", "leave it out"


def _unknown_words(one: Found) -> tuple[str, ...]:
    near = one["rule"].get("near")
    subject = f"{one['path']!r} is not a parameter known here for {_model(one)}"
    return (subject, f"did you mean {near!r}?") if near else (subject,)


def _model_words(one: Found) -> tuple[str, ...]:
    return f"no source lists a model {one['value']!r} here", "rules for its family were used"


_WORDS = {
    "conflict": _conflict_words,
    "deprecated": _deprecated_words,
    "ignored": _ignored_words,
    "limit_exceeded": _limit_words,
    "missing_required": _missing_words,
    "out_of_range": _range_words,
    "renamed": _renamed_words,
    "unknown_model": _model_words,
    "unknown_parameter": _unknown_words,
    "unsupported_parameter": _unsupported_words,
    "unsupported_value": _value_words,
    "wrong_type": _type_words,
}


def unknown(plan: Plan, names: list[tuple[str, object]], strict: bool) -> list[Found]:
    """Parameters that no rule knows: a warning with the closest known name, an error where only known ones pass."""
    if not plan.parameters:
        return []
    from .suggestions import closest

    found = []
    known = {path for path in plan.parameters if not plan.parameters[path].foreign} | plan.passing | set(plan.names)
    for name, value in names[:100]:
        last = name.rpartition(".")[2][:80]
        near = closest(last, known, 1)
        rule: Rule = {"near": near[0] if near else None, "level": "error" if strict else "warning"}
        said = finding(plan, name, value, ("unknown_parameter", rule["level"], rule))
        found.append({**said, "path": text(name, 120)})
    return found
