"""First-party facts kept by hand: ``curation/<provider>/<topic>.jsonl`` -> observations.

One JSON object a line, in the project's own vocabulary, each with the page it was read on. The reader is
strict: what it does not know it does not pass on, and the error names the file and the line to mend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeAlias

from modelmeta._record import field_names
from modelmeta.records import Capabilities, Endpoint, Limits, RateLimit, Tool
from pipeline.observations import ANY_MODEL, JSON, NEUTRAL, Observation

Check: TypeAlias = "Callable[[JSON], None]"
"""Raises ``CurationError`` when a value is not one that the field can have."""

BASE_MODELS = "base-models"
"""The folder of facts about base models (``author/name``), whoever serves them."""

NOT_PROVIDERS = frozenset({"parameters"})
"""Folders of ``curation/`` that other readers read."""

KEYS = ("model", "field", "value", "page", "source", "date", "note")
"""Keys of a line, in order; ``note`` is left out when there is nothing to note."""

SOURCES = frozenset({"vendor-pages", "vendor-copies", "vendor-reports", "measurements"})
PAGE_SOURCES = frozenset(
    {"page-openai", "page-starmap-provider", "page-starmap-author", "page-modelmeta", "page-tracker"}
)

CAPABILITIES = frozenset(field_names(Capabilities))
ENDPOINTS = frozenset(Endpoint.NAMES)
TOOLS = frozenset(Tool.NAMES)
LINKS = frozenset({"docs", "pricing", "model_card", "weights"})
LIMITS = frozenset(field_names(Limits))
MODALITIES = frozenset({"text", "image", "audio", "video", "pdf", "embedding", "score"})
STATUSES = frozenset({"preview", "active", "legacy", "deprecated", "retired"})
SIZE_CLASSES = frozenset({"flagship", "standard", "lightweight"})
TIERS = frozenset({"standard", "batch", "flex", "priority", "fast"})
UNITS = frozenset(
    {
        "1M tokens", "1M token-hours", "1M characters", "image", "megapixel", "second", "minute", "hour",
        "page", "request", "search", "session", "GB-day", "song", "step", "video", "frame", "instance-hour",
        "instance-month",
    }
)  # fmt: skip
COMPONENTS = frozenset(
    """
    annotated_pages cache_storage cache_write cache_write_1h cached_input cached_input_audio
    cached_input_image characters citation code_hours code_sessions file_searches grounded_prompts
    image_edits images input input_audio input_image input_seconds input_video instance_hours
    map_searches megapixels output output_audio output_image output_seconds output_video pages reasoning
    requests rerank_searches seconds songs steps storage_gb_days training web_searches x_searches
    """.split()
)
RATE_LIMITS = frozenset(field_names(RateLimit)) - {"tier", "region", "context", "seen_on"}


class CurationError(ValueError):
    """A line, or a file, that breaks a rule of ``curation/``."""


def read(root: Path) -> Iterator[Observation]:
    """Every line of every ``<provider>/<topic>.jsonl`` under ``root``, by file and line."""
    for path in sorted(root.glob("*/*.jsonl")):
        if path.parent.name not in NOT_PROVIDERS:
            yield from read_file(path)


def read_file(path: Path) -> Iterator[Observation]:
    """The lines of one file; one that breaks a rule raises ``CurationError`` naming file and line."""
    topic, folder = path.stem, path.parent.name
    if topic not in TOPICS:
        raise CurationError(f"{path}: unknown topic {topic!r}; known are {_names(TOPICS)}")
    if not re.fullmatch(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", folder):
        raise CurationError(f"{path}: {folder!r} is not a provider id")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        with _naming(f"{path}:{number}"):
            observation = _observation(line, topic, folder)
        yield observation


def _observation(line: str, topic: str, folder: str) -> Observation:
    row: JSON = json.loads(line, parse_float=_no_float, parse_constant=_no_float)
    if not isinstance(row, dict):
        raise CurationError("a line is one JSON object")
    if unknown := sorted(row.keys() - set(KEYS)):
        raise CurationError(f"unknown key {unknown[0]!r}; known are {', '.join(KEYS)}")
    if tuple(row) not in (KEYS, KEYS[:-1]):
        raise CurationError(f"the keys must be {', '.join(KEYS)} in this order; only note may be left out")
    model, field, note = _text(row["model"]), _text(row["field"]), _text(row.get("note", "-"))
    if topic != PAGES and topic_of(field) != topic:
        raise CurationError(f"the field {field!r} belongs into {topic_of(field)}.jsonl")
    with _naming(field):
        check_of(field)(row["value"])
    if folder == BASE_MODELS and model.count("/") != 1:
        raise CurationError(f"a base model is author/name, not {model!r}")
    if folder == BASE_MODELS and model == ANY_MODEL:
        raise CurationError("a fact about base models names one")
    source = _text(row["source"])
    _one_of(PAGE_SOURCES if topic == PAGES else SOURCES, source)
    page = _text(row["page"])
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?", page) and not (
        topic == PAGES and re.fullmatch(r"page:[a-z]+(?:-[a-z]+)*", page)
    ):
        raise CurationError(f"page: {page!r} is not a URL")
    seen_on = row["date"]
    if seen_on is not None:
        _date(seen_on)
    provider = NEUTRAL if folder == BASE_MODELS else folder
    return Observation(
        provider=provider,
        model=model,
        field=field,
        value=row["value"],
        source=source,
        locator=page,
        date=None if seen_on is None else _text(seen_on),
        note="" if "note" not in row else note,
    )


@contextmanager
def _naming(place: str) -> Generator[None]:
    """Put the place in front of what is said to be wrong there."""
    try:
        yield
    except ValueError as error:
        raise CurationError(f"{place}: {error}") from error


def _no_float(text: str) -> JSON:
    raise CurationError(f"{text} is a float; write fractions as decimal strings")


# Checks of values ----------------------------------------------------------------------------------


def _names(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _text(value: JSON) -> str:
    if not isinstance(value, str) or not value or value != value.strip():
        raise CurationError(f"{value!r} is not a text without spaces around it")
    return value


def _bool(value: JSON) -> None:
    if not isinstance(value, bool):
        raise CurationError(f"{value!r} is not true or false")


def _count(value: JSON) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise CurationError(f"{value!r} is not a positive whole number")


def _date(value: JSON) -> None:
    text = _text(value)
    if not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", text):
        raise CurationError(f"{text!r} is not a day, month or year (2024-06-01, 2024-06, 2024)")
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError as error:
        raise CurationError(f"{text!r} is not a date: {error}") from None


def _decimal(value: JSON) -> None:
    text = _text(value)
    if not re.fullmatch(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?", text):
        raise CurationError(f"{text!r} is not a plain decimal string without trailing zeros")


def _url(value: JSON) -> None:
    if not re.fullmatch(r"https?://\S+", _text(value)):
        raise CurationError(f"{value!r} is not a URL")


def _name(value: JSON) -> None:
    _text(value)


def _one_of(names: frozenset[str], value: JSON) -> None:
    if not isinstance(value, str) or value not in names:
        raise CurationError(f"{value!r} is not one of {_names(names)}")


def _choice(names: frozenset[str]) -> Check:
    return lambda value: _one_of(names, value)


def _list(value: JSON) -> list[JSON]:
    if not isinstance(value, list) or len({json.dumps(item) for item in value}) != len(value):
        raise CurationError(f"{value!r} is not a list without repetitions")
    return value


def _texts(value: JSON) -> None:
    for item in _list(value):
        _text(item)


def _sorted_texts(value: JSON) -> None:
    _texts(value)
    if not value or value != sorted(map(str, _list(value))):
        raise CurationError(f"{value!r} is empty or not sorted")


def _modalities(value: JSON) -> None:
    _sorted_texts(value)
    for item in _list(value):
        _one_of(MODALITIES, item)


def _object(value: JSON, required: tuple[str, ...], optional: frozenset[str]) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise CurationError(f"{value!r} is not an object")
    if missing := [key for key in required if key not in value]:
        raise CurationError(f"{missing[0]!r} is missing")
    if unknown := sorted(value.keys() - set(required) - optional):
        raise CurationError(f"unknown key {unknown[0]!r}")
    return value


def _bool_or_version(value: JSON) -> None:
    if not isinstance(value, bool):
        _text(value)


def _platform_ids(value: JSON) -> None:
    if not isinstance(value, dict) or not value:
        raise CurationError(f"{value!r} is not an object of ids by platform")
    for platform, model in value.items():
        if not re.fullmatch(r"[a-z0-9]+(?:[-.][a-z0-9]+)*(?::[a-z0-9-]+)?", platform):
            raise CurationError(f"{platform!r} is not a provider id, with or without a geography")
        _text(model)


def _rate_limits(value: JSON) -> None:
    if not value:
        raise CurationError("no limits")
    for item in _list(value):
        limits = _object(item, ("tier",), RATE_LIMITS | {"region", "context"})
        if not limits.keys() & RATE_LIMITS:
            raise CurationError(f"the tier {limits['tier']!r} has no limit")
        for key, limit in limits.items():
            (_count if key in RATE_LIMITS else _name)(limit)


def _observed(value: JSON) -> None:
    checks: dict[str, Check] = {
        "output_tokens_per_second": _decimal,
        "ttft_ms": _count,
        "measured_on": _date,
        "measured_by": _name,
        "via": _name,
    }
    for key, item in _object(value, ("measured_by",), frozenset(checks)).items():
        checks[key](item)


def _parameter(value: JSON) -> None:
    if not isinstance(value, dict):
        raise CurationError(f"{value!r} is not an object")
    _text(value.get("parameter"))
    if len(value) < 2:
        raise CurationError("a parameter without a statement about it")


def _parameter_range(value: JSON) -> None:
    bounds = _object(value, ("parameter",), frozenset({"minimum", "maximum", "default", "choices"}))
    _parameter(value)
    for key in ("minimum", "maximum"):
        if key in bounds and (isinstance(bounds[key], bool) or not isinstance(bounds[key], int)):
            _decimal(bounds[key])
    if "choices" in bounds:
        _list(bounds["choices"])


CONDITIONS: dict[str, Check] = {
    "above_input_tokens": _count,
    "excess_only": _bool,
    "region": _name,
    "utc_window": _name,
    "weekdays": _bool,
    "size": _name,
    "quality": _choice(frozenset({"low", "medium", "high", "hd", "standard"})),
    "resolution": _name,
    "context_size": _choice(frozenset({"low", "medium", "high"})),
    "fine_tuned": _bool,
    "variant": _name,
    "modality": _name,
    "thinking": _bool,
    "with_audio": _bool,
}


def _condition(value: JSON) -> None:
    for key, item in _object(value, (), frozenset(CONDITIONS)).items():
        with _naming(key):
            CONDITIONS[key](item)


def _currency(value: JSON) -> None:
    if not re.fullmatch(r"[A-Z]{3}", _text(value)):
        raise CurationError(f"{value!r} is not a currency code")


def _price(value: JSON) -> None:
    checks: dict[str, Check] = {
        "component": _choice(COMPONENTS),
        "unit": _choice(UNITS),
        "amount": _decimal,
        "currency": _currency,
        "tier": _choice(TIERS),
    }
    optional: dict[str, Check] = {"condition": _condition, "effective_from": _date, "effective_until": _date}
    for key, item in _object(value, tuple(checks), frozenset(optional)).items():
        with _naming(key):
            (checks | optional)[key](item)


# The vocabulary ------------------------------------------------------------------------------------

PAGES = "pages"

FIELDS: dict[str, tuple[str, Check]] = {
    "name": ("models", _name),
    "author": ("models", _name),
    "family": ("models", _name),
    "base": ("models", _name),
    "size_class": ("models", _choice(SIZE_CLASSES)),
    "license": ("models", _name),
    "open_weights": ("models", _bool),
    "knowledge_cutoff": ("models", _date),
    "training_cutoff": ("models", _date),
    "modalities.input": ("models", _modalities),
    "modalities.output": ("models", _modalities),
    "reasoning.efforts": ("models", _texts),
    "reasoning.default_effort": ("models", _name),
    "reasoning.can_disable": ("models", _bool),
    "reasoning.default_on": ("models", _bool),
    "reasoning.modes": ("models", _sorted_texts),
    "reasoning.budget_min": ("models", _count),
    "reasoning.budget_max": ("models", _count),
    "aliases": ("models", _sorted_texts),
    "snapshots": ("models", _sorted_texts),
    "default_snapshot": ("models", _name),
    "platform_ids": ("models", _platform_ids),
    "lifecycle.released": ("lifecycle", _date),
    "lifecycle.deprecated_on": ("lifecycle", _date),
    "lifecycle.retires_on": ("lifecycle", _date),
    "lifecycle.retires_not_before": ("lifecycle", _date),
    "lifecycle.replacement": ("lifecycle", _name),
    "lifecycle.stated": ("lifecycle", _choice(STATUSES)),
    "rate_limits": ("rate_limits", _rate_limits),
    "observed": ("measurements", _observed),
    "price": ("prices", _price),
    "parameter_rule": ("parameters", _parameter),
    "parameter_range": ("parameters", _parameter_range),
    "unsupported_parameters": ("parameters", _texts),
}
"""Each field, the topic (the file) it belongs to, and what its value can be."""

GROUPS: dict[str, tuple[frozenset[str], Check]] = {
    "capabilities": (CAPABILITIES, _bool),
    "endpoints": (ENDPOINTS, _bool),
    "endpoint_paths": (ENDPOINTS, _name),
    "tools": (TOOLS, _bool_or_version),
    "limits": (LIMITS, _count),
    "links": (LINKS, _url),
}
"""Dotted fields of ``models``: the names that may follow the dot, and what their values can be."""

TOPICS = frozenset({topic for topic, _ in FIELDS.values()} | {PAGES})


def topic_of(field: str) -> str:
    """The topic that a field belongs to."""
    return FIELDS[field][0] if field in FIELDS else "models"


def check_of(field: str) -> Check:
    """The check of a field's values; an unknown field raises ``CurationError``."""
    if field in FIELDS:
        return FIELDS[field][1]
    group, _, name = field.partition(".")
    if group not in GROUPS or name not in GROUPS[group][0]:
        raise CurationError(f"unknown field {field!r}")
    return GROUPS[group][1]
