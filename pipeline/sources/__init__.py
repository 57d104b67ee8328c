"""One reader a source: files -> observations. ``SOURCES`` says what each source is and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.observations import Observation


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What the manifest says of a source. ``files`` are the snapshot's files; a curated source has none."""

    id: str
    name: str
    url: str
    licence: str
    standing: str
    version: str = ""
    seen_on: str = ""
    files: tuple[str, ...] = ()


_FACTS = "facts"

SOURCES = (
    SourceInfo(
        "vendor-apis",
        "Model lists of the OpenAI, Anthropic, Google and xAI APIs",
        "https://github.com/agentjido/llm_db",
        _FACTS,
        "first party",
        "62b141e",
        "2026-08-05",
        (
            "provider-apis/openai.jsonl",
            "provider-apis/anthropic.jsonl",
            "provider-apis/google.jsonl",
            "provider-apis/xai.jsonl",
            "provider-apis/anthropic-changes.jsonl",
            "provider-apis/xai-changes.jsonl",
        ),
    ),
    SourceInfo(
        "vendor-pages",
        "Vendors' own pages, specifications and repositories, page by page",
        "",
        _FACTS,
        "first party",
        seen_on="2026-11",
    ),
    SourceInfo(
        "vendor-copies",
        "Copies and snapshots of vendors' pages and price APIs",
        "",
        _FACTS,
        "copy of first party",
        seen_on="2026-11",
    ),
    SourceInfo("vendor-reports", "Third parties reporting vendors' pages", "", _FACTS, "report", seen_on="2026-11"),
    SourceInfo(
        "measurements", "Measured speed, with the day and who measured", "", _FACTS, "measurement", seen_on="2026-08-22"
    ),
    SourceInfo(
        "openrouter-api",
        "OpenRouter's model list",
        "https://openrouter.ai/api/v1/models",
        _FACTS,
        "router",
        seen_on="2026-08-05",
        files=("provider-apis/openrouter.jsonl", "provider-apis/openrouter-changes.jsonl"),
    ),
    SourceInfo(
        "zenmux-api",
        "ZenMux's model list",
        "https://zenmux.ai/api/v1/models",
        _FACTS,
        "router",
        seen_on="2026-07-02",
        files=("provider-apis/zenmux.jsonl",),
    ),
    SourceInfo(
        "models.dev",
        "models.dev",
        "https://models.dev/api.json",
        "MIT",
        "catalogue",
        seen_on="2026-07-30",
        files=("models-dev/api.json",),
    ),
    SourceInfo(
        "models.dev-base",
        "models.dev's provider-neutral models and links",
        "https://github.com/anomalyco/models.dev",
        "MIT",
        "catalogue",
        "f3fc6922",
        "2026-07-02",
        ("models-dev/models.json", "models-dev/base-models.json", "models-dev/price-history.jsonl"),
    ),
    SourceInfo(
        "genai-prices",
        "genai-prices",
        "https://github.com/pydantic/genai-prices",
        "MIT",
        "catalogue",
        "47df840a",
        "2026-08-21",
        ("genai-prices/data-v2.json",),
    ),
    SourceInfo(
        "portkey",
        "Portkey models",
        "https://github.com/Portkey-AI/models",
        "MIT",
        "catalogue",
        "f654307e",
        "2026-08-21",
        ("portkey/pricing/*.json", "portkey/general/*.json"),
    ),
    SourceInfo(
        "parameter-facts",
        "Request parameters from specifications, SDKs and documentation",
        "",
        _FACTS,
        "first party",
        seen_on="2026-11",
        files=("parameters/parameters.jsonl",),
    ),
    SourceInfo(
        "modelparams",
        "modelparams.dev",
        "https://github.com/mnfst/modelparams.dev",
        "MIT",
        "catalogue",
        "3e79c46e",
        "2026-08-22",
        ("modelparams/models/**/*.yaml",),
    ),
    SourceInfo(
        "openai-openapi",
        "OpenAI's API specification",
        "https://github.com/openai/openai-openapi",
        "MIT",
        "first party",
        "f85dbe22",
        "2026-08-21",
        ("openai-openapi/openapi.json",),
    ),
    SourceInfo("spelling", "The way ids are written", "", "none", "derived"),
    SourceInfo(
        "page-openai",
        "OpenAI's page on GPT-4.1 mini",
        "https://platform.openai.com/docs/models/gpt-4.1-mini",
        _FACTS,
        "first party",
        seen_on="2025-08",
    ),
    SourceInfo("page-modelmeta", "ModelMeta's registry page on GPT-4.1 mini", "", _FACTS, "page", seen_on="2026-04"),
    SourceInfo("page-tracker", "A price tracker's page on GPT-4.1 mini", "", _FACTS, "page", seen_on="2026-04-14"),
    SourceInfo(
        "page-starmap-provider", "Starmap's page on GPT-4.1 mini at OpenAI", "", _FACTS, "page", seen_on="2025-09-04"
    ),
    SourceInfo(
        "page-starmap-author", "Starmap's page on GPT-4.1 mini by OpenAI", "", _FACTS, "page", seen_on="2025-08-31"
    ),
)


def read_all(sources: Path, curation: Path) -> Iterator[Observation]:
    """Every statement of every source, in a fixed order."""
    from . import curation as curated
    from . import genai_prices, models_dev, portkey, router_apis, vendor_apis

    yield from vendor_apis.read(sources)
    yield from curated.read(curation)
    yield from router_apis.read(sources)
    yield from models_dev.read(sources)
    yield from genai_prices.read(sources)
    yield from portkey.read(sources)
