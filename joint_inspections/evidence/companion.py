"""Evidence as part of a record: digests, places in the form and claims of every file, samples taken."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, Sample
from joint_inspections.evidence.queries import list_attachments, list_samples, missing_files
from joint_inspections.evidence.rules import Purpose
from joint_inspections.records.models import Section
from joint_inspections.visits.models import Visit
from supervision.clock import local
from supervision.errors import RuleBroken


class EvidenceOfRecord:
    """What `records` asks about evidence when a record is handed in."""

    def require_complete(self, session: Session, visit: Visit, sections: Sequence[Section]) -> None:  # noqa: ARG002
        """Refuse while bytes of an attached file are still on a phone: a file counts when it has arrived."""
        missing = missing_files(session, visit)
        if missing:
            raise RuleBroken(
                "files-missing",
                "Files have not arrived yet: %(numbers)s. Send them from the phone, or take them out with a reason.",
                rule="T37",
                numbers="、".join(str(one.number) for one in missing),
            )

    def photos(self, session: Session, visit: Visit) -> Collection[tuple[int, int]] | None:
        """Return the (item, check point) with a photo, also one still on its way: the handing in waits for it."""
        shown = list_attachments(session, visit)
        return {
            (one.item_id, one.point_id)
            for one in shown
            if one.purpose is Purpose.PHOTO and one.item_id is not None and one.point_id is not None
        }

    def content(self, session: Session, visit: Visit, sections: Sequence[Section]) -> Mapping[str, object]:
        """Return what the record says of files and samples."""
        codes = {one.id: one.department.code for one in sections}
        return {
            "attachments": [_attachment(one, codes) for one in list_attachments(session, visit)],
            "samples": [_sample(one, codes) for one in list_samples(session, visit) if one.withdrawal is None],
        }


def _attachment(one: Attachment, codes: Mapping[int, str]) -> dict[str, object]:
    file = one.file
    return {
        "no": one.number,
        "id": one.id,
        "sha256": one.sha256,
        "size": file.size if file else None,
        "media_type": file.media_type if file else None,
        "department": codes.get(one.section_id) if one.section_id else None,
        "item": one.item.code if one.item else None,
        "point": one.point.no if one.point else None,
        "purpose": one.purpose.value,
        "caption": one.caption,
        "claimed_time": local(one.taken_at).isoformat(timespec="seconds") if one.taken_at else None,
        "claimed_place": _place(one.place),
        "camera_time": file.camera_time if file else "",
        "attached_at": local(one.attached_at).isoformat(timespec="seconds"),
        "attached_by": one.attacher.name if one.attacher else None,
        "received_at": local(file.sealed_at).isoformat(timespec="seconds") if file else None,
    }


def _place(place: Mapping[str, float] | None) -> dict[str, str] | None:
    # as text: a record holds no binary fractions
    return {name: str(value) for name, value in sorted(place.items())} if place else None


def _sample(one: Sample, codes: Mapping[int, str]) -> dict[str, object]:
    return {
        "no": one.number,
        "department": codes.get(one.section_id),
        "item": one.item.code if one.item else None,
        "what": one.what,
        "amount": one.amount,
        "sealed": one.sealed,
        "seal_number": one.seal_number,
        "given_to": one.given_to,
        "taken_by": one.taker.certificate_number,
        "recorded_at": local(one.recorded_at).isoformat(timespec="seconds"),
    }
