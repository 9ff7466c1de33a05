"""Carrying out one operation by the services that pages use; each either happens whole or not at all.

A refusal is an error of the house; what stands against what is stored is a :class:`Conflict` with what is stored; what
has to wait for a file says so. The caller holds the visit's row and undoes what a refused operation began.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # bodies are JSON
from uuid import UUID

from sqlalchemy.orm import Session

from joint_inspections.evidence import queries as evidence
from joint_inspections.evidence import services as files
from joint_inspections.evidence.models import Attachment
from joint_inspections.field.contents import entry_value, form_of_visit
from joint_inspections.field.queries import ever_sent, find_operation, find_section, list_waiting
from joint_inspections.field.reading import Operation, is_clean, read_again
from joint_inspections.field.rules import Kind, Outcome
from joint_inspections.records import services as records
from joint_inspections.records.entries import Answer, ItemEntry, SentItem, entry_of
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.records.queries import get_section
from joint_inspections.records.rules import Disposal
from joint_inspections.signatures import services as signatures
from joint_inspections.signatures.confirming import confirm_refusal
from joint_inspections.signatures.queries import get_party_entry, party_state
from joint_inspections.signatures.rules import Standing
from joint_inspections.signatures.whole import record_digest
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit
from joint_inspections.visits.services import own_part, require_leader
from supervision.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an operation, as its row says it."""

    outcome: Outcome
    code: str = ""
    message: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    stored: object = None


APPLIED = Verdict(Outcome.APPLIED)
FILE_AWAITED = Verdict(Outcome.WAITING, "file-awaited", N_("Kept. It counts when its file has arrived whole."))
ATTACHMENT_AWAITED = Verdict(
    Outcome.WAITING, "attachment-awaited", N_("Kept. What it takes away has not arrived yet itself.")
)
SECOND_AWAITED = Verdict(
    Outcome.WAITING,
    "second-awaited",
    N_("Kept. The record is handed in when the second officer has confirmed the refusal by the own account."),
)
NOT_TWICE = Verdict(Outcome.REFUSED, "confirmed", N_("You have said already whether this note is right."))


def refused(error: DomainError) -> Verdict:
    """Say of a refusal what its row keeps; days among its values are kept as they are written in ISO 8601."""
    outcome = Outcome.CONFLICT if error.code in CHANGED else Outcome.REFUSED
    values = {
        name: value if isinstance(value, str | int | bool | None) else str(value)
        for name, value in error.parameters.items()
    }
    return Verdict(outcome, error.code, error.message, values)


# what the sender read is no longer what is stored: nobody is wrong, somebody must look
CHANGED = frozenset({"section-changed", "record-changed"})


def apply(session: Session, operation: Operation, *, actor: Actor, place: Mapping[str, Any] | None) -> Verdict:
    """Carry out one operation for the person who sent it, or refuse."""
    kept = session.get(Attachment, operation.uuid) if operation.kind is Kind.ATTACH else None
    if kept is not None and (kept.visit_id, kept.attached_by) == (operation.visit, actor.user_id):
        # attached as a member of the team, its bytes were awaited: who has left since takes nothing out of the record
        return state_of_attachment(kept)
    visit = _visit(session, operation, actor)
    if not is_clean(operation.body):
        raise Invalid(
            "text-not-clean",
            "A text holds invisible characters or blanks at its ends. Type it again instead of pasting.",
        )
    if operation.kind in OF_THE_FORM and operation.form != form_of_visit(visit):
        raise WrongState(
            "form-changed", "The form of this visit has changed. Load it anew; what was written is shown beside it."
        )
    return APPLY[operation.kind](Work(session, visit, operation, actor, place))


def _visit(session: Session, operation: Operation, actor: Actor) -> Visit:
    """Return the visit with its row held; who has left its team is told so, anybody else learns nothing of it."""
    if not actor.may(Permission.VISIT_INSPECT):
        raise Forbidden("no-longer-inspector", "You are not an inspector any more, so this was not stored.")
    try:
        # its row has been held since the call began
        visit = get_visit(session, actor, operation.visit)
    except NotFound:
        if ever_sent(session, operation.visit, actor.inspector_id):
            raise Forbidden("not-on-team", "Only an inspector of this team can do this.") from None
        raise
    own_part(visit, actor)
    return visit


@dataclass(frozen=True, slots=True)
class Work:
    """One operation on one visit."""

    session: Session
    visit: Visit
    operation: Operation
    actor: Actor
    place: Mapping[str, Any] | None

    @property
    def body(self) -> Mapping[str, Any]:
        """What the operation says."""
        return self.operation.body

    def section(self) -> Section:
        """Return the section the operation names (by its department, as packages do), its row held."""
        self.require_begun()
        found = find_section(self.session, self.visit.id, self.body["section"])
        if found is None:
            raise _not_on_form()
        return get_section(self.session, self.visit, found)

    def require_begun(self) -> None:
        """Refuse before the arrival has been confirmed."""
        if self.visit.visited_at is None:
            raise WrongState("not-begun", "The arrival could not be confirmed, so nothing can be recorded yet.")


def _not_on_form() -> DomainError:
    return Invalid("item-not-on-form", "The form holds only items of the approved plan. Reload the page.")


def _arrive(work: Work) -> Verdict:
    if work.visit.visited_at is None:
        records.begin_visit(work.session, work.visit, actor=work.actor)
    return APPLIED


def _item(work: Work) -> Verdict:
    section = work.section()
    row = next((one for one in section.item_results if one.item_id == work.body["item"]), None)
    if row is None:
        raise _not_on_form()
    entry = _entry(row, work.body["entry"])
    sent = [SentItem(entry, work.body["base"])]
    conflicts = records.save_section(work.session, work.visit, section, sent, actor=work.actor)
    # an entry that repeats its own base stores nothing; its sender has not seen what a colleague stored meanwhile
    if conflicts or entry_of(row).digest != entry.digest:
        return Verdict(
            Outcome.CONFLICT,
            "item-changed",
            N_("A colleague wrote something else here meanwhile. Look at both and choose."),
            stored=entry_value(entry_of(row)),
        )
    return APPLIED


def _entry(row: ItemResult, said: Mapping[str, Any]) -> ItemEntry:
    """Return the entry that was sent, if it can be an entry of this item: nothing is left out or made up."""
    allowed, disposal = set(row.item.allowed_results), said["disposal"]
    if any(code is not None and code not in allowed for code in (said["result"], said["further"])):
        raise Invalid("result-not-allowed", "This result is not allowed for this item. Choose another.", field="result")
    if disposal is not None and disposal not in set(Disposal):
        raise Invalid("unknown-disposal", "Choose what follows from the list.", field="disposal")
    answers = {one["point"]: one for one in said["answers"]}
    points = [point.id for point in row.item.check_points]
    if sorted(one["point"] for one in said["answers"]) != sorted(points):
        raise Invalid("points-differ", "The answers are not those of this item's check points. Load the form anew.")
    return ItemEntry(
        item_id=row.item_id,
        checked=said["checked"],
        result=said["result"],
        further=said["further"],
        problem=said["problem"],
        unchecked_reason=said["unchecked_reason"],
        disposal=Disposal(disposal) if disposal is not None else None,
        answers=tuple(Answer(point, answers[point]["value"], answers[point]["note"]) for point in points),
    )


def _outcome(work: Work) -> Verdict:
    visit, said, base = work.visit, work.body, work.body["base"]
    require_leader(visit, work.actor)
    now = (visit.outcome_code, visit.outcome_note)
    if now == (said["code"], said["note"]):
        return APPLIED
    if now != (base["code"], base["note"]):
        return Verdict(
            Outcome.CONFLICT,
            "outcome-changed",
            N_("The outcome of the visit was set to something else meanwhile. Look at both and choose."),
            stored={"code": now[0], "note": now[1]},
        )
    records.set_outcome(work.session, visit, code=said["code"], note=said["note"], actor=work.actor)
    return APPLIED


def _attach(work: Work) -> Verdict:
    said = work.body
    section = work.section() if said["section"] is not None else None
    work.require_begun()
    attachment = files.attach(
        work.session,
        work.visit,
        id=UUID(work.operation.uuid),
        sha256=said["file"],
        section=section.id if section else None,
        item=said["item"],
        point=said["point"],
        purpose=said["purpose"],
        caption=said["caption"],
        taken_at=datetime.fromisoformat(said["taken_at"]) if said["taken_at"] else None,
        place=work.place,
        actor=work.actor,
    )
    return state_of_attachment(attachment)


def state_of_attachment(attachment: Attachment) -> Verdict:
    """Say whether an attached file is here, is awaited, or is wanted no longer."""
    if attachment.complete or attachment.detached:
        return APPLIED
    return FILE_AWAITED


def _detach(work: Work) -> Verdict:
    """Take a file out; one whose attaching is still on its way is waited for, one never stored needs no removing."""
    named = work.body["attachment"]
    if not evidence.attachment_known(work.session, named):
        sent = find_operation(work.session, named)
        return APPLIED if sent is not None and sent.newest.final else ATTACHMENT_AWAITED
    attachment = evidence.get_attachment(work.session, work.visit, named)
    if not attachment.detached:
        files.detach(work.session, attachment, reason=work.body["reason"], actor=work.actor)
    return APPLIED


def _sign(work: Work) -> Verdict:
    section = work.section()
    if _awaited(work):
        return FILE_AWAITED
    signatures.sign_section(
        work.session, work.visit, section, seen=work.body["seen"], file_sha256=work.body["file"], actor=work.actor
    )
    return APPLIED


def _party(work: Work) -> Verdict:
    work.require_begun()
    if _awaited(work):
        return FILE_AWAITED
    said = work.body
    signatures.sign_by_party(
        work.session,
        work.visit,
        how=said["how"],
        seen=said["seen"],
        name=said["name"],
        role=said["role"],
        file_sha256=said["file"],
        reason=said["reason"],
        second_inspector_id=said["second"],
        actor=work.actor,
    )
    return APPLIED


def _reopen(work: Work) -> Verdict:
    section = work.section()
    records.reopen_section(work.session, work.visit, section, reason=work.body["reason"], actor=work.actor)
    return APPLIED


def _confirm(work: Work) -> Verdict:
    """Take the second officer's word on a refusal: by the own phone and account, never by the first one's."""
    work.require_begun()
    said = work.body
    entry = get_party_entry(work.session, work.visit, said["entry"])
    confirmation = entry.confirmation
    if confirmation is not None and confirmation.confirmed_by == work.actor.user_id:
        return APPLIED if confirmation.agrees == said["agrees"] else NOT_TWICE
    confirm_refusal(work.session, work.visit, entry, agrees=said["agrees"], remark=said["remark"], actor=work.actor)
    return APPLIED


def _submit(work: Work) -> Verdict:
    work.require_begun()
    require_leader(work.visit, work.actor)
    missing = {one.sha256 for one in files.missing_files(work.session, work.visit)} | _own_drawings_awaited(work)
    if missing:
        return Verdict(
            Outcome.WAITING,
            "files-missing",
            N_(
                "%(count)s files of this visit have not arrived whole. The record is handed in when they have. If a "
                "phone was lost with one, take that file out with a reason."
            ),
            {"count": len(missing)},
        )
    if work.body["seen"] != record_digest(work.session, work.visit):
        raise Conflict(
            "record-changed", "The record is no longer what was read. Read it again, then hand it in or sign it."
        )
    if party_state(work.session, work.visit).standing is Standing.UNCONFIRMED:
        return SECOND_AWAITED
    records.submit_record(work.session, work.visit, actor=work.actor)
    return APPLIED


def _own_drawings_awaited(work: Work) -> set[str]:
    """Return the drawn signatures of the sender that are still on their way: what they sign must come first."""
    waiting = [read_again(one.content) for one in list_waiting(work.session, visit_ids=[work.visit.id])
               if one.user_id == work.actor.user_id]  # fmt: skip
    return {one.body["file"] for one in waiting if one.kind in {Kind.SIGN, Kind.PARTY}}


def _awaited(work: Work) -> bool:
    sha256 = work.body["file"]
    return sha256 is not None and not files.is_here_for(work.session, sha256, work.actor)


OF_THE_FORM = frozenset({Kind.ITEM, Kind.SIGN, Kind.PARTY, Kind.SUBMIT})
APPLY: Mapping[Kind, Callable[[Work], Verdict]] = {
    Kind.ARRIVE: _arrive,
    Kind.ITEM: _item,
    Kind.OUTCOME: _outcome,
    Kind.ATTACH: _attach,
    Kind.DETACH: _detach,
    Kind.SIGN: _sign,
    Kind.PARTY: _party,
    Kind.REOPEN: _reopen,
    Kind.CONFIRM: _confirm,
    Kind.SUBMIT: _submit,
}
