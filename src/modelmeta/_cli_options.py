"""Arguments and options that several commands have, and how a shell completes them."""

from __future__ import annotations

from typing import Annotated

import typer

from ._record import field_names

__all__ = [
    "AsJson",
    "Endpoint",
    "Provider",
    "Ref",
    "Refs",
    "complete_capabilities",
    "complete_models",
    "complete_providers",
]

MOST_COMPLETIONS = 60


def complete_models(incomplete: str) -> list[str]:
    """The references that begin with what was typed."""
    from .active import current_catalog

    wanted = incomplete.lower()
    found = []
    for reference in current_catalog().references():
        if reference.startswith(wanted):
            found.append(reference)
            if len(found) >= MOST_COMPLETIONS:
                break
    return found


def complete_providers(incomplete: str) -> list[str]:
    """The providers that begin with what was typed."""
    from .api import list_providers

    return [provider.id for provider in list_providers() if provider.id.startswith(incomplete.lower())]


def complete_capabilities(incomplete: str) -> list[str]:
    """The capabilities, endpoints and tools that begin with what was typed."""
    from .records import Capabilities, Endpoint, Tool

    names = dict.fromkeys((*field_names(Capabilities), *Endpoint.NAMES, *Tool.NAMES))
    return [name for name in names if name.startswith(incomplete.lower())]


def complete_endpoints(incomplete: str) -> list[str]:
    """The endpoints that begin with what was typed."""
    from .records import Endpoint

    return [name for name in Endpoint.NAMES if name.startswith(incomplete.lower())]


Ref = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="An id, alias or snapshot, in any usual form.", autocompletion=complete_models
    ),
]

Refs = Annotated[
    list[str],
    typer.Argument(
        metavar="MODEL", help="Ids, aliases or snapshots, in any usual form.", autocompletion=complete_models
    ),
]

Provider = Annotated[
    str | None, typer.Option("--provider", "-p", help="The provider that serves it.", autocompletion=complete_providers)
]

Endpoint = Annotated[
    str | None,
    typer.Option("--endpoint", "-e", help="The API surface, such as responses.", autocompletion=complete_endpoints),
]

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON: the records' fields, exact amounts as strings.")]
