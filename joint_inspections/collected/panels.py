"""Collected records on the page of an entity."""

from joint_inspections.collected.queries import list_of_entity
from supervision.entities.models import Entity
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def collected_of_entity(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - as every panel
    """What departments reported of an entity before or beside the platform; hidden when there is nothing."""
    rows = list_of_entity(database.session(), subject.id) if isinstance(subject, Entity) else []
    return {"rows": rows} if rows else None


PANELS = (Panel("entity", "collected/entity_panel.html", collected_of_entity, Permission.REGISTRY_VIEW, 35),)
