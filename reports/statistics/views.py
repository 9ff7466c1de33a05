"""Figures for signed-in people: plans, results and the publication clock, as charts with their tables."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from reports.statistics import queries
from reports.statistics.ordered import OrderedCount, count_ordered, total
from supervision import clock
from supervision.departments.queries import list_departments
from supervision.neighbors.figures import loans_of_year
from supervision.permissions import Permission
from supervision.plans.queries import Progress, list_years, progress
from supervision.web import database, exports
from supervision.web.access import actor, requires
from supervision.web.languages import name_of
from supervision.web.listing import Filter, read_query

blueprint = Blueprint("figures", __name__, url_prefix="/figures")
Chart = dict[str, object]


def _asked() -> tuple[list[Filter], int, str]:
    this_year = clock.today().year
    years = sorted({this_year, *list_years(database.session())}, reverse=True)
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    filters = [
        Filter("year", lazy_gettext("Year"), [(str(year), str(year)) for year in years]),
        Filter("department", lazy_gettext("Department"), departments),
    ]
    asked = read_query(filters).filters
    filters[0].value = asked.get("year", str(this_year))
    return filters, int(filters[0].value), asked.get("department", "")


def _rows(year: int, department: str) -> list[Progress]:
    found = progress(database.session(), actor(), year=year)
    return [row for row in found if department in ("", row.department.code)]


@blueprint.get("/")
@requires(Permission.STATISTICS_VIEW)
def index() -> str:
    """Show how far plans are, what was found, and whether publication keeps its deadline."""
    filters, year, department = _asked()
    session, rows = database.session(), _rows(year, department)
    results = queries.count_results(session, year=year, department=department)
    totals = queries.total_by_department(rows)
    return render_template(
        "figures/index.html",
        filters=filters,
        year=year,
        rows=rows,
        published=sum(one.published for one in totals),
        waiting=sum(one.visited - one.published for one in totals),
        overdue=queries.count_overdue(session, rows),
        not_carried_out=queries.count_not_carried_out(session, rows),
        totals=totals,
        results=results,
        loans=[one for one in loans_of_year(session, actor(), year) if department in ("", one.department.code)],
        found=sum(one.count for one in results),
        by_department=_by_department(totals),
        by_result=_by_result(results),
        export_arguments={"year": year, "department": department or None},
    )


def _by_department(totals: Sequence[queries.DepartmentTotal]) -> Chart:
    series = (
        (_("Planned"), [one.planned for one in totals]),
        (_("Drawn"), [one.drawn for one in totals]),
        (_("Visited"), [one.visited for one in totals]),
        (_("Published"), [one.published for one in totals]),
    )
    return {
        "xAxis": {"type": "category", "data": [name_of(one.department) for one in totals]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "name": name, "data": data} for name, data in series],
    }


def _by_result(results: Sequence[queries.ResultCount]) -> Chart:
    shown = [one for one in results if one.count][::-1]
    return {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [name_of(one.result) for one in shown]},
        "series": [{"type": "bar", "data": [one.count for one in shown]}],
    }


@blueprint.get("/export/<any(csv, xlsx):format>")
@requires(Permission.STATISTICS_VIEW)
def export(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the table of plans and departments."""
    _filters, year, department = _asked()
    header = (
        _("Plan number"),
        _("Plan"),
        _("Department"),
        _("Planned"),
        _("Drawn"),
        _("Visited"),
        _("Published"),
    )
    return exports.download(format, _("Figures %(year)s", year=year), header, _cells(_rows(year, department)))


def _cells(rows: Sequence[Progress]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.plan.number,
            row.version.title,
            name_of(row.department),
            row.planned,
            row.drawn,
            row.visited,
            row.published,
        )


@blueprint.get("/ordered")
@requires(Permission.STATISTICS_VIEW)
def ordered() -> str:
    """Show what was ordered without a draw, and what came of it."""
    filters, year, department = _asked()
    rows = count_ordered(database.session(), actor(), year=year, department=department)
    return render_template(
        "figures/ordered.html",
        filters=filters,
        year=year,
        rows=rows,
        total=total(rows),
        columns=_ordered_columns(),
        export_arguments={"year": year, "department": department or None},
    )


@blueprint.get("/ordered/export/<any(csv, xlsx):format>")
@requires(Permission.STATISTICS_VIEW)
def export_ordered(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the table of ordered inspections."""
    _filters, year, department = _asked()
    header = (_("Quarter"), _("Department"), _("Kind of inspection"), _("Ground"), *dict(_ordered_columns()).values())
    rows = count_ordered(database.session(), actor(), year=year, department=department)
    return exports.download(format, _("Ordered inspections %(year)s", year=year), header, _ordered_cells(rows))


def _ordered_columns() -> list[tuple[str, str]]:
    return [
        ("ordered", _("Ordered")),
        ("urgent", _("Urgent")),
        ("in_time", _("In writing in time")),
        ("visited", _("Visited")),
        ("published", _("Published")),
        ("problem", _("Problem found")),
        ("refused", _("Refused")),
        ("cancelled", _("Cancelled")),
    ]


def _ordered_cells(rows: Sequence[OrderedCount]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        counts = (row.counts[name] for name, _label in _ordered_columns())
        yield (str(row.quarter), name_of(row.department), _(row.kind.label), name_of(row.ground), *counts)
