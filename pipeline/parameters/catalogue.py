"""The community catalogue (modelparams): only for hosts on which no better source speaks, and as advice, not as law."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .rules import FILL, Facets, Page, Rule
from .vocabulary import provider_of

_COMMIT = "3e79c46eb87e09b506f9259d3d903896fdc6960b"
_DATE = "2026-08-22"
_HOSTS = {
    "cerebras": "chat_completions",
    "meta": "chat_completions",
    "nvidia": "chat_completions",
    "thinking-machines": "chat_completions",
    "xiaomi": "chat_completions",
    "z-ai": "chat_completions",
    "bedrock": "converse",
}
_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "enum": "string"}


def read(root: Path) -> Iterator[Rule]:
    """One rule for each parameter of each model that the catalogue describes on those hosts."""
    for path in sorted((root / "modelparams" / "models").glob("*/*.yaml")):
        if path.parent.name not in _HOSTS or path.stem.endswith("-subscription"):
            continue
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
        page = Page(
            f"https://github.com/mnfst/modelparams.dev/blob/{_COMMIT}/models/{path.parent.name}/{path.name}",
            _DATE,
            "third_party",
        )
        model = str(record["model"]).lower()
        for parameter in record["params"] or ():
            yield Rule(
                provider=provider_of(path.parent.name),
                endpoint=_HOSTS[path.parent.name],
                path=parameter["path"],
                facets=_facets(parameter),
                pages=(page,),
                tier=FILL,
                models=(f"*{model}*",) if path.parent.name == "bedrock" else (model, f"*/{model}"),
                order=(model, parameter["path"]),
            )


def _facets(parameter: dict[str, Any]) -> Facets:
    facets: Facets = {}
    kind = _TYPES.get(parameter["type"])
    if kind is not None:
        facets["type"] = kind
    bounds = parameter.get("range") or {}
    for key in ("min", "max"):
        if bounds.get(key) is not None:
            facets[key] = bounds[key]
    if parameter.get("values"):
        facets["choices"] = parameter["values"]
    if parameter.get("default") is not None and "max" not in parameter["path"].lower():
        facets["default"] = parameter["default"]
    return {**facets, "level": "warning"}
