"""What the references in a frame stand for: each of those that are known, or every spelling that can be listed.

Where the references of a frame are known they are read just as ``get_model`` reads them. Where they are not (a
query that has not run) every spelling of every model is listed, and the engine brings each row into a form that
can be listed: lower case, without the part of a fine-tune, an ARN or a project path that is the customer's own.
"""

from __future__ import annotations

from typing import NamedTuple

from .catalog import Catalog
from .errors import AmbiguousModelError, InvalidReferenceError, UnknownModelError
from .references import GEOGRAPHIES, PROVIDER_ALIASES, ROUTING_VARIANTS, is_tuned, readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .records import Model

__all__ = ["UNKNOWN", "Meaning", "References", "references_of"]

UNKNOWN = "unknown model"

_MOST_CHOICES = 4


class Meaning(NamedTuple):
    """The model that a reference stands for and whether it is a fine-tune of it, or why there is none."""

    model: Model | None
    fine_tuned: bool = False
    reason: str | None = None


class Indexed(Catalog):
    """A catalog with its index in memory: it resolves references in the same way, and many of them faster."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog.storage)
        self.of = catalog
        self.index = catalog.references()
        self._offered: dict[str, tuple[str, ...]] = {}

    def _target(self, key: str) -> str | list[str] | None:
        targets = self.index.get(key)
        return None if targets is None else targets[0] if len(targets) == 1 else list(targets)

    def _model(self, qualified: str) -> Model:
        return self.of._model(qualified)

    def _offers(self, base: str) -> tuple[str, ...]:
        if base not in self._offered:
            self._offered[base] = self.of._offers(base)
        return self._offered[base]

    def _verify(self, name: str) -> None:
        """The index was read whole."""

    def meaning(self, reference: object, provider: str | None = None) -> Meaning:
        """What a reference means, as ``compute_cost`` would say."""
        try:
            model, reading = self._find(reference, provider, suggest=False)
        except AmbiguousModelError as error:
            more = " …" if len(error.choices) > _MOST_CHOICES else ""
            return Meaning(None, reason=f"ambiguous model: {', '.join(error.choices[:_MOST_CHOICES])}{more}")
        except (UnknownModelError, InvalidReferenceError):
            return Meaning(None, reason=UNKNOWN)
        return Meaning(model, reading.kind == "fine_tune" and is_tuned(str(reference)))


class References:
    """All references of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._indexed = Indexed(catalog)
        self.index = self._indexed.index
        self.providers = frozenset(provider.id for provider in catalog.list_providers())
        self.names: dict[str, list[str]] = {provider: [provider] for provider in self.providers}
        for name, provider in PROVIDER_ALIASES.items():
            self.names.setdefault(provider, [provider]).append(name)
        self.meaning = self._indexed.meaning
        self._lists: dict[str | None, list[tuple[str, Meaning]]] = {}
        self.prepared: dict[object, Any] = {}

    # All references -------------------------------------------------------------------------------------

    def listed(self, provider: str | None = None) -> list[tuple[str, Meaning]]:
        """Every reference in its listed form, and what it means: anywhere, or at one provider."""
        found = self._lists.get(provider)
        if found is None:
            self.catalog.list_models()
            found = self._lists[provider] = list(self._listed(provider))
        return found

    def _listed(self, provider: str | None) -> Iterator[tuple[str, Meaning]]:
        done: set[str] = set()
        for text, whole in self._spellings(provider):
            if text not in done:
                done.add(text)
                found = self.meaning(whole, provider)
                if found.reason != UNKNOWN:
                    yield text, found

    def listed_pairs(self) -> Iterator[tuple[str, Meaning]]:
        """Every reference with a provider before it and a blank between, and what it means there."""
        for key in self.index:
            provider, mark, form = key.partition("/")
            if mark and provider in self.providers:
                for text in (form, key, *_with_dates(form)):
                    found = self.meaning(text, provider)
                    for name in self.names[provider] if text is not key else [provider]:
                        yield f"{name} {text}", found
        hosts: dict[str, set[str]] = {}
        for model in self.catalog.list_models():
            hosts.setdefault(model.base or "", set()).add(model.provider)
        for key, targets in self.index.items():
            if len(targets) == 1 and key.partition("/")[0] not in self.providers:
                model = self.catalog._model(targets[0])
                for provider in sorted(hosts.get(model.base or "", ())):
                    if f"{provider}/{key}" not in self.index:
                        found = self.meaning(key, provider)
                        if found.model is not None:
                            yield f"{provider} {key}", found

    def _spellings(self, provider: str | None) -> Iterator[tuple[str, str]]:
        """Listed forms, each with a reference that has it."""
        for key in self.index:
            yield key, key
            host, mark, form = key.partition("/")
            qualified = mark and host in self.providers
            if provider is None:
                for text in _with_dates(key):
                    yield text, text
            elif host != provider:
                continue
            elif qualified:
                for text in (form, *_with_dates(form)):
                    yield text, text
            if qualified:
                yield from self._qualified(host, form)

    def _qualified(self, provider: str, form: str) -> Iterator[tuple[str, str]]:
        """How a provider's model is written: with any of the provider's names, and as its platform writes it."""
        if " " in form:
            return
        for text in (form, *_with_dates(form)):
            yield f"{text}@{provider}", f"{text}@{provider}"
            for name in self.names.get(provider, [provider]):
                yield f"{name}/{text}", f"{name}/{text}"
                yield f"{name}:{text}", f"{name}:{text}"
        yield from _PLATFORMS.get(provider, _nothing)(form)


def _with_dates(form: str) -> list[str]:
    """The other ways to write the date at the end of an id."""
    if not (form[-8:].isdigit() or (form[-10:-6].isdigit() and form[-2:].isdigit())):
        return []
    return [reading.id for reading in readings(form) if reading.provider is None and not reading.kind][1:]


def _nothing(_form: str) -> tuple[tuple[str, str], ...]:
    return ()


def _google(form: str) -> Iterator[tuple[str, str]]:
    for text in (f"models/{form}", f"tunedmodels/{form}", f"google:models/{form}"):
        yield text, text


def _bedrock(form: str) -> Iterator[tuple[str, str]]:
    author, mark, _ = form.partition(".")
    if not mark or "/" in form or " " in form or author in GEOGRAPHIES:
        return
    for text in (form, *(f"{geography}.{form}" for geography in sorted(GEOGRAPHIES))):
        yield text, text
        yield f"amazon-bedrock/{text}", f"amazon-bedrock/{text}"
        yield f"bedrock/{text}", f"bedrock/{text}"
        yield f"arn:{text}", f"arn:aws:bedrock:us-east-1::foundation-model/{text}"


def _vertex(form: str) -> Iterator[tuple[str, str]]:
    publisher, mark, name = form.partition("/")
    if mark:
        yield f"publishers/{publisher}/models/{name}", f"publishers/{publisher}/models/{name}"
    else:
        for usual in _PUBLISHERS:
            yield f"publishers/{usual}/models/{form}", f"publishers/{usual}/models/{form}"


_PUBLISHERS = ("google", "anthropic", "meta", "mistralai", "deepseek-ai", "qwen", "openai", "ai21", "moonshotai")


def _claude_on_vertex(form: str) -> Iterator[tuple[str, str]]:
    yield f"publishers/anthropic/models/{form}", f"publishers/anthropic/models/{form}"


def _openai(form: str) -> Iterator[tuple[str, str]]:
    if ":" not in form and " " not in form:
        for text in (form, *_with_dates(form)):
            yield f"ft:{text}", f"ft:{text}:org::id"


def _azure(form: str) -> Iterator[tuple[str, str]]:
    for text in (f"{form}.ft-", f"azure/{form}.ft-"):
        yield text, f"{text}0"


def _openrouter(form: str) -> Iterator[tuple[str, str]]:
    for route in sorted(ROUTING_VARIANTS):
        for text in (f"{form}:{route}", f"openrouter/{form}:{route}"):
            yield text, text


_PLATFORMS = {
    "amazon-bedrock": _bedrock,
    "azure": _azure,
    "google": _google,
    "google-vertex": _vertex,
    "google-vertex-anthropic": _claude_on_vertex,
    "openai": _openai,
    "openrouter": _openrouter,
}
"""What is written only for one provider's models: the listed form, and a reference that has it."""

_KEPT: list[References] = []


def references_of(catalog: Catalog) -> References:
    """The references of a catalog, worked out once."""
    for kept in _KEPT:
        if kept.catalog is catalog:
            return kept
    made = References(catalog)
    _KEPT.append(made)
    del _KEPT[:-2]
    return made
