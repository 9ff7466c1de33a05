"""Pages after a draw: strike an enterprise, replace an inspector, decide what another body proposes.

Each change is typed on one page and confirmed on the next, which says what it does and that it stays for ever.
"""

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from sampling.errors import SamplingError
from supervision.audit.disclosing import hand_out, note_view
from supervision.audit.events import DisclosedList
from supervision.draws import change_pages, queries, services
from supervision.draws.forms import RefusalForm, ReplaceForm, StrikeForm
from supervision.draws.hooks import MemberChange
from supervision.draws.models import Draw, DrawProposal
from supervision.draws.queries import Strikable
from supervision.draws.rules import ProposalKind
from supervision.draws.views import back_to, engine_refused, load
from supervision.errors import DomainError, NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import show_refusal, text

blueprint = Blueprint("draw_changes", __name__, url_prefix="/draws")
Page = str | BaseResponse
SHOWN_FIRST = ("GET", "HEAD")
REFUSALS = {
    ProposalKind.ABANDON: services.refuse_to_abandon,
    ProposalKind.STRIKE: services.refuse_strike,
    ProposalKind.REDRAW: services.refuse_redraw,
}
blueprint.register_error_handler(SamplingError, engine_refused)


def confirmed() -> bool:
    """Say whether this request comes from the page that asks once more."""
    return request.form.get("confirmed") == "yes"


def note_names(draw: Draw, count: int) -> None:
    """Note that the visitor is about to read names out of a draw; a form sent back was noted when it was opened."""
    if request.method in SHOWN_FIRST:
        note_view(DisclosedList.DRAWN, subject=draw.id, count=count)


def decided_draw(draw_id: int) -> Draw:
    """Return the draw for somebody who decides about its changes, or refuse."""
    draw = load(draw_id)
    if not services.decides(draw, actor()):
        raise NotFound
    return draw


@blueprint.get("/<int:draw_id>/replace")
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def replaceable(draw_id: int) -> str:
    """List the inspectors that this head may have replaced."""
    draw = decided_draw(draw_id)
    people = queries.list_replaceable(database.session(), actor(), draw)
    note_names(draw, len(people))
    return render_template("draws/replaceable.html", draw=draw, people=change_pages.people_of(draw, people))


@blueprint.route("/<int:draw_id>/replace/<int:inspector_id>", methods=["GET", "POST"])
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def replace(draw_id: int, inspector_id: int) -> Page:
    """Have an inspector replaced by the next in the random order."""
    session, draw, form = database.session(), decided_draw(draw_id), ReplaceForm()
    one = queries.get_replaceable(session, actor(), draw, inspector_id)
    change_pages.fill_replace_form(session, draw, form, one)
    note_names(draw, 1)
    if form.validate_on_submit():
        wanted = {"ground": text(form.ground), "team": text(form.team), "evidence": text(form.evidence)}
        try:
            teams = services.teams_to_change(session, one, **wanted, actor=actor())
            if confirmed():
                return replaced(draw, inspector_id, wanted)
            values = change_pages.replace_review(form, one, teams)
            return render_template("draws/confirm.html", draw=draw, form=form, **values)
        except DomainError as error:
            show_refusal(form, error)
    return render_template(
        "draws/replace.html", draw=draw, form=form, one=one, person=change_pages.people_of(draw, [one])[0]
    )


def replaced(draw: Draw, inspector_id: int, wanted: dict[str, str]) -> BaseResponse:
    """Do it, and say who comes instead."""
    found = services.replace_on_ground(database.session(), draw, inspector_id=inspector_id, **wanted, actor=actor())
    names = sorted({change.successor.inspector.name for change in found if change.successor})
    empty = sum(change.successor is None for change in found)
    database.commit()
    say_replaced(found, names, empty)
    return back_to(draw)


def say_replaced(found: list[MemberChange], names: list[str], empty: int) -> None:
    """Tell the head who follows, and how many places nobody can take."""
    if names:
        message = _(
            "%(out)s is replaced. By the random order %(names)s comes instead and is told.",
            out=found[0].out.inspector.name,
            names="、".join(names),
        )
        flash(message, "success")
    if empty:
        text_of = ngettext(
            "%(num)s place stays empty: nobody is left in the random order. Tell the lead of the task.",
            "%(num)s places stay empty: nobody is left in the random order. Tell the lead of the task.",
            empty,
        )
        flash(text_of, "warning")


@blueprint.get("/<int:draw_id>/strike")
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def strikable(draw_id: int) -> str:
    """List the drawn enterprises that can be struck now."""
    draw = decided_draw(draw_id)
    units = queries.list_strikable(database.session(), draw, viewer=actor())
    note_names(draw, len(units))
    return render_template("draws/strikable.html", draw=draw, units=change_pages.units_of(database.session(), units))


@blueprint.route("/<int:draw_id>/strike/<int:entity_id>", methods=["GET", "POST"])
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def strike(draw_id: int, entity_id: int) -> Page:
    """Strike a drawn enterprise, or propose it where another body must agree."""
    session, draw, form = database.session(), decided_draw(draw_id), StrikeForm()
    one = queries.get_strikable(session, draw, entity_id, viewer=actor())
    change_pages.fill_strike_form(session, form, one)
    note_names(draw, 1)
    if form.validate_on_submit():
        ground, evidence, day = text(form.ground), text(form.evidence), form.evidence_on.data
        try:
            services.check_strike(session, draw, one, ground=ground, evidence=evidence, evidence_on=day, actor=actor())
            if confirmed():
                return struck(draw, one, form)
            agreed = services.needs_agreement(session, draw, one, ground=ground, actor=actor())
            values = change_pages.strike_review(form, one, at_once=not agreed)
            return render_template("draws/confirm.html", draw=draw, form=form, **values)
        except DomainError as error:
            show_refusal(form, error)
    own = bool(one.ground) and services.recorded_by_body(session, draw, one.entity, actor())
    return render_template("draws/strike.html", draw=draw, form=form, one=one, own=own)


def struck(draw: Draw, one: Strikable, form: StrikeForm) -> BaseResponse:
    """Do what was confirmed: strike on another's word in the register, else put it to another body."""
    session, ground = database.session(), text(form.ground)
    wanted = {"entity_id": one.entity.id, "ground": ground, "evidence": text(form.evidence)}
    if not services.needs_agreement(session, draw, one, ground=ground, actor=actor()):
        change = services.strike_on_register(session, draw, **wanted, actor=actor())  # type: ignore[arg-type]  # mixed values
        followed = change.successor is not None
        database.commit()
        say_struck(followed=followed)
    else:
        services.propose_strike(
            session, draw, **wanted, evidence_on=form.evidence_on.data, actor=actor()  # type: ignore[arg-type]  # mixed values
        )  # fmt: skip
        database.commit()
        flash(_("Proposed. Somebody of another body looks at it and decides."), "success")
    return back_to(draw)


def say_struck(*, followed: bool) -> None:
    """Tell what follows the struck enterprise, never who: that stays sealed until its visit is disclosed."""
    if followed:
        flash(
            _("Struck. The next of its reserve list takes its place; who it is stays sealed until its visit."),
            "success",
        )
    else:
        flash(_("Struck. Its reserve list is used up, so nobody takes its place."), "warning")


@blueprint.get("/<int:draw_id>/class-changes.<any(csv,xlsx):kind>")
@requires(Permission.RISK_CLASS_VIEW)
def class_changes(draw_id: int, kind: str) -> Response:
    """Hand out which risk classes came too late to count in this draw."""
    draw = load(draw_id)
    header, rows = change_pages.class_rows(database.session(), draw)
    return hand_out(kind, f"{draw.number}-classes", header, rows, what=DisclosedList.CLASSES, subject=draw.id)


def load_proposal(draw_id: int, proposal_id: int) -> tuple[Draw, DrawProposal]:
    """Return a draw and a proposal about it, for somebody who has a say in it."""
    draw = load(draw_id)
    proposal = queries.get_proposal(database.session(), draw, proposal_id)
    ends = proposal.kind is not ProposalKind.STRIKE
    if not (services.may_end(draw, actor()) if ends else services.decides(draw, actor())):
        raise NotFound
    return draw, proposal


@blueprint.get("/<int:draw_id>/proposals/<int:proposal_id>")
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def proposal(draw_id: int, proposal_id: int) -> str:
    """Show a proposal to those who decide it."""
    draw, found = load_proposal(draw_id, proposal_id)
    note_names(draw, int(found.entity_id is not None))
    values = change_pages.proposal_values(database.session(), found, actor())
    return render_template("draws/proposal.html", draw=draw, form=RefusalForm(), **values)


@blueprint.post("/<int:draw_id>/proposals/<int:proposal_id>/agree")
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def agree(draw_id: int, proposal_id: int) -> BaseResponse:
    """Agree to a proposal of another body."""
    draw, found = load_proposal(draw_id, proposal_id)
    if found.kind is ProposalKind.ABANDON:
        services.agree_to_abandon(database.session(), draw, found, actor=actor())
        database.commit()
        flash(_("The draw is abandoned; what was drawn is public."), "success")
    elif found.kind is ProposalKind.REDRAW:
        services.agree_to_redraw(database.session(), draw, found, actor=actor())
        database.commit()
        flash(_("Agreed. The lead department now freezes the pool of the task anew."), "success")
    else:
        change = services.agree_to_strike(database.session(), draw, found, actor=actor())
        followed = change.successor is not None
        database.commit()
        say_struck(followed=followed)
    return back_to(draw)


@blueprint.post("/<int:draw_id>/proposals/<int:proposal_id>/refuse")
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def refuse(draw_id: int, proposal_id: int) -> Page:
    """Refuse a proposal, or take one's own back."""
    draw, found = load_proposal(draw_id, proposal_id)
    form = RefusalForm()
    if not form.validate_on_submit():
        values = change_pages.proposal_values(database.session(), found, actor())
        return render_template("draws/proposal.html", draw=draw, form=form, **values)
    REFUSALS[found.kind](database.session(), draw, found, note=text(form.note), actor=actor())
    database.commit()
    flash(_("Refused. All stays as it is."), "success")
    return back_to(draw)
