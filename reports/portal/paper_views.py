"""Papers about a draw for everybody: commitment sheet and certificate, and how their signature is checked."""

from pathlib import Path

from flask import Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from reports.papers import queries, services
from reports.papers.log_position import let_log_sign
from reports.papers.models import IssuedPaper
from reports.papers.office import office_of
from reports.papers.rules import PaperKind, kinds_of
from reports.papers.services import Office
from reports.papers.signing import load_key
from reports.papers.turns import turn
from reports.portal.blueprint import draws, verify
from supervision.draws.models import Draw
from supervision.draws.queries import get_draw_by_number
from supervision.draws.rules import code_groups
from supervision.permissions import Actor, system_actor
from supervision.web import database
from supervision.web.access import actor, public
from supervision.web.exports import disposition

KINDS = ", ".join(kind.value for kind in PaperKind)
FORMS = 'any("zh.pdf", "en.pdf", json):form'


def office() -> Office:
    """Return who issues papers in this installation."""
    return office_of(current_app._get_current_object())  # type: ignore[attr-defined]


@draws.get("/<number>/papers")
@public
def papers(number: str) -> str:
    """List the papers of a draw: which can be had now, which were issued, with their digests."""
    draw = get_draw_by_number(database.session(), number)
    issued = queries.list_papers(database.session(), draw)
    available = {*kinds_of(draw.state), *(paper.kind for paper in issued)}
    return render_template(
        "portal/papers.html",
        draw=draw,
        kinds=[(kind, kind in available) for kind in PaperKind],
        issued=issued,
        key=load_key(Path(current_app.instance_path)),
        signs=office().key is not None,
    )


@draws.get(f"/<number>/papers/<any({KINDS}):kind>.<{FORMS}>")
@public
def paper(number: str, kind: str, form: str) -> Response:
    """Hand out the paper that holds now; the first who asks has it issued."""
    return hand_out(current(number, PaperKind(kind)), form)


@draws.get(f"/<number>/papers/issued/<issue>.<{FORMS}>")
@public
def issued_paper(number: str, issue: str, form: str) -> Response:
    """Hand out one issue, byte for byte as it was issued."""
    session = database.session()
    return hand_out(queries.get_paper(session, get_draw_by_number(session, number), issue), form)


def current(number: str, kind: PaperKind) -> IssuedPaper:
    """Return the paper that holds now, issued if it is due: composed once, however many ask at the same moment.

    What it says follows from the draw alone, so it does not matter who asks; the log notes it either way.
    """
    at_work, session = office(), database.session()
    draw = get_draw_by_number(session, number)
    found = services.find_current(session, draw, kind, signing=at_work.key is not None)
    if found is not None:
        return found
    database.end_transaction()
    with turn(Path(current_app.instance_path), draw.id):
        draw = get_draw_by_number(session, number)
        found = services.find_current(session, draw, kind, signing=at_work.key is not None)
        return found or _issued(draw, kind, at_work)


def _issued(draw: Draw, kind: PaperKind, at_work: Office) -> IssuedPaper:
    """Issue a paper that is due; no transaction is open while it is drawn, signed and timestamped over the network."""
    session = database.session()
    let_log_sign(session)
    prepared = services.prepare(session, draw, kind, at_work)
    database.end_transaction()
    composed = services.compose(prepared, at_work)
    with database.written_now() as own:
        kept = services.keep(own, composed, actor=_issuer())
    return queries.get_paper(session, draw, kept.number)


def _issuer() -> Actor:
    viewer = actor()
    return viewer if viewer.user_id is not None else system_actor()


def hand_out(found: IssuedPaper, form: str) -> Response:
    """Return the JSON edition, or the PDF in a language."""
    if form == "json":
        return _download(found.content, "application/json", f"{found.number}.json")
    language = form.partition(".")[0]
    pdf = queries.get_file(database.session(), found, language).content
    return _download(pdf, "application/pdf", f"{found.number}-{language}.pdf")


def _download(data: bytes, mimetype: str, name: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = disposition(name)
    return response


@verify.get("/signature")
@public
def signature() -> str:
    """Tell how the signature of a paper is checked, with the fingerprint of the certificate."""
    key = load_key(Path(current_app.instance_path))
    signers = [one for one in queries.list_signers(database.session()) if key is None or one[0] != key.fingerprint]
    return render_template(
        "portal/signature.html", key=key, signs=office().key is not None, former=signers, groups=code_groups
    )


@verify.get("/signature/certificate.cer")
@public
def certificate() -> BaseResponse:
    """Hand out the certificate itself, to be compared or trusted; without a key the page says that there is none."""
    key = load_key(Path(current_app.instance_path))
    if key is None:
        return redirect(url_for("public_verify.signature"))
    return _download(key.der, "application/pkix-cert", "certificate.cer")
