"""Count the tokens of a text, where the tokenizer is published; never guess where it is not.

Needs the extra ``tokens`` (``pip install "modelmeta[tokens]"``), which brings tiktoken, OpenAI's own tokenizer. It
downloads the vocabulary of an encoding when that is first used and keeps it.
"""

from __future__ import annotations

from .active import get_model
from .errors import ModelMetaError
from .records import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["TokenizerNotPublishedError", "count_tokens", "encoding_name"]

_AUTHORS = {"openai": "tiktoken"}
"""Who publishes the tokenizers of their models, and the package that holds them."""


class TokenizerNotPublishedError(ModelMetaError, LookupError):
    """The tokens of this model cannot be counted here: its tokenizer is not published, or not known to tiktoken.

    >>> from modelmeta import count_tokens
    >>> count_tokens("claude-sonnet-4-5", "Hello")
    Traceback (most recent call last):
        ...
    modelmeta.tokens.TokenizerNotPublishedError: the tokenizer of anthropic/claude-sonnet-4-5 is not published...
    """


def encoding_name(model: str | Model, *, provider: str | None = None) -> str:
    """The name of the encoding that ``model`` uses (``"o200k_base"``).

    Raises ``TokenizerNotPublishedError`` where none is published, ``ModelMetaError`` if tiktoken is not installed, and
    what ``get_model`` raises.
    """
    known = model if isinstance(model, Model) else get_model(model, provider=provider)
    if known.author not in _AUTHORS:
        raise TokenizerNotPublishedError(
            f"the tokenizer of {known.qualified_id} is not published, so its tokens cannot be counted from a text; "
            "the usage of a response states them, and some providers have an endpoint that counts"
        )
    tiktoken = _tiktoken()
    for name in (known.id, known.snapshot_of, (known.base or "").partition("/")[2]):
        if name:
            try:
                found: str = tiktoken.encoding_name_for_model(name.rpartition("/")[2])
            except KeyError:
                continue
            return found
    raise TokenizerNotPublishedError(
        f"tiktoken {getattr(tiktoken, '__version__', '')} does not say which encoding {known.qualified_id} uses; "
        "a newer one may: pip install --upgrade tiktoken"
    )


def count_tokens(model: str | Model, text: str, *, provider: str | None = None) -> int:
    """How many tokens ``text`` is for ``model``: the text alone, without what a chat adds around each message.

    Special tokens in the text are counted as the plain text that they are. Raises ``TokenizerNotPublishedError`` where
    no tokenizer is published, ``ModelMetaError`` if tiktoken is not installed, and what :func:`get_model` raises.
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"text is a string, not a {type(text).__name__}")
    name = encoding_name(model, provider=provider)
    encoding = _tiktoken().get_encoding(name)
    return len(encoding.encode(text, disallowed_special=()))


def _tiktoken() -> Any:
    try:
        from importlib import import_module

        return import_module("tiktoken")
    except ImportError:
        raise ModelMetaError('counting tokens needs tiktoken: pip install "modelmeta[tokens]"') from None
