"""Draws: list, one draw by its state, and the bundle once it is opened."""

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from joint_inspections.visits.endings import REASONS as ENDINGS
from joint_inspections.visits.endings import list_endings
from reports.portal import queries
from reports.portal.blueprint import draws as blueprint
from reports.portal.ceremony_views import ceremony_values
from reports.portal.filters import draw_filters
from reports.portal.listing import PublicListing
from reports.portal.masking import public_name
from supervision.draws.bundles import bundle_zip, public_bundle
from supervision.draws.models import Draw
from supervision.draws.queries import PublicDraw, get_public_draw
from supervision.draws.queries.names import reason_names, stratum_names
from supervision.draws.rules import ENDED, SHOWN, SYSTEM
from supervision.errors import NotFound
from supervision.labels import N_
from supervision.neighbors.figures import lent_lines
from supervision.web import database
from supervision.web.access import public
from supervision.web.languages import name_of
from supervision.web.listing import Column, read_query

REASON_LISTS = ("void_reasons", "abandon_reasons", "exclusion_reasons")


@blueprint.get("")
@public
def index() -> str:
    """List all draws, void and abandoned ones too."""
    filters = draw_filters()
    query = read_query(filters)
    listing = PublicListing(
        query,
        queries.list_draws(database.session(), query),
        [
            Column("number", lazy_gettext("Draw"), True),
            Column("task", lazy_gettext("Task")),
            Column("lead", lazy_gettext("Lead department")),
            Column("pool", lazy_gettext("In the pool"), True, True),
            Column("selected", lazy_gettext("To be drawn"), numeric=True),
            Column("frozen", lazy_gettext("Pool frozen"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Draw number or task"),
        dataset="draws",
    )
    return render_template("portal/draws.html", listing=listing)


@blueprint.get("/<number>")
@public
def show(number: str) -> str:
    """Show what everybody may know of one draw in its present state."""
    session = database.session()
    facts, row = get_public_draw(session, number), queries.find_draw(session, number)
    reasons = reason_names(session, *REASON_LISTS)
    return render_template(
        "portal/draw.html",
        steps=draw_steps(facts),
        overdue=queries.is_overdue(session, number),
        strata=_strata(facts, row),
        excluded=[
            (name_of(reasons[code]) if code in reasons else _scope_word(code), count)
            for code, count in sorted(facts.excluded_counts.items())
        ],
        end_reason=reasons.get(facts.end_reason),
        not_carried_out=_not_carried_out(facts),
        system=SYSTEM,
        lent=lent_lines(session, row) if row else None,
        public_name=public_name,
        **ceremony_values(facts),
    )


def _not_carried_out(facts: PublicDraw) -> dict[str, str]:
    """Say of an opened draw which of those drawn were not inspected, by their code, and why (R-1.44)."""
    if facts.state not in SHOWN:
        return {}
    reasons, found = reason_names(database.session(), ENDINGS), list_endings(database.session(), facts.number)
    return {unit: name_of(reasons[code]) if code in reasons else code for unit, code in found.items()}


def _scope_word(code: str) -> str:
    return _("Outside the scope of the plan") if code == "scope" else code


def _strata(facts: PublicDraw, row: Draw | None) -> list[tuple[object, int, int]]:
    """Name the public strata; those of a confidential draw are nobody's business (draw protocol, section 1)."""
    if facts.confidential or row is None:
        return []
    names = stratum_names(database.session(), row)
    return [
        (name_of(names[one.stratum]) if one.stratum in names else _("All"), one.size, one.selected)
        for one in facts.strata
    ]


STEPS = (
    (N_("Freezing the pool"), "frozen_at"),
    (N_("Commitment"), "committed_at"),
    (N_("Draw"), "drawn_at"),
    (N_("Opening"), "opened_at"),
)


def draw_steps(facts: PublicDraw) -> list[dict[str, object]]:
    """Return the steps of a draw with the moment of each; one that has ended shows its end instead of what is left."""
    steps: list[dict[str, object]] = []
    for label, column in STEPS:
        moment = getattr(facts, column)
        waiting = moment is None and all(step["state"] == "done" for step in steps)
        steps.append({"label": label, "state": "done" if moment else "current" if waiting else "todo", "at": moment})
    if facts.state not in ENDED:
        return steps
    reached = [step for step in steps if step["state"] == "done"]
    return [*reached, {"label": facts.state.label, "state": "done", "at": facts.ended_at}]


@blueprint.get("/<number>/bundle.zip")
@public
def bundle(number: str) -> Response:
    """Hand out the public bundle of an opened draw."""
    session = database.session()
    row = queries.find_draw(session, number)
    if row is None:
        raise NotFound
    data = bundle_zip(public_bundle(session, row), number=row.number)
    response = Response(data, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.number}.zip"'
    return response
