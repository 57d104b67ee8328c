"""The command line: ``modelmeta show``, ``find``, ``compare``, ``cost``, ``check``, ``audit`` and the rest.

Needs the extra ``cli`` (``pip install 'modelmeta[cli]'``). Every command has ``--json``. The exit code is 0 when all is
well, 1 when a check found something (a request that would be rejected, a retired id, a row without a price), 2 when
the question could not be answered.
"""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from . import _cli_audit, _cli_data, _cli_requests
from ._cli_options import AsJson, Endpoint, Provider, Ref, Refs, complete_capabilities
from ._cli_output import command, fail, leave, note, record_json, write, write_json
from ._display_lists import list_blocks
from .errors import ModelMetaError, UnknownModelError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .records import Model

__all__ = ["app", "run"]

app = typer.Typer(
    name="modelmeta",
    help="What AI models are, can do, accept and cost: offline, every fact with its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

LOOK, REQUESTS, FACTS = "Look up", "Requests", "Facts and data"


def run() -> None:
    """Run the command line; a reader who closes the pipe is no error."""
    try:
        try:
            app(prog_name="modelmeta")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        leave()


def _version(wanted: bool) -> None:
    if wanted:
        from . import __version__
        from .api import dataset_info

        typer.echo(f"modelmeta {__version__}, dataset {dataset_info().version}")
        raise typer.Exit


@app.callback()
def main(
    dataset: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="A dataset, or overlay files, to use; as MODELMETA_DATASET does."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """What AI models are, can do, accept and cost: offline, every fact with its source."""
    del version
    if dataset is not None:
        from .active import use_catalog

        try:
            use_catalog(dataset)
        except (ModelMetaError, OSError) as error:
            fail(str(error))


# Look up --------------------------------------------------------------------------------------------------


@app.command(rich_help_panel=LOOK)
@command
def show(
    refs: Refs,
    provider: Provider = None,
    page: Annotated[
        bool, typer.Option("--page", help="Everything that is known, not only what fits a screen.")
    ] = False,
    form: Annotated[
        Literal["text", "markdown", "html"], typer.Option("--format", "-f", help="How to write it.")
    ] = "text",
    as_json_: AsJson = False,
) -> None:
    """Show a model (or a provider): what it is, can do, accepts and costs, on one screen."""
    found = [_model_or_provider(ref, provider) for ref in refs]
    if as_json_:
        shown = [record_json(one) for one in found]
        write_json(shown[0] if len(shown) == 1 else shown)
        return
    for number, one in enumerate(found):
        if number:
            typer.echo()
        _show(one, form, page=page)


def _show(record: object, form: str, *, page: bool) -> None:
    from ._display_views import blocks_of
    from .display import to_html, to_markdown

    if form == "text":
        write(blocks_of(record, "page" if page else "text"))
    else:
        typer.echo(to_markdown(record) if form == "markdown" else to_html(record), nl=form == "html")


def _model_or_provider(ref: str, provider: str | None) -> object:
    from .active import get_model
    from .api import get_provider

    try:
        return get_model(ref, provider=provider)
    except UnknownModelError as error:
        try:
            return get_provider(ref)
        except ModelMetaError:
            raise error from None


@app.command("list", rich_help_panel=LOOK)
@command
def list_(
    *,
    provider: Provider = None,
    author: Annotated[str | None, typer.Option(help="Only models that this author made.")] = None,
    family: Annotated[str | None, typer.Option(help="Only models of this family.")] = None,
    base: Annotated[str | None, typer.Option(metavar="AUTHOR/NAME", help="Only offers of this model.")] = None,
    status: Annotated[str | None, typer.Option(help="active, preview, legacy, deprecated or retired.")] = None,
    providers: Annotated[bool, typer.Option("--providers", help="List providers instead of models.")] = False,
    authors: Annotated[bool, typer.Option("--authors", help="List authors instead of models.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Show at most so many; 0 shows all.")] = 100,
    as_json_: AsJson = False,
) -> None:
    """List models, providers or authors. With --json, all of them unless --limit is given."""
    from .api import list_authors, list_models, list_providers

    found: tuple[object, ...]
    if providers or authors:
        found = list_providers() if providers else list_authors()
    else:
        found = list_models(provider=provider, author=author, family=family, base=base, status=status)
    _listed(found, limit, as_json_)


def _listed(found: tuple[object, ...], limit: int, wants_json: bool) -> None:
    if wants_json:
        shown = found if not limit or limit == DEFAULT_LIMIT else found[:limit]
        write_json([record_json(one) for one in shown])
    elif found:
        write(list_blocks(found, limit or None), lists=True)
    else:
        note("nothing found")


DEFAULT_LIMIT = 100


@app.command(rich_help_panel=LOOK)
@command
def find(
    *,
    requires: Annotated[
        list[str] | None,
        typer.Option(
            "--requires", "-r", help="A capability, endpoint or tool; repeatable.", autocompletion=complete_capabilities
        ),
    ] = None,
    input_: Annotated[list[str] | None, typer.Option("--input", "-i", help="text, image, audio, video or pdf.")] = None,
    output: Annotated[list[str] | None, typer.Option("--output", "-o", help="text, image, audio, embedding …")] = None,
    min_context: Annotated[int | None, typer.Option(metavar="TOKENS", help="Context window of at least.")] = None,
    min_output: Annotated[int | None, typer.Option(metavar="TOKENS", help="Largest output of at least.")] = None,
    max_input_price: Annotated[str | None, typer.Option(metavar="USD", help="For 1M input tokens.")] = None,
    max_output_price: Annotated[str | None, typer.Option(metavar="USD", help="For 1M output tokens.")] = None,
    provider: Provider = None,
    author: Annotated[str | None, typer.Option(help="Only models that this author made.")] = None,
    open_weights: Annotated[
        bool | None, typer.Option("--open/--closed", help="With or without published weights.")
    ] = None,
    status: Annotated[str | None, typer.Option(help="active, preview, legacy, deprecated or retired.")] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", "-s", help="context_window, max_output_tokens, input_price, output_price, released, name, cost."
        ),
    ] = None,
    workload: Annotated[str | None, typer.Option(help="For --sort cost: personal, small_team or enterprise.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Show at most so many; 0 shows all.")] = 20,
    as_json_: AsJson = False,
) -> None:
    """Find the models that are known to meet every condition. What nobody states meets none."""
    from .api import find_models
    from .estimates import WORKLOADS

    if workload is not None and workload not in WORKLOADS:
        fail(f"--workload is one of {', '.join(WORKLOADS)}, not {workload!r}", json_output=as_json_)
    found = find_models(
        requires=requires or (),
        input_modalities=input_ or (),
        output_modalities=output or (),
        min_context=min_context,
        min_output=min_output,
        max_input_price=max_input_price,
        max_output_price=max_output_price,
        provider=provider,
        author=author,
        open_weights=open_weights,
        status=status,
        sort_by=sort,
        workload=WORKLOADS[workload] if workload else None,
    )
    if as_json_:
        write_json([record_json(model) for model in (found[:limit] if limit else found)])
    else:
        _listed(found, limit, wants_json=False)


@app.command(rich_help_panel=LOOK)
@command
def compare(
    refs: Refs,
    differences: Annotated[bool, typer.Option("--differences", "-d", help="Only the fields that differ.")] = False,
    as_json_: AsJson = False,
) -> None:
    """Put models side by side; what differs is marked."""
    from ._display_views import blocks_of, comparison_table
    from .api import compare_models

    compared = compare_models(*refs)
    if as_json_:
        rows = compared.differences if differences else compared.rows
        write_json({"models": [model.qualified_id for model in compared.models], "rows": rows})
    elif differences:
        write((comparison_table(compared, only_differences=True),))
    else:
        write(blocks_of(compared))


@app.command(rich_help_panel=LOOK)
@command
def snapshots(ref: Ref, as_json_: AsJson = False) -> None:
    """List the pinned versions of a model."""
    from .api import list_snapshots

    _records(list_snapshots(ref), f"no snapshots of {ref!r} are known", as_json_)


@app.command(rich_help_panel=LOOK)
@command
def aliases(ref: Ref, as_json_: AsJson = False) -> None:
    """List the ids that point at a model, and its ids on other platforms."""
    from .active import get_model
    from .api import list_aliases

    model = get_model(ref)
    found = list_aliases(ref)
    if as_json_:
        write_json({"model": model.qualified_id, "aliases": found, "platform_ids": model.platform_ids})
        return
    for alias in found:
        typer.echo(alias)
    for place in model.platform_ids:
        typer.echo(f"{place.id}  ({place.platform})")
    if not found and not model.platform_ids:
        note(f"no aliases of {model.qualified_id!r} are known")


@app.command(rich_help_panel=LOOK)
@command
def offers(ref: Ref, as_json_: AsJson = False) -> None:
    """List a model at every provider that serves it."""
    from .api import list_offers

    found: tuple[Model, ...] = list_offers(ref)
    if as_json_:
        write_json([record_json(model) for model in found])
    else:
        write(list_blocks(found), lists=True)


@app.command(rich_help_panel=LOOK)
@command
def parameters(ref: Ref, endpoint: Endpoint = None, provider: Provider = None, as_json_: AsJson = False) -> None:
    """List the parameters of a model: whether it takes them, with which range and default."""
    from .specs import get_parameters

    found = get_parameters(ref, endpoint=endpoint, provider=provider)
    _records(tuple(found.values()), f"no rules about the parameters of {ref!r} are known", as_json_)


def _records(found: tuple[object, ...], nothing: str, wants_json: bool) -> None:
    if wants_json:
        write_json([record_json(one) for one in found])
    elif found:
        write(list_blocks(found), lists=True)
    else:
        note(nothing)


app.command(rich_help_panel=REQUESTS)(_cli_requests.cost)
app.command(rich_help_panel=REQUESTS)(_cli_requests.check)
app.command(rich_help_panel=REQUESTS)(_cli_audit.audit)
app.command(rich_help_panel=FACTS)(_cli_data.sources)
app.command(rich_help_panel=FACTS)(_cli_data.conflicts)
app.command(rich_help_panel=FACTS)(_cli_data.history)
app.command(rich_help_panel=FACTS)(_cli_data.diff)
app.command(rich_help_panel=FACTS)(_cli_data.info)
app.command(rich_help_panel=FACTS)(_cli_data.update)
