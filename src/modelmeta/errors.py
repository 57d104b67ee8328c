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
    """The base of every error of this package.

    >>> from modelmeta import ModelMetaError, get_model
    >>> try:
    ...     get_model("gpt4.1-mini")
    ... except ModelMetaError as error:
    ...     print(type(error).__name__)
    UnknownModelError
    """


class InvalidReferenceError(ModelMetaError, ValueError, TypeError):
    """A reference that cannot name a model: not a string, empty, too long, or with control characters.

    >>> from modelmeta import get_model
    >>> get_model("")
    Traceback (most recent call last):
        ...
    modelmeta.errors.InvalidReferenceError: ...
    """


class UnknownModelError(ModelMetaError, LookupError):
    """No model of that id is in the dataset. ``suggestions`` holds the closest ids, best first.

    >>> from modelmeta import UnknownModelError, get_model
    >>> try:
    ...     get_model("gpt4.1-mini")
    ... except UnknownModelError as error:
    ...     error.reference, error.suggestions[0]
    ('gpt4.1-mini', 'gpt-4.1-mini')
    """

    def __init__(self, message: str, *, reference: str = "", suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reference = reference
        self.suggestions = suggestions


class UnknownProviderError(UnknownModelError):
    """No provider of that id is in the dataset. ``suggestions`` holds the closest ids.

    >>> from modelmeta import get_provider
    >>> get_provider("antropic")
    Traceback (most recent call last):
        ...
    modelmeta.errors.UnknownProviderError: no provider 'antropic'; did you mean 'anthropic'?
    """


class AmbiguousModelError(ModelMetaError, LookupError):
    """Several providers serve that id and none of them is its author. ``choices`` holds the qualified ids.

    >>> from modelmeta import AmbiguousModelError, get_model
    >>> try:
    ...     get_model("whisper-large-v3")
    ... except AmbiguousModelError as error:
    ...     len(error.choices) > 2
    True
    """

    def __init__(self, message: str, *, reference: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reference = reference
        self.choices = choices


class UsageError(ModelMetaError, ValueError):
    """Counts that contradict each other, are negative or not whole, or cannot be read from a response.

    >>> from modelmeta import Usage
    >>> Usage(input_tokens=100, cached_input_tokens=200)
    Traceback (most recent call last):
        ...
    modelmeta.errors.UsageError: ...
    """


class PriceNotPublishedError(ModelMetaError, ValueError):
    """A cost was asked for that needs a price which no source states. ``components`` names the missing ones.

    >>> from modelmeta import PriceNotPublishedError, compute_cost
    >>> try:
    ...     compute_cost("gpt-4.1-mini", seconds=5)
    ... except PriceNotPublishedError as error:
    ...     error.components
    ('seconds',)
    """

    def __init__(self, message: str, *, components: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.components = components


class ParameterError(ModelMetaError, ValueError):
    """A request that the provider would reject. ``report`` is the whole :class:`ParameterReport`.

    Also raised for an endpoint that does not exist or parameters that are no mapping; ``report`` is then ``None``.

    >>> from modelmeta import ParameterError, validate_parameters
    >>> try:
    ...     validate_parameters("gpt-4.1-mini", {"temperature": 2.5})
    ... except ParameterError as error:
    ...     error.report.safe_params
    {'temperature': 2}
    """

    def __init__(self, message: str, *, report: ParameterReport | None = None) -> None:
        super().__init__(message)
        self.report = report


class DatasetError(ModelMetaError):
    """A dataset that is broken, cut off, edited, of another schema, or unsafe to read.

    It names the file, the entry or line, and the value.

    >>> from modelmeta import Catalog
    >>> Catalog.bundled().with_overlay({"changes": {"gpt-4.1-mini": {"limits": {"context": 1}}}})
    Traceback (most recent call last):
        ...
    modelmeta.errors.DatasetError: ...
    """


class RefreshError(DatasetError):
    """A newer dataset could not be fetched: no network, a server that fails or takes too long, a missing library."""
