"""``python -m pipeline build | check | report | agreement | digests | schema | release | fetch``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import build as building
from . import emit, fetch
from . import release as making
from .agreement import page as agreement_page
from .checks import unexplained
from .report import USAGE, findings_file, report
from .sources.curation import CurationError

AGREEMENT = building.REPOSITORY / "docs" / "agreement.md"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 when all is well, 1 on findings or differences, 3 when sources moved on."""
    parser = argparse.ArgumentParser(prog="pipeline", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about in (
        ("build", "build the dataset, its findings and docs/agreement.md, and write them"),
        ("check", "build, and fail on findings that nobody has explained"),
        ("report", "counts, coverage, the conflicts that would hurt most, and findings, as Markdown"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("--sources", type=Path, required=True, help="folder of source snapshots")
        command.add_argument("--out", type=Path, default=building.DATA, help="folder to write the dataset to")
    agreement = commands.add_parser("agreement", help="write how far the sources not believed agree with the dataset")
    agreement.add_argument("--data", type=Path, default=building.DATA, help="folder of the dataset")
    agreement.add_argument("--out", type=Path, default=AGREEMENT, help="the page to write")
    digests = commands.add_parser("digests", help="compare source snapshots with those a manifest was built from")
    digests.add_argument("--sources", type=Path, required=True)
    digests.add_argument("--against", type=Path, default=building.DATA / emit.MANIFEST)
    schema = commands.add_parser("schema", help="write the JSON Schema of the dataset's files")
    schema.add_argument("--out", type=Path, default=building.REPOSITORY / "docs" / "dataset.schema.json")
    release = commands.add_parser(
        "release", help="make the files of a release from a dataset: a zip file and latest.json"
    )
    release.add_argument("--data", type=Path, default=building.DATA, help="folder of the dataset")
    release.add_argument("--out", type=Path, required=True, help="folder to write the files to")
    release.add_argument("--signature", type=Path, help="minisign's signature of the zip file, to put into latest.json")
    fetch.add_arguments(commands.add_parser("fetch", help="download the sources that the dataset was built from"))
    options = parser.parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except CurationError as error:
        print(error, file=sys.stderr)
        return 2


def _build(options: argparse.Namespace) -> int:
    result = building.build(options.sources)
    emit.write(result.files, options.out)
    if options.out == building.DATA:
        findings = building.CURATION / "findings.md"
        findings.write_text(findings_file(result.findings), encoding="utf-8")
        AGREEMENT.write_text(agreement_page(options.out, USAGE), encoding="utf-8")
    total = sum(len(data) for data in result.files.values())
    print(f"{len(result.models):,} models in {len(result.files)} files, {total:,} bytes, written to {options.out}")
    return 0


def _check(options: argparse.Namespace) -> int:
    result = building.build(options.sources)
    open_findings = unexplained(result.findings)
    for finding in open_findings:
        print(f"{finding.rule}: {finding.provider}/{finding.model}: {finding.detail}")
    print(f"{len(result.findings)} findings, {len(open_findings)} unexplained")
    return 1 if open_findings else 0


def _release(options: argparse.Namespace) -> int:
    for path in making.release(options.data, options.out, options.signature):
        print(f"{path}: {path.stat().st_size:,} bytes")
    return 0


def _report(options: argparse.Namespace) -> int:
    print(report(building.build(options.sources)))
    return 0


def _agreement(options: argparse.Namespace) -> int:
    options.out.write_text(agreement_page(options.data, USAGE), encoding="utf-8")
    return 0


def _digests(options: argparse.Namespace) -> int:
    moved = building.moved_sources(options.sources, options.against)
    for source in moved:
        print(f"moved on: {source}")
    return 3 if moved else 0


def _schema(options: argparse.Namespace) -> int:
    from modelmeta.validation import dataset_schema

    options.out.write_text(json.dumps(dataset_schema(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


_COMMANDS = {
    "agreement": _agreement,
    "build": _build,
    "check": _check,
    "report": _report,
    "digests": _digests,
    "fetch": fetch.run,
    "release": _release,
    "schema": _schema,
}

if __name__ == "__main__":
    sys.exit(main())
