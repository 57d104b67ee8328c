"""What AI models are, can do, accept and cost: offline, typed, sourced.

>>> from modelmeta import get_model
>>> model = get_model("gpt-4.1-mini")
>>> str(model.price("input").amount), model.limits.context_window
('0.4', 1047576)

A name is imported when it is first used, so that ``import modelmeta`` reads no data and loads nothing heavy.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .active import get_model as get_model
    from .active import use_catalog as use_catalog
    from .api import compare_models as compare_models
    from .api import dataset_info as dataset_info
    from .api import find_models as find_models
    from .api import get_author as get_author
    from .api import get_provider as get_provider
    from .api import list_aliases as list_aliases
    from .api import list_authors as list_authors
    from .api import list_changes as list_changes
    from .api import list_conflicts as list_conflicts
    from .api import list_models as list_models
    from .api import list_observations as list_observations
    from .api import list_offers as list_offers
    from .api import list_providers as list_providers
    from .api import list_snapshots as list_snapshots
    from .api import list_sources as list_sources
    from .api import price_history as price_history
    from .api import resolve as resolve
    from .background import BackgroundRefresh as BackgroundRefresh
    from .catalog import Catalog as Catalog
    from .comparison import Comparison as Comparison
    from .comparison import ComparisonRow as ComparisonRow
    from .cost import Cost as Cost
    from .cost import CostLine as CostLine
    from .cost import compute_cost as compute_cost
    from .dates import PartialDate as PartialDate
    from .diff import DatasetDiff as DatasetDiff
    from .diff import FieldChange as FieldChange
    from .diff import ReferenceChange as ReferenceChange
    from .diff import diff_datasets as diff_datasets
    from .display import to_html as to_html
    from .display import to_markdown as to_markdown
    from .display import to_text as to_text
    from .errors import AmbiguousModelError as AmbiguousModelError
    from .errors import DatasetError as DatasetError
    from .errors import InvalidReferenceError as InvalidReferenceError
    from .errors import ModelMetaError as ModelMetaError
    from .errors import ParameterError as ParameterError
    from .errors import PriceNotPublishedError as PriceNotPublishedError
    from .errors import RefreshError as RefreshError
    from .errors import UnknownModelError as UnknownModelError
    from .errors import UnknownProviderError as UnknownProviderError
    from .errors import UsageError as UsageError
    from .estimates import WORKLOADS as WORKLOADS
    from .estimates import BudgetShare as BudgetShare
    from .estimates import CostExample as CostExample
    from .estimates import Workload as Workload
    from .estimates import cost_examples as cost_examples
    from .estimates import monthly_cost as monthly_cost
    from .estimates import pricing_formula as pricing_formula
    from .estimates import tokens_for_budget as tokens_for_budget
    from .history import Change as Change
    from .history import PriceChange as PriceChange
    from .lifecycle import AuditFinding as AuditFinding
    from .lifecycle import AuditReport as AuditReport
    from .lifecycle import audit_models as audit_models
    from .lifecycle import replacement_chain as replacement_chain
    from .lifecycle import retiring as retiring
    from .lifecycle import stale as stale
    from .lifecycle import warn_deprecated as warn_deprecated
    from .parameters import ModelRef as ModelRef
    from .parameters import ParameterIssue as ParameterIssue
    from .parameters import ParameterReport as ParameterReport
    from .parameters import ParameterSource as ParameterSource
    from .parameters import check_parameters as check_parameters
    from .parameters import parameters_model as parameters_model
    from .parameters import validate_parameters as validate_parameters
    from .pricing import Condition as Condition
    from .pricing import Rate as Rate
    from .provenance import Conflict as Conflict
    from .provenance import DatasetInfo as DatasetInfo
    from .provenance import Observation as Observation
    from .provenance import Source as Source
    from .records import Author as Author
    from .records import Capabilities as Capabilities
    from .records import Endpoint as Endpoint
    from .records import Lifecycle as Lifecycle
    from .records import Limits as Limits
    from .records import Link as Link
    from .records import Measurement as Measurement
    from .records import Modalities as Modalities
    from .records import Model as Model
    from .records import PlatformId as PlatformId
    from .records import Provider as Provider
    from .records import RateLimit as RateLimit
    from .records import Reasoning as Reasoning
    from .records import Snapshot as Snapshot
    from .records import Tool as Tool
    from .resolution import Resolution as Resolution
    from .results import Results as Results
    from .specs import ContextRoom as ContextRoom
    from .specs import ParameterSpec as ParameterSpec
    from .specs import context_room as context_room
    from .specs import get_parameters as get_parameters
    from .tokens import TokenizerNotPublishedError as TokenizerNotPublishedError
    from .tokens import count_tokens as count_tokens
    from .updates import RefreshResult as RefreshResult
    from .updates import refresh as refresh
    from .updates import rollback as rollback
    from .usage import ResponseInfo as ResponseInfo
    from .usage import Usage as Usage

_HOMES = {
    "active": "get_model use_catalog",
    "api": (
        "compare_models dataset_info find_models get_author get_provider list_aliases list_authors list_changes "
        "list_conflicts list_models list_observations list_offers list_providers list_snapshots list_sources "
        "price_history resolve"
    ),
    "background": "BackgroundRefresh",
    "catalog": "Catalog",
    "comparison": "Comparison ComparisonRow",
    "cost": "Cost CostLine compute_cost",
    "dates": "PartialDate",
    "diff": "DatasetDiff FieldChange ReferenceChange diff_datasets",
    "display": "to_html to_markdown to_text",
    "errors": (
        "AmbiguousModelError DatasetError InvalidReferenceError ModelMetaError ParameterError "
        "PriceNotPublishedError RefreshError UnknownModelError UnknownProviderError UsageError"
    ),
    "estimates": (
        "BudgetShare CostExample WORKLOADS Workload cost_examples monthly_cost pricing_formula tokens_for_budget"
    ),
    "history": "Change PriceChange",
    "lifecycle": "AuditFinding AuditReport audit_models replacement_chain retiring stale warn_deprecated",
    "parameters": (
        "ModelRef ParameterIssue ParameterReport ParameterSource check_parameters parameters_model validate_parameters"
    ),
    "pricing": "Condition Rate",
    "provenance": "Conflict DatasetInfo Observation Source",
    "records": (
        "Author Capabilities Endpoint Lifecycle Limits Link Measurement Modalities Model PlatformId Provider "
        "RateLimit Reasoning Snapshot Tool"
    ),
    "resolution": "Resolution",
    "results": "Results",
    "specs": "ContextRoom ParameterSpec context_room get_parameters",
    "updates": "RefreshResult refresh rollback",
    "tokens": "TokenizerNotPublishedError count_tokens",
    "usage": "ResponseInfo Usage",
}

_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(__import__(f"{__name__}.{module}", fromlist=(name,)), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
