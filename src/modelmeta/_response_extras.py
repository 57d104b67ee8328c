"""What a table cannot say about a form of usage: lists of modalities, tool calls, counts that need a second look."""

from __future__ import annotations

from ._response_access import first, get, items_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    Extra: TypeAlias = Callable[[Any, list[Any], Mapping[str, Any], list[str]], dict[str, Any]]

__all__ = ["extras"]


def extras(shape: str, stated: Any, items: list[Any], counts: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """Counts and options of a response beside those of the tables; may add to ``notes``.

    ``stated`` is the usage object, ``items`` the response or the chunks of one, and ``counts`` what is known so far.
    """
    special = _EXTRAS.get(shape)
    return special(stated, items, counts, notes) if special is not None else {}


def _chat(stated: Any, _items: list[Any], counts: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if counts.get("input_seconds"):
        found["input_audio_tokens"] = None  # the same audio a second time; it is billed by its length
    size = get(stated, "search_context_size")
    if isinstance(size, str):
        found["context_size"] = size
        if not counts.get("web_searches"):
            found["requests"] = 1
    sources = get(stated, "num_sources_used")
    if isinstance(sources, int) and sources:
        notes.append(f"{sources:,} live-search sources are billed apart and not counted")
    return found


def _message(stated: Any, _items: list[Any], counts: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    geography = get(stated, "inference_geo")
    if isinstance(geography, str) and geography not in {"global", "not_available", ""}:
        found["region"] = geography
    for step in items_of(stated, "iterations"):
        kind = get(step, "type")
        if kind == "compaction":  # billed, and not in the totals
            for ours, theirs in _ITERATION.items():
                found[ours] = (found.get(ours, counts.get(ours)) or 0) + (get(step, theirs) or 0)
        elif kind == "advisor_message":
            notes.append("the tokens of an advisor are billed at its own model's price and not counted")
    return found


_ITERATION = {
    "input_tokens": "input_tokens",
    "cached_input_tokens": "cache_read_input_tokens",
    "cache_write_tokens": "cache_creation_input_tokens",
    "cache_write_1h_tokens": "cache_creation.ephemeral_1h_input_tokens",
    "output_tokens": "output_tokens",
}


def _response(stated: Any, items: list[Any], counts: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """OpenAI's responses, and what shares their counts: images, speech, transcripts, LangChain, batches."""
    found: dict[str, Any] = {}
    item = items[-1]
    kind = str(get(item, "type") or "")
    if kind.startswith("speech.audio"):
        found["output_audio_tokens"] = counts.get("output_tokens")
    elif _is_image(item, stated):
        text = get(stated, "output_tokens_details.text_tokens") or 0
        found["output_image_tokens"] = (counts.get("output_tokens") or 0) - text
        for option in ("size", "quality"):
            if isinstance(get(item, option), str):
                found[option] = get(item, option)
    elif kind.startswith("transcript") or get(stated, "type") == "tokens":
        found["input_audio_tokens"] = get(stated, "input_token_details.audio_tokens")
    for part in items:
        _tool_calls(items_of(part, "output"), counts, found, notes)
    return found


def _is_image(item: Any, stated: Any) -> bool:
    return str(get(item, "type") or "").startswith("image_") or bool(
        items_of(item, "data") and get(stated, "input_tokens_details.image_tokens") is not None
    )


def _tool_calls(output: list[Any], counts: Mapping[str, Any], found: dict[str, Any], notes: list[str]) -> None:
    """Calls of built-in tools, which a response lists among its output and not in its usage."""
    calls = [(get(part, "type"), part) for part in output]
    searches = [part for kind, part in calls if kind == "web_search_call" and _is_search(part)]
    files = [part for kind, part in calls if kind == "file_search_call"]
    containers = {get(part, "container_id") for kind, part in calls if kind == "code_interpreter_call"}
    for count, made in (("web_searches", searches), ("file_searches", files), ("code_sessions", containers)):
        if made and not counts.get(count):
            found[count] = len(made)
    if containers:
        notes.append("code_sessions: a container that an earlier response opened is billed only once")
    if any(kind == "image_generation_call" for kind, _ in calls):
        notes.append("images made by the image generation tool are billed at the image model's price and not counted")


def _is_search(call: Any) -> bool:
    """Whether a call searched; to open a page or look in it is not billed."""
    return get(call, "action.type") in (None, "search") and get(call, "status") != "failed"


def _gemini(stated: Any, items: list[Any], counts: Mapping[str, Any], _notes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    tools = first(stated, ("toolUsePromptTokenCount", "tool_use_prompt_token_count"))
    if tools:
        found["input_tokens"] = (counts.get("input_tokens") or 0) + tools
    for name, paths in _MODALITIES.items():
        for path in paths:
            for part in items_of(stated, path):
                side = str(getattr(get(part, "modality"), "value", get(part, "modality"))).lower()
                count = f"{name}_{side}_tokens"
                if side in {"audio", "image", "video"} and count in _COUNTED_APART:
                    tokens = first(part, ("tokenCount", "token_count")) or 0
                    found[count] = found.get(count, 0) + tokens
    queries = [query for item in items for query in _searches(item)]
    if queries:
        found["web_searches"] = len(queries)
        found["grounded_prompts"] = 1
    return found


_MODALITIES = {
    "input": (
        "promptTokensDetails",
        "prompt_tokens_details",
        "toolUsePromptTokensDetails",
        "tool_use_prompt_tokens_details",
    ),
    "cached_input": ("cacheTokensDetails", "cache_tokens_details"),
    "output": (
        "candidatesTokensDetails",
        "candidates_tokens_details",
        "responseTokensDetails",
        "response_tokens_details",
    ),
}

_COUNTED_APART = {
    f"{name}_{side}_tokens" for name in ("input", "cached_input", "output") for side in ("audio", "image", "video")
}


def _searches(item: Any) -> list[Any]:
    """The queries with which a Gemini answer was grounded."""
    found: list[Any] = []
    for candidate in items_of(item, "candidates"):
        grounding = first(candidate, ("groundingMetadata", "grounding_metadata"))
        found += items_of(grounding, "webSearchQueries") or items_of(grounding, "web_search_queries")
    return [query for query in found if query]


def _converse(stated: Any, _items: list[Any], _counts: Mapping[str, Any], _notes: list[str]) -> dict[str, Any]:
    hour = sum(get(part, "inputTokens") or 0 for part in items_of(stated, "cacheDetails") if get(part, "ttl") == "1h")
    return {"cache_write_1h_tokens": hour} if hour else {}


def _titan(_stated: Any, items: list[Any], _counts: Mapping[str, Any], _notes: list[str]) -> dict[str, Any]:
    results = [get(result, "tokenCount") or 0 for result in items_of(items[-1], "results")]
    return {"output_tokens": sum(results)} if results else {}


_EXTRAS: Mapping[str, Extra] = {
    "chat completion": _chat,
    "message": _message,
    "response": _response,
    "Gemini response": _gemini,
    "Converse response": _converse,
    "Titan response": _titan,
}
