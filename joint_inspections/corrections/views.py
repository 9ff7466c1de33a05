"""The department's side: the list of corrections, one with its rounds, the decisions."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.corrections import extending, queries, services
from joint_inspections.corrections.chain import check_chain
from joint_inspections.corrections.forms import AnswerForm, DecisionForm
from joint_inspections.corrections.likeness import seen_before
from joint_inspections.corrections.queries import Correction, Row
from joint_inspections.corrections.rules import EntryKind, Stage
from joint_inspections.corrections.shown import extensions_of, rounds_of
from joint_inspections.evidence.handing_out import hand_out_original, show_copy
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.follow_ups.rules import Card, FollowUpState
from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.departments.queries import list_departments
from supervision.errors import Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, small_number, text
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")
Page = str | BaseResponse
Incomplete = tuple[str, int]
INCOMPLETE = 422


@blueprint.get("/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List corrections, the one whose next step is due first at the top."""
    session, filters = database.session(), _filters()
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_corrections(session, actor(), query),
        [
            Column("entity", lazy_gettext("Entity"), True),
            Column("item", lazy_gettext("Item")),
            Column("department", lazy_gettext("Department"), True),
            Column("stage", lazy_gettext("Whose turn")),
            Column("due", lazy_gettext("Next step due"), True),
            Column("card", lazy_gettext("Card")),
        ],
        filters,
        lazy_gettext("Name, credit code or number of the visit"),
        export_endpoint="corrections.export",
    )
    counts = queries.count_corrections(session, actor())
    return render_template(
        "corrections/index.html", listing=listing, counts=counts, viewer_sees_all=actor().sees_whole_district, Card=Card
    )


@blueprint.get("/export")
@requires(Permission.PLAN_VIEW)
def export() -> BaseResponse:
    """Download what the list finds."""
    header = [
        _("Visit number"),
        _("Entity"),
        _("Credit code"),
        _("Item"),
        _("Department"),
        _("Problem found"),
        _("Deadline of the order"),
        _("Next step due"),
        _("Whose turn"),
        _("Card"),
        _("More time asked for"),
    ]
    kind, query = request.args.get("format", "csv"), read_query(_filters())
    rows = map(_exported, queries.iterate_corrections(database.session(), actor(), query))
    filename = f"{_('Corrections')}-{clock.today().isoformat()}"
    kind = kind if kind in EXPORT_FORMATS else "csv"
    return hand_out(kind, filename, header, rows, what=DisclosedList.CORRECTIONS, query=query)


def _exported(row: Row) -> list[object]:
    one = row.follow_up
    return [
        one.visit.number,
        one.visit.entity.name,
        one.visit.entity.unit_id,
        name_of(one.item),
        name_of(one.department),
        one.problem,
        one.due_on,
        one.next_due_on if one.state is FollowUpState.OPEN else "",
        _(row.stage.label),
        _(row.card.label) if row.card is not Card.NONE else "",
        _("yes") if row.extension_waits else "",
    ]


def _filters() -> list[Filter]:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    return [
        Filter("stage", lazy_gettext("Whose turn"), [(one.value, _(one.label)) for one in Stage]),
        Filter("card", lazy_gettext("Card"), [(one.value, _(one.label)) for one in (Card.YELLOW, Card.RED)]),
        Filter("department", lazy_gettext("Department"), departments),
        Filter("mark", lazy_gettext("More time"), [("extension", _("Asked for, not decided"))]),
    ]


@blueprint.get("/<int:follow_up_id>")
@requires(Permission.PLAN_VIEW)
def show(follow_up_id: int) -> str:
    """Show a correction with its rounds, whose turn it is, and the forms of those who decide."""
    return _page(queries.get_correction(database.session(), actor(), follow_up_id))


def _page(correction: Correction, *, form: DecisionForm | None = None, answer: AnswerForm | None = None) -> str:
    session, viewer = database.session(), actor()
    deciding = services.may_decide(correction, viewer) and services.offered(correction)
    if answer is None and (asked := correction.extension) and extending.may_decide_extension(correction, viewer):
        answer = _answer_form(AnswerForm(formdata=None, day=asked.day))
    return render_template(
        "corrections/show.html",
        correction=correction,
        follow_up=correction.follow_up,
        rounds=rounds_of(correction),
        extensions=extensions_of(correction),
        seen=seen_before(session, correction),
        faults=check_chain(session, correction),
        form=_decision_form(correction, form) if deciding else None,
        resend=services.days_to_resend(session, correction),
        answer=answer,
        grant=extending.days_to_grant(session, correction),
        images=IMAGES,
        Card=Card,
        Stage=Stage,
        EntryKind=EntryKind,
    )


def _decision_form(correction: Correction, form: DecisionForm | None = None) -> DecisionForm:
    form = form or DecisionForm(formdata=None)
    form.decision.choices = choices([(one.value, _(one.label)) for one in services.offered(correction)])
    return form


def _answer_form(form: AnswerForm) -> AnswerForm:
    form.answer.choices = choices([("granted", _("Grant more time")), ("refused", _("Refuse more time"))])
    return form


def _seen() -> int:
    return small_number(request.form.get("seen", "")) or 0


@blueprint.post("/<int:follow_up_id>/decision")
@requires(Permission.FOLLOW_UP_CLOSE)
def decide(follow_up_id: int) -> Page | Incomplete:
    """Accept what was sent, send it back, or have it looked at again on site."""
    session = database.session()
    correction = queries.get_for_change(session, actor(), follow_up_id)
    form = _decision_form(correction, DecisionForm())
    if form.validate_on_submit():
        kind = EntryKind(form.decision.data)
        day = form.planned_on.data if kind is EntryKind.REINSPECTION else form.day.data
        decision = services.Decision(kind, text(form.text), _seen(), day)
        try:
            services.decide(session, correction, decision, actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Decided. The enterprise reads it by the code on its notice."), "success")
            return redirect(url_for("corrections.show", follow_up_id=follow_up_id))
    return _page(correction, form=form), INCOMPLETE


@blueprint.post("/<int:follow_up_id>/extension")
@requires(Permission.CORRECTION_EXTEND)
def extend(follow_up_id: int) -> Page | Incomplete:
    """Grant more time or refuse it."""
    session = database.session()
    correction = queries.get_for_change(session, actor(), follow_up_id)
    form = _answer_form(AnswerForm())
    if form.validate_on_submit():
        answer = extending.Answer(form.answer.data == "granted", form.day.data, text(form.reason), _seen())
        try:
            extending.decide_extension(session, correction, answer, actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Decided. The enterprise reads it by the code on its notice."), "success")
            return redirect(url_for("corrections.show", follow_up_id=follow_up_id))
    return _page(correction, answer=form), INCOMPLETE


@blueprint.get("/<int:follow_up_id>/files/<int:file_id>/<any(view, thumb):kind>.jpg")
@requires(Permission.PLAN_VIEW)
def picture(follow_up_id: int, file_id: int, kind: str) -> Response:
    """Show a photo in a copy without EXIF."""
    correction = queries.get_correction(database.session(), actor(), follow_up_id)
    return show_copy(queries.get_file(correction, file_id).sealed, kind)


@blueprint.get("/<int:follow_up_id>/files/<int:file_id>/original")
@requires(Permission.PLAN_VIEW)
def original(follow_up_id: int, file_id: int) -> Response:
    """Hand out the original, noted."""
    correction = queries.get_correction(database.session(), actor(), follow_up_id)
    file = queries.get_file(correction, file_id)
    return hand_out_original(file.sealed, name=f"{correction.follow_up.visit.number}-correction-{file.id}")
