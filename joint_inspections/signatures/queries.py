"""Reading signatures. Callers have loaded the visit for their viewer already."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.records.models import Section
from joint_inspections.records.services import stored_digest
from joint_inspections.signatures.models import DrawnSignature, PartyConfirmation, PartyEntry
from joint_inspections.signatures.rules import CHANGES, Answered, PartyAnswer, Standing, standing
from joint_inspections.signatures.whole import digest_of_text, record_text, samples_digest
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING, SectionState
from supervision.audit.models import AuditEntry
from supervision.errors import NotFound


@dataclass(frozen=True, slots=True)
class PartyState:
    """The newest answer of the enterprise and whether it is for the record as it is now."""

    standing: Standing
    entry: PartyEntry | None
    digest: str
    # of the samples that count now
    samples: str


def list_party_entries(session: Session, visit: Visit) -> Sequence[PartyEntry]:
    """List the answers of the enterprise to the record of a visit, newest first."""
    statement = sa.select(PartyEntry).where(PartyEntry.visit_id == visit.id).order_by(PartyEntry.id.desc())
    return session.scalars(statement).all()


def party_state(session: Session, visit: Visit) -> PartyState:
    """Say whether the enterprise has answered the record as it is now."""
    newest = next(iter(list_party_entries(session, visit)), None)
    text, samples = record_text(session, visit), samples_digest(session, visit)
    return PartyState(standing(_answer(session, visit, newest, text, samples)), newest, digest_of_text(text), samples)


def _answer(session: Session, visit: Visit, entry: PartyEntry | None, text: str, samples: str) -> Answered | None:
    """Compare an answer with the record as it is now, in the format of its time."""
    if entry is None:
        return None
    said = text if names_samples(entry) else record_text(session, visit, with_samples=False)
    edition = editions_of(session, [visit.id]).get(visit.id, 0)
    return answered(entry, seen=digest_of_text(said), samples=samples, edition=edition)


def names_samples(entry: PartyEntry) -> bool:
    """Say whether the text an answer was given for holds the samples: older ones were kept beside it."""
    return "samples" in json.loads(entry.said)


def answered(entry: PartyEntry, *, seen: str, samples: str, edition: int) -> Answered:
    """Return what the standing of an answer depends on, beside the record as it is now."""
    same = (entry.seen, entry.samples) == (seen, samples) and entry.edition in {None, edition}
    second = entry.confirmation
    return Answered(entry.how is PartyAnswer.REFUSED, same, second.agrees if second else None)


def editions_of(session: Session, visit_ids: Collection[int]) -> dict[int, int]:
    """Return, by visit, the last change of the record in the log: what is changed and changed back is another edition.

    A digest alone would let an old answer stand again without anybody having been asked.
    """
    statement = (
        sa.select(AuditEntry.subject_id, sa.func.max(AuditEntry.seq))
        .where(
            AuditEntry.subject_kind == "visit",
            AuditEntry.subject_id.in_([str(one) for one in visit_ids]),
            AuditEntry.event.in_(CHANGES),
        )
        .group_by(AuditEntry.subject_id)
    )
    return {int(visit_id): seq for visit_id, seq in session.execute(statement)}


def list_to_confirm(session: Session) -> Sequence[PartyEntry]:
    """List the refusals that their second officers have said nothing of, the newest of each visit still recorded."""
    later = sa.orm.aliased(PartyEntry)
    statement = (
        sa.select(PartyEntry)
        .join(Visit, Visit.id == PartyEntry.visit_id)
        .where(
            PartyEntry.how == PartyAnswer.REFUSED,
            PartyEntry.second_id.is_not(None),
            Visit.state.in_(RECORDING),
            ~sa.exists().where(PartyConfirmation.entry_id == PartyEntry.id),
            ~sa.exists().where(later.visit_id == PartyEntry.visit_id, later.id > PartyEntry.id),
        )
        .order_by(PartyEntry.id)
    )
    return session.scalars(statement).all()


def valid_signatures(session: Session, sections: Iterable[Section]) -> dict[int, DrawnSignature]:
    """Return, by section, the drawn signatures that stand: of who signed it off, for what it says now."""
    signed = {one.id: one for one in sections if one.state is SectionState.SIGNED}
    statement = sa.select(DrawnSignature).where(DrawnSignature.section_id.in_(signed)).order_by(DrawnSignature.id)
    return {one.section_id: one for one in session.scalars(statement) if _stands(one, signed[one.section_id])}


def _stands(drawn: DrawnSignature, section: Section) -> bool:
    """Say whether a drawing is under the sign-off that stands: not under an earlier one, whatever the section says."""
    return (
        drawn.inspector_id == section.signed_by
        and drawn.seen == stored_digest(section)
        and section.signed_at is not None
        and drawn.drawn_at >= section.signed_at
    )


def get_party_entry(session: Session, visit: Visit, entry_id: int) -> PartyEntry:
    """Return an answer of the enterprise to this visit's record or refuse."""
    found = session.scalar(sa.select(PartyEntry).where(PartyEntry.id == entry_id, PartyEntry.visit_id == visit.id))
    if found is None:
        raise NotFound
    return found


def get_drawn(session: Session, visit: Visit, signature_id: int) -> DrawnSignature:
    """Return a drawn signature under a section of this visit or refuse."""
    found = session.scalar(
        sa.select(DrawnSignature)
        .join(Section, Section.id == DrawnSignature.section_id)
        .where(DrawnSignature.id == signature_id, Section.visit_id == visit.id)
    )
    if found is None:
        raise NotFound
    return found


def is_used(session: Session, sha256: str) -> bool:
    """Say whether a signature with these bytes was given before: nobody draws the same one twice."""
    statements = (
        sa.select(PartyEntry.id).where(PartyEntry.sha256 == sha256),
        sa.select(DrawnSignature.id).where(DrawnSignature.sha256 == sha256),
    )
    return any(session.scalar(one.limit(1)) is not None for one in statements)
