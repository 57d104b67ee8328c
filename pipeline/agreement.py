"""How far the sources that were not believed agree with the dataset: ``docs/agreement.md``, from the dataset alone.

A comparison is one value that a source states about one field of one model (for prices: about one component, tier,
unit, currency and condition) where another statement was believed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from modelmeta.provenance import Conflict, Observation, Said, compared, conflicts_among, unpacked

from .conflicts import EXPLANATIONS, kind_of
from .harm import Reach, harm_table, ranked, shares
from .provenance import Statements
from .sources import SOURCES

GROUPS = (
    ("pricing.standard.input", "input and output prices"),
    ("pricing.standard.output", "input and output prices"),
    ("pricing.", "other prices"),
    ("limits.context_window", "context window"),
    ("limits.max_output_tokens", "output limit"),
    ("limits.", "other limits"),
    ("rate_limits", "rate limits"),
    ("knowledge_cutoff", "cutoffs"),
    ("training_cutoff", "cutoffs"),
    ("lifecycle.released", "release date"),
    ("lifecycle.", "status and retirement"),
    ("modalities.", "modalities"),
    ("capabilities.", "capabilities"),
    ("reasoning.", "reasoning"),
    ("tools.", "tools"),
    ("endpoint", "endpoints"),
    ("open_weights", "weights and licence"),
    ("license", "weights and licence"),
    ("parameters.", "ranges of parameters"),
    ("", "names, families, links"),
)
"""Groups of fields, by what a field starts with; the first that fits."""

WORST = 10


@dataclass(slots=True)
class Tally:
    """Of a number of comparisons: how many are equal, and the kinds of reasons why the others differ."""

    equal: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.equal += other.equal
        self.kinds.update(other.kinds)

    def cells(self) -> str:
        """The cells of a table: compared, equal, differing, explained and how, unexplained."""
        differing = self.kinds.total()
        explained = {kind: self.kinds[kind] for kind in EXPLANATIONS if self.kinds[kind]}
        how = ", ".join(f"{kind} {count:,}" for kind, count in sorted(explained.items(), key=lambda item: -item[1]))
        total, known = self.equal + differing, sum(explained.values())
        numbers = (f"{total:,}", f"{self.equal:,}", f"{100 * self.equal / total:.1f} %", f"{differing:,}", f"{known:,}")
        return " | ".join((*numbers, f"{differing - known:,}", how or "-"))


def statements_of(data: Path) -> Statements:
    """The statements in the provenance files of a dataset."""
    found: Statements = {}
    for path in sorted((data / "provenance").glob("*.json")):
        found[path.stem] = json.loads(path.read_text(encoding="ascii"))["provenance"]
    return found


def observed(statements: Statements) -> Iterator[tuple[str, tuple[Observation, ...]]]:
    """Each model's qualified id and everything said of it."""
    for provider, models in statements.items():
        for model, said in models.items():
            yield f"{provider}/{model}", unpacked(said)


def page(data: Path, usage: Path) -> str:
    """The whole page of a dataset; ``usage`` is the table of how much models are used."""
    tallies: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    conflicts: list[Conflict] = []
    for model, said in observed(statements_of(data)):
        conflicts += conflicts_among(model, said)
        for source, name, kind in _comparisons(said):
            tally = tallies[source][_group(name)]
            tally.add(Tally(equal=1) if kind is None else Tally(kinds=Counter([kind])))
    reach = Reach.of_dataset((data / "offers.json").read_bytes(), shares(usage))
    return "\n".join([*_totals(tallies), *_worst(conflicts, reach), *_by_source(tallies)])


def _comparisons(said: Iterable[Observation]) -> Iterator[tuple[str, str, str | None]]:
    """Source, field, and why the source differs: ``None`` where it does not, ``"unexplained"`` where nobody knows."""
    by_field: dict[str, list[Observation]] = defaultdict(list)
    for observation in said:
        by_field[observation.field].append(observation)
    for name, stated in by_field.items():
        seen = set()
        for observation, agrees in compared(stated):
            one = Said(observation)
            key = (observation.source, one.thing, one.value)
            if key not in seen:
                seen.add(key)
                kind = kind_of(observation.reason)
                yield observation.source, name, None if agrees else kind if kind in EXPLANATIONS else "unexplained"


def _group(name: str) -> str:
    return next(group for start, group in GROUPS if name.startswith(start))


_COLUMNS = "compared | equal | | differing | explained | unexplained | explained by"
_RULE = "---: | ---: | ---: | ---: | ---: | ---: | ---"
_INTRO = """\
# Where sources agree

Every fact of the dataset is believed from one source; here it is compared with what all the others say of the same
field of the same model. A comparison is one value that a source states where another statement was believed: prices
are compared for the same component, tier, unit, currency and condition, and the days on which a price holds do not
make it differ. What is *explained* follows from the statements themselves: the other value is the price until a day,
another tier's, what holds for another version, a rounded number, a month where the other gives the day. Lists that
leave something out, and remarks in a source, explain nothing and count as unexplained. `list_conflicts()` has each
difference.

`make build-data` writes this page with the dataset, and `python -m pipeline agreement` from a dataset alone; a test
compares the two.
"""


def _totals(tallies: dict[str, dict[str, Tally]]) -> Iterator[str]:
    yield _INTRO
    yield f"| source | {_COLUMNS} |"
    yield f"| --- | {_RULE} |"
    everything = Tally()
    for source in SOURCES:
        if source.id in tallies:
            total = Tally()
            for tally in tallies[source.id].values():
                total.add(tally)
            everything.add(total)
            yield f"| {source.name} | {total.cells()} |"
    yield f"| **all** | {everything.cells()} |"


def _worst(conflicts: Iterable[Conflict], reach: Reach) -> Iterator[str]:
    yield "\n## The ten worst disagreements\n"
    yield "By how many people a wrong value would hurt, and how much; `python -m pipeline report` has more of them.\n"
    yield from harm_table(ranked(conflicts, reach)[:WORST])


def _by_source(tallies: dict[str, dict[str, Tally]]) -> Iterator[str]:
    order = list(dict.fromkeys(group for _, group in GROUPS))
    for source in SOURCES:
        if source.id in tallies:
            yield f"\n## {source.name}\n"
            yield f"| field | {_COLUMNS} |"
            yield f"| --- | {_RULE} |"
            groups = tallies[source.id]
            yield from (f"| {group} | {groups[group].cells()} |" for group in order if group in groups)
    yield ""
