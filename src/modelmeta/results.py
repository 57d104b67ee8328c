"""Lists of records: tuples that a notebook shows as a table."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, SupportsIndex, TypeVar, overload

    import pandas as pd
    import polars as pl

    Item_co = TypeVar("Item_co", covariant=True)

__all__ = ["Results"]

SHOWN = 20
"""A ``repr`` shows this many records whole before it begins to leave out."""


class Results(tuple["Item_co", ...]):
    """A tuple of records, and in all respects a tuple; but a notebook shows it as a table, and so does ``print()``.

    >>> from modelmeta import list_snapshots
    >>> found = list_snapshots("gpt-4.1-mini")
    >>> isinstance(found, tuple), len(found)
    (True, 1)
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __new__(cls, items: Iterable[Item_co] = ...) -> Results[Item_co]: ...  # noqa: D102
        @overload
        def __getitem__(self, place: SupportsIndex) -> Item_co: ...
        @overload
        def __getitem__(self, place: slice) -> Results[Item_co]: ...
        def __getitem__(self, place: Any) -> Any: ...

    else:

        def __getitem__(self, place: Any) -> Any:
            found = tuple.__getitem__(self, place)
            return Results(found) if place.__class__ is slice else found

    def __repr__(self) -> str:
        if len(self) <= SHOWN:
            return tuple.__repr__(self)
        shown = ", ".join(map(repr, tuple.__getitem__(self, slice(3))))
        return f"({shown}, ... and {len(self) - 3:,} more)"

    def __str__(self) -> str:
        from .display import to_text

        return to_text(self)

    def _repr_html_(self) -> str:
        from .display import to_html

        return to_html(self)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas data frame: a row for each record, a column for each field, nested ones by their dotted path.

        Decimals are kept exact and dates are text, as precise as they are known; what is not stated is ``None``.
        Raises ``ImportError`` if pandas is not installed.
        """
        from ._display_frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """A Polars data frame: a row for each record, a column for each field, nested ones by their dotted path.

        Raises ``ImportError`` if Polars is not installed.
        """
        from ._display_frames import to_polars

        return to_polars(self)
