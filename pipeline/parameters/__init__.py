"""Build ``src/modelmeta/data/parameters/``: which provider takes which request parameter, by endpoint and model family.

Sources, most believed first: rules checked by hand (``curation/parameters/*.yaml``), the parameter facts, first-party
facts in ``curation/``, OpenAI's specification, and the community catalogue where nobody else speaks.
"""

from .build import RuleFiles, build

__all__ = ["RuleFiles", "build"]
