"""Published inspections: list and one result with its versions."""

from flask import render_template, request
from flask_babel import lazy_gettext

from joint_inspections.results.queries import list_whole
from joint_inspections.visits.rules import clock_state
from reports.portal import result_queries as queries
from reports.portal.blueprint import results as blueprint
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
    """Show a published inspection; ``?department=`` and ``version=`` show what an earlier version of a part said."""
    session = database.session()
    result = queries.get_result(session, number)
    versions = queries.list_versions(session, number)
    code, version = request.args.get("department", ""), request.args.get("version", "")
    earlier = next((one for one in versions.get(code, ()) if str(one.version) == version), None)
    if (code or version) and earlier is None:
        raise NotFound
    return render_template(
        "portal/result.html",
        result=result,
        parts=[earlier] if earlier else result.parts,
        earlier=earlier is not None and earlier is not versions[code][0],
        versions=versions,
        whole=list_whole(session, number),
        due_state=clock_state(result.due_on, done_on=None, today=clock.today()),
    )
