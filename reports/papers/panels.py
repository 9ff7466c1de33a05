"""The papers of a draw on its page inside the house."""

from reports.papers import queries
from reports.papers.rules import kinds_of
from supervision.draws.models import Draw
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.languages import language
from supervision.web.panels import Panel


def papers_of(viewer: Actor, draw: Draw) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return what can be had now and what was issued; nothing before the commitment."""
    kinds, issued = kinds_of(draw.state), queries.list_papers(database.session(), draw)
    return {"draw": draw, "kinds": kinds, "issued": issued[:3], "language": language()} if kinds or issued else None


PANELS = (Panel("draw", "portal/papers_panel.html", papers_of, Permission.DRAW_VIEW, order=40),)
