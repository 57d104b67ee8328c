"""How far the downloads are: bars on a terminal, one line a source elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from typing_extensions import Self


class Display(Protocol):
    """What a run tells while it goes on."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def begin(self, source: str, size: int | None) -> None: ...
    def advance(self, source: str, size: int) -> None: ...
    def say(self, line: str) -> None: ...


class Lines:
    """For logs: plain lines, flushed as they come."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, source: str, size: int | None) -> None: ...

    def advance(self, source: str, size: int) -> None: ...

    def say(self, line: str) -> None:
        print(line, flush=True)


class Bars:
    """For terminals: a bar for each source."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(*columns, console=console)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, source: str, size: int | None) -> None:
        self._tasks[source] = self._progress.add_task(source, total=size)

    def advance(self, source: str, size: int) -> None:
        self._progress.advance(self._tasks[source], size)

    def say(self, line: str) -> None:
        self._progress.console.print(line, highlight=False, markup=False, soft_wrap=True)


def display(console: Console | None = None) -> Display:
    """Bars if a person is looking, else lines."""
    console = console or Console()
    return Bars(console) if console.is_terminal else Lines()
