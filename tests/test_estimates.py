"""Estimates: the figures of the pages, and what a budget buys."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelmeta import PriceNotPublishedError, UsageError
from modelmeta.cost import compute_cost
from modelmeta.estimates import (
    REQUESTS,
    WORKLOADS,
    Workload,
    cost_examples,
    monthly_cost,
    pricing_formula,
    sort_by_cost,
    tokens_for_budget,
)
from tests.price_lists import (
    CLAUDE_SONNET_4_5,
    GEMINI_2_5_PRO,
    GPT_4_1_MINI,
    GPT_6_1_SOL,
    GPT_REALTIME,
    WHISPER,
    model,
    rate,
    rates,
)

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("workload", "tokens", "expected"),
    [
        ("personal", 675_000, "0.54"),
        ("small_team", 9_000_000, "7.20"),
        ("enterprise", 135_000_000, "108.00"),
    ],
)
@pytest.mark.parametrize("priced", [GPT_4_1_MINI, "gpt-4.1-mini"])
def test_the_pages_months(priced: Any, workload: str, tokens: int, expected: str) -> None:
    assert f"{monthly_cost(priced, workload):.2f}" == expected
    assert monthly_cost(priced, WORKLOADS[workload]) == monthly_cost(priced, workload)
    assert WORKLOADS[workload].tokens == tokens


@pytest.mark.parametrize("priced", [GPT_4_1_MINI, "gpt-4.1-mini"])
def test_the_pages_examples(priced: Any) -> None:
    assert [(example.name, f"{example.cost:.4f}") for example in cost_examples(priced)] == [
        ("quick_chat", "0.0012"),
        ("document_summary", "0.0056"),
        ("rag_query", "0.0232"),
        ("code_generation", "0.0180"),
    ]
    assert [example.usage for example in cost_examples(priced)] == list(REQUESTS.values())


def test_each_request_is_priced_by_its_own_size() -> None:
    small = Workload(requests_per_day=1_000, input_tokens=1_000, output_tokens=0)
    large = Workload(requests_per_day=4, input_tokens=250_000, output_tokens=0)
    assert str(monthly_cost(GEMINI_2_5_PRO, small).total) == "37.5"
    assert str(monthly_cost(GEMINI_2_5_PRO, large).total) == "75"
    assert large.tokens == small.tokens


def test_shares_tiers_and_days() -> None:
    half = Workload(requests_per_day=10, input_tokens=1_000, output_tokens=100, days=31, cached_share=0.5)
    assert half.usage().cached_input_tokens == 500
    assert str(monthly_cost(GPT_4_1_MINI, half).total) == "0.1271"  # 310 x (0.0002 + 0.00005 + 0.00016)
    third = Workload(requests_per_day=1, input_tokens=100, output_tokens=0, cached_share=Decimal(1) / 3)
    assert third.usage().cached_input_tokens == 33
    batch = Workload(requests_per_day=10, input_tokens=1_000, output_tokens=100, tier="batch", days=1)
    assert str(monthly_cost(GPT_4_1_MINI, batch).total) == "0.0028"
    assert monthly_cost(GPT_4_1_MINI, Workload(requests_per_day=0, input_tokens=1, output_tokens=1)).total == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"cached_share": 1.5}, "cached_share must lie between 0 and 1"),
        ({"cached_share": -0.1}, "cached_share must lie between 0 and 1"),
        ({"cached_share": True}, "cached_share must lie between 0 and 1"),
        ({"cached_share": "much"}, "cached_share must lie between 0 and 1"),
        ({"requests_per_day": 1.5}, "requests_per_day must be a whole number"),
        ({"requests_per_day": -1}, "requests_per_day must be a whole number"),
        ({"days": True}, "days must be a whole number"),
        ({"input_tokens": -1}, "input_tokens cannot be negative"),
        ({"tier": "cheap"}, "no list price is by service tier 'cheap'"),
    ],
)
def test_workloads_that_cannot_be(values: dict[str, Any], message: str) -> None:
    workload = Workload(**{"requests_per_day": 1, "input_tokens": 1, "output_tokens": 1, **values})
    with pytest.raises(UsageError, match=message):
        monthly_cost(GPT_4_1_MINI, workload)


def test_an_unknown_workload() -> None:
    with pytest.raises(UsageError, match="personal, small_team, enterprise, not 'huge'"):
        monthly_cost(GPT_4_1_MINI, "huge")
    with pytest.raises(PriceNotPublishedError, match="input"):
        monthly_cost(WHISPER, "personal")


def test_what_a_budget_buys() -> None:
    bought = tokens_for_budget(GPT_4_1_MINI, 1, input_tokens=1_000, output_tokens=500)
    assert (bought.requests, bought.input_tokens, bought.output_tokens) == (833, 833_000, 416_500)
    assert (str(bought.cost), str(bought.left)) == ("0.9996", "0.0004")
    assert tokens_for_budget(GPT_4_1_MINI, "1").input_tokens == 2_500_000
    assert tokens_for_budget(GPT_4_1_MINI, 1, input_tokens=0, output_tokens=1).output_tokens == 625_000
    assert tokens_for_budget(GPT_4_1_MINI, Decimal("0.0001")).requests == 250
    assert tokens_for_budget(GPT_4_1_MINI, 0).requests == 0
    free = tokens_for_budget(model(*rates(input="0")), 5)
    assert (free.requests, free.input_tokens) == (None, None)
    assert free.left == 5


@pytest.mark.parametrize("budget", [-1, "much", float("nan"), True, None])
def test_budgets_that_are_none(budget: Any) -> None:
    with pytest.raises(UsageError, match="a budget is an amount of money"):
        tokens_for_budget(GPT_4_1_MINI, budget)


def test_a_request_of_nothing() -> None:
    with pytest.raises(UsageError, match="say its size"):
        tokens_for_budget(GPT_4_1_MINI, 1, input_tokens=0)


@given(
    st.decimals("0", "1000000", places=4, allow_nan=False),
    st.integers(0, 10_000),
    st.integers(1, 10_000),
)
def test_a_budget_is_never_exceeded_nor_wasted(budget: Decimal, sent: int, got: int) -> None:
    bought = tokens_for_budget(CLAUDE_SONNET_4_5, budget, input_tokens=sent, output_tokens=got, at=DAY)
    each = compute_cost(CLAUDE_SONNET_4_5, input_tokens=sent, output_tokens=got, at=DAY).total
    assert bought.requests is not None
    assert Fraction(bought.cost) == Fraction(each) * bought.requests
    assert 0 <= bought.left < each
    assert bought.cost + bought.left == budget


def test_formulas() -> None:
    assert pricing_formula(GPT_4_1_MINI) == (
        "USD = (input_tokens - cached_input_tokens) / 1M x 0.4 + cached_input_tokens / 1M x 0.1 "
        "+ output_tokens / 1M x 1.6"
    )
    assert pricing_formula(GPT_4_1_MINI, tools=True).endswith(" + output_tokens / 1M x 1.6 + web_searches x 0.01")
    assert pricing_formula(WHISPER) == "USD = input_seconds / 60 x 0.006"
    assert pricing_formula(GPT_6_1_SOL, tier="fast") == (
        "USD = (input_tokens - cached_input_tokens) / 1M x 4 + cached_input_tokens / 1M x 0.2 + output_tokens / 1M x 20"
    )
    two = pricing_formula(GEMINI_2_5_PRO).splitlines()
    assert two[1].startswith("USD (above 200,000 input tokens) = (input_tokens - cached_input_tokens) / 1M x 2.5 +")
    with pytest.raises(PriceNotPublishedError, match="no published prices in the flex tier"):
        pricing_formula(GPT_4_1_MINI, tier="flex")


@given(
    st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 1_000)
)
def test_the_formula_is_what_is_computed(plain: int, cached: int, audio: int, both: int, out: int) -> None:
    counts: dict[str, Any] = {
        "input_tokens": plain + cached + audio + both,
        "cached_input_tokens": cached + both,
        "input_audio_tokens": audio + both,
        "cached_input_audio_tokens": both,
        "input_image_tokens": 0,
        "cached_input_image_tokens": 0,
        "output_tokens": out + audio,
        "output_audio_tokens": audio,
    }
    formula = pricing_formula(GPT_REALTIME).partition(" = ")[2].replace("1M", "1000000").replace(" x ", " * ")
    worked = eval(formula, {}, {name: Fraction(count) for name, count in counts.items()})  # our own text
    assert abs(worked - Fraction(compute_cost(GPT_REALTIME, **counts).total)) < Fraction(1, 10**12)


def test_the_cheapest_first_and_the_unpriced_last() -> None:
    yuan = model(rate("input", "0.1", currency="CNY"), rate("output", "0.1", currency="CNY"), id="yuan")
    free = model(*rates(input="0", output="0"), id="free")
    half = model(*rates(input="1"), id="half")
    models = [GPT_6_1_SOL, half, yuan, CLAUDE_SONNET_4_5, GPT_4_1_MINI, free, WHISPER]
    ordered = sort_by_cost(models, "small_team")
    assert ordered == [free, GPT_4_1_MINI, GPT_6_1_SOL, CLAUDE_SONNET_4_5, yuan, half, WHISPER]
    with pytest.raises(UsageError, match="workload="):
        sort_by_cost(models, None)


def test_finding_the_cheapest() -> None:
    from modelmeta import find_models

    found = find_models(
        provider="openai", sort_by="cost", workload=WORKLOADS["personal"], requires=["tool_calling"], limit=5
    )
    costs = [monthly_cost(one, "personal").total for one in found]
    assert costs == sorted(costs)
