"""How the sources spell providers, endpoints and conditions, and what the dataset calls them."""

from __future__ import annotations

from typing import Any

PROVIDERS = {
    "bedrock": "amazon-bedrock",
    "dashscope": "alibaba",
    "fireworks": "fireworks-ai",
    "meta": "llama",
    "moonshot": "moonshotai",
    "thinking-machines": "thinking-machines",
    "together": "togetherai",
    "vertex": "google-vertex",
    "z-ai": "zai",
    "zhipu": "zhipuai",
}

ENDPOINTS = {
    "Converse": "converse",
    "InvokeModel": "invoke_model",
    "agents.completions": "agents",
    "audio.speech": "speech",
    "audio.transcriptions": "transcriptions",
    "audio.translations": "translations",
    "chat.completions": "chat_completions",
    "completions": "completions",
    "conversations": "conversations",
    "embedContent": "embeddings",
    "embeddings": "embeddings",
    "fim.completions": "fim",
    "generateContent": "generate_content",
    "generation": "generation",
    "images.edits": "image_edits",
    "images.generations": "images",
    "messages": "messages",
    "predict(imagen)": "images",
    "rerank": "rerank",
    "responses": "responses",
    "v1/chat": "chat_v1",
    "v2/chat": "chat",
    "v2/embed": "embeddings",
    "v2/rerank": "rerank",
}

ALSO = {"zhipuai": ("zai",), "google": ("google-vertex",), "openai": (), "anthropic": ("google-vertex-anthropic",)}
"""Hosts whose API is that of another provider: the facts about the one hold for the other."""

CONDITIONS: dict[str, Any] = {
    "n > 1": {"n": {"above": 1}},
    "reasoning_effort = none": {"reasoning_effort": ["none"]},
    "thinking off": {"thinking.type": ["disabled"]},
    "thinking.type = disabled": {"thinking.type": ["disabled"]},
    "thinking.type = enabled": {"thinking.type": ["enabled"]},
    "thinking.type = enabled (the default)": {"thinking.type": ["enabled"]},
    "thinking.type in [enabled, adaptive]": {"thinking.type": ["enabled", "adaptive"]},
}
"""Conditions of the parameter facts that can be put as a test; rows under any other are left to the curated rules."""

REQUIREMENTS: dict[str, dict[str, Any]] = {
    "enable_thinking = true": {"enable_thinking": [True]},
    "logprobs = true": {"logprobs": [True]},
    "response_format = json": {"response_format": ["json"]},
    "response_format = verbose_json": {"response_format": ["verbose_json"]},
    "responseLogprobs = true": {"generationConfig.responseLogprobs": [True]},
    "stream = true": {"stream": [True]},
    "taskType = RETRIEVAL_DOCUMENT": {"taskType": ["RETRIEVAL_DOCUMENT"]},
    "thinking.type = enabled": {"thinking.type": ["enabled"]},
}

CONFLICTS = {
    "conversation": "conversation",
    "images": "images",
    "include_reasoning": "include_reasoning",
    "max_completion_tokens": "max_completion_tokens",
    "max_tokens": "max_tokens",
    "previous_response_id": "previous_response_id",
    "reasoning_effort": "reasoning_effort",
    "reasoning_format": "reasoning_format",
    "thinking": "thinking.type",
    "thinkingConfig.thinkingLevel (mutually exclusive)": "generationConfig.thinkingConfig.thinkingLevel",
}


def provider_of(spelling: str) -> str:
    """The dataset's id of a provider."""
    return PROVIDERS.get(spelling, spelling)
