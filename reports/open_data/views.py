"""Open data: the notes on each data set, and the files."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, render_template, request
from flask_babel import gettext

from reports.fairness.filters import year_filters
from reports.open_data import fairness_list, item_lists
from reports.open_data.datasets import DATASETS
from reports.open_data.files import LICENSE, json_lines, notes, table
from reports.portal.blueprint import data as blueprint
from reports.portal.filters import draw_filters, plan_filters, result_filters
from supervision import clock
from supervision.errors import NotFound
from supervision.web import database, exports
from supervision.web.access import public
from supervision.web.listing import Filter, read_query

FILTERS: dict[str, Callable[[], list[Filter]]] = {
    "plans": plan_filters,
    "draws": draw_filters,
    "results": result_filters,
    "result_items": result_filters,
    "fairness": lambda: year_filters(database.session()),
}
EVERYTHING = {**DATASETS, **item_lists.ITEM_DATASETS, **fairness_list.FAIRNESS_DATASETS}


def _changes() -> dict[str, datetime | None]:
    session = database.session()
    return {**item_lists.changes(session), **fairness_list.changes(session)}


@blueprint.get("")
@public
def index() -> str:
    """Explain the data sets: fields, limits, last update, licence."""
    return render_template(
        "portal/data.html",
        datasets=list(EVERYTHING.values()),
        changed=_changes(),
        license=LICENSE,
    )


@blueprint.get("/<dataset>.<any(csv, json):format>")
@public
def download(dataset: str, format: str) -> Response:  # noqa: A002 - the name in the address
    """Hand out a data set, filtered as its list is."""
    found = EVERYTHING.get(dataset)
    if found is None:
        raise NotFound
    session = database.session()
    rows = found.rows(session, read_query(FILTERS.get(dataset, list)()))
    if format == "csv":
        return exports.download("csv", found.key, found.names, table(found, rows))
    changed = _changes()[found.changed_with]
    about = notes(
        found,
        translate=gettext,
        changed_at=clock.local(changed).isoformat(timespec="seconds") if changed else None,
        made_at=clock.local(clock.now()).isoformat(timespec="seconds"),
    )
    response = exports.streamed(json_lines(found, rows, about=about), mimetype="application/json")
    if request.args.get("inline") is None:
        response.headers["Content-Disposition"] = exports.disposition(f"{found.key}.json")
    return response
