"""The keyword arguments that are counts and options, for type checkers alone."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from typing_extensions import TypedDict

__all__ = ["Measure", "OtherCounts", "UsageCounts", "UsageOptions"]

Measure: TypeAlias = int | float | Decimal


class UsageOptions(TypedDict, total=False):
    """What kind of request it was, where a price depends on it."""

    region: str | None
    size: str | None
    quality: str | None
    resolution: str | None
    context_size: str | None
    modality: str | None
    fine_tuned: bool
    thinking: bool | None
    with_audio: bool | None
    variant: str | None


class OtherCounts(UsageOptions, total=False):
    """The keyword arguments of ``compute_cost`` beside the three counts that most requests have."""

    cache_write_tokens: int
    cache_write_1h_tokens: int
    input_audio_tokens: int
    cached_input_audio_tokens: int
    input_image_tokens: int
    cached_input_image_tokens: int
    input_video_tokens: int
    cached_input_video_tokens: int
    reasoning_tokens: int
    output_audio_tokens: int
    output_image_tokens: int
    output_video_tokens: int
    citation_tokens: int
    training_tokens: int
    cache_storage_token_hours: Measure
    training_hours: Measure
    characters: int
    images: int
    image_edits: int
    input_images: int
    megapixels: Measure
    steps: int
    seconds: Measure
    input_seconds: Measure
    output_seconds: Measure
    videos: int
    frames: int
    songs: int
    pages: int
    annotated_pages: int
    requests: int
    web_searches: int
    x_searches: int
    file_searches: int
    map_searches: int
    rerank_searches: int
    grounded_prompts: int
    url_fetches: int
    code_sessions: int
    code_hours: Measure
    storage_gb_days: Measure
    instance_hours: Measure
    instance_months: Measure
    calls: int


class UsageCounts(OtherCounts, total=False):
    """The keyword arguments of :class:`Usage`."""

    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
