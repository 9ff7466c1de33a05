"""Where on the form something belongs, and who of the team may put it there."""

from collections.abc import Mapping
from typing import Any  # a place is JSON

from sqlalchemy.orm import Session

from joint_inspections.records.models import Section
from joint_inspections.visits.models import Visit
from joint_inspections.visits.services import own_part
from supervision.errors import Forbidden, Invalid
from supervision.items.models import CheckPoint
from supervision.permissions import Actor

# of a claimed place: what is kept, and the largest sensible value
CLAIMED = {"latitude": 90.0, "longitude": 180.0, "accuracy": 1_000_000.0}


def check_place(
    session: Session, visit: Visit, *, section: int | None, item: int | None, point: int | None, actor: Actor
) -> None:
    """Refuse a place that is not on this form, or in a section of another department."""
    if section is None:
        if item is not None or point is not None:
            raise _elsewhere()
        return
    found = session.get(Section, section)
    if found is None or found.visit_id != visit.id:
        raise _elsewhere()
    if own_part(visit, actor).department_id != found.department_id:
        raise Forbidden("other-department", "Only inspectors of this department fill in and sign its section.")
    if item is not None and item not in {row.item_id for row in found.item_results}:
        raise _elsewhere()
    if point is not None:
        stored = session.get(CheckPoint, point)
        if stored is None or stored.item_id != item:
            raise _elsewhere()


def _elsewhere() -> Invalid:
    return Invalid("item-not-on-form", "The form holds only items of the approved plan. Reload the page.")


def place_of_claim(place: Mapping[str, Any] | None) -> dict[str, float] | None:
    """Return a claimed place with numbers in their limits, or nothing."""
    if not place:
        return None
    found = {}
    for name, most in CLAIMED.items():
        value = place.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most:
            found[name] = round(float(value), 6)
    return found if {"latitude", "longitude"} <= set(found) else None
