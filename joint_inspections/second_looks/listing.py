"""The list of second looks and the quarters that can be frozen."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from joint_inspections.codes.rules import Quarter
from joint_inspections.second_looks import queries
from joint_inspections.second_looks.rules import LookState
from supervision import clock
from supervision.permissions import Actor
from supervision.web.listing import Column, Filter, Listing, read_query

QUARTERS = 4


def ended_quarters() -> list[Quarter]:
    """Return the last quarters that are over, the newest first."""
    now = Quarter.of(clock.today())
    found = []
    for _step in range(QUARTERS):
        now = Quarter(now.year - 1, 4) if now.number == 1 else Quarter(now.year, now.number - 1)
        found.append(now)
    return found


def listing_of(session: Session, viewer: Actor) -> Listing:
    """Return the looks a viewer may read as a list."""
    filters = [Filter("state", lazy_gettext("State"), [(state.value, _(state.label)) for state in LookState])]
    query = read_query(filters)
    columns = [
        Column("number", lazy_gettext("Visit number"), True),
        Column("entity", lazy_gettext("Entity")),
        Column("round", lazy_gettext("Quarter")),
        Column("state", lazy_gettext("State")),
        Column("agreeing", lazy_gettext("Items that agree")),
    ]
    return Listing(query, queries.list_looks(session, viewer, query), columns, filters)
