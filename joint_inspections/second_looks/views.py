"""Rounds of second looks, the looks themselves, and what they say together. Internal: nothing of this is public."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.codes.rules import Quarter
from joint_inspections.ordered.queries import items_again, may_see
from joint_inspections.ordered.services import lead_first
from joint_inspections.second_looks import choosing, queries, services
from joint_inspections.second_looks.forms import DropForm, OpenForm, OrderForm, QuarterForm, ReviewerForm, SealForm
from joint_inspections.second_looks.listing import ended_quarters, listing_of
from joint_inspections.second_looks.models import SecondLook, SecondLookRound
from joint_inspections.second_looks.rules import CONTRIBUTORS, LookState, RoundState
from joint_inspections.second_looks.shown import record_of_round, show_items
from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.departments.queries import list_departments
from supervision.draws.rules import body_of
from supervision.errors import Invalid, RuleBroken
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import disposition
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

blueprint = Blueprint("second_looks", __name__, url_prefix="/second-looks")
Page = str | BaseResponse | tuple[str, int]
READERS = (
    Permission.SECOND_LOOK_RUN,
    Permission.DRAW_CONTRIBUTE,
    Permission.PLAN_VIEW,
    Permission.VISIT_INSPECT,
    Permission.RECORD_REVIEW,
)
IN_ROUNDS = (Permission.SECOND_LOOK_RUN, Permission.DRAW_CONTRIBUTE)
INCOMPLETE = 422


@blueprint.get("/")
@requires(*READERS)
def index() -> str:
    """Show what waits for the viewer, the looks they may read, and how far results agree."""
    session, viewer = database.session(), actor()
    rounds = queries.list_rounds(session) if any(viewer.may(one) for one in IN_ROUNDS) else []
    running = viewer.may(Permission.SECOND_LOOK_RUN)
    return render_template(
        "second_looks/index.html",
        listing=listing_of(session, viewer),
        sums=queries.sums(session, viewer),
        rounds=[one for one in rounds if running or one.state in {RoundState.FROZEN, RoundState.SEALED}],
        desk=queries.list_own_desk(session, viewer),
        form=_quarter_form() if running else None,
        LookState=LookState,
        RoundState=RoundState,
    )


def _quarter_form() -> QuarterForm:
    form = QuarterForm()
    form.quarter.choices = choices([(str(one), str(one)) for one in ended_quarters()])
    return form


@blueprint.post("/rounds")
@requires(Permission.SECOND_LOOK_RUN)
def freeze() -> Page:
    """Freeze the finished visits of a quarter."""
    form = _quarter_form()
    if not form.validate_on_submit():
        return redirect(url_for("second_looks.index"))
    year, _sign, number = str(form.quarter.data).partition("-Q")
    found = choosing.freeze_round(database.session(), Quarter(int(year), int(number)), actor=actor())
    database.commit()
    flash(_("List frozen: %(count)s finished visits.", count=found.finished), "success")
    return redirect(url_for("second_looks.show_round", round_id=found.id))


@blueprint.get("/rounds/<int:round_id>")
@requires(*IN_ROUNDS)
def show_round(round_id: int) -> str:
    """Show how a choice came about; which visits were chosen is for oversight alone."""
    return _round_page(queries.get_round(database.session(), round_id))


def _round_page(found: SecondLookRound, *, opening: OpenForm | None = None, dropping: DropForm | None = None) -> str:
    viewer = actor()
    running, own = viewer.may(Permission.SECOND_LOOK_RUN), choosing.own_number(found, viewer)
    drawn = found.state is RoundState.DRAWN
    return render_template(
        "second_looks/round.html",
        round=found,
        contributors=CONTRIBUTORS,
        may_seal=choosing.may_seal(found, viewer),
        opening=(opening or OpenForm(formdata=None))
        if found.state is RoundState.SEALED and own is not None and not own.secret
        else None,
        dropping=(dropping or DropForm(formdata=None))
        if running and found.state in {RoundState.FROZEN, RoundState.SEALED}
        else None,
        looks=found.looks if running and drawn else [],
        differing=[_(choosing.CHECKED[one]) for one in choosing.recheck(database.session(), found)] if running else [],
        running=running,
        bodies={one.code: one for one in list_departments(database.session())},
        RoundState=RoundState,
    )


@blueprint.get("/rounds/<int:round_id>/number")
@requires(Permission.DRAW_CONTRIBUTE)
def new_number(round_id: int) -> Page:
    """Offer a number from the operating system's source of chance: shown once, kept nowhere."""
    found = queries.get_round(database.session(), round_id)
    if not choosing.may_seal(found, actor()):
        return redirect(url_for("second_looks.show_round", round_id=round_id))
    secret = choosing.new_secret()
    digest = choosing.digest_of_secret(found, secret, by=body_of(actor()))
    return render_template(
        "second_looks/number.html",
        round=found,
        secret=secret,
        by=body_of(actor()),
        form=SealForm(formdata=None, digest=digest),
    )


@blueprint.post("/rounds/<int:round_id>/number")
@requires(Permission.DRAW_CONTRIBUTE)
def seal(round_id: int) -> Page:
    """Take in the digest of a number."""
    session = database.session()
    found = queries.get_round(session, round_id, hold=True)
    form = SealForm()
    if form.validate_on_submit():
        try:
            choosing.seal_number(session, found, digest=text(form.digest).lower(), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Sealed. Keep your number: you open it when both are sealed."), "success")
            return redirect(url_for("second_looks.show_round", round_id=round_id))
    return render_template(
        "second_looks/number.html", round=found, secret="", by=body_of(actor()), form=form
    ), INCOMPLETE


@blueprint.post("/rounds/<int:round_id>/opening")
@requires(Permission.DRAW_CONTRIBUTE)
def open_number(round_id: int) -> Page:
    """Open the own number; the last one draws."""
    session = database.session()
    found = queries.get_round(session, round_id, hold=True)
    form = OpenForm()
    if form.validate_on_submit():
        try:
            choosing.open_number(session, found, secret=text(form.secret), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Opened. What it chooses can be computed anew by oversight."), "success")
            return redirect(url_for("second_looks.show_round", round_id=round_id))
    return _round_page(found, opening=form), INCOMPLETE


@blueprint.post("/rounds/<int:round_id>/drop")
@requires(Permission.SECOND_LOOK_RUN)
def drop(round_id: int) -> Page:
    """Drop a choice that cannot be finished."""
    session = database.session()
    found = queries.get_round(session, round_id, hold=True)
    form = DropForm()
    if not form.validate_on_submit():
        return _round_page(found, dropping=form), INCOMPLETE
    choosing.drop_round(session, found, reason=text(form.reason), actor=actor())
    database.commit()
    flash(_("Dropped. That it was dropped, and why, stays visible."), "success")
    return redirect(url_for("second_looks.show_round", round_id=round_id))


@blueprint.get("/rounds/<int:round_id>/record.json")
@requires(Permission.SECOND_LOOK_RUN)
def record_json(round_id: int) -> Response:
    """Hand out everything by which a choice is computed anew elsewhere."""
    found = queries.get_round(database.session(), round_id)
    response = Response(canonical_bytes(record_of_round(found)), mimetype="application/json")
    response.headers["Content-Disposition"] = disposition(f"{found.number}.json")
    return response


@blueprint.get("/<int:look_id>")
@requires(*READERS)
def show(look_id: int) -> str:
    """Show one look: who is asked, or both results side by side."""
    return _look_page(queries.get_look(database.session(), actor(), look_id))


def _look_page(look: SecondLook, *, form: ReviewerForm | None = None, ordering: OrderForm | None = None) -> str:
    viewer = actor()
    running, free = viewer.may(Permission.SECOND_LOOK_RUN), services.is_free(look)
    assigning = running and (free or look.state is LookState.DESK)
    return render_template(
        "second_looks/show.html",
        look=look,
        items=show_items(database.session(), look),
        may_explain=services.may_explain(look, viewer),
        form=_with_reviewers(form or ReviewerForm(formdata=None), look) if assigning else None,
        ordering=(ordering or _order_form(look, submitted=False)) if running and free else None,
        free=free,
        order_shown=look.order is not None and may_see(database.session(), viewer, look.order),
        LookState=LookState,
    )


def _with_reviewers(form: ReviewerForm, look: SecondLook) -> ReviewerForm:
    people = queries.list_possible_reviewers(database.session(), look)
    named = [(str(one.id), f"{one.name} ({name_of(one.department) if one.department else '—'})") for one in people]
    form.reviewer.choices = choices(named, empty=_("Choose …"))
    return form


@blueprint.post("/<int:look_id>/reviewer")
@requires(Permission.SECOND_LOOK_RUN)
def assign(look_id: int) -> Page:
    """Give a look to a desk reviewer."""
    session = database.session()
    look = queries.get_look(session, actor(), look_id, hold=True)
    form = _with_reviewers(ReviewerForm(), look)
    if form.validate_on_submit():
        try:
            services.assign_reviewer(session, look, reviewer_id=int(str(form.reviewer.data)), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(
                _("Given to the reviewer. The first result is hidden from them until theirs is handed in."), "success"
            )
            return redirect(url_for("second_looks.show", look_id=look_id))
    return _look_page(look, form=form), INCOMPLETE


def _order_form(look: SecondLook, *, submitted: bool = True) -> OrderForm:
    """Offer the items of the first visit that can be inspected again, and the departments they belong to."""
    items = items_again(database.session(), look.origin)
    bodies = {one.department_id: one.department for one in items}
    day = add_workdays(clock.today(), 1, get_calendar(database.session()))
    known = {"planned_on": day, "items": [str(one.id) for one in items]}
    form = OrderForm(data=known) if submitted else OrderForm(formdata=None, data=known)
    form.items.choices = choices([(str(one.id), f"{name_of(one)} · {name_of(one.department)}") for one in items])
    form.lead.choices = choices([(str(key), name_of(one)) for key, one in bodies.items()])
    return form


@blueprint.post("/<int:look_id>/order")
@requires(Permission.SECOND_LOOK_RUN)
def order(look_id: int) -> Page:
    """Order that a second team goes to the enterprise."""
    session = database.session()
    look = queries.get_look(session, actor(), look_id, hold=True)
    form = _order_form(look)
    if form.validate_on_submit():
        try:
            # what is refused half-way leaves no number behind
            with session.begin_nested():
                _order(look, form)
        except (Invalid, RuleBroken) as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Ordered. The heads of the departments are told and decide."), "success")
            return redirect(url_for("second_looks.show", look_id=look_id))
    return _look_page(look, ordering=form), INCOMPLETE


def _order(look: SecondLook, form: OrderForm) -> None:
    session = database.session()
    chosen = [one for one in items_again(session, look.origin) if str(one.id) in set(form.items.data or [])]
    services.order_second_visit(
        session,
        look,
        department_ids=lead_first(chosen, int(str(form.lead.data))),
        item_codes=[one.code for one in chosen],
        planned_on=form.planned_on.data or clock.today(),
        actor=actor(),
    )
