"""The ``fetch`` command: plans for all sources, their downloads side by side, and what came of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from .download import PARALLEL, Downloader
from .pins import PINS, FetchError, Pins, Source, load, save
from .plans import Plan, Result, make_plan
from .progress import Display, display

FAILED = 1
MISUSED = 2
STOPPED = 130


def fetch(
    folder: Path,
    *,
    only: Sequence[str] = (),
    latest: bool = False,
    pins_file: Path = PINS,
    downloader: Callable[[], Downloader] = Downloader,
) -> int:
    """Fetch sources; the exit code is 0 when everything that can be fetched is in its place."""
    try:
        pins = load(pins_file)
        chosen = _chosen(pins, only)
    except FetchError as error:
        print(error, file=sys.stderr)
        return MISUSED
    with downloader() as http, display() as shown:
        work = _Work(folder, http, shown, latest=latest)
        try:
            results, failures = work.fetch({name: pins.sources[name] for name in chosen})
        except KeyboardInterrupt:
            print("stopped; run it again to go on where it stopped", file=sys.stderr)
            return STOPPED
    if latest:
        save(pins.model_copy(update={"sources": {**pins.sources, **results}}), pins_file)
    if not only:
        for path, why in pins.elsewhere.items():
            if not (folder / path).is_file():
                print(f"{path}: missing, and cannot be fetched: {why}")
    print(f"{len(results)} of {len(chosen)} sources are in {folder}")
    for name, why in failures.items():
        print(f"failed: {name}: {why}", file=sys.stderr)
    return FAILED if failures else 0


def _chosen(pins: Pins, only: Sequence[str]) -> list[str]:
    for name in only:
        if name not in pins.sources:
            raise FetchError(f"there is no source {name!r}; there are {', '.join(pins.sources)}")
    return list(dict.fromkeys(only)) or list(pins.sources)


class _Work:
    """One run over some sources."""

    def __init__(self, folder: Path, http: Downloader, shown: Display, *, latest: bool) -> None:
        self._folder = folder
        self._http = http
        self._shown = shown
        self._latest = latest
        self._failures: dict[str, str] = {}

    def fetch(self, sources: dict[str, Source]) -> tuple[dict[str, Source], dict[str, str]]:
        """The sources that are in place afterwards, as they now are; and why the others are not."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            try:
                started = {name: self._start(name, source, pool) for name, source in sources.items()}
                results = {name: self._finish(name, *work) for name, work in started.items() if work is not None}
            except BaseException:
                self._http.stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return {name: result.source for name, result in results.items() if result is not None}, self._failures

    def _start(self, name: str, source: Source, pool: ThreadPoolExecutor) -> tuple[Plan, list[Future[bool]]] | None:
        try:
            plan = make_plan(source, self._folder, self._http, latest=self._latest)
        except FetchError as error:
            self._fail(name, [str(error)])
            return None
        sizes = [target.bytes for target in plan.targets]
        self._shown.begin(name, None if None in sizes else sum(size or 0 for size in sizes))
        advance = partial(self._shown.advance, name)
        return plan, [pool.submit(self._http.fetch, target, advance) for target in plan.targets]

    def _finish(self, name: str, plan: Plan, downloads: list[Future[bool]]) -> Result | None:
        problems = []
        fresh = 0
        for download in downloads:
            try:
                fresh += download.result()
            except FetchError as error:
                problems.append(str(error))
        if not problems:
            try:
                result = plan.finish()
            except (FetchError, OSError) as error:
                problems.append(str(error))
            else:
                self._shown.say("; ".join([_summary(name, result.source, fresh), *result.notes]))
                return result
        self._fail(name, problems)
        return None

    def _fail(self, name: str, problems: list[str]) -> None:
        more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
        self._failures[name] = "; ".join(problems[:3]) + more
        self._shown.say(f"{name}: failed")


def _summary(name: str, source: Source, fresh: int) -> str:
    count = len(source.files)
    total = sum(file.bytes for file in source.files)
    return f"{name}: {count} {'file' if count == 1 else 'files'}, {total:,} bytes, {fresh} downloaded"
