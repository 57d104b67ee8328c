"""What pages print of the ranges of parameters, beside what the parameter rules come to for the same model.

The rules have their own pages and are no fields of a record. Other pages are weighed against them here, so that
what these print can be listed, and said to differ, like any other fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from modelmeta import Model
from modelmeta._parameter_requests import Request
from modelmeta._parameter_rules import RuleBook, compile_plan, default_endpoint
from modelmeta._record import from_json

from .assemble import model_object
from .authority import OTHER_PAGES
from .observations import JSON, Observation
from .parameters import RuleFiles
from .reconcile import ModelFacts

FACETS = {
    "minimum": ("low", "min"),
    "maximum": ("high", "max"),
    "default": ("default", "default"),
    "choices": ("choices", "choices"),
}
"""What a page states of a parameter: under which facet a rule says it, and under which name."""

_KIND = ".type"
"""An object of one of several kinds tells by this member which: a page that lists the kinds means its choices."""


class Range(NamedTuple):
    """One thing that pages say of a parameter: its field, who is believed, and what others say."""

    field: str
    believed: Observation
    others: tuple[Observation, ...]


class Rules(RuleBook):
    """The rules as they were just compiled."""

    def __init__(self, files: RuleFiles) -> None:
        self._made = files.providers
        self._index = files.index
        self._rules = {}

    def _read(self, name: str, endpoint: str) -> dict[str, Any]:
        return deepcopy(self._made[name][endpoint])


def ranges(model: ModelFacts, rules: Rules) -> Iterator[Range]:
    """What pages beside the rules print of the model's parameters, as far as the rules settle it."""
    stated = [s for s in model.subject.observations if s.field == "parameter_range" and s.source in OTHER_PAGES]
    if not stated:
        return
    subject = model.subject
    record: Model = from_json(Model, {**model_object(model), "id": subject.id, "provider": subject.provider})
    plan = compile_plan(rules, record, default_endpoint(rules, record))
    others: dict[tuple[str, str], list[Observation]] = {}
    for statement in stated:
        assert isinstance(statement.value, dict)
        path = str(statement.value["parameter"])
        path = path + _KIND if path in plan.objects and path + _KIND in plan.parameters else path
        for name in FACETS.keys() & statement.value.keys():
            said = replace(statement, field=f"parameters.{path}.{name}", value=statement.value[name])
            others.setdefault((path, name), []).append(said)
    nothing = Request(plan, {})
    for (path, name), statements in sorted(others.items()):
        facet, member = FACETS[name]
        rule = plan.parameters[path].facets(nothing).get(facet, {}) if path in plan.parameters else {}
        if member in rule:
            field = statements[0].field
            yield Range(field, _believed(model, field, rule, rule[member]), tuple(statements))


def _believed(model: ModelFacts, field: str, rule: Mapping[str, Any], value: Any) -> Observation:
    """What a rule says, with its page, or that of the fact of the model which a highest value goes by."""
    settled: JSON = str(Decimal(str(value))) if isinstance(value, float) else value
    fact = model.facts.get(rule.get("fact", ""))
    if fact is not None and field.endswith(".maximum"):
        return replace(fact.believed, field=field, value=settled)
    page = rule["sources"][0]
    source = "openai-openapi" if "/openai-openapi/" in page["url"] else "parameter-facts"
    return Observation(model.subject.provider, model.subject.id, field, settled, source, page["url"], page["date"])
