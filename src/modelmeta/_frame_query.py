"""One query for costs: which prices its references have, and the joins that bring them to the rows."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from ._frame_columns import SECONDS, add_numbers, cell_of, cost_columns, listed_form, output_names
from ._frame_engines import add_seconds, join, pick, table_for, temporary
from ._frame_rates import BASE, CELL, KEY, prepare
from ._frame_references import UNKNOWN
from .cost import price_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    from ._frame_columns import Asked
    from ._frame_rates import Prepared, Scope
    from ._frame_references import Meaning, References

    Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

__all__ = ["Query"]

MOST_DISTINCT = 50_000
"""With more references than this in a frame they are looked up in the list of all, as for a frame that is lazy."""

_MOST_PREPARED = 8

SECOND = "second"


class Query(NamedTuple):
    """What :func:`with_cost` was asked, after its arguments have been understood.

    ``provider`` is that of all rows, ``host`` the column that names each row's; ``models`` are all references that
    can occur, where the caller has said so. ``plain`` is for a database without regular expressions.
    """

    references: References
    asked: Asked
    scope: Scope
    model: str
    provider: str | None
    host: str | None
    models: tuple[str, ...] | None
    plain: bool = False

    def lazy(self, frame: nw.LazyFrame[Any]) -> Frame:
        """The frame with its costs, still lazy."""
        columns = frame.collect_schema().names()
        return self._priced(frame).select(*columns, *output_names(self.asked))

    def eager(self, frame: nw.DataFrame[Any]) -> Frame:
        """The frame with its costs; only the columns that matter go through the join."""
        asked = self.asked
        needed = [self.model, self.host, asked.tier, asked.at, *asked.counts.values()]
        priced = self._priced(frame.select(*dict.fromkeys(name for name in needed if name is not None)))
        return frame.with_columns(*(priced[name] for name in output_names(asked)))

    def _priced(self, frame: Frame) -> Frame:
        asked, key = self.asked, temporary(KEY)
        reference = nw.col(self.model).cast(nw.String)
        host = None if self.host is None else nw.col(self.host).cast(nw.String).str.strip_chars()
        frame = frame.with_columns(_key(reference, host).alias(key))
        prepared, is_complete = self.prepared(frame)
        frame = add_numbers(frame, asked)
        if asked.at is not None and (prepared.changes or prepared.edges or prepared.weekend or prepared.released):
            frame = add_seconds(frame, asked.at, temporary(SECONDS))
        frame = join(frame, table_for(frame, prepared.places), key)
        if not is_complete:
            frame = _second_try(frame, reference, host, prepared, plain=self.plain)
        frame = frame.with_columns(cell_of(asked, prepared, timed=self.scope.timed).alias(temporary(CELL)))
        frame = pick(frame, table_for(frame, prepared.cells), temporary(CELL))
        return cost_columns(frame, asked, prepared)

    def prepared(self, frame: Frame) -> tuple[Prepared, bool]:
        """The tables to join, and whether they hold all references of the frame just as they stand there."""
        meanings = self._meanings(frame)
        return (self._listed(), False) if meanings is None else (prepare(self.scope, meanings), True)

    def _meanings(self, frame: Frame) -> Iterable[tuple[str, Meaning]] | None:
        """What the keys of the frame mean; ``None`` where they are unknown, or too many to read each."""
        if self.models is not None:
            return self._known(self.models)
        if isinstance(frame, nw.DataFrame):
            distinct = frame[temporary(KEY)].unique().drop_nulls()
            if len(distinct) <= MOST_DISTINCT:
                return self._read(distinct.to_list())
        return None

    def _read(self, keys: Sequence[str]) -> Iterator[tuple[str, Meaning]]:
        """What each key means that occurs."""
        for key in keys:
            host, mark, reference = key.partition(_BETWEEN)
            if self.host is None or not mark:
                yield key, self.references.meaning(key, self.provider)
            else:
                yield key, self.references.meaning(reference, host)

    def _known(self, models: tuple[str, ...]) -> Iterator[tuple[str, Meaning]]:
        """What each key means that can occur when these are the references."""
        yield from ((reference, self.references.meaning(reference, self.provider)) for reference in models)
        if self.host is not None:
            for reference in models:
                for provider, names in self.references.names.items():
                    found = self.references.meaning(reference, provider)
                    if found.reason != UNKNOWN:
                        yield from ((f"{name}{_BETWEEN}{reference}", found) for name in names)

    def _listed(self) -> Prepared:
        """The prices of all references, worked out once and kept until a price changes."""
        references, scope = self.references, self.scope
        moment = scope.at if scope.stated else None
        key = (scope._replace(at=moment), scope.at is None, self.provider, self.host is None)
        kept = references.prepared.get(key)
        now = int(time())
        if kept is None or now >= kept[1]:
            pairs = () if self.host is None else references.listed_pairs()
            meanings = [*references.listed(self.provider), *pairs]
            models = {id(found.model): found.model for _, found in meanings if found.model is not None}
            until = min((price_book(model).until(now) for model in models.values()), default=now)
            kept = prepare(scope, meanings), until
            if len(references.prepared) >= _MOST_PREPARED:
                references.prepared.clear()
            references.prepared[key] = kept
        prepared: Prepared = kept[0]
        return prepared


_BETWEEN = " "
"""What stands between a provider and a reference in a key: no provider's name has a blank."""


def _key(reference: nw.Expr, host: nw.Expr | None) -> nw.Expr:
    """What a row is joined by: its reference, after its provider where a column names that."""
    if host is None:
        return reference
    return nw.when(host.is_null()).then(reference).otherwise(nw.concat_str(host, nw.lit(_BETWEEN), reference))


def _second_try(frame: Frame, reference: nw.Expr, host: nw.Expr | None, prepared: Prepared, *, plain: bool) -> Frame:
    """Look up what was not found as it stands in the form in which references are listed."""
    second = temporary(SECOND)
    missed = nw.when(nw.col(temporary(BASE)).is_null()).then(reference).otherwise(nw.lit(None, dtype=nw.String))
    frame = frame.with_columns(missed.alias(second))
    again = _key(listed_form(nw.col(second), plain=plain), None if host is None else host.str.to_lowercase())
    frame = frame.with_columns(again.alias(second))
    names = [temporary(name) for name in prepared.places.columns if name != KEY]
    others = {temporary(KEY): second, **{name: f"{name}_{SECOND}" for name in names}}
    frame = join(frame, table_for(frame, prepared.places).rename(others), second)
    return frame.with_columns(*(nw.coalesce(name, others[name]).alias(name) for name in names))
