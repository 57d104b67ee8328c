"""One query for costs: which prices its references have, and the joins that bring them to the rows."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from ._frame_columns import SECONDS, cell_of, cost_columns, listed_form, numbers, output_names
from ._frame_engines import add_seconds, is_database, join, pick, table_for, temporary
from ._frame_rates import CELL, KEY, PLACE, prepare
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
"""What is joined to a row whose reference is not in the list as it stands."""


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
        return self._priced(frame, self.prepared(frame)).select(*columns, *output_names(self.asked))

    def eager(self, frame: nw.DataFrame[Any]) -> Frame:
        """The frame with its costs; only the columns that matter go through the join."""
        asked = self.asked
        needed = [self.model, self.host, asked.tier, asked.at, *asked.counts.values()]
        narrow = frame.select(*dict.fromkeys(name for name in needed if name is not None))
        prepared, names = self.prepared(narrow), output_names(asked)
        if frame.implementation.is_polars():
            # As one query it takes half the time of a step after the other.
            priced: Frame = self._priced(narrow.lazy(), prepared).select(*names).lazy().collect()
        else:
            priced = self._priced(narrow, prepared)
        return frame.with_columns(*(priced[name] for name in names))

    def _priced(self, frame: Frame, prepared: Prepared) -> Frame:
        asked, given = self.asked, frame
        # Before all other steps: DuckDB reads every step of a query anew when it is given a table.
        references, cells = table_for(given, prepared.references), table_for(given, prepared.cells)
        places = None if prepared.places is None else table_for(given, prepared.places)
        frame = frame.with_columns(self._joined_by().alias(temporary(KEY)))
        if prepared.complete:
            frame = join(frame, references, temporary(KEY))
        else:
            frame = self._found(frame, references, prepared)
        if places is not None:
            frame = pick(frame, places, temporary(PLACE))
        frame = frame.with_columns(*numbers(asked))
        if asked.at is not None and (prepared.changes or prepared.edges or prepared.weekend or prepared.released):
            frame = add_seconds(frame, asked.at, temporary(SECONDS))
        frame = frame.with_columns(cell_of(asked, prepared, timed=self.scope.timed).alias(temporary(CELL)))
        frame = pick(frame, cells, temporary(CELL))
        return cost_columns(frame, asked, prepared)

    def _found(self, frame: Frame, references: Frame, prepared: Prepared) -> Frame:
        """Each row with what its reference leads to, as it stands or in the form in which references are listed."""
        key, second = temporary(KEY), temporary(SECOND)
        (found,) = (temporary(name) for name in prepared.references.columns if name != KEY)
        frame = join(frame, references, key)
        missed, nothing = nw.col(found).is_null(), nw.lit(None, dtype=nw.String)
        # In the outer condition, that a database does nothing for other rows; in the inner, that a frame in memory,
        # which works out both branches for all rows, has little to do.
        left = nw.when(missed).then(self._reference()).otherwise(nothing)
        host = self._host()
        form = _key(listed_form(left, plain=self.plain), None if host is None else host.str.to_lowercase())
        frame = frame.with_columns(nw.when(missed).then(form).otherwise(nothing).alias(second))
        other = f"{found}_{SECOND}"
        frame = join(frame, references.rename({key: second, found: other}), second)
        return frame.with_columns(nw.coalesce(found, other).alias(found))

    def _reference(self) -> nw.Expr:
        return nw.col(self.model).cast(nw.String)

    def _host(self) -> nw.Expr | None:
        return None if self.host is None else nw.col(self.host).cast(nw.String).str.strip_chars()

    def _joined_by(self) -> nw.Expr:
        """What a row is joined by."""
        return _key(self._reference(), self._host())

    def prepared(self, frame: Frame) -> Prepared:
        """The tables to join: of the references of the frame just as they stand there, else of all listed ones."""
        meanings = self._meanings(frame)
        if meanings is not None:
            return prepare(self.scope, meanings)
        return self._listed(graded=is_database(frame))

    def _meanings(self, frame: Frame) -> Iterable[tuple[str, Meaning]] | None:
        """What the keys of the frame mean; ``None`` where they are unknown, or too many to read each."""
        if self.models is not None:
            return self._known(self.models)
        if isinstance(frame, nw.DataFrame):
            distinct = frame.select(self._joined_by().alias(KEY))[KEY].unique().drop_nulls()
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

    def _listed(self, *, graded: bool) -> Prepared:
        """The prices of all references, worked out once and kept until a price changes."""
        references, scope = self.references, self.scope
        moment = scope.at if scope.stated else None
        key = (scope._replace(at=moment), scope.at is None, self.provider, self.host is None, graded)
        kept = references.prepared.get(key)
        now = int(time())
        if kept is None or now >= kept[1]:
            pairs = () if self.host is None else references.listed_pairs()
            meanings = [*references.listed(self.provider), *pairs]
            models = {id(found.model): found.model for _, found in meanings if found.model is not None}
            until = min((price_book(model).until(now) for model in models.values()), default=now)
            kept = prepare(scope, meanings, complete=False, graded=graded), until
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
