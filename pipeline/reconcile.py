"""Observations -> facts: for each model and field the statement believed, and those that were not.

A model then takes what it does not state itself from the model it is a version of, and what belongs to the weights
rather than to the host from its base model; everything taken over is marked as inherited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from json import dumps

from .authority import rank
from .identity import Identities, Subject, _newest_first
from .names import OWN_PROVIDERS, author_of
from .observations import ANY_MODEL, JSON, Observation
from .prices import Row, in_region_first, settle_prices, without_stale_twin

NOT_A_FACT = (
    "aliases", "snapshots", "default_snapshot", "platform_ids", "offer_of", "base", "observed", "price",
    "parameter_rule", "parameter_range", "unsupported_parameters", "supported_parameters",
)  # fmt: skip
"""Fields that are settled elsewhere: by identity, by prices, by the parameter rules, or kept all."""

FROM_BASE = ("author", "license", "open_weights", "knowledge_cutoff", "training_cutoff", "size_class", "family")
"""What belongs to the weights and so holds at every host."""

NOT_FROM_HEAD = ("lifecycle.", "links.")
"""What a version does not share with the model it is a version of."""

FROM_DEFAULT_SNAPSHOT = (
    "lifecycle.deprecated_on", "lifecycle.retires_on", "lifecycle.retires_not_before", "lifecycle.replacement",
    "lifecycle.stated",
)  # fmt: skip
"""What an undated id shares with the version that it points at."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A settled value, the statement it comes from, and the statements that say otherwise or the same."""

    value: JSON
    believed: Observation
    others: tuple[Observation, ...] = ()
    inherited: bool = False


@dataclass(slots=True)
class ModelFacts:
    """Everything settled about one subject."""

    subject: Subject
    facts: dict[str, Fact] = field(default_factory=dict)
    prices: list[tuple[Row, Observation]] = field(default_factory=list)
    prices_passed_over: list[Observation] = field(default_factory=list)
    prices_inherited: bool = False
    measurements: list[Observation] = field(default_factory=list)

    def value(self, name: str) -> JSON:
        """The settled value of a field, or ``None``."""
        fact = self.facts.get(name)
        return None if fact is None else fact.value


def reconcile(found: Identities) -> dict[tuple[str, str], ModelFacts]:
    """Settle every field of every subject."""
    settled = {key: _settle(subject, found.wildcards) for key, subject in found.subjects.items()}
    for model in settled.values():
        if model.subject.snapshot_of is not None:
            _inherit_from_head(model, settled[model.subject.provider, model.subject.snapshot_of.lower()])
    for model in settled.values():
        if model.subject.default_snapshot is not None:
            snapshot = settled.get((model.subject.provider, model.subject.default_snapshot.lower()))
            if snapshot is not None:
                _take(model, snapshot.facts, FROM_DEFAULT_SNAPSHOT)
                _believe_about_version(model, snapshot)
        versions = [settled[model.subject.provider, name.lower()] for name in sorted(model.subject.snapshots)]
        _retire_with_versions(model, versions)
        _retire_version(model, versions)
    _inherit_from_base(found, settled)
    return settled


def _believe_about_version(model: ModelFacts, version: ModelFacts) -> None:
    """An undated id and the version it points at are one model: the better source about either holds for the id."""
    for name, fact in version.facts.items():
        own = model.facts.get(name)
        if fact.inherited or name == "name" or name.startswith(NOT_FROM_HEAD):
            continue
        if own is None or (rank(name, fact.believed.source) or 0) < (rank(name, own.believed.source) or 0):
            others = () if own is None else (own.believed, *own.others)
            model.facts[name] = Fact(fact.value, fact.believed, others, inherited=True)


SAYS_THE_END = ("lifecycle.stated", "lifecycle.deprecated_on", "lifecycle.retires_on")


def _retire_version(model: ModelFacts, versions: list[ModelFacts]) -> None:
    """The version that an id points at, or its only one, ends on the day of the id unless something else is said."""
    dated = model.facts.get("lifecycle.retires_on")
    if dated is None or dated.inherited:
        return
    for version in versions:
        same = version.subject.id == model.subject.default_snapshot or len(versions) == 1
        if same and not any(name in version.facts for name in SAYS_THE_END):
            _take(version, model.facts, FROM_DEFAULT_SNAPSHOT)


def _retire_with_versions(model: ModelFacts, versions: list[ModelFacts]) -> None:
    """An id of which every pinned version ends, and of whose end nothing is said, ends with the last of them."""
    said = (*SAYS_THE_END, "lifecycle.first_listed")
    final = [version for version in versions if "preview" not in version.subject.snapshot_form]
    ends = [str(version.value("lifecycle.retires_on") or "") for version in final]
    gone = [
        bool(end) or version.value("lifecycle.stated") == "retired" for end, version in zip(ends, final, strict=True)
    ]
    if final and all(gone) and not any(name in model.facts for name in said):
        last = final[max(range(len(final)), key=lambda place: ends[place])]
        _take(model, last.facts, FROM_DEFAULT_SNAPSHOT)


def choose(statements: Iterable[Observation]) -> dict[str, Fact]:
    """The believed statement of each field."""
    by_field: dict[str, list[Observation]] = defaultdict(list)
    for statement in statements:
        if statement.field not in NOT_A_FACT and statement.value is not None:
            by_field[statement.field].append(statement)
    facts = {}
    for name in sorted(by_field):
        known = [s for s in by_field[name] if rank(name, s.source) is not None]
        known.sort(
            key=lambda s: (rank(s.field, s.source) or 0, *_newest_first(s.date), s.source, s.locator, dumps(s.value))
        )
        if known:
            facts[name] = Fact(known[0].value, known[0], tuple(s for s in by_field[name] if s is not known[0]))
    return facts


def _settle(subject: Subject, wildcards: dict[str, list[Observation]]) -> ModelFacts:
    facts = choose(subject.observations)
    statements = [s for s in subject.observations if s.field == "price"]
    if _writes_text(facts):
        shared = (_for_model(s, subject.id) for s in wildcards.get(subject.provider, ()) if _is_tool_price(s, facts))
        statements += [s for s in shared if s is not None]
    prices, passed_over = settle_prices(statements)
    if subject.provider == "openai":
        prices = without_stale_twin(prices)
    if subject.provider == "amazon-bedrock" and not subject.id.startswith("global."):
        prices = in_region_first(prices)
    measurements = [s for s in subject.observations if s.field == "observed"]
    return ModelFacts(subject, facts, prices, passed_over, measurements=measurements)


TOOL_OF_COMPONENT = {
    "web_searches": "web_search",
    "file_searches": "file_search",
    "code_sessions": "code_interpreter",
    "code_hours": "code_execution",
    "map_searches": "google_maps",
    "grounded_prompts": "google_search",
    "x_searches": "x_search",
    "storage_gb_days": "file_search",
}
"""The built-in tool that a component prices: a provider-wide price holds for models that may call it."""


def _for_model(statement: Observation, model_id: str) -> Observation | None:
    """A provider-wide price as it holds for one model: some hold for a line of models that their variant names."""
    row = statement.value
    condition = row.get("condition") if isinstance(row, dict) else None
    variant = condition.get("variant") if isinstance(condition, dict) else None
    if not isinstance(row, dict) or not isinstance(condition, dict) or not isinstance(variant, str):
        return statement
    if not model_id.startswith(variant):
        return None
    rest = {name: value for name, value in condition.items() if name != "variant"}
    plain = {name: value for name, value in row.items() if name != "condition"}
    return replace(statement, value={**plain, "condition": rest} if rest else plain)


def _writes_text(facts: dict[str, Fact]) -> bool:
    output = facts.get("modalities.output")
    return output is None or (isinstance(output.value, list) and "text" in output.value)


def _is_tool_price(statement: Observation, facts: dict[str, Fact]) -> bool:
    if statement.field != "price" or not isinstance(statement.value, dict):
        return False
    tool = TOOL_OF_COMPONENT.get(str(statement.value["component"]))
    stated = facts.get(f"tools.{tool}")
    return tool is not None and (stated is None or stated.value is not False)


def _take(model: ModelFacts, facts: dict[str, Fact], names: Iterable[str]) -> None:
    for name in names:
        if name in facts and name not in model.facts:
            model.facts[name] = Fact(facts[name].value, facts[name].believed, inherited=True)


def _inherit_from_head(model: ModelFacts, head: ModelFacts) -> None:
    _take(model, head.facts, [name for name in head.facts if not name.startswith(NOT_FROM_HEAD)])
    own = [statement for _, statement in model.prices if statement.model != ANY_MODEL]
    if not own and "preview" not in model.subject.snapshot_form:
        model.prices = [(row, statement) for row, statement in head.prices if not row.get("effective_until")]
        model.prices_inherited = bool(model.prices)


def _inherit_from_base(found: Identities, settled: dict[tuple[str, str], ModelFacts]) -> None:
    """Facts about the weights: from the author's own offer, else from the neutral statements, else from any offer."""
    offers: dict[str, list[ModelFacts]] = defaultdict(list)
    for model in settled.values():
        if model.subject.base is not None:
            offers[model.subject.base].append(model)
    for base, models in offers.items():
        shared = choose(s for model in models for s in model.subject.observations if s.field in FROM_BASE)
        shared |= choose(found.neutral.get(base, ()))
        for own in sorted(models, key=lambda model: _distance_from_author(model, base), reverse=True):
            if _distance_from_author(own, base)[0] < _NOT_OWN:
                shared |= own.facts
        for model in models:
            _take(model, shared, FROM_BASE)
            _correct(model, shared)
            _author(model, base)
    for model in settled.values():
        if "author" not in model.facts:
            _author(model, None)


def _correct(model: ModelFacts, shared: dict[str, Fact]) -> None:
    """Of what belongs to the weights, a better sourced statement about the base beats a host's own."""
    for name in FROM_BASE:
        own, better = model.facts.get(name), shared.get(name)
        if own is None or better is None or own.inherited or own.value == better.value:
            continue
        if (rank(name, better.believed.source) or 0) < (rank(name, own.believed.source) or 0):
            model.facts[name] = Fact(better.value, better.believed, (own.believed, *own.others), inherited=True)


_NOT_OWN = 99


def _distance_from_author(model: ModelFacts, base: str) -> tuple[int, bool, str]:
    """Sorts a base model's offers: the author's own provider first, the undated id before its versions."""
    own = OWN_PROVIDERS.get(base.partition("/")[0], ())
    provider = model.subject.provider
    place = own.index(provider) if provider in own else _NOT_OWN
    return place, model.subject.snapshot_of is not None, model.subject.id


def _author(model: ModelFacts, base: str | None) -> None:
    author = base.partition("/")[0] if base else author_of(model.subject.id)
    if author and "author" not in model.facts:
        statement = Observation(
            model.subject.provider, model.subject.id, "author", author, "spelling", "pipeline/names.py"
        )
        model.facts["author"] = Fact(author, statement)
