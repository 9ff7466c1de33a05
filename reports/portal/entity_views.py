"""One entity: what is published about it, gathered on one page."""

from flask import render_template

from reports.portal import queries
from reports.portal.blueprint import home as blueprint
from reports.portal.result_queries import list_results_of
from supervision import clock
from supervision.permits.queries import list_public_of_entity
from supervision.web import database
from supervision.web.access import actor, public
from supervision.web.panels import shown_panels


@blueprint.get("/entities/<unit_id>")
@public
def entity(unit_id: str) -> str:
    """Show register facts, permits, penalties in their publicity period, listings in force and results."""
    session, today = database.session(), clock.today()
    entity_id, facts = queries.get_entity(session, unit_id)
    return render_template(
        "portal/entity.html",
        entity=facts,
        permits=list_public_of_entity(session, entity_id, on=today),
        penalties=queries.list_penalties_of(session, entity_id, on=today),
        listings=queries.list_listings_of(session, entity_id, on=today),
        results=list_results_of(session, entity_id),
        panels=shown_panels("public_entity", actor(), facts),
    )
