"""What a file of parameter rules may hold: the guard for rules that the build did not write.

Everything that a check does with a rule is allowed for here, so that no request can meet a rule that breaks it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, create_model

from ._json_value import JsonValue, within_depth
from ._parameter_judges import KINDS
from ._parameter_names import ENDPOINTS
from ._parameter_requests import CONTENT
from ._record import field_names
from .records import Limits

__all__ = ["parameter_index", "parameter_rules"]


def _default(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("@") and value not in _LIMITS:
        raise ValueError(f"{value[:80]!r} is no limit of a model, such as {_LIMITS[0]!r}")
    return within_depth(value)


def _type(text: str) -> str:
    if not set(text.split("|")) <= set(KINDS):
        raise ValueError(f"a type is one or more of {', '.join(KINDS)}, joined by '|'")
    return text


def _condition(value: Any) -> Any:
    """``"sent"``, ``"unsent"``, the values that meet it, or one test with what it compares with."""
    if value in ("sent", "unsent"):
        return value
    test, operand = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else ("", value)
    is_right = isinstance(operand, _OPERANDS.get(test, ())) and not isinstance(operand, bool)
    if is_right and (test != "type" or operand in {"object", "array", "string"}):
        return within_depth(value)
    raise ValueError(
        f"a condition is 'sent', 'unsent', a list of values, or one of {', '.join(filter(None, _OPERANDS))}"
    )


_OPERANDS: dict[str, tuple[type, ...]] = {
    "": (list,),
    "not": (list,),
    "given": (list,),
    "above": (int, float),
    "below": (int, float),
    "from": (int, float),
    "to": (int, float),
    "has": (str, int),
    "lacks": (str, int),
    "type": (str,),
}
"""What each test of a condition compares with; a list alone is of the values that meet it."""


def _subject(path: str) -> str:
    """A parameter, something of the content, or a fact of the model."""
    if path.startswith("@model."):
        if not all(name.isidentifier() and not name.startswith("_") for name in path[7:].split(".")):
            raise ValueError(f"{path[:80]!r} is no field of a model")
    elif not path or (path.startswith("@") and path not in CONTENT):
        raise ValueError(f"{path[:80]!r} is neither a parameter nor one of {', '.join(CONTENT)}")
    return path


def _of_facts(when: dict[str, Any]) -> dict[str, Any]:
    for path, wanted in when.items():
        sent = wanted in ("sent", "unsent") or (isinstance(wanted, dict) and "given" in wanted)
        if sent and path.startswith("@model."):
            raise ValueError(f"{path[:80]!r} is a fact of the model, which is not sent: compare it with values")
    return when


def _rival(path: str) -> str:
    """What can be sent beside a parameter, as a fact of the model cannot."""
    if path.startswith("@model."):
        raise ValueError(f"{path[:80]!r} is a fact of the model, which no parameter conflicts with: say it in 'when'")
    return _subject(path)


def _rule(rule: Any) -> Any:
    if rule.code in {"limit_exceeded", "out_of_range"}:
        stated = rule.model_fields_set
        if stated.isdisjoint({"min", "above", "max", "below"}) or stated & {"support", "implied", "requires"}:
            raise ValueError(f"the code {rule.code!r} is that of a rule about a bound alone")
    return rule


_LIMITS = tuple(f"@limits.{name}" for name in field_names(Limits))
_Text = Annotated[str, Field(max_length=5000)]
_Number = Annotated[int, Field(ge=-(2**63), lt=2**63)] | Annotated[float, Field(allow_inf_nan=False)]
_Bound = _Number | Literal[_LIMITS]  # type: ignore[valid-type]
_Patterns = list[Annotated[str, Field(min_length=1, max_length=200)]]
_Path = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^@]")]
_When = Annotated[
    dict[Annotated[str, AfterValidator(_subject)], Annotated[Any, AfterValidator(_condition)]],
    Field(min_length=1),
    AfterValidator(_of_facts),
]
_Counts = Annotated[list[Annotated[int, Field(ge=0)] | None], Field(min_length=2, max_length=2)]
_Place = Annotated[int, Field(ge=0)]

_FACETS: dict[str, Any] = {
    "models": _Patterns,
    "among": _Patterns,
    "except": _Patterns,
    "when": _When | Annotated[list[_When], Field(min_length=1)],
    "support": Literal["supported", "unsupported", "deprecated", "ignored", "fixed"],
    "allow": Annotated[list[JsonValue], Field(min_length=1)],
    "type": Annotated[str, AfterValidator(_type)],
    "min": _Bound,
    "above": _Number,
    "max": _Bound,
    "below": _Bound,
    "also": list[_Number],
    "each": bool,
    "default": Annotated[Any, AfterValidator(_default)],
    "choices": Annotated[list[JsonValue], Field(min_length=1)],
    "any_case": bool,
    "items": _Counts,
    "length": _Counts,
    "nonblank": bool,
    "required": bool,
    "fill": JsonValue,
    "conflicts": list[Annotated[str, AfterValidator(_rival)]],
    "requires": _When,
    "sure": bool,
    "less_than": _Path,
    "implied": bool,
    "code": Literal["conflict", "limit_exceeded", "out_of_range", "unsupported_parameter", "unsupported_value"],
    "use": _Text,
    "level": Literal["warning", "error"],
    "foreign": bool,
    "why": _Text,
    "at": Annotated[str, Field(pattern=r"^role:[a-z]+$")],
    "fix": dict[_Path, JsonValue],
}
"""What a rule may say beside its path, its standing and where it was read."""


def _model(name: str, **fields: Any) -> Any:
    return create_model(name, __config__=ConfigDict(extra="forbid", strict=True), **fields)


def parameter_rules(checksum: Any) -> Any:
    """The model of an entry of ``parameters/<provider>.json``: the rules of an endpoint."""
    optional = {name: (kind, None) for name, kind in _FACETS.items()}
    rule: Any = _model(
        "ParameterRule",
        path=(_Path, ...),
        tier=(Annotated[int, Field(ge=0, le=9)], ...),
        src=(Annotated[list[_Place], Field(min_length=1)], ...),
        **optional,
    )
    page: Any = _model("ParameterPage", url=(_Text, ...), date=(_Text | None, ...), kind=(_Text, ...))
    endpoint = _model(
        "ParameterEndpoint",
        inside=(list[_Text], ...),
        content=(list[_Text], ...),
        names=(dict[_Text, _Text], ...),
        sources=(list[page], ...),
        rules=(list[Annotated[rule, AfterValidator(_rule)]], ...),
        checksum=(checksum, ...),
    )
    return Annotated[endpoint, AfterValidator(_sourced)]


def _sourced(endpoint: Any) -> Any:
    pages = len(endpoint.sources)
    for rule in endpoint.rules:
        if any(page >= pages for page in rule.src):
            raise ValueError(f"a rule of {rule.path[:80]!r} has a source that is not among the {pages} listed")
    return endpoint


def parameter_index(checksum: Any) -> Any:
    """The model of ``parameters/index.json``: whose rules hold for which provider, and of which endpoints they are."""
    name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=100)]
    return _model(
        "ParameterIndex",
        schema_version=(int, ...),
        providers=(dict[str, name], ...),
        endpoints=(dict[name, list[Literal[tuple(sorted(ENDPOINTS))]]], ...),  # type: ignore[misc]
        checksum=(checksum, ...),
    )
