"""Why sources differ: each kind of explanation where the statements bear it out, and none where they do not."""

from __future__ import annotations

from typing import Any

import pytest

from modelmeta.provenance import conflicts_among, unpacked
from pipeline.conflicts import EXPLANATIONS, REMARKS, kind_of
from pipeline.identity import identify
from pipeline.observations import Observation
from pipeline.provenance import provenance
from pipeline.reconcile import reconcile
from pipeline.sources.histories import Change

DAY = "2026-11-01"
PAGES = "vendor-pages"
CATALOGUE = "models.dev"


def say(field: str, value: Any, source: str = PAGES, date: str | None = DAY, model: str = "gpt-9") -> Observation:
    return Observation("openai", model, field, value, source, f"{source}#{model}", date)


def price(amount: str, source: str = PAGES, date: str | None = DAY, model: str = "gpt-9", **row: Any) -> Observation:
    value = {"component": "input", "unit": "1M tokens", "currency": "USD", "tier": "standard", **row, "amount": amount}
    return say("price", value, source, date, model)


def reasons(*statements: Observation, changes: tuple[Change, ...] = (), model: str = "gpt-9") -> dict[str, list[str]]:
    """Why the sources differ, field by field, as the dataset says it."""
    found = identify(statements)
    said = unpacked(provenance(reconcile(found), found, changes)["openai"][model])
    return {c.field: [other.reason for other in c.others] for c in conflicts_among(f"openai/{model}", said)}


def test_no_two_kinds_are_worded_alike() -> None:
    for kind, words in (EXPLANATIONS | REMARKS).items():
        assert kind_of(words) == kind
    assert kind_of("") is None
    assert kind_of("Only the author knows it.") is None


@pytest.mark.parametrize(
    ("settled", "other", "reason"),
    [
        (("limits.context_window", 1_047_576), 1_000_000, "a rounded number: 1,000,000 for 1,047,576"),
        (("limits.max_output_tokens", 32_768), 32_000, "a rounded number: 32,000 for 32,768"),
        (("limits.context_window", 131_072), 128_000, "a rounded number: 128,000 for 131,072"),  # 128 x 1,024
        (("limits.context_window", 128_000), 131_072, "a rounded number: the settled 128,000 is as printed, for 131,072"),
        (("limits.context_window", 1_048_576), 1_000_000, "a rounded number: 1,000,000 for 1,048,576"),
        (("limits.context_window", 1_047_576), 8_192, ""),
        (("limits.context_window", 200_000), 1_000_000, ""),
        (("limits.context_window", 1_047_576), 1_047_575, ""),
        (("limits.context_window", 400_000), 380_000, ""),
        (("knowledge_cutoff", "2024-06-01"), "2024-06", "the same date, less exactly"),
        (("knowledge_cutoff", "2024-06"), "2024-06-01", "the same date, more exactly"),
        (("knowledge_cutoff", "2024-06-01"), "2024-04", ""),
        (("knowledge_cutoff", "2025-02"), "2025-02-31", ""),
        (("knowledge_cutoff", "2023-10-01"), "2023-09", "a day apart: 2023-09 and 2023-10-01"),
        (("knowledge_cutoff", "2024-05-31"), "2024-06", "a day apart: 2024-06 and 2024-05-31"),
        (("lifecycle.released", "2026-02-05"), "2026-02-04", "a day apart: 2026-02-04 and 2026-02-05"),
        (("lifecycle.released", "2026-02-05"), "2026-02-03", ""),
        (("knowledge_cutoff", "2024-06"), "2024-07", ""),
        (("knowledge_cutoff", "2024"), "2025-01-01", ""),
        (("lifecycle.replacement", "gpt-9-2026-02-05"), "gpt-9-2026-02-04", ""),
        (("lifecycle.released", "2025-04-14"), "2025", "the same date, less exactly"),
        (("name", "GPT-4.1 mini"), "OpenAI: GPT 4.1 Mini", "another spelling"),
        (("name", "GPT-4.1 mini"), "GPT-4.1", ""),
        (("name", "Claude 3"), "Claude 3-5", ""),
        (("modalities.input", ["image", "text"]), ["text"], "it leaves out image"),
        (("modalities.input", ["text"]), ["pdf", "text"], "it adds pdf"),
        (("modalities.input", ["image", "text"]), ["pdf", "text"], ""),
        (("capabilities.web_search", True), False, ""),
    ],
)  # fmt: skip
def test_a_difference_of_two_values(settled: tuple[str, Any], other: Any, reason: str) -> None:
    field, value = settled
    assert reasons(say(field, value), say(field, other, CATALOGUE)) == {field: [reason]}


def test_input_or_window() -> None:
    limits = (say("limits.context_window", 400_000), say("limits.max_output_tokens", 128_000))
    of_window = "limits.context_window"
    assert reasons(*limits, say(of_window, 272_000, CATALOGUE)) == {
        of_window: ["that counts the context window less the output limit"]
    }
    assert reasons(*limits, say(of_window, 128_000, CATALOGUE)) == {of_window: ["that counts the output limit alone"]}
    assert reasons(*limits, say(of_window, 528_000, CATALOGUE)) == {
        of_window: ["that counts the context window and the output limit together"]
    }
    stated = (*limits, say("limits.max_input_tokens", 272_000))
    assert reasons(*stated, say(of_window, 272_000, CATALOGUE)) == {of_window: ["that counts the input limit alone"]}


def test_a_catalogue_does_not_bear_out_itself() -> None:
    window = say("limits.context_window", 256_000)
    both = [say(field, 100_000, CATALOGUE) for field in ("limits.context_window", "limits.max_output_tokens")]
    assert reasons(window, *both) == {"limits.context_window": [""]}


def test_another_cutoff() -> None:
    stated = (say("knowledge_cutoff", "2025-01"), say("training_cutoff", "2025-07"))
    assert reasons(*stated, say("knowledge_cutoff", "2025-07-31", CATALOGUE)) == {
        "knowledge_cutoff": ["that is the training cutoff"]
    }


def test_an_older_page_of_the_vendor() -> None:
    field = "limits.context_window"
    assert reasons(say(field, 1_000_000), say(field, 2_000_000, "vendor-copies", "2026-03")) == {
        field: ["as of 2026-03 the vendor said so; the settled value is of 2026-11-01"]
    }
    assert reasons(say(field, 1_000_000), say(field, 2_000_000, CATALOGUE, "2026-03")) == {field: [""]}
    assert reasons(say(field, 1_000_000), say(field, 2_000_000, "vendor-copies", None)) == {field: [""]}


@pytest.mark.parametrize(
    ("life", "said", "date", "reason"),
    [
        ({"stated": "deprecated", "deprecated_on": "2026-10-14"}, "active", "2026-04", "until 2026-10-14"),
        ({"stated": "deprecated", "deprecated_on": "2026-10-14"}, "active", "2026-10-20", ""),
        ({"stated": "retired", "deprecated_on": "2026-01-05", "retires_on": "2026-07-01"}, "active", "2025", "until 2026-01-05"),
        ({"stated": "retired", "retires_on": "2026-07-01"}, "deprecated", "2026-04", "until 2026-07-01"),
        ({"stated": "active"}, "deprecated", "2026-04", ""),
    ],
)  # fmt: skip
def test_a_status_that_ended(life: dict[str, str], said: str, date: str, reason: str) -> None:
    stated = [say(f"lifecycle.{name}", value) for name, value in life.items()]
    (found,) = reasons(*stated, say("lifecycle.stated", said, CATALOGUE, date))["lifecycle.stated"]
    assert found == (f"that was the value {reason}" if reason else "")


def test_another_version() -> None:
    statements = [
        say("snapshots", ["gpt-9-2026-01-01", "gpt-9-2026-05-05"]),
        say("default_snapshot", "gpt-9-2026-05-05"),
        say("limits.max_output_tokens", 64_000),
        say("limits.max_output_tokens", 16_384, model="gpt-9-2026-01-01"),
        say("capabilities.web_search", True),
        say("capabilities.web_search", False, model="gpt-9-2026-01-01"),
        price("2"),
        price("5", model="gpt-9-2026-01-01"),
    ]
    wrong = [
        say("limits.max_output_tokens", 16_384, CATALOGUE),
        say("capabilities.web_search", False, CATALOGUE),
        price("5", CATALOGUE),
    ]
    assert reasons(*statements, *wrong) == {
        "limits.max_output_tokens": ["that is what holds for gpt-9-2026-01-01"],
        "capabilities.web_search": [""],  # of two values, any version has one
        "pricing.standard.input": ["that is what holds for gpt-9-2026-01-01"],
    }


def test_another_model() -> None:
    statements = [
        say("limits.context_window", 8_192, model="gpt-8"),
        say("limits.context_window", 1_000_000),
        say("limits.context_window", 8_192, "page-modelmeta"),
        say("family", "gpt-nine"),
        say("family", "GPT-8", "page-modelmeta"),
    ]
    assert reasons(*statements) == {
        "limits.context_window": ["it gives what holds for gpt-8, the family that it names"],
        "family": [""],
    }


# Prices ------------------------------------------------------------------------------------------------------

PRICED = "pricing.standard.input"


@pytest.mark.parametrize(
    ("others", "said", "reason"),
    [
        ([price("0.7", tier="priority")], price("0.7", CATALOGUE), "that is the price of the priority tier, shown as standard"),
        ([price("0.7", tier="priority", condition={"above_input_tokens": 200_000})], price("0.7", CATALOGUE), ""),
        ([price("0.8", condition={"above_input_tokens": 200_000})], price("0.8", CATALOGUE), ""),
        ([price("0.36", condition={"region": "global"})], price("0.36", CATALOGUE), "that is the price of global inference"),
        ([price("0.36", condition={"region": "francecentral"})], price("0.36", CATALOGUE), ""),
        ([price("1.2", effective_until="2026-05-01")], price("1.2", CATALOGUE), "that was the price until 2026-05-01"),
        ([price("1.2", effective_until="2026-05-01"), price("1.2", tier="priority")], price("1.2", CATALOGUE), "that was the price until 2026-05-01"),
        ([], price("4", CATALOGUE), ""),
        ([], price("0.41", CATALOGUE), ""),
        ([], price("0.3", "vendor-copies", "2025-01-01"), "as of 2025-01-01 the vendor said so; the settled value is of 2026-11-01"),
    ],
)  # fmt: skip
def test_a_difference_of_prices(others: list[Observation], said: Observation, reason: str) -> None:
    assert reasons(price("0.4"), *others, said)[PRICED] == [reason]


def test_a_price_with_fewer_digits() -> None:
    assert reasons(price("0.4367"), price("0.44", CATALOGUE)) == {PRICED: ["a rounded number: 0.44 for 0.4367"]}
    assert reasons(price("0.13"), price("0.125", CATALOGUE)) == {PRICED: ["a rounded number: the settled amount"]}
    assert reasons(price("2.95"), price("3", CATALOGUE)) == {PRICED: [""]}
    assert reasons(price("0.15"), price("0.1545", CATALOGUE)) == {PRICED: [""]}  # 3 % dearer in a region


def test_a_price_that_ended_as_an_archive_shows() -> None:
    change = Change("openai", "gpt-9", PRICED, "2026-05-01", "0.5", "0.4", CATALOGUE, "commit")
    assert reasons(price("0.4"), price("0.5", CATALOGUE), changes=(change,)) == {
        PRICED: ["it was listed until 2026-05-01, by models.dev"]
    }
    slip = Change("openai", "gpt-9", PRICED, "2026-05-01", "0.5", "0.4", CATALOGUE, "commit", "correction")
    assert reasons(price("0.4"), price("0.5", CATALOGUE), changes=(slip,)) == {PRICED: [""]}


def test_what_is_no_conflict_of_prices() -> None:
    assert reasons(price("0.4", effective_from="2026-01-01"), price("0.4", CATALOGUE)) == {}
    assert (
        reasons(price("0.4"), price("0.4", CATALOGUE), price("0.2", tier="batch", condition={"fine_tuned": True})) == {}
    )
    assert reasons(price("0.4"), price("2.9", CATALOGUE, currency="CNY")) == {}
    fine_tuned = price("0.8", CATALOGUE, condition={"fine_tuned": True})  # nothing is settled about fine-tuned models
    assert reasons(price("0.4"), price("0.5", CATALOGUE), fine_tuned) == {PRICED: [""]}
    before = price("0.6", CATALOGUE, effective_until="2026-01-01")
    assert PRICED not in reasons(price("0.4"), before, price("0.4", CATALOGUE, effective_from="2026-01-01"))
