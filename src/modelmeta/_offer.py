"""``latest.json``: which dataset a server offers."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import DatasetError
from .installed import version_key
from .storage import SCHEMA_VERSION

__all__ = ["Offer", "checked_offer"]


class Offer(BaseModel):
    """A dataset that can be fetched. ``url`` may be relative to the place of ``latest.json``."""

    model_config = ConfigDict(strict=True, frozen=True)

    schema_version: int
    version: Annotated[str, Field(max_length=40)]
    url: Annotated[str, Field(min_length=1, max_length=2000)]
    bytes: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, Field(max_length=2000)] | None = None

    @property
    def name(self) -> str:
        """The folder in which the dataset is installed."""
        return f"{self.version}-{self.sha256[:16]}"


def checked_offer(data: bytes, url: str, where: str) -> Offer:
    """The offer in ``data``, which came from ``url`` (``where`` in messages).

    Raises ``DatasetError`` if it is none, or of a schema that this release cannot read.
    Fields that a later release adds are passed over.
    """
    try:
        raw = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise DatasetError(f"{where}: not the JSON that names a dataset") from None
    schema = raw.get("schema_version") if isinstance(raw, dict) else None
    if isinstance(schema, int) and schema > SCHEMA_VERSION:
        raise DatasetError(
            f"{where}: offers a dataset of schema version {schema}; this modelmeta reads {SCHEMA_VERSION}: upgrade it"
        )
    try:
        offer = Offer.model_validate(raw)
        address = urljoin(url, offer.url)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"{where}: {path}: {first['msg']}") from None
    except ValueError as error:
        raise DatasetError(f"{where}: url: {error}") from None
    if offer.schema_version != SCHEMA_VERSION:
        raise DatasetError(f"{where}: offers a dataset of schema version {schema}; {SCHEMA_VERSION} is needed")
    version_key(offer.version)
    return offer.model_copy(update={"url": address})
