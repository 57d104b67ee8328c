"""Commands about facts and data: sources, conflicts, history, differences, the dataset and its updates."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ._cli_options import AsJson, Ref, complete_models
from ._cli_output import CAME_WRONG, FINDINGS, command, note, write, write_json
from ._display_lists import list_blocks

__all__ = ["conflicts", "diff", "history", "info", "sources", "update"]

OptionalRef = Annotated[str | None, typer.Argument(metavar="MODEL", autocompletion=complete_models, show_default=False)]

Field = Annotated[str | None, typer.Option("--field", "-f", help="One field, or a group of fields such as limits.")]


@command
def sources(ref: OptionalRef = None, field: Field = None, as_json_: AsJson = False) -> None:
    """List what the dataset was built from; of a model, who said what about it and who was believed."""
    from .api import list_observations, list_sources

    found: tuple[object, ...] = list_sources() if ref is None else list_observations(ref, field)
    _records(found, f"nothing is recorded of {field or ref}", as_json_)


@command
def conflicts(
    ref: OptionalRef = None,
    limit: Annotated[int, typer.Option(min=0, help="Show at most so many; 0 shows all.")] = 100,
    as_json_: AsJson = False,
) -> None:
    """List the facts on which sources differ, of one model or of all, with the settled value and the reason."""
    from .api import list_conflicts

    found = list_conflicts(ref)
    if as_json_:
        write_json(found)
    elif found:
        write(list_blocks(found, limit or None), lists=True)
    else:
        note(f"no sources differ on {ref}" if ref else "no sources differ")


@command
def history(ref: Ref, field: Field = None, as_json_: AsJson = False) -> None:
    """List what changed about a model, dated and with its source: prices, limits, dates."""
    from .api import list_changes

    _records(list_changes(ref, field), f"no changes of {ref!r} are recorded", as_json_)


def _records(found: tuple[object, ...], nothing: str, wants_json: bool) -> None:
    if wants_json:
        write_json(found)
    elif found:
        write(list_blocks(found), lists=True)
    else:
        note(nothing)


@command
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A dataset: a folder or a zip file, or 'bundled'.")],
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="Another; the one in use by default.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, for a pull request.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 when anything differs.")] = False,
    as_json_: AsJson = False,
) -> None:
    """Tell what a dataset adds, removes and changes against another."""
    from ._display_views import blocks_of
    from .diff import diff_datasets

    found = diff_datasets(_dataset(old), None if new is None else _dataset(new))
    if as_json_:
        write_json(found)
    elif markdown:
        typer.echo(found.to_markdown(), nl=False)
    else:
        write(blocks_of(found))
    if exit_code and found:
        raise typer.Exit(FINDINGS)


def _dataset(argument: str) -> Any:
    from .catalog import Catalog

    return Catalog.bundled() if argument == "bundled" else argument


@command
def info(as_json_: AsJson = False) -> None:
    """Show the version, the age, the size and the sources of the dataset in use."""
    from . import __version__
    from ._display_blocks import Facts
    from ._display_views import blocks_of
    from .active import current_catalog
    from .api import dataset_info

    found = dataset_info()
    place = str(getattr(current_catalog(), "storage", current_catalog()))
    if as_json_:
        write_json({"modelmeta": __version__, "path": place, "dataset": found})
        return
    heading, *rest = blocks_of(found)
    write((heading, Facts((("modelmeta", __version__), ("path", place))), *rest))


@command
def update(
    *,
    url: Annotated[str | None, typer.Option(help="Where from; this project's releases by default.")] = None,
    public_key: Annotated[
        str | None, typer.Option(metavar="KEY", help="A minisign key that must have signed it.")
    ] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="For everything together.")] = 60.0,
    force: Annotated[bool, typer.Option("--force", help="Ask even if nothing seems to have changed.")] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the dataset in use before the last update.")
    ] = False,
    as_json_: AsJson = False,
) -> None:
    """Fetch and install a newer dataset, if there is one. This is the only command that uses the network."""
    from . import updates

    found = (
        updates.rollback() if rollback else updates.refresh(url, timeout=timeout, public_key=public_key, force=force)
    )
    if as_json_:
        write_json(found)
    else:
        offered = f" (offered: {found.available})" if found.available not in {None, found.version} else ""
        typer.echo(f"{_UPDATES.get(found.status, found.status)}: dataset {found.version}{offered}")
    if found.status == "unavailable":
        raise typer.Exit(CAME_WRONG)


_UPDATES = {
    "updated": "updated",
    "current": "already the newest",
    "not_modified": "already the newest",
    "older": "the one in use is newer than the one offered",
    "held": "the one offered was rolled back, and is not installed again",
    "unavailable": "there is no place to install to",
    "rolled_back": "rolled back",
}
