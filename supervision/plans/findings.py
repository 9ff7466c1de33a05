"""One thing that stands in the way of a plan, or that its makers should think about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from supervision.plans.rules import DraftStep


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct (``blocking``) or to think about, with the step where it is changed."""

    code: str
    message: str
    step: DraftStep
    blocking: bool = False
    rule: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
