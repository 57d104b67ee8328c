"""The forms in which providers state usage: where each count stands, as tables.

A path is written with dots; alternatives are tried in order. Names are as the provider's JSON spells them; for Gemini,
whose SDK spells them in snake case, both spellings are understood.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENVELOPES", "PROVIDERS", "PROVIDER_MARKS", "SHAPES", "TIERS_STATED", "WHEN", "WHO", "Shape"]


class Shape:
    """One form of usage.

    ``where`` are the places of the usage object, ``needs`` keys of which it must have one, ``without`` keys it must
    not have. ``counts`` gives for each count the paths inside it. ``beside_input`` are counts that the provider
    reports apart from its input count, so that ours is their sum; ``beside_output`` likewise.
    """

    def __init__(
        self,
        name: str,
        where: str,
        needs: str,
        counts: Mapping[str, str],
        *,
        without: str = "",
        beside_input: str = "",
        beside_output: str = "",
    ) -> None:
        self.name = name
        self.where = where.split()
        self.needs = needs.split()
        self.without = without.split()
        self.counts = {count: paths.split() for count, paths in counts.items()}
        self.beside_input = beside_input.split()
        self.beside_output = beside_output.split()


_SERVER_TOOLS = {
    "web_searches": "server_tool_use.web_search_requests server_side_tool_usage_details.web_search_calls",
    "x_searches": "server_side_tool_usage_details.x_search_calls",
    "file_searches": "server_side_tool_usage_details.file_search_calls",
    "code_sessions": "server_side_tool_usage_details.code_interpreter_calls",
}

_CHAT = Shape(
    "chat completion",
    "usage x_groq.usage .",
    "prompt_tokens completion_tokens",
    {
        "input_tokens": "prompt_tokens",
        "cached_input_tokens": (
            "prompt_tokens_details.cached_tokens cache_read_input_tokens prompt_cache_hit_tokens cached_tokens "
            "cached_prompt_text_tokens"
        ),
        "cache_write_tokens": (
            "prompt_tokens_details.cache_write_tokens prompt_tokens_details.cache_creation_tokens "
            "cache_creation_input_tokens"
        ),
        "cache_write_1h_tokens": (
            "prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens "
            "cache_creation.ephemeral_1h_input_tokens"
        ),
        "input_audio_tokens": "prompt_tokens_details.audio_tokens",
        "input_image_tokens": "prompt_tokens_details.image_tokens",
        "input_video_tokens": "prompt_tokens_details.video_tokens",
        "input_seconds": "prompt_audio_seconds",
        "output_tokens": "completion_tokens",
        "reasoning_tokens": "completion_tokens_details.reasoning_tokens reasoning_tokens",
        "output_audio_tokens": "completion_tokens_details.audio_tokens",
        "output_image_tokens": "completion_tokens_details.image_tokens",
        "citation_tokens": "citation_tokens",
        **_SERVER_TOOLS,
        "web_searches": f"num_search_queries {_SERVER_TOOLS['web_searches']}",
    },
)

_MESSAGE = Shape(
    "message",
    "usage .",
    "cache_read_input_tokens cache_creation_input_tokens cache_creation server_tool_use",
    {
        "input_tokens": "input_tokens",
        "cached_input_tokens": "cache_read_input_tokens",
        "cache_write_tokens": "cache_creation_input_tokens",
        "cache_write_1h_tokens": "cache_creation.ephemeral_1h_input_tokens",
        "output_tokens": "output_tokens",
        "reasoning_tokens": "output_tokens_details.thinking_tokens",
        "web_searches": "server_tool_use.web_search_requests",
    },
    without="prompt_tokens input_tokens_details",
    beside_input="cached_input_tokens cache_write_tokens",
)

_SPEECH_TO_TEXT_BY_DURATION = Shape(
    "transcription", "usage", "seconds", {"input_seconds": "seconds"}, without="input_tokens"
)

_RESPONSE = Shape(
    "response",
    "usage usage_metadata .",
    "input_tokens output_tokens",
    {
        "input_tokens": "input_tokens",
        "cached_input_tokens": (
            "input_tokens_details.cached_tokens input_token_details.cached_tokens input_token_details.cache_read "
            "input_token_details.priority_cache_read input_token_details.flex_cache_read"
        ),
        "cached_input_audio_tokens": "input_token_details.cached_tokens_details.audio_tokens",
        "cached_input_image_tokens": "input_token_details.cached_tokens_details.image_tokens",
        "cache_write_tokens": "input_tokens_details.cache_write_tokens input_token_details.cache_creation",
        "cache_write_1h_tokens": "input_token_details.ephemeral_1h_input_tokens",
        "input_audio_tokens": (
            "input_tokens_details.audio_tokens input_token_details.audio_tokens input_token_details.audio"
        ),
        "input_image_tokens": "input_tokens_details.image_tokens input_token_details.image_tokens",
        "output_tokens": "output_tokens",
        "reasoning_tokens": (
            "output_tokens_details.reasoning_tokens output_token_details.reasoning_tokens "
            "output_token_details.reasoning output_token_details.priority_reasoning "
            "output_token_details.flex_reasoning"
        ),
        "output_audio_tokens": (
            "output_tokens_details.audio_tokens output_token_details.audio_tokens output_token_details.audio"
        ),
        "output_image_tokens": "output_tokens_details.image_tokens",
        **_SERVER_TOOLS,
    },
)

_GEMINI = Shape(
    "Gemini response",
    "usageMetadata usage_metadata .",
    "promptTokenCount prompt_token_count candidatesTokenCount candidates_token_count totalTokenCount",
    {
        "input_tokens": "promptTokenCount prompt_token_count",
        "cached_input_tokens": "cachedContentTokenCount cached_content_token_count",
        "output_tokens": "candidatesTokenCount candidates_token_count responseTokenCount response_token_count",
        "reasoning_tokens": "thoughtsTokenCount thoughts_token_count",
    },
    without="generation_token_count",
    beside_output="reasoning_tokens",
)

_CONVERSE = Shape(
    "Converse response",
    "usage metadata.usage .",
    "inputTokens",
    {
        "input_tokens": "inputTokens",
        "cached_input_tokens": "cacheReadInputTokens cacheReadInputTokenCount",
        "cache_write_tokens": "cacheWriteInputTokens cacheWriteInputTokenCount",
        "output_tokens": "outputTokens",
    },
    beside_input="cached_input_tokens cache_write_tokens",
)

_COHERE = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "rerank_searches": "search_units",
    "input_images": "images",
}

SHAPES: tuple[Shape, ...] = (
    _CONVERSE,
    _CHAT,
    _MESSAGE,
    _GEMINI,
    Shape(
        "Cohere response",
        "usage.billed_units meta.billed_units delta.usage.billed_units",
        "input_tokens output_tokens search_units images classifications",
        _COHERE,
    ),
    Shape(
        "Cohere response",
        "usage.tokens meta.tokens delta.usage.tokens",
        "input_tokens output_tokens",
        _COHERE,
    ),
    _SPEECH_TO_TEXT_BY_DURATION,
    _RESPONSE,
    Shape(
        "InvokeModel metrics",
        "amazon-bedrock-invocationMetrics",
        "inputTokenCount outputTokenCount",
        {
            "input_tokens": "inputTokenCount",
            "cached_input_tokens": "cacheReadInputTokenCount",
            "cache_write_tokens": "cacheWriteInputTokenCount",
            "output_tokens": "outputTokenCount",
        },
        beside_input="cached_input_tokens cache_write_tokens",
    ),
    Shape(
        "InvokeModel response",
        "ResponseMetadata.HTTPHeaders",
        "x-amzn-bedrock-input-token-count x-amzn-bedrock-output-token-count",
        {
            "input_tokens": "x-amzn-bedrock-input-token-count",
            "cached_input_tokens": "x-amzn-bedrock-cache-read-input-token-count",
            "cache_write_tokens": "x-amzn-bedrock-cache-write-input-token-count",
            "output_tokens": "x-amzn-bedrock-output-token-count",
        },
        beside_input="cached_input_tokens cache_write_tokens",
    ),
    Shape(
        "Llama response",
        ".",
        "generation_token_count",
        {"input_tokens": "prompt_token_count", "output_tokens": "generation_token_count"},
    ),
    Shape("Titan response", ".", "inputTextTokenCount", {"input_tokens": "inputTextTokenCount"}),
    Shape(
        "page count",
        "usage_info",
        "pages_processed pages_processed_annotation",
        {"pages": "pages_processed", "annotated_pages": "pages_processed_annotation"},
    ),
    Shape("embedding", "usage", "total_tokens", {"input_tokens": "total_tokens"}),
)
"""Tried in this order: the first whose keys are there is what a response is."""

TELEMETRY: Mapping[str, str] = {
    "input_tokens": "gen_ai.usage.input_tokens gen_ai.usage.prompt_tokens",
    "cached_input_tokens": (
        "gen_ai.usage.cache_read.input_tokens gen_ai.usage.cache_read_input_tokens gen_ai.usage.input_tokens.cached "
        "gen_ai.usage.details.cache_read_tokens"
    ),
    "cache_write_tokens": (
        "gen_ai.usage.cache_creation.input_tokens gen_ai.usage.cache_write.input_tokens "
        "gen_ai.usage.cache_creation_input_tokens gen_ai.usage.cache_write_input_tokens "
        "gen_ai.usage.input_tokens.cache_write"
    ),
    "output_tokens": "gen_ai.usage.output_tokens gen_ai.usage.completion_tokens",
    "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens gen_ai.usage.output_tokens.reasoning",
}
"""OpenTelemetry's attributes, the current name of each first; their names hold the dots."""

ENVELOPES: tuple[tuple[str, str, str | None], ...] = (
    ("response.body", "", "batch"),
    ("result.message", "", "batch"),
    ("response", "usage", None),
    ("response", "usageMetadata", None),
    ("response", "usage_metadata", None),
    ("response", "meta", None),
    ("message", "usage", None),
    ("message", "usage_metadata", None),
    ("data", "usage", None),
)
"""What a response may be wrapped in: the path inside, a key that must be there, and the tier that this implies.

In order: a line of an OpenAI batch, of an Anthropic batch, events of streams and lines of Gemini batches, the events
of Mistral's SDK.
"""

WHO = (
    "model model_name modelVersion model_version response_metadata.model_name response_metadata.model modelId model_id"
)
"""Where a response names its model."""

WHEN = "created created_at createTime create_time response_metadata.created_at response_metadata.created"
"""Where it says when."""

TIERS_STATED = (
    "service_tier usage.service_tier usage.speed usageMetadata.serviceTier usage_metadata.service_tier "
    "usageMetadata.trafficType usage_metadata.traffic_type serviceTier.type metadata.serviceTier.type "
    "response_metadata.service_tier"
)
"""Where it says in which tier it was served."""

TIER_WORDS: Mapping[str, str | None] = {
    "default": "standard",
    "standard": "standard",
    "on_demand": "standard",
    "on_demand_priority": "priority",
    "on_demand_flex": "flex",
    "auto": None,
    "unspecified": None,
    "traffic_type_unspecified": None,
    "service_tier_unspecified": None,
}
"""How providers call the tiers, where not as we do. A word that is in neither is kept, to be named in an error."""

PROVIDER_MARKS: tuple[tuple[str, str], ...] = (
    ("prompt_filter_results", "azure"),
    ("x_groq", "groq"),
    ("usage.is_byok", "openrouter"),
    ("usage.prompt_cache_hit_tokens", "deepseek"),
    ("usage.search_context_size", "perplexity"),
    ("usage.cost_in_usd_ticks", "xai"),
    ("usage.num_sources_used", "xai"),
    ("usageMetadata.trafficType", "google-vertex"),
    ("usage_metadata.traffic_type", "google-vertex"),
    ("ResponseMetadata.HTTPHeaders", "amazon-bedrock"),
    ("amazon-bedrock-invocationMetrics", "amazon-bedrock"),
)
"""What only one provider's responses have."""

PROVIDERS_STATED = (
    "response_metadata.model_provider _hidden_params.custom_llm_provider gen_ai.provider.name gen_ai.system"
)
"""Where a framework names the provider."""

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "aws.bedrock": "amazon-bedrock",
    "aws_bedrock": "amazon-bedrock",
    "az.ai.inference": "azure",
    "az.ai.openai": "azure",
    "azure": "azure",
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "azure_ai": "azure",
    "azure_openai": "azure",
    "bedrock": "amazon-bedrock",
    "bedrock_converse": "amazon-bedrock",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "deepseek": "deepseek",
    "fireworks": "fireworks-ai",
    "fireworks_ai": "fireworks-ai",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gcp.vertex_ai": "google-vertex",
    "gemini": "google",
    "google_genai": "google",
    "google_vertexai": "google-vertex",
    "groq": "groq",
    "mistral": "mistral",
    "mistral_ai": "mistral",
    "mistralai": "mistral",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "together": "togetherai",
    "together_ai": "togetherai",
    "vertex_ai": "google-vertex",
    "vertex_ai_beta": "google-vertex",
    "x_ai": "xai",
    "xai": "xai",
}
"""What frameworks call a provider."""
