"""Fetch a newer dataset: verified, installed in one step, and never worse than what is there.

Nothing here runs unless ``refresh`` or a ``BackgroundRefresh`` is called. What was installed is used by every
process of this user that asks for the default catalog from then on; ``MODELMETA_DATASET=bundled`` says otherwise.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from hashlib import sha256
from time import monotonic

from ._download import Downloads, required, shown
from ._record import Record
from .active import renew_default
from .errors import DatasetError, RefreshError
from .installed import (
    Pointer,
    manifest_version,
    read_pointer,
    replace_file,
    sync_folder,
    version_key,
    warn_once,
    write_pointer,
)
from .storage import CACHE_VARIABLE, SCHEMA_VERSION, Folder, cache_folder, open_storage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from ._offer import Offer

__all__ = ["MAX_BYTES", "RefreshResult", "refresh", "rollback"]

MAX_BYTES = 64 * 1024 * 1024
"""The largest download, unless told otherwise."""

URL_VARIABLE = "MODELMETA_URL"
"""The environment variable that names where to refresh from."""

_MOST_POINTER_BYTES = 64 * 1024
_RELEASE = f"dataset-v{SCHEMA_VERSION}"
_DRAFT = "tmp-"
_STATE = "state.json"


class RefreshResult(Record):
    """What a refresh or a rollback came to.

    ``status`` is ``"updated"`` (a newer dataset is installed), ``"current"`` (the one in use is the one offered),
    ``"not_modified"`` (the server says that nothing changed since last time), ``"older"`` (the one in use is newer
    than the one offered), ``"held"`` (the one offered was rolled back), ``"unavailable"`` (there is no place to
    install to) or ``"rolled_back"``. ``version`` is the dataset in use afterwards, ``available`` the one offered,
    ``path`` where the one in use lies (``None`` for the bundled one), ``url`` where it was asked for.
    """

    status: str
    version: str
    available: str | None = None
    path: str | None = None
    url: str | None = None

    @property
    def updated(self) -> bool:
        """Whether a newer dataset was installed."""
        return self.status == "updated"


def default_url() -> str:
    """Where to refresh from: ``MODELMETA_URL``, else this project's releases, as its package metadata names them."""
    stated = os.environ.get(URL_VARIABLE)
    if stated:
        return stated
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        links = metadata("modelmeta").get_all("Project-URL") or []
    except PackageNotFoundError:
        links = []
    for link in links:
        label, _, url = link.partition(", ")
        if label.lower() == "repository":
            return f"{url.rstrip('/')}/releases/download/{_RELEASE}/latest.json"
    raise RefreshError(
        f"this build of modelmeta does not say where newer datasets are: pass url= (--url), or set {URL_VARIABLE}, "
        f"to the address of a latest.json"
    )


def refresh(
    url: str | None = None,
    *,
    timeout: float = 60.0,
    max_bytes: int = MAX_BYTES,
    public_key: str | None = None,
    force: bool = False,
) -> RefreshResult:
    """Fetch and install the newest dataset, if there is a newer one than the one in use.

    ``url`` is that of a ``latest.json`` (https, or http on this machine itself): this project's releases by default.
    ``timeout`` is the seconds for all waiting and downloading, ``max_bytes`` the largest download. With
    ``public_key``, the text of a minisign key, the dataset must be signed with it. ``force`` asks the server even if
    it says that nothing changed, and takes a dataset that was rolled back.

    A dataset is installed only after its length, SHA-256, schema version and every value in it were checked, and
    only if it is newer than the bundled one and the one in use; the last one is kept for :func:`rollback`. Where
    there is no place to install to (no home, a read-only one, a full disk), a ``RuntimeWarning`` says so once and
    the dataset in use stays. Lookups in this process use the new dataset from their next call on, unless
    ``use_catalog`` or ``MODELMETA_DATASET`` names another.

    Raises ``RefreshError`` when the server cannot be reached or fails, ``DatasetError`` for what must not be
    installed.

    >>> refresh("http://example.org/latest.json")
    Traceback (most recent call last):
        ...
    modelmeta.errors.RefreshError: ...
    """
    address = default_url() if url is None else url
    prepare()
    deadline = monotonic() + timeout
    folder = cache_folder()
    try:
        with _locked(folder, deadline) as place:
            result = _Refresh(place, address, max_bytes=max_bytes, public_key=public_key, force=force).run(deadline)
    except OSError as error:
        return _unavailable(folder, error, address)
    if result.updated:
        renew_default()
    return result


def prepare() -> None:
    """Import what a refresh uses. A thread that is importing while the process forks leaves the child half a module."""
    from importlib import import_module

    for part in ("._offer", "._signature", "._unpack"):
        import_module(part, __package__)
    for module in ("requests", "filelock"):
        required(module)


def rollback() -> RefreshResult:
    """Go back to the dataset that was in use before the last refresh, or to the bundled one.

    The dataset that is left is not installed again until a newer one is offered (or ``refresh(force=True)``).
    Raises ``RefreshError`` when nothing is installed.
    """
    required("filelock")
    folder = cache_folder()
    try:
        with _locked(folder, monotonic() + 60.0) as place:
            pointer = read_pointer(place)
            if not pointer.current:
                raise RefreshError("there is nothing to roll back: the bundled dataset is in use")
            before = pointer.previous if pointer.previous != pointer.current else ""
            if before and not _is_usable(os.path.join(place, before)):
                before = ""
            held = max(pointer.current, pointer.held, key=lambda name: version_key(name.partition("-")[0] or "0.0"))
            write_pointer(place, Pointer(current=before, held=held))
            version, name = _in_use(place)
    except OSError as error:
        raise RefreshError(f"{folder}: {error.strerror or error}") from None
    renew_default()
    return RefreshResult(status="rolled_back", version=version, path=os.path.join(place, name) if name else None)


@contextmanager
def _locked(folder: str | None, deadline: float) -> Generator[str, None, None]:
    """The cache folder, while no other process refreshes."""
    if folder is None:
        stated = os.environ.get(CACHE_VARIABLE)
        raise OSError(f"{CACHE_VARIABLE} is no absolute path: {stated!r}" if stated else "there is no home folder")
    filelock: Any = required("filelock")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    lock = filelock.FileLock(os.path.join(folder, "lock"))
    try:
        lock.acquire(timeout=max(deadline - monotonic(), 0.0))
    except filelock.Timeout:
        raise RefreshError(f"{folder}: another process has been refreshing all the time") from None
    except NotImplementedError:
        raise OSError("its file system has no locks") from None
    try:
        yield folder
    finally:
        lock.release()


def _unavailable(folder: str | None, error: OSError, url: str) -> RefreshResult:
    reason = error.strerror or str(error) or type(error).__name__
    version, name = ("", "") if folder is None else _in_use(folder)
    version = version or manifest_version(open_storage())
    where = "" if folder is None else f" in {folder}"
    warn_once(f"modelmeta keeps its dataset of version {version}: a newer one cannot be installed{where}: {reason}")
    path = os.path.join(folder, name) if folder and name else None
    return RefreshResult(status="unavailable", version=version, path=path, url=shown(url))


def _in_use(folder: str) -> tuple[str, str]:
    """The version of the default dataset, and the folder it lies in when it is not the bundled one."""
    bundled = manifest_version(open_storage())
    name = read_pointer(folder).current
    if name:
        try:
            version = manifest_version(Folder(os.path.join(folder, name)))
            if version_key(version) > version_key(bundled):
                return version, name
        except DatasetError:
            pass
    return bundled, ""


def _is_usable(path: str) -> bool:
    try:
        version_key(manifest_version(Folder(path)))
    except DatasetError:
        return False
    return True


class _Refresh:
    """One refresh, while the lock is held."""

    def __init__(self, folder: str, url: str, *, max_bytes: int, public_key: str | None, force: bool) -> None:
        from ._signature import PublicKey

        self.folder = folder
        self.url = url
        self.max_bytes = max_bytes
        self.key = None if public_key is None else PublicKey(public_key)
        self.force = force
        self.version, self.name = _in_use(folder)

    def run(self, deadline: float) -> RefreshResult:
        _clear(self.folder)
        self._draft = self._new_draft()
        archive = ""
        try:
            with Downloads(max(deadline - monotonic(), 0.001)) as downloads:
                offer, notes = self._offered(downloads)
                if offer is None:
                    return self._result("not_modified")
                status = self._judged(offer)
                if status == "updated":
                    archive = self._fetched(downloads, offer)
            if status == "updated":
                self._install(archive, offer)
        finally:
            shutil.rmtree(self._draft, ignore_errors=True)
        with suppress(OSError):  # then the next refresh asks without conditions
            self._remember(notes)
        return self._result(status, offer.version)

    def _new_draft(self) -> str:
        """A fresh folder beside the datasets; making it also tells whether there is a place to install to."""
        from tempfile import mkdtemp

        return mkdtemp(prefix=_DRAFT, dir=self.folder)

    def _result(self, status: str, available: str | None = None) -> RefreshResult:
        path = os.path.join(self.folder, self.name) if self.name else None
        return RefreshResult(status=status, version=self.version, available=available, path=path, url=shown(self.url))

    def _offered(self, downloads: Downloads) -> tuple[Offer | None, dict[str, str]]:
        from ._offer import checked_offer

        known = {} if self.force else self._remembered()
        conditions = {
            header: known[name]
            for header, name in (("If-None-Match", "etag"), ("If-Modified-Since", "last_modified"))
            if known.get(name)
        }
        response, url = downloads.get(self.url, conditions or None)
        with response:
            if response.status_code == 304:
                return None, known
            data = b"".join(downloads.body(response, url, _MOST_POINTER_BYTES))
            notes = {
                name: response.headers[header][:1000]
                for header, name in (("ETag", "etag"), ("Last-Modified", "last_modified"))
                if header in response.headers
            }
        return checked_offer(data, self.url, shown(self.url)), notes

    def _judged(self, offer: Offer) -> str:
        """Whether to install what is offered: ``"updated"``; else why not."""
        found, used = version_key(offer.version), version_key(self.version)
        if found < used:
            return "older"
        if found == used:
            return "current"
        if offer.name == read_pointer(self.folder).held and not self.force:
            return "held"
        if offer.bytes > self.max_bytes:
            raise RefreshError(
                f"{shown(offer.url)}: {offer.bytes:,} bytes are more than the {self.max_bytes:,} allowed"
            )
        return "updated"

    def _fetched(self, downloads: Downloads, offer: Offer) -> str:
        """The archive on disk, of the right length, digest and signature."""
        path = os.path.join(self._draft, "dataset.zip")
        response, url = downloads.get(offer.url)
        digest, length = sha256(), 0
        with response, open(path, "xb") as file:
            for block in downloads.body(response, url, offer.bytes):
                digest.update(block)
                length += len(block)
                file.write(block)
        if length != offer.bytes:
            raise RefreshError(f"{shown(url)}: {length:,} bytes came instead of {offer.bytes:,}")
        if digest.hexdigest() != offer.sha256:
            raise DatasetError(f"{shown(url)}: its SHA-256 is not the one that {shown(self.url)} states")
        if self.key is not None:
            self.key.check(path, offer.signature)
        return path

    def _install(self, archive: str, offer: Offer) -> None:
        from ._unpack import check_dataset, unpack

        fresh = os.path.join(self._draft, "dataset")
        os.mkdir(fresh, 0o755)
        try:
            unpack(archive, fresh)
            check_dataset(fresh)
            stated = manifest_version(Folder(fresh))
        except DatasetError as error:
            raise DatasetError(f"{shown(offer.url)}: {str(error).replace(fresh + '/', '')}") from None
        if stated != offer.version:
            raise DatasetError(f"{shown(offer.url)}: holds version {stated}, but is offered as {offer.version}")
        for place, _, _ in os.walk(fresh):
            sync_folder(place)
        target = os.path.join(self.folder, offer.name)
        if os.path.lexists(target):
            os.rename(target, os.path.join(self._draft, "replaced"))
        os.rename(fresh, target)
        sync_folder(self.folder)
        write_pointer(self.folder, Pointer(current=offer.name, previous=read_pointer(self.folder).current))
        self.version, self.name = offer.version, offer.name

    def _remembered(self) -> dict[str, str]:
        """What the server said at a refresh that left the dataset that is still in use."""
        import json

        try:
            with open(os.path.join(self.folder, _STATE), encoding="utf-8") as file:
                state = json.loads(file.read(_MOST_POINTER_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        wanted = {"url": self.url, "in_use": f"{self.version} {self.name}"}
        if not isinstance(state, dict) or any(state.get(key) != value for key, value in wanted.items()):
            return {}
        return {
            key: value
            for key, value in state.items()
            if key in {"etag", "last_modified"} and isinstance(value, str) and value.isascii() and value.isprintable()
        }

    def _remember(self, notes: dict[str, str]) -> None:
        import json

        state = {"url": self.url, "in_use": f"{self.version} {self.name}", **notes}
        replace_file(os.path.join(self.folder, _STATE), json.dumps(state).encode("ascii"))


def _clear(folder: str) -> None:
    """Remove what refreshes that died left behind, and datasets that nobody uses any more."""
    pointer = read_pointer(folder)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.endswith(".tmp") and not os.path.isdir(path):
            os.unlink(path)
        elif name.startswith(_DRAFT):
            shutil.rmtree(path, ignore_errors=True)
        elif name[:1].isdigit() and name not in {pointer.current, pointer.previous} and os.path.isdir(path):
            _remove_unused(folder, path)


def _remove_unused(folder: str, path: str) -> None:
    """Remove a dataset unless a process has it open (see ``installed.hold``)."""
    from .storage import MANIFEST

    away = os.path.join(folder, f"{_DRAFT}unused-{os.path.basename(path)}")
    try:
        handle = os.open(os.path.join(path, MANIFEST), os.O_RDONLY)
    except OSError:
        handle = -1
    try:
        if handle >= 0:
            try:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:
                os.close(handle)
                handle = -1
        os.rename(path, away)
    except OSError:
        return
    finally:
        if handle >= 0:
            os.close(handle)
    shutil.rmtree(away, ignore_errors=True)
