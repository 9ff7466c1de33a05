"""What the lists add to other pages."""

from punishments.credit_lists import queries
from punishments.credit_lists.rules import ALIVE, COMPETENT, ListingState, state_on
from punishments.penalties.models import Penalty
from punishments.penalties.rules import PenaltyState, is_heavy
from supervision import clock
from supervision.entities.models import Entity
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def _rows(listings: object) -> list[tuple[object, ListingState]]:
    return [(one, state_on(one.state, one.ends_on, clock.today())) for one in listings]  # type: ignore[attr-defined]


def of_entity(viewer: Actor, entity: Entity) -> dict[str, object] | None:  # noqa: ARG001 - panels' signature
    """Listings of an entity; nothing is shown where there are none."""
    listings = queries.list_of_entity(database.session(), entity.id)
    return {"rows": _rows(listings)} if listings else None


def of_penalty(viewer: Actor, penalty: Penalty) -> dict[str, object] | None:
    """Listings that follow from a penalty, and the way to propose one."""
    listings = queries.list_of_penalty(database.session(), penalty.id)
    open_one = any(one.state in ALIVE for one in listings)
    own = viewer.may(Permission.PENALTY_EDIT) and viewer.department_id == penalty.department_id
    competent = any(viewer.department_code in codes for codes in COMPETENT.values())
    heavy = penalty.state is PenaltyState.IN_FORCE and is_heavy(penalty.severity, penalty.kinds)
    return {
        "penalty": penalty,
        "rows": _rows(listings),
        "may_propose": own and competent and heavy and not open_one,
        "heavy": heavy,
    }


def waiting(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - panels' signature
    """Proposals that wait for the viewer's decision."""
    listings = queries.list_waiting(database.session(), viewer)
    return {"listings": listings} if listings else None


def next_steps(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - panels' signature
    """Listings on which the viewer can take the next step."""
    listings = queries.list_next_steps(database.session(), viewer, on=clock.today())
    return {"listings": listings} if listings else None


PANELS = (
    Panel("entity", "listings/of_entity.html", of_entity, Permission.PUNISHMENT_VIEW, order=42),
    Panel("penalty", "listings/of_penalty.html", of_penalty, Permission.PUNISHMENT_VIEW, order=10),
    Panel("home", "listings/waiting.html", waiting, Permission.LISTING_DECIDE, order=60),
    Panel("home", "listings/next_steps.html", next_steps, Permission.PENALTY_EDIT, order=58),
)
