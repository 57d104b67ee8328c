"""Everything that ``modelmeta`` raises: what was wrong, with which value, what is allowed, what to do."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parameters import ParameterReport

__all__ = [
    "AmbiguousModelError",
    "DatasetError",
    "InvalidReferenceError",
    "ModelMetaError",
    "ParameterError",
    "PriceNotPublishedError",
    "RefreshError",
    "UnknownModelError",
    "UnknownProviderError",
    "UsageError",
]


class ModelMetaError(Exception):
    """The base of every error of this package."""


class InvalidReferenceError(ModelMetaError, ValueError, TypeError):
    """A reference that cannot name a model: not a string, empty, too long, or with control characters."""


class UnknownModelError(ModelMetaError, LookupError):
    """No model of that id is in the dataset. ``suggestions`` holds the closest ids, best first."""

    def __init__(self, message: str, *, reference: str = "", suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reference = reference
        self.suggestions = suggestions


class UnknownProviderError(UnknownModelError):
    """No provider of that id is in the dataset. ``suggestions`` holds the closest ids."""


class AmbiguousModelError(ModelMetaError, LookupError):
    """Several providers serve that id and none of them is its author. ``choices`` holds the qualified ids."""

    def __init__(self, message: str, *, reference: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reference = reference
        self.choices = choices


class UsageError(ModelMetaError, ValueError):
    """Counts that contradict each other, are negative or not whole, or cannot be read from a response."""


class PriceNotPublishedError(ModelMetaError, ValueError):
    """A cost was asked for that needs a price which no source states. ``components`` names the missing ones."""

    def __init__(self, message: str, *, components: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.components = components


class ParameterError(ModelMetaError, ValueError):
    """A request that the provider would reject. ``report`` is the whole :class:`ParameterReport`."""

    def __init__(self, message: str, *, report: ParameterReport | None = None) -> None:
        super().__init__(message)
        self.report = report


class DatasetError(ModelMetaError):
    """A dataset that is broken, cut off, edited, of another schema, or unsafe to read."""


class RefreshError(DatasetError):
    """A newer dataset could not be fetched: no network, a server that fails or takes too long, a missing library."""
