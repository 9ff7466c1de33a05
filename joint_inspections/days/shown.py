"""What several pages of these rooms show alike: the chosen day, the schematic picture of a route."""

from collections.abc import Sequence
from datetime import date

from flask import request

from joint_inspections.days.calendars import Clash, list_clashes
from joint_inspections.days.cartogram import Picture, Place, draw
from joint_inspections.days.day_routes import Route
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision import clock
from supervision.audit.disclosing import note_view
from supervision.audit.events import DisclosedList
from supervision.entities.models import SubDistrict
from supervision.web import database
from supervision.web.access import actor

FIRST_YEAR, LAST_YEAR = 2000, 2100
# what their names end with, which a tile has no room for
KINDS_OF_PLACES = ("街道", " Subdistrict", " Town")


def chosen_day(name: str = "day", *, default: date | None = None) -> date:
    """Return the day asked for in the address or form; anything unreadable gives today (or ``default``)."""
    fallback = default or clock.today()
    try:
        day = date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return fallback
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else fallback


def picture_of(route: Route, places: Sequence[SubDistrict]) -> Picture:
    """Return the schematic picture of a route."""
    stops = [(one.visit.id, one.visit.entity.sub_district_code) for one in route.stops]
    return draw([Place(one.code, one.x, one.y) for one in places], stops)


def shown_clashes() -> list[Clash]:
    """Return the visits on days off that concern the visitor; reading those of others is noted."""
    viewer = actor()
    found = list_clashes(database.session(), viewer)
    note_names(
        [one.visit for one in found if viewer.inspector_id not in {who.inspector_id for who in one.visit.team_now}]
    )
    return found


def short_place(name: str) -> str:
    """Return the name of a sub-district without its kind, as it fits a tile."""
    for kind in KINDS_OF_PLACES:
        name = name.removesuffix(kind)
    return name


def note_names(visits: Sequence[Visit]) -> None:
    """Note that the visitor is about to read which enterprises are still to be visited by others."""
    note_view(DisclosedList.VISITS, count=sum(one.state in BEFORE_VISIT for one in visits))
