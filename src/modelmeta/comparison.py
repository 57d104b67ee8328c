"""Models side by side, field by field."""

from __future__ import annotations

from ._record import Record, field_names
from .pricing import Rate
from .records import Capabilities, Limits, Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Comparison", "ComparisonRow", "compare"]


class ComparisonRow(Record):
    """One field of the models compared: its dotted path, each model's value in order, and whether they differ.

    ``differs`` is ``None`` where what is stated agrees, but is not stated of every model: nobody knows then.
    Values are those of the records, in their units; of a price, its :class:`Rate`; ``None`` where nobody says.
    """

    field: str
    values: tuple[object, ...]
    differs: bool | None


class Comparison(Record):
    """Models side by side. ``rows`` holds every field that at least one of them states.

    Values are those of the records, in their units; of a price, its :class:`Rate`; ``None`` where nobody says.

    >>> from modelmeta import compare_models
    >>> compared = compare_models("gpt-4.1-mini", "gpt-4.1-nano")
    >>> [row.values for row in compared.rows if row.field == "limits.max_output_tokens"]
    [(32768, 32768)]
    """

    models: tuple[Model, ...]
    rows: tuple[ComparisonRow, ...]

    @property
    def differences(self) -> tuple[ComparisonRow, ...]:
        """The rows in which the models are known to differ."""
        return tuple(row for row in self.rows if row.differs)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas data frame: a row for each field, a column for each model, and whether they differ.

        Raises ``ImportError`` if pandas is not installed.
        """
        from ._display_frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """A Polars data frame: a row for each field, a column for each model, and whether they differ.

        Raises ``ImportError`` if Polars is not installed.
        """
        from ._display_frames import to_polars

        return to_polars(self)

    def __repr__(self) -> str:
        ids = ", ".join(model.qualified_id for model in self.models)
        return f"<Comparison of {ids}: {len(self.differences)} of {len(self.rows)} fields differ>"


_COMPARED: tuple[str, ...] = (
    "author", "family", "status", "released", "knowledge_cutoff", "open_weights",
    *(f"limits.{name}" for name in field_names(Limits)),
    "modalities.input", "modalities.output",
    *(f"capabilities.{name}" for name in field_names(Capabilities)),
    "reasoning.efforts", "reasoning.default_effort",
)  # fmt: skip

_COMPARED_PRICES = ("input", "cached_input", "cache_write", "output")


def compare(models: tuple[Model, ...]) -> Comparison:
    """The comparison of ``models``."""
    rows = [(path, tuple(_at(model, path) for model in models)) for path in _COMPARED]
    rows += [
        (f"pricing.standard.{component}", tuple(model.price(component) for model in models))
        for component in _COMPARED_PRICES
    ]
    return Comparison(
        models=models,
        rows=tuple(
            ComparisonRow(field=field, values=values, differs=_differ(values))
            for field, values in rows
            if any(value not in (None, ()) for value in values)
        ),
    )


def _differ(values: tuple[object, ...]) -> bool | None:
    stated = [_compared(value) for value in values if value not in (None, ())]
    return True if len(set(stated)) > 1 else False if len(stated) == len(values) else None


def _compared(value: object) -> object:
    """What counts when two values are compared: of a rate, what is paid, not who says so."""
    return (value.amount, value.unit, value.currency) if isinstance(value, Rate) else value


def _at(model: Model, path: str) -> object:
    value: object = model
    for name in path.split("."):
        value = getattr(value, name)
    return value
