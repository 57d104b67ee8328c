"""A tour of modelmeta on the bundled data: ``make demo``, or run it where modelmeta is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timezone
from io import TextIOWrapper
from textwrap import wrap

from modelmeta import (
    Model,
    ModelMetaError,
    PriceNotPublishedError,
    Usage,
    __version__,
    check_parameters,
    compute_cost,
    dataset_info,
    find_models,
    get_model,
    list_aliases,
    list_snapshots,
    resolve,
)

WIDTH = 100

REFERENCES = (
    "gpt-4.1-mini",
    "GPT-4.1-mini",
    "openai:gpt-4.1-mini",
    "gpt-4.1-mini@azure",
    "gpt-4.1-mini-2025-04-14",
    "ft:gpt-4.1-mini-2025-04-14:acme::abc123",
    "models/gemini-2.5-flash",
    "publishers/google/models/gemini-2.5-pro",
    "us.amazon.nova-pro-v1:0",
    "openrouter/openai/gpt-oss-120b:free",
)

MISTAKES = ("gpt4.1-mini", "llama-4-maverick", "")

USAGES = {
    "a question": Usage(input_tokens=1_000, output_tokens=500),
    "a long document": Usage(input_tokens=100_000, output_tokens=2_000),
    "the same, 90% cached": Usage(input_tokens=100_000, cached_input_tokens=90_000, output_tokens=2_000),
}

PRICED = ("gpt-4.1-mini", "claude-sonnet-4-5", "gemini-2.5-flash", "mistral-large-latest")

REQUEST = {"temperature": 2.5, "top_p": 0.5, "max_tokens": 40_000, "frequency_penaltyy": 1}


def heading(text: str, *code: str) -> None:
    """A section, and the lines of the call that it shows."""
    print(f"\n{text}\n{'-' * len(text)}")
    print("\n... ".join((f">>> {code[0]}", *code[1:])))


def field(label: str, value: object, width: int = 20) -> None:
    """One fact, wrapped under itself; what nobody states is said to be so."""
    text = "not stated" if value is None or value == "" else str(value)
    lines = wrap(text, WIDTH - width - 2, break_long_words=False, break_on_hyphens=False)
    print(f"  {label:<{width}}" + f"\n  {'':<{width}}".join(lines))


def table(header: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> None:
    """Columns as wide as they must be; those numbered in ``right`` are flush right."""
    cells = [list(header), *([("-" if cell is None else str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    cells.insert(1, ["-" * width for width in widths])
    for row in cells:
        columns = (
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  " + "  ".join(columns).rstrip())


def count(number: int | None) -> str | None:
    """A number with its thousands apart."""
    return None if number is None else f"{number:,}"


def tokens(number: int | None) -> str | None:
    """A count of tokens."""
    return None if number is None else f"{number:,} tokens"


def price(model: Model, component: str) -> str | None:
    """The standard price of a component in its own currency and unit."""
    rate = model.price(component)
    return None if rate is None else f"{rate.amount} {rate.currency} per {rate.unit}"


def capabilities(model: Model, state: bool | None) -> str:
    """The names of what a model can do (``True``), cannot (``False``), or nobody has said (``None``)."""
    names = [item.name for item in fields(model.capabilities)]
    return ", ".join(name for name in names if getattr(model.capabilities, name) is state)


def show_model(ref: str) -> None:
    """Everything that fits on half a screen."""
    heading("1. Look up a model", f"get_model({ref!r})")
    model = get_model(ref)
    life, limits = model.lifecycle, model.limits
    field("name", f"{model.name}  ({model.qualified_id}, made by {model.author})")
    status = [model.status]
    if life.deprecated_on:
        status.append(f"announced on {life.deprecated_on}")
    if life.retires_on:
        status.append(f"retires on {life.retires_on}")
    if life.replacement:
        status.append(f"replaced by {life.replacement}")
    field("status today", ", ".join(status))
    field("released", model.released)
    field("knowledge cutoff", model.knowledge_cutoff)
    field("context window", tokens(limits.context_window))
    field("maximum output", tokens(limits.max_output_tokens))
    field("modalities", f"{', '.join(model.modalities.input)} -> {', '.join(model.modalities.output)}")
    for component in ("input", "cached_input", "output"):
        field(f"price, {component.replace('_', ' ')}", price(model, component))
    field("can", capabilities(model, True))
    field("cannot", capabilities(model, False))
    field("nobody has said", capabilities(model, None))
    field("endpoints", ", ".join(endpoint.name for endpoint in model.endpoints if endpoint.supported))
    if model.rate_limits:
        print()
        table(
            ("tier", "requests/min", "requests/day", "tokens/min", "batch queue"),
            (
                (
                    limit.tier,
                    count(limit.rpm),
                    count(limit.rpd),
                    count(limit.tpm),
                    count(limit.batch_queue_limit),
                )
                for limit in model.rate_limits
            ),
            right=(1, 2, 3, 4),
        )


def show_versions(refs: Sequence[str]) -> None:
    """Aliases, and snapshots with their dates."""
    heading("2. Snapshots and aliases", "list_snapshots(ref), list_aliases(ref)")
    rows = [
        (ref if number == 0 else "", snapshot.id, snapshot.released, snapshot.status, snapshot.retires_on)
        for ref in refs
        for number, snapshot in enumerate(list_snapshots(ref))
    ]
    table(("model", "snapshot", "released", "status today", "retires"), rows)
    print()
    for ref in refs:
        field(ref, ", ".join(list_aliases(ref)) or "no aliases", width=28)


def show_references() -> None:
    """Spellings that are understood, and the errors of those that are not."""
    heading("3. References as people really write them", "resolve(ref)")
    found = [(ref, resolve(ref)) for ref in REFERENCES]
    table(("reference", "kind", "model"), [(ref, one.kind, one.canonical_id) for ref, one in found])
    print("\n  Never a guess: what names no model, or more than one, is an error that says what to write.\n")
    for ref in MISTAKES:
        try:
            answer = get_model(ref).qualified_id
        except ModelMetaError as error:
            answer = f"{type(error).__name__}: {error}"
        field(repr(ref), answer)


def show_parameters(ref: str) -> None:
    """What is wrong with a request, and the request put right."""
    body = ", ".join(f"{name!r}: {value!r}" for name, value in REQUEST.items())
    heading("4. Check a request before it is sent", f"check_parameters({ref!r},", f"    {{{body}}})")
    report = check_parameters(ref, REQUEST)
    width = max(len(f"{issue.severity}: {issue.path}") for issue in report.issues) + 2
    for issue in report.issues:
        field(f"{issue.severity}: {issue.path}", issue.message, width)
    field("safe to send", report.safe_params, width)


def show_costs() -> None:
    """One request, line by line, then several requests at several models."""
    usage = USAGES["the same, 90% cached"]
    named = {name: getattr(usage, name) for name in ("input_tokens", "cached_input_tokens", "output_tokens")}
    arguments = ", ".join(f"{name}={number:_}" for name, number in named.items())
    heading("5. Compute what a request costs, exactly", f"compute_cost({PRICED[0]!r},", f"    {arguments})")
    cost = compute_cost(PRICED[0], usage)
    table(
        ("component", "quantity", "price", "per", "amount"),
        [(line.component, count(int(line.quantity)), line.unit_price, line.unit, line.amount) for line in cost.lines],
        right=(1, 2, 4),
    )
    field("total", f"{cost.total} {cost.currency}")
    print()
    rows: list[list[object]] = []
    for ref in PRICED:
        row: list[object] = [ref]
        for one in USAGES.values():
            try:
                cost = compute_cost(ref, one)
                row.append(f"{cost.total:.5f} {cost.currency}")
            except PriceNotPublishedError:
                row.append("no price published")
        rows.append(row)
    table(("model", *USAGES), rows, right=(1, 2, 3))


def show_search() -> None:
    """The cheapest models that are known to do what is needed."""
    heading(
        "6. Choose a model by what it can do",
        'find_models(requires=["tool_calling", "structured_output"], input_modalities=["image"],',
        '    min_context=500_000, provider="openrouter", status="active", sort_by="input_price", limit=8)',
    )
    found = find_models(
        requires=["tool_calling", "structured_output"],
        input_modalities=["image"],
        min_context=500_000,
        provider="openrouter",
        status="active",
        sort_by="input_price",
        limit=8,
    )
    rows: list[list[object]] = []
    for model in found:
        rates = [model.price(component) for component in ("input", "output")]
        limits = (count(model.limits.context_window), count(model.limits.max_output_tokens))
        rows.append([model.id, *limits, *(rate and rate.amount for rate in rates)])
    header = ("model", "context", "max output", "input USD/1M", "output USD/1M")
    table(header, rows, right=(1, 2, 3, 4))


def main() -> None:
    """The whole tour."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that cannot print a model's name still shows the rest
    info = dataset_info()
    print(f"modelmeta {__version__}, dataset {info.version}: {info.counts.models:,} models of ", end="")
    print(f"{info.counts.providers:,} providers, built on {info.built_on}; ", end="")
    print(f"today is {datetime.now(timezone.utc).date()}")
    show_model("gpt-4.1-mini")
    show_versions(("gpt-4.1-mini", "gpt-4o", "mistral-large-2512"))
    show_references()
    show_parameters("gpt-4.1-mini")
    show_costs()
    show_search()


if __name__ == "__main__":
    main()
