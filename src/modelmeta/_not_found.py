"""Why a reference means no model: the errors, with what is near and who serves it."""

from __future__ import annotations

from .errors import AmbiguousModelError, UnknownModelError, UnknownProviderError
from .references import normalise, provider_name
from .storage import verify
from .suggestions import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .catalog import Catalog

__all__ = ["ambiguous_model", "unknown_author", "unknown_model", "unknown_provider"]

_SHOWN = 8


def ambiguous_model(ref: str, choices: list[str]) -> AmbiguousModelError:
    """The error for a reference that several providers serve and none of them as its author."""
    more = f" and {len(choices) - _SHOWN} more" if len(choices) > _SHOWN else ""
    return AmbiguousModelError(
        f"{len(choices)} providers serve {ref!r} and none of them is its author; choose one: "
        f"{', '.join(choices[:_SHOWN])}{more} (or pass provider=)",
        reference=ref,
        choices=tuple(choices),
    )


def unknown_model(catalog: Catalog, ref: object, provider: object) -> UnknownModelError:
    """The error for a reference that means nothing; raises ``DatasetError`` if the index is damaged."""
    verify(catalog.storage, "index.json")
    text = str(ref)
    if provider is not None and provider_name(provider) not in catalog._providers():
        return unknown_provider(catalog, provider)
    suggestions = closest(normalise(ref), catalog._keys(provider))
    where = "" if provider is None else f" at provider {provider_name(provider)!r}"
    hint = _did_you_mean(suggestions)
    if provider is not None:
        hint = _served_elsewhere(catalog, ref) or hint
    elif (head := text.partition("/"))[2] and provider_name(head[0]) in catalog._providers():
        hint = _served_elsewhere(catalog, head[2]) or hint
    return UnknownModelError(f"no model {text!r}{where}{hint}", reference=text, suggestions=suggestions)


def unknown_provider(catalog: Catalog, provider: object) -> UnknownProviderError:
    """The error for a provider that is none."""
    suggestions = closest(provider_name(provider), catalog._providers())
    return UnknownProviderError(
        f"no provider {str(provider)!r}{_did_you_mean(suggestions)}", reference=str(provider), suggestions=suggestions
    )


def unknown_author(catalog: Catalog, author: str) -> UnknownModelError:
    """The error for an author that is none."""
    suggestions = closest(normalise(author), catalog._table("authors"))
    return UnknownModelError(
        f"no author {author!r}{_did_you_mean(suggestions)}", reference=author, suggestions=suggestions
    )


def _did_you_mean(suggestions: tuple[str, ...]) -> str:
    return f"; did you mean {' or '.join(map(repr, suggestions))}?" if suggestions else ""


def _served_elsewhere(catalog: Catalog, ref: object) -> str:
    try:
        model, _ = catalog._find(ref, None, suggest=False)
    except AmbiguousModelError as error:
        return f"; these serve it: {', '.join(error.choices[:_SHOWN])}"
    except UnknownModelError:
        return ""
    return f"; {model.provider!r} serves it, as {model.qualified_id!r}"
