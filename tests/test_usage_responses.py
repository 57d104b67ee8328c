"""Usage out of the responses of every provider: minimal bodies, written after each provider's documentation."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from modelmeta import PriceNotPublishedError, UsageError
from modelmeta._response_shapes import SHAPES
from modelmeta.cost import compute_cost
from modelmeta.usage import Usage
from tests.price_lists import model, rate, rates

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
NOON_UNIX = 1_772_366_400


def chat(model: str, usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": NOON_UNIX,
        "model": model,
        "choices": [],
        "usage": usage,
        **more,
    }


def responses(usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": NOON_UNIX,
        "model": "gpt-5.4-2026-03-05",
        "output": [],
        "usage": usage,
        **more,
    }


OPENAI_CHAT = chat(
    "gpt-4o-audio-preview-2024-12-17",
    {
        "prompt_tokens": 1_000,
        "completion_tokens": 200,
        "total_tokens": 1_200,
        "prompt_tokens_details": {"cached_tokens": 300, "audio_tokens": 100, "cache_write_tokens": 50},
        "completion_tokens_details": {
            "reasoning_tokens": 40,
            "audio_tokens": 60,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    },
    service_tier="default",
)

OPENAI_RESPONSE = responses(
    {
        "input_tokens": 5_000,
        "input_tokens_details": {"cached_tokens": 4_000, "cache_write_tokens": 500},
        "output_tokens": 900,
        "output_tokens_details": {"reasoning_tokens": 700},
        "total_tokens": 5_900,
    },
    service_tier="priority",
    output=[
        {"type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "a"}},
        {"type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "b"}},
        {"type": "web_search_call", "status": "completed", "action": {"type": "open_page", "url": "https://a.example"}},
        {"type": "web_search_call", "status": "failed", "action": {"type": "search", "query": "c"}},
        {"type": "file_search_call", "status": "completed", "queries": ["d"]},
        {"type": "code_interpreter_call", "status": "completed", "container_id": "cntr_1"},
        {"type": "code_interpreter_call", "status": "completed", "container_id": "cntr_1"},
        {"type": "image_generation_call", "status": "completed", "result": "…"},
        {"type": "message", "content": []},
    ],
)

REALTIME_DONE = {
    "type": "response.done",
    "event_id": "event_1",
    "response": {
        "id": "resp_1",
        "object": "realtime.response",
        "status": "completed",
        "usage": {
            "total_tokens": 1_100,
            "input_tokens": 1_000,
            "output_tokens": 100,
            "input_token_details": {
                "text_tokens": 300,
                "audio_tokens": 600,
                "image_tokens": 100,
                "cached_tokens": 350,
                "cached_tokens_details": {"text_tokens": 100, "audio_tokens": 200, "image_tokens": 50},
            },
            "output_token_details": {"text_tokens": 30, "audio_tokens": 70},
        },
    },
}

ANTHROPIC = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [],
    "usage": {
        "input_tokens": 4_000,
        "cache_read_input_tokens": 10_000,
        "cache_creation_input_tokens": 6_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 4_000, "ephemeral_1h_input_tokens": 2_000},
        "output_tokens": 1_000,
        "output_tokens_details": {"thinking_tokens": 300},
        "server_tool_use": {"web_search_requests": 3, "web_fetch_requests": 1},
        "service_tier": "standard",
        "inference_geo": "not_available",
    },
}
ANTHROPIC_COUNTS = {
    "input_tokens": 20_000,
    "cached_input_tokens": 10_000,
    "cache_write_tokens": 4_000,
    "cache_write_1h_tokens": 2_000,
    "output_tokens": 1_000,
    "reasoning_tokens": 300,
    "web_searches": 3,
}

GEMINI = {
    "candidates": [{"content": {"parts": []}, "groundingMetadata": {"webSearchQueries": ["a", "b", ""]}}],
    "usageMetadata": {
        "promptTokenCount": 1_000,
        "cachedContentTokenCount": 400,
        "candidatesTokenCount": 50,
        "thoughtsTokenCount": 200,
        "toolUsePromptTokenCount": 80,
        "totalTokenCount": 1_330,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 500},
            {"modality": "AUDIO", "tokenCount": 300},
            {"modality": "VIDEO", "tokenCount": 150},
            {"modality": "DOCUMENT", "tokenCount": 50},
        ],
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 300}, {"modality": "AUDIO", "tokenCount": 100}],
        "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 50}],
        "serviceTier": "flex",
    },
    "modelVersion": "gemini-2.5-flash",
    "createTime": "2026-03-01T12:00:00.123456789Z",
}
GEMINI_COUNTS = {
    "input_tokens": 1_080,
    "cached_input_tokens": 400,
    "input_audio_tokens": 300,
    "cached_input_audio_tokens": 100,
    "input_video_tokens": 150,
    "output_tokens": 250,
    "reasoning_tokens": 200,
    "web_searches": 2,
    "grounded_prompts": 1,
}

CONVERSE = {
    "ResponseMetadata": {"HTTPHeaders": {"date": "Sun, 01 Mar 2026 12:00:00 GMT"}, "HTTPStatusCode": 200},
    "output": {"message": {"role": "assistant", "content": []}},
    "stopReason": "end_turn",
    "usage": {
        "inputTokens": 100,
        "outputTokens": 50,
        "totalTokens": 1_850,
        "cacheReadInputTokens": 1_000,
        "cacheWriteInputTokens": 700,
        "cacheDetails": [{"ttl": "1h", "inputTokens": 200}, {"ttl": "5m", "inputTokens": 500}],
    },
    "serviceTier": {"type": "priority"},
}

TELEMETRY = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "aws.bedrock",
    "gen_ai.request.model": "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.cache_read.input_tokens": 600,
    "gen_ai.usage.cache_creation.input_tokens": 200,
    "gen_ai.usage.output_tokens": 70,
    "gen_ai.usage.reasoning.output_tokens": 20,
}

LANGCHAIN = {
    "content": "…",
    "response_metadata": {"model_name": "claude-sonnet-4-5-20250929", "model_provider": "anthropic"},
    "usage_metadata": {
        "input_tokens": 20_000,
        "output_tokens": 1_000,
        "total_tokens": 21_000,
        "input_token_details": {
            "cache_read": 10_000,
            "cache_creation": 0,
            "ephemeral_5m_input_tokens": 4_000,
            "ephemeral_1h_input_tokens": 2_000,
        },
        "output_token_details": {"reasoning": 300},
    },
}

CASES: list[tuple[str, Any, dict[str, Any], dict[str, Any]]] = [
    (
        "OpenAI chat completion",
        OPENAI_CHAT,
        {
            "input_tokens": 1_000, "cached_input_tokens": 300, "cache_write_tokens": 50, "input_audio_tokens": 100,
            "output_tokens": 200, "reasoning_tokens": 40, "output_audio_tokens": 60,
        },
        {"model": "gpt-4o-audio-preview-2024-12-17", "tier": "standard", "at": NOON, "provider": None},
    ),
    (
        "OpenAI response",
        OPENAI_RESPONSE,
        {
            "input_tokens": 5_000, "cached_input_tokens": 4_000, "cache_write_tokens": 500, "output_tokens": 900,
            "reasoning_tokens": 700, "web_searches": 2, "file_searches": 1, "code_sessions": 1,
        },
        {"model": "gpt-5.4-2026-03-05", "tier": "priority", "at": NOON},
    ),
    (
        "OpenAI embeddings",
        {"object": "list", "data": [{"embedding": []}], "model": "text-embedding-3-small", "usage": {"prompt_tokens": 8, "total_tokens": 8}},
        {"input_tokens": 8},
        {"model": "text-embedding-3-small"},
    ),
    (
        "embeddings with a total alone",
        {"object": "list", "data": [], "model": "voyage-3.5", "usage": {"total_tokens": 10}},
        {"input_tokens": 10},
        {"model": "voyage-3.5"},
    ),
    (
        "OpenAI image by tokens",
        {
            "created": NOON_UNIX, "data": [{"b64_json": "…"}], "size": "1024x1024", "quality": "high", "background": "opaque",
            "usage": {
                "total_tokens": 322, "input_tokens": 50, "output_tokens": 272,
                "input_tokens_details": {"text_tokens": 10, "image_tokens": 40},
            },
        },
        {
            "input_tokens": 50, "input_image_tokens": 40, "output_tokens": 272, "output_image_tokens": 272,
            "size": "1024x1024", "quality": "high",
        },
        {"model": None, "at": NOON},
    ),
    (
        "OpenAI image by piece",
        {"created": NOON_UNIX, "data": [{"url": "https://a.example/1"}, {"url": "https://a.example/2"}]},
        {"images": 2},
        {"at": NOON},
    ),
    (
        "OpenAI transcription by duration",
        {"text": "…", "usage": {"type": "duration", "seconds": 9}},
        {"input_seconds": 9},
        {},
    ),
    (
        "OpenAI transcription, verbose, before it stated usage",
        {"task": "transcribe", "language": "english", "duration": 8.47, "text": "…", "segments": []},
        {"input_seconds": Decimal("8.47")},
        {},
    ),
    (
        "OpenAI transcription by tokens",
        {
            "text": "…",
            "usage": {
                "type": "tokens", "input_tokens": 14, "output_tokens": 101, "total_tokens": 115,
                "input_token_details": {"text_tokens": 4, "audio_tokens": 10},
            },
        },
        {"input_tokens": 14, "input_audio_tokens": 10, "output_tokens": 101},
        {},
    ),
    (
        "OpenAI speech event",
        {"type": "speech.audio.done", "usage": {"input_tokens": 14, "output_tokens": 101, "total_tokens": 115}},
        {"input_tokens": 14, "output_tokens": 101, "output_audio_tokens": 101},
        {},
    ),
    (
        "OpenAI video",
        {"id": "video_1", "object": "video", "model": "sora-2", "created_at": NOON_UNIX, "seconds": "8", "size": "720x1280"},
        {"output_seconds": 8, "size": "720x1280"},
        {"model": "sora-2", "at": NOON},
    ),
    (
        "OpenAI realtime event",
        REALTIME_DONE,
        {
            "input_tokens": 1_000, "cached_input_tokens": 350, "input_audio_tokens": 600, "cached_input_audio_tokens": 200,
            "input_image_tokens": 100, "cached_input_image_tokens": 50, "output_tokens": 100, "output_audio_tokens": 70,
        },
        {},
    ),
    (
        "OpenAI batch line",
        {"id": "batch_req_1", "custom_id": "1", "response": {"status_code": 200, "body": OPENAI_CHAT}, "error": None},
        {
            "input_tokens": 1_000, "cached_input_tokens": 300, "cache_write_tokens": 50, "input_audio_tokens": 100,
            "output_tokens": 200, "reasoning_tokens": 40, "output_audio_tokens": 60,
        },
        {"tier": "batch", "model": "gpt-4o-audio-preview-2024-12-17"},
    ),
    (
        "Azure",
        chat("gpt-4.1-mini-2025-04-14", {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}, prompt_filter_results=[]),
        {"input_tokens": 5, "output_tokens": 3},
        {"provider": "azure"},
    ),
    ("Anthropic message", ANTHROPIC, ANTHROPIC_COUNTS, {"model": "claude-sonnet-4-5-20250929", "tier": "standard"}),
    (
        "Anthropic batch line",
        {"custom_id": "1", "result": {"type": "succeeded", "message": ANTHROPIC}},
        ANTHROPIC_COUNTS,
        {"tier": "batch"},
    ),
    (
        "Anthropic in fast mode, in the US, after a compaction and with an advisor",
        {
            "type": "message", "model": "claude-opus-4-6",
            "usage": {
                "input_tokens": 100, "cache_read_input_tokens": 0, "output_tokens": 10, "speed": "fast",
                "service_tier": "standard", "inference_geo": "us",
                "iterations": [
                    {"type": "compaction", "input_tokens": 1_000, "output_tokens": 40},
                    {"type": "message", "input_tokens": 100, "output_tokens": 10},
                    {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 9, "output_tokens": 9},
                ],
            },
        },
        {"input_tokens": 1_100, "output_tokens": 50, "region": "us"},
        {"tier": "fast"},
    ),
    ("Gemini", GEMINI, GEMINI_COUNTS, {"model": "gemini-2.5-flash", "tier": "flex", "at": NOON.replace(microsecond=123456)}),
    ("Gemini batch line", {"key": "1", "response": GEMINI}, GEMINI_COUNTS, {"model": "gemini-2.5-flash"}),
    (
        "Vertex",
        {
            "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15, "trafficType": "ON_DEMAND_PRIORITY"},
            "modelVersion": "gemini-2.5-pro",
        },
        {"input_tokens": 10, "output_tokens": 5},
        {"provider": "google-vertex", "tier": "priority"},
    ),
    (
        "Vertex embeddings",
        {"predictions": [{"embeddings": {"values": [], "statistics": {"token_count": 4}}}, {"embeddings": {"statistics": {"token_count": 6.0}}}]},
        {"input_tokens": 10},
        {},
    ),
    (
        "Bedrock Converse",
        CONVERSE,
        {
            "input_tokens": 1_800, "cached_input_tokens": 1_000, "cache_write_tokens": 500, "cache_write_1h_tokens": 200,
            "output_tokens": 50,
        },
        {"provider": "amazon-bedrock", "tier": "priority", "at": NOON, "model": None},
    ),
    (
        "Bedrock InvokeModel headers",
        {
            "body": object(),
            "ResponseMetadata": {
                "HTTPHeaders": {
                    "date": "Sun, 01 Mar 2026 12:00:00 GMT",
                    "x-amzn-bedrock-input-token-count": "100",
                    "x-amzn-bedrock-output-token-count": "50",
                    "x-amzn-bedrock-cache-read-input-token-count": "1000",
                }
            },
        },
        {"input_tokens": 1_100, "cached_input_tokens": 1_000, "output_tokens": 50},
        {"provider": "amazon-bedrock", "at": NOON},
    ),
    (
        "Bedrock Titan",
        {"inputTextTokenCount": 12, "results": [{"tokenCount": 30, "outputText": "…"}]},
        {"input_tokens": 12, "output_tokens": 30},
        {},
    ),
    (
        "Bedrock Llama",
        {"generation": "…", "prompt_token_count": 12, "generation_token_count": 30, "stop_reason": "stop"},
        {"input_tokens": 12, "output_tokens": 30},
        {},
    ),
    (
        "Mistral",
        chat(
            "mistral-large-2512",
            {"prompt_tokens": 30, "completion_tokens": 7, "total_tokens": 37, "prompt_audio_seconds": {}, "service_tier": "standard"},
        ),
        {"input_tokens": 30, "output_tokens": 7},
        {"tier": "standard"},
    ),
    (
        "Mistral transcription",
        {
            "model": "voxtral-mini-2507", "text": "…",
            "usage": {
                "prompt_tokens": 5, "completion_tokens": 8, "total_tokens": 388, "prompt_audio_seconds": 31,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 375},
            },
        },
        {"input_tokens": 5, "output_tokens": 8, "input_seconds": 31},
        {"model": "voxtral-mini-2507"},
    ),
    (
        "Mistral OCR",
        {"pages": [], "model": "mistral-ocr-2512", "usage_info": {"pages_processed": 12, "pages_processed_annotation": 0, "doc_size_bytes": 5}},
        {"pages": 12},
        {"model": "mistral-ocr-2512"},
    ),
    (
        "Cohere chat",
        {
            "id": "1", "message": {"role": "assistant"}, "finish_reason": "COMPLETE",
            "usage": {"billed_units": {"input_tokens": 17, "output_tokens": 12}, "tokens": {"input_tokens": 83, "output_tokens": 14}},
        },
        {"input_tokens": 17, "output_tokens": 12},
        {},
    ),
    (
        "Cohere rerank",
        {"results": [], "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 2}}},
        {"rerank_searches": 2},
        {},
    ),
    (
        "Cohere embeddings",
        {"embeddings": {}, "meta": {"billed_units": {"input_tokens": 6}}},
        {"input_tokens": 6},
        {},
    ),
    (
        "DeepSeek",
        chat(
            "deepseek-chat",
            {
                "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, "prompt_cache_hit_tokens": 64,
                "prompt_cache_miss_tokens": 36, "completion_tokens_details": {"reasoning_tokens": 12},
            },
        ),
        {"input_tokens": 100, "cached_input_tokens": 64, "output_tokens": 20, "reasoning_tokens": 12},
        {"provider": "deepseek"},
    ),
    (
        "xAI chat, which counts reasoning beside the output",
        chat(
            "grok-4-0709",
            {
                "prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135,
                "prompt_tokens_details": {"text_tokens": 32, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": 6},
                "completion_tokens_details": {"reasoning_tokens": 94, "audio_tokens": 0},
                "num_sources_used": 0,
            },
        ),
        {"input_tokens": 32, "cached_input_tokens": 6, "output_tokens": 103, "reasoning_tokens": 94},
        {"provider": "xai"},
    ),
    (
        "Groq",
        chat(
            "llama-3.3-70b-versatile",
            {"queue_time": 0.03, "prompt_tokens": 18, "prompt_time": 0.01, "completion_tokens": 556, "total_tokens": 574},
            x_groq={"id": "req_1"}, service_tier="on_demand",
        ),
        {"input_tokens": 18, "output_tokens": 556},
        {"provider": "groq", "tier": "standard"},
    ),
    (
        "OpenRouter",
        chat(
            "openai/gpt-4.1-mini",
            {
                "prompt_tokens": 194, "completion_tokens": 2, "total_tokens": 196, "cost": 0.95, "is_byok": False,
                "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 100, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 0, "image_tokens": 0},
                "server_tool_use": {"web_search_requests": 1},
            },
            provider="OpenAI",
        ),
        {"input_tokens": 194, "cache_write_tokens": 100, "output_tokens": 2, "web_searches": 1},
        {"provider": "openrouter", "model": "openai/gpt-4.1-mini"},
    ),
    (
        "Together",
        chat("meta-llama/Llama-3.3-70B-Instruct-Turbo", {"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15, "cached_tokens": 2}),
        {"input_tokens": 11, "cached_input_tokens": 2, "output_tokens": 4},
        {},
    ),
    (
        "Perplexity",
        chat(
            "sonar",
            {
                "prompt_tokens": 8, "completion_tokens": 439, "total_tokens": 447, "search_context_size": "low",
                "cost": {"input_tokens_cost": 0.0, "request_cost": 0.005, "total_cost": 0.005},
            },
        ),
        {"input_tokens": 8, "output_tokens": 439, "requests": 1, "context_size": "low"},
        {"provider": "perplexity"},
    ),
    (
        "Perplexity deep research",
        chat(
            "sonar-deep-research",
            {
                "prompt_tokens": 33, "completion_tokens": 7_163, "total_tokens": 7_196, "citation_tokens": 20_016,
                "num_search_queries": 14, "reasoning_tokens": 73_997, "search_context_size": "low",
            },
        ),
        {
            "input_tokens": 33, "output_tokens": 81_160, "reasoning_tokens": 73_997, "citation_tokens": 20_016,
            "web_searches": 14, "context_size": "low",
        },
        {"provider": "perplexity"},
    ),
    ("LangChain", LANGCHAIN, {name: count for name, count in ANTHROPIC_COUNTS.items() if name != "web_searches"}, {
        "model": "claude-sonnet-4-5-20250929", "provider": "anthropic",
    }),
    (
        "LangChain with the tier in its keys",
        {
            "response_metadata": {"model_name": "gpt-5.4"},
            "usage_metadata": {
                "input_tokens": 100, "output_tokens": 50, "total_tokens": 150,
                "input_token_details": {"flex_cache_read": 40, "flex": 60},
                "output_token_details": {"flex_reasoning": 30, "flex": 20},
            },
        },
        {"input_tokens": 100, "cached_input_tokens": 40, "output_tokens": 50, "reasoning_tokens": 30},
        {"tier": "flex", "model": "gpt-5.4"},
    ),
    (
        "LiteLLM, whose prompt holds what is cached",
        {
            "object": "chat.completion", "created": NOON_UNIX, "model": "claude-sonnet-4-5-20250929",
            "_hidden_params": {"custom_llm_provider": "bedrock"},
            "usage": {
                "prompt_tokens": 20_000, "completion_tokens": 1_000, "total_tokens": 21_000,
                "cache_read_input_tokens": 10_000, "cache_creation_input_tokens": 6_000,
                "prompt_tokens_details": {
                    "cached_tokens": 10_000, "cache_creation_tokens": 6_000,
                    "cache_creation_token_details": {"ephemeral_5m_input_tokens": 4_000, "ephemeral_1h_input_tokens": 2_000},
                },
                "completion_tokens_details": {"reasoning_tokens": 300},
                "server_tool_use": {"web_search_requests": 3},
            },
        },
        ANTHROPIC_COUNTS,
        {"provider": "amazon-bedrock"},
    ),
    (
        "OpenTelemetry",
        TELEMETRY,
        {
            "input_tokens": 1_000, "cached_input_tokens": 600, "cache_write_tokens": 200, "output_tokens": 70,
            "reasoning_tokens": 20,
        },
        {"provider": "amazon-bedrock", "model": "anthropic.claude-sonnet-4-5-20250929-v1:0"},
    ),
    (
        "OpenTelemetry's older names, in a span",
        SimpleNamespace(attributes={
            "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024-08-06",
            "gen_ai.usage.prompt_tokens": 10, "gen_ai.usage.completion_tokens": 4,
            "gen_ai.openai.response.service_tier": "default",
        }),
        {"input_tokens": 10, "output_tokens": 4},
        {"provider": "openai", "model": "gpt-4o-2024-08-06", "tier": "standard"},
    ),
    ("a usage object alone, OpenAI's", OPENAI_CHAT["usage"], {
        "input_tokens": 1_000, "cached_input_tokens": 300, "cache_write_tokens": 50, "input_audio_tokens": 100,
        "output_tokens": 200, "reasoning_tokens": 40, "output_audio_tokens": 60,
    }, {"model": None}),
    ("a usage object alone, Anthropic's", ANTHROPIC["usage"], ANTHROPIC_COUNTS, {"model": None}),
    ("a usage object alone, Gemini's", GEMINI["usageMetadata"], {
        name: count for name, count in GEMINI_COUNTS.items() if name not in {"web_searches", "grounded_prompts"}
    }, {"model": None}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "counts", "info"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_parsed_json(body: Any, counts: dict[str, Any], info: dict[str, Any]) -> None:
    usage = Usage.from_response(body)
    assert dict(usage.stated()) == counts
    assert usage.response is not None
    for name, expected in info.items():
        assert getattr(usage.response, name) == expected, name


def as_object(value: Any) -> Any:
    """What an SDK would make of parsed JSON: attributes all the way down."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name.replace("-", "_"): as_object(item) for name, item in value.items()})
    return [as_object(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        case[1:3]
        for case in CASES
        if isinstance(case[1], dict) and not {"OpenTelemetry", "headers"} & set(case[0].split())
    ],
    ids=[
        case[0]
        for case in CASES
        if isinstance(case[1], dict) and not {"OpenTelemetry", "headers"} & set(case[0].split())
    ],
)
def test_objects_with_attributes(body: Any, counts: dict[str, Any]) -> None:
    assert dict(Usage.from_response(as_object(body)).stated()) == counts


class _Details(BaseModel):
    cached_tokens: int | None = None
    audio_tokens: int | None = None


class _ChatUsage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: _Details | None = None


class _Completion(BaseModel):
    model: str
    created: int
    service_tier: str | None = None
    usage: _ChatUsage | None = None


def test_pydantic_objects() -> None:
    usage = _ChatUsage(
        prompt_tokens=9, completion_tokens=2, total_tokens=11, prompt_tokens_details=_Details(cached_tokens=4)
    )
    read = Usage.from_response(_Completion(model="gpt-4o", created=NOON_UNIX, usage=usage))
    assert dict(read.stated()) == {"input_tokens": 9, "cached_input_tokens": 4, "output_tokens": 2}
    assert read.response is not None
    assert (read.response.model, read.response.at) == ("gpt-4o", NOON)
    chunks = [
        _Completion(model="gpt-4o", created=NOON_UNIX),
        _Completion(model="gpt-4o", created=NOON_UNIX, usage=usage),
    ]
    assert Usage.from_response(chunks) == read
    assert Usage.from_response(iter(chunks)) == read


def test_the_objects_of_google_s_sdk() -> None:
    class Modality(str, Enum):
        AUDIO = "AUDIO"

    @dataclass
    class Count:
        modality: Modality
        token_count: int

    @dataclass
    class Metadata:
        prompt_token_count: int
        candidates_token_count: int
        thoughts_token_count: int | None
        prompt_tokens_details: list[Count]
        traffic_type: Enum | None = None

    @dataclass
    class Response:
        usage_metadata: Metadata
        model_version: str
        create_time: datetime

    metadata = Metadata(10, 5, 3, [Count(Modality.AUDIO, 4)])
    read = Usage.from_response(Response(metadata, "gemini-2.5-flash", NOON))
    assert dict(read.stated()) == {
        "input_tokens": 10,
        "input_audio_tokens": 4,
        "output_tokens": 8,
        "reasoning_tokens": 3,
    }
    assert read.response is not None
    assert (read.response.provider, read.response.at) == (None, NOON)


# Streams --------------------------------------------------------------------------------------------

STREAMS: list[tuple[str, list[Any], dict[str, Any], dict[str, Any]]] = [
    (
        "OpenAI chat",
        [
            {"object": "chat.completion.chunk", "id": "1", "model": "gpt-4o", "created": NOON_UNIX, "choices": [{}], "usage": None},
            {"object": "chat.completion.chunk", "id": "1", "model": "gpt-4o", "created": NOON_UNIX, "choices": [],
             "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}, "service_tier": "default"},
        ],
        {"input_tokens": 9, "output_tokens": 2},
        {"model": "gpt-4o", "at": NOON, "tier": "standard"},
    ),
    (
        "running totals",
        [{"model": "sonar", "usage": {"prompt_tokens": 9, "completion_tokens": count}} for count in (1, 2, 7)],
        {"input_tokens": 9, "output_tokens": 7},
        {"model": "sonar"},
    ),
    (
        "Groq",
        [{"model": "m", "choices": []}, {"model": "m", "x_groq": {"usage": {"prompt_tokens": 9, "completion_tokens": 2}}}],
        {"input_tokens": 9, "output_tokens": 2},
        {"provider": "groq"},
    ),
    (
        "OpenAI responses",
        [
            {"type": "response.created", "response": {"id": "resp_1", "object": "response", "model": "gpt-5.4", "usage": None}},
            {"type": "response.output_text.delta", "delta": "…"},
            {"type": "response.completed", "response": OPENAI_RESPONSE},
        ],
        {
            "input_tokens": 5_000, "cached_input_tokens": 4_000, "cache_write_tokens": 500, "output_tokens": 900,
            "reasoning_tokens": 700, "web_searches": 2, "file_searches": 1, "code_sessions": 1,
        },
        {"model": "gpt-5.4-2026-03-05", "tier": "priority"},
    ),
    (
        "Anthropic",
        [
            {"type": "message_start", "message": {**ANTHROPIC, "usage": {**ANTHROPIC["usage"], "output_tokens": 1}}},  # type: ignore[dict-item]
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "…"}},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1_000}},
            {"type": "message_stop"},
        ],
        ANTHROPIC_COUNTS,
        {"model": "claude-sonnet-4-5-20250929", "tier": "standard"},
    ),
    (
        "Gemini",
        [
            {"usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}, "modelVersion": "gemini-2.5-flash"},
            {"usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 3, "totalTokenCount": 13}, "modelVersion": "gemini-2.5-flash"},
            {"usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 8, "thoughtsTokenCount": 5, "totalTokenCount": 23},
             "candidates": [{"groundingMetadata": {"webSearchQueries": ["a"]}}]},
        ],
        {"input_tokens": 10, "output_tokens": 13, "reasoning_tokens": 5, "web_searches": 1, "grounded_prompts": 1},
        {"model": "gemini-2.5-flash"},
    ),
    (
        "Bedrock Converse",
        [
            {"messageStart": {"role": "assistant"}},
            {"contentBlockDelta": {"delta": {"text": "…"}}},
            {"metadata": {"usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15}, "metrics": {"latencyMs": 5}}},
        ],
        {"input_tokens": 10, "output_tokens": 5},
        {},
    ),
    (
        "Bedrock InvokeModel of Claude, as bytes",
        [
            {"chunk": {"bytes": json.dumps(event).encode()}}
            for event in (
                {"type": "message_start", "message": {"type": "message", "model": "claude-3-5-haiku", "usage": {"input_tokens": 10, "cache_read_input_tokens": 0, "output_tokens": 1}}},
                {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 5}},
                {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 10, "outputTokenCount": 5}},
            )
        ],
        {"input_tokens": 10, "output_tokens": 5},
        {"provider": "amazon-bedrock", "model": "claude-3-5-haiku"},
    ),
    (
        "Bedrock InvokeModel metrics alone",
        [{"outputText": "…"}, {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 10, "outputTokenCount": 5, "cacheReadInputTokenCount": 4}}],
        {"input_tokens": 14, "cached_input_tokens": 4, "output_tokens": 5},
        {"provider": "amazon-bedrock"},
    ),
    (
        "Cohere",
        [{"type": "content-delta"}, {"type": "message-end", "delta": {"usage": {"billed_units": {"input_tokens": 7, "output_tokens": 2}}}}],
        {"input_tokens": 7, "output_tokens": 2},
        {},
    ),
    (
        "Mistral's SDK",
        [{"data": {"model": "mistral-small", "choices": []}}, {"data": {"model": "mistral-small", "usage": {"prompt_tokens": 7, "completion_tokens": 2}}}],
        {"input_tokens": 7, "output_tokens": 2},
        {"model": "mistral-small"},
    ),
    (
        "LangChain, whose chunks state shares",
        [
            {"usage_metadata": {"input_tokens": 100, "output_tokens": 0, "total_tokens": 100, "input_token_details": {"cache_read": 60}},
             "response_metadata": {"model_name": "claude-sonnet-4-5"}},
            {"usage_metadata": None},
            {"usage_metadata": {"input_tokens": 0, "output_tokens": 30, "total_tokens": 30}, "response_metadata": {}},
        ],
        {"input_tokens": 100, "cached_input_tokens": 60, "output_tokens": 30},
        {"model": "claude-sonnet-4-5"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("chunks", "counts", "info"), [case[1:] for case in STREAMS], ids=[case[0] for case in STREAMS]
)
def test_streams(chunks: list[Any], counts: dict[str, Any], info: dict[str, Any]) -> None:
    for stream in (chunks, tuple(chunks), iter(chunks), (chunk for chunk in chunks)):
        usage = Usage.from_response(stream)
        assert dict(usage.stated()) == counts
        assert usage.calls == 1
        for name, expected in info.items():
            assert getattr(usage.response, name) == expected, name


def test_several_responses_are_not_a_stream() -> None:
    with pytest.raises(UsageError, match="these are 2 responses, not chunks of one"):
        Usage.from_response([OPENAI_CHAT, {**OPENAI_CHAT, "id": "chatcmpl-2"}])
    line = {"response": {"body": OPENAI_CHAT}}
    with pytest.raises(UsageError, match="these are 2 responses"):
        Usage.from_response([line, line])
    assert Usage.from_response([OPENAI_CHAT]).input_tokens == 1_000
    with pytest.raises(UsageError, match="different forms: Converse response, chat completion"):
        Usage.from_response([CONVERSE, OPENAI_CHAT["usage"]])


# What is not understood -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "message"),
    [
        ({}, "no usage is stated in a mapping with nothing"),
        ({"id": 1, "choices": []}, "no usage is stated in a mapping with id, choices"),
        ({"usage": {"foo": 1}}, "its usage has foo"),
        ({"usage": None}, "no usage is stated"),
        ({"usage": {}}, "its usage has nothing"),
        (None, "no usage is stated in a builtins.NoneType"),
        (5, r"no usage is stated in a builtins.int \(5\)"),
        (SimpleNamespace(a=1), "no usage is stated in a types.SimpleNamespace"),
        ('{"usage": {}}', "parse it with json.loads"),
        (b"{}", "parse it with json.loads"),
        ([], "a stream of 0 chunks"),
        ([{"choices": []}], "include_usage"),
        ({"usage": {"prompt_tokens": "many"}}, "states 'many' for input_tokens, which is not a number"),
        ({"usage": {"prompt_tokens": -1}}, "input_tokens cannot be negative"),
        ({"usage": {"prompt_tokens": True}}, "input_tokens must be a number"),
        ({"usage": {"prompt_tokens": [1]}}, r"states \[1\] for input_tokens, which is not a number"),
        ({"usage": {"prompt_tokens": {"a": 1}}}, "which is not a number"),
        ({"usage": {"prompt_tokens": {}}}, "no counts are stated in a mapping with prompt_tokens"),
        ({"usage": {"prompt_tokens": 1.5}}, "input_tokens must be a whole number"),
        ({"usage": {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}}}, "more than input_tokens"),
    ],
)
def test_what_is_not_understood_says_what_was_seen(response: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Usage.from_response(response)


def test_an_asynchronous_stream() -> None:
    class Stream:
        def __aiter__(self) -> Stream:
            return self

    with pytest.raises(UsageError, match="collect its chunks"):
        Usage.from_response(Stream())


def test_a_usage_is_its_own() -> None:
    usage = Usage(input_tokens=5)
    assert Usage.from_response(usage) is usage


def test_cached_audio_is_inferred_where_the_parts_exceed_the_whole() -> None:
    body = chat("gpt-4o-audio-preview", {
        "prompt_tokens": 100, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 80, "audio_tokens": 60},
    })  # fmt: skip
    usage = Usage.from_response(body)
    assert usage.cached_input_audio_tokens == 40
    assert usage.response is not None
    assert usage.response.notes == ("40 cached tokens must be audio, as the parts exceed the input otherwise",)


def test_what_a_response_bills_apart_is_noted() -> None:
    assert any("image model's price" in note for note in Usage.from_response(OPENAI_RESPONSE).response.notes)  # type: ignore[union-attr]
    advised = next(body for name, body, *_ in CASES if "advisor" in name)
    assert any("advisor" in note for note in Usage.from_response(advised).response.notes)  # type: ignore[union-attr]
    live = chat("grok-3", {"prompt_tokens": 1, "completion_tokens": 1, "num_sources_used": 4})
    assert any("4 live-search sources" in note for note in Usage.from_response(live).response.notes)  # type: ignore[union-attr]


def test_a_cost_that_the_provider_states() -> None:
    """xAI states what it charged, in 1e-10 dollars: 10,952 x 1.25 + 9,920 x 0.2 + 4,872 x 2.5 and seven searches at 0.005."""
    stated = {
        "input_tokens": 20_872, "input_tokens_details": {"cached_tokens": 9_920}, "output_tokens": 4_872,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 25_744, "num_sources_used": 0,
        "num_server_side_tools_used": 7, "cost_in_usd_ticks": 628_540_000,
        "server_side_tool_usage_details": {"web_search_calls": 0, "x_search_calls": 7, "code_interpreter_calls": 0},
    }  # fmt: skip
    grok = model(
        *rates(input="1.25", cached_input="0.2", output="2.5"), rate("x_searches", "0.005", "search"), provider="xai"
    )
    cost = compute_cost(grok, response=responses(stated))
    assert cost.total == Decimal(stated["cost_in_usd_ticks"]) / 10**10  # type: ignore[arg-type]


def test_a_model_that_its_provider_is_not_known_to_serve_is_priced_where_it_is_known() -> None:
    body = chat("gpt-4.1-mini", {"prompt_tokens": 1_000, "completion_tokens": 500, "is_byok": False})
    assert Usage.from_response(body).response.provider == "openrouter"  # type: ignore[union-attr]
    assert compute_cost(response=body).total > 0
    assert compute_cost(response=body, provider="openai").model == "openai/gpt-4.1-mini"
    hit = chat("gpt-4.1-mini", {"prompt_tokens": 1_000, "completion_tokens": 500, "prompt_cache_hit_tokens": 0})
    assert Usage.from_response(hit).response.provider == "deepseek"  # type: ignore[union-attr]
    assert compute_cost(response=hit).model == "openai/gpt-4.1-mini"


def test_what_a_response_says_can_be_added_to_and_overruled() -> None:
    claude = model(*rates(input="5", cached_input="0.5", output="25"), rate("web_searches", "0.01", "search"))
    body = {
        "type": "message",
        "usage": {"input_tokens": 1_000, "cache_read_input_tokens": 0, "output_tokens": 1, "inference_geo": "us"},
    }
    with pytest.raises(PriceNotPublishedError, match="region='us'"):
        compute_cost(claude, response=body)
    assert str(compute_cost(claude, response=body, region=None, web_searches=2).total) == "0.025025"
    with pytest.raises(UsageError, match="output_tokens is stated twice"):
        compute_cost(claude, response=body, output_tokens=5)


_WORDS = sorted(
    {
        name
        for shape in SHAPES
        for path in (*shape.where, *shape.needs, *(path for paths in shape.counts.values() for path in paths))
        for name in path.split(".")
        if name
    }
    | {
        "object",
        "type",
        "data",
        "response",
        "message",
        "body",
        "output",
        "iterations",
        "candidates",
        "created",
        "model",
    }
    | {
        "service_tier",
        "seconds",
        "size",
        "choices",
        "content_filter_results",
        "attributes",
        "webSearchQueries",
        "chunk",
    }
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 50) | st.floats(allow_nan=True) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=5),
    max_leaves=25,
)


@given(_JSON)
def test_whatever_is_given_there_is_a_usage_or_a_clear_error(body: Any) -> None:
    for response in (body, as_object(body)):
        with contextlib.suppress(UsageError):
            assert Usage.from_response(response).response is not None
