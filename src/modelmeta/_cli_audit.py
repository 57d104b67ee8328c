"""``modelmeta audit``: which model ids in a code base are retired, about to retire, unknown or ambiguous."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ._cli_options import AsJson
from ._cli_output import FINDINGS, command, fail, note, write_json, write_line
from ._cli_scan import ENDINGS, Literal, files, literals
from ._display_blocks import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .lifecycle import AuditFinding

__all__ = ["audit"]


@command
def audit(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH|ID", help="Folders, files, or ids; - reads ids from standard input.")
    ],
    *,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day to judge by; today by default.")] = None,
    within: Annotated[int, typer.Option(metavar="DAYS", min=0, help="Report what retires within so many days.")] = 90,
    pins: Annotated[bool, typer.Option("--pins", help="Report ids that may move to another version, too.")] = False,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", "-x", metavar="GLOB", help="Leave out such paths; repeatable.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail, too.")] = False,
    github: Annotated[bool, typer.Option("--github", help="Write annotations for GitHub Actions.")] = False,
    as_json_: AsJson = False,
) -> None:
    """Find model ids in a code base, and report those that are retired, about to retire, or unknown.

    String literals that are known ids are looked at, and any literal that something called a model is set to. An id
    that several providers serve is not judged: which one is meant only the code around it tells. The exit code is 1
    when there is an error: an id with which requests fail. With --strict, warnings count as well.
    """
    found = _found(paths, exclude or [], as_json_)
    known = _Known()
    candidates = {text: places for text, places in found.items() if known.may_be(text, places)}
    report = _report(sorted(candidates), on, within)
    findings = [finding for finding in report.findings if _is_told(finding, candidates[finding.reference], pins=pins)]
    if as_json_:
        write_json(_as_json(report, findings, candidates))
    elif github:
        _write_annotations(findings, candidates)
    else:
        _write(findings, candidates, len(candidates))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors or (strict and findings):
        raise typer.Exit(FINDINGS)


def _found(paths: list[str], exclude: list[str], wants_json: bool) -> dict[str, list[Literal]]:
    """Every literal, and where it stands."""
    found: dict[str, list[Literal]] = {}
    for argument in paths:
        if argument == "-":
            given = [
                Literal(line.strip(), "", number, 1, True) for number, line in enumerate(sys.stdin, 1) if line.strip()
            ]
        elif os.path.exists(argument):
            given = _in_files(argument, exclude)
        elif argument.endswith(("/", os.sep)) or os.path.splitext(argument)[1].lower() in ENDINGS:
            fail(f"{argument}: no such file or folder", json_output=wants_json)
        else:
            given = [Literal(argument, "", 0, 0, True)]
        for literal in given:
            found.setdefault(literal.text, []).append(literal)
    return found


def _is_told(finding: AuditFinding, places: list[Literal], *, pins: bool) -> bool:
    if finding.code == "moving":
        return pins
    if finding.code == "ambiguous":
        return not places[0].path
    return finding.code != "unknown" or _is_meant(places)


def _in_files(path: str, exclude: list[str]) -> list[Literal]:
    found: list[Literal] = []
    for file in files(path):
        if any(fnmatch(file, pattern) or fnmatch(os.path.basename(file), pattern) for pattern in exclude):
            continue
        try:
            found += literals(file)
        except OSError as error:
            note(f"{file}: {error.strerror}")
    return found


def _is_meant(places: Iterable[Literal]) -> bool:
    return any(place.named for place in places)


class _Known:
    """Which literals to judge: known ids, and what is set as a model and looks like one."""

    def __init__(self) -> None:
        from .active import current_catalog

        self.references = current_catalog().references()

    def may_be(self, text: str, places: list[Literal]) -> bool:
        """Whether a literal is an id, or meant to be one. Plain words are ids only where a model is named by them."""
        if not 2 < len(text) <= 200 or text.isspace() or any(char.isspace() for char in text) or "://" in text:
            return not places[0].path and bool(text)
        meant = _is_meant(places)
        if not _looks_like_an_id(text):
            return meant and (self._is_known(text) or not places[0].path)
        return self._is_known(text) or meant

    def _is_known(self, text: str) -> bool:
        from .errors import InvalidReferenceError
        from .references import readings

        try:
            return any(reading.key in self.references for reading in readings(text, None))
        except InvalidReferenceError:
            return False


def _looks_like_an_id(text: str) -> bool:
    """Not a plain word or number: ids have a digit, and something that joins their parts."""
    return (
        any(char.isdigit() for char in text)
        and any(char.isalpha() for char in text)
        and any(char in text for char in "-./:@_")
    )


def _report(refs: list[str], on: str | None, within: int) -> Any:
    from datetime import timedelta

    from .dates import as_day
    from .errors import UsageError
    from .lifecycle import audit_models

    try:
        day = None if on is None else as_day(on, "--on")
    except ValueError as error:
        raise UsageError(str(error)) from None
    return audit_models(refs, on=day, within=timedelta(days=within))


# What it says ---------------------------------------------------------------------------------------------


def _place(literal: Literal) -> str:
    return f"{literal.path}:{literal.line}:{literal.column}" if literal.path else ""


def _as_json(report: Any, findings: list[AuditFinding], candidates: dict[str, list[Literal]]) -> dict[str, Any]:
    return {
        "on": str(report.on),
        "ok": not any(finding.severity == "error" for finding in findings),
        "checked": len(candidates),
        "findings": [
            {
                "reference": finding.reference,
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "action": finding.action,
                "suggestions": finding.suggestions,
                "model": finding.model.qualified_id if finding.model is not None else None,
                "places": [
                    {"path": place.path, "line": place.line, "column": place.column}
                    for place in candidates[finding.reference]
                    if place.path
                ],
            }
            for finding in findings
        ],
    }


def _in_order(findings: list[AuditFinding], candidates: dict[str, list[Literal]]) -> list[tuple[Literal, AuditFinding]]:
    """Every place of every finding, as they follow each other in the files."""
    places = [(place, finding) for finding in findings for place in candidates[finding.reference]]
    return sorted(places, key=lambda pair: (pair[0].path, pair[0].line, pair[0].column))


def _write(findings: list[AuditFinding], candidates: dict[str, list[Literal]], checked: int) -> None:
    """A line for each place, as compilers write them."""
    from .lifecycle import counted

    tones = {"error": "bad", "warning": "warn"}
    places = _in_order(findings, candidates)
    for place, finding in places:
        where = [Span(f"{_place(place)}: ")] if place.path else []
        said = Span(f": {finding.message}; {finding.action}")
        severity = Span(finding.severity, tones[finding.severity])
        write_line([*where, severity, Span(": "), Span(finding.reference, "code"), said])
    errors = sum(finding.severity == "error" for _, finding in places)
    warnings = len(places) - errors
    note(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}; {counted(checked, 'id')} looked at")


def _write_annotations(findings: list[AuditFinding], candidates: dict[str, list[Literal]]) -> None:
    for place, finding in _in_order(findings, candidates):
        message = f"{finding.reference}: {finding.message}; {finding.action}"
        message = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        where = f" file={_property(place.path)},line={place.line},col={place.column}" if place.path else ""
        typer.echo(f"::{finding.severity}{where}::{message}")


def _property(text: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text.replace(char, code)
    return text
