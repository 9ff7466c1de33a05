"""What the public follows of a draw under way: the check code on a phone in the hall, and the sheet for the board."""

from collections.abc import Mapping
from typing import Any  # departments and witnesses have only their names in common

from flask import Response, render_template, request
from flask_babel import gettext as _

from reports.documents.certificate_words import words
from reports.portal import queries
from reports.portal.blueprint import draws as blueprint
from supervision.draws.beacon_pages import beacon_values
from supervision.draws.pages import check_code
from supervision.draws.queries import PublicDraw, get_public_draw, standing_of
from supervision.draws.queries.witnesses import party_name
from supervision.draws.rules import OVERSIGHT, SYSTEM, DrawState, code_groups
from supervision.draws.wall_pages import public_address
from supervision.errors import NotFound
from supervision.web import database
from supervision.web.access import public
from supervision.web.languages import language, name_of
from supervision.web.qr import qr_image

UNDER_WAY = frozenset({DrawState.FROZEN, DrawState.COMMITTED})


def party_names(facts: PublicDraw) -> dict[str, Any]:
    """Return departments and witnesses of a draw by their codes; both have names in two languages."""
    return {one.code: one for one in facts.departments} | {one.by: party_name(one) for one in facts.witnesses}


def shown_party(by: str, names: Mapping[str, Any]) -> str:
    """Return what the public reads of a party."""
    if by == SYSTEM:
        return str(_("The platform itself"))
    if by == OVERSIGHT:
        return str(_("Enforcement oversight"))
    return name_of(names[by]) if by in names else by


def beacon_of(number: str) -> dict[str, object] | None:
    """Return what everybody may know of a draw's public value; None in the reveal form."""
    session = database.session()
    row = queries.find_draw(session, number)
    return beacon_values(session, row, standing_of(session, row)) if row else None


def ceremony_values(facts: PublicDraw) -> dict[str, object]:
    """Return what the page of a draw and its moving part both show."""
    names, beacon = party_names(facts), beacon_of(facts.number)
    return {
        "draw": facts,
        "beacon": beacon,
        "parties": names,
        "under_way": facts.state in UNDER_WAY,
        "check": check_code(facts.commitment_digest or facts.frozen_digest),
        "party_rows": [(shown_party(one.by, names), one) for one in facts.parties],
        "mark": progress_mark(facts, beacon),
    }


def progress_mark(facts: PublicDraw, beacon: Mapping[str, object] | None) -> str:
    """Name how far a draw is, in counts alone: a phone that has this mark need not be told again."""
    due = "-due" if beacon and beacon.get("waits") else ""
    sealed = sum(one.digest is not None for one in facts.parties)
    revealed = sum(one.revealed_at is not None for one in facts.parties)
    return f"{facts.state.value}-{sealed}-{revealed}-{len(facts.parties)}{due}"


@blueprint.get("/<number>/now")
@public
def now(number: str) -> Response:
    """Return the moving part of a draw's page; nothing (204) while it stands, a new page once the draw has moved on."""
    facts = get_public_draw(database.session(), number)
    values, seen = ceremony_values(facts), request.args.get("seen", "")
    if seen == values["mark"]:
        response = Response(status=204)
        response.headers["Cache-Control"] = "no-store"
        return response
    response = Response(render_template("portal/draw_now.html", **values))
    if seen.partition("-")[0] != facts.state.value:
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.get("/<number>/sheet")
@public
def sheet(number: str) -> str:
    """Show the commitment sheet: for the notice board, and for witnesses to sign and keep."""
    facts = get_public_draw(database.session(), number)
    if facts.commitment_digest is None:
        raise NotFound
    address = public_address(number)
    return render_template(
        "portal/sheet.html",
        file_names=words(language()).file_names,
        **ceremony_values(facts),
        address=address,
        code=qr_image(address, _("QR code of this draw's public page")),
        code_groups=code_groups,
    )
