"""What can be counted and billed: every usage count, what it is part of, and which price pays for it.

A price is stated for a *component* (``cached_input``) in a *unit* (``1M tokens``); usage is a set of *counts*
(``cached_input_tokens``). These tables are the only place that knows how they go together.
"""

from __future__ import annotations

__all__ = ["AFFECTS", "BUCKETS", "CONTINUOUS", "COUNTS", "PARTS", "TIERLESS", "TOKENS", "UNITS", "count_of"]

_TOKENS = (
    "input cached_input cache_write cache_write_1h input_audio cached_input_audio input_image cached_input_image "
    "input_video cached_input_video output reasoning output_audio output_image output_video citation training"
)

COUNTS: dict[str, tuple[str, str]] = {
    **{f"{component}_tokens": (component, "token") for component in _TOKENS.split()},
    "cache_storage_token_hours": ("cache_storage", "token-hour"),
    "training_hours": ("training", "hour"),
    "characters": ("characters", "character"),
    "images": ("images", "image"),
    "image_edits": ("image_edits", "image"),
    "input_images": ("input_image", "image"),
    "megapixels": ("megapixels", "megapixel"),
    "steps": ("steps", "step"),
    "seconds": ("seconds", "second"),
    "input_seconds": ("input_seconds", "second"),
    "output_seconds": ("output_seconds", "second"),
    "videos": ("videos", "video"),
    "frames": ("frames", "frame"),
    "songs": ("songs", "song"),
    "pages": ("pages", "page"),
    "annotated_pages": ("annotated_pages", "page"),
    "requests": ("requests", "request"),
    "web_searches": ("web_searches", "search"),
    "x_searches": ("x_searches", "search"),
    "file_searches": ("file_searches", "search"),
    "map_searches": ("map_searches", "search"),
    "rerank_searches": ("rerank_searches", "search"),
    "grounded_prompts": ("grounded_prompts", "request"),
    "url_fetches": ("url_fetches", "request"),
    "code_sessions": ("code_sessions", "session"),
    "code_hours": ("code_hours", "hour"),
    "storage_gb_days": ("storage_gb_days", "GB-day"),
    "instance_hours": ("instance_hours", "instance-hour"),
    "instance_months": ("instance_hours", "instance-month"),
}
"""Every count: the component whose price it pays, and what it counts."""

CONTINUOUS = frozenset(
    "seconds input_seconds output_seconds megapixels code_hours training_hours instance_hours instance_months "
    "storage_gb_days cache_storage_token_hours".split()
)
"""The counts that measure rather than count, and so need not be whole."""

UNITS: dict[str, dict[str, int]] = {
    "1M tokens": {"token": 1_000_000},
    "1M token-hours": {"token-hour": 1_000_000},
    "1M characters": {"character": 1_000_000},
    "image": {"image": 1},
    "megapixel": {"megapixel": 1},
    "step": {"step": 1},
    "second": {"second": 1},
    "minute": {"second": 60},
    "hour": {"second": 3600, "hour": 1},
    "video": {"video": 1},
    "frame": {"frame": 1},
    "song": {"song": 1},
    "page": {"page": 1},
    "request": {"request": 1, "search": 1, "session": 1},
    "search": {"search": 1, "request": 1},
    "session": {"session": 1},
    "GB-day": {"GB-day": 1},
    "instance-hour": {"instance-hour": 1},
    "instance-month": {"instance-month": 1},
}
"""How many of what a unit holds."""

_PLAIN: dict[str, dict[str, str]] = {
    "character": {"": "characters"},
    "image": {"": "images", "input": "input_images"},
    "megapixel": {"": "megapixels"},
    "page": {"": "pages"},
    "request": {"": "requests"},
    "second": {"": "seconds", "input": "input_seconds", "output": "output_seconds"},
    "step": {"": "steps"},
    "video": {"": "videos"},
    "frame": {"": "frames"},
    "instance-hour": {"": "instance_hours"},
}
"""The count that a price pays when its component is usually counted in something else (``input`` by character)."""

PARTS: dict[str, tuple[str, ...]] = {
    "input_tokens": (
        "cached_input_tokens",
        "cache_write_tokens",
        "cache_write_1h_tokens",
        "input_audio_tokens",
        "input_image_tokens",
        "input_video_tokens",
    ),
    "cached_input_tokens": ("cached_input_audio_tokens", "cached_input_image_tokens", "cached_input_video_tokens"),
    "input_audio_tokens": ("cached_input_audio_tokens",),
    "input_image_tokens": ("cached_input_image_tokens",),
    "input_video_tokens": ("cached_input_video_tokens",),
    "output_tokens": ("reasoning_tokens", "output_audio_tokens", "output_image_tokens", "output_video_tokens"),
}
"""What each total includes. Cached audio is part of the cached and of the audio input, and counts once in the input."""

TOKENS = frozenset(f"{component}_tokens" for component in _TOKENS.split())
"""The counts of tokens that a request sends or gets."""

TIERLESS = frozenset(
    "web_searches x_searches file_searches map_searches grounded_prompts url_fetches code_sessions code_hours "
    "storage_gb_days".split()
)
"""Tools and storage: a service tier reprices the model, not the tools it calls, so their standard price holds."""


BUCKETS: dict[str, dict[str, int]] = {total: {total: 1, **dict.fromkeys(parts, -1)} for total, parts in PARTS.items()}
"""The exclusive share of each total, as a sum of counts: what is left when its parts are taken out of it.

A count that is no total is its own share.
"""
for _shared in PARTS["cached_input_tokens"]:
    BUCKETS["input_tokens"][_shared] = 1  # taken out twice: with the cached input and with its modality

AFFECTS: dict[str, list[tuple[str, int]]] = {count: [] if count in BUCKETS else [(count, 1)] for count in COUNTS}
"""Which shares one more of each count makes larger or smaller."""
for _total, _form in BUCKETS.items():
    for _count, _sign in _form.items():
        AFFECTS[_count].append((_total, _sign))


def _sides() -> dict[tuple[str, str], tuple[str, int]]:
    table: dict[tuple[str, str], tuple[str, int]] = {}
    for count, (component, counted) in COUNTS.items():
        for unit, holds in UNITS.items():
            if counted in holds:
                table.setdefault((component, unit), (count, holds[counted]))
    return table


_SIDES = _sides()
_COUNT_OF = {**_SIDES}
"""The sides, and what ``count_of`` was asked besides."""


def components_of(unit: str) -> tuple[str, ...]:
    """The components that have a price per ``unit``.

    >>> components_of("minute")
    ('input_seconds', 'output_seconds', 'seconds')
    """
    return tuple(sorted(component for component, per in _SIDES if per == unit))


def count_of(component: str, unit: str) -> tuple[str, int] | None:
    """The count that a price of ``component`` per ``unit`` pays, and how many of it a unit holds; or ``None``.

    >>> count_of("cached_input", "1M tokens"), count_of("input_audio", "minute")
    (('cached_input_tokens', 1000000), ('input_seconds', 60))
    """
    found = _COUNT_OF.get((component, unit))
    if found is None:
        for counted, size in UNITS.get(unit, {}).items():
            plain = _PLAIN.get(counted)
            if plain is not None:
                side = component.partition("_")[0]
                found = plain.get(side, plain[""]), size
                break
        if found is not None:
            _COUNT_OF[component, unit] = found
    return found
