"""Writing down a questioning, an inquest or a sampling on site: every save is a version, nothing is changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.papers.models import EntrySigning, SiteEntry
from joint_inspections.papers.queries import get_entry
from joint_inspections.papers.rules import WRITTEN, PaperKind, SignedState
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import FALLEN_AWAY, RECORDING
from joint_inspections.visits.services import own_part
from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from supervision.permissions import Actor

FORMAT = "site-entry/1"
QUESTION_KEYS = ("question", "answer")
SAMPLE_KEYS = ("name", "batch", "base", "quantity", "seal", "recipient")
ROW_KEYS: Mapping[PaperKind, tuple[str, ...]] = {
    PaperKind.QUESTIONING: QUESTION_KEYS,
    PaperKind.INQUEST: (),
    PaperKind.SAMPLING: SAMPLE_KEYS,
}
FIELDS: Mapping[PaperKind, tuple[str, ...]] = {
    PaperKind.QUESTIONING: ("place", "person_name", "person_role", "recusal"),
    PaperKind.INQUEST: ("place", "weather", "present", "found", "sketches"),
    PaperKind.SAMPLING: ("place", "present", "method", "remarks"),
}
# clocks of two devices differ a little
LEEWAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Written:
    """What an inspector typed."""

    started_at: datetime
    ended_at: datetime
    # two inspectors of the department, by their ids: who asks or does it, who writes it down
    officers: tuple[int, int]
    fields: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]


def writing_member(visit: Visit, actor: Actor) -> VisitMember:
    """Return the actor's place on the team while records are written, or refuse."""
    member = own_part(visit, actor)
    if visit.state not in RECORDING:
        raise WrongState("not-recording", "Records are written from the arrival until the record is handed in.")
    return member


def save_entry(
    session: Session,
    visit: Visit,
    kind: PaperKind,
    written: Written,
    *,
    entry_no: int,
    base: int,
    reason: str,
    actor: Actor,
) -> SiteEntry:
    """Keep what was typed as the next version of an entry; ``entry_no`` 0 begins a new one.

    ``base`` is the version the page showed: nobody's version is passed over unseen. The caller holds the visit.
    """
    if kind not in WRITTEN:
        raise NotFound
    member = writing_member(visit, actor)
    before = get_entry(session, visit, kind, entry_no) if entry_no else None
    if before is not None:
        _require_own(before, member)
        if before.version_no != base:
            raise Conflict("entry-changed", "A colleague saved this record meanwhile. Read it again, then save.")
    content = canonical_bytes(_content(visit, kind, written, member)).decode()
    if before is not None and before.content == content:
        return before
    if before is not None and before.signing is not None and not reason:
        raise Invalid("reason-needed", "This record was signed already. Say why it changes.", field="reason")
    entry = SiteEntry(
        visit_id=visit.id,
        department_id=member.department_id,
        kind=kind,
        entry_no=entry_no or _next_no(session, visit, kind),
        version_no=before.version_no + 1 if before else 1,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        reason=reason,
        written_by=actor.user_id,
        written_at=clock.now(),
    )
    session.add(entry)
    session.flush()
    details = {"kind": kind.value, "no": entry.entry_no, "version": entry.version_no, "digest": entry.digest}
    record(
        session,
        Event.SITE_ENTRY_SAVED,
        actor=actor,
        subject=("visit", visit.id),
        reason=reason,
        details=details,
    )
    return entry


def _next_no(session: Session, visit: Visit, kind: PaperKind) -> int:
    highest = sa.select(sa.func.max(SiteEntry.entry_no)).where(SiteEntry.visit_id == visit.id, SiteEntry.kind == kind)
    return (session.scalar(highest) or 0) + 1


def _require_own(entry: SiteEntry, member: VisitMember) -> None:
    if entry.department_id != member.department_id:
        raise Forbidden("other-department", "Inspectors of the department that wrote this record change it.")


def _content(visit: Visit, kind: PaperKind, written: Written, member: VisitMember) -> dict[str, object]:
    _require_times(visit, written)
    return {
        "format": FORMAT,
        "kind": kind.value,
        "started_at": clock.local(written.started_at).isoformat(timespec="minutes"),
        "ended_at": clock.local(written.ended_at).isoformat(timespec="minutes"),
        "officers": [_officer(visit, number, member.department_id) for number in _two(written.officers)],
        **{key: written.fields.get(key, "") for key in FIELDS[kind]},
        "rows": _rows(kind, written.rows),
    }


def _require_times(visit: Visit, written: Written) -> None:
    if written.ended_at < written.started_at:
        raise Invalid("ends-before-start", "The end is before the beginning. Correct one of them.", field="ended_at")
    if written.ended_at > clock.now() + LEEWAY:
        raise Invalid("not-over", "The end lies in the future. Enter when it ended.", field="ended_at")
    if visit.visited_at is not None and clock.local(written.started_at).date() < clock.local(visit.visited_at).date():
        raise Invalid("before-arrival", "That is before the day of the arrival.", field="started_at")


def _two(officers: tuple[int, int]) -> tuple[int, int]:
    if officers[0] == officers[1]:
        raise Invalid("one-officer", "Two different inspectors are needed.", field="second")
    return officers


def _officer(visit: Visit, inspector_id: int, department_id: int) -> dict[str, str]:
    for one in visit.team_now:
        if one.inspector_id == inspector_id and one.department_id == department_id:
            return {"certificate": one.inspector.certificate_number, "name": one.inspector.name}
    raise Invalid("officer-unknown", "Choose inspectors of your department who are on the team.", field="first")


def _rows(kind: PaperKind, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    found = [{key: row.get(key, "") for key in ROW_KEYS[kind]} for row in rows]
    found = [row for row in found if any(row.values())]
    if ROW_KEYS[kind] and not found:
        raise Invalid("no-rows", "Fill in at least one row.", field="rows")
    return found


def sign_entry(
    session: Session,
    visit: Visit,
    entry: SiteEntry,
    *,
    state: SignedState,
    name: str,
    note: str,
    second_id: int | None,
    seen: str,
    actor: Actor,
) -> EntrySigning:
    """Note what the person concerned did with the newest version; a refusal is noted by two officers (R-1.28)."""
    member = own_part(visit, actor)
    _require_own(entry, member)
    if visit.state in FALLEN_AWAY:
        raise WrongState("visit-called-off", "This visit was called off: no paper is issued of it any more.")
    if seen != entry.digest:
        raise Conflict("entry-changed", "A colleague saved this record meanwhile. Read it again, then save.")
    if entry.signing is not None:
        raise WrongState("entry-signed", "It is noted already what became of this version.")
    if state is SignedState.REFUSED:
        _require_witness(visit, member, note=note, second_id=second_id)
    signing = EntrySigning(
        entry_id=entry.id,
        state=state,
        name=name,
        note=note,
        second_id=second_id if state is SignedState.REFUSED else None,
        noted_by=actor.user_id,
        noted_at=clock.now(),
    )
    session.add(signing)
    session.flush()
    session.expire(entry, ["signing"])
    details = {"kind": entry.kind.value, "no": entry.entry_no, "version": entry.version_no, "state": state.value}
    record(session, Event.SITE_ENTRY_SIGNED, actor=actor, subject=("visit", visit.id), reason=note, details=details)
    return signing


def _require_witness(visit: Visit, member: VisitMember, *, note: str, second_id: int | None) -> None:
    if not note:
        raise Invalid("note-needed", "Write down the reason given for refusing.", field="note")
    others = {one.inspector_id for one in visit.team_now} - {member.inspector_id}
    if second_id not in others:
        raise Invalid("second-officer", "Choose the second officer who saw the refusal.", field="second")
