"""Published inspections: list and one result with its versions."""

from flask import render_template, request
from flask_babel import lazy_gettext

from joint_inspections.results.queries import list_versions
from reports.portal import queries
from reports.portal.blueprint import results as blueprint
from reports.portal.facts import result_facts
from reports.portal.filters import result_filters
from reports.portal.listing import PublicListing
from supervision import clock
from supervision.errors import NotFound
from supervision.web import database
from supervision.web.access import public
from supervision.web.listing import Column, read_query


@blueprint.get("")
@public
def index() -> str:
    """List the published inspections, newest first."""
    filters = result_filters()
    query = read_query(filters)
    listing = PublicListing(
        query,
        queries.list_results(database.session(), query),
        [
            Column("entity", lazy_gettext("Inspected entity"), True),
            Column("results", lazy_gettext("Results by department")),
            Column("visited_on", lazy_gettext("Visited on"), True),
            Column("published_at", lazy_gettext("Published on"), True),
            Column("number", lazy_gettext("Inspection")),
        ],
        filters,
        lazy_gettext("Name, credit code or number"),
        dataset="results",
    )
    return render_template("portal/results.html", listing=listing)


@blueprint.get("/<number>")
@public
def show(number: str) -> str:
    """Show one published inspection; ``?version=`` shows what an earlier version said."""
    session = database.session()
    versions = [result_facts(one) for one in list_versions(session, number)]
    asked = request.args.get("version", "")
    shown = next((one for one in versions if asked in ("", str(one.version))), None)
    if shown is None:
        raise NotFound
    due_on, first = queries.publish_due_on(session, number)
    met = due_on is not None and first is not None and clock.local(first).date() <= due_on
    return render_template(
        "portal/result.html",
        result=shown,
        versions=versions,
        newest=shown is versions[0],
        due_on=due_on,
        met=met,
    )
