"""Parameters and model references as pydantic types, for apps that use pydantic. Nothing else imports this module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from .active import get_model
from .errors import ModelMetaError
from .specs import get_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .records import Model
    from .specs import ParameterSpec

__all__ = ["ModelRef", "parameters_model"]


def _is_model(reference: str) -> str:
    try:
        get_model(reference)
    except ModelMetaError as error:
        raise ValueError(str(error)) from None
    return reference


ModelRef = Annotated[str, AfterValidator(_is_model), Field(description="The id of a model that modelmeta knows")]
"""A string that names a model: use it as the type of a field of a pydantic model or settings class.

The string stays as it is; one that :func:`get_model` refuses is a ``ValidationError`` with the same words.

>>> from modelmeta import ModelRef
>>> from pydantic import TypeAdapter
>>> TypeAdapter(ModelRef).validate_python("openai:gpt-4.1-mini")
'openai:gpt-4.1-mini'
"""

_TYPES: dict[str, Any] = {
    "array": list[Any],
    "boolean": bool,
    "integer": int,
    "number": float,
    "object": dict[str, Any],
    "string": str,
}


def parameters_model(
    model: str | Model, endpoint: str | None = None, *, provider: str | None = None
) -> type[BaseModel]:
    """A pydantic model of the parameters that ``model`` takes on ``endpoint``, with their bounds and choices.

    Every field may be left out unless the provider requires it; ``None`` means not sent. Parameters that the model
    does not take are no fields, and other names are refused. Its JSON Schema draws a form. Raises what
    :func:`check_parameters` raises.

    >>> from modelmeta import parameters_model
    >>> settings = parameters_model("gpt-4.1-mini", "chat_completions")
    >>> settings(temperature=0.5).model_dump(exclude_none=True)
    {'temperature': 0.5}
    """
    specs = get_parameters(model, endpoint=endpoint, provider=provider)
    name = model if isinstance(model, str) else model.qualified_id
    return _built(_class_name(name), specs, "")


def _class_name(name: str) -> str:
    words = "".join(character if character.isalnum() else " " for character in name).split()
    return "".join(word.capitalize() for word in words) + "Parameters"


def _built(name: str, specs: Mapping[str, ParameterSpec], prefix: str) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for path, spec in specs.items():
        if not path.startswith(prefix) or spec.support in {"unsupported", "ignored"}:
            continue
        head, dot, _ = path[len(prefix) :].partition(".")
        if not head.isidentifier() or head in fields:
            continue
        inner = f"{prefix}{head}"
        if dot or any(other.startswith(f"{inner}.") for other in specs):
            if specs[inner].support == "unsupported" if inner in specs else False:
                continue
            fields[head] = (_built(f"{name}{head.capitalize()}", specs, f"{inner}.") | None, None)
        else:
            fields[head] = _field(spec)
    return create_model(name, __config__=ConfigDict(extra="forbid", protected_namespaces=()), **fields)


_LITERAL: Any = Literal
_LIST: Any = list


def _field(spec: ParameterSpec) -> Any:
    limits = {
        "ge": spec.minimum,
        "le": spec.maximum,
        "gt": spec.exclusive_minimum,
        "lt": spec.exclusive_maximum,
    }
    kinds = (spec.type or "").split("|")
    numeric = kinds[0] in {"number", "integer"} and len(kinds) == 1
    if spec.choices and not numeric:
        one_of = _LITERAL[spec.choices]
        annotation: Any = _LIST[one_of] if "array" in kinds else one_of
        if "object" in kinds:
            annotation |= dict[str, Any]
        elif "array" in kinds and "string" in kinds:
            annotation |= one_of
    else:
        annotation = Any
        for number, kind in enumerate(kind for kind in kinds if kind in _TYPES):
            part: Any = _TYPES[kind]
            if kind == "array" and spec.max_items is not None:
                part = Annotated[part, Field(max_length=spec.max_items)]
            annotation = annotation | part if number else part
    described: dict[str, Any] = {key: value for key, value in limits.items() if value is not None} if numeric else {}
    if kinds == ["array"] and spec.choices and spec.max_items is not None:
        described["max_length"] = spec.max_items
    if kinds == ["string"] and spec.max_length is not None and not spec.choices:
        described["max_length"] = spec.max_length
    extra: Any = {"default": spec.default} if spec.default is not None and _plain(spec.default) else None
    bounded: Any = Annotated[annotation, Field(**described)]
    if spec.required:
        return bounded, Field(json_schema_extra=extra)
    return bounded | None, Field(default=None, json_schema_extra=extra)


def _plain(value: object) -> bool:
    return isinstance(value, (str, int, float, bool))
