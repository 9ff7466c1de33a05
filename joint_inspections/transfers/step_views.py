"""Sending a clue from a visit, and each step that follows."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.papers.views import letterhead
from joint_inspections.records.queries import list_sections
from joint_inspections.transfers import deciding, queries, sending, services
from joint_inspections.transfers.forms import (
    AnswerForm,
    ExtensionForm,
    MoreTimeForm,
    PassForm,
    ReturnForm,
    RouteForm,
    SendForm,
    WithdrawalForm,
)
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.rules import Outcome, Reply, TransferKind
from joint_inspections.transfers.sending import Clue
from joint_inspections.transfers.shown import BACK, offer
from joint_inspections.transfers.views import page
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from supervision.departments.queries import list_departments
from supervision.errors import DomainError, NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import Form, choices, show_refusal, small_number, text
from supervision.web.languages import name_of

blueprint = Blueprint("transfer_steps", __name__)
Page = str | BaseResponse | tuple[str, int]
INCOMPLETE = 422
P = Permission
# the case unit of the own department, in the choice of receivers
OWN_UNIT = "own"


@blueprint.route("/visits/<int:visit_id>/transfers/new", methods=["GET", "POST"])
@requires(P.TRANSFER_SEND)
def new(visit_id: int) -> Page:
    """Write a clue and hand it over."""
    session, viewer = database.session(), actor()
    posted = request.method == "POST"
    visit = (get_visit_for_change if posted else get_visit)(session, viewer, visit_id)
    if not sending.may_send(session, visit, viewer):
        raise NotFound
    form = _with_choices(SendForm() if posted else _prepared(visit), visit)
    if form.validate_on_submit():
        try:
            transfer = sending.send(session, visit, _clue(form), letterhead=letterhead(), actor=viewer)
        except DomainError as error:
            show_refusal(form, error)
            visit = get_visit(session, viewer, visit_id)
        else:
            database.commit()
            flash(_("Handed over. The letter is issued and the receiver's clock runs."), "success")
            return redirect(url_for("transfers.show", transfer_id=transfer.id))
    answer = render_template("transfers/new.html", form=form, visit=visit)
    return (answer, INCOMPLETE) if posted else answer


def _prepared(visit: Visit) -> SendForm:
    """Fill in what the record says of the item asked for."""
    wanted = small_number(request.args.get("item", ""))
    for section in list_sections(database.session(), visit):
        for row in section.item_results:
            if row.item_id == wanted and section.department_id == actor().department_id:
                values = {"item": str(row.item_id), "facts": row.problem, "clause": row.item.legal_basis}
                return SendForm(formdata=None, **values)
    return SendForm(formdata=None)


def _with_choices(form: SendForm, visit: Visit) -> SendForm:
    session, own = database.session(), actor().department_id
    others = [(one.code, name_of(one)) for one in list_departments(session) if one.id != own]
    form.receiver.choices = choices([(OWN_UNIT, _("Case unit of your own department")), *others], empty=_("Choose …"))
    form.kind.choices = choices([(one.value, _(one.label)) for one in TransferKind])
    items = [
        (str(row.item_id), name_of(row.item))
        for section in list_sections(session, visit)
        if section.department_id == own
        for row in section.item_results
    ]
    form.item.choices = choices(items, empty=_("None of the items"))
    files = queries.list_choosable(session, visit, own or 0)
    form.files.choices = choices([(one.sha256, _file_label(one.number, one.caption, one.sha256)) for one in files])
    return form


def _file_label(number: int, caption: str, sha256: str) -> str:
    named = _("File %(number)s", number=number)
    return " · ".join(part for part in (named, caption, sha256[:12]) if part)


def _clue(form: SendForm) -> Clue:
    code = text(form.receiver)
    own = actor().department_code
    return Clue(
        kind=TransferKind(form.kind.data),
        receiver=deciding.get_receiver(database.session(), own if code == OWN_UNIT else code),
        facts=text(form.facts),
        clause=text(form.clause),
        wish=text(form.wish),
        item_id=small_number(text(form.item)),
        digests=tuple(form.files.data or ()),
    )


def _step(transfer_id: int, form: Form | None, take: Callable[[Transfer, int], None], done: str) -> Page:
    """Take a step; a refusal on a field is shown in its form."""
    session = database.session()
    transfer = queries.get_for_change(session, actor(), transfer_id)
    version = small_number(request.form.get("version", "")) or 0
    if form is None:
        take(transfer, version)
    else:
        offer(session, transfer, form)
        if not form.validate_on_submit():
            return page(transfer, sent=form), INCOMPLETE
        try:
            take(transfer, version)
        except DomainError as error:
            if getattr(error, "field", "") not in form:
                raise
            show_refusal(form, error)
            return page(queries.get_transfer(session, actor(), transfer_id), sent=form), INCOMPLETE
    database.commit()
    flash(done, "success")
    if queries.find_transfer(session, actor(), transfer_id) is None:
        return redirect(url_for("transfers.index"))
    return redirect(url_for("transfers.show", transfer_id=transfer_id))


@blueprint.post("/transfers/<int:transfer_id>/acknowledgement")
@requires(P.TRANSFER_ANSWER)
def acknowledge(transfer_id: int) -> Page:
    """Acknowledge receipt."""
    session, me = database.session(), actor()
    return _step(
        transfer_id,
        None,
        lambda one, version: services.acknowledge(session, one, version=version, actor=me),
        _("Receipt acknowledged."),
    )


@blueprint.post("/transfers/<int:transfer_id>/claim")
@requires(P.TRANSFER_ANSWER)
def claim(transfer_id: int) -> Page:
    """Take the matter on."""
    session, me = database.session(), actor()
    return _step(
        transfer_id,
        None,
        lambda one, version: services.claim(session, one, version=version, actor=me),
        _("Claimed. Answer before the deadline."),
    )


@blueprint.post("/transfers/<int:transfer_id>/return")
@requires(P.TRANSFER_ANSWER)
def give_back(transfer_id: int) -> Page:
    """Return what is not in the own competence."""
    form, session, me = ReturnForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        code = text(form.reason_code)
        services.give_back(session, one, reason_code=code, text=text(form.why), version=version, actor=me)

    return _step(transfer_id, form, take, _("Returned. The coordinator decides where it goes."))


@blueprint.post("/transfers/<int:transfer_id>/route")
@requires(P.TRANSFER_ROUTE)
def route(transfer_id: int) -> Page:
    """Decide where a returned clue goes."""
    form, session, me = RouteForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        code = text(form.goes_to)
        receiver = None if code == BACK else deciding.get_receiver(session, code)
        deciding.route(
            session, one, receiver, text=text(form.grounds), letterhead=letterhead(), version=version, actor=me
        )

    return _step(transfer_id, form, take, _("Decided."))


@blueprint.post("/transfers/<int:transfer_id>/handing-on")
@requires(P.TRANSFER_ANSWER)
def pass_on(transfer_id: int) -> Page:
    """Hand a claimed clue on to another department."""
    form, session, me = PassForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        receiver = deciding.get_receiver(session, text(form.passes_to))
        services.pass_on(
            session, one, receiver, text=text(form.passing), letterhead=letterhead(), version=version, actor=me
        )

    return _step(transfer_id, form, take, _("Handed on. The other department owes the answer now."))


@blueprint.post("/transfers/<int:transfer_id>/extension")
@requires(P.TRANSFER_ANSWER)
def ask_extension(transfer_id: int) -> Page:
    """Ask the head for the one extension."""
    form, session, me = MoreTimeForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        services.ask_extension(session, one, text=text(form.more_time), version=version, actor=me)

    return _step(transfer_id, form, take, _("Asked. The head of the department decides."))


@blueprint.post("/transfers/<int:transfer_id>/extension/decision")
@requires(P.TRANSFER_EXTEND)
def decide_extension(transfer_id: int) -> Page:
    """Grant or refuse more time."""
    form, session, me = ExtensionForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        granted = form.decision.data == "yes"
        deciding.decide_extension(session, one, granted=granted, text=text(form.remark), version=version, actor=me)

    return _step(transfer_id, form, take, _("Decided."))


@blueprint.post("/transfers/<int:transfer_id>/answer")
@requires(P.TRANSFER_ANSWER)
def answer(transfer_id: int) -> Page:
    """Give the answer."""
    form, session, me = AnswerForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        outcome = Outcome(form.outcome.data)
        no_case = outcome is Outcome.NO_CASE
        reply = Reply(
            outcome=outcome,
            text=text(form.text),
            number=text(form.number),
            reason_code=text(form.no_case) if no_case else "",
            clause=text(form.clause) if no_case else "",
            body=text(form.body) if outcome is Outcome.HANDED_ON else "",
        )
        services.answer(session, one, reply, version=version, actor=me)

    return _step(transfer_id, form, take, _("Answered. The sender is told."))


@blueprint.post("/transfers/<int:transfer_id>/withdrawal")
@requires(P.TRANSFER_SEND)
def withdraw(transfer_id: int) -> Page:
    """Withdraw a transfer before its answer."""
    form, session, me = WithdrawalForm(), database.session(), actor()

    def take(one: Transfer, version: int) -> None:
        sending.withdraw(session, one, text=text(form.withdrawal), version=version, actor=me)

    return _step(transfer_id, form, take, _("Withdrawn. Everything done stays on record."))
