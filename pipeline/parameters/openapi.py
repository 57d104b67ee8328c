"""OpenAI's specification: the surfaces and parameters that the parameter facts leave out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .rules import OFFICIAL, Facets, Page, Rule

_PAGE = Page(
    "https://github.com/openai/openai-openapi/blob/f85dbe223d40e1a31cba812ab2d755c7e98a92a3/openapi.yaml",
    "2026-08-21",
    "official_spec",
)
_SCHEMAS = {
    "CreateChatCompletionRequest": "chat_completions",
    "CreateCompletionRequest": "completions",
    "CreateEmbeddingRequest": "embeddings",
    "CreateImageEditRequest": "image_edits",
    "CreateImageRequest": "images",
    "CreateModerationRequest": "moderations",
    "CreateResponse": "responses",
    "CreateSpeechRequest": "speech",
    "CreateTranscriptionRequest": "transcriptions",
    "CreateTranslationRequest": "translations",
    "CreateVideoMultipartBody": "videos",
}
_SIMPLE = frozenset({"boolean", "integer", "number", "string"})


def read(root: Path, known: set[tuple[str, str]]) -> Iterator[Rule]:
    """A rule for each property that ``known`` (endpoint, parameter) lacks."""
    schemas = json.loads((root / "openai-openapi" / "openapi.json").read_text(encoding="utf-8"))["components"][
        "schemas"
    ]
    for name, endpoint in _SCHEMAS.items():
        for path, schema in sorted(_properties(schemas, schemas.get(name, {})).items()):
            if (endpoint, path) not in known:
                yield Rule("openai", endpoint, path, _facets(schemas, schema), (_PAGE,), OFFICIAL, order=((2,), path))


def _properties(schemas: dict[str, Any], schema: dict[str, Any], depth: int = 6) -> dict[str, Any]:
    schema = _target(schemas, schema)
    found = dict(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if depth:
            found |= _properties(schemas, part, depth - 1)
    return found


def _target(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    found: dict[str, Any] = schemas.get(reference.rpartition("/")[2], schema) if reference else schema
    return found


def _facets(schemas: dict[str, Any], schema: dict[str, Any]) -> Facets:
    schema = _target(schemas, schema)
    facets: Facets = {}
    kind = schema.get("type")
    if isinstance(kind, str) and kind in _SIMPLE and not schema.get("anyOf"):
        facets["type"] = kind
        for key, facet in (("minimum", "min"), ("maximum", "max"), ("default", "default"), ("enum", "choices")):
            if schema.get(key) is not None:
                facets[facet] = schema[key]
    if schema.get("deprecated"):
        facets["support"] = "deprecated"
    return facets
