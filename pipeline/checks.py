"""Facts that cannot be true together, and prices that look like slips: each is withheld, or listed with its reason.

A finding names the model, the rule and the values. A rule may withhold the less trusted of two facts, so that the
dataset says that it does not know rather than something impossible; ``curation/accepted.jsonl`` lists the findings
that are right as they stand, each with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

from modelmeta.dates import PartialDate

from .authority import rank
from .names import bare_name
from .reconcile import Fact, ModelFacts, choose

DATES = (
    "knowledge_cutoff", "training_cutoff", "lifecycle.released", "lifecycle.deprecated_on", "lifecycle.retires_on",
    "lifecycle.retires_not_before",
)  # fmt: skip

Models: TypeAlias = dict[tuple[str, str], ModelFacts]


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction. ``withheld`` names the field left out because of it, if any."""

    rule: str
    provider: str
    model: str
    detail: str
    withheld: str = ""
    reason: str = ""


def check(models: Models, accepted: Path) -> list[Finding]:
    """Every finding, in order; facts that a rule withholds are removed from ``models``."""
    exceptions = _read_accepted(accepted)
    findings = []
    for key in sorted(models):
        model = models[key]
        for rule in RULES:
            for detail, withheld in list(rule(model, models)):
                name = rule.__name__.lstrip("_").replace("_", "-")
                accepted_as = _accepted(exceptions, name, model)
                reason = accepted_as.get("reason", WITHHELD_BECAUSE.get(name, "") if withheld else "")
                left_out = accepted_as.get("withhold", "") if accepted_as else withheld
                for fact in filter(None, left_out.split(",")):
                    _withhold(model, fact)
                findings.append(Finding(name, *_names(model), detail, left_out, reason))
    return findings


def unexplained(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that nobody has looked at."""
    return [finding for finding in findings if not finding.reason]


def _names(model: ModelFacts) -> tuple[str, str]:
    return model.subject.provider, model.subject.id


def _read_accepted(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _accepted(exceptions: list[dict[str, str]], rule: str, model: ModelFacts) -> dict[str, str]:
    provider, model_id = _names(model)
    for row in exceptions:
        if row["rule"] == rule and row["provider"] in {provider, "*"} and fnmatchcase(model_id, row["model"]):
            return row
    return {}


def _withhold(model: ModelFacts, name: str) -> None:
    if name.startswith("price:"):
        component = name.removeprefix("price:")
        model.prices = [(row, statement) for row, statement in model.prices if row["component"] != component]
    else:
        fact = model.facts.pop(name, None)
        if fact is not None and name == "limits.context_window":
            least = max(_number(model, f"limits.max_{way}_tokens") or 0 for way in ("input", "output"))
            model.facts |= choose(o for o in fact.others if isinstance(o.value, int) and o.value >= least)


def _number(model: ModelFacts, name: str) -> int | None:
    value = model.value(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _less_trusted(model: ModelFacts, *names: str) -> str:
    """Of several fields the one whose source is believed least about it (the last named, where equal)."""

    def distrust(name: str) -> tuple[int, int]:
        fact: Fact = model.facts[name]
        return rank(name, fact.believed.source) or 0, names.index(name)

    return max(names, key=distrust)


Found: TypeAlias = Iterator[tuple[str, str]]


def _not_a_date(model: ModelFacts, _: Models) -> Found:
    for name in DATES:
        value = model.value(name)
        if isinstance(value, str):
            try:
                PartialDate.parse(value)
            except ValueError as error:
                yield f"{name}: {error}", name


def _output_over_context(model: ModelFacts, _: Models) -> Found:
    context, output = _number(model, "limits.context_window"), _number(model, "limits.max_output_tokens")
    if context and output and output > context:
        field = _less_trusted(model, "limits.context_window", "limits.max_output_tokens")
        yield f"max_output_tokens {output} > context_window {context}", field


def _input_over_context(model: ModelFacts, _: Models) -> Found:
    context, most = _number(model, "limits.context_window"), _number(model, "limits.max_input_tokens")
    if context and most and most > context:
        rounded = most <= context * 1.05
        field = (
            "limits.context_window"
            if rounded
            else _less_trusted(model, "limits.max_input_tokens", "limits.context_window")
        )
        yield f"max_input_tokens {most} > context_window {context}", field


def _retired_before_released(model: ModelFacts, _: Models) -> Found:
    released = model.value("lifecycle.released")
    for name in ("lifecycle.deprecated_on", "lifecycle.retires_on"):
        end = model.value(name)
        if isinstance(released, str) and isinstance(end, str) and end < released[: len(end)]:
            yield f"{name} {end} before released {released}", _less_trusted(model, name, "lifecycle.released")


def _retired_before_deprecated(model: ModelFacts, _: Models) -> Found:
    deprecated, retires = model.value("lifecycle.deprecated_on"), model.value("lifecycle.retires_on")
    if isinstance(deprecated, str) and isinstance(retires, str) and retires < deprecated[: len(retires)]:
        field = _less_trusted(model, "lifecycle.retires_on", "lifecycle.deprecated_on")
        yield f"retires_on {retires} before deprecated_on {deprecated}", field


def _snapshot_older_than_model(model: ModelFacts, models: Models) -> Found:
    head_id = model.subject.snapshot_of
    head = models.get((model.subject.provider, head_id.lower())) if head_id else None
    released = model.value("lifecycle.released")
    first = head.value("lifecycle.released") if head else None
    preview = "preview" in model.subject.snapshot_form
    if isinstance(released, str) and isinstance(first, str) and released < first[: len(released)] and not preview:
        yield f"released {released}, its model {head_id} on {first}", ""


def _cutoff_after_release(model: ModelFacts, models: Models) -> Found:
    released, cutoff = model.value("lifecycle.released"), model.value("knowledge_cutoff")
    if isinstance(released, str) and isinstance(cutoff, str) and cutoff[: len(released)] > released[: len(cutoff)]:
        own = _authors_own(models).get(model.subject.base or "", model)
        first = own.value("lifecycle.released") if own is not model else None
        before_its_author = isinstance(first, str) and first[: len(cutoff)] >= cutoff[: len(first)]
        yield (
            f"knowledge_cutoff {cutoff} after released {released}",
            "lifecycle.released"
            if before_its_author
            else _less_trusted(model, "lifecycle.released", "knowledge_cutoff"),
        )


def _plain_prices(model: ModelFacts) -> dict[tuple[str, str], Decimal]:
    """Prices in USD that hold now and without conditions, by tier and component."""
    return {
        (str(row["tier"]), str(row["component"])): Decimal(str(row["amount"]))
        for row, _ in model.prices
        if not row.get("condition")
        and not row.get("effective_until")
        and row["unit"] == "1M tokens"
        and row["currency"] == "USD"
    }


def _cached_over_input(model: ModelFacts, _: Models) -> Found:
    prices = _plain_prices(model)
    for (tier, component), amount in prices.items():
        full = prices.get((tier, "input"))
        if component == "cached_input" and full is not None and amount > full:
            yield f"{tier} cached_input {amount} > input {full}", "price:cached_input"


def _cache_write_implausible(model: ModelFacts, _: Models) -> Found:
    """Writing is reading what is not cached yet, and keeping it: it costs a little more than plain input."""
    prices = _plain_prices(model)
    for (tier, component), amount in prices.items():
        full = prices.get((tier, "input"))
        if component == "cache_write" and full and amount and not full <= amount <= 3 * full:
            yield f"{tier} cache_write {amount}, input {full}", "price:cache_write"


def _batch_over_standard(model: ModelFacts, _: Models) -> Found:
    prices = _plain_prices(model)
    for (tier, component), amount in prices.items():
        full = prices.get(("standard", component))
        if tier in {"batch", "flex"} and full is not None and amount > full:
            yield f"{tier} {component} {amount} > standard {full}", ""


def _text_price_implausible(model: ModelFacts, _: Models) -> Found:
    for (tier, component), amount in _plain_prices(model).items():
        if component in {"input", "output"} and amount > 2000:
            yield f"{tier} {component} {amount} per 1M tokens", f"price:{component}"


def _price_far_from_author(model: ModelFacts, models: Models) -> Found:
    """A price ten or more times off the author's own, up or down, is a unit slip until shown otherwise."""
    own = _authors_own(models).get(model.subject.base or "")
    if own is None or own is model or bare_name(model.subject.id) != bare_name(own.subject.id):
        return
    theirs = _plain_prices(own)
    for key, amount in _plain_prices(model).items():
        full = theirs.get(key)
        if key[1] in {"input", "output"} and full and amount and (amount >= full * 10 or amount * 20 <= full):
            yield f"{key[0]} {key[1]} {amount}, the author's own API {full}", ""


_last: tuple[Models, dict[str, ModelFacts]] | None = None


def _authors_own(models: Models) -> dict[str, ModelFacts]:
    from .references import own_models

    global _last
    if _last is None or _last[0] is not models:
        _last = models, own_models(models.values())
    return _last[1]


Rule: TypeAlias = Callable[[ModelFacts, Models], Found]

RULES: tuple[Rule, ...] = (
    _not_a_date,
    _output_over_context,
    _input_over_context,
    _retired_before_released,
    _retired_before_deprecated,
    _snapshot_older_than_model,
    _cutoff_after_release,
    _cached_over_input,
    _cache_write_implausible,
    _batch_over_standard,
    _text_price_implausible,
    _price_far_from_author,
)

WITHHELD_BECAUSE = {
    "not-a-date": "There is no such day; the value is withheld.",
    "output-over-context": "Both cannot hold; the less trusted is withheld: unknown, not impossible.",
    "input-over-context": "Both cannot hold; the less trusted is withheld.",
    "retired-before-released": "Both cannot hold; the date of the less trusted source is withheld.",
    "retired-before-deprecated": "Both cannot hold; the date of the less trusted source is withheld.",
    "cutoff-after-release": "A model cannot know what came after it; of both the release is withheld where the "
    "author's own is later than the cutoff, else the less trusted.",
    "cached-over-input": "What is cached never costs more: it is the price of writing, or of another day; withheld.",
    "cache-write-implausible": "Less than plain input is a surcharge on it or the price of reading, far more that of "
    "an hour of storage; it is withheld.",
    "text-price-implausible": "No text model costs this; it is a unit slip, and the price is withheld.",
}
