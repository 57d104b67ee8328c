"""Which records are the same model: spellings, aliases, snapshots and base models, and how each link was made.

Explicit statements come first (a vendor's page, models.dev's base links), then what spelling tells: a date at the
end of an id makes a snapshot only where the undated id exists at the same provider.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from json import dumps

from modelmeta._offers import dated

from .authority import rank
from .names import OWN_PROVIDERS, author_of, bare_name, is_bucket, meeting_form, stem
from .observations import ANY_MODEL, NEUTRAL, Observation

_NOT_EVIDENCE = ("observed", "parameter_", "unsupported_parameters", "supported_parameters", "provider.")
"""Fields whose statements do not show that a model exists under exactly that id."""

_SPELLING_RANK = ("vendor-apis", "openrouter-api", "models.dev", "vendor-pages", "vendor-copies")


@dataclass(frozen=True, slots=True)
class Link:
    """One decision about identity: ``id`` of ``provider`` stands in ``relation`` to ``target``, because of ``how``."""

    provider: str
    id: str
    relation: str
    target: str
    how: str


@dataclass(slots=True)
class Subject:
    """One model at one provider: its id and everything said about it."""

    provider: str
    id: str
    observations: list[Observation] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    snapshots: set[str] = field(default_factory=set)
    snapshot_of: str | None = None
    snapshot_form: str = ""
    default_snapshot: str | None = None
    base: str | None = None


@dataclass(slots=True)
class Identities:
    """All subjects by provider and id, the neutral statements by base model, and every link made."""

    subjects: dict[tuple[str, str], Subject]
    neutral: dict[str, list[Observation]]
    wildcards: dict[str, list[Observation]]
    links: list[Link]


def identify(observations: Iterable[Observation]) -> Identities:
    """Sort statements by the model they are about, and link models that are the same."""
    found = _collect(observations)
    _platform_offers(found)
    for subject in list(found.subjects.values()):
        _explicit_links(found, subject)
    _merge_aliases(found)
    for subject in list(found.subjects.values()):
        _dated(found, subject)
    for subject in found.subjects.values():
        _share_default(found, subject)
    _bases(found)
    found.links.sort(key=lambda link: (link.provider, link.id, link.relation, link.target))
    return found


def _collect(observations: Iterable[Observation]) -> Identities:
    spelled: dict[tuple[str, str], dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    neutral: dict[str, list[Observation]] = defaultdict(list)
    wildcards: dict[str, list[Observation]] = defaultdict(list)
    for statement in observations:
        if statement.provider == NEUTRAL:
            neutral[statement.model].append(statement)
        elif statement.model in {ANY_MODEL, ""}:
            wildcards[statement.provider].append(statement)
        elif not is_bucket(statement.model):
            spelled[statement.provider, statement.model.lower()][statement.model].append(statement)
    subjects = {}
    for (provider, _), spellings in sorted(spelled.items()):
        if not any(_is_evidence(statement) for statements in spellings.values() for statement in statements):
            continue
        best = min(spellings, key=lambda spelling: (_spelling_rank(spellings[spelling]), spelling))
        subjects[provider, best.lower()] = Subject(
            provider, best, [statement for key in sorted(spellings) for statement in spellings[key]]
        )
    return Identities(subjects, dict(neutral), dict(wildcards), [])


def _is_evidence(statement: Observation) -> bool:
    """Whether a statement shows that the provider serves a model under this very id."""
    return statement.field != "base" and not statement.note.startswith("priced by the rule of")


def _spelling_rank(statements: list[Observation]) -> int:
    sources = {statement.source for statement in statements if not statement.field.startswith(_NOT_EVIDENCE)}
    return min((place for place, source in enumerate(_SPELLING_RANK) if source in sources), default=len(_SPELLING_RANK))


def _subject(found: Identities, provider: str, model_id: str) -> Subject | None:
    return found.subjects.get((provider, model_id.lower()))


def _stated(subject: Subject, field_name: str) -> list[Observation]:
    """What is said about a field, the most believed first."""
    statements = [s for s in subject.observations if s.field == field_name and rank(field_name, s.source) is not None]
    return sorted(
        statements,
        key=lambda s: (rank(field_name, s.source) or 0, *_newest_first(s.date), s.source, s.locator, dumps(s.value)),
    )


def _newest_first(date: str | None) -> tuple[int, ...]:
    """A sort key that puts later dates first and undated statements last."""
    if date is None:
        return (1,)
    parts = [int(part) for part in date.split("-")]
    return (0, *(-number for number in (*parts, *[0] * (3 - len(parts)))))


def _platform_offers(found: Identities) -> None:
    """Ids that a vendor says its model has on another platform exist there, as offers of the same base."""
    for subject in list(found.subjects.values()):
        for statement in _stated(subject, "platform_ids"):
            if not isinstance(statement.value, dict):
                continue
            for platform, platform_id in statement.value.items():
                provider = platform.partition(":")[0]
                if provider == subject.provider or not isinstance(platform_id, str):
                    continue
                key = (provider, platform_id.lower())
                offer = found.subjects.setdefault(key, Subject(provider, platform_id))
                offer.observations.append(
                    replace(
                        statement,
                        provider=provider,
                        model=platform_id,
                        field="offer_of",
                        value=f"{subject.provider}/{subject.id}",
                    )
                )
                found.links.append(
                    Link(provider, platform_id, "offer of", f"{subject.provider}/{subject.id}", statement.source)
                )


def _explicit_links(found: Identities, subject: Subject) -> None:
    for statement in _stated(subject, "aliases"):
        for alias in statement.value if isinstance(statement.value, list) else ():
            if isinstance(alias, str) and alias.lower() != subject.id.lower():
                _link_alias(found, subject, alias, statement.source)
    for statement in _stated(subject, "snapshots"):
        for pinned in statement.value if isinstance(statement.value, list) else ():
            if isinstance(pinned, str):
                _link_snapshot(found, subject, pinned, statement.source)
    for statement in _stated(subject, "default_snapshot")[:1]:
        if isinstance(statement.value, str) and statement.value.lower() != subject.id.lower():
            target = _subject(found, subject.provider, statement.value)
            subject.default_snapshot = target.id if target else statement.value
            _link_snapshot(found, subject, statement.value, statement.source)


def _link_alias(found: Identities, subject: Subject, alias: str, how: str) -> None:
    parts = stem(subject.id)
    if parts and parts[0].lower() == alias.lower():
        head = found.subjects.setdefault((subject.provider, alias.lower()), Subject(subject.provider, alias))
        _link_snapshot(found, head, subject.id, how)
        head.default_snapshot = head.default_snapshot or subject.id
    else:
        subject.aliases.add(alias)
        found.links.append(Link(subject.provider, alias, "alias of", subject.id, how))


def _link_snapshot(found: Identities, head: Subject, pinned: str, how: str, form: str = "stated") -> None:
    if pinned.lower() == head.id.lower() or head.snapshot_of is not None:
        return
    snapshot = found.subjects.setdefault((head.provider, pinned.lower()), Subject(head.provider, pinned))
    if snapshot.snapshots or (snapshot.snapshot_of or head.id) != head.id:
        return
    if form == "stated":
        parts = stem(pinned)
        form = parts[1] if parts else form
    snapshot.snapshot_of, snapshot.snapshot_form = head.id, form
    head.snapshots.add(snapshot.id)
    found.links.append(Link(head.provider, snapshot.id, "snapshot of", head.id, how))


def _merge_aliases(found: Identities) -> None:
    """What was said about an id that is only another name of a model was said about the model."""
    claims: dict[tuple[str, str], list[Subject]] = defaultdict(list)
    for subject in found.subjects.values():
        for alias in subject.aliases:
            claims[subject.provider, alias.lower()].append(subject)
    for key, claimants in sorted(claims.items()):
        target = max(claimants, key=lambda subject: (_alias_date(subject, key[1]), subject.id))
        for other in claimants:
            if other is not target:
                other.aliases = {alias for alias in other.aliases if alias.lower() != key[1]}
        merged = found.subjects.get(key)
        if merged is None or merged is target:
            continue
        if merged.snapshots or merged.snapshot_of:
            target.aliases = {alias for alias in target.aliases if alias.lower() != key[1]}
            continue
        del found.subjects[key]
        target.observations += [
            replace(statement, note=f"stated for the alias {merged.id}")
            for statement in merged.observations
            if not statement.field.startswith(("lifecycle.", "price"))
        ]


_OF_ONE_ID = (
    "aliases", "snapshots", "default_snapshot", "platform_ids", "offer_of", "base", "links.", "lifecycle.", "observed",
    "parameter_", "unsupported_parameters", "supported_parameters",
)  # fmt: skip


def _share_default(found: Identities, subject: Subject) -> None:
    """What was said about the pinned version that an undated id points at was said about that id, too."""
    pinned = _subject(found, subject.provider, subject.default_snapshot or "")
    if pinned is not None and pinned is not subject:
        subject.observations += [
            replace(statement, note=f"stated for {pinned.id}")
            for statement in pinned.observations
            if not statement.field.startswith(_OF_ONE_ID)
        ]


def _alias_date(subject: Subject, alias: str) -> str:
    """The newest day on which the alias was said to point at this model."""
    return max(
        (
            statement.date or ""
            for statement in _stated(subject, "aliases")
            if isinstance(statement.value, list) and alias in [str(value).lower() for value in statement.value]
        ),
        default="",
    )


def _dated(found: Identities, subject: Subject) -> None:
    parts = stem(subject.id)
    if parts is None or subject.snapshot_of is not None:
        return
    undated, form = parts
    head = _subject(found, subject.provider, undated)
    if head is not None and head.id != subject.id:
        _link_snapshot(found, head, subject.id, f"date suffix ({form})", form)


def _bases(found: Identities) -> None:
    """Give every subject its base model: stated, taken from what it is an offer or a version of, or met by spelling.

    A base that is named after one version is not that of an earlier one.
    """
    for subject in found.subjects.values():
        stated = _stated(subject, "base")
        if stated:
            subject.base = str(stated[0].value)
            found.links.append(Link(subject.provider, subject.id, "offer of base", subject.base, stated[0].source))
    known = _known_bases(found)
    for subject in found.subjects.values():
        if subject.base is None:
            _base_by_spelling(found, subject, known)
    for subject in found.subjects.values():
        _base_of_family(found, subject)
    for subject in found.subjects.values():
        named, own = dated(subject.base or ""), dated(subject.id)
        if subject.base and named and own and own < named:
            subject.base = subject.base.replace(named, own)


def _known_bases(found: Identities) -> dict[tuple[str, str], str]:
    """Base ids by author and meeting form: models.dev's neutral models, then what authors' own providers serve."""
    known: dict[tuple[str, str], str] = {}
    for base in sorted(found.neutral):
        author, _, name = base.partition("/")
        known.setdefault((author, meeting_form(name)), base)
    for author, providers in sorted(OWN_PROVIDERS.items()):
        for provider in providers:
            own = [s for s in found.subjects.values() if s.provider == provider]
            for subject in sorted(own, key=lambda s: (s.snapshot_of is not None, len(s.id), s.id)):
                if (author_of(subject.id) or author) == author and ":" not in subject.id:
                    name = subject.snapshot_of or subject.id
                    base = known.get((author, meeting_form(name)), f"{author}/{bare_name(name)}")
                    known.setdefault((author, meeting_form(subject.id)), subject.base or base)
    return known


def _base_by_spelling(found: Identities, subject: Subject, known: dict[tuple[str, str], str]) -> None:
    author = author_of(subject.id) or _own_author(subject.provider)
    if author is None:
        return
    form = meeting_form(subject.id)
    base = known.setdefault((author, form), f"{author}/{bare_name(subject.id)}")
    subject.base = base
    found.links.append(Link(subject.provider, subject.id, "offer of base", base, "author and name spelt alike"))


def _own_author(provider: str) -> str | None:
    return next((author for author, providers in sorted(OWN_PROVIDERS.items()) if provider in providers), None)


def _base_of_family(found: Identities, subject: Subject) -> None:
    """A version has the base of its model; an offer that of the model its vendor named."""
    if subject.snapshot_of is not None:
        head = _subject(found, subject.provider, subject.snapshot_of)
        if head is not None and head.base is not None:
            subject.base = head.base
    for statement in subject.observations:
        if statement.field == "offer_of" and isinstance(statement.value, str):
            provider, _, model_id = statement.value.partition("/")
            original = _subject(found, provider, model_id)
            if original is not None and original.base is not None:
                subject.base = original.base
