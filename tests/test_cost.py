"""What requests cost, worked by hand from the page that states the price."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

import pytest

from modelmeta import Model, ModelMetaError, PriceNotPublishedError, UnknownModelError, UsageError
from modelmeta.cost import Cost, CostLine, compute_cost
from modelmeta.usage import Usage
from tests.price_lists import (
    CLAUDE_SONNET_4_5,
    DEEPSEEK_V4_FLASH,
    GEMINI_2_5_PRO,
    GPT_4_1_MINI,
    GPT_6_1_SOL,
    GPT_IMAGE_1,
    GPT_REALTIME,
    NOVA_PRO,
    SONAR,
    SONAR_DEEP_RESEARCH,
    WHISPER,
    model,
    rate,
    rates,
)

DAY = date(2026, 3, 1)


def total(priced: Model, **counts: Any) -> str:
    return str(compute_cost(priced, **counts).total)


def lines(cost: Cost) -> dict[str, tuple[Any, str]]:
    return {line.component: (line.quantity, str(line.amount)) for line in cost.lines}


# The pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "got", "expected"),
    [(1_000, 500, "0.0012"), (10_000, 1_000, "0.0056"), (50_000, 2_000, "0.0232"), (5_000, 10_000, "0.018")],
)
def test_the_pages_examples(sent: int, got: int, expected: str) -> None:
    assert total(GPT_4_1_MINI, input_tokens=sent, output_tokens=got) == expected


def test_the_priority_and_batch_tiers_of_gpt_4_1_mini() -> None:
    million = 1_000_000
    priority = compute_cost(
        GPT_4_1_MINI, tier="priority", input_tokens=2 * million, cached_input_tokens=million, output_tokens=million
    )
    assert [str(line.unit_price) for line in priority.lines] == ["0.7", "0.175", "2.8"]
    assert str(priority.total) == "3.675"  # 0.70 + 0.175 + 2.80
    assert total(GPT_4_1_MINI, tier="batch", input_tokens=million, output_tokens=million) == "1"  # 0.20 + 0.80


def test_gemini_2_5_pro_on_both_sides_of_200_000_tokens() -> None:
    at_most = compute_cost(GEMINI_2_5_PRO, input_tokens=200_000, cached_input_tokens=50_000, output_tokens=1_000)
    # 150,000 x 1.25 + 50,000 x 0.125 + 1,000 x 10, per million
    assert lines(at_most) == {
        "input": (150_000, "0.1875"),
        "cached_input": (50_000, "0.00625"),
        "output": (1_000, "0.01"),
    }
    above = compute_cost(GEMINI_2_5_PRO, input_tokens=200_001, cached_input_tokens=50_001, output_tokens=1_000)
    # the whole request is repriced: 150,000 x 2.5 + 50,001 x 0.25 + 1,000 x 15
    assert lines(above) == {
        "input": (150_000, "0.375"),
        "cached_input": (50_001, "0.01250025"),
        "output": (1_000, "0.015"),
    }
    assert str(above.total) == "0.40250025"
    assert above.lines[0].note == "above 200,000 input tokens"
    assert total(GEMINI_2_5_PRO, cache_storage_token_hours=200_000) == "0.9"  # 0.2 M token-hours x 4.50


def test_claude_with_cache_writes_of_both_kinds_and_reads() -> None:
    cost = compute_cost(
        CLAUDE_SONNET_4_5,
        input_tokens=20_000,
        cached_input_tokens=10_000,
        cache_write_tokens=4_000,
        cache_write_1h_tokens=2_000,
        output_tokens=1_000,
        web_searches=3,
    )
    assert lines(cost) == {
        "input": (4_000, "0.012"),  # 20,000 - 10,000 - 4,000 - 2,000, at 3
        "cached_input": (10_000, "0.003"),  # at 0.30
        "cache_write": (4_000, "0.015"),  # at 3.75
        "cache_write_1h": (2_000, "0.012"),  # at 6
        "output": (1_000, "0.015"),  # at 15
        "web_searches": (3, "0.03"),  # 10 for a thousand
    }
    assert str(cost.total) == "0.087"


def test_gpt_6_1_sol_over_272_000_tokens() -> None:
    assert total(GPT_6_1_SOL, input_tokens=272_000, output_tokens=1_000) == "0.554"  # 0.544 + 0.010
    assert total(GPT_6_1_SOL, input_tokens=272_001, output_tokens=1_000) == "1.103004"  # 1.088004 + 0.015
    usage = Usage(input_tokens=300_000, cached_input_tokens=100_000, cache_write_tokens=50_000, output_tokens=10_000)
    # 150,000 x 4 + 100,000 x 0.2 + 50,000 x 5 + 10,000 x 15
    assert total(GPT_6_1_SOL, usage=usage) == "1.02"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (date(2026, 8, 16), "0.3514"),  # the flat price: 0.07 + 0.0014 + 0.28
        (datetime(2026, 8, 16, 2, tzinfo=timezone.utc), "0.3514"),
        (datetime(2026, 8, 20, 0, 59, tzinfo=timezone.utc), "0.7735"),  # 0.11 + 0.0035 + 0.66
        (datetime(2026, 8, 20, 1, tzinfo=timezone.utc), "1.547"),  # twice that
        (datetime(2026, 8, 20, 3, 59, 59, tzinfo=timezone.utc), "1.547"),
        (datetime(2026, 8, 20, 4, tzinfo=timezone.utc), "0.7735"),
        (datetime(2026, 8, 20, 9, 59, tzinfo=timezone.utc), "1.547"),
        (datetime(2026, 8, 20, 10, tzinfo=timezone.utc), "0.7735"),
        (datetime(2026, 8, 20, 9, tzinfo=timezone(timedelta(hours=8))), "1.547"),  # 01:00 UTC
        (datetime(2026, 8, 20, 1), "1.547"),  # noqa: DTZ001  (without a zone it is UTC)
        ("2026-08-20T01:00:00Z", "1.547"),
        (date(2026, 8, 20), "0.7735"),
        (datetime(2026, 8, 22, 2, tzinfo=timezone.utc), "1.547"),  # the last Saturday with peak hours
        (datetime(2026, 8, 23, 2, tzinfo=timezone.utc), "0.7735"),
        (datetime(2026, 8, 24, 2, tzinfo=timezone.utc), "1.547"),
        (datetime(2026, 8, 28, 9, tzinfo=timezone.utc), "1.547"),
        (datetime(2026, 8, 29, 9, tzinfo=timezone.utc), "0.7735"),
        (datetime(2026, 8, 30, 9, tzinfo=timezone.utc), "0.7735"),
    ],
)
def test_deepseek_before_and_after_the_change_and_in_peak_hours(at: Any, expected: str) -> None:
    million = 1_000_000
    usage = Usage(input_tokens=million, cached_input_tokens=million // 2, output_tokens=million)
    assert total(DEEPSEEK_V4_FLASH, usage=usage, at=at) == expected


def test_a_day_without_a_time_is_outside_the_peak_and_says_so() -> None:
    cost = compute_cost(DEEPSEEK_V4_FLASH, input_tokens=1_000_000, at=date(2026, 8, 20))
    assert str(cost.total) == "0.22"
    assert any("only the day is known" in note for note in cost.notes)
    assert cost.at == date(2026, 8, 20)


def test_whisper_by_the_minute() -> None:
    cost = compute_cost(WHISPER, seconds=90)
    assert str(cost.total) == "0.009"  # 1.5 minutes x 0.006
    assert (cost.lines[0].unit, cost.lines[0].quantity) == ("minute", 90)
    assert total(WHISPER, input_seconds=Decimal("8.47")) == "0.000847"
    assert total(WHISPER, input_seconds=8.47) == "0.000847"


def test_an_image_by_size_and_by_tokens() -> None:
    assert total(GPT_IMAGE_1, images=3, size="1024x1024", quality="low") == "0.033"
    assert total(GPT_IMAGE_1, images=1, size="1024x1024", quality="high") == "0.167"
    # 50 text tokens in at 5, 272 image tokens out at 40
    assert total(GPT_IMAGE_1, input_tokens=50, output_tokens=272, output_image_tokens=272) == "0.01113"
    with pytest.raises(PriceNotPublishedError, match="size='1024x1024', quality='low'"):
        compute_cost(GPT_IMAGE_1, images=1)
    with pytest.raises(PriceNotPublishedError, match="not for size='64x64'"):
        compute_cost(GPT_IMAGE_1, images=1, size="64x64", quality="low")


def test_a_web_search() -> None:
    cost = compute_cost(GPT_4_1_MINI, input_tokens=8_000, output_tokens=300, web_searches=1)
    assert str(cost.total) == "0.01368"  # 0.0032 + 0.00048 + 0.01


def test_a_bedrock_model_in_another_region() -> None:
    counts: dict[str, Any] = {"input_tokens": 10_000, "output_tokens": 2_000}
    assert total(NOVA_PRO, **counts) == "0.0144"  # 0.008 + 0.0064
    assert total(NOVA_PRO, **counts, region="eu-central-1") == "0.0189"  # 0.0105 + 0.0084
    with pytest.raises(
        PriceNotPublishedError, match="region='eu-central-1', and without, not for region='mars-north-1'"
    ):
        compute_cost(NOVA_PRO, **counts, region="mars-north-1")


def test_a_region_reprices_cached_tokens_too_so_the_general_cached_price_does_not_stand_in() -> None:
    cost = compute_cost(NOVA_PRO, input_tokens=1_000_000, cached_input_tokens=1_000_000, region="eu-central-1")
    assert str(cost.total) == "1.05"
    assert "billed as input" in cost.lines[0].note


def test_perplexity_bills_reasoning_citations_searches_and_requests() -> None:
    cost = compute_cost(
        SONAR_DEEP_RESEARCH,
        input_tokens=33,
        output_tokens=7_163 + 73_997,
        reasoning_tokens=73_997,
        citation_tokens=20_016,
        web_searches=14,
    )
    # 33 x 2 + 7,163 x 8 + 73,997 x 3 + 20,016 x 2, per million, and 14 x 0.005
    assert str(cost.total) == "0.389393"
    assert total(SONAR, input_tokens=1_000, output_tokens=1_000, requests=1, context_size="high") == "0.014"


def test_realtime_audio_each_token_once() -> None:
    cost = compute_cost(
        GPT_REALTIME,
        input_tokens=1_000,
        cached_input_tokens=300,
        input_audio_tokens=600,
        cached_input_audio_tokens=200,
        output_tokens=100,
        output_audio_tokens=70,
    )
    assert lines(cost) == {
        "input": (300, "0.0012"),  # 1,000 - 300 cached - 600 audio + 200 that are both
        "cached_input": (100, "0.00004"),
        "input_audio": (400, "0.0128"),
        "cached_input_audio": (200, "0.00008"),
        "output": (30, "0.00048"),
        "output_audio": (70, "0.00448"),
    }
    assert sum(line.quantity for line in cost.lines) == 1_100


# Which price applies --------------------------------------------------------------------------------


def test_a_fine_tune_pays_its_own_prices() -> None:
    counts: dict[str, Any] = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
    assert total(GPT_4_1_MINI, **counts, fine_tuned=True) == "4"
    assert total(GPT_4_1_MINI, **counts, fine_tuned=False) == "2"
    assert total(GPT_4_1_MINI, web_searches=1, fine_tuned=True) == "0.01"
    with pytest.raises(PriceNotPublishedError, match="not for fine_tuned=True"):
        compute_cost(NOVA_PRO, **counts, fine_tuned=True)


@pytest.mark.parametrize("prefix", ["ft:", "FT:", "openai/Ft:"])
def test_a_fine_tune_by_its_id(prefix: str) -> None:
    base = compute_cost("gpt-4.1-mini", input_tokens=1_000_000)
    tuned = compute_cost(f"{prefix}gpt-4.1-mini-2025-04-14:acme::abc123", input_tokens=1_000_000)
    assert (str(base.total), str(tuned.total)) == ("0.4", "0.8")
    assert tuned.lines[0].note == "fine tuned"


def test_tools_cost_the_same_in_every_tier() -> None:
    cost = compute_cost(CLAUDE_SONNET_4_5, tier="batch", input_tokens=1_000_000, web_searches=1)
    assert str(cost.total) == "1.51"
    assert cost.lines[1].tier == "standard"
    assert "not tools" in cost.lines[1].note


def test_one_tier_under_two_names() -> None:
    fast = compute_cost(GPT_6_1_SOL, tier="fast", input_tokens=1_000)
    priority = compute_cost(GPT_6_1_SOL, tier="priority", input_tokens=1_000)
    assert fast.total == priority.total == Decimal("0.004")
    assert "published as fast" in priority.lines[0].note
    with pytest.raises(PriceNotPublishedError, match="priority tier"):
        compute_cost(CLAUDE_SONNET_4_5, tier="priority", input_tokens=1)  # at Anthropic they are two things


def test_a_price_of_the_tier_itself_goes_before_that_of_its_other_name() -> None:
    both = model(*rates("fast", input="4"), *rates("priority", input="5"), provider="openai")
    assert total(both, tier="priority", input_tokens=1_000_000) == "5"
    assert total(both, tier="fast", input_tokens=1_000_000) == "4"


def test_thinking_and_other_options() -> None:
    qwen = model(
        *rates(input="1"),
        rate("output", "2", thinking=False),
        rate("output", "8", thinking=True),
    )
    million: dict[str, Any] = {"output_tokens": 1_000_000}
    assert total(qwen, **million, thinking=True) == "8"
    assert total(qwen, **million, thinking=False) == "2"
    cost = compute_cost(qwen, **million, reasoning_tokens=10)
    assert str(cost.total) == "8"
    assert any("thinking" in note for note in cost.notes)
    with pytest.raises(PriceNotPublishedError, match="thinking"):
        compute_cost(qwen, **million)


def test_the_newest_price_in_force_applies() -> None:
    changed = model(
        rate("input", "3"),
        rate("input", "2", effective_from="2026-02"),
        rate("input", "1", effective_from="2026-02-20", effective_until="2026-03-01"),
    )
    prices = {
        day: total(changed, input_tokens=1_000_000, at=day)
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 20), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert list(prices.values()) == ["3", "2", "1", "1", "2"]


def test_a_price_that_starts_later_is_not_used_before() -> None:
    later = model(rate("input", "2", effective_from="2026-02-01"))
    with pytest.raises(PriceNotPublishedError, match="is known from 2026-02-01"):
        compute_cost(later, input_tokens=1, at=date(2026, 1, 31))


def test_a_price_for_hours_only_needs_a_time() -> None:
    hours = model(rate("input", "1", utc_window="00:00-12:00"), rate("input", "2", utc_window="12:00-00:00"))
    assert total(hours, input_tokens=1_000_000, at=datetime(2026, 1, 1, 11, 59, tzinfo=timezone.utc)) == "1"
    assert total(hours, input_tokens=1_000_000, at=datetime(2026, 1, 1, 23, 59, tzinfo=timezone.utc)) == "2"
    with pytest.raises(PriceNotPublishedError, match="let at= be a datetime"):
        compute_cost(hours, input_tokens=1, at=DAY)


def test_now_is_a_moment_and_the_plan_of_an_hour_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = datetime(2026, 9, 1, tzinfo=timezone.utc).timestamp()
    seen = []
    for hour in (0, 0.5, 2, 2.5, 5, 7, 12):
        monkeypatch.setattr("modelmeta.cost.time", lambda hour=hour: midnight + hour * 3600)
        seen.append(total(DEEPSEEK_V4_FLASH, input_tokens=1_000_000))
    assert seen == ["0.22", "0.22", "0.44", "0.44", "0.22", "0.44", "0.22"]


def test_excess_only_reprices_what_exceeds() -> None:
    tiered = model(*rates(input="1"), rate("input", "2", above_input_tokens=100_000, excess_only=True))
    assert total(tiered, input_tokens=100_000) == "0.1"
    cost = compute_cost(tiered, input_tokens=150_000)
    assert str(cost.total) == "0.2"  # 100,000 x 1 + 50,000 x 2
    assert [(line.quantity, str(line.amount)) for line in cost.lines] == [(100_000, "0.1"), (50_000, "0.1")]


def test_currencies_do_not_mix() -> None:
    both = model(
        *rates(input="1"), rate("input", "7", currency="CNY"), rate("web_searches", "0.1", "search", currency="CNY")
    )
    dollars = compute_cost(both, input_tokens=1_000_000)
    yuan = compute_cost(both, input_tokens=1_000_000, web_searches=1, currency="CNY")
    assert (str(dollars), str(yuan)) == ("1 USD", "7.1 CNY")
    with pytest.raises(UsageError, match="cannot add USD and CNY"):
        dollars + yuan
    with pytest.raises(PriceNotPublishedError, match="pass currency='CNY'"):
        compute_cost(both, web_searches=1)
    with pytest.raises(PriceNotPublishedError, match="CNY and USD"):
        compute_cost(both, input_tokens=1, currency="EUR")


# What pays for a count without a price ----------------------------------------------------------------


def test_cached_and_reasoning_tokens_fall_back_with_a_note() -> None:
    plain = model(*rates(input="1", output="2"))
    cost = compute_cost(plain, input_tokens=100, cached_input_tokens=40, output_tokens=50, reasoning_tokens=30)
    assert lines(cost) == {
        "input": (60, "0.00006"),
        "cached_input": (40, "0.00004"),
        "output": (20, "0.00004"),
        "reasoning": (30, "0.00006"),
    }
    assert cost.notes == (
        "cached_input: no cached price is published: billed as input",
        "reasoning: reasoning is billed as output",
    )


def test_images_and_video_are_billed_as_input_where_no_price_of_theirs_is_published() -> None:
    assert total(GPT_4_1_MINI, input_tokens=1_000_000, input_image_tokens=500_000) == "0.4"
    assert total(GPT_IMAGE_1, input_tokens=1_000_000, input_image_tokens=500_000) == "7.5"


def test_audio_is_not_billed_as_text_unless_its_author_says_so() -> None:
    counts: dict[str, Any] = {"input_tokens": 1_000_000, "input_audio_tokens": 400_000}
    assert total(GEMINI_2_5_PRO, **counts) == "2.5"
    with pytest.raises(PriceNotPublishedError, match="input_audio") as caught:
        compute_cost(GPT_4_1_MINI, **counts)
    assert caught.value.components == ("input_audio",)
    hears = model(*rates(input="1", output="2"), input=("audio",), output=("audio",))
    assert total(hears, **counts, output_tokens=10, output_audio_tokens=10) == "1.00002"


def test_a_modality_priced_in_another_tier_does_not_fall_back() -> None:
    with pytest.raises(PriceNotPublishedError, match="priced in the tiers standard"):
        compute_cost(
            model(*rates(input="1", input_image="9"), *rates("batch", input="0.5")),
            tier="batch",
            input_tokens=10,
            input_image_tokens=5,
        )


def test_cached_audio_takes_the_price_of_what_it_is() -> None:
    apart = model(*rates(input="1", cached_input="0.1", input_audio="10"))
    both: dict[str, Any] = {
        "input_tokens": 100,
        "input_audio_tokens": 100,
        "cached_input_tokens": 100,
        "cached_input_audio_tokens": 100,
    }
    assert total(apart, **both) == "0.001"
    assert "billed as audio input" in compute_cost(apart, **both).notes[0]
    image: dict[str, Any] = {name.replace("audio", "image"): 100 for name in both}
    assert total(apart, **image) == "0.00001"


def test_cache_writes_fall_back_only_where_writing_is_known_to_be_free() -> None:
    counts: dict[str, Any] = {"input_tokens": 1_000, "cache_write_tokens": 500}
    assert total(GPT_4_1_MINI, **counts) == "0.0004"
    with pytest.raises(PriceNotPublishedError, match="cache_write"):
        compute_cost(model(*rates(input="3", cached_input="0.3"), author="anthropic"), **counts)
    with pytest.raises(PriceNotPublishedError, match="cache_write_1h"):
        compute_cost(GPT_4_1_MINI, input_tokens=1_000, cache_write_1h_tokens=500)


def test_seconds_by_any_name() -> None:
    assert total(WHISPER, seconds=60) == total(WHISPER, input_seconds=60) == "0.006"
    film = model(rate("output_seconds", "0.1", "second"))
    assert total(film, seconds=8) == "0.8"
    both = model(rate("output_seconds", "0.1", "second"), rate("input_seconds", "0.2", "second"))
    with pytest.raises(PriceNotPublishedError, match="seconds"):
        compute_cost(both, seconds=8)


def test_a_price_in_another_unit_is_named() -> None:
    with pytest.raises(PriceNotPublishedError, match=r"input_audio is priced per minute: give input_seconds="):
        compute_cost(model(rate("input_audio", "0.006", "minute")), input_tokens=5, input_audio_tokens=5)


def test_grounding_is_billed_by_the_measure_that_is_priced() -> None:
    counts: dict[str, Any] = {"input_tokens": 1_000, "web_searches": 3, "grounded_prompts": 1}
    cost = compute_cost(GEMINI_2_5_PRO, **counts)
    assert str(cost.total) == "0.03625"
    assert "web_searches: billed by grounded_prompts instead" in cost.notes
    with pytest.raises(PriceNotPublishedError):
        compute_cost(GPT_IMAGE_1, **counts)


def test_no_base_price_above_a_threshold_is_noted() -> None:
    partly = model(*rates(input="1", cached_input="0.1"), rate("input", "2", above_input_tokens=1_000))
    cost = compute_cost(partly, input_tokens=2_000, cached_input_tokens=1_000)
    assert str(cost.total) == "0.0021"
    assert "no price above 1,000 input tokens is published: the base price" in cost.lines[1].note


def test_free_is_zero_and_says_so() -> None:
    free = model(*rates(input="0", output="0"))
    cost = compute_cost(free, input_tokens=10, output_tokens=10)
    assert cost.total == 0
    assert not cost.is_partial
    assert [line.note for line in cost.lines] == ["free", "free"]


# Errors ---------------------------------------------------------------------------------------------


def test_an_unknown_price_is_never_zero() -> None:
    nothing = model()
    with pytest.raises(
        PriceNotPublishedError, match=r"no source states a price for p/m\. An unknown price is not zero"
    ):
        compute_cost(nothing, input_tokens=1)
    partial = compute_cost(GPT_4_1_MINI, input_tokens=1_000, input_audio_tokens=500, on_missing="skip")
    assert (str(partial.total), partial.unpriced, partial.is_partial) == ("0.0002", ("input_audio",), True)
    assert str(partial) == "0.0002 USD (partial: no price for input_audio)"
    assert any(note.startswith("partial: openai/gpt-4.1-mini has no published price") for note in partial.notes)


def test_a_missing_tier_names_those_with_prices() -> None:
    with pytest.raises(
        PriceNotPublishedError, match="no published prices in the flex tier; there are for standard, batch, priority"
    ):
        compute_cost(GPT_4_1_MINI, tier="flex", input_tokens=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tier": "bacth", "input_tokens": 1}, "did you mean 'batch'"),
        ({"tier": 3, "input_tokens": 1}, "no list price is by service tier 3"),
        ({"tier": [], "input_tokens": 1}, "no list price is by service tier"),
        ({"on_missing": "ignore", "input_tokens": 1}, "on_missing is 'raise' or 'skip'"),
        ({}, "nothing to price"),
        ({"input_tokens": -1}, "input_tokens cannot be negative"),
        ({"input_tokens": True}, "input_tokens must be a number, not True"),
        ({"input_tokens": 1.5}, "input_tokens must be a whole number"),
        ({"input_tokens": float("nan")}, "input_tokens must be a whole number, not nan"),
        ({"input_tokens": "7"}, "input_tokens must be a whole number, not '7'"),
        ({"output_tokens": -3}, "output_tokens cannot be negative"),
        ({"prompt_tokens": 3}, "did you mean input_tokens"),
        ({"input_tokens": 5, "cached_input_tokens": 6}, r"cached_input_tokens \(6\) is more than input_tokens \(5\)"),
        ({"cached_input_tokens": 6}, r"cached_input_tokens \(6\) is more than input_tokens \(0\)"),
        ({"at": date(2025, 4, 13), "input_tokens": 1}, "was released on 2025-04-14: it had no price at 2025-04-13"),
        ({"at": "2025-04", "input_tokens": 1}, "at='2025-04' is not a date"),
        ({"at": 5, "input_tokens": 1}, "at is a date or a datetime, not a int"),
        ({"usage": {"input_tokens": 1}}, "usage is a Usage, not a dict"),
        ({"usage": Usage(input_tokens=1), "input_tokens": 1}, "input_tokens is stated twice"),
        ({"usage": Usage(), "response": {}}, "give usage or response, not both"),
        ({"provider": "azure", "input_tokens": 1}, "openai/gpt-4.1-mini is openai's offer"),
    ],
)
def test_clear_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        compute_cost(GPT_4_1_MINI, **arguments)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ModelMetaError)
    with pytest.raises(UsageError, match=message):  # and again, now that the price list is open
        compute_cost(GPT_4_1_MINI, **arguments)


def test_errors_of_the_reference() -> None:
    with pytest.raises(UnknownModelError):
        compute_cost("gpt-4.1-minny", input_tokens=1)
    with pytest.raises(UsageError, match="say model="):
        compute_cost(None, Usage(input_tokens=1))
    with pytest.raises(UsageError, match="does not name its model: say model="):
        compute_cost(response={"usage": {"inputTokens": 1, "outputTokens": 1}})
    with pytest.raises(ModelMetaError):
        compute_cost(5, input_tokens=1)  # type: ignore[arg-type]


def test_zero_usage_costs_zero_whatever_is_priced() -> None:
    for priced in (GPT_4_1_MINI, WHISPER, model()):
        cost = compute_cost(priced, Usage())
        assert cost.total == 0
        assert (cost.lines, cost.unpriced) == ((), ())
    assert str(compute_cost(GPT_4_1_MINI, input_tokens=0, output_tokens=0).total) == "0"


def test_a_sum_of_calls_is_not_one_long_call() -> None:
    calls = Usage(input_tokens=150_000) + Usage(input_tokens=150_000)
    with pytest.raises(UsageError, match="sum of 2 calls"):
        compute_cost(GEMINI_2_5_PRO, calls)
    assert total(GEMINI_2_5_PRO, usage=Usage(input_tokens=100_000) + Usage(input_tokens=100_000)) == "0.25"
    assert total(GPT_4_1_MINI, usage=calls) == "0.12"


# The cost itself ------------------------------------------------------------------------------------


def test_the_line_says_everything() -> None:
    cost = compute_cost(model(rate("input", "0.4", source="vendor-pages")), input_tokens=1_500)
    assert cost.lines == (
        CostLine(
            component="input",
            quantity=1_500,
            unit="1M tokens",
            unit_price=Decimal("0.4"),
            amount=Decimal("0.0006"),
            tier="standard",
            source="vendor-pages",
            model="p/m",
        ),
    )
    assert (cost.model, cost.tier, cost.currency) == ("p/m", "standard", "USD")
    assert cost.at == datetime.now(timezone.utc).date()


def test_costs_add_up() -> None:
    one = compute_cost(GPT_4_1_MINI, input_tokens=1_000, output_tokens=500, at=DAY)
    two = compute_cost(GPT_4_1_MINI, input_tokens=3_000, cached_input_tokens=1_000, at=DAY)
    both = one + two
    assert str(both.total) == "0.0021"
    assert lines(both) == {"input": (3_000, "0.0012"), "cached_input": (1_000, "0.0001"), "output": (500, "0.0008")}
    assert both == two + one
    assert (both.model, both.tier, both.at) == ("openai/gpt-4.1-mini", "standard", DAY)
    assert sum([one, two]) == both
    assert sum([one]) == one
    assert one * 3 == 3 * one == one + one + one
    assert (one * 0).total == 0
    other = both + compute_cost(CLAUDE_SONNET_4_5, tier="batch", input_tokens=1_000, at=date(2026, 3, 2))
    assert (other.model, other.tier, other.at, len(other.lines)) == (None, None, None, 4)
    assert other.total == both.total + Decimal("0.0015")


def test_sums_of_sums_and_of_costs_read_before() -> None:
    parts = [compute_cost(GPT_4_1_MINI, input_tokens=number, at=DAY) for number in range(1, 2_001)]
    for part in parts[::3]:
        assert part.lines
    running = parts[0]
    for place, part in enumerate(parts[1:]):
        running = running + part
        if place % 500 == 0:
            assert running.total == running.lines[0].amount
    assert running == sum(parts)
    assert running.total == Decimal("0.4") * 2_001_000 / 1_000_000
    assert running.lines[0].quantity == 2_001_000
    kept = pickle.loads(pickle.dumps(running))
    assert (kept + running).total == 2 * running.total


def test_a_cost_made_by_hand_adds_up_too() -> None:
    by_hand = Cost(total=Decimal("0.5"), notes=("negotiated",))
    both = by_hand + compute_cost(GPT_4_1_MINI, input_tokens=1_000_000)
    assert str(both) == "0.9 USD"
    assert both.notes == ("negotiated",)
    assert (by_hand * 3).total == Decimal("1.5")
    with pytest.raises(UsageError, match="cannot add EUR and USD"):
        Cost(total=Decimal(1), currency="EUR") + by_hand


def test_partial_sums_stay_partial() -> None:
    partial = compute_cost(GPT_4_1_MINI, input_tokens=10, input_audio_tokens=5, on_missing="skip")
    both = partial + compute_cost(GPT_4_1_MINI, input_tokens=10)
    assert both.is_partial
    assert both.unpriced == ("input_audio",)
    assert (2 * partial).unpriced == ("input_audio",)


def test_what_cannot_be_added_or_multiplied() -> None:
    cost = compute_cost(GPT_4_1_MINI, input_tokens=10)
    for wrong in (1, 0.5, "x", None):
        with pytest.raises(TypeError):
            cost + wrong  # type: ignore[operator]
    for wrong in (0.5, "x", True):
        with pytest.raises(TypeError):
            cost * wrong  # type: ignore[operator]
    with pytest.raises(UsageError, match="multiplied by -1"):
        cost * -1


def test_formats() -> None:
    cost = compute_cost(GPT_4_1_MINI, input_tokens=50_000, cached_input_tokens=10_000, output_tokens=2_000)
    assert f"{cost:.2f}" == "0.02"
    assert f"{cost}" == str(cost) == "0.0202 USD"
    assert float(cost) == 0.0202
    assert cost.explain().splitlines() == [
        "input: 40,000 at 0.4 per 1M tokens = 0.016",
        "cached_input: 10,000 at 0.1 per 1M tokens = 0.001",
        "output: 2,000 at 1.6 per 1M tokens = 0.0032",
        "total: 0.0202 USD",
    ]


def test_export() -> None:
    cost = compute_cost(WHISPER, seconds=1.5, at=datetime(2026, 3, 1, 12, tzinfo=timezone.utc))
    exported = json.loads(json.dumps(cost.to_dict()))
    assert exported["total"] == "0.00015"
    assert exported["at"] == "2026-03-01T12:00:00+00:00"
    assert exported["lines"][0]["quantity"] == "1.5"
    assert exported["lines"][0]["unit_price"] == "0.006"
    assert exported["is_partial"] is False


def test_costs_are_frozen_values() -> None:
    cost = compute_cost(GPT_4_1_MINI, input_tokens=10, at=DAY)
    same = compute_cost(GPT_4_1_MINI, input_tokens=10, at=DAY)
    assert cost == same
    assert hash(cost) == hash(same)
    assert cost != compute_cost(GPT_4_1_MINI, input_tokens=11, at=DAY)
    assert pickle.loads(pickle.dumps(cost)) == copy.deepcopy(cost) == cost
    assert dataclasses.replace(cost, notes=("x",)).notes == ("x",)
    with pytest.raises(dataclasses.FrozenInstanceError):
        cost.total = Decimal(1)  # type: ignore[misc]
    with pytest.raises(AttributeError):
        cost.cost  # type: ignore[attr-defined]  # noqa: B018


def test_amounts_are_exact_whatever_the_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 3
        cost = compute_cost(GPT_4_1_MINI, input_tokens=123_456_789, output_tokens=987_654_321, at=DAY)
        assert str(cost.total) == "1629.6296292"
        assert str((cost + cost).total) == "3259.2592584"
        assert str((cost * 3).lines[0].amount) == "148.1481468"


def test_a_price_that_no_decimal_holds_is_rounded_once_at_the_twelfth_place() -> None:
    groq = model(rate("input_seconds", "0.111", "hour"), provider="groq", input=("audio",))
    second = compute_cost(groq, seconds=1)
    assert str(second.total) == "0.000030833333"  # 0.111 / 3,600 = 0.0000308333...
    assert total(groq, seconds=3_600) == "0.111"
    assert total(groq, seconds=36) == "0.00111"
    assert second.total == sum(line.amount for line in second.lines)
    assert (second + second).total == 2 * second.total
    assert str((second * 3_600).total) == "0.1109999988"


def test_new_lists_under_an_old_identity_are_not_mixed_up() -> None:
    for amount in range(1, 300):  # objects that die give their id to others
        assert total(model(rate("input", str(amount))), input_tokens=1_000_000) == str(amount)


def test_numpy_like_integers_count() -> None:
    class Whole:
        def __init__(self, value: int) -> None:
            self.value = value

        def __index__(self) -> int:
            return self.value

    assert total(GPT_4_1_MINI, input_tokens=Whole(1_000)) == "0.0004"
    with pytest.raises(UsageError, match="negative"):
        compute_cost(GPT_4_1_MINI, input_tokens=Whole(-1))  # type: ignore[arg-type]


def test_a_response_needs_nothing_else() -> None:
    response = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_772_366_400,  # 2026-03-01 12:00 UTC
        "model": "gpt-4.1-mini-2025-04-14",
        "service_tier": "priority",
        "usage": {
            "prompt_tokens": 1_000,
            "completion_tokens": 500,
            "total_tokens": 1_500,
            "prompt_tokens_details": {"cached_tokens": 200},
        },
    }
    cost = compute_cost(response=response)
    assert (cost.tier, cost.at) == ("priority", datetime(2026, 3, 1, 12, tzinfo=timezone.utc))
    assert str(cost.total) == "0.001995"  # 800 x 0.70 + 200 x 0.175 + 500 x 2.80
    assert compute_cost(usage=Usage.from_response(response)) == cost
    assert str(compute_cost(response=response, tier="standard").total) == "0.00114"
    assert str(compute_cost(GPT_4_1_MINI, response=response, at=DAY).total) == "0.001995"
    with pytest.raises(UsageError, match="'scale' that the response states"):
        compute_cost(response={**response, "service_tier": "scale"})
    old = compute_cost(response={**response, "created": 1_600_000_000, "model": "gpt-4.1-mini"})
    assert any("was released on 2025-04-14, yet the response is of 2020-09-13" in note for note in old.notes)
