"""What a reference turned out to mean, and how it was read."""

from __future__ import annotations

from ._record import Record
from .records import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .references import Reading

__all__ = ["Resolution", "resolution"]


class Resolution(Record):
    """What a reference turned out to mean.

    ``kind`` is ``"model"``, ``"snapshot"``, ``"alias"``, ``"platform_id"``, ``"fine_tune"``, ``"variant"`` (a
    routing suffix), ``"offer"`` (what the provider asked for serves of that model) or ``"name"`` (how others write
    the model's name). ``canonical_id`` is the model's own ``provider/id``; ``snapshot`` the pinned version that a
    moving id points at today, when one is published.

    >>> from modelmeta import resolve
    >>> [resolve(ref).kind for ref in ("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", "models/gemini-2.5-flash")]
    ['model', 'snapshot', 'platform_id']
    """

    requested: str
    kind: str
    canonical_id: str
    model: Model
    snapshot: str | None = None


def resolution(ref: str, model: Model, reading: Reading) -> Resolution:
    """That ``ref``, read in this way, means this model."""
    return Resolution(
        requested=ref,
        kind=reading.kind or _kind(model, reading.id),
        canonical_id=model.qualified_id,
        model=model,
        snapshot=model.default_snapshot,
    )


def _kind(model: Model, key: str) -> str:
    keys = {key, key.removeprefix(f"{model.provider}/")}
    if model.id.lower() in keys:
        return "model" if model.snapshot_of is None else "snapshot"
    if any(alias.lower() in keys for alias in model.aliases):
        return "alias"
    if any(platform.id.lower() in keys for platform in model.platform_ids):
        return "platform_id"
    return "name"
