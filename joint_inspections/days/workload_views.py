"""The workload of a department's inspectors: a page and a file."""

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.days.calendar_views import bodies_of, chosen_department
from joint_inspections.days.rules import month_after
from joint_inspections.days.shown import chosen_day
from joint_inspections.days.workload import Workload, load_workload
from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.departments.models import Department
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS

blueprint = Blueprint("workload", __name__, url_prefix="/days/workload")
MONTHS_IN_QUARTER = 3
LONGEST_DAYS = 400


@blueprint.get("/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """Show what each inspector carried, how evenly, and what the draws let expect."""
    bodies = bodies_of()
    body = chosen_department(bodies)
    first, last = _period()
    return render_template(
        "days/workload.html",
        body=body,
        bodies=bodies,
        first=first,
        last=last,
        found=_load(body, first, last),
        formats=EXPORT_FORMATS,
    )


@blueprint.get("/export")
@requires(Permission.PLAN_VIEW)
def export() -> BaseResponse:
    """Download the table."""
    body = chosen_department(bodies_of())
    first, last = _period()
    kind = request.args.get("format", "csv")
    header = [
        _("Inspector"), _("Certificate number"), _("Visits"), _("As leader"), _("Items"), _("Days"), _("Way, km"),
        _("Lent by"),
    ]  # fmt: skip
    return hand_out(
        kind if kind in EXPORT_FORMATS else "csv",
        _("workload") + f"-{body.code}-{first.isoformat()}-{last.isoformat()}",
        header,
        _rows(_load(body, first, last)),
        what=DisclosedList.INSPECTORS,
        subject=body.code,
    )


def _load(body: Department, first: date, last: date) -> Workload:
    return load_workload(database.session(), actor(), body, first=first, last=last)


def _rows(found: Workload) -> Iterator[list[object]]:
    for one in (*found.rows, *found.lent):
        area = one.inspector.lent_from
        yield [
            one.inspector.name, one.inspector.certificate_number, one.visits, one.led, one.items, one.days,
            round(one.km, 1), name_of(area) if area else "",
        ]  # fmt: skip


def _period() -> tuple[date, date]:
    """Return the days asked for; this quarter unless told otherwise, at most a year and a bit."""
    today = clock.today()
    quarter = month_after(today.replace(day=1), -((today.month - 1) % MONTHS_IN_QUARTER))
    first, last = chosen_day("first", default=quarter), chosen_day("last", default=today)
    return (quarter, today) if last < first or (last - first).days > LONGEST_DAYS else (first, last)
