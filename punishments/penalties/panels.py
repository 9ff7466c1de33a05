"""What the penalties room adds to other pages."""

from punishments.penalties import queries
from supervision.entities.models import Entity
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def of_entity(viewer: Actor, entity: Entity) -> dict[str, object]:
    """Penalties under an entity."""
    return {
        "entity": entity,
        "penalties": queries.list_of_entity(database.session(), entity.id),
        "may_record": viewer.may(Permission.PENALTY_EDIT),
    }


PANELS = (Panel("entity", "penalties/of_entity.html", of_entity, Permission.PUNISHMENT_VIEW, order=40),)
