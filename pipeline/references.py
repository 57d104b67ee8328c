"""Which model each reference means: the index that ``get_model`` reads, worked out once, when the data is built.

A reference qualified by its provider means that provider's model. A bare one means its author's own API, else the
only provider that serves it; what remains is ambiguous and lists its choices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from modelmeta.catalog import RELATED_PROVIDERS
from modelmeta.references import PROVIDER_ALIASES

from .names import OWN_PROVIDERS, bare_name, meeting_form
from .reconcile import ModelFacts

_NATIVE = (
    ("accounts/fireworks/", ("fireworks-ai",)),
    ("@cf/", ("cloudflare-workers-ai",)),
)

Index = dict[str, str | list[str]]


def build_index(models: Iterable[ModelFacts]) -> Index:
    """Lower-case reference -> the qualified id it means, or the list of qualified ids it could mean."""
    models = sorted(models, key=lambda model: (model.subject.provider, model.subject.id))
    by_qualified = {_qualified(model): model for model in models}
    index: Index = {}
    for strength in (_own_ids, _other_ids, _names_within_provider):
        claims: dict[str, list[str]] = defaultdict(list)
        for model in models:
            for reference in strength(model):
                claims[f"{model.subject.provider}/{reference.lower()}"].append(_qualified(model))
        for key, targets in claims.items():
            if key not in index and (len(set(targets)) == 1 or strength is not _names_within_provider):
                index[key] = targets[0]
            elif key not in index:
                best = _plainest(targets, by_qualified)
                if best is not None:
                    index[key] = best
    _add_related(index)
    _add_bare(index, by_qualified)
    return {key: index[key] for key in sorted(index) if _can_be_asked(key)}


def _qualified(model: ModelFacts) -> str:
    return f"{model.subject.provider}/{model.subject.id}"


def _own_ids(model: ModelFacts) -> Iterator[str]:
    yield model.subject.id


def _other_ids(model: ModelFacts) -> Iterator[str]:
    yield from sorted(model.subject.aliases)


def _names_within_provider(model: ModelFacts) -> Iterator[str]:
    """What a provider's model is called elsewhere: without its author, by its base model, by its printed name."""
    subject = model.subject
    if subject.snapshot_of is None:
        yield bare_name(subject.id)
        if subject.base is not None:
            yield subject.base.partition("/")[2]
            yield subject.base
    elif "/" in subject.id or "." in subject.id:
        yield subject.id.rpartition("/")[2]
    name = model.value("name")
    if isinstance(name, str):
        yield name


def _plainest(targets: list[str], by_qualified: dict[str, ModelFacts]) -> str | None:
    """Of several models of one base at one provider the one whose id adds least; ``None`` if bases differ."""
    unique = sorted(set(targets), key=lambda target: (":" in target.partition("/")[2], len(target), target))
    bases = {by_qualified[target].subject.base for target in unique}
    if len(bases) != 1 or None in bases:
        return None
    shortest = [target for target in unique if len(target) == len(unique[0])]
    return unique[0] if len(shortest) == 1 else None


def _add_related(index: Index) -> None:
    for provider, others in RELATED_PROVIDERS.items():
        for other in others:
            prefix = f"{other}/"
            for key in [key for key in index if key.startswith(prefix)]:
                served_too = f"{provider}/{str(index[key]).partition('/')[2].lower()}"
                index.setdefault(f"{provider}/{key.removeprefix(prefix)}", index.get(served_too, index[key]))


def _add_bare(index: Index, by_qualified: dict[str, ModelFacts]) -> None:
    claims: dict[str, dict[str, int]] = defaultdict(dict)
    for qualified, model in by_qualified.items():
        claims[model.subject.id.lower()][qualified] = 2
        for alias in model.subject.aliases:
            claims[alias.lower()].setdefault(qualified, 1)
        if model.subject.base is not None and _is_own(model):
            claims[bare_name(model.subject.id)].setdefault(qualified, 0)
            name = model.value("name")
            if isinstance(name, str):
                claims[name.lower()].setdefault(qualified, 0)
    own_by_base = _own_by_base(by_qualified.values())
    for reference, found in claims.items():
        if reference in index:
            continue
        exact = [qualified for qualified, is_id in found.items() if is_id]
        named = [qualified for qualified, is_id in found.items() if not is_id]
        if named and {_author(by_qualified[q]) for q in exact} <= {_author(by_qualified[q]) for q in named}:
            exact = [qualified for qualified in exact if _is_own(by_qualified[qualified])] or named
        ids = [qualified for qualified in exact if found[qualified] == 2]
        if ids and not any(_is_own(by_qualified[qualified]) for qualified in exact):
            exact = ids
        settled = _settle(reference, exact or list(found), by_qualified, own_by_base)
        index[reference] = settled if isinstance(settled, str) else index.get(_at_its_provider(reference), settled)


def _at_its_provider(reference: str) -> str:
    """What a router's ``author/id`` would be at the provider that the author's name is an alias of."""
    head, slash, rest = reference.partition("/")
    return f"{PROVIDER_ALIASES.get(head, head)}{slash}{rest}"


def _author(model: ModelFacts) -> str:
    return (model.subject.base or "").partition("/")[0]


def _is_own(model: ModelFacts) -> bool:
    return model.subject.provider in OWN_PROVIDERS.get(_author(model), ())


def own_models(models: Iterable[ModelFacts]) -> dict[str, ModelFacts]:
    """For each base model the author's own undated offer."""
    models = list(models)
    by_qualified = {_qualified(model): model for model in models}
    return {base: by_qualified[qualified] for base, qualified in _own_by_base(models).items()}


def _own_by_base(models: Iterable[ModelFacts]) -> dict[str, str]:
    """For each base the undated model at its author's own provider."""
    own: dict[str, tuple[int, bool, int, str]] = {}
    for model in models:
        base = model.subject.base
        if base is None or not _is_own(model):
            continue
        place = OWN_PROVIDERS[base.partition("/")[0]].index(model.subject.provider)
        candidate = (place, model.subject.snapshot_of is not None, len(model.subject.id), _qualified(model))
        if meeting_form(model.subject.id) == meeting_form(base):
            own[base] = min(own.get(base, candidate), candidate)
    return {base: best[-1] for base, best in own.items()}


def _settle(
    reference: str, targets: list[str], by_qualified: dict[str, ModelFacts], own_by_base: dict[str, str]
) -> str | list[str]:
    own = sorted(
        (
            OWN_PROVIDERS[(by_qualified[t].subject.base or "").partition("/")[0]].index(
                by_qualified[t].subject.provider
            ),
            t,
        )
        for t in targets
        if _is_own(by_qualified[t])
    )
    if own:
        return own[0][1]
    native = _native_provider(reference)
    for target in targets:
        if by_qualified[target].subject.provider in native:
            return target
    bases = {by_qualified[target].subject.base or "" for target in targets}
    plain = {base.partition("/")[0] + "/" + meeting_form(base) for base in bases}
    for base in sorted(bases):
        if base in own_by_base and (
            (len(bases) == 1 and _dotless(reference) == _dotless(base))
            or (len(plain) == 1 and _dotless(reference) == meeting_form(base))
        ):
            return own_by_base[base]
    return targets[0] if len(targets) == 1 else sorted(targets)


def _dotless(reference: str) -> str:
    return reference.rpartition("/")[2].replace(".", "-")


def _native_provider(reference: str) -> tuple[str, ...]:
    """The platform whose way of writing ids this is."""
    for prefix, providers in _NATIVE:
        if reference.startswith(prefix):
            return providers
    if "@" in reference[1:]:
        return ("google-vertex-anthropic", "google-vertex")
    head, dot, tail = reference.partition(".")
    if dot and "/" not in reference and (tail.endswith((":0", ":1", "-v1", "-v2")) or head in {"anthropic", "amazon"}):
        return ("amazon-bedrock",)
    return ()


def _can_be_asked(key: str) -> bool:
    return key.isascii() and key.isprintable() and len(key) <= 512 and key == key.strip()
