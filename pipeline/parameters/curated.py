"""The rules kept by hand in ``curation/parameters``: one YAML file a vendor or host, each rule with its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .rules import CURATED, CURATED_HOST, FACETS, Facets, Page, Rule

SURFACES = "surfaces.yaml"
"""The file that says which endpoints a provider has and how they are spelled."""

_KEYS = frozenset({"hosts", "endpoints", "models", "except", "among", "paths", "path", "when", "from", *FACETS})
_KINDS = frozenset({"official_spec", "official_docs", "official_sdk", "third_party", "probe", "report"})
_CONVERSE = {
    "max_tokens": "inferenceConfig.maxTokens",
    "stop_sequences": "inferenceConfig.stopSequences",
    "temperature": "inferenceConfig.temperature",
    "tool_choice": "toolConfig.toolChoice",
    "tools": "toolConfig.tools",
    "top_p": "inferenceConfig.topP",
    "messages": "messages",
}


class CurationError(ValueError):
    """A curated rule that cannot be read: which file, which rule, what is wrong."""


def surfaces(curation: Path) -> dict[str, Any]:
    """The endpoints of each provider in order of importance, with their dialects."""
    data: dict[str, Any] = yaml.safe_load((curation / "parameters" / SURFACES).read_text(encoding="utf-8"))
    return data


def read(curation: Path) -> Iterator[Rule]:
    """Every curated rule for every host, endpoint and parameter that it names."""
    for path in sorted((curation / "parameters").glob("*.yaml")):
        if path.name == SURFACES:
            continue
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        pages = {key: _page(path, key, page) for key, page in data["pages"].items()}
        tier = CURATED_HOST if data.get("host_specific") else CURATED
        for number, entry in enumerate(data["rules"]):
            yield from _rules(path, number, {**data.get("defaults", {}), **entry}, pages, tier)


def _page(path: Path, key: str, page: dict[str, Any]) -> Page:
    if page.get("kind") not in _KINDS or not str(page.get("url", "")).startswith("https://"):
        raise CurationError(f"{path.name}: page {key!r} needs a url and a kind out of {', '.join(sorted(_KINDS))}")
    return Page(page["url"], str(page["date"]) if page.get("date") else None, page["kind"])


def _rules(path: Path, number: int, entry: dict[str, Any], pages: dict[str, Page], tier: int) -> Iterator[Rule]:
    where = f"{path.name}, rule {number + 1} ({entry.get('path') or entry.get('paths')})"
    if strange := set(entry) - _KEYS:
        raise CurationError(f"{where}: unknown {', '.join(sorted(strange))}")
    if not entry.get("from"):
        raise CurationError(f"{where}: names no page")
    try:
        sources = tuple(pages[key] for key in entry["from"])
    except KeyError as error:
        raise CurationError(f"{where}: no page {error} is defined") from None
    facets = {key: entry[key] for key in FACETS if key in entry}
    for host in entry["hosts"]:
        for endpoint in entry["endpoints"]:
            for name in entry.get("paths") or [entry["path"]]:
                for spelled in _spellings(host, endpoint, name, facets, entry.get("when")):
                    yield Rule(
                        provider=host,
                        endpoint=spelled[0],
                        path=spelled[1],
                        facets=spelled[2],
                        pages=sources,
                        tier=tier,
                        models=tuple(str(model).lower() for model in entry.get("models", ())),
                        exclude=tuple(str(model).lower() for model in entry.get("except", ())),
                        when=spelled[3],
                        among=tuple(entry.get("among", ())),
                        order=(path.name, number),
                    )


def _spellings(
    host: str, endpoint: str, path: str, facets: Facets, when: Any
) -> Iterator[tuple[str, str, Facets, Any]]:
    """The rule as the host spells it: Bedrock has Anthropic's own body, and Converse beside it."""
    if host != "amazon-bedrock" or endpoint != "messages":
        yield endpoint, path, facets, when
        return
    yield "invoke_model", path, facets, when
    yield "messages", path, facets, when
    if path == "max_tokens" and "required" in facets:
        return
    changed = dict(facets)
    for key in ("conflicts",):
        if key in changed:
            changed[key] = [_converse(name) for name in changed[key]]
    for key in ("requires", "fix"):
        if key in changed:
            changed[key] = {_converse(name): value for name, value in changed[key].items()}
    for key in ("less_than", "use"):
        if key in changed:
            changed[key] = _converse(changed[key])
    yield "converse", _converse(path), changed, _converse_when(when)


def _converse_when(when: Any) -> Any:
    if isinstance(when, list):
        return [_converse_when(one) for one in when]
    return None if when is None else {_converse(name): test for name, test in when.items()}


def _converse(path: str) -> str:
    if path.startswith("@"):
        return path
    head, dot, rest = path.partition(".")
    if head in _CONVERSE:
        return _CONVERSE[head] + dot + rest
    return f"additionalModelRequestFields.{path}"
