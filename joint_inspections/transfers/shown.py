"""A transfer as its page shows it: what this viewer may do next, and the forms for it."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from joint_inspections.transfers import forms
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.rules import (
    OUTCOMES,
    WITH_RECEIVER,
    Extension,
    NextActor,
    TransferState,
    is_overdue,
    next_actor,
)
from joint_inspections.transfers.sending import may_withdraw
from joint_inspections.transfers.services import NO_CASE_REASONS, RETURN_REASONS, may_answer
from supervision import clock
from supervision.departments.queries import list_departments
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web.forms import Form, choices
from supervision.web.languages import name_of

BACK = "back"
S = TransferState


@dataclass(frozen=True, slots=True)
class Steps:
    """What one person may do to a transfer now."""

    acknowledge: bool = False
    claim: bool = False
    give_back: bool = False
    route: bool = False
    pass_on: bool = False
    ask: bool = False
    decide: bool = False
    answer: bool = False
    withdraw: bool = False


def steps_of(transfer: Transfer, viewer: Actor) -> Steps:
    """Say what a viewer may do to a transfer now."""
    mine, state = may_answer(transfer, viewer), transfer.state
    head = viewer.may(Permission.TRANSFER_EXTEND) and viewer.department_id == transfer.receiver_id
    return Steps(
        acknowledge=mine and state is S.SENT,
        claim=mine and state in {S.SENT, S.ACKNOWLEDGED},
        give_back=mine and state in {S.SENT, S.ACKNOWLEDGED} and not transfer.designated,
        route=viewer.may(Permission.TRANSFER_ROUTE) and state is S.RETURNED,
        pass_on=mine and state is S.CLAIMED and not transfer.designated,
        ask=mine and _may_ask(transfer),
        decide=head and state is S.CLAIMED and transfer.extension is Extension.ASKED,
        answer=mine and state is S.CLAIMED,
        withdraw=may_withdraw(transfer, viewer) and transfer.open,
    )


def _may_ask(transfer: Transfer) -> bool:
    return transfer.state is S.CLAIMED and transfer.extension is Extension.NONE and transfer.due_on >= clock.today()


def due_state(transfer: Transfer) -> str:
    """Say how the next step stands: "" once nothing is awaited."""
    if not transfer.open:
        return ""
    return "overdue" if is_overdue(transfer.state, transfer.next_due_on, today=clock.today()) else "open"


@dataclass(slots=True)
class Forms:
    """The forms of the page; one that came back keeps what was typed."""

    session: Session
    transfer: Transfer
    sent: Form | None = None
    made: dict[str, Form] = field(default_factory=dict)

    def get(self, name: str) -> Form:
        """Return the form of a step, with its choices."""
        if self.sent is not None and isinstance(self.sent, KINDS[name]):
            return self.sent
        return offer(self.session, self.transfer, KINDS[name](formdata=None))


KINDS: dict[str, type[Form]] = {
    "give_back": forms.ReturnForm,
    "route": forms.RouteForm,
    "pass_on": forms.PassForm,
    "ask": forms.MoreTimeForm,
    "decide": forms.ExtensionForm,
    "answer": forms.AnswerForm,
    "withdraw": forms.WithdrawalForm,
}


def offer(session: Session, transfer: Transfer, form: Form) -> Form:
    """Give a form its choices."""
    if isinstance(form, forms.ReturnForm):
        form.reason_code.choices = choices(_reasons(session, RETURN_REASONS), empty=_("Choose …"))
    elif isinstance(form, forms.RouteForm):
        form.goes_to.choices = choices([*_departments(session), (BACK, _("Back to the sender"))], empty=_("Choose …"))
    elif isinstance(form, forms.PassForm):
        others = [pair for pair in _departments(session) if pair[0] != transfer.receiver.code]
        form.passes_to.choices = choices(others, empty=_("Choose …"))
    elif isinstance(form, forms.ExtensionForm):
        form.decision.choices = choices([("yes", _("Grant more time")), ("no", _("Refuse"))])
    elif isinstance(form, forms.AnswerForm):
        form.outcome.choices = choices([(one.value, _(one.label)) for one in OUTCOMES[transfer.kind]])
        form.no_case.choices = choices(_reasons(session, NO_CASE_REASONS), empty=_("Choose …"))
    return form


def _reasons(session: Session, code: str) -> list[tuple[str, str]]:
    return [(one.code, name_of(one)) for one in list_reasons(session, code)]


def _departments(session: Session) -> list[tuple[str, str]]:
    return [(one.code, name_of(one)) for one in list_departments(session)]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way, as ``show.steps`` draws it."""

    label: object
    state: str
    note: object = ""


def stages(transfer: Transfer) -> list[Stage]:
    """Return the way of a transfer with who has the next step."""
    reached = {S.SENT: 1, S.RETURNED: 1, S.ACKNOWLEDGED: 2, S.CLAIMED: 3}.get(transfer.state, 4)
    labels = [_("Handed over"), _("Acknowledged"), _("Claimed"), _("Reply given")]
    if transfer.state in {S.WITHDRAWN, S.SENT_BACK}:
        labels[-1], reached = _(transfer.state.label), 4
    found = []
    for number, label in enumerate(labels):
        state = "done" if number < reached else ("current" if number == reached else "todo")
        found.append(Stage(label, state, _note(transfer) if state == "current" else ""))
    return found


def _note(transfer: Transfer) -> str:
    if next_actor(transfer.state) is NextActor.COORDINATOR:
        return str(_("The coordinator decides where it goes"))
    if transfer.state not in WITH_RECEIVER:
        return ""
    return str(_("Next: %(department)s", department=name_of(transfer.receiver)))
