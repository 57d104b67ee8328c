"""Refresh the dataset now and then while a long-running process goes on: only when it is started."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from .errors import ModelMetaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from .updates import RefreshResult

__all__ = ["BackgroundRefresh"]

_log = logging.getLogger("modelmeta")


class BackgroundRefresh:
    """Calls :func:`modelmeta.refresh` at once and then every ``interval``, in a daemon thread.

    A context manager, or ``start()`` and ``stop()``. The first refresh does not delay the start. What fails is logged
    as a warning by the logger ``modelmeta``, kept in ``last_error``, and tried again after the next interval; the
    dataset in use stays. ``options`` are those of ``refresh``. After ``os.fork`` the child has no such thread.

    >>> from datetime import timedelta
    >>> refresher = BackgroundRefresh(timedelta(hours=12))  # then: with refresher: serve()
    >>> refresher.running
    False
    """

    def __init__(self, interval: timedelta = timedelta(days=1), **options: object) -> None:
        if interval.total_seconds() <= 0:
            raise ModelMetaError(f"interval is a timedelta longer than zero, not {interval!r}")
        self.interval = interval
        self.options = options
        self.last_result: RefreshResult | None = None
        self.last_error: Exception | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether the thread is there."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> Self:
        """Start the thread, unless it runs already; raises ``RefreshError`` if a library that it needs is missing."""
        if not self.running:
            from .updates import prepare

            prepare()
            self._stopped = threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(self._stopped,), name="modelmeta-refresh", daemon=True
            )
            self._thread.start()
        return self

    def stop(self, timeout: float | None = 5.0) -> None:
        """Start no other refresh, and wait up to ``timeout`` seconds for the one under way."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, stopped: threading.Event) -> None:
        from .updates import refresh

        while not stopped.is_set():
            try:
                self.last_result = refresh(**self.options)  # type: ignore[arg-type]
                self.last_error = None
            except Exception as error:  # noqa: BLE001  (the thread must outlive whatever one refresh meets)
                self.last_error = error
                _log.warning("the dataset could not be refreshed: %s", error)
            stopped.wait(self.interval.total_seconds())
