"""What the dataset covers, what to check next, and what in it contradicts itself, as Markdown for a maintainer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from modelmeta.provenance import conflicts_among

from .agreement import observed
from .build import CURATION, Build
from .checks import Finding
from .harm import Harm, Reach, harm_table, ranked, shares
from .reconcile import ModelFacts

USAGE = CURATION / "usage.jsonl"
MOST_HARMFUL = 50

FIRST_PARTY = (
    "alibaba", "anthropic", "cohere", "deepseek", "google", "minimax", "mistral", "moonshotai", "openai",
    "perplexity", "xai", "zai",
)  # fmt: skip
"""The twelve largest providers that serve their own models."""


def report(build: Build) -> str:
    """Counts, coverage of every field, the conflicts that would hurt most, and findings."""
    models = list(build.models.values())
    own = [model for model in models if model.subject.provider in FIRST_PARTY]
    fields = Counter(name for model in models for name in _covered(model))
    own_fields = Counter(name for model in own for name in _covered(model))
    lines = [
        "# Dataset report",
        "",
        (
            f"{len(models):,} models at {len({m.subject.provider for m in models})} providers, "
            f"{sum(len(m.prices) for m in models):,} rates, {len(build.findings):,} findings."
        ),
        "",
        "## Coverage by field",
        "",
        f"| field | all {len(models):,} models | {len(own):,} models of the twelve largest first-party providers |",
        "| --- | ---: | ---: |",
        *(
            f"| {name} | {_share(count, len(models))} | {_share(own_fields[name], len(own))} |"
            for name, count in sorted(fields.items())
        ),
        "",
        "## Coverage by provider",
        "",
        "| provider | models | context window | output limit | modalities | input price | released |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *_by_provider(models),
        "",
        "## Prices by tier and component",
        "",
        "| tier | component | models |",
        "| --- | --- | ---: |",
        *_by_component(models),
        "",
        "## Conflicts that would hurt most",
        "",
        *harm_table(_harms(build)[:MOST_HARMFUL]),
        "",
        findings_file(build.findings),
    ]
    return "\n".join(lines)


def _harms(build: Build) -> list[Harm]:
    conflicts = (found for model, said in observed(build.statements) for found in conflicts_among(model, said))
    return ranked(conflicts, Reach.of_dataset(build.files["offers.json"], shares(USAGE)))


def _covered(model: ModelFacts) -> set[str]:
    covered = set(model.facts)
    covered |= {f"pricing.{row['tier']}.{row['component']}" for row, _ in model.prices if row["tier"] == "standard"}
    if model.subject.snapshots or model.subject.snapshot_of:
        covered.add("snapshots or snapshot_of")
    return covered


def _share(count: int, total: int) -> str:
    return f"{count:,} ({100 * count / total:.1f} %)" if total else "0"


def _by_provider(models: list[ModelFacts]) -> Iterable[str]:
    for provider in sorted({model.subject.provider for model in models}):
        own = [model for model in models if model.subject.provider == provider]
        shown = [
            sum(name in model.facts for model in own)
            for name in ("limits.context_window", "limits.max_output_tokens", "modalities.input")
        ]
        priced = sum(any(row["component"] == "input" for row, _ in model.prices) for model in own)
        released = sum("lifecycle.released" in model.facts for model in own)
        yield f"| {provider} | {len(own)} | " + " | ".join(str(n) for n in (*shown, priced, released)) + " |"


def _by_component(models: list[ModelFacts]) -> Iterable[str]:
    counted = Counter(
        pair for model in models for pair in {(str(row["tier"]), str(row["component"])) for row, _ in model.prices}
    )
    for (tier, component), count in sorted(counted.items()):
        yield f"| {tier} | {component} | {count:,} |"


def findings_file(findings: list[Finding]) -> str:
    """Every finding with its reason: what was withheld because of it, or why it stands."""
    lines = [
        "# Findings",
        "",
        "Facts that cannot be true together or look like slips, found by `pipeline check`. Each was mended in",
        "curation, is withheld from the dataset, or stands for the reason given (`accepted.jsonl`).",
        "",
    ]
    for rule in sorted({finding.rule for finding in findings}):
        own = [finding for finding in findings if finding.rule == rule]
        lines += [f"## {rule} ({len(own)})", "", "| model | finding | withheld | reason |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {finding.provider}/{finding.model} | {finding.detail} | {finding.withheld or '-'} | "
            f"{finding.reason or '**unexplained**'} |"
            for finding in own
        ]
        lines.append("")
    return "\n".join(lines)
