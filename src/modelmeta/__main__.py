"""``python -m modelmeta`` and the ``modelmeta`` command."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say what to install for it."""
    try:
        from .cli import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"typer", "rich", "click"}:
            raise
        sys.stderr.write(f"modelmeta: the command line needs {error.name}: pip install 'modelmeta[cli]'\n")
        sys.exit(2)
    run()


if __name__ == "__main__":
    main()
