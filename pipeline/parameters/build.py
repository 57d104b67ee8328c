"""Put the readers' rules together: one file a provider, one entry an endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import catalogue, curated, facts, first_party, openapi
from .rules import FACETS, Page, Rule

_PAGES_KEPT = 4
"""Rules that say the same are one rule with the pages of all, as far as a reader wants to follow them."""


@dataclass(frozen=True)
class RuleFiles:
    """What stands in ``data/parameters``."""

    index: dict[str, Any]
    """Whose rules hold for which provider, and the endpoints of each file in order of importance."""
    providers: dict[str, dict[str, dict[str, Any]]]
    """For each file the rules of every endpoint."""


def build(sources: Path, curation: Path) -> RuleFiles:
    """Every file under ``data/parameters``; equal input gives equal files."""
    surfaces = curated.surfaces(curation)
    has = {provider: set(endpoints) for provider, endpoints in surfaces["providers"].items()}
    by_hand = [rule for rule in curated.read(curation) if rule.endpoint in has.get(rule.provider, {rule.endpoint})]
    rules = [*by_hand, *first_party.read(curation), *facts.read(sources), *catalogue.read(sources)]
    known = {(rule.endpoint, rule.path) for rule in rules if rule.provider == "openai"}
    rules += openapi.read(sources, known)
    by_provider: dict[str, list[Rule]] = {}
    for rule in rules:
        by_provider.setdefault(rule.provider, []).append(rule)
    files = {
        provider: _file(provider, endpoints, surfaces["dialects"], by_provider.pop(provider, []))
        for provider, endpoints in sorted(surfaces["providers"].items())
    }
    if by_provider:
        raise curated.CurationError(f"{curated.SURFACES}: no endpoints for {', '.join(sorted(by_provider))}")
    same = {provider: provider for provider in surfaces["providers"] if provider != "generic"} | surfaces["same_as"]
    order = {provider: list(surfaces["providers"][provider]) for provider in files}
    return RuleFiles({"providers": dict(sorted(same.items())), "endpoints": order}, files)


def _file(
    provider: str, endpoints: dict[str, str], dialects: dict[str, Any], rules: list[Rule]
) -> dict[str, dict[str, Any]]:
    strange = sorted({rule.endpoint for rule in rules} - set(endpoints))
    if strange:
        raise curated.CurationError(f"{curated.SURFACES}: {provider} has no {', '.join(strange)}")
    return {
        endpoint: _endpoint(dialects[dialect], _merged(rule for rule in rules if rule.endpoint == endpoint))
        for endpoint, dialect in endpoints.items()
    }


def _page(page: Page) -> dict[str, str | None]:
    return {"url": page.url, "date": page.date, "kind": page.kind}


def _page_key(page: Page) -> tuple[str, str, str]:
    return (page.url, page.date or "", page.kind)


def _endpoint(dialect: dict[str, Any], rules: list[Rule]) -> dict[str, Any]:
    pages = sorted({page for rule in rules for page in rule.pages}, key=_page_key)
    numbers = {page: number for number, page in enumerate(pages)}
    names = dict(dialect.get("names", {})) | _snake(dialect, rules)
    return {
        "inside": dialect.get("inside", []),
        "content": sorted(dialect.get("content", [])),
        "names": dict(sorted(names.items())),
        "sources": [_page(page) for page in pages],
        "rules": [_json(rule, numbers) for rule in rules],
    }


def _snake(dialect: dict[str, Any], rules: list[Rule]) -> dict[str, str]:
    """The Python SDK's spelling of camel-case names, and short names for what lies in a transparent container."""
    if not dialect.get("snake"):
        return {}
    container = dialect["snake"]
    names = {}
    for whole in sorted({rule.path for rule in rules}):
        path = whole
        if path.startswith(container + "."):
            top = path[len(container) + 1 :].partition(".")[0]
            names[top] = names[_to_snake(top)] = f"{container}.{top}"
        while "." in path:
            parent, _, last = path.rpartition(".")
            if _to_snake(last) != last and parent != container:
                names[f"{parent}.{_to_snake(last)}"] = path
            path = parent
        if _to_snake(path) != path and path != container:
            names[_to_snake(path)] = path
    return names


def _to_snake(name: str) -> str:
    return "".join(f"_{character.lower()}" if character.isupper() else character for character in name)


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that say the same become one; the order is by parameter, then the most believed first."""
    found: dict[str, Rule] = {}
    for rule in sorted(rules, key=_rule_key):
        same = found.setdefault(rule.key(), rule)
        if same is not rule:
            same.pages = tuple(dict.fromkeys((*same.pages, *rule.pages)))[:_PAGES_KEPT]
    return list(found.values())


def _rule_key(rule: Rule) -> tuple[Any, ...]:
    return (rule.path, -rule.tier, rule.order, rule.models, repr(rule.when), repr(rule.facets))


def _json(rule: Rule, numbers: dict[Page, int]) -> dict[str, Any]:
    out: dict[str, Any] = {"path": rule.path}
    if rule.models:
        out["models"] = list(rule.models)
    if rule.among:
        out["among"] = list(rule.among)
    if rule.exclude:
        out["except"] = list(rule.exclude)
    if rule.when is not None:
        out["when"] = rule.when
    out |= {key: rule.facets[key] for key in FACETS if key in rule.facets}
    out["tier"] = rule.tier
    out["src"] = [numbers[page] for page in rule.pages]
    return out
