"""Rules of one provider as data, and what they come to for one model on one endpoint.

A rule names a parameter, the models it is about and what it says: support, type, bounds, choices, counts, a
default, and how it goes with other parameters, all of it possibly under a condition. The narrower rule is believed
before the wider one, and a rule checked by hand before one read from a specification; both orders are in the data.
"""

from __future__ import annotations

from sys import intern

from ._parameter_conditions import conditions, fact_of, tests_of
from ._parameter_names import Closeness, endpoint_name_or_none, model_names
from ._parameter_shortcuts import index, quick_test
from .errors import DatasetError
from .storage import MANIFEST, SortedFile, open_storage, read_sealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from ._packed import Packed
    from .records import Model
    from .storage import Folder

    Rule: TypeAlias = dict[str, Any]
    Test: TypeAlias = Callable[[Any], bool]
    Quick: TypeAlias = tuple[Test, frozenset[str] | None, tuple[str, str, Rule] | None]

__all__ = ["Parameter", "Plan", "RuleBook", "compile_plan", "default_endpoint"]

_CURATED = 8
_LEAST = 1
"""Rules checked by hand come first, a community catalogue's last, however narrow; between them the narrower first."""


class RuleBook:
    """The parameter rules of a dataset, read one endpoint at a time; the bundled ones if it holds none."""

    def __init__(self, storage: Folder | Packed) -> None:
        has_rules = SortedFile(storage, MANIFEST).get("parameters/index.json") is not None
        self.storage = storage if has_rules else open_storage()
        self._index: Rule = read_sealed(self.storage, "parameters/index.json")
        self._rules: dict[tuple[str, str], Rule] = {}

    def file_of(self, provider: str) -> str | None:
        """The provider whose rules hold for ``provider``: itself, or the one whose API it repeats."""
        found: str | None = self._index["providers"].get(provider)
        return found

    def _name(self, provider: str) -> str:
        """The same; for a provider without rules, those that hold for any OpenAI-compatible server."""
        return self.file_of(provider) or "generic"

    def endpoints(self, provider: str) -> list[str]:
        """The endpoints of a provider, the most important first."""
        found: list[str] = self._index["endpoints"][self._name(provider)]
        return found

    def rules(self, provider: str, endpoint: str) -> Rule:
        """The rules of one endpoint, and how its requests are spelled."""
        if endpoint not in self.endpoints(provider):
            return {"rules": ()}
        name = self._name(provider)
        found = self._rules.get((name, endpoint))
        if found is None:
            found = self._read(name, endpoint)
            for rule in found["rules"]:
                rule["sources"] = [found["sources"][number] for number in rule["src"]]
            found = self._rules.setdefault((name, endpoint), found)
        return found

    def _read(self, name: str, endpoint: str) -> Rule:
        file = SortedFile(self.storage, f"parameters/{name}.json")
        entry = file.get(endpoint)
        if entry is None:
            raise DatasetError(f"{file}: {endpoint!r} is in the index but not in the file; reinstall modelmeta")
        found: Rule = file.item(entry, dict)[1]
        return found

    def knows(self, provider: str, names: tuple[str, ...]) -> bool:
        """Whether a rule speaks of a family that a model of these names belongs to."""
        closeness = Closeness(names)
        return any(
            closeness.of(rule.get("models", ()))
            for endpoint in self.endpoints(provider)
            for rule in self.rules(provider, endpoint)["rules"]
        )


class Parameter:
    """What the rules come to for one parameter of one model on one endpoint."""

    __slots__ = ("_settled", "dynamic", "foreign", "links", "path", "static")

    def __init__(self, path: str) -> None:
        self.path = path
        self.foreign = True
        self.static: dict[str, Rule] = {}
        self.dynamic: list[tuple[list[Test], dict[str, Rule]]] = []
        self.links: list[tuple[list[Test], Rule]] = []
        self._settled: dict[tuple[bool, ...], tuple[dict[str, Rule], Test | None]] = {}

    def settled(self, request: Any) -> tuple[dict[str, Rule], Test | None]:
        """Which rule speaks for each facet, given the rest of the request, and a test that only fine values pass."""
        holds = tuple([all(test(request) for test in tests) for tests, _ in self.dynamic]) if self.dynamic else ()
        found = self._settled.get(holds)
        if found is None:
            facets = dict(self.static)
            for (_, conditional), held in zip(reversed(self.dynamic), reversed(holds), strict=True):
                if held:
                    facets.update(conditional)
            quiet = facets.get("support", {}).get("support", "supported") == "supported"
            found = self._settled[holds] = facets, quick_test(facets) if quiet else None
        return found

    def facets(self, request: Any) -> dict[str, Rule]:
        """Which rule speaks for each facet, given the rest of the request."""
        return self.settled(request)[0]


class Plan:
    """Everything needed to check requests to one model on one endpoint."""

    __slots__ = (
        "always",
        "asked",
        "blocked",
        "content",
        "defaults",
        "endpoint",
        "heard",
        "inside",
        "model",
        "names",
        "needed",
        "objects",
        "parameters",
        "passing",
        "quick",
        "seen",
        "shaped",
        "specs",
    )

    def __init__(self, model: Model, endpoint: str, data: Rule) -> None:
        self.model = model
        self.endpoint = endpoint
        self.names: dict[str, str] = data.get("names", {})
        self.inside = frozenset(data.get("inside", ()))
        self.passing = frozenset(data.get("content", ()))
        self.parameters: dict[str, Parameter] = {}
        self.defaults: dict[str, object] = {}
        self.objects: set[str] = set()
        self.shaped: frozenset[str] = frozenset()
        self.always: list[tuple[str, list[Test], Rule]] = []
        self.quick: dict[str, Quick] = {}
        self.needed: tuple[str, ...] = ()
        self.blocked = False
        self.asked: tuple[str, ...] = ()
        self.heard: frozenset[str] = frozenset()
        self.content: frozenset[str] = frozenset()
        self.seen: dict[Any, list[Rule]] = {}
        self.specs: object = None


def compile_plan(book: RuleBook, model: Model, endpoint: str) -> Plan:
    """The rules of ``book`` for ``model`` on ``endpoint``, settled facet by facet."""
    data = book.rules(model.provider, endpoint)
    plan = Plan(model, endpoint, data)
    closeness = Closeness(model_names(model))
    ranked = []
    for at, rule in enumerate(data["rules"]):
        if "except" in rule and closeness.of(rule["except"]):
            continue
        if "among" in rule and not closeness.of(rule["among"]):
            continue
        close = closeness.of(rule["models"]) if "models" in rule else 1
        if close:
            tier = rule["tier"]
            standing = tier if tier >= _CURATED else min(tier, _LEAST + 1)
            ranked.append(((-standing, -close, "when" not in rule, -tier, at), rule))
    ranked.sort(key=_order)
    for _, rule in ranked:
        _add(plan, rule)
    for path, parameter in plan.parameters.items():
        default = parameter.static.get("default")
        support = parameter.static.get("support", {})
        if default is not None and (support.get("support") != "unsupported" or "allow" in support):
            plan.defaults[path] = default["default"]
    plan.shaped = frozenset(path for path in plan.objects if _is_shaped(plan, path))
    _add_facts(plan)
    index(plan)
    return plan


def _is_shaped(plan: Plan, path: str) -> bool:
    """Whether rules say what is in an object, and not that it may be something else."""
    own = plan.parameters.get(path)
    if own is not None and ("type" in own.static or "support" in own.static):
        return False
    return any(
        inner.startswith(f"{path}.") and not {"type", "choices"}.isdisjoint(parameter.static)
        for inner, parameter in plan.parameters.items()
    )


def _order(item: tuple[tuple[Any, ...], Rule]) -> tuple[Any, ...]:
    return item[0]


def _add(plan: Plan, rule: Rule) -> None:
    # Without the global lock, only keys that are interned are found without waiting for other threads.
    path = intern(rule["path"])
    parameter = plan.parameters.get(path)
    if parameter is None:
        parameter = plan.parameters[path] = Parameter(path)
        while "." in path:
            path = path.rpartition(".")[0]
            plan.objects.add(path)
    if not rule.get("foreign"):
        parameter.foreign = False
    rule = _resolved(plan.model, rule)
    tests = tests_of(plan.model, rule.get("when"))
    if tests is None:
        return
    spoken = {facet: rule for facet in _spoken(rule) if facet not in parameter.static}
    if not tests:
        parameter.static.update(spoken)
    elif spoken:
        parameter.dynamic.append((tests, spoken))
    if "conflicts" in rule or "requires" in rule or "less_than" in rule:
        parameter.links.append((tests, _with_requirement(rule)))
    if rule.get("required") or rule.get("implied"):
        plan.always.append((rule["path"], tests, rule))


def _with_requirement(rule: Rule) -> Rule:
    return {**rule, "required_tests": conditions(rule["requires"])} if "requires" in rule else rule


def _spoken(rule: Rule) -> Iterable[str]:
    for key, facet in _FACET_OF.items():
        if key in rule:
            yield facet


_FACET_OF = {
    "support": "support",
    "type": "type",
    "min": "low",
    "above": "low",
    "max": "high",
    "below": "high",
    "choices": "choices",
    "items": "items",
    "length": "length",
    "nonblank": "nonblank",
    "default": "default",
    "required": "required",
}


def _resolved(model: Model, rule: Rule) -> Rule:
    """The rule with the model's own facts in place of references to them (``"@limits.max_output_tokens"``)."""
    changed: Rule | None = None
    for key in ("min", "max", "below", "default", "choices"):
        value = rule.get(key)
        if isinstance(value, str) and value.startswith("@"):
            changed = changed or dict(rule)
            fact = fact_of(model, value[1:])
            if fact is None or fact == ():
                del changed[key]
            else:
                changed[key] = list(fact) if isinstance(fact, tuple) else fact
                changed["fact"] = value[1:]
    return rule if changed is None else changed


# What the model's own record says -------------------------------------------------------------------------


_TEXT_ENDPOINTS = frozenset({"chat_completions", "responses", "messages", "generate_content", "converse", "chat"})


def _add_facts(plan: Plan) -> None:
    """What the model cannot do, where a source says so: tools, images, audio, JSON schema, streaming."""
    if plan.endpoint not in _TEXT_ENDPOINTS:
        return
    capabilities = plan.model.capabilities
    inputs = plan.model.modalities.input
    absent: list[tuple[str, dict[str, Any], str]] = []
    if capabilities.tool_calling is False:
        tools = "toolConfig.tools" if plan.endpoint == "converse" else "tools"
        absent.append((tools, {"@tools": [True]}, "does not call tools"))
    if capabilities.structured_output is False and capabilities.json_mode is not True:
        paths = ("response_format.type", "text.format.type")
        absent += [(path, {path: ["json_schema"]}, "does not keep to a JSON schema") for path in paths]
    if capabilities.streaming is False:
        absent.append(("stream", {"stream": [True]}, "does not stream"))
    if inputs and "image" not in inputs:
        absent.append(("messages", {"@images": [True]}, "takes no images"))
    if inputs and "audio" not in inputs:
        absent.append(("messages", {"@audio": [True]}, "takes no audio"))
    for path, when, why in absent:
        rule: Rule = {
            "path": path,
            "implied": True,
            "when": when,
            "support": "unsupported",
            "code": "unsupported_parameter" if "@tools" in when else "unsupported_value",
            "why": f"the model {why}",
            "sources": [],
        }
        plan.always.append((path, [test for _, test in conditions(when)], rule))


def default_endpoint(book: RuleBook, model: Model) -> str:
    """The endpoint that a request to ``model`` goes to unless it says otherwise."""
    outputs, inputs = model.modalities.output, model.modalities.input
    stated = {endpoint_name_or_none(item.name): item.supported for item in model.endpoints}
    by_output = {
        "embedding": "embeddings",
        "image": "images",
        "video": "videos",
        "score": "rerank",
        "audio": "speech",
    }
    known = book.endpoints(model.provider)
    if outputs and "text" not in outputs:
        for output, endpoint in by_output.items():
            if output in outputs and (endpoint in known or stated.get(endpoint)):
                return endpoint
    if outputs == ("text",) and inputs == ("audio",) and "transcriptions" in known:
        return "transcriptions"
    for endpoint in known:
        if stated.get(endpoint):
            return endpoint
    for endpoint in known:
        if stated.get(endpoint) is not False:
            return endpoint
    return "chat_completions"
