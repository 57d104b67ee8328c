"""The reader of models.dev: made-up records with answers worked by hand, then the real snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.observations import JSON, Observation
from pipeline.sources import models_dev


def record(**changes: Any) -> dict[str, Any]:
    """The least that every record of models.dev has."""
    least: dict[str, Any] = {
        "name": "Model One",
        "attachment": False,
        "reasoning": False,
        "tool_call": True,
        "open_weights": False,
        "release_date": "2025-02-03",
        "modalities": {"input": ["text"], "output": ["text"]},
        "limit": {"context": 1000, "output": 100},
    }
    return least | changes


def observe(
    tmp_path: Path,
    api: dict[str, dict[str, Any]] | None = None,
    models: dict[str, Any] | None = None,
    links: dict[str, Any] | None = None,
) -> list[Observation]:
    (tmp_path / "models-dev").mkdir()
    for name, content in (("api", api), ("models", models), ("base-models", links)):
        (tmp_path / "models-dev" / f"{name}.json").write_text(json.dumps(content or {}), encoding="utf-8")
    return list(models_dev.read(tmp_path))


def facts(tmp_path: Path, model: str = "one", **changes: Any) -> dict[str, JSON]:
    """The facts, without prices, of one record with these changes."""
    return {o.field: o.value for o in _of_one(tmp_path, model, changes) if o.field != "price"}


def prices(tmp_path: Path, model: str = "one", **changes: Any) -> list[tuple[JSON, JSON, JSON, JSON]]:
    """(component, amount, tier, condition) of one record with these changes."""
    rows = [o.value for o in _of_one(tmp_path, model, changes) if isinstance(o.value, dict)]
    assert all((row["currency"], row["unit"]) == ("USD", "1M tokens") for row in rows)
    return [(row["component"], row["amount"], row["tier"], row.get("condition")) for row in rows]


def _of_one(tmp_path: Path, model: str, changes: dict[str, Any]) -> list[Observation]:
    api = {"acme": {"name": "Acme", "models": {model: record(id=model, **changes)}}}
    return [o for o in observe(tmp_path, api) if o.model == model]


def test_a_provider_is_described_under_the_empty_model(tmp_path: Path) -> None:
    acme = {"name": "Acme", "doc": "https://acme.test/docs", "env": ["A", "B"], "npm": "x", "models": {}}
    seen = observe(tmp_path, {"acme": acme})
    assert [(o.provider, o.model, o.field, o.value) for o in seen] == [
        ("acme", "", "provider.name", "Acme"),
        ("acme", "", "provider.docs", "https://acme.test/docs"),
        ("acme", "", "provider.env", ["A", "B"]),
    ]


def test_every_observation_says_where_and_when(tmp_path: Path) -> None:
    seen = observe(
        tmp_path,
        {"acme": {"name": "Acme", "models": {"a/one": record()}}},
        {"acme/one": record()},
        {"acme": {"a/one": "acme/one"}},
    )
    assert {(o.source, o.provider, o.model, o.locator, o.date) for o in seen} == {
        ("models.dev", "acme", "", "models-dev/api.json#acme", "2026-07-30"),
        ("models.dev", "acme", "a/one", "models-dev/api.json#acme/a/one", "2026-07-30"),
        ("models.dev-base", "", "acme/one", "models-dev/models.json#acme/one", "2026-07-02"),
        ("models.dev-base", "acme", "a/one", "models-dev/base-models.json#acme/a/one", "2026-07-02"),
    }
    assert [o.value for o in seen if o.field == "base"] == ["acme/one"]


def test_the_least_record_states_only_what_it_holds(tmp_path: Path) -> None:
    assert facts(tmp_path) == {
        "name": "Model One",
        "open_weights": False,
        "lifecycle.released": "2025-02-03",
        "capabilities.attachments": False,
        "capabilities.reasoning": False,
        "capabilities.tool_calling": True,
        "limits.context_window": 1000,
        "limits.max_output_tokens": 100,
        "modalities.input": ["text"],
        "modalities.output": ["text"],
    }


def test_optional_facts_and_partial_dates(tmp_path: Path) -> None:
    seen = facts(
        tmp_path,
        family="ones",
        knowledge="2024-04",
        structured_output=False,
        temperature=True,
        limit={"context": 1000, "input": 900, "output": 100},
        modalities={"input": ["text", "pdf", "image"], "output": ["text"]},
    )
    assert seen["family"] == "ones"
    assert seen["knowledge_cutoff"] == "2024-04"
    assert seen["capabilities.structured_output"] is False
    assert seen["capabilities.temperature"] is True
    assert seen["limits.max_input_tokens"] == 900
    assert seen["modalities.input"] == ["image", "pdf", "text"]


def test_the_first_day_of_all_time_is_no_release(tmp_path: Path) -> None:
    assert "lifecycle.released" not in facts(tmp_path, release_date="1970-01-01")


def test_a_limit_of_zero_does_not_apply(tmp_path: Path) -> None:
    seen = facts(tmp_path, limit={"context": 0, "output": 0})
    assert not {field for field in seen if field.startswith("limits.")}


@pytest.mark.parametrize(
    ("status", "stated"), [("alpha", "preview"), ("beta", "preview"), ("deprecated", "deprecated")]
)
def test_status_words(tmp_path: Path, status: str, stated: str) -> None:
    assert facts(tmp_path, status=status)["lifecycle.stated"] == stated


@pytest.mark.parametrize(
    ("model", "output"),
    [("acme/embed-2", "embedding"), ("bge-m3", "embedding"), ("bge-reranker-2", "score"), ("one", "text")],
)
def test_embeddings_and_rerankers_do_not_write_text(tmp_path: Path, model: str, output: str) -> None:
    seen = facts(tmp_path, model, limit={"context": 512, "output": 1024})
    assert seen["modalities.output"] == [output]
    assert ("limits.max_output_tokens" in seen) is (output == "text")  # a vector's length is no output limit


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {}),
        ([{"type": "toggle"}], {"can_disable": True}),
        ([{"type": "effort", "values": ["high", "low"]}], {"efforts": ["low", "high"]}),
        (
            [{"type": "effort", "values": ["max", "none", "odd"]}],
            {"efforts": ["none", "max", "odd"], "can_disable": True},
        ),
        ([{"type": "effort", "values": [None, "low"]}], {"efforts": ["low"]}),
        ([{"type": "budget_tokens"}], {}),
        ([{"type": "budget_tokens", "min": 0, "max": 24576}], {"budget_min": 0, "budget_max": 24576}),
        ([{"type": "budget_tokens", "min": -1, "max": 8}], {"budget_max": 8}),
    ],
)
def test_reasoning_options(tmp_path: Path, options: list[dict[str, Any]], expected: dict[str, JSON]) -> None:
    seen = facts(tmp_path, reasoning_options=options)
    reasoning = {f.removeprefix("reasoning."): v for f, v in seen.items() if f.startswith("reasoning.")}
    assert reasoning == expected


def test_prices_keep_their_digits(tmp_path: Path) -> None:
    cost = {"input": 10, "output": 1.60, "cache_read": 0.0005, "cache_write": 0.30, "input_audio": 1}
    assert prices(tmp_path, cost=cost) == [
        ("input", "10", "standard", None),
        ("output", "1.6", "standard", None),
        ("cached_input", "0.0005", "standard", None),
        ("cache_write", "0.3", "standard", None),
        ("input_audio", "1", "standard", None),
    ]


def test_the_noise_of_floats_is_removed(tmp_path: Path) -> None:
    cost = {"input": 0.44999999999999996, "output": 0.123456789012345}
    assert [amount for _, amount, _, _ in prices(tmp_path, cost=cost)] == ["0.45", "0.123456789012345"]


def test_context_tiers_win_over_the_older_form(tmp_path: Path) -> None:
    cost = {
        "input": 1,
        "output": 2,
        "tiers": [{"input": 2, "output": 3, "tier": {"type": "context", "size": 256000}}],
        "context_over_200k": {"input": 9, "output": 9},
    }
    assert prices(tmp_path, cost=cost)[2:] == [
        ("input", "2", "standard", {"above_input_tokens": 256000}),
        ("output", "3", "standard", {"above_input_tokens": 256000}),
    ]


def test_the_older_form_of_a_context_tier(tmp_path: Path) -> None:
    cost = {"input": 1, "output": 2, "context_over_200k": {"input": 2}}
    assert prices(tmp_path, cost=cost)[2:] == [("input", "2", "standard", {"above_input_tokens": 200000})]


def test_modes_become_tiers_by_what_the_request_sends(tmp_path: Path) -> None:
    modes = {
        "fast": {"cost": {"input": 6, "output": 12}, "provider": {"body": {"speed": "fast"}}},
        "quick": {"cost": {"input": 2, "output": 4}, "provider": {"body": {"service_tier": "priority"}}},
        "pro": {"provider": {"body": {"reasoning": {"mode": "pro"}}}},
    }
    experimental = {"modes": modes}
    assert prices(tmp_path, cost={"input": 1, "output": 2}, experimental=experimental)[2:] == [
        ("input", "6", "fast", None),
        ("output", "12", "fast", None),
        ("input", "2", "priority", None),
        ("output", "4", "priority", None),
    ]


def test_modes_without_a_price_of_the_record_itself(tmp_path: Path) -> None:
    modes = {"fast": {"cost": {"input": 6, "output": 12}, "provider": {"body": {"speed": "fast"}}}}
    assert prices(tmp_path, experimental={"modes": modes}) == []


def test_a_reasoning_mode(tmp_path: Path) -> None:
    modes = {"pro": {"provider": {"body": {"reasoning": {"mode": "pro"}}}}}
    assert facts(tmp_path, experimental={"modes": modes})["reasoning.modes"] == ["pro"]


@pytest.mark.parametrize(
    ("model", "name", "free"),
    [
        ("one:free", "One", True),
        ("one-free", "One", True),
        ("router/free", "One", True),
        ("one", "One (free)", True),
        ("freedom-1", "Carefree", False),
        ("one", "One", False),
    ],
)
def test_zero_is_a_price_only_where_the_record_says_free(tmp_path: Path, model: str, name: str, free: bool) -> None:
    rows = prices(tmp_path, model, name=name, cost={"input": 0, "output": 0})
    assert rows == ([("input", "0", "standard", None), ("output", "0", "standard", None)] if free else [])


def test_zero_beside_a_real_price_is_a_placeholder(tmp_path: Path) -> None:
    cost = {"input": 1, "output": 2, "cache_read": 0, "cache_write": 0}
    assert [component for component, *_ in prices(tmp_path, cost=cost)] == ["input", "output"]


@pytest.mark.parametrize(
    ("inputs", "outputs", "cost", "components"),
    [
        (["audio"], ["text"], {"input": 0.006, "output": 0}, []),  # per minute
        (["audio"], ["text"], {"input": 0.03, "output": 0.03}, []),
        (["text"], ["image"], {"input": 0.08, "output": 0}, []),  # per image
        (["audio"], ["text"], {"input": 2.5, "output": 10}, ["input", "output"]),
        (["text"], ["audio"], {"input": 0.5, "output": 10}, ["input", "output"]),
        (["text", "audio"], ["text"], {"input": 1, "output": 1}, ["input", "output"]),
    ],
)
def test_prices_that_are_not_per_token(
    tmp_path: Path, inputs: list[str], outputs: list[str], cost: dict[str, float], components: list[str]
) -> None:
    rows = prices(tmp_path, modalities={"input": inputs, "output": outputs}, cost=cost)
    assert [component for component, *_ in rows] == components


def test_an_embedding_has_no_output_price(tmp_path: Path) -> None:
    rows = prices(tmp_path, "acme-embed", cost={"input": 0.1, "output": 0.1})
    assert rows == [("input", "0.1", "standard", None)]


def test_a_base_model_names_its_author_and_pages(tmp_path: Path) -> None:
    base = record(
        license="MIT",
        weights=[{"label": "W", "url": "https://w.test/1"}, {"label": "W fp8", "url": "https://w.test/2"}],
        links=[{"label": "Card", "type": "model_card", "url": "https://c.test"}],
    )
    seen = {o.field: o.value for o in observe(tmp_path, models={"acme/one": base})}
    assert seen["author"] == "acme"
    assert seen["license"] == "MIT"
    assert seen["links.weights"] == "https://w.test/1"
    assert seen["links.model_card"] == "https://c.test"


# The real snapshot ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(sources: Path) -> list[Observation]:
    return list(models_dev.read(sources))


def test_real_counts(real: list[Observation]) -> None:
    api = [o for o in real if o.source == "models.dev"]
    assert sum(o.field == "provider.name" for o in api) == 175
    assert len({(o.provider, o.model) for o in api if o.model}) == 5898
    assert sum(o.field == "base" for o in real) == 1347
    assert len({o.model for o in real if o.provider == ""}) == 231


def test_real_values_hold_no_floats(real: list[Observation]) -> None:
    assert json.loads(json.dumps([o.value for o in real]), parse_float=pytest.fail)


def test_real_rows_do_not_contradict_each_other(real: list[Observation]) -> None:
    seen = [(o.source, o.provider, o.model, o.field, _key(o.value) if o.field == "price" else "") for o in real]
    assert len(seen) == len(set(seen))


def _key(row: JSON) -> str:
    assert isinstance(row, dict)
    return json.dumps({key: value for key, value in row.items() if key != "amount"})


def test_real_gpt_4_1_mini(real: list[Observation]) -> None:
    mini = [o for o in real if (o.provider, o.model) == ("openai", "gpt-4.1-mini")]
    seen = {o.field: o.value for o in mini}
    assert seen["limits.context_window"] == 1047576
    assert seen["limits.max_output_tokens"] == 32768
    assert [o.value["amount"] for o in mini if isinstance(o.value, dict)] == ["0.4", "1.6", "0.1"]


def test_real_subscription_plans_are_not_free(real: list[Observation]) -> None:
    plans = {"alibaba-coding-plan", "gitlab", "github-models", "zai-coding-plan"}
    assert not [o for o in real if o.provider in plans and o.field == "price" and _is_zero(o.value)]


def _is_zero(row: JSON) -> bool:
    return isinstance(row, dict) and row["amount"] == "0"
