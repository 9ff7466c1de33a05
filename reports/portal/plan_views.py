"""Published plans: list, one plan with its versions, and the published document itself."""

from flask import Response, render_template, request
from flask_babel import lazy_gettext

from reports.portal import queries
from reports.portal.blueprint import plans as blueprint
from reports.portal.filters import plan_filters
from reports.portal.listing import PublicListing
from supervision.beacons.queries import find_rule
from supervision.errors import NotFound
from supervision.plans.deadlines import ground_of
from supervision.plans.models import PlanVersion
from supervision.plans.options import named_scope
from supervision.plans.queries import PublishedPlan, get_published_plan
from supervision.web import database
from supervision.web.access import public
from supervision.web.listing import Column, read_query


@blueprint.get("")
@public
def index() -> str:
    """List the published plans."""
    filters = plan_filters()
    query = read_query(filters)
    listing = PublicListing(
        query,
        queries.list_plans(database.session(), query),
        [
            Column("title", lazy_gettext("Plan"), True),
            Column("lead", lazy_gettext("Lead department")),
            Column("starts_on", lazy_gettext("Period"), True),
            Column("planned", lazy_gettext("Planned"), numeric=True),
            Column("drawn", lazy_gettext("Drawn"), numeric=True),
            Column("visited", lazy_gettext("Visited"), numeric=True),
            Column("published", lazy_gettext("Published"), numeric=True),
        ],
        filters,
        lazy_gettext("Title or number"),
        dataset="plans",
    )
    return render_template("portal/plans.html", listing=listing)


@blueprint.get("/<number>")
@public
def show(number: str) -> str:
    """Show one plan; ``?version=`` shows an older version of it."""
    session = database.session()
    found = get_published_plan(session, number)
    version = _version(found)
    return render_template(
        "portal/plan.html",
        plan=queries.counted_plans(session, [version])[0],
        current=version is found.current,
        versions=[
            (one.version_no, one.published_at, one.change_reason, one.version_no == version.version_no)
            for one in found.versions
        ],
        description=version.description,
        late_ground=ground_of(session, version) if version.published_late else None,
        late_due=version.publication_due_on,
        late_note=version.late_note,
        items=[
            (row.item.code, row.item.name_zh, row.item.name_en, row.item.department, row.item.legal_basis)
            for row in version.items
        ],
        scope=named_scope(session, version.scope_of),
        confidential=version.scope_of.confidential,
        stratification=version.stratification,
        team_mode=version.team_mode,
        publish_list_before=version.publish_list_before,
        beacon=find_rule(session, version.beacon_rule),
        draws=queries.list_draws_of_plan(session, number),
    )


def _version(found: PublishedPlan) -> PlanVersion:
    asked = request.args.get("version", "")
    if not asked:
        return found.current
    for version in found.versions:
        if str(version.version_no) == asked:
            return version
    raise NotFound


@blueprint.get("/<number>.json")
@public
def document(number: str) -> Response:
    """Hand out the published document, byte for byte: its SHA-256 is the digest every draw commits to."""
    version = _version(get_published_plan(database.session(), number))
    return Response(version.published_json or "{}", mimetype="application/json")
