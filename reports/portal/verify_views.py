"""How everybody checks a draw: in the browser, or with the program; in plain words, with the bundle."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from reports.portal import queries
from reports.portal.blueprint import verify as blueprint
from reports.portal.masking import public_name
from reports.portal.packed_files import contents_key, hand_out
from reports.portal.verify_file import saved_page
from reports.portal.verify_kit import kit_zip, program_zip
from supervision.draws.bundles import bundle_zip, public_bundle
from supervision.draws.queries import PublicDraw, get_public_draw
from supervision.draws.queries.names import reason_names, stratum_names
from supervision.errors import NotFound
from supervision.listing import ListQuery
from supervision.web import database
from supervision.web.access import public
from supervision.web.languages import language, name_of

REASON_LISTS = ("exclusion_reasons", "strike_grounds")
MOST_NAMES = 2000


@blueprint.get("")
@public
def index() -> str | BaseResponse:
    """Check any bundle here; a number typed into the box leads to that draw."""
    number = request.args.get("number", "").replace("\x00", "").strip()[:40]
    if number and queries.find_draw(database.session(), number):
        return redirect(url_for("public_verify.show", number=number))
    opened = queries.list_draws(database.session(), ListQuery(filters={"state": "opened"}))
    return render_template(
        "portal/verify.html", draw=None, beacon=False, asked=number, opened=opened.items[:5], **_browser_values(None)
    )


@blueprint.get("/<number>")
@public
def show(number: str) -> str:
    """Check one draw here, or learn how to, with its bundle when it is open."""
    draw, row = get_public_draw(database.session(), number), queries.find_draw(database.session(), number)
    beacon = row is not None and bool(row.beacon_rule)
    return render_template("portal/verify.html", draw=draw, beacon=beacon, asked="", opened=[], **_browser_values(draw))


@blueprint.get("/rehearsal")
@public
def rehearsal() -> str:
    """Practise a whole ceremony on invented enterprises; the page asks nothing of this server."""
    return render_template("portal/rehearsal.html", language=language())


@blueprint.get("/sampling.zip")
@public
def program() -> Response:
    """Hand out the folder ``sampling`` as it runs here: all that is needed to check a draw is in it."""
    return hand_out("sampling.zip", program_zip, name="sampling.zip", kind="application/zip")


@blueprint.get("/verify.html")
@public
def save() -> Response:
    """Hand out the page that checks any bundle, as one file that needs no network."""
    values = _browser_values(None)
    return hand_out(
        contents_key("page", values),
        lambda: saved_page({"draw": None, **values}).encode(),
        name="verify.html",
        kind="text/html",
    )


@blueprint.get("/<number>/verify.html")
@public
def save_draw(number: str) -> Response:
    """Hand out the page with the bundle of an opened draw in it, as one file that needs no network."""
    bundle, draw = _opened_bundle(number), get_public_draw(database.session(), number)
    values = _browser_values(draw)
    facts = [values, draw.number, draw.commitment_digest, draw.bundle_shown]
    return hand_out(
        contents_key("page of draw", facts, bundle),
        lambda: saved_page({"draw": draw, **values}, bundle=bundle_zip(bundle, number=number)).encode(),
        name=f"verify-{number}.html",
        kind="text/html",
    )


@blueprint.get("/<number>/kit.zip")
@public
def kit(number: str) -> Response:
    """Hand out program, bundle and instructions of an opened draw for a machine with nothing but Python."""
    bundle, draw = _opened_bundle(number), get_public_draw(database.session(), number)
    return hand_out(
        contents_key("kit", [number, draw.hash_name], bundle),
        lambda: kit_zip(bundle, number=number, hash_name=draw.hash_name),
        name=f"verify-{number}.zip",
        kind="application/zip",
    )


def _opened_bundle(number: str) -> dict[str, bytes]:
    """Return the public files of a draw; one that is not opened is not found."""
    row = queries.find_draw(database.session(), number)
    if row is None:
        raise NotFound
    return public_bundle(database.session(), row)


def _browser_values(draw: PublicDraw | None) -> dict[str, object]:
    """Return what the part of the page that works in the browser needs to know."""
    reasons = {code: name_of(row) for code, row in reason_names(database.session(), *REASON_LISTS).items()}
    units = draw.units[:MOST_NAMES] if draw and draw.list_shown else ()
    return {
        "language": language(),
        "reasons": dict(sorted(reasons.items())) | {"scope": _("Outside the scope of the plan")},
        "strata": _stratum_words(draw),
        "names": [(unit.unit_id, public_name(unit.name)) for unit in units],
    }


def _stratum_words(draw: PublicDraw | None) -> dict[str, str]:
    """Return what the codes of the public strata mean; those of a confidential draw are nobody's business."""
    row = queries.find_draw(database.session(), draw.number) if draw and not draw.confidential else None
    if draw is None or row is None:
        return {}
    names = stratum_names(database.session(), row)
    return {one.stratum: name_of(names[one.stratum]) if one.stratum in names else _("All") for one in draw.strata}
