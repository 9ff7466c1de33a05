"""Experts as part of a record: who assisted, what they wrote by then, under which signature. They sign no section."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from joint_inspections.expert_opinions.queries import Opinion, list_opinions
from joint_inspections.expert_opinions.rules import SignedState
from joint_inspections.records.models import Section
from joint_inspections.visits.models import Visit
from supervision.clock import local


class ExpertsOfRecord:
    """What `records` asks about experts when a record is handed in."""

    def require_complete(self, session: Session, visit: Visit, sections: Sequence[Section]) -> None:
        """Bar nothing: an opinion helps, and no inspection waits for it."""

    def photos(self, session: Session, visit: Visit) -> Collection[tuple[int, int]] | None:  # noqa: ARG002
        """Know nothing of photos of check points: those are the inspectors' own."""
        return None

    def content(self, session: Session, visit: Visit, sections: Sequence[Section]) -> Mapping[str, object]:  # noqa: ARG002
        """Return what the record says of experts; nothing where none took part."""
        found = list_opinions(session, visit)
        return {"experts": [_said(one) for one in found]} if found else {}


def _said(one: Opinion) -> dict[str, object]:
    expert, signing = one.place.expert, one.signing if one.state is SignedState.SIGNED else None
    return {
        "name": expert.name,
        "organization": expert.organization,
        "field": one.place.field,
        "draw": one.place.expert_draw.number,
        "drawn_as": one.place.pseudonym,
        "opinions": [
            {
                "item": row.newest.item.code if row.newest.item else None,
                "text": row.newest.text,
                "at": local(row.newest.written_at).isoformat(timespec="seconds"),
            }
            for row in one.items
        ],
        "files": [
            {"item": row.item.code if row.item else None, "sha256": row.sha256, "caption": row.caption}
            for row in one.files
        ],
        "signed_at": local(signing.signed_at).isoformat(timespec="seconds") if signing else None,
        "digest": signing.digest if signing else None,
    }
