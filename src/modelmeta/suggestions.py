"""The closest names to a misspelt one: for error messages only, never for an answer."""

from __future__ import annotations

from .errors import ModelMetaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closest", "one_of"]

_SHORTLIST = 100
_ALIKE = 0.6
_LENGTHS = (2 - _ALIKE) / _ALIKE
"""How many times as long as another a name may be and still be alike, had they all of the shorter in common."""


def closest(name: str, candidates: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Up to ``count`` candidates most like ``name``, best first; none where nothing is alike.

    >>> closest("gpt4.1-mini", ["gpt-4.1-mini", "gpt-4.1-nano", "o3"])
    ('gpt-4.1-mini', 'gpt-4.1-nano')
    """
    from difflib import SequenceMatcher

    pairs = {name[at : at + 2] for at in range(len(name) - 1)}
    likely = sorted(
        (-sum([pair in candidate for pair in pairs]) / (len(name) + len(candidate)), len(candidate), candidate)
        for candidate in candidates
        if len(candidate) * _LENGTHS >= len(name) >= len(candidate) / _LENGTHS
    )[:_SHORTLIST]
    matcher = SequenceMatcher(b=name)
    scored = []
    for *_, candidate in likely:
        matcher.set_seq1(candidate)
        ratio = matcher.ratio()
        if ratio >= _ALIKE:
            scored.append((-ratio, len(candidate), candidate))
    return tuple(candidate for _, _, candidate in sorted(scored)[:count])


def one_of(name: object, known: Iterable[str], what: str) -> str:
    """``name`` if it is one of ``known``; else ``ModelMetaError`` with the closest that are.

    >>> one_of("active", ("active", "retired"), "status")
    'active'
    """
    known = tuple(known)
    if isinstance(name, str) and name in known:
        return name
    near = closest(name[:80], known) if isinstance(name, str) else ()
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(known)}"
    shown = repr(name) if len(repr(name)) <= 60 else f"{repr(name)[:57]}..."
    raise ModelMetaError(f"no {what} is called {shown}; {hint}")
