"""The archive package on the page of a closed visit."""

from joint_inspections.archive import queries
from joint_inspections.visits.models import Visit
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel


def package_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """How the package of a closed visit stands."""
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    session = database.session()
    if subject.visited_at is None or not queries.may_take(session, viewer, subject):
        return None
    (shown,) = queries.show(session, [subject])
    return {"shown": shown}


PANELS = (Panel("visit", "archive/visit_panel.html", package_of_visit, Permission.ARCHIVE_VIEW, 90),)
