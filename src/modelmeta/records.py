"""The vocabulary: what the dataset says about models, providers and authors, as frozen records and nothing else.

``None`` always means that no source states it; it is never zero and never ``False``.
"""

from __future__ import annotations

from ._record import Record, field_names
from .dates import PartialDate, as_day, today
from .pricing import TIERS, Rate, select_rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

__all__ = [
    "Author",
    "Capabilities",
    "Endpoint",
    "Lifecycle",
    "Limits",
    "Link",
    "Measurement",
    "Modalities",
    "Model",
    "PlatformId",
    "Provider",
    "RateLimit",
    "Reasoning",
    "Snapshot",
    "Tool",
]


class Limits(Record):
    """Limits of one request, in tokens. The context window holds input and output together.

    ``max_input_tokens`` is there where input has a limit of its own. ``max_output_tokens`` includes reasoning;
    ``max_reasoning_tokens`` is reasoning alone. ``embedding_dimensions`` counts the numbers of the longest vector.

    >>> from modelmeta import get_model
    >>> get_model("gpt-4.1-mini").limits
    Limits(context_window=1047576, max_output_tokens=32768)
    """

    context_window: int | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    max_reasoning_tokens: int | None = None
    embedding_dimensions: int | None = None


class Modalities(Record):
    """What goes in and what comes out: ``text image audio video pdf embedding score``; empty where none says.

    >>> from modelmeta import get_model
    >>> get_model("gpt-4.1-mini").modalities
    Modalities(input=('text', 'image'), output=('text',))
    """

    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()

    NAMES = ("text", "image", "audio", "video", "pdf", "embedding", "score")


class Capabilities(Record):
    """What a model can do, in three states: ``True``, ``False`` as a source says, ``None`` when none says.

    ``tool_calling`` is calling functions that the request describes, ``tool_choice`` telling it which.
    ``structured_output`` keeps to a JSON schema of yours, ``json_mode`` to JSON of any kind. ``implicit_caching``
    happens unasked, ``explicit_caching`` where the request marks it. ``attachments`` are files, ``citations`` tell on
    which part of a document an answer rests. ``temperature`` is whether the parameter is taken at all.
    ``distillation`` is training a smaller model on its answers, ``predicted_outputs`` being told what the answer will
    mostly be, ``prefill`` going on from a given beginning, ``context_management`` a provider that clears or compacts
    long conversations, ``live`` a spoken session, ``multi_agent`` several agents for one request. ``batch``,
    ``flex``, ``priority`` and ``fast`` are service tiers.

    >>> from modelmeta import get_model
    >>> capabilities = get_model("gpt-4.1-mini").capabilities
    >>> capabilities.tool_calling, capabilities.distillation, capabilities.citations
    (True, False, None)
    """

    streaming: bool | None = None
    tool_calling: bool | None = None
    parallel_tool_calls: bool | None = None
    tool_choice: bool | None = None
    structured_output: bool | None = None
    json_mode: bool | None = None
    reasoning: bool | None = None
    system_prompt: bool | None = None
    prompt_caching: bool | None = None
    implicit_caching: bool | None = None
    explicit_caching: bool | None = None
    web_search: bool | None = None
    attachments: bool | None = None
    citations: bool | None = None
    logprobs: bool | None = None
    temperature: bool | None = None
    fine_tuning: bool | None = None
    distillation: bool | None = None
    predicted_outputs: bool | None = None
    prefill: bool | None = None
    context_management: bool | None = None
    code_execution: bool | None = None
    computer_use: bool | None = None
    live: bool | None = None
    batch: bool | None = None
    flex: bool | None = None
    priority: bool | None = None
    fast: bool | None = None
    multi_agent: bool | None = None


class Lifecycle(Record):
    """The dated facts from which a status follows.

    ``deprecated_on`` is the day from which the vendor advises against it, ``retires_on`` the first on which requests
    fail, ``replacement`` the id that the vendor names instead. ``retires_not_before`` is a vendor's promise, not a
    date of retirement. ``first_listed`` is the first day on which the vendor's own model list was seen to show the
    model, ``last_listed`` the last, when it has since left. ``stated`` is a status word that a source uses
    (``"preview"``, ``"legacy"`` …), for what dates do not tell.

    >>> from modelmeta import get_model
    >>> str(get_model("gpt-4.1-mini-2025-04-14").lifecycle.retires_on)
    '2027-01-14'
    """

    released: PartialDate | None = None
    deprecated_on: PartialDate | None = None
    retires_on: PartialDate | None = None
    retires_not_before: PartialDate | None = None
    replacement: str | None = None
    first_listed: PartialDate | None = None
    last_listed: PartialDate | None = None
    stated: str | None = None

    STATUSES = ("unreleased", "preview", "active", "legacy", "deprecated", "retired")

    def status_on(self, day: date | datetime) -> str:
        """``"unreleased"``, ``"preview"``, ``"active"``, ``"legacy"``, ``"deprecated"`` or ``"retired"`` on ``day``.

        Raises ``TypeError`` for what is neither a date nor a datetime; one with a zone is taken in UTC.
        """
        day = as_day(day, "day")
        if self.retires_on is not None and self.retires_on.last_day <= day:
            return "retired"
        if self.released is not None and day < self.released.first_day:
            return "unreleased"
        if self.retires_on is None:
            if self.stated == "retired" and (self.deprecated_on is None or self.deprecated_on.first_day <= day):
                return "retired"
            if self.last_listed is not None and self.last_listed.last_day < day:
                return "retired"
        if self.deprecated_on is not None:
            return "deprecated" if self.deprecated_on.first_day <= day else self._undated()
        return "deprecated" if self.stated in {"deprecated", "retired"} else self._undated()

    def _undated(self) -> str:
        return self.stated if self.stated in {"preview", "legacy"} else "active"


class Endpoint(Record):
    """An API surface. ``path`` is relative to the provider's base URL, where a page prints it.

    ``name`` is one of ``NAMES``; ``supported`` tells whether the model is served there, ``None`` when nobody says.
    """

    name: str
    path: str | None = None
    supported: bool | None = None

    NAMES = (
        "chat_completions", "chat", "responses", "messages", "generate_content", "converse", "invoke_model",
        "completions", "interactions", "embeddings", "embed_jobs", "images", "image_edits", "videos", "speech",
        "transcriptions", "translations", "moderations", "rerank", "ocr", "fim", "classifications", "realtime",
        "realtime_translation", "realtime_transcription", "live", "assistants", "agents", "batch",
        "fine_tuning", "count_tokens",
    )  # fmt: skip


class Tool(Record):
    """A tool the provider runs for the model (``web_search``, ``code_interpreter``). ``version``: its wire name."""

    name: str
    supported: bool | None = None
    version: str | None = None

    NAMES = (
        "web_search", "exa_web_search", "parallel_web_search", "browser_search", "web_fetch", "connectors",
        "file_search", "code_interpreter", "code_execution", "computer_use",
        "image_generation", "mcp", "hosted_shell", "bash", "apply_patch", "text_editor", "memory", "skills",
        "tool_search", "google_search", "google_maps", "url_context", "x_search",
    )  # fmt: skip


class Reasoning(Record):
    """How thinking is steered: efforts in rising order, the default, whether it can be off, and budgets in tokens.

    ``default_on`` is whether it thinks when the request says nothing of it, ``modes`` the provider's words for how
    (``"adaptive"``); ``budget_min`` and ``budget_max`` bound the tokens that a request may allow.

    >>> from modelmeta import get_model
    >>> get_model("o3").reasoning.efforts
    ('low', 'medium', 'high')
    """

    efforts: tuple[str, ...] | None = None
    default_effort: str | None = None
    default_on: bool | None = None
    can_disable: bool | None = None
    modes: tuple[str, ...] | None = None
    budget_min: int | None = None
    budget_max: int | None = None


class RateLimit(Record):
    """Limits of one usage tier: requests and tokens a minute or a day, and tokens queued in batches.

    Requests: ``rps`` a second, ``rpm`` a minute, ``rpd`` a day, ``concurrency`` at once. Tokens: ``tpm``, ``tpd``;
    ``itpm`` and ``otpm`` are input and output a minute, for vendors that count them apart. ``ipm`` is images a
    minute. ``batch_queue_limit`` is in input tokens. ``region`` and ``context`` (``"input_tokens>128000"``) say where
    and for which requests it holds, if not for all. ``seen_on``: when the vendor's page said so.

    >>> from modelmeta import get_model
    >>> [limit.tpm for limit in get_model("gpt-4.1-mini").rate_limits if limit.tier == "Tier 1"]
    [200000]
    """

    tier: str
    rps: int | None = None
    rpm: int | None = None
    rpd: int | None = None
    tpm: int | None = None
    tpd: int | None = None
    itpm: int | None = None
    otpm: int | None = None
    ipm: int | None = None
    concurrency: int | None = None
    audio_seconds_per_hour: int | None = None
    batch_queue_limit: int | None = None
    region: str | None = None
    context: str | None = None
    seen_on: PartialDate | None = None


class Snapshot(Record):
    """A pinned version of a model; its dates and ``stated`` mean what they mean in ``Lifecycle``."""

    id: str
    released: PartialDate | None = None
    stated: str | None = None
    deprecated_on: PartialDate | None = None
    retires_on: PartialDate | None = None

    @property
    def status(self) -> str:
        """Its status today (UTC), as of a model: see :meth:`Lifecycle.status_on`."""
        return Lifecycle(
            released=self.released,
            deprecated_on=self.deprecated_on,
            retires_on=self.retires_on,
            stated=self.stated,
        ).status_on(today())


class PlatformId(Record):
    """The id under which another platform serves the same model; ``platform`` may end in ``:geography``.

    >>> from modelmeta import get_model
    >>> ids = get_model("claude-sonnet-4-5-20250929").platform_ids
    >>> [platform.id for platform in ids if platform.platform == "amazon-bedrock:eu"]
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0']
    """

    platform: str
    id: str


class Measurement(Record):
    """Observed speed on one day: output tokens a second, and milliseconds to the first token.

    ``measured_by`` is who measured, ``via`` the provider or router through which, if not the model's own.
    """

    output_tokens_per_second: Decimal | None = None
    ttft_ms: int | None = None
    measured_on: PartialDate | None = None
    measured_by: str | None = None
    via: str | None = None


class Link(Record):
    """A page about the model: ``kind`` is ``docs``, ``pricing``, ``model_card`` or ``weights``."""

    kind: str
    url: str


class Model(Record):
    """One model as one provider serves it: what ``get_model`` returns.

    ``id`` is as the provider spells it. ``author`` made it; ``base`` is its provider-neutral identity
    ``author/name``, shared by all its offers. ``family`` and ``size_class`` are words of its vendor or a catalogue,
    ``license`` is that of the weights. ``knowledge_cutoff`` is until when its knowledge is reliable,
    ``training_cutoff`` until when there is training data, where a vendor tells them apart. ``prices`` is the whole
    list: every tier, threshold and region, past and announced prices too.

    ``snapshots`` are its pinned versions, ``default_snapshot`` the one that an undated id points at today;
    ``snapshot_of`` names the undated model of which this one is a version. ``aliases`` are other ids of it here,
    ``platform_ids`` elsewhere. ``observed`` is measured speed. ``inherited`` names the fields whose values were
    stated for the undated model or the base rather than for this id, and ``seen_on`` is the newest day on which a
    source spoke of it. Who said what: :func:`list_observations`.

    >>> from modelmeta import get_model
    >>> model = get_model("gpt-4.1-mini")
    >>> model.limits.context_window, str(model.knowledge_cutoff), model.capabilities.distillation
    (1047576, '2024-06-01', False)
    """

    id: str
    provider: str
    name: str | None = None
    author: str | None = None
    base: str | None = None
    family: str | None = None
    size_class: str | None = None
    license: str | None = None
    open_weights: bool | None = None
    lifecycle: Lifecycle = Lifecycle()
    knowledge_cutoff: PartialDate | None = None
    training_cutoff: PartialDate | None = None
    limits: Limits = Limits()
    modalities: Modalities = Modalities()
    capabilities: Capabilities = Capabilities()
    endpoints: tuple[Endpoint, ...] = ()
    tools: tuple[Tool, ...] = ()
    reasoning: Reasoning = Reasoning()
    rate_limits: tuple[RateLimit, ...] = ()
    prices: tuple[Rate, ...] = ()
    aliases: tuple[str, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    default_snapshot: str | None = None
    snapshot_of: str | None = None
    platform_ids: tuple[PlatformId, ...] = ()
    observed: tuple[Measurement, ...] = ()
    links: tuple[Link, ...] = ()
    inherited: tuple[str, ...] = ()
    seen_on: PartialDate | None = None

    @property
    def qualified_id(self) -> str:
        """``provider/id``: the one reference that can never be ambiguous."""
        return f"{self.provider}/{self.id}"

    @property
    def released(self) -> PartialDate | None:
        """When the provider released it."""
        return self.lifecycle.released

    @property
    def access(self) -> str | None:
        """``"open"`` when the weights are published, ``"closed"`` when not, ``None`` when nobody has said."""
        return None if self.open_weights is None else "open" if self.open_weights else "closed"

    @property
    def status(self) -> str:
        """Its status today (UTC): see :meth:`status_on`."""
        return self.lifecycle.status_on(today())

    def status_on(self, day: date | datetime) -> str:
        """``"preview"``, ``"active"``, ``"legacy"``, ``"deprecated"``, ``"retired"`` (or ``"unreleased"``) on ``day``.

        It follows from the dates of :class:`Lifecycle`: a retirement known to the month counts from its last day,
        a deprecation from its first. Without dates, the word that a source states.

        >>> from datetime import date
        >>> from modelmeta import get_model
        >>> [get_model("gpt-4.1-mini").status_on(date(2026, month, 20)) for month in (9, 11)]
        ['active', 'deprecated']
        """
        return self.lifecycle.status_on(day)

    def price(
        self, component: str, *, tier: str = "standard", at: date | datetime | None = None, input_tokens: int = 0
    ) -> Rate | None:
        """The rate for ``component`` (``"input"``, ``"cached_input"``, ``"output"`` …), or ``None`` if unpublished.

        A component is the name of a usage count without ``_tokens``; ``tier`` is ``"standard"``, ``"batch"``,
        ``"flex"``, ``"priority"`` or ``"fast"``. ``at`` is the day of the request (today in UTC by default) and
        ``input_tokens`` its size, for prices that rise over a threshold. Rates that hold only in a region, at some
        hours or for some variants are in ``prices``; :func:`compute_cost` chooses among them. Raises ``ValueError``
        for a tier or a component that does not exist.

        >>> from modelmeta import get_model
        >>> rate = get_model("gpt-4.1-mini").price("output")
        >>> f"{rate.amount} {rate.currency} per {rate.unit}"
        '1.6 USD per 1M tokens'
        """
        if tier not in TIERS:
            raise ValueError(f"no service tier {tier!r}; the tiers are {', '.join(TIERS)}")
        day = today() if at is None else as_day(at)
        rate = select_rate(self.prices, component, tier=tier, day=day, input_tokens=input_tokens)
        if rate is None:
            _known_component(component)
        return rate

    def supports(self, feature: str) -> bool | None:
        """Whether it has a capability, an endpoint or a built-in tool of that name; ``None`` when nobody says.

        Raises ``ValueError`` for a name that is none of these.

        >>> from modelmeta import get_model
        >>> model = get_model("gpt-4.1-mini")
        >>> model.supports("tool_calling"), model.supports("realtime"), model.supports("citations")
        (True, False, None)
        """
        capabilities = field_names(Capabilities)
        stated: bool | None = getattr(self.capabilities, feature) if feature in capabilities else None
        if stated is not None:
            return stated
        for listed in (self.endpoints, self.tools):
            for item in listed:
                if item.name == feature:
                    return item.supported
        if feature in {*capabilities, *Endpoint.NAMES, *Tool.NAMES}:
            return None
        raise ValueError(f"no capability, endpoint or tool is called {feature!r}")

    def __hash__(self) -> int:
        return hash((self.provider, self.id))

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other)

    def __repr__(self) -> str:
        limits = self.limits
        shown = [f"{self.qualified_id!r}", f"status={self.status!r}"]
        if limits.context_window is not None:
            shown.append(f"context_window={limits.context_window:,}")
        if limits.max_output_tokens is not None:
            shown.append(f"max_output_tokens={limits.max_output_tokens:,}")
        for component in ("input", "output"):
            rate = self.price(component)
            if rate is not None:
                shown.append(f"{component}='{rate.amount} {rate.currency}/{rate.unit}'")
        return f"<Model {' '.join(shown)}>"


class Provider(Record):
    """Who serves models over an API. ``api`` is its base URL; ``env`` the variables that usually hold its key.

    ``id`` is that of models.dev, ``docs`` the address of its documentation, ``models`` how many of it are known.

    >>> from modelmeta import get_provider
    >>> get_provider("anthropic").env
    ('ANTHROPIC_API_KEY',)
    """

    id: str
    name: str | None = None
    docs: str | None = None
    api: str | None = None
    env: tuple[str, ...] = ()
    models: int = 0


class Author(Record):
    """Who made models. ``providers`` are the providers that are the author's own: a bare id means their model.

    ``models`` is how many of its models are known, at all providers.

    >>> from modelmeta import get_author
    >>> get_author("anthropic").providers
    ('anthropic',)
    """

    id: str
    name: str | None = None
    providers: tuple[str, ...] = ()
    models: int = 0


def _known_component(component: str) -> None:
    from .components import COUNTS

    known = dict.fromkeys(component for component, _ in COUNTS.values())
    if component not in known:
        raise ValueError(f"no price component {component!r}; the components are {', '.join(known)}")
