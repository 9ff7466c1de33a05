"""Making a package: gathered, listed in a manifest, logged, written once; the same state gives the same bytes."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from joint_inspections.archive import queries
from joint_inspections.archive.gathering import Asked, Content, gather
from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.packing import Progress, guide, measured, path_of, program_files, write_package
from joint_inspections.archive.proving import Anchored, anchor, proof_bytes
from joint_inspections.archive.rules import MANIFEST, PROOF, Heading, PackageKind, digest_of, manifest_bytes
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.queries import newest as newest_audit
from supervision.audit.services import record
from supervision.errors import WrongState
from supervision.permissions import Actor


def quietly(done: int, total: int) -> None:
    """Tell nobody how far the packing is."""


def make_package(
    session: Session,
    visit: Visit,
    kind: PackageKind,
    *,
    district: Mapping[str, str],
    actor: Actor,
    progress: Progress = quietly,
) -> ArchivePackage:
    """Return the package of a closed visit as it stands, made now where something was added. The caller holds the row.

    Nothing is made twice: where all is as it was, the package that is there is the answer, its file put back if lost.
    """
    if visit.number is None or not queries.is_closed(session, visit):
        raise WrongState(
            "visit-not-closed",
            "A package is made of a closed visit: its result published and its follow-ups closed.",
        )
    mark = queries.mark_digests(session, [visit.id])[visit.id]
    newest = queries.newest_package(session, visit, kind)
    if newest is not None and newest.mark == mark and path_of(session, newest.sha256).exists():
        return newest
    unchanged = newest is not None and newest.mark == mark
    seq = newest.audit_seq if newest is not None and unchanged else newest_audit(session)[0]
    files = _files(session, Asked(visit, kind, district, seq))
    known = queries.find_by_manifest(session, visit, kind, digest_of(_bytes(files[MANIFEST])))
    if known is not None:
        return _put_back(session, visit, known, files, progress=progress)
    return _make(session, visit, (kind, mark, seq), files, actor=actor, progress=progress)


def _files(session: Session, asked: Asked) -> dict[str, Content]:
    visit = asked.visit
    number = visit.number or ""
    files: dict[str, Content] = {**gather(session, asked), **program_files(), **guide(number)}
    visited_on = clock.local(visit.visited_at).date().isoformat() if visit.visited_at else ""
    heading = Heading(number, asked.kind, visit.entity.name, visit.entity.unit_id, visited_on)
    files[MANIFEST] = manifest_bytes(heading, measured(files))
    return files


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _put_back(
    session: Session, visit: Visit, known: ArchivePackage, files: dict[str, Content], *, progress: Progress
) -> ArchivePackage:
    """Write the file of a package anew where it was lost; its bytes are the same."""
    if not path_of(session, known.sha256).exists():
        anchored = Anchored(known.leaf_index, known.anchor_index, known.checkpoint_size)
        files[PROOF] = proof_bytes(session, visit, anchored)
        write_package(session, files, progress)
    return known


def _make(
    session: Session,
    visit: Visit,
    what: tuple[PackageKind, str, int],
    files: dict[str, Content],
    *,
    actor: Actor,
    progress: Progress,
) -> ArchivePackage:
    kind, mark, seq = what
    newest = queries.newest_package(session, visit, kind)
    manifest = digest_of(_bytes(files[MANIFEST]))
    anchored = anchor(session, manifest)
    files[PROOF] = proof_bytes(session, visit, anchored)
    sha256, size = write_package(session, files, progress)
    package = ArchivePackage(
        visit_id=visit.id,
        kind=kind,
        version_no=newest.version_no + 1 if newest is not None else 1,
        manifest=manifest,
        sha256=sha256,
        size=size,
        files=len(files),
        mark=mark,
        audit_seq=seq,
        leaf_index=anchored.leaf_index,
        anchor_index=anchored.anchor_index,
        checkpoint_size=anchored.checkpoint_size,
        made_by=actor.user_id,
        made_at=clock.now(),
    )
    session.add(package)
    session.flush()
    details = {"kind": kind.value, "version": package.version_no, "manifest": manifest, "sha256": sha256}
    record(session, Event.VISIT_ARCHIVED, actor=actor, subject=("visit", visit.id), details=details)
    return package
