"""``python -m pipeline fetch``: download the upstream files that the dataset was built from.

Everything is pinned in ``pins.json`` by commit, size and SHA-256; what cannot be pinned, or fetched at all, is said.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import platformdirs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    default = platformdirs.user_cache_path("modelmeta", appauthor=False) / "sources"
    parser.add_argument("--out", type=Path, default=default, metavar="DIR", help="where to (default: %(default)s)")
    parser.add_argument("--only", nargs="+", action="extend", default=[], metavar="SOURCE", help="these sources only")
    parser.add_argument(
        "--latest", action="store_true", help="what is newest upstream instead, and pin that in pipeline/pins.json"
    )


def run(options: argparse.Namespace) -> int:
    """Do what the options say; what it needs is loaded only now."""
    from .command import fetch

    return fetch(options.out, only=options.only, latest=options.latest)
