"""Facts that cannot be true together: each is found, and none is silently passed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.checks import RULES, WITHHELD_BECAUSE, Finding, check, unexplained
from pipeline.identity import identify
from pipeline.observations import Observation
from pipeline.reconcile import ModelFacts, reconcile

Models = dict[tuple[str, str], ModelFacts]
NOWHERE = Path("no-such-file.jsonl")


def say(
    field: str, value: Any, source: str = "vendor-pages", provider: str = "acme", model: str = "one"
) -> Observation:
    return Observation(provider, model, field, value, source, "page", "2026-11-01")


def price(component: str, amount: str, provider: str = "acme", model: str = "one", **more: Any) -> Observation:
    value = {
        "component": component,
        "unit": "1M tokens",
        "amount": amount,
        "currency": "USD",
        "tier": "standard",
        **more,
    }
    return say("price", value, provider=provider, model=model)


def run(*statements: Observation, accepted: Path = NOWHERE) -> tuple[Models, list[Finding]]:
    models = reconcile(identify(statements))
    return models, check(models, accepted)


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    ("rule", "statements"),
    [
        ("output-over-context", [say("limits.context_window", 1000), say("limits.max_output_tokens", 1001)]),
        ("input-over-context", [say("limits.context_window", 1000), say("limits.max_input_tokens", 2000)]),
        (
            "retired-before-released",
            [say("lifecycle.released", "2026-05-01"), say("lifecycle.retires_on", "2026-04-30")],
        ),
        ("retired-before-released", [say("lifecycle.released", "2026-05-01"), say("lifecycle.deprecated_on", "2025")]),
        (
            "retired-before-deprecated",
            [say("lifecycle.deprecated_on", "2026-05"), say("lifecycle.retires_on", "2026-04")],
        ),
        ("cutoff-after-release", [say("lifecycle.released", "2026-05-01"), say("knowledge_cutoff", "2026-06")]),
        ("cached-over-input", [price("input", "2"), price("cached_input", "3")]),
        ("cache-write-implausible", [price("input", "2"), price("cache_write", "0.08")]),
        ("cache-write-implausible", [price("input", "2"), price("cache_write", "6.5")]),
        ("batch-over-standard", [price("input", "2"), price("input", "3", tier="batch")]),
        ("text-price-implausible", [price("input", "400000")]),
        ("not-a-date", [say("lifecycle.released", "2026-02-30")]),
    ],
)
def test_each_contradiction_is_found(rule: str, statements: list[Observation]) -> None:
    _, findings = run(*statements)
    assert rules(findings) == [rule]
    (finding,) = findings
    assert (finding.provider, finding.model) == ("acme", "one")
    assert finding.detail
    assert bool(finding.withheld) is (rule in WITHHELD_BECAUSE)
    assert finding.reason == WITHHELD_BECAUSE.get(rule, "")


@pytest.mark.parametrize(
    "statements",
    [
        [
            say("limits.context_window", 1000),
            say("limits.max_output_tokens", 1000),
            say("limits.max_input_tokens", 1000),
        ],
        [say("lifecycle.released", "2026-05"), say("lifecycle.retires_on", "2026-05-15")],
        [say("lifecycle.released", "2026-05-15"), say("lifecycle.retires_on", "2026-05")],
        [say("lifecycle.released", "2026-05-15"), say("lifecycle.deprecated_on", "2026")],
        [say("lifecycle.deprecated_on", "2026-05-01"), say("lifecycle.retires_on", "2026-05-01")],
        [say("lifecycle.released", "2026-05-15"), say("knowledge_cutoff", "2026-05")],
        [say("lifecycle.released", "2026"), say("knowledge_cutoff", "2026-05-01")],
        [price("input", "2"), price("cached_input", "2"), price("input", "2", tier="batch")],
        [price("input", "2"), price("cached_input", "3", effective_until="2026-01-01")],
        [price("input", "2"), price("cached_input", "3", condition={"region": "eu"})],
        [price("output", "600")],
        [],
    ],
)
def test_what_can_be_true_together_is_left_alone(statements: list[Observation]) -> None:
    models, findings = run(say("name", "One"), *statements)
    assert findings == []
    assert len(models["acme", "one"].prices) == sum(statement.field == "price" for statement in statements)


def test_a_host_cannot_have_released_a_model_before_its_author() -> None:
    host = {"provider": "host", "model": "openai/gpt-9", "source": "models.dev"}
    models, _ = run(
        say("lifecycle.released", "2026-06-01", provider="openai", model="gpt-9"),
        say("lifecycle.released", "2025-01-01", **host),
        say("knowledge_cutoff", "2026-03", **host),
    )
    assert models["host", "openai/gpt-9"].value("lifecycle.released") is None
    assert models["host", "openai/gpt-9"].value("knowledge_cutoff") == "2026-03"


def test_the_less_trusted_of_two_is_withheld() -> None:
    models, _ = run(say("limits.context_window", 1000), say("limits.max_output_tokens", 2000, "models.dev"))
    assert models["acme", "one"].value("limits.max_output_tokens") is None
    assert models["acme", "one"].value("limits.context_window") == 1000
    models, _ = run(say("limits.context_window", 1000, "models.dev"), say("limits.max_output_tokens", 2000))
    assert models["acme", "one"].value("limits.context_window") is None
    assert models["acme", "one"].value("limits.max_output_tokens") == 2000


def test_a_rule_that_finds_two_things_at_once() -> None:
    """Both ends lie before the release, and the release is the less trusted: it is withheld once."""
    models, findings = run(
        say("lifecycle.released", "2026-05-01", "zenmux-api"),
        say("lifecycle.deprecated_on", "2026-03-01"),
        say("lifecycle.retires_on", "2026-04-01"),
    )
    assert rules(findings) == ["retired-before-released"] * 2
    assert models["acme", "one"].value("lifecycle.released") is None
    assert models["acme", "one"].value("lifecycle.retires_on") == "2026-04-01"


def test_a_version_older_than_its_model_is_found_but_not_withheld() -> None:
    _, findings = run(
        say("lifecycle.released", "2026-05-01", provider="openai", model="gpt-9"),
        say("lifecycle.released", "2026-04-01", provider="openai", model="gpt-9-2026-04-01"),
    )
    assert [(finding.rule, finding.model, finding.withheld) for finding in findings] == [
        ("snapshot-older-than-model", "gpt-9-2026-04-01", "")
    ]
    assert unexplained(findings) == findings


@pytest.mark.parametrize(
    ("amount", "found"),
    [("2", False), ("19", False), ("20", True), ("2000", True), ("0.1", True), ("0.11", False), ("0", False)],
)
def test_a_price_far_from_the_authors_own(amount: str, found: bool) -> None:
    _, findings = run(
        price("input", "2", provider="anthropic", model="claude-nine"),
        price("input", amount, provider="openrouter", model="anthropic/claude-nine"),
    )
    assert ("price-far-from-author" in rules(findings)) is found


def test_each_dataset_is_compared_with_its_own_authors() -> None:
    for own, far in (("2", False), ("200", True)):
        _, findings = run(
            price("input", own, provider="anthropic", model="claude-nine"),
            price("input", "2", provider="openrouter", model="anthropic/claude-nine"),
        )
        assert bool(findings) is far


# Findings that were looked at ---------------------------------------------------------------------------------


def accept(tmp_path: Path, **row: str) -> Path:
    path = tmp_path / "accepted.jsonl"
    path.write_text(json.dumps(row) + "\n\n")
    return path


def test_an_accepted_finding_stands_with_its_reason(tmp_path: Path) -> None:
    path = accept(tmp_path, rule="output-over-context", provider="acme", model="on*", reason="It really does.")
    models, findings = run(say("limits.context_window", 1000), say("limits.max_output_tokens", 2000), accepted=path)
    (finding,) = findings
    assert (finding.reason, finding.withheld) == ("It really does.", "")
    assert models["acme", "one"].value("limits.max_output_tokens") == 2000
    assert unexplained(findings) == []


@pytest.mark.parametrize("row", [{"provider": "other"}, {"model": "two"}, {"rule": "input-over-context"}])
def test_an_exception_holds_only_for_what_it_names(row: dict[str, str], tmp_path: Path) -> None:
    path = accept(tmp_path, **{"rule": "batch-over-standard", "provider": "*", "model": "one", "reason": "fine", **row})
    _, findings = run(price("input", "2"), price("input", "3", tier="batch"), accepted=path)
    assert unexplained(findings) == (findings if row.get("provider") != "*" else [])


def test_every_rule_that_withholds_says_why() -> None:
    names = {rule.__name__.lstrip("_").replace("_", "-") for rule in RULES}
    assert set(WITHHELD_BECAUSE) <= names
    assert len(names) == len(RULES)


def test_findings_come_in_order() -> None:
    statements = [
        say(field, value, provider=provider, model=model)
        for provider, model in (("b", "y"), ("a", "z"), ("a", "x"))
        for field, value in (("limits.context_window", 1), ("limits.max_output_tokens", 2))
    ]
    _, findings = run(*statements)
    assert [(finding.provider, finding.model) for finding in findings] == [("a", "x"), ("a", "z"), ("b", "y")]
