"""Read usage out of responses: find the form, take the counts, make them mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ._response_access import first, get, get_key
from ._response_extras import extras
from ._response_shapes import (
    ENVELOPES,
    PROVIDER_MARKS,
    PROVIDERS,
    PROVIDERS_STATED,
    SHAPES,
    TELEMETRY,
    TIER_WORDS,
    TIERS_STATED,
    WHEN,
    WHO,
    Shape,
)
from .components import CONTINUOUS
from .errors import UsageError
from .usage import ResponseInfo, Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

__all__ = ["read"]


def read(response: object) -> Usage:
    """The usage that a response, or the chunks of one, states."""
    if isinstance(response, Usage):
        return response
    if isinstance(response, (str, bytes)):
        raise UsageError("a response is an object or parsed JSON, not text: parse it with json.loads() first")
    if hasattr(response, "__aiter__") and not hasattr(response, "__iter__"):
        raise UsageError("an asynchronous stream cannot be read here: collect its chunks in a list and give that")
    stream: Any = response if _is_stream(response) else None
    chunks = None if stream is None else list(stream)
    try:
        return _read_whole(response) if chunks is None else _read_chunks(chunks)
    except UsageError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        # Anything may stand anywhere in a stranger's JSON; what is not of its form is named, never guessed at.
        raise UsageError(f"the usage in {_seen(response)} is not of a form that is known: {error}") from error


def _read_whole(response: object) -> Usage:
    part = _Part(response)
    if part.shape is None:
        raise UsageError(f"no usage is stated in {_seen(response)}")
    return _usage(part.shape, part.stated, [part])


def _is_stream(response: object) -> bool:
    if isinstance(response, Mapping) or hasattr(response, "model_dump") or get(response, "usage") is not None:
        return False
    return isinstance(response, Iterable)


# What was given ----------------------------------------------------------------------------------


def _names(item: object) -> list[str]:
    if isinstance(item, Mapping):
        return [str(key) for key in item]
    return [name for name in dir(item) if not name.startswith("_")]


def _seen(item: object) -> str:
    """What was given, for an error."""
    if isinstance(item, Mapping):
        keys = ", ".join(_names(item)[:12]) or "nothing"
        usage = item.get("usage")
        inside = f"; its usage has {', '.join(_names(usage)[:12]) or 'nothing'}" if isinstance(usage, Mapping) else ""
        return f"a mapping with {keys}{inside}"
    kind = type(item)
    return f"a {kind.__module__}.{kind.__qualname__}" + (f" ({item!r})" if isinstance(item, (int, float)) else "")


def _as_dict(item: Any) -> dict[str, Any]:
    """A usage object as a dictionary, for merging."""
    if isinstance(item, Mapping):
        return dict(item)
    if hasattr(item, "model_dump"):
        dumped: dict[str, Any] = item.model_dump()
        return dumped
    return {name: get(item, name) for name in _names(item) if get(item, name) is not None}


# One response, or one chunk -------------------------------------------------------------------------


class _Part:
    """A response or a chunk, unwrapped: the object inside, what it says beside counts, and its usage if any."""

    def __init__(self, item: Any) -> None:
        self.tier: str | None = None
        self.item = self._unwrap(_parsed(item))
        self.shape: Shape | None = None
        self.stated: Any = None
        self._find()

    def _unwrap(self, item: Any) -> Any:
        for path, key, tier in ENVELOPES:
            inner = get(item, path)
            if (
                inner is not None
                and not isinstance(inner, (str, bytes, int, float, list, tuple))
                and (not key or get(inner, key) is not None)
            ):
                self.tier = tier or self.tier
                return self._unwrap(inner)
        return item

    def _find(self) -> None:
        item = self.item
        attributes = item if isinstance(item, Mapping) else None
        attributes = get(item, "attributes") if attributes is None or "attributes" in attributes else attributes
        if isinstance(attributes, Mapping) and any(str(key).startswith("gen_ai.usage.") for key in attributes):
            self.item = attributes
            self.shape, self.stated = _TELEMETRY, {key: attributes.get(key) for key in attributes}
            return
        for shape in SHAPES:
            for where in shape.where:
                stated = get(item, where)
                if (
                    stated is not None
                    and not isinstance(stated, (str, bytes, int, float, list, tuple))
                    and any(get_key(stated, key) is not None for key in shape.needs)
                    and not any(get_key(stated, key) is not None for key in shape.without)
                ):
                    self.shape, self.stated = shape, stated
                    return
        found = _without_usage(item)
        if found:
            self.shape, self.stated = _COUNTED, found


_TELEMETRY = Shape("telemetry attributes", ".", "", TELEMETRY)
_COUNTED = Shape("response without a usage object", ".", "", {})


def _parsed(item: Any) -> Any:
    """The JSON inside an event of InvokeModel's stream."""
    data = get(item, "chunk.bytes")
    if isinstance(data, (bytes, str)):
        import json

        return json.loads(data)
    return item


def _without_usage(item: Any) -> dict[str, Any]:
    """Counts of responses that have no usage object: images, videos, transcripts, embeddings of Vertex."""
    data = get(item, "data")
    if isinstance(data, list) and data and all(get(part, "url") or get(part, "b64_json") for part in data):
        return {"images": len(data), "size": get(item, "size"), "quality": get(item, "quality")}
    if get(item, "object") == "video" and get(item, "seconds") is not None:
        return {"output_seconds": get(item, "seconds"), "size": get(item, "size")}
    if get(item, "duration") is not None and isinstance(get(item, "text"), str):
        return {"input_seconds": get(item, "duration")}
    predictions = get(item, "predictions")
    if isinstance(predictions, list):
        tokens = [get(part, "embeddings.statistics.token_count") for part in predictions]
        if tokens and all(tokens):
            return {"input_tokens": sum(int(count) for count in tokens)}
    return {}


# Counts that mean the same everywhere ---------------------------------------------------------------


def _usage(shape: Shape, stated: Any, parts: list[_Part]) -> Usage:
    counts: dict[str, Any] = {}
    notes: list[str] = []
    if shape is _COUNTED:
        counts = {name: _number(name, value) for name, value in stated.items() if value is not None}
    for count, paths in shape.counts.items():
        read_at = get_key if shape is _TELEMETRY or shape.name == "InvokeModel response" else get
        for path in paths:
            number = _number(count, read_at(stated, path))
            if number is not None:
                counts[count] = number
                break
    if not counts:
        raise UsageError(f"no counts are stated in {_seen(stated)}")
    counts.update(extras(shape.name, stated, [part.item for part in parts], counts, notes))
    _split_writes(counts, get(stated, "input_token_details.ephemeral_5m_input_tokens"))
    _include(counts, "input_tokens", shape.beside_input)
    _include(counts, "output_tokens", shape.beside_output)
    _include_reasoning(counts, stated, shape)
    _overlap(counts, notes)
    info = ResponseInfo(
        shape=shape.name,
        model=_last(parts, _model),
        provider=_last(parts, _provider),
        tier=_last(parts, _tier),
        at=_last(parts, _at),
        notes=tuple(dict.fromkeys(notes)),
    )
    return Usage(**{name: value for name, value in counts.items() if value is not None}, response=info)


def _number(count: str, value: Any) -> Any:
    """A count as a response states it; ``None`` for what is not stated (Mistral writes ``{}``)."""
    if value is None or (
        not hasattr(value, "real") and not isinstance(value, (str, list, tuple)) and not _names(value)
    ):
        return None
    if count in {"size", "quality"}:
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if hasattr(value, "real") else _parsed_number(count, value)


def _parsed_number(count: str, text: object) -> Any:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise UsageError(f"the response states {text!r} for {count}, which is not a number")
    return number if count in CONTINUOUS or number != number.to_integral_value() else int(number)


def _split_writes(counts: dict[str, Any], five_minutes: Any) -> None:
    """Ours are writes for five minutes and for an hour, apart; the total that is stated holds both, or neither."""
    hour = counts.get("cache_write_1h_tokens") or 0
    total = counts.get("cache_write_tokens") or 0
    if five_minutes:  # LangChain states each and leaves the total at zero
        counts["cache_write_tokens"] = five_minutes
    elif hour:
        counts["cache_write_tokens"] = max(0, total - hour)


def _include(counts: dict[str, Any], total: str, beside: Iterable[str]) -> None:
    parts = [*beside]
    if "cache_write_tokens" in parts:
        parts.append("cache_write_1h_tokens")
    if parts:
        counts[total] = (counts.get(total) or 0) + sum(counts.get(part) or 0 for part in parts)


def _include_reasoning(counts: dict[str, Any], stated: Any, shape: Shape) -> None:
    """Some that copy OpenAI's form (xAI, Perplexity) count reasoning beside the output: the total tells."""
    reasoning, output = counts.get("reasoning_tokens") or 0, counts.get("output_tokens") or 0
    if not reasoning or shape.beside_output:
        return
    total = get(stated, "total_tokens")
    apart = isinstance(total, int) and total == (counts.get("input_tokens") or 0) + output + reasoning
    if apart or reasoning > output:
        counts["output_tokens"] = output + reasoning


def _overlap(counts: dict[str, Any], notes: list[str]) -> None:
    """Where cached and audio (or image, video) tokens exceed the input, some are both: that many at least."""
    sides = ("audio", "image", "video")
    if any(counts.get(f"cached_input_{side}_tokens") for side in sides):
        return
    parts = ["cached_input_tokens", "cache_write_tokens", "cache_write_1h_tokens"]
    parts += [f"input_{side}_tokens" for side in sides]
    over = sum(counts.get(part) or 0 for part in parts) - (counts.get("input_tokens") or 0)
    for side in sides:
        both = min(over, counts.get(f"input_{side}_tokens") or 0, counts.get("cached_input_tokens") or 0)
        if both > 0:
            counts[f"cached_input_{side}_tokens"] = both
            notes.append(f"{both:,} cached tokens must be {side}, as the parts exceed the input otherwise")
            over -= both


# What else a response says --------------------------------------------------------------------------


def _last(parts: list[_Part], look: Callable[[_Part], Any]) -> Any:
    """What the last part that says it says."""
    for part in reversed(parts):
        value = look(part)
        if value is not None:
            return value
    return None


def _model(part: _Part) -> str | None:
    model = first(part.item, WHO.split()) or get_key(part.item, "gen_ai.response.model")
    model = model or get_key(part.item, "gen_ai.request.model")
    return model if isinstance(model, str) and model else None


def _provider(part: _Part) -> str | None:
    for path in PROVIDERS_STATED.split():
        stated = get_key(part.item, path) if path.startswith("gen_ai.") else get(part.item, path)
        if isinstance(stated, str):
            return PROVIDERS.get(stated.lower())
    for path, provider in PROVIDER_MARKS:
        if get(part.item, path) is not None:
            return provider
    choices = get(part.item, "choices")
    if isinstance(choices, list) and choices and get(choices[0], "content_filter_results") is not None:
        return "azure"
    if isinstance(get(part.item, "provider"), str) and str(get(part.item, "id")).startswith("gen-"):
        return "openrouter"
    return None


def _tier(part: _Part) -> str | None:
    if part.tier is not None:
        return part.tier
    details = get(part.item, "usage_metadata.input_token_details")
    for tier in ("priority", "flex"):  # LangChain names the tier in the keys
        if isinstance(details, Mapping) and any(str(key).startswith(tier) for key in details):
            return tier
    for path in (*TIERS_STATED.split(), "gen_ai.openai.response.service_tier", "openai.response.service_tier"):
        stated = get_key(part.item, path) if "openai.response" in path else get(part.item, path)
        stated = getattr(stated, "value", stated)
        if isinstance(stated, str) and stated:
            word = stated.lower().removeprefix("service_tier_")
            tier_named = TIER_WORDS.get(word, word)
            if tier_named is not None and not (tier_named == "standard" and path == "usage.speed"):
                return "fast" if get(part.item, "usage.speed") == "fast" else tier_named
    return None


def _at(part: _Part) -> datetime | None:
    from datetime import datetime, timezone

    stated = first(part.item, WHEN.split())
    if stated is None:
        return _http_date(part.item)
    if isinstance(stated, datetime):
        return stated if stated.tzinfo is not None else stated.replace(tzinfo=timezone.utc)
    if isinstance(stated, (int, float)) and not isinstance(stated, bool):
        return datetime.fromtimestamp(stated, timezone.utc) if 0 < stated < 1 << 36 else None
    if isinstance(stated, str):
        try:
            return _utc(datetime.fromisoformat(_microseconds(stated.replace("Z", "+00:00"))))
        except ValueError:
            return None
    return None


def _utc(moment: datetime) -> datetime:
    from datetime import timezone

    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def _microseconds(text: str) -> str:
    """An ISO time with at most six digits of a second, all that Python reads."""
    head, dot, tail = text.partition(".")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}{dot}{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}" if dot else text


def _http_date(item: Any) -> datetime | None:
    stated = get(get(item, "ResponseMetadata.HTTPHeaders"), "date")
    if not isinstance(stated, str):
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(stated)
    except ValueError:
        return None


# Streams --------------------------------------------------------------------------------------------

_WHOLE = {"chat.completion", "response", "text_completion", "message", "list", "realtime.response"}


def _read_chunks(chunks: list[Any]) -> Usage:
    """The usage of a streamed response: the last statement of each figure, or the sum where chunks state shares."""
    parts = [_Part(chunk) for chunk in chunks]
    stating = [part for part in parts if part.shape is not None]
    if not stating:
        kinds = ", ".join(dict.fromkeys(_seen(chunk) for chunk in chunks[-3:])) or "no chunks"
        raise UsageError(
            f"no usage is stated in a stream of {len(chunks)} chunks (the last: {kinds}); OpenAI's chat completions "
            'state it with stream_options={"include_usage": True}'
        )
    _check_single(stating)
    if any(part.shape is not None and part.shape.name != "InvokeModel metrics" for part in stating):
        stating = [part for part in stating if part.shape is not None and part.shape.name != "InvokeModel metrics"]
    shapes = {part.shape.name: part.shape for part in stating if part.shape is not None}
    if len(shapes) > 1 and "message" in shapes:  # its closing event may state the output alone
        shapes = {"message": shapes["message"]}
    if len(shapes) > 1:
        raise UsageError(f"the chunks state usage in different forms: {', '.join(shapes)}")
    shape = next(iter(shapes.values()))
    if get(stating[0].item, "usage_metadata.input_tokens") is not None:  # LangChain's chunks state shares
        total = sum((_usage(shape, part.stated, [part]) for part in stating), Usage())
        info = _usage(shape, stating[0].stated, parts).response
        return _with_response(total, info)
    merged: dict[str, Any] = {}
    for part in stating:
        _merge(merged, _as_dict(part.stated))
    return _usage(shape, merged, parts)


def _with_response(usage: Usage, info: ResponseInfo | None) -> Usage:
    values: dict[str, Any] = {**usage.stated(), "calls": 1}
    return Usage(**values, response=info)


def _check_single(parts: list[_Part]) -> None:
    """Refuse a list of whole responses: each has its own model and price."""
    ids = {get(part.item, "id") for part in parts if (get(part.item, "object") or get(part.item, "type")) in _WHOLE}
    if len(ids) > 1 or len([part for part in parts if part.tier == "batch"]) > 1:
        raise UsageError(
            f"these are {max(len(ids), 2)} responses, not chunks of one: read each with Usage.from_response() and "
            "add the usages, or price each and add the costs"
        )


def _merge(merged: dict[str, Any], stated: Mapping[str, Any]) -> None:
    for key, value in stated.items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), dict):
            _merge(merged[key], value)
        elif value is not None:
            merged[key] = dict(value) if isinstance(value, Mapping) else value
