"""The parameter facts (``parameters/parameters.jsonl``): one sourced statement a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .rules import FIRST_PARTY, OFFICIAL, THIRD_PARTY, Facets, Page, Rule
from .vocabulary import ALSO, CONDITIONS, CONFLICTS, ENDPOINTS, REQUIREMENTS, provider_of

_CONTENT_ARRAYS = frozenset({"input", "prompt", "texts", "documents", "image", "messages", "tools"})
_EITHER = {
    "chunking_strategy": "string|object",
    "function_call": "string|object",
    "logprobs": "boolean|integer",
    "stop": "string|array",
    "tool_choice": "string|object",
    "voice": "string|object",
}
_ONE_VALUE = frozenset({"prompt_mode", "thinking.keep", "prompt_cache_options.ttl"})
_SEARCHED = frozenset({"tools"})


def read(root: Path) -> Iterator[Rule]:
    """Every fact that can be put as a rule; conditions in prose are left to the curated rules."""
    with (root / "parameters" / "parameters.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            yield from _rules({**row, "notes": row["notes"] or ""}, number)


def _rules(row: dict[str, Any], number: int) -> Iterator[Rule]:
    when = None
    if "[]" in row["parameter"]:  # inside the entries of a list, where no request is looked into
        return
    if row["condition"]:
        when = CONDITIONS.get(row["condition"])
        if when is None:
            return
    provider = provider_of(row["provider"])
    facets = _facets(row, provider)
    if facets is None:
        return
    date = row["source_date"] if row["source_date"][:2] == "20" else None
    page = Page(row["source_url"], date.split(" ")[0] if date else None, row["source_kind"])
    official = row["source_kind"] != "third_party"
    tier = OFFICIAL if official else FIRST_PARTY if row["enforcement"] == "error" else THIRD_PARTY
    models = () if row["models"] == ["*"] else tuple(model.lower() for model in row["models"])
    for host in (provider, *ALSO.get(provider, ())):
        yield Rule(
            provider=host,
            endpoint=ENDPOINTS[row["endpoint"]],
            path=row["parameter"],
            facets=facets,
            pages=(page,),
            tier=tier,
            models=models,
            exclude=tuple(model.lower() for model in row["models_exclude"]),
            when=when,
            order=(_backwards(page.date), number),
        )
    if row["parameter"] == "reasoning.enabled" and row["support"] == "fixed":
        mandatory: Facets = {"implied": True, "code": "unsupported_value", "why": "the model always reasons"}
        when = {"reasoning.effort": ["none"]}
        order = (_backwards(page.date), number)
        yield Rule(
            provider, "chat_completions", "reasoning.effort", mandatory, (page,), tier, models, when=when, order=order
        )


def _backwards(date: str | None) -> tuple[int, ...]:
    """A sort key that puts later dates first and unknown ones last."""
    if date is None:
        return (1,)
    return (0, *(-int(part) for part in date.split("-") if part.isdigit()))


def _facets(row: dict[str, Any], provider: str) -> Facets | None:
    name = row["parameter"]
    facets: Facets = {}
    facets |= _support(row, provider)
    if facets.get("support") == "fixed" and "allow" not in facets:
        return None
    kind = _kind(row)
    if kind is not None:
        facets["type"] = kind
    for key, facet in (
        ("minimum", "min"),
        ("maximum", "max"),
        ("exclusive_minimum", "above"),
        ("exclusive_maximum", "below"),
        ("default", "default"),
    ):
        if row[key] is not None:
            facets[facet] = row[key]
    if name == "logit_bias" and ("min" in facets or "max" in facets):
        facets["each"] = True
    if _is_list_of_choices(row) and facets.get("support") != "unsupported":
        facets["choices"] = row["enum"]
    if (row["min_items"] or row["max_items"]) and name not in {"image", "input"}:
        facets["items"] = [row["min_items"], row["max_items"]]
    if row["max_length"] and name != "body":
        facets["length"] = [None, row["max_length"]]
    facets |= _relations(row)
    if row["enforcement"] == "clamped" or "ceiling of the top provider" in row["notes"]:
        facets["level"] = "warning"
    return facets


def _relations(row: dict[str, Any]) -> Facets:
    facets: Facets = {}
    requires = {path: test for text in row["requires"] for path, test in REQUIREMENTS.get(text, {}).items()}
    if requires:
        facets["requires"] = requires
        if any(True in values for values in requires.values()):
            facets["sure"] = True
    conflicts = [CONFLICTS[text] for text in row["conflicts"] if text in CONFLICTS]
    if conflicts:
        facets["conflicts"] = conflicts
    return facets


def _is_list_of_choices(row: dict[str, Any]) -> bool:
    """Whether the values are all that there are; a single one mostly says where that one value is to be had."""
    values = row["enum"] or []
    if "enum is open" in row["notes"] or row["parameter"].endswith("oolChoice") or _is_chat_format(row):
        return False
    return len(values) > 1 or (len(values) == 1 and row["parameter"] in _ONE_VALUE)


def _is_chat_format(row: dict[str, Any]) -> bool:
    """Whether the row is about the object that chat endpoints call response_format (speech endpoints have a string)."""
    return row["parameter"] == "response_format" and not row["endpoint"].startswith(("audio", "images"))


def _kind(row: dict[str, Any]) -> str | None:
    name, kind = row["parameter"], row["type"]
    if _is_chat_format(row):
        return None
    if name in _EITHER:
        return _EITHER[name]
    if name in _CONTENT_ARRAYS or kind == "object" or "custom voice" in row["notes"] or name.endswith("oolChoice"):
        return None
    if kind == "enum":
        kinds = {type(value) for value in row["enum"] or ()}
        return "string" if kinds == {str} else None
    if kind == "array" and "bare string" in row["notes"]:
        return "string|array"
    return str(kind)


def _support(row: dict[str, Any], provider: str) -> Facets:
    support, use = row["support"], _target(row["replaced_by"])
    listed = provider == "openrouter" and "snapshot of" in row["notes"]
    if support == "supported":
        return {"support": "supported"} if listed else {}
    if support == "deprecated":
        return {"support": "deprecated", **({"use": use} if use else {})}
    if support == "fixed":
        values = row["enum"] or ([row["minimum"]] if row["minimum"] is not None else None)
        values = values or ([row["default"]] if row["default"] is not None else None)
        return {"support": "ignored"} if row["enforcement"] == "ignored" else _fixed(values)
    if row["enforcement"] == "ignored" or (listed and row["parameter"] not in _SEARCHED):
        return {"support": "ignored"}
    sure = row["enforcement"] == "error" or row["source_kind"] != "third_party"
    return {
        "support": "unsupported",
        **({"use": use} if use else {}),
        **({} if sure else {"level": "warning"}),
    }


def _fixed(values: list[Any] | None) -> Facets:
    return {"support": "fixed", "allow": values} if values else {"support": "fixed"}


def _target(replaced_by: str | None) -> str | None:
    """The parameter to use instead, where the row names just one."""
    if not replaced_by:
        return None
    name = replaced_by.split(" ")[0].split("=")[0]
    return name if name.replace(".", "").replace("_", "").isalnum() and name != "the" else None
