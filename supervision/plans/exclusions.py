"""Why an entity is not in a pool: one reason each, in a fixed order of precedence (R-1.12, R-1.15, R-1.18)."""

from dataclasses import dataclass

from supervision.labels import N_, Labeled


class Automatic(Labeled):
    """Reasons the platform decides by itself from facts on record, in their order of precedence."""

    SCOPE = "scope", N_("Outside the plan's scope")
    STATUS = "status", N_("Registration status unfit")
    LOW_TOUCH = "low-touch", N_("On the low-touch list")
    YEARLY_CAP = "yearly-cap", N_("Yearly cap reached")
    SAME_ITEM = "same-item-this-year", N_("Same item already inspected this year")


DECIDABLE_EXCEPT = frozenset(reason.value for reason in Automatic)


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts on record about one entity that decide whether it is in a pool."""

    in_scope: bool
    active: bool
    low_touch: bool
    visits: int = 0
    same_item: bool = False
    decided: str = ""


def exclusion_reason(standing: Standing, *, yearly_cap: int) -> str | None:
    """Return the one reason that keeps an entity out of the pool, or None; the first that holds counts."""
    ordered = (
        (not standing.in_scope, Automatic.SCOPE.value),
        (not standing.active, Automatic.STATUS.value),
        (standing.low_touch, Automatic.LOW_TOUCH.value),
        (standing.visits >= yearly_cap, Automatic.YEARLY_CAP.value),
        (standing.same_item, Automatic.SAME_ITEM.value),
        (bool(standing.decided), standing.decided),
    )
    return next((reason for holds, reason in ordered if holds), None)
