"""Which conflicts would hurt most: a case worked by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from modelmeta import Observation, list_offers
from modelmeta.provenance import Conflict, conflicts_among
from pipeline import emit
from pipeline.build import Build
from pipeline.harm import Reach, harm_table, ranked, shares, weight
from pipeline.identity import identify
from pipeline.observations import Observation as PipelineObservation
from pipeline.provenance import provenance
from pipeline.reconcile import reconcile
from pipeline.report import report

USAGE = Path(__file__).parents[2] / "curation" / "usage.jsonl"
OFFERS = {
    "openai/gpt-9": ["openai/gpt-9", "openai/gpt-9-2026-01-01", "azure/gpt-9", "openrouter/openai/gpt-9", "poe/gpt-9"],
    "acme/one": ["poe/one"],
}
REACH = Reach(OFFERS, {"openai/gpt-9": Decimal("2.5")})
"""gpt-9: four providers and 2.5 % of the use count 29 at OpenAI and 7.25 at each other; the other model 1."""


def usd(amount: str) -> tuple[tuple[str, str], ...]:
    return (("amount", amount), ("currency", "USD"), ("unit", "1M tokens"))


def conflict(model: str, field: str, settled: object, said: object, reason: str = "") -> Conflict:
    rows = (
        Observation(field=field, value=settled, source="vendor-pages", believed=True),
        Observation(field=field, value=said, source="models.dev", reason=reason),
    )
    (found,) = conflicts_among(model, rows)
    return found


CONFLICTS = [
    # reach x weight of the field x how far apart
    conflict("openai/gpt-9", "pricing.standard.input", usd("0.4"), usd("0.7")),  # 29 x 10 x 0.75 = 217.5
    conflict("openai/gpt-9", "limits.context_window", 100_000, 300_000),  # 29 x 6 x 2 = 348
    conflict("openai/gpt-9", "lifecycle.retires_on", "2027-01-14", "2027-04-14"),  # 29 x 6 x 3 = 522
    conflict("openai/gpt-9", "modalities.input", ("image", "text"), ("text",)),  # 29 x 3 x 1 = 87
    conflict("openai/gpt-9", "limits.max_output_tokens", 32_768, 32_000, "a rounded number: x"),  # 29 x 6 x 0.024 / 10
    conflict("azure/gpt-9", "limits.context_window", 100_000, 300_000),  # 7.25 x 6 x 2 = 87, and "azure" is first
    conflict("poe/one", "pricing.standard.output", usd("1"), usd("1000")),  # 1 x 10 x 9, for it counts no farther
    conflict("poe/unheard-of", "name", "A", "B"),  # 1 x 0.1 x 1
]
WORKED = [
    ("openai/gpt-9", "lifecycle.retires_on", "522"),
    ("openai/gpt-9", "limits.context_window", "348"),
    ("openai/gpt-9", "pricing.standard.input", "217.5"),
    ("poe/one", "pricing.standard.output", "90"),
    ("azure/gpt-9", "limits.context_window", "87"),
    ("openai/gpt-9", "modalities.input", "87"),
    ("openai/gpt-9", "limits.max_output_tokens", "0.4176"),
    ("poe/unheard-of", "name", "0.1"),
]


def test_the_ranking_weighs_people_field_spread_and_what_is_explained() -> None:
    found = [(harm.conflict.model, harm.conflict.field, harm.points) for harm in ranked(CONFLICTS, REACH)]
    assert [row[:2] for row in found] == [row[:2] for row in WORKED]
    assert [float(points) for *_, points in found] == pytest.approx([float(points) for *_, points in WORKED], rel=1e-3)
    assert found == [(h.conflict.model, h.conflict.field, h.points) for h in ranked(reversed(CONFLICTS), REACH)]


def test_a_conflict_that_a_version_shares_stands_once() -> None:
    twice = [conflict(model, "limits.context_window", 1, 2) for model in ("openai/gpt-9", "openai/gpt-9-2026-01-01")]
    assert [harm.conflict.model for harm in ranked(twice, REACH)] == ["openai/gpt-9"]


def test_the_table_names_the_values_who_says_them_and_why() -> None:
    rounded = conflict(
        "openai/gpt-9", "limits.context_window", 131_072, 128_000, "a rounded number: 128,000 for 131,072"
    )
    price, window = harm_table(ranked([rounded, CONFLICTS[0]], REACH))[2:]
    assert price == (
        "| `openai/gpt-9` | `pricing.standard.input` | 0.4 USD per 1M tokens | 0.7 USD per 1M tokens (models.dev) "
        "| unexplained |"
    )
    assert window == (
        "| `openai/gpt-9` | `limits.context_window` | 131,072 | 128,000 (models.dev) "
        "| a rounded number: 128,000 for 131,072 |"
    )


def test_the_report_says_what_to_check_next() -> None:
    said = [
        PipelineObservation("openai", "gpt-9", "limits.context_window", value, source, source, "2026-11-01")
        for source, value in (("vendor-pages", 400_000), ("models.dev", 128_000), ("portkey", 400_000))
    ]
    found = identify(said)
    models = reconcile(found)
    statements = provenance(models, found)
    text = report(Build(found, models, [], emit.data_files(models, {}, statements, []), statements))
    assert text.index("## Conflicts that would hurt most") < text.index("# Findings")
    assert "| `openai/gpt-9` | `limits.context_window` | 400,000 | 128,000 (models.dev) | unexplained |" in text


def test_the_more_exact_prefix_gives_the_weight() -> None:
    assert [weight(field) for field in ("pricing.standard.input", "pricing.batch.input", "links.docs")] == [10, 5, 1]


def test_the_table_of_use_names_models_of_the_dataset() -> None:
    found = shares(USAGE)
    assert found["deepseek/deepseek-flash"] == Decimal("27.33")
    assert len(found) >= 35
    for base in found:
        assert list_offers(base), base
