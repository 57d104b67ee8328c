"""``modelmeta cost`` and ``modelmeta check``: what requests cost, and whether they would be rejected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ._cli_bill import Bill, bill_blocks, count_value
from ._cli_files import Entry, is_file, loads, read
from ._cli_options import AsJson, Endpoint, Provider, complete_models
from ._cli_output import FINDINGS, as_json, command, note, write, write_json
from .errors import ModelMetaError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .parameters import ParameterReport

__all__ = ["check", "cost"]

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="MODEL|FILE NAME=VALUE",
        help="A model, a file or both, and then values by name.",
        autocompletion=complete_models,
        show_default=False,
    ),
]

File = Annotated[str | None, typer.Option("--from", metavar="FILE", help="Read a file; - is standard input.")]

Format = Annotated[
    str | None, typer.Option("--input-format", help="json, jsonl, csv, tsv or parquet, if the name does not tell.")
]


def _subject(words: list[str] | None, file: str | None) -> tuple[str | None, str | None, dict[str, str]]:
    """The model, the file, and the pairs of a command's arguments."""
    given = list(words or ())
    model = None
    if given and "=" not in given[0]:
        first = given.pop(0)
        if is_file(first) and file is None:
            file = first
        else:
            model = first
    if given and "=" not in given[0] and file is None and is_file(given[0]):
        file = given.pop(0)
    pairs = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{word!r} is neither a file nor NAME=VALUE, such as input_tokens=1000 or temperature=0.5")
        pairs[name] = value
    return model, file, pairs


# Cost -----------------------------------------------------------------------------------------------------


@command
def cost(
    words: Words = None,
    *,
    input_tokens: Annotated[
        int | None, typer.Option("--input", "-i", metavar="TOKENS", help="All input tokens.")
    ] = None,
    cached: Annotated[
        int | None, typer.Option("--cached", "-c", metavar="TOKENS", help="Those of them from the cache.")
    ] = None,
    output: Annotated[int | None, typer.Option("--output", "-o", metavar="TOKENS", help="Output tokens.")] = None,
    file: File = None,
    input_format: Format = None,
    tier: Annotated[str | None, typer.Option(help="standard, batch, flex, priority or fast.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day or moment of the request; now by default.")
    ] = None,
    provider: Provider = None,
    on_missing: Annotated[
        Literal["raise", "skip"], typer.Option(help="What to do with a count that has no published price.")
    ] = "raise",
    as_json_: AsJson = False,
) -> None:
    """Compute what a request costs, or a whole log of them.

    A request: modelmeta cost gpt-4.1-mini --input 10000 --cached 8000 --output 1000 web_searches=2

    A response or a log: modelmeta cost usage.jsonl (or .json, .csv, .parquet, or - for standard input). A line is a
    provider's response, or has a model and counts under their usual names. Rows that cannot be priced are listed,
    and the exit code is then 1.
    """
    model, path, pairs = _subject(words, file)
    counts: dict[str, Any] = {name: count_value(name, value) for name, value in pairs.items()}
    stated = {"input_tokens": input_tokens, "cached_input_tokens": cached, "output_tokens": output}
    counts |= {name: number for name, number in stated.items() if number is not None}
    if path is None:
        _one_cost(model, counts, tier=tier, at=at, provider=provider, on_missing=on_missing, wants_json=as_json_)
        return
    if counts:
        raise UsageError("give counts or a file, not both")
    bill = Bill(model, tier=tier, at=at, provider=provider, on_missing=on_missing)
    for entry in read(path, input_format):
        bill.add(entry)
    if as_json_:
        write_json(bill.to_dict())
    else:
        write(bill_blocks(bill))
        if bill.ignored:
            note(f"columns that were not read: {', '.join(sorted(bill.ignored))}")
    if bill.problems:
        raise typer.Exit(FINDINGS)


def _one_cost(model: str | None, counts: dict[str, Any], *, wants_json: bool, **options: Any) -> None:
    from ._display_views import blocks_of
    from .cost import compute_cost

    if model is None:
        raise UsageError("say which model, as in: modelmeta cost gpt-4.1-mini --input 1000 --output 500")
    found = compute_cost(model, **options, **counts)
    if wants_json:
        write_json(found.to_dict())
    else:
        write(blocks_of(found))
    if found.is_partial:
        raise typer.Exit(FINDINGS)


# Check ----------------------------------------------------------------------------------------------------


@command
def check(
    words: Words = None,
    *,
    file: File = None,
    input_format: Format = None,
    endpoint: Endpoint = None,
    provider: Provider = None,
    strict: Annotated[bool, typer.Option("--strict", help="Parameters that no rule knows are errors.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Write the corrected request bodies instead of reports.")] = False,
    as_json_: AsJson = False,
) -> None:
    """Check whether a request would be rejected, and say what to change; the exit code is then 1.

    A request: modelmeta check o3 temperature=0.2 max_tokens=500

    A body: modelmeta check body.json (or .jsonl for many, or - for standard input). The model is the body's own
    unless one is given. Lines of OpenAI's batch files are understood.
    """
    model, path, pairs = _subject(words, file)
    rejected = False
    reports: list[dict[str, Any]] = []
    for number, (body, entry) in enumerate(_bodies(path, input_format, pairs)):
        report, params = _check_one(body, entry, model, endpoint=endpoint, provider=provider, strict=strict)
        rejected = rejected or not report.ok
        if fix:
            typer.echo(json.dumps({**params, **report.safe_params}, ensure_ascii=False, default=str))
        elif as_json_:
            reports.append({"line": entry.line, **_report_json(report)})
        else:
            _write_report(report, number, entry.line if path is not None else None)
    if as_json_ and not fix:
        write_json(reports[0] if len(reports) == 1 else reports)
    if rejected and not fix:
        raise typer.Exit(FINDINGS)


def _bodies(path: str | None, stated: str | None, pairs: dict[str, str]) -> Iterator[tuple[dict[str, Any], Entry]]:
    if path is None:
        yield {name: _value(value) for name, value in pairs.items()}, Entry(1, None)
        return
    found = False
    for entry in read(path, stated):
        if entry.problem:
            raise UsageError(f"{path}:{entry.line}: {entry.problem}")
        found = True
        yield {**entry.value, **{name: _value(value) for name, value in pairs.items()}}, entry
    if not found:
        raise UsageError(f"{path}: there is nothing to check")


def _value(text: str) -> Any:
    """A value as JSON has it, or a string."""
    try:
        return loads(text)
    except ValueError:
        return text


def _check_one(
    body: dict[str, Any], entry: Entry, model: str | None, *, endpoint: str | None, provider: str | None, strict: bool
) -> tuple[ParameterReport, dict[str, Any]]:
    """The report on a body, and what in the body is not a parameter."""
    from .parameters import check_parameters

    if isinstance(body.get("body"), dict) and "url" in body:  # a line of a batch file
        endpoint = endpoint or str(body["url"])
        body = body["body"]
    named = body.get("model")
    ref = model or named
    if not isinstance(ref, str):
        if entry.value is None:
            raise UsageError("say which model or file, as in: modelmeta check gpt-4.1-mini temperature=0.5")
        raise UsageError(f"line {entry.line}: say which model: the body names none")
    params = {name: value for name, value in body.items() if name != "model"}
    try:
        report = check_parameters(
            ref, params, endpoint=endpoint or _endpoint(params, ref, provider), provider=provider, strict=strict
        )
    except ModelMetaError as error:
        if entry.value is not None:
            error.args = (f"line {entry.line}: {error}", *error.args[1:])
        raise
    return report, {"model": named} if named is not None else {}


def _endpoint(params: dict[str, Any], ref: str, provider: str | None) -> str | None:
    """The surface that only one has such a body; ``None`` leaves it to the model."""
    if "input" in params and "messages" not in params:
        from .active import get_model

        if get_model(ref, provider=provider).supports("responses"):
            return "responses"
    return None


def _report_json(report: ParameterReport) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "model": report.model.qualified_id,
        "endpoint": report.endpoint,
        "issues": as_json(report.issues),
        "safe_params": report.safe_params,
    }


def _write_report(report: ParameterReport, number: int, line: int | None) -> None:
    from ._display_blocks import Note, Span
    from ._display_views import blocks_of

    if number:
        typer.echo()
    if (line is not None and line > 1) or number:
        write((Note(Span(f"line {line}", "dim")),))
    write(blocks_of(report))
