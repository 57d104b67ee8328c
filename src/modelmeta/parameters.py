"""Check request parameters before the request: specs, rules, check, report.

Rules are data (``data/parameters/``): by provider, endpoint and model family, each with the page it comes from. What
no rule speaks of is not judged; a parameter that is ``None`` is not sent; a default that the provider applies to a
parameter that was not sent counts like a value.
"""

from __future__ import annotations

from ._parameter_issues import ParameterIssue, ParameterSource
from ._parameter_names import endpoint_name
from ._parameter_rules import RuleBook, compile_plan, default_endpoint
from ._parameter_shortcuts import check, finding
from ._record import Record
from .active import current_catalog
from .errors import ParameterError, UnknownModelError
from .records import Model
from .references import provider_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._parameter_models import ModelRef, parameters_model
    from ._parameter_rules import Plan
    from ._parameter_shortcuts import Found
    from .catalog import Catalog

__all__ = [
    "ModelRef",
    "ParameterIssue",
    "ParameterReport",
    "ParameterSource",
    "check_parameters",
    "parameters_model",
    "plan_for",
    "validate_parameters",
]

_REMEMBERED = 20_000


class ParameterReport(Record):
    """What is wrong with a request. It is true when the provider would take it: :attr:`ok`.

    ``issues`` are in the order of the parameters. ``params`` is what was checked, against ``model`` on ``endpoint``.

    >>> from modelmeta import check_parameters
    >>> report = check_parameters("gpt-4.1-mini", {"temperature": 2.5})
    >>> bool(report), [issue.allowed for issue in report.errors], report.safe_params
    (False, [('[0, 2]',)], {'temperature': 2})
    """

    __slots__ = ("_safe", "endpoint", "issues", "model", "params", "strict")

    model: Model
    endpoint: str
    params: Mapping[str, object]
    issues: tuple[ParameterIssue, ...] = ()
    strict: bool = False

    @property
    def ok(self) -> bool:
        """Whether no issue is an error."""
        try:
            found: list[Found] = self._raw["issues"]  # type: ignore[attr-defined]
        except AttributeError:
            return not self.errors
        return all(one["severity"] != "error" for one in found)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def errors(self) -> tuple[ParameterIssue, ...]:
        """The issues for which the provider rejects the request."""
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def warnings(self) -> tuple[ParameterIssue, ...]:
        """The issues with which it is accepted: deprecated, without effect, or unknown here."""
        return tuple(issue for issue in self.issues if issue.severity != "error")

    @property
    def safe_params(self) -> dict[str, object]:
        """A corrected copy of the parameters that checks clean: renamed, dropped or clamped with the least change.

        >>> from modelmeta import check_parameters
        >>> check_parameters("o3", {"max_tokens": 500, "temperature": 0.2}, endpoint="chat_completions").safe_params
        {'max_completion_tokens': 500}
        """
        try:
            safe: dict[str, object] = self._safe  # type: ignore[attr-defined]
        except AttributeError:
            from ._parameter_repairs import corrected

            safe = corrected(_plan_of(self.model, self.endpoint), self.params, self.strict)
            object.__setattr__(self, "_safe", safe)
        return dict(safe)

    @property
    def changes(self) -> tuple[str, ...]:
        """What :attr:`safe_params` does to the parameters, a line for each change."""
        from ._parameter_repairs import differences

        return differences(self.params, self.safe_params)

    def __str__(self) -> str:
        if not self.issues:
            return f"{self.model.qualified_id} {self.endpoint}: fine"
        return "\n".join([f"{self.model.qualified_id} {self.endpoint}:", *(f"  {issue}" for issue in self.issues)])


def _as_is(value: Model) -> Model:
    return value


def _in_words(found: list[Found]) -> tuple[ParameterIssue, ...]:
    from ._parameter_reports import to_issues

    return to_issues(found)


ParameterReport._decode |= {"issues": _in_words, "model": _as_is}  # pyright: ignore[reportPrivateUsage]
"""A report is made over the plain result of a check: its issues are put in words when they are first read."""


# Finding the rules ----------------------------------------------------------------------------------------


class _Rules:
    """The rules that came with a catalog, and the plans made of them so far; those of plain references apart."""

    __slots__ = ("book", "catalog", "named", "plans")

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.book = RuleBook(catalog.storage)
        self.plans: dict[tuple[object, ...], Plan] = {}
        self.named: dict[str, Plan] = {}


_books: dict[int, _Rules] = {}
_active: _Rules | None = None


def _rules() -> _Rules:
    """The rules of the catalog in force."""
    global _active
    catalog = current_catalog()
    rules = _active
    if rules is not None and rules.catalog is catalog:
        return rules
    rules = _books.get(id(catalog))
    if rules is None or rules.catalog is not catalog:
        if len(_books) >= 16:
            _books.clear()
        rules = _books[id(catalog)] = _Rules(catalog)
    _active = rules
    return rules


def plan_for(model: object, endpoint: object, provider: object) -> Plan:
    """The compiled rules for a model on an endpoint; raises what :func:`check_parameters` raises."""
    rules = _rules()
    is_plain = endpoint is provider is None and model.__class__ is str
    try:
        return rules.named[model] if is_plain else rules.plans[model, endpoint, provider]  # type: ignore[index]
    except (KeyError, TypeError):
        pass
    if isinstance(model, Model):
        if provider is not None and provider_name(provider) != model.provider:
            raise ParameterError(f"{model.qualified_id} is served by {model.provider!r}, not {provider!r}")
        return _plan_of(model, endpoint)
    found = _find(model, provider)
    plan = _plan_of(found, endpoint)
    if len(rules.plans) + len(rules.named) >= _REMEMBERED:
        rules.plans.clear()
        rules.named.clear()
    if is_plain:
        rules.named[model] = plan  # type: ignore[index]
    else:
        rules.plans[model, endpoint, provider] = plan
    return plan


def _plan_of(model: Model, endpoint: object) -> Plan:
    rules = _rules()
    book, plans = rules.book, rules.plans
    asked = (model.provider, model.id, endpoint)
    plan = plans.get(asked) if endpoint is None or isinstance(endpoint, str) else None
    if plan is not None and plan.model is model:
        return plan
    name = default_endpoint(book, model) if endpoint is None else endpoint_name(endpoint)
    key = (model.provider, model.id, name, None)
    plan = plans.get(key)
    if plan is None or plan.model is not model:
        plan = plans[key] = compile_plan(book, model, name)
    plans[asked] = plan
    return plan


def _find(ref: object, provider: object) -> Model:
    """The model, or one that is known only by its family: rules are written for families, and new members appear."""
    catalog = current_catalog()
    if provider is None:
        return catalog.get_model(ref)  # type: ignore[arg-type]
    name = _PROVIDERS.get(provider, provider) if isinstance(provider, str) else provider
    try:
        return catalog.get_model(ref, provider=name)  # type: ignore[arg-type]
    except UnknownModelError as error:
        from ._parameter_names import model_names
        from .references import normalise

        book = _rules().book
        where = provider_name(name)
        model = Model(id=normalise(ref), provider=where)
        if book.file_of(where) is None or not book.knows(where, model_names(model)):
            raise error from None
        return model


_PROVIDERS = {
    "anthropic_vertex": "google-vertex-anthropic",
    "vertex_anthropic": "google-vertex-anthropic",
}


# The public functions ---------------------------------------------------------------------------------------


def check_parameters(
    model: str | Model,
    params: Mapping[str, object],
    *,
    endpoint: str | None = None,
    provider: str | None = None,
    strict: bool = False,
) -> ParameterReport:
    """Whether ``model`` takes a request with these parameters, and what to change if not.

    ``params`` are wire names, nested or dotted, or the official Python SDK's; ``None`` means not sent. ``endpoint``
    is any usual name of the API surface (``"responses"``, ``"chat.completions"``, ``"generateContent"``); without it,
    the surface that the model is mainly used on. ``strict`` makes parameters that no rule knows errors.

    Raises ``ParameterError`` (a ``ValueError``) if ``params`` is no mapping or the endpoint does not exist, and what
    :func:`modelmeta.get_model` raises.

    >>> from modelmeta import check_parameters
    >>> report = check_parameters("gpt-4.1-mini", {"temperature": 2.5, "frequency_penaltyy": 1})
    >>> [(issue.code, issue.path, issue.severity) for issue in report.issues]
    [('out_of_range', 'temperature', 'error'), ('unknown_parameter', 'frequency_penaltyy', 'warning')]
    """
    plan = plan_for(model, endpoint, provider)
    if params.__class__ is not dict:
        params = _mapping(params)
    found: list[Found] = check(plan, params, strict)
    if plan.model.name is None and not plan.model.modalities.output:
        found = [*found, finding(plan, "model", plan.model.id, ("unknown_model", "warning", {}))]
    raw = {"model": plan.model, "endpoint": plan.endpoint, "params": dict(params), "issues": found, "strict": strict}
    report: ParameterReport = ParameterReport._from_json(raw)  # pyright: ignore[reportPrivateUsage]
    return report


def _mapping(params: object) -> dict[str, object]:
    from collections.abc import Mapping

    if not isinstance(params, Mapping):
        raise ParameterError(
            f"params is a mapping of parameter names to values, such as {{'temperature': 0.2}}, "
            f"not {type(params).__name__}"
        )
    return dict(params)


def validate_parameters(
    model: str | Model,
    params: Mapping[str, object],
    *,
    endpoint: str | None = None,
    provider: str | None = None,
    strict: bool = False,
) -> dict[str, object]:
    """``params`` as a dictionary if the provider would take them; else ``ParameterError`` with the report.

    The arguments are those of :func:`check_parameters`, and so is what else it raises.

    >>> from modelmeta import validate_parameters
    >>> validate_parameters("gpt-4.1-mini", {"temperature": 0.5})
    {'temperature': 0.5}
    """
    report = check_parameters(model, params, endpoint=endpoint, provider=provider, strict=strict)
    if not report.ok:
        first, *others = report.errors
        raise ParameterError(first.message + (f" (and {len(others)} more)" if others else ""), report=report)
    return dict(report.params)


def __getattr__(name: str) -> Any:
    if name in {"ModelRef", "parameters_model"}:
        from . import _parameter_models

        return getattr(_parameter_models, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
