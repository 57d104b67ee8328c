"""The same model elsewhere: who else serves it, and which of a provider's ids is meant."""

from __future__ import annotations

from .errors import AmbiguousModelError, UnknownModelError
from .references import normalise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .catalog import Catalog
    from .records import Model

__all__ = ["dated", "list_offers", "offer_at"]


def offer_at(catalog: Catalog, provider: str, ref: object) -> Model | None:
    """What ``provider`` serves of the model that ``ref`` means elsewhere: the same version of the same base."""
    try:
        model, _ = catalog._find(ref, None, suggest=False)
    except (UnknownModelError, AmbiguousModelError):
        return None
    targets = [target for target in catalog._offers(model.base or "") if target.startswith(f"{provider}/")]
    offers = [*map(catalog._model, targets)]
    version = dated(model.id)
    if version is not None:
        same = [offer for offer in offers if version in {dated(offer.id), dated(offer.default_snapshot or "")}]
        offers = same or [offer for offer in offers if version == dated(catalog._head(model).default_snapshot or "")]
    offers = [offer for offer in offers if offer.snapshot_of is None] or offers
    shortest = [offer for offer in offers if len(offer.id) == min(len(o.id) for o in offers)]
    return shortest[0] if len(shortest) == 1 else None


def list_offers(catalog: Catalog, ref: str) -> tuple[Model, ...]:
    """Every provider's offer of a base model, or of the one that ``ref`` is an offer of, without versions."""
    targets = catalog._offers(normalise(ref))
    try:
        model = None if targets else catalog.get_model(ref)
    except AmbiguousModelError as error:
        choices = error.choices
    else:
        if model is not None:
            targets = catalog._offers(model.base or "") or (model.qualified_id,)
        return tuple([offer for offer in map(catalog._model, targets) if offer.snapshot_of is None])
    return tuple([catalog._model(choice) for choice in choices])


def dated(text: str) -> str | None:
    """The digits of the full date that an id carries, or ``None``.

    >>> dated("gpt-4.1-mini-2025-04-14"), dated("anthropic.claude-opus-4-1-20250805-v1:0"), dated("o3")
    ('20250414', '20250805', None)
    """
    parts = text.replace("@", "-").split("-")
    for at, part in enumerate(parts):
        if len(part) == 8 and part.isdigit() and part.startswith("20"):
            return part
        date = "".join(parts[at : at + 3])
        if len(part) == 4 and len(date) == 8 and date.isdigit() and date.startswith("20"):
            return date
    return None
