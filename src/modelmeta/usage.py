"""What one request used: exact counts under plain names, and how to read them out of any provider's response."""

from __future__ import annotations

from ._record import Record
from .components import BUCKETS, COUNTS, PARTS
from .errors import UsageError
from .pricing import OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from typing import Any, TypeAlias

    from ._usage_counts import Measure

    Checks: TypeAlias = "tuple[tuple[str, str, tuple[str, ...]], ...]"

__all__ = ["ResponseInfo", "Usage", "check_counts", "checks_of"]

_SWITCHES = frozenset({"fine_tuned", "thinking", "with_audio"})


class ResponseInfo(Record):
    """What a response says beside its counts: who answered, in which service tier, and when.

    ``shape`` names the kind of response that was recognised. ``at`` is in UTC. ``notes`` says what the response
    also reports that its price cannot include. What the response does not state is ``None``.

    >>> from modelmeta import Usage
    >>> body = {
    ...     "object": "chat.completion",
    ...     "created": 1_760_000_000,
    ...     "model": "gpt-4.1-mini-2025-04-14",
    ...     "service_tier": "default",
    ...     "usage": {"prompt_tokens": 50, "completion_tokens": 20},
    ... }
    >>> said = Usage.from_response(body).response
    >>> said.model, said.tier, said.at.isoformat()
    ('gpt-4.1-mini-2025-04-14', 'standard', '2025-10-09T08:53:20+00:00')
    """

    shape: str
    model: str | None = None
    provider: str | None = None
    tier: str | None = None
    at: datetime | None = None
    notes: tuple[str, ...] = ()


class Usage(Record):
    """Counts of what was used, all zero unless said; adding two gives the counts of both.

    ``input_tokens`` is everything that went in: cached and cache-written tokens, audio and images are parts of it.
    ``output_tokens`` is everything that came out, reasoning included. A part larger than its whole is refused.
    ``cache_write_tokens`` are kept five minutes (or however long a provider with one kind of write keeps them),
    ``cache_write_1h_tokens`` an hour. Cached audio counts in ``cached_input_tokens``, in ``input_audio_tokens``
    and in ``cached_input_audio_tokens``. Counts are whole numbers; what is measured (``seconds``, ``code_hours``,
    ``megapixels`` …) may be a fraction, and a float means the decimal number it prints as.

    ``region``, ``size``, ``quality``, ``resolution``, ``context_size``, ``modality``, ``fine_tuned``, ``thinking``,
    ``with_audio`` and ``variant`` say what kind of request it was, where a price depends on it. ``calls`` is how
    many requests the counts are the sum of, and ``response`` what the response said beside them.

    Raises ``UsageError`` (a ``ValueError``) naming the count that is not one.

    >>> from modelmeta import Usage
    >>> Usage(input_tokens=1_000, cached_input_tokens=800) + Usage(input_tokens=500, output_tokens=40)
    Usage(input_tokens=1500, cached_input_tokens=800, output_tokens=40, calls=2)
    """

    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    input_audio_tokens: int = 0
    cached_input_audio_tokens: int = 0
    input_image_tokens: int = 0
    cached_input_image_tokens: int = 0
    input_video_tokens: int = 0
    cached_input_video_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    output_audio_tokens: int = 0
    output_image_tokens: int = 0
    output_video_tokens: int = 0
    citation_tokens: int = 0
    training_tokens: int = 0
    cache_storage_token_hours: Measure = 0
    training_hours: Measure = 0
    characters: int = 0
    images: int = 0
    image_edits: int = 0
    input_images: int = 0
    megapixels: Measure = 0
    steps: int = 0
    seconds: Measure = 0
    input_seconds: Measure = 0
    output_seconds: Measure = 0
    videos: int = 0
    frames: int = 0
    songs: int = 0
    pages: int = 0
    annotated_pages: int = 0
    requests: int = 0
    web_searches: int = 0
    x_searches: int = 0
    file_searches: int = 0
    map_searches: int = 0
    rerank_searches: int = 0
    grounded_prompts: int = 0
    url_fetches: int = 0
    code_sessions: int = 0
    code_hours: Measure = 0
    storage_gb_days: Measure = 0
    instance_hours: Measure = 0
    instance_months: Measure = 0
    calls: int = 1
    region: str | None = None
    size: str | None = None
    quality: str | None = None
    resolution: str | None = None
    context_size: str | None = None
    modality: str | None = None
    fine_tuned: bool = False
    thinking: bool | None = None
    with_audio: bool | None = None
    variant: str | None = None
    response: ResponseInfo | None = None

    if not TYPE_CHECKING:

        def __init__(self, *, response: ResponseInfo | None = None, **values: object) -> None:
            if response is not None and response.__class__ is not ResponseInfo:
                raise UsageError(
                    f"response= is what Usage.from_response() found, not a {type(response).__name__}; "
                    "read a response with Usage.from_response(response)"
                )
            object.__setattr__(self, "response", response)
            object.__setattr__(self, "_raw", check_counts(values))

    @classmethod
    def from_response(cls, response: object) -> Usage:
        """The usage that a provider's response states, with its model, service tier and time in ``.response``.

        ``response`` is the object of a provider's SDK, its parsed JSON, or the chunks of a stream (any iterable of
        either). Understood are OpenAI's chat completions, responses, embeddings, images, audio, video, batch lines
        and realtime events and all that copy them (Azure, Mistral, DeepSeek, xAI, Groq, OpenRouter, Together,
        Perplexity …), Anthropic messages, Gemini and Vertex, Bedrock's Converse and InvokeModel, Cohere, LangChain
        messages, LiteLLM, and OpenTelemetry's ``gen_ai.usage.*`` attributes.

        Raises ``UsageError`` that says what was seen, if it states no usage that is understood.

        >>> from modelmeta import Usage
        >>> stated = {"input_tokens": 50, "cache_read_input_tokens": 900, "output_tokens": 20}
        >>> usage = Usage.from_response({"type": "message", "model": "claude-sonnet-4-5", "usage": stated})
        >>> usage.input_tokens, usage.response.model
        (950, 'claude-sonnet-4-5')
        """
        from ._responses import read

        return read(response)

    def __add__(self, other: Usage | int) -> Usage:
        if not isinstance(other, Usage):
            return self if other.__class__ is int and other == 0 else NotImplemented
        ours, theirs = dict(self._counts()), dict(other._counts())
        for option in OPTIONS:
            if ours and theirs and getattr(self, option) != getattr(other, option):
                raise UsageError(
                    f"cannot add usage of {option}={getattr(self, option)!r} and {option}={getattr(other, option)!r}, "
                    "whose prices may differ: compute each cost and add the costs"
                )
        total: dict[str, Any] = {option: getattr(self, option) for option in OPTIONS}
        for count in (*ours, *theirs):
            total[count] = ours.get(count, 0) + theirs.get(count, 0)
        if not ours or not theirs:
            return self if ours else other
        response = self.response if self.response == other.response else None
        return Usage(**total, calls=self.calls + other.calls, response=response)

    __radd__ = __add__

    def stated(self) -> Mapping[str, Any]:
        """What was said, by name: the counts that are not zero and the options that are set."""
        return _read_only(self._raw)

    def _counts(self) -> Iterator[tuple[str, Any]]:
        """The counts that are not zero."""
        return ((count, value) for count, value in self._raw.items() if count in COUNTS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Usage) and self._raw == other._raw and self.response == other.response

    def __hash__(self) -> int:
        return hash((frozenset(self._raw.items()), self.response))

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (dict(self._raw), self.response)

    if TYPE_CHECKING:

        @property
        def _raw(self) -> Mapping[str, Any]: ...


_read_only: Callable[[Mapping[str, Any]], Mapping[str, Any]] = type(object.__dict__)


def _remake(values: dict[str, Any], response: ResponseInfo | None) -> Usage:
    return Usage(**values, response=response)


def check_counts(values: Mapping[str, object]) -> dict[str, Any]:
    """``values`` as exact numbers, zeros and unset options left out.

    Raises ``UsageError`` for a name that is no count, a value that cannot be one, and parts larger than their whole.
    """
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name in COUNTS:
            number: Any = value
            if number.__class__ is not int or number < 0:
                from ._usage_values import number_of

                number = number_of(name, number)
            if number:
                checked[name] = number
        elif name == "calls":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise UsageError(f"calls must be a whole number of at least 1, not {value!r}")
            if value != 1:
                checked[name] = value
        elif name in OPTIONS:
            if value is not None and _option(name, value) is not (False if name == "fine_tuned" else None):
                checked[name] = value
        else:
            from ._usage_values import unknown_count

            raise unknown_count(name)
    _check_parts(checked)
    return checked


def _option(name: str, value: object) -> object:
    wanted = bool if name in _SWITCHES else str
    if value.__class__ is not wanted:
        raise UsageError(f"{name} must be {'True or False' if wanted is bool else 'a string'}, not {value!r}")
    return value


_CHECKS: dict[tuple[str, ...], Checks] = {}
_MOST_CHECKS = 1_024


def checks_of(names: tuple[str, ...]) -> Checks | None:
    """For the names of counts in the order given: which of them are totals, and their first and other parts.

    The counts do not contradict each other if no total is less than its parts. ``None`` where that does not tell:
    a part is stated without its total, or the parts overlap.
    """
    found = _CHECKS.get(names)
    if found is None and not any(name in names for name in PARTS["cached_input_tokens"]):
        stated = {total: [part for part in parts if part in names] for total, parts in PARTS.items()}
        if all(total in names for total, parts in stated.items() if parts):
            found = tuple([(total, parts[0], tuple(parts[1:])) for total, parts in stated.items() if parts])
            if len(_CHECKS) < _MOST_CHECKS:
                _CHECKS[names] = found
    return found


def _check_parts(counts: Mapping[str, Any]) -> None:
    checks = checks_of(tuple(counts))
    if checks is not None:
        for total, part, others in checks:
            left = counts[total] - counts[part]
            for other in others:
                left -= counts[other]
            if left < 0:
                break
        else:
            return
    for total, parts in PARTS.items():
        stated = [part for part in parts if part in counts]
        if stated and sum(sign * counts.get(count, 0) for count, sign in BUCKETS[total].items()) < 0:
            from ._usage_values import too_small

            raise too_small(total, stated, counts)
