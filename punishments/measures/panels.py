"""What the measures add to other pages."""

from collections.abc import Sequence

from punishments.credit_lists.models import Listing
from punishments.measures import queries
from punishments.measures.models import Measure
from punishments.measures.rules import MeasureState, answer_clock, state_on
from supervision import clock
from supervision.entities.models import Entity
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def _rows(measures: Sequence[Measure]) -> list[tuple[Measure, MeasureState]]:
    return [(one, state_on(one.state, one.ends_on, clock.today())) for one in measures]


def of_entity(viewer: Actor, entity: Entity) -> dict[str, object] | None:  # noqa: ARG001 - panels' signature
    """Measures on an entity; nothing is shown where there are none."""
    measures = queries.list_of_entity(database.session(), entity.id)
    return {"rows": _rows(measures)} if measures else None


def of_listing(viewer: Actor, listing: Listing) -> dict[str, object]:  # noqa: ARG001 - panels' signature
    """The measure proposed with a listing."""
    return {"rows": _rows(queries.list_of_listing(database.session(), listing.id))}


def waiting(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - panels' signature
    """Measures that wait for the answer of the viewer's department."""
    today = clock.today()
    rows = [
        (one, answer_clock(one.state, one.answer_due_on, today=today, answered_on=None))
        for one in queries.list_waiting(database.session(), viewer, on=today)
    ]
    return {"rows": rows} if rows else None


PANELS = (
    Panel("entity", "measures/of_entity.html", of_entity, Permission.PUNISHMENT_VIEW, order=44),
    Panel("listing", "measures/of_listing.html", of_listing, Permission.PUNISHMENT_VIEW, order=10),
    Panel("home", "measures/waiting.html", waiting, Permission.MEASURE_ANSWER, order=55),
)
