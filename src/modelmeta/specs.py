"""What is known of each parameter of a model, as a form would show it, and whether a request fits its limits."""

from __future__ import annotations

from ._parameter_issues import ParameterSource
from ._parameter_requests import Request
from ._record import Record
from .active import current_catalog
from .errors import UsageError
from .parameters import plan_for
from .records import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._parameter_rules import Parameter, Plan, Rule

__all__ = ["ContextRoom", "ParameterSpec", "context_room", "get_parameters", "specs"]


class ParameterSpec(Record):
    """What is known of one parameter of one model: enough to draw a form field.

    ``support`` is ``"supported"``, ``"unsupported"``, ``"deprecated"``, ``"ignored"``, ``"fixed"`` or ``"unknown"``,
    with the other parameters at their defaults. Bounds, ``default`` and ``choices`` are ``None`` where no source
    states them. ``max_items`` is of an array, ``max_length`` of a string, in characters. ``requires`` and
    ``conflicts`` say in words and in names how it goes with other parameters, ``replaced_by`` what it is called now,
    ``sources`` the pages from which the rules were taken.

    >>> from modelmeta import get_parameters
    >>> spec = get_parameters("o3", endpoint="chat_completions")["max_tokens"]
    >>> spec.support, spec.replaced_by
    ('unsupported', 'max_completion_tokens')
    """

    path: str
    type: str | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    exclusive_minimum: float | int | None = None
    exclusive_maximum: float | int | None = None
    default: object = None
    choices: tuple[object, ...] | None = None
    support: str = "unknown"
    required: bool = False
    max_items: int | None = None
    max_length: int | None = None
    requires: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    replaced_by: str | None = None
    sources: tuple[ParameterSource, ...] = ()


class ContextRoom(Record):
    """Whether a request fits a model. ``fits`` is ``None`` when the limits that decide it are not published.

    ``input_room`` and ``output_room`` are the tokens still free; negative when the limit is passed. ``message`` says
    which limit decided.

    >>> from modelmeta import context_room
    >>> context_room("gpt-4.1-mini", 1_000_000, 40_000).output_room
    -7232
    """

    fits: bool | None
    input_room: int | None = None
    output_room: int | None = None
    message: str = ""


def get_parameters(
    model: str | Model, *, endpoint: str | None = None, provider: str | None = None
) -> Mapping[str, ParameterSpec]:
    """What is known of each parameter of ``model`` on an endpoint, by its wire name (dotted where nested).

    Without ``endpoint``, the one that the model is mainly used on. The mapping is read-only; each
    :class:`ParameterSpec` names the pages it was taken from. Raises what :func:`check_parameters` raises.

    >>> from modelmeta import get_parameters
    >>> spec = get_parameters("gpt-4.1-mini")["temperature"]
    >>> spec.minimum, spec.maximum, spec.default, spec.support
    (0, 2, 1, 'supported')
    """
    plan = plan_for(model, endpoint, provider)
    if plan.specs is None:
        plan.specs = specs(plan)
    found: Mapping[str, ParameterSpec] = plan.specs  # type: ignore[assignment]
    return found


def specs(plan: Plan) -> Mapping[str, ParameterSpec]:
    """Every parameter that the endpoint has, with its bounds for this model and whether it applies by default."""
    from types import MappingProxyType

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


def context_room(
    model: str | Model, input_tokens: int, max_output_tokens: int | None = None, *, provider: str | None = None
) -> ContextRoom:
    """Whether a request of ``input_tokens`` that asks for ``max_output_tokens`` fits the model.

    Without ``max_output_tokens`` it tells how much output there is room for. Raises what :func:`get_model` raises.

    >>> from modelmeta import context_room
    >>> context_room("gpt-4.1-mini", 1_000_000, 32_768).fits, context_room("gpt-4.1-mini", 1_040_000, 32_768).fits
    (True, False)
    """
    found = model if isinstance(model, Model) else current_catalog().get_model(model, provider=provider)
    return _room(found, input_tokens, max_output_tokens)


def _room(model: Model, input_tokens: int, max_output_tokens: int | None) -> ContextRoom:
    """How much of the model's limits a request leaves; unknown limits decide nothing."""
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
