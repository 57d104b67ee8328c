"""How each source spells a provider, and the id the dataset uses: models.dev's, where it has the provider."""

from __future__ import annotations

PROVIDER_IDS: dict[str, str] = {
    # Portkey
    "azure-openai": "azure",
    "azure-ai": "azure-cognitive-services",
    "bedrock": "amazon-bedrock",
    "bedrock-mantle": "amazon-bedrock",
    "byteplus": "byteplus",
    "claude-platform-aws": "claude-platform-aws",
    "dashscope": "alibaba",
    "mistral-ai": "mistral",
    "moonshot": "moonshotai",
    "nomic": "nomic-ai",
    "open-ai": "openai",
    "palm": "google",
    "perplexity-ai": "perplexity",
    "together-ai": "togetherai",
    "vertex-ai": "google-vertex",
    "workers-ai": "cloudflare-workers-ai",
    "x-ai": "xai",
    "z-ai": "zai",
    "zhipu": "zhipuai",
    "fireworks": "fireworks-ai",
    "github": "github-models",
    "inference-net": "inference",
    "voyage": "voyageai",
    # genai-prices
    "aws": "amazon-bedrock",
    "novita": "novita-ai",
    "together": "togetherai",
    # first-party facts and measurements
    "lambda": "lambda-ai",
    "tencent": "tencent-tokenhub",
    "vercel-ai-gateway": "vercel",
    "wafer": "wafer.ai",
}


def provider_id(spelling: str) -> str:
    """The dataset's id for a provider as some source spells it."""
    return PROVIDER_IDS.get(spelling, spelling)
