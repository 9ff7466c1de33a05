"""Handing in the public value of a draw, by participants and by anybody; a new draw after an abandoned one."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Form

from supervision.beacons import fetching, sources
from supervision.draws import beacon_pages, pages, queries, services
from supervision.draws.beacon_forms import GAME, EvidenceForm, RedrawForm, results_form
from supervision.draws.bundles import read_files
from supervision.draws.fetched_values import may_fetch
from supervision.draws.models import Draw
from supervision.draws.queries import Standing
from supervision.draws.redraw_pages import may_propose_redraw, redraw_values
from supervision.draws.rules import DrawState, EntryWay
from supervision.draws.services.beacons import EVIDENCE_FILE
from supervision.draws.tries import address_key, refuse_often
from supervision.draws.views import back_to, drawn, load, operator, settle
from supervision.errors import DomainError, Forbidden, Invalid, NotFound, WrongState
from supervision.permissions import PUBLIC, Permission, system_actor
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.exports import disposition
from supervision.web.forms import show_refusal, text

blueprint = Blueprint("draw_beacons", __name__)
Page = str | BaseResponse


def waiting(draw: Draw) -> Standing:
    """Return where the value of a draw stands, or refuse draws that have none to wait for."""
    found = queries.standing_of(database.session(), draw)
    if found is None:
        raise NotFound
    return found


@blueprint.route("/draws/<int:draw_id>/beacon", methods=["GET", "POST"])
@requires(Permission.DRAW_CONTRIBUTE)
def enter(draw_id: int) -> Page:
    """Hand in the public value: paste what is signed, or type what was announced."""
    draw = load(draw_id)
    standing = waiting(draw)
    if draw.state is not DrawState.COMMITTED or standing.value is not None:
        return back_to(draw)
    form = form_of(standing)
    if form.validate_on_submit():  # type: ignore[attr-defined]  # a form of ours, made or not
        try:
            settled = handed_in(draw, standing, form)
        except DomainError as error:
            show_beside(form, error)
        else:
            return followed(draw, settled=settled)
    values = beacon_pages.entering_values(draw, standing, actor(), may_fetch=may_fetch())
    return render_template("draws/beacon_enter.html", form=form, **values)


def form_of(standing: Standing) -> Form:
    """Return the form that the current round asks for."""
    if standing.proves_itself:
        return EvidenceForm()
    return results_form([(game.code, beacon_pages.game_name(game)) for game in standing.current.rule.games])()


def handed_in(draw: Draw, standing: Standing, form: Form) -> bool:
    """Take in what was pasted or typed; say whether the value is settled now."""
    session = database.session()
    if standing.proves_itself:
        raw = text(form["evidence"])
        return bool(services.hand_in(session, draw, raw=raw, way=EntryWay.PASTED, actor=actor()))
    typed = {game.code: text(form[GAME + game.code]) for game in standing.current.rule.games}
    return services.type_in(session, draw, results=typed, actor=actor()) is not None


def show_beside(form: Form, error: DomainError) -> None:
    """Put a refusal beside the field it speaks of; one that is about the person or the state is a page of its own."""
    if isinstance(error, Forbidden | NotFound | WrongState):
        raise error
    name = str(getattr(error, "field", ""))
    if isinstance(error, Invalid) and GAME + name in form:
        error.field = GAME + name
    show_refusal(form, error)


def followed(draw: Draw, *, settled: bool) -> BaseResponse:
    """Keep what was handed in first: whatever becomes of the draw, it can be retried with it."""
    database.commit()
    if settled:
        return drawn(draw)
    flash(_("Noted. Somebody of another body now reads the announcement and types it too."), "success")
    return back_to(draw)


@blueprint.post("/draws/<int:draw_id>/beacon/fetch")
@requires(Permission.DRAW_CONTRIBUTE)
def fetch(draw_id: int) -> BaseResponse:
    """Fetch the round from the host that the rule names. No transaction is open while the source is asked."""
    draw = load(draw_id)
    standing = waiting(draw)
    if not may_fetch() or not standing.proves_itself:
        raise NotFound
    if draw.state is not DrawState.COMMITTED or not standing.is_due:
        raise WrongState("beacon-not-now", "This draw does not wait for a public value.")
    address = sources.address(standing.current)
    database.end_transaction()
    raw = fetching.fetch(address)
    draw = load(draw_id)
    services.hand_in(database.session(), draw, raw=raw, way=EntryWay.FETCHED, actor=actor())
    return followed(draw, settled=True)


@blueprint.route("/public/draws/<number>/value", methods=["GET", "POST"])
@public
def hand_in(number: str) -> Page:
    """Let anybody hand in a signed value: it proves itself, so nobody inside can keep it back.

    It is checked before anything may be written: who brings what does not hold never holds up who writes.
    """
    database.read_only()
    settle()
    draw = queries.get_draw_by_number(database.session(), number)
    standing, form = waiting(draw), EvidenceForm()
    if is_open(draw, standing) and form.validate_on_submit():
        try:
            sources.verify(standing.current, text(form.evidence))
            with database.written_now() as own:
                kept = queries.get_draw_by_number(own, number)
                services.hand_in(own, kept, raw=text(form.evidence), way=beacon_pages.way_of(PUBLIC), actor=PUBLIC)
        except DomainError as error:
            refuse_often(address_key("value"))
            show_refusal(form, error)
            draw = queries.get_draw_by_number(database.session(), number)
            standing = waiting(draw)
        else:
            return accepted(number)
    beacon = beacon_pages.beacon_values(database.session(), draw, standing)
    return render_template(
        "draws/beacon_public.html", draw=draw, beacon=beacon, form=form, open_now=is_open(draw, standing)
    )


def is_open(draw: Draw, standing: Standing) -> bool:
    """Say whether anybody may hand in a value of this draw now."""
    return draw.state is DrawState.COMMITTED and standing.is_due and standing.proves_itself


def accepted(number: str) -> BaseResponse:
    """Draw in the platform's own name with the value that is kept: nothing is left to wait for.

    Whoever brought a good value is thanked whatever becomes of the draw: it is kept, and participants draw with it.
    """
    target = url_for("draw_beacons.hand_in", number=number)
    try:
        with database.written_now() as own:
            draw = queries.get_draw_by_number(own, number)
            services.carry_out(own, draw, actor=system_actor(), operator=operator())
    except Exception:  # whatever it is, it may not look like a refusal of the value
        database.end_transaction()
        current_app.logger.exception("a draw failed after its public value was kept")
        flash(
            _("Thank you. The signature holds and the value is kept. The participants carry out the draw."), "success"
        )
        return redirect(target)
    flash(_("Thank you. The signature holds; the value is part of the draw now."), "success")
    return redirect(target)


@blueprint.get("/public/draws/<number>/value.json")
@public
def evidence(number: str) -> Response:
    """Give what the source published, byte for byte, or what two people typed."""
    draw = queries.get_draw_by_number(database.session(), number)
    found = read_files(database.session(), draw, [EVIDENCE_FILE])
    if not found:
        raise NotFound
    response = Response(found[EVIDENCE_FILE], mimetype="application/json")
    response.headers["Content-Disposition"] = disposition(f"draw-{draw.number}-{EVIDENCE_FILE}")
    return response


@blueprint.route("/draws/<int:draw_id>/redraw", methods=["GET", "POST"])
@requires(Permission.DRAW_VOID)
def redraw(draw_id: int) -> Page:
    """Propose to draw the task of an abandoned draw anew."""
    draw, form = load(draw_id), RedrawForm()
    if not services.may_end(draw, actor()) or not may_propose_redraw(database.session(), draw):
        return back_to(draw)
    if form.validate_on_submit():
        services.propose_redraw(database.session(), draw, note=text(form.note), actor=actor())
        database.commit()
        flash(_("Proposed. Somebody of another body must agree before the task is drawn anew."), "success")
        return back_to(draw)
    values = redraw_values(database.session(), draw)
    return render_template("draws/redraw.html", form=form, draw=draw, redraw=values, check=pages.check_code)
