"""What a plan says, as a form would show it, and whether a request fits a model's limits."""

from __future__ import annotations

from ._parameter_issues import ParameterSource
from ._parameter_requests import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._parameter_rules import Parameter, Plan, Rule
    from .parameters import ContextRoom, ParameterSpec
    from .records import Model

__all__ = ["room", "specs"]


def specs(plan: Plan) -> Mapping[str, ParameterSpec]:
    """Every parameter that the endpoint has, with its bounds for this model and whether it applies by default."""
    from types import MappingProxyType

    from .parameters import ParameterSpec

    nothing = Request(plan, {})
    found = {path: ParameterSpec(path=path) for path in _CORE.get(plan.endpoint, ())}
    for path, parameter in plan.parameters.items():
        if not parameter.foreign and path not in plan.passing and path not in plan.objects:
            found[path] = _spec(plan, parameter, nothing)
    return MappingProxyType(dict(sorted(found.items())))


_CORE = {
    "chat": ("max_tokens", "p", "stop_sequences", "temperature"),
    "chat_completions": ("max_tokens", "stop", "temperature", "top_p"),
    "converse": tuple(f"inferenceConfig.{name}" for name in ("maxTokens", "stopSequences", "temperature", "topP")),
    "generate_content": tuple(
        f"generationConfig.{name}" for name in ("maxOutputTokens", "stopSequences", "temperature", "topP")
    ),
    "messages": ("max_tokens", "stop_sequences", "temperature", "top_p"),
    "responses": ("max_output_tokens", "stop", "temperature", "top_p"),
}
"""What is stated of every model that gives text, if only that no source speaks of it."""


def _spec(plan: Plan, parameter: Parameter, nothing: Request) -> ParameterSpec:
    from .parameters import ParameterSpec

    facets = parameter.facets(nothing)
    low, high = facets.get("low", {}), facets.get("high", {})
    support = facets.get("support", {})
    choices = facets["choices"]["choices"] if "choices" in facets else None
    default = facets["default"]["default"] if "default" in facets else None
    state = support.get("support", "supported" if facets or parameter.links else "unknown")
    if support.get("allow") is not None and state == "unsupported":
        state = "fixed"
    if state == "unsupported":
        return ParameterSpec(
            path=parameter.path,
            type=facets["type"]["type"] if "type" in facets else None,
            support=state,
            replaced_by=support.get("use"),
            sources=_sources([support]),
        )
    if state == "fixed" and support.get("allow"):
        choices = choices or support["allow"]
        default = support["allow"][0] if default is None else default
    return ParameterSpec(
        path=parameter.path,
        type=facets["type"]["type"] if "type" in facets else None,
        minimum=low.get("min"),
        maximum=high.get("max"),
        exclusive_minimum=low.get("above"),
        exclusive_maximum=high.get("below"),
        default=default,
        choices=tuple(choices) if choices is not None else None,
        support=state,
        required=_is_required(plan, parameter.path, nothing),
        max_items=facets["items"]["items"][1] if "items" in facets else None,
        max_length=facets["length"]["length"][1] if "length" in facets else None,
        requires=_requires(parameter),
        conflicts=tuple(dict.fromkeys(other for _, rule in parameter.links for other in rule.get("conflicts", ()))),
        replaced_by=support.get("use"),
        sources=_sources([*facets.values(), *(rule for _, rule in parameter.links)]),
    )


def _is_required(plan: Plan, path: str, nothing: Request) -> bool:
    return any(
        path == other and rule.get("required") and all(test(nothing) for test in tests)
        for other, tests, rule in plan.always
    )


def _requires(parameter: Parameter) -> tuple[str, ...]:
    found = []
    for _, rule in parameter.links:
        found += [_words(path, wanted) for path, wanted in rule.get("requires", {}).items()]
        if "less_than" in rule:
            found.append(f"below {rule['less_than']}")
    for _, conditional in parameter.dynamic:
        rule = conditional.get("support", {})
        if rule.get("support") in {"unsupported", "fixed"}:
            when = rule["when"]
            for one in when if isinstance(when, list) else [when]:
                parts = [_words(path, wanted) for path, wanted in one.items() if not path.startswith("@model.")]
                found.append("not with " + " and ".join(parts))
    return tuple(dict.fromkeys(found))


def _words(path: str, wanted: Any) -> str:
    """A condition in words."""
    name = path.removeprefix("@")
    if isinstance(wanted, str):
        return name if wanted == "sent" else f"no {name}"
    if isinstance(wanted, list):
        return name if wanted == [True] else f"{name} {' or '.join(map(str, wanted))}"
    ((test, operand),) = wanted.items()
    if test in {"not", "given"}:
        return f"{name} {'other than ' if test == 'not' else ''}{' or '.join(map(str, operand))}"
    return f"{name} {test} {operand}"


def _sources(rules: list[Rule]) -> tuple[ParameterSource, ...]:
    seen: dict[str, ParameterSource] = {}
    for rule in rules:
        for source in rule.get("sources", ()):
            seen.setdefault(source["url"], ParameterSource(**source))
    return tuple(seen.values())


def room(model: Model, input_tokens: int, max_output_tokens: int | None) -> ContextRoom:
    """How much of the model's limits a request leaves; unknown limits decide nothing."""
    from .errors import UsageError
    from .parameters import ContextRoom

    counts: dict[str, Any] = {"input_tokens": input_tokens, "max_output_tokens": max_output_tokens or 0}
    for name, count in counts.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise UsageError(f"{name} is a whole number of tokens, not {count!r:.40}")
    limits = model.limits
    window, most_in, most_out = limits.context_window, limits.max_input_tokens, limits.max_output_tokens
    rooms_in = [limit - input_tokens for limit in (window, most_in) if limit is not None]
    input_room = min(rooms_in) if rooms_in else None
    left = None if window is None else window - input_tokens
    rooms_out = [limit for limit in (most_out, left) if limit is not None]
    output_room = min(rooms_out) - (max_output_tokens or 0) if rooms_out else None
    problems = []
    if input_room is not None and input_room < 0:
        limit = min(limit for limit in (window, most_in) if limit is not None)
        problems.append(f"the input passes {limit:,} tokens by {-input_room:,}")
    elif output_room is not None and output_room < 0:
        allowed = output_room + (max_output_tokens or 0)
        problems.append(f"ask for at most {max(allowed, 0):,} output tokens")
    if problems:
        return ContextRoom(fits=False, input_room=input_room, output_room=output_room, message="; ".join(problems))
    if window is None and (most_in is None or (most_out is None and max_output_tokens)):
        words = "no source states its context window"
        return ContextRoom(fits=None, input_room=input_room, output_room=output_room, message=words)
    return ContextRoom(fits=True, input_room=input_room, output_room=output_room, message="it fits")
