"""Permits on the page of an entity, and the room's place in the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from supervision import clock
from supervision.entities.models import Entity
from supervision.intake import kinds
from supervision.permissions import Actor, Permission
from supervision.permits import imports, queries, views
from supervision.web import database, menu, panels
from supervision.web.menu import Entry
from supervision.web.panels import Panel

SHOWN_ON_A_PANEL = 10


def init_app(app: Flask) -> None:
    """Add the room of permits to the application."""
    app.register_blueprint(views.blueprint)
    menu.register(app, Entry("permits.index", _("Permits"), "punishments", 10, "patch-check"))
    panels.register(app, Panel("entity", "permits/entity_panel.html", permits_of_entity, order=30))
    kinds.register(imports.KIND)


def permits_of_entity(viewer: Actor, subject: Entity) -> dict[str, object] | None:
    """Return the permits of an entity for its page."""
    on = clock.today()
    permits = queries.list_of_entity(database.session(), subject.id, public=False)
    return {
        "permits": permits[:SHOWN_ON_A_PANEL],
        "more": max(0, len(permits) - SHOWN_ON_A_PANEL),
        "standings": {permit.id: queries.standing_of(permit, on=on) for permit in permits},
        "entity": subject,
        "may_add": viewer.may(Permission.PERMIT_EDIT) and viewer.department_id is not None,
    }
