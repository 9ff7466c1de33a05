"""Everything that goes into the package of a visit, each file by its place, the same for the same state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.archive.names import Names
from joint_inspections.archive.related import OF_ENTITY as ROWS_OF_ENTITY
from joint_inspections.archive.related import Rows, plain, rows_of
from joint_inspections.archive.rules import OF_ENTITY, PackageKind
from joint_inspections.corrections.models import CorrectionEntry, CorrectionFile
from joint_inspections.evidence.models import Attachment, Sample, SampleResult, SealedFile
from joint_inspections.evidence.queries import find_sealed, list_attachments
from joint_inspections.evidence.rules import ENDINGS, IMAGES
from joint_inspections.evidence.store import Store, store_of
from joint_inspections.expert_opinions.queries import digests_of_visit
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.notices.queries import list_notices
from joint_inspections.papers.queries import list_papers
from joint_inspections.papers.rules import LANGUAGES, PaperKind
from joint_inspections.papers.services import Letterhead, Order, draft, frame_of
from joint_inspections.papers.speaking import Words
from joint_inspections.papers.subjects import Subject, departments_of
from joint_inspections.records.models import RecordVersion, Section
from joint_inspections.records.queries import list_versions
from joint_inspections.signatures.models import DrawnSignature, PartyEntry
from joint_inspections.transfers.models import Transfer
from joint_inspections.visits.models import Visit
from sampling.canonical import canonical_bytes
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.clock import local
from supervision.rendering import render

Content = bytes | Path
# entries that making and handing out packages leave behind: they come after what they speak of
OWN_EVENTS = (Event.VISIT_ARCHIVED,)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which package of a visit, under which names of the district, with audit entries up to which one."""

    visit: Visit
    kind: PackageKind
    district: Mapping[str, str]
    audit_seq: int

    @property
    def inside(self) -> bool:
        """Whether it is for the house itself."""
        return self.kind is PackageKind.FILE


def gather(session: Session, asked: Asked) -> dict[str, Content]:
    """Return the content of every file but manifest, proof and program."""
    parts = (_record, _papers, _files, _rows, _audit)
    return {name: content for part in parts for name, content in part(session, asked)}


def _record(session: Session, asked: Asked) -> Iterator[tuple[str, Content]]:
    """Yield every version of the record as it was handed in, and the newest drawn in both languages."""
    versions = list_versions(session, asked.visit)
    for version in versions:
        yield f"record/record-v{version.version_no}.json", version.content.encode()
    for language in LANGUAGES if versions else ():
        drawn = _drawn_record(session, asked, versions[0], language)
        yield f"record/record-v{versions[0].version_no}-{language}.pdf", drawn


def _drawn_record(session: Session, asked: Asked, version: RecordVersion, language: str) -> bytes:
    """Draw the record as the platform shows it: without a code, for the paper that was issued has its own."""
    visit = asked.visit
    subject = Subject(PaperKind.RECORD, "record", departments_of(visit), "", "", "", version)
    head = Letterhead(district=asked.district, verify_url=lambda _token: "")
    number = f"{visit.number}-v{version.version_no}"
    frame = frame_of(session, visit, subject, language=language, letterhead=head, issue=(number, ""))
    # the day of the record, not of the making: the same state gives the same bytes
    dated = replace(frame, issued=Words(language).day(local(version.submitted_at).date()))
    return render("visit_paper", draft(session, dated, subject, Order("record", language)))


def _papers(session: Session, asked: Asked) -> Iterator[tuple[str, Content]]:
    """Yield every paper byte for byte as it was issued, superseded ones too."""
    for notice in list_notices(session, asked.visit):
        yield f"papers/{notice.number}.pdf", notice.pdf
    for paper in list_papers(session, asked.visit):
        if asked.inside or paper.kind in OF_ENTITY:
            yield f"papers/{paper.number}.pdf", paper.pdf


def _files(session: Session, asked: Asked) -> Iterator[tuple[str, Content]]:
    """Yield originals for the house, copies without what the camera wrote for the enterprise; and what each is."""
    store = store_of(session)
    listed: Rows = []
    for sha256 in _digests(session, asked):
        file = find_sealed(session, sha256)
        if file is None:
            continue
        place = _place(store, file, inside=asked.inside)
        listed.append(_described(file, packed=place[0] if place else "", inside=asked.inside))
        if place is not None:
            yield place
    if listed:
        yield "evidence/files.json", canonical_bytes(listed)


def _place(store: Store, file: SealedFile, *, inside: bool) -> tuple[str, Path] | None:
    if inside:
        return f"evidence/originals/{file.sha256}.{ENDINGS[file.media_type]}", store.original(file.sha256)
    if file.media_type not in IMAGES or not store.copy(file.sha256, "view").exists():
        return None
    return f"evidence/copies/{file.sha256}.jpg", store.copy(file.sha256, "view")


def _described(file: SealedFile, *, packed: str, inside: bool) -> dict[str, object]:
    said: dict[str, object] = {
        "sha256": file.sha256, "size": file.size, "media_type": file.media_type, "packed_as": packed,
        "received_at": plain(file.sealed_at),
    }  # fmt: skip
    if inside:
        said |= {"camera_time": file.camera_time, "camera_place": plain(file.camera_place)}
    return said


def _digests(session: Session, asked: Asked) -> list[str]:
    """Return the digests of all files of the visit, also of those taken out again; the enterprise gets what counts."""
    visit = asked.visit
    attached = [one.sha256 for one in list_attachments(session, visit, detached=asked.inside)]
    sections = sa.select(Section.id).where(Section.visit_id == visit.id)
    samples = sa.select(Sample.id).where(Sample.visit_id == visit.id)
    sent = sa.select(CorrectionEntry.id).join(CorrectionEntry.follow_up).where(FollowUp.visit_id == visit.id)
    statements = [
        sa.select(PartyEntry.sha256).where(PartyEntry.visit_id == visit.id, PartyEntry.sha256 != ""),
        sa.select(SampleResult.sha256).where(SampleResult.sample_id.in_(samples)),
        sa.select(CorrectionFile.sha256).where(CorrectionFile.entry_id.in_(sent)),
    ]
    if asked.inside:
        statements.append(sa.select(DrawnSignature.sha256).where(DrawnSignature.section_id.in_(sections)))
        attached += digests_of_visit(session, visit)
    return sorted({*attached, *(one for each in statements for one in session.scalars(each))})


def _rows(session: Session, asked: Asked) -> Iterator[tuple[str, Content]]:
    """Yield what the registers keep of the visit, a file for each table."""
    names = Names(session)
    only = () if asked.inside else tuple(sorted(ROWS_OF_ENTITY))
    for table, rows in rows_of(session, asked.visit.id, names, only=only, people=asked.inside):
        yield f"rows/{table}.json", canonical_bytes(rows)


def _audit(session: Session, asked: Asked) -> Iterator[tuple[str, Content]]:
    if not asked.inside:
        return
    follow_ups = sa.select(sa.cast(FollowUp.id, sa.String)).where(FollowUp.visit_id == asked.visit.id)
    own = sa.and_(AuditEntry.subject_kind == "visit", AuditEntry.subject_id == str(asked.visit.id))
    transfers = sa.select(sa.cast(Transfer.id, sa.String)).where(Transfer.visit_id == asked.visit.id)
    handed = sa.and_(AuditEntry.subject_kind == "transfer", AuditEntry.subject_id.in_(transfers))
    following = sa.and_(AuditEntry.subject_kind == "follow_up", AuditEntry.subject_id.in_(follow_ups))
    statement = (
        sa.select(AuditEntry)
        .where(sa.or_(own, following, handed), AuditEntry.seq <= asked.audit_seq, AuditEntry.event.not_in(OWN_EVENTS))
        .order_by(AuditEntry.seq)
    )
    entries = [{**one.fields(), "previous": one.previous, "hash": one.hash} for one in session.scalars(statement)]
    yield "audit/entries.json", canonical_bytes(entries)


def count_bytes(session: Session, visit: Visit) -> int:
    """Return roughly how much there is to pack: the files decide."""
    attached = sa.select(Attachment.sha256).where(Attachment.visit_id == visit.id)
    return session.scalar(sa.select(sa.func.sum(SealedFile.size)).where(SealedFile.sha256.in_(attached))) or 0
