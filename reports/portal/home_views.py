"""The first public page and the search for an entity."""

from flask import render_template, request
from flask_babel import lazy_gettext

from joint_inspections.results.queries import count_publications
from reports.portal import queries
from reports.portal.blueprint import home as blueprint
from reports.portal.listing import PublicListing
from reports.portal.result_queries import list_results
from supervision.entities.queries import list_entities
from supervision.entities.rules import EntityStatus
from supervision.listing import ListQuery, Page
from supervision.permissions import PUBLIC
from supervision.web import database
from supervision.web.access import public
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, read_query

NEWEST = 5
SHORTEST_SEARCH = 2


@blueprint.get("")
@public
def home() -> str:
    """Search box, figures, newest results, and how to verify."""
    session, few = database.session(), ListQuery(size=NEWEST)
    draws = queries.list_draws(session, few)
    return render_template(
        "portal/home.html",
        plans=queries.list_plans(session, ListQuery(size=1)).total,
        draws=draws.total,
        counts=count_publications(session),
        newest=list_results(session, few).items,
        newest_draws=draws.items,
    )


@blueprint.get("/search")
@public
def search() -> str:
    """Find an entity by any part of its name or by its code."""
    session = database.session()
    types, places = queries.list_types(session), queries.list_sub_districts(session)
    filters = [
        Filter("type", lazy_gettext("Type"), [(one.code, name_of(one)) for one in types.values()]),
        Filter("sub_district", lazy_gettext("Sub-district"), [(one.code, name_of(one)) for one in places.values()]),
        Filter("status", lazy_gettext("State"), [(one.value, _label(one)) for one in EntityStatus]),
    ]
    query = read_query(filters)
    long_enough = len(query.q) >= SHORTEST_SEARCH
    listing = PublicListing(
        query,
        list_entities(session, PUBLIC, query) if long_enough else Page([], 0),
        [
            Column("name", lazy_gettext("Entity"), True),
            Column("unit_id", lazy_gettext("Credit code"), True),
            Column("type", lazy_gettext("Type")),
            Column("sub_district", lazy_gettext("Sub-district")),
            Column("status", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Name or credit code"),
    )
    return render_template(
        "portal/search.html",
        listing=listing,
        rows=[
            (one.unit_id, one.name, types.get(one.type_code), places.get(one.sub_district_code), one.status)
            for one in listing.items
        ],
        asked=bool(request.args.get("q", "").strip()),
        long_enough=long_enough,
    )


def _label(status: EntityStatus) -> object:
    return lazy_gettext(status.label)
