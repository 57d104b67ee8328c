"""The whole way from source snapshots to data files, as functions that the command line calls."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from . import emit, parameters
from .assemble import Object
from .checks import Finding, check
from .history import classify, date_prices, merged, stated_changes
from .identity import Identities, identify
from .observations import JSON, Observation
from .provenance import Statements, provenance
from .ranges import Rules
from .reconcile import ModelFacts, choose, reconcile
from .sources import SOURCES, SourceInfo, histories, read_all

REPOSITORY = Path(__file__).resolve().parent.parent
CURATION = REPOSITORY / "curation"
DATA = REPOSITORY / "src" / "modelmeta" / "data"


@dataclass(frozen=True, slots=True)
class Build:
    """Everything a build works out, for writing and for reporting."""

    identities: Identities
    models: dict[tuple[str, str], ModelFacts]
    findings: list[Finding]
    files: dict[str, bytes]
    statements: Statements


def build(sources: Path, curation: Path = CURATION) -> Build:
    """Read, link, settle, check and lay out the dataset; nothing is written."""
    identities = identify(_checked(read_all(sources, curation)))
    models = reconcile(identities)
    released = {key: model.value("lifecycle.released") for key, model in models.items()}
    archived = classify(histories.read(sources), released)
    date_prices(models, archived)
    findings = check(models, curation / "accepted.jsonl")
    changes = merged(stated_changes(models), archived)
    rules = parameters.build(sources, curation)
    statements = provenance(models, identities, changes, Rules(rules))
    files = emit.data_files(models, _provider_facts(identities), statements, changes)
    files |= emit.rule_files(rules)
    release = json.loads((curation / "release.json").read_text(encoding="utf-8"))
    files[emit.MANIFEST] = emit.manifest_file(
        files,
        version=release["version"],
        built_on=release["built_on"],
        sources=[_source_entry(source, sources) for source in SOURCES],
        totals=emit.counts(models, files),
    )
    return Build(identities, models, findings, files, statements)


def _checked(observations: Iterator[Observation]) -> Iterator[Observation]:
    from .authority import authority

    for observation in observations:
        authority(observation.field)
        yield observation


def _provider_facts(identities: Identities) -> dict[str, Object]:
    facts: dict[str, Object] = defaultdict(dict)
    for provider, statements in identities.wildcards.items():
        for name, fact in choose(s for s in statements if s.field.startswith("provider.")).items():
            facts[provider][name.removeprefix("provider.")] = fact.value
    return facts


def _source_entry(source: SourceInfo, folder: Path) -> JSON:
    entry: Object = {name: value for name, value in asdict(source).items() if value and name != "files"}
    if source.files:
        entry["sha256"] = digest(folder, source.files)
    return entry


def digest(folder: Path, patterns: tuple[str, ...]) -> str:
    """One SHA-256 over the names and contents of all files that match."""
    total = sha256()
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}):
        total.update(f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def moved_sources(folder: Path, manifest: Path) -> list[str]:
    """The ids of the sources whose files are not those that a manifest was built from."""
    stated = {entry["id"]: entry.get("sha256") for entry in json.loads(manifest.read_text())["sources"]}
    return [source.id for source in SOURCES if source.files and stated.get(source.id) != digest(folder, source.files)]
