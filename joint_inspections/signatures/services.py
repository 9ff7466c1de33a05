"""Signing: inspectors under their sections, the enterprise under the whole record as it was read (R-1.28, T22)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import FileHolder, SealedFile
from joint_inspections.evidence.pictures import is_blank
from joint_inspections.evidence.queries import find_sealed
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.evidence.store import store_of
from joint_inspections.records import services as records
from joint_inspections.records.models import Section
from joint_inspections.records.queries import list_sections
from joint_inspections.records.rules import CARRIED_OUT
from joint_inspections.signatures.models import DrawnSignature, PartyEntry
from joint_inspections.signatures.queries import editions_of, is_used
from joint_inspections.signatures.rules import PartyAnswer
from joint_inspections.signatures.whole import digest_of_text, record_text, samples_digest
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING, SectionState
from joint_inspections.visits.services import own_part
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken, WrongState
from supervision.permissions import Actor

PAPER_TYPES = IMAGES | {"application/pdf"}


def sign_section(
    session: Session, visit: Visit, section: Section, *, seen: str, file_sha256: str | None, actor: Actor
) -> None:
    """Sign a section off (`records.sign_section`), with a drawn signature when there is one."""
    records.sign_section(session, visit, section, seen=seen, actor=actor)
    if file_sha256:
        draw_signature(session, visit, section, seen=seen, file_sha256=file_sha256, actor=actor)


def draw_signature(
    session: Session, visit: Visit, section: Section, *, seen: str, file_sha256: str, actor: Actor
) -> DrawnSignature:
    """Add the drawn signature of who signed a section off, for what the section says; an edit makes it invalid."""
    member = own_part(visit, actor)
    _require_recording(visit)
    if section.state is not SectionState.SIGNED or section.signed_by != member.inspector_id:
        raise WrongState("not-signer", "Whoever signed the section off draws their signature under it.")
    if seen != records.stored_digest(section):
        raise Conflict("section-changed", "A colleague changed this section meanwhile. Read it again, then sign off.")
    _check_drawing(session, file_sha256, by=actor.user_id)
    drawn = DrawnSignature(
        section_id=section.id, inspector_id=member.inspector_id, seen=seen, sha256=file_sha256,
        drawn_by=actor.user_id, drawn_at=clock.now(),
    )  # fmt: skip
    session.add(drawn)
    session.flush()
    record(
        session, Event.SIGNATURE_DRAWN, actor=actor, subject=("visit", visit.id),
        details={"department": section.department.code, "digest": seen, "sha256": file_sha256},
    )  # fmt: skip
    return drawn


def sign_by_party(
    session: Session, visit: Visit, *, how: str, seen: str, name: str, role: str, file_sha256: str | None,
    reason: str, second_inspector_id: int | None, actor: Actor, seen_samples: str | None = None,
) -> PartyEntry:  # fmt: skip
    """Note what the enterprise did with the whole record: ``signed``, ``paper`` or ``refused``.

    ``seen`` is the digest of the record as it was shown (`whole.record_digest`), ``seen_samples`` that of the samples
    where they were shown too; any change afterwards makes the entry invalid, and the enterprise is asked again. A
    signature needs its drawing, paper its photo or scan, both complete in the store; a refusal needs a reason and a
    second officer of the team, who confirms it (`confirming.confirm_refusal`, R-1.28).
    """
    officer = own_part(visit, actor)
    session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())
    require_answerable(session, visit)
    said, samples = record_text(session, visit), samples_digest(session, visit)
    if seen != digest_of_text(said) or seen_samples not in {None, samples}:
        raise Conflict("record-changed", "The record changed since it was shown. Show it to the enterprise again.")
    answer = _answer(how)
    entry = PartyEntry(
        visit_id=visit.id, how=answer, seen=seen, said=said, samples=samples,
        name=name.strip(), role=role.strip(),
        sha256="" if answer is PartyAnswer.REFUSED else file_sha256 or "", reason=reason.strip(),
        noted_by=actor.user_id, officer_id=officer.inspector_id, noted_at=clock.now(),
        edition=editions_of(session, [visit.id]).get(visit.id, 0),
        second_id=second_inspector_id if answer is PartyAnswer.REFUSED else None,
    )  # fmt: skip
    return enter_answer(session, visit, entry, actor=actor)


def enter_answer(session: Session, visit: Visit, entry: PartyEntry, *, actor: Actor) -> PartyEntry:
    """Check what an answer needs by its kind and keep it."""
    CHECKS[entry.how](session, visit, entry)
    session.add(entry)
    session.flush()
    session.refresh(entry)
    record(
        session, Event.PARTY_ANSWERED, actor=actor, subject=("visit", visit.id), reason=entry.reason,
        details={"how": entry.how.value, "digest": entry.seen, "sha256": entry.sha256, "second": entry.second_id},
    )  # fmt: skip
    return entry


def require_answerable(session: Session, visit: Visit) -> None:
    """Refuse to show a record for signing that is closed, or that may still be written."""
    _require_recording(visit)
    _require_readable(visit, list_sections(session, visit))


def _answer(how: str) -> PartyAnswer:
    # what is signed on the enterprise's own phone comes from there alone
    if how not in set(PartyAnswer) - {PartyAnswer.OWN_PHONE}:
        raise Invalid("wrong-answer", "Choose what the enterprise did with the record.", field="how")
    return PartyAnswer(how)


def _require_recording(visit: Visit) -> None:
    if visit.state not in RECORDING:
        raise WrongState(
            "not-recording", "The record is not open for entries now. Reload the page to see where it stands."
        )


def _require_readable(visit: Visit, sections: Sequence[Section]) -> None:
    """Refuse while the record is unfinished: nobody signs what may still be written."""
    if not visit.outcome_code:
        raise Invalid("no-outcome", "Say first how the visit went (outcome of the visit).", field="outcome")
    unsigned = [one.department.name_zh for one in sections if one.state is not SectionState.SIGNED]
    if unsigned and visit.outcome_code in CARRIED_OUT:
        raise RuleBroken(
            "sections-open",
            "Not signed off yet: %(departments)s. The enterprise is shown the record when every department has signed.",
            rule="R-1.28",
            departments="、".join(unsigned),
        )


def _check_signed(session: Session, visit: Visit, entry: PartyEntry) -> None:  # noqa: ARG001 - alike for each answer
    _require_person(entry)
    _check_drawing(session, entry.sha256, by=entry.noted_by)


def _check_paper(session: Session, visit: Visit, entry: PartyEntry) -> None:  # noqa: ARG001 - alike for each answer
    _require_person(entry)
    sealed = find_sealed(session, entry.sha256) if _held(session, entry.sha256, entry.noted_by) else None
    if sealed is None or sealed.media_type not in PAPER_TYPES:
        raise Invalid("paper-missing", "Add a photo or a scan (PDF) of the signed paper.", field="file")
    _require_unused(session, entry.sha256)


def _check_refused(session: Session, visit: Visit, entry: PartyEntry) -> None:  # noqa: ARG001 - alike for each answer
    if not entry.reason:
        raise Invalid(
            "reason-needed", "Say why the enterprise did not sign, in its own words if possible.", field="reason"
        )
    team = {one.inspector_id for one in visit.team_now}
    if entry.second_id is None or entry.second_id == entry.officer_id:
        raise Invalid("second-needed", "Two officers note a refusal: choose a colleague of the team.", field="second")
    if entry.second_id not in team:
        raise Forbidden("second-not-on-team", "The second officer must be on the team.")


CHECKS = {
    PartyAnswer.SIGNED: _check_signed,
    PartyAnswer.OWN_PHONE: _check_signed,
    PartyAnswer.PAPER: _check_paper,
    PartyAnswer.REFUSED: _check_refused,
}


def _require_person(entry: PartyEntry) -> None:
    if not entry.name:
        raise Invalid("name-needed", "Write the name of the person who signed.", field="name")
    if not entry.role:
        raise Invalid(
            "role-needed", "Write what the person is at the enterprise, such as manager on duty.", field="role"
        )


def _held(session: Session, sha256: str, by: int | None) -> bool:
    """Say whether the file a person names is theirs: a digest alone signs nothing."""
    return by is None or session.get(FileHolder, (sha256, by)) is not None


def _check_drawing(session: Session, sha256: str, *, by: int | None) -> None:
    sealed = find_sealed(session, sha256) if _held(session, sha256, by) else None
    if sealed is None or sealed.media_type not in IMAGES:
        raise Invalid("drawing-missing", "The signature is missing. Draw it, or add a picture of it.", field="file")
    if is_blank(store_of(session).copy(sha256, "view")):
        raise Invalid("drawing-empty", "Nothing is drawn. Sign in the field.", field="file")
    _require_unused(session, sha256)


def _require_unused(session: Session, sha256: str) -> None:
    # held, so that two visits cannot take the same signature at the same moment
    session.execute(sa.select(SealedFile.sha256).where(SealedFile.sha256 == sha256).with_for_update())
    if is_used(session, sha256):
        raise Conflict("signature-used", "This very signature was handed in before. Sign or photograph anew.")
