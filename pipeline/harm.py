"""Which conflicts hurt most if they were settled wrongly: how many people, how badly, and by how much.

The harm of a conflict is the product of four numbers. *Reach*: how many providers offer the model, and its share of
the use that public rankings show (``curation/usage.jsonl``). *Weight* of the field: a wrong price breaks a bill, a
wrong limit a request, a wrong name nothing. *Spread*: how far the values lie apart. And what is explained counts a
tenth: there is little left to check.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from modelmeta.provenance import Conflict, Observation

from .conflicts import EXPLANATIONS, kind_of
from .names import OWN_PROVIDERS

WEIGHTS = (
    ("pricing.standard.input", 10),
    ("pricing.standard.output", 10),
    ("pricing.", 5),
    ("limits.context_window", 6),
    ("limits.max_output_tokens", 6),
    ("limits.", 4),
    ("lifecycle.retires_on", 6),
    ("lifecycle.stated", 4),
    ("lifecycle.released", 1),
    ("lifecycle.", 2),
    ("capabilities.", 3),
    ("modalities.", 3),
    ("reasoning.", 2),
    ("knowledge_cutoff", 2),
    ("family", Decimal("0.1")),
    ("name", Decimal("0.1")),
)
"""How much harm a wrong value does, by the field or what it starts with; whatever is not listed: 1."""

FOR_EACH_PERCENT = 10
"""One percent of the use that is seen counts like this many providers more."""

EXPLAINED = Decimal("0.1")
FARTHEST = Decimal(9)
"""Values ten times, or nine months, apart are as far apart as matters."""


@dataclass(frozen=True, slots=True)
class Harm:
    """A conflict with the harm it would do, and why the others differ as far as that is known."""

    conflict: Conflict
    points: Decimal
    explanation: str


class Reach:
    """How many people use a model at a provider, in points: one for each provider that offers it, more by use."""

    def __init__(self, offers: Mapping[str, list[str]], shares: Mapping[str, Decimal]) -> None:
        self.bases = {model: base for base, models in offers.items() for model in models}
        self.providers = {base: {model.partition("/")[0] for model in models} for base, models in offers.items()}
        self.shares = shares

    def offer(self, model: str) -> tuple[str, str]:
        """The provider and the base model of a qualified id: what its versions share with it."""
        return model.partition("/")[0], self.bases.get(model, model)

    @classmethod
    def of_dataset(cls, offers: bytes, shares: Mapping[str, Decimal]) -> Reach:
        """The same from a dataset's file of offers."""
        listed: dict[str, list[str]] = json.loads(offers)["offers"]
        return cls({base: models[:-1] for base, models in listed.items()}, shares)  # the last is a checksum

    def of(self, model: str) -> Decimal:
        """The points of a qualified id: all of its base model's at the author, a provider's part elsewhere."""
        base = self.bases.get(model)
        if base is None:
            return Decimal(1)
        hosts = self.providers[base]
        points = len(hosts) + FOR_EACH_PERCENT * self.shares.get(base, Decimal(0))
        own = model.partition("/")[0] in OWN_PROVIDERS.get(base.partition("/")[0], ())
        return points if own else points / len(hosts)


def shares(path: Path) -> dict[str, Decimal]:
    """The percentage of the use seen, by base model: the largest of those that several rankings show."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["base"].lower()] = max(found[row["base"].lower()], Decimal(row["share"]))
    return dict(found)


def ranked(conflicts: Iterable[Conflict], reach: Reach) -> list[Harm]:
    """The conflicts, the most harmful first; one that a model and its versions share stands once."""
    found: list[Harm] = []
    for conflict in conflicts:
        reasons = dict.fromkeys(o.reason for o in conflict.others if kind_of(o.reason) in EXPLANATIONS)
        open_ones = [other for other in conflict.others if kind_of(other.reason) not in EXPLANATIONS]
        spread = max(_apart(conflict.settled, other) for other in open_ones or conflict.others)
        points = reach.of(conflict.model) * weight(conflict.field) * spread * (1 if open_ones else EXPLAINED)
        explanation = "; ".join([*reasons, *(["unexplained"] if open_ones else [])])
        found.append(Harm(conflict, points, explanation))
    found.sort(key=lambda harm: (-harm.points, harm.conflict.model, harm.conflict.field))
    first: dict[tuple[str, str, str, object], Harm] = {}
    for harm in found:
        conflict = harm.conflict
        first.setdefault((*reach.offer(conflict.model), conflict.field, conflict.settled), harm)
    return list(first.values())


def weight(field: str) -> Decimal:
    """The harm that a wrong value of a field does."""
    return Decimal(next((points for start, points in WEIGHTS if field.startswith(start)), 1))


def _apart(settled: object, other: Observation) -> Decimal:
    """How many times one number is the other, less one; how many months lie between dates; else one."""
    ours, theirs = _plain(settled), _plain(other.value)
    numbers = [Decimal(value) for value in (ours, theirs) if _is_number(value)]
    if len(numbers) == 2:
        small, large = sorted(numbers)
        return FARTHEST if not small else min(large / small - 1, FARTHEST)
    months = [_months(value) for value in (ours, theirs) if value[:4].isdigit() and value[4:5] == "-"]
    return min(abs(months[0] - months[1]), FARTHEST) if len(months) == 2 else Decimal(1)


def _plain(value: object) -> str:
    """A number or a date as text; of a price, the amount."""
    return "" if isinstance(value, bool) else str(_row(value).get("amount", value))


def _row(value: object) -> dict[str, Any]:
    """A price as its parts; empty if the value is none."""
    pairs: tuple[Any, ...] = value if isinstance(value, tuple) else ()
    return dict(pairs) if "unit" in {pair[0] for pair in pairs if isinstance(pair, tuple)} else {}


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _months(date: str) -> Decimal:
    year, month, day = (*map(int, date.split("-")), 1)[:3]
    return Decimal(year * 12 + month) + Decimal(day) / 31


def harm_table(harms: Iterable[Harm]) -> list[str]:
    """The conflicts as a Markdown table."""
    rows = ["| model | field | settled | others say | why |", "| --- | --- | --- | --- | --- |"]
    for harm in harms:
        said: dict[str, list[str]] = defaultdict(list)
        for other in harm.conflict.others:
            if other.source not in said[_shown(other.value)]:
                said[_shown(other.value)].append(other.source)
        others = "; ".join(f"{value} ({', '.join(sources)})" for value, sources in said.items())
        cells = (f"`{harm.conflict.model}`", f"`{harm.conflict.field}`", _shown(harm.conflict.settled), others)
        rows.append(f"| {' | '.join(cells)} | {harm.explanation} |")
    return rows


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    row = _row(value)
    if not row:
        return ", ".join(map(_shown, value)) if isinstance(value, tuple) else str(value)
    condition = row.get("condition")
    parts = [f"{name.replace('_', ' ')} {_shown(item)}" for name, item in condition] if condition else []
    return f"{row['amount']} {row['currency']} per {row['unit']}" + (f" ({', '.join(parts)})" if parts else "")
