"""Closed visits and their packages: the list, one visit's packages, making and taking them."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.archive import queries
from joint_inspections.archive.handing_out import hand_out_package
from joint_inspections.archive.making import ask_for_package, district_names, is_small
from joint_inspections.archive.rules import PackageKind, PackageState
from joint_inspections.archive.services import make_package
from supervision.errors import NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("archive", __name__, url_prefix="/archive")


@blueprint.get("/")
@requires(Permission.ARCHIVE_VIEW)
def index() -> str:
    """List the closed visits whose packages the viewer may take."""
    filters = [Filter("package", lazy_gettext("Package"), [("no", _("Not made yet")), ("yes", _("Made"))])]
    query = read_query(filters)
    page = queries.list_closed(database.session(), actor(), query)
    listing = Listing(
        query,
        page,
        [
            Column("number", lazy_gettext("Visit number"), True),
            Column("entity", lazy_gettext("Entity"), True),
            Column("visited", lazy_gettext("Visited on"), True),
            Column("package", lazy_gettext("Package")),
            Column("keep", lazy_gettext("Keep until")),
        ],
        filters,
        lazy_gettext("Name, credit code or number of the visit"),
    )
    shown = queries.show(database.session(), page.items)
    return render_template("archive/index.html", listing=listing, shown=shown, PackageState=PackageState)


@blueprint.get("/<int:visit_id>")
@requires(Permission.ARCHIVE_VIEW)
def show(visit_id: int) -> str:
    """Show the packages of one closed visit, and what the newest one lacks."""
    session = database.session()
    visit = queries.get_closed_visit(session, actor(), visit_id)
    (shown,) = queries.show(session, [visit])
    return render_template(
        "archive/show.html",
        visit=visit,
        shown=shown,
        packages=queries.list_packages(session, visit),
        small=is_small(session, visit),
        closed=queries.is_closed(session, visit),
        kinds=list(PackageKind),
        PackageState=PackageState,
        may_see_visit=actor().may(Permission.PLAN_VIEW) or actor().may(Permission.VISIT_INSPECT),
    )


def _kind() -> PackageKind:
    wanted = request.form.get("kind", "")
    found: Iterator[PackageKind] = (one for one in PackageKind if one.value == wanted)
    kind = next(found, None)
    if kind is None:
        raise NotFound
    return kind


@blueprint.post("/<int:visit_id>/packages")
@requires(Permission.ARCHIVE_VIEW)
def make(visit_id: int) -> BaseResponse:
    """Make a package now, or let the worker make it where there is much to pack."""
    session, kind = database.session(), _kind()
    visit = queries.get_closed_visit(session, actor(), visit_id, hold=True)
    if not is_small(session, visit):
        job = ask_for_package(session, visit, kind, actor=actor())
        database.commit()
        return redirect(url_for("jobs.show", job_id=job.id))
    district = district_names(current_app)
    package = make_package(session, visit, kind, district=district, actor=actor())
    database.commit()
    flash(_("Package, version %(no)s: complete as of now.", no=package.version_no), "success")
    return redirect(url_for("archive.show", visit_id=visit_id))


@blueprint.get("/<int:visit_id>/packages/<int:package_id>.zip")
@requires(Permission.ARCHIVE_VIEW)
def download(visit_id: int, package_id: int) -> Response:
    """Hand out a package; who took it is noted first, and stands in the copy."""
    session = database.session()
    visit = queries.get_closed_visit(session, actor(), visit_id)
    return hand_out_package(visit, queries.get_package(session, visit, package_id))
