"""What is newest upstream: commits and file lists, as GitHub's API tells them."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from urllib.parse import quote

from .download import Downloader
from .pins import FetchError, Source, relative_path


class UpstreamFile(NamedTuple):
    """A file at a commit, and where it goes in the sources folder."""

    path: str
    origin: str
    bytes: int
    git_id: str


def commit_of(source: Source, http: Downloader, path: str = "") -> tuple[str, str]:
    """The newest commit of a repository, or of one of its files, and its day."""
    narrowed = f"&path={quote(path)}" if path else ""
    url = f"{source.repository}/commits?per_page=1{narrowed}"
    answer = _ask(http, url)
    if not answer:
        raise FetchError(f"{source.repository}: no commit has {path or 'anything'}")
    try:
        return str(answer[0]["sha"]), str(answer[0]["commit"]["author"]["date"])[:10]
    except (LookupError, TypeError):
        raise FetchError(f"{url}: not a list of commits") from None


def files_at(source: Source, http: Downloader, commit: str) -> list[UpstreamFile]:
    """The files at a commit that the source's patterns select."""
    url = f"{source.repository}/git/trees/{commit}?recursive=1"
    answer = _ask(http, url)
    found: dict[str, UpstreamFile] = {}
    try:
        if answer["truncated"]:
            raise FetchError(f"{url}: the list of files is cut short")
        for entry in answer["tree"]:
            path = placed(source, entry["path"]) if entry["type"] == "blob" else None
            if path is not None:
                found[path] = UpstreamFile(path, entry["path"], entry["size"], entry["sha"])
    except (LookupError, TypeError):
        raise FetchError(f"{url}: not a list of files") from None
    for pattern in source.select:
        if not any(_matches(file.origin, pattern) for file in found.values()):
            raise FetchError(f"{source.repository}: nothing at {commit} matches {pattern}")
    return [found[path] for path in sorted(found)]


def placed(source: Source, origin: str) -> str | None:
    """Where an upstream file goes in the sources folder, if it is wanted."""
    for pattern, place in source.select.items():
        if _matches(origin, pattern):
            kept = pattern.partition("*")[0]
            below = origin.removeprefix(kept) if "*" in pattern else ""
            try:
                return relative_path(f"{place}/{below}" if below else place)
            except ValueError as error:
                raise FetchError(f"{source.repository}: {error}") from None
    return None


def _matches(path: str, pattern: str) -> bool:
    """Like a shell: a star stays within one folder."""
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def _ask(http: Downloader, url: str) -> Any:
    headers = {"Accept": "application/vnd.github+json"}
    token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN")
    if token and url.startswith("https://api.github.com/"):
        headers["Authorization"] = f"Bearer {token}"
    return http.json(url, headers)
