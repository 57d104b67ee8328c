"""A user's own models, negotiated prices, corrections and deployment names, laid over a dataset without copying it.

See ``docs/overlays.md`` for the format, and ``_overlaid`` for how a catalog with an overlay answers.
"""

from __future__ import annotations

import os

from ._overlay_files import SUFFIXES, read_file
from ._overlay_schema import Wrong, checked_document, plain
from ._positions import line_of
from ._record import to_json
from .catalog import Catalog
from .errors import DatasetError
from .records import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ._overlay_files import Text
    from ._positions import Path

__all__ = ["Overlay", "catalog_of", "overlay_of_models", "read_overlay"]


class Overlay:
    """An overlay that was read and found right; it can be laid over any catalog."""

    def __init__(self, document: object, *, where: str, name: str, text: Text | None = None) -> None:
        self.where = where
        self._text = text
        try:
            self.document = checked_document(document)
        except Wrong as wrong:
            raise self.error(wrong.path, wrong.message) from None
        self.name: str = self.document.get("name") or name
        self.date: str | None = self.document.get("date")
        self.source = f"overlay:{self.name}"

    def __repr__(self) -> str:
        return f"<Overlay {self.name!r} from {self.where}>"

    def over(self, catalog: Catalog) -> Catalog:
        """``catalog`` with this overlay on it; raises ``DatasetError`` if it speaks of models that are not there."""
        from ._overlaid import OverlaidCatalog

        try:
            return OverlaidCatalog(catalog, self)
        except Wrong as wrong:
            raise self.error(wrong.path, wrong.message) from None

    def locator(self, path: Path) -> str:
        """The file and the line on which the value at ``path`` stands."""
        line = None if self._text is None else line_of(self._text.positions, path)
        return self.where if line is None else f"{self.where}:{line}"

    def error(self, path: Path, message: str) -> DatasetError:
        """A ``DatasetError`` that names the file, the line, the path in the document, and what is wrong."""
        shown = _shown(path)
        return DatasetError(
            f"{self.locator(path)}: {shown}: {message}" if shown else f"{self.locator(path)}: {message}"
        )


def _shown(path: Path) -> str:
    """``changes["openai/gpt-4o"].prices[0].amount``."""
    text = ""
    for step in path:
        if isinstance(step, str) and step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{step}]" if isinstance(step, int) else f'["{step[:120]}"]'
    return text


def read_overlay(overlay: str | os.PathLike[str] | Mapping[str, object]) -> Overlay:
    """An overlay from a file, or from what such a file would hold."""
    if isinstance(overlay, (str, os.PathLike)):
        path = os.fspath(overlay)
        text = read_file(path)
        name = os.path.splitext(os.path.basename(path))[0]
        return Overlay(text.value, where=path, name=name, text=text)
    if not hasattr(overlay, "items"):
        raise TypeError(f"an overlay is a file or a mapping, not {type(overlay).__name__}")
    try:
        document = plain(overlay)
    except Wrong as wrong:
        raise DatasetError(f"<overlay>: {_shown(wrong.path)}: {wrong.message}") from None
    return Overlay(document, where="<overlay>", name="overlay")


def overlay_of_models(models: Iterable[Model], *, name: str) -> Overlay:
    """An overlay of whole models given as records."""
    if isinstance(models, Model):
        raise TypeError("with_models() takes several models: put this one into a list")
    entries: dict[str, object] = {}
    for number, model in enumerate(models):
        if not isinstance(model, Model):
            raise TypeError(f"with_models() takes Model records; item {number} is of type {type(model).__name__}")
        try:
            raw = plain(to_json(model))
            key = f"{model.provider}/{model.id}"
        except Wrong as wrong:
            raise DatasetError(f"<{name}>: model {number}: {_shown(wrong.path)}: {wrong.message}") from None
        if key in entries:
            raise DatasetError(f"<{name}>: model {number}: {key[:120]!r} is given twice")
        entries[key] = {part: value for part, value in raw.items() if part not in {"id", "provider", "checksum"}}
    return Overlay({"models": entries}, where=f"<{name}>", name=name)


def catalog_of(paths: str, default: Callable[[], Catalog]) -> Catalog:
    """The catalog that a text such as ``MODELMETA_DATASET`` names: a dataset, overlay files on it, or both.

    Several are separated as in ``PATH``. Without a dataset among them, the overlays lie on ``default()``.
    """
    catalog: Catalog | None = None
    overlays: list[Overlay] = []
    for path in paths.split(os.pathsep):
        if not path:
            continue
        if path.lower().endswith(SUFFIXES) and not os.path.isdir(path):
            overlays.append(read_overlay(path))
        elif catalog is not None:
            raise DatasetError(f"{paths}: names two datasets; of several paths at most one is a dataset")
        else:
            catalog = Catalog.bundled() if path == "bundled" else Catalog.load(path)
    catalog = default() if catalog is None else catalog
    for overlay in overlays:
        catalog = overlay.over(catalog)
    return catalog
