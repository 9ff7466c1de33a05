"""Reading what experts wrote: by the expert, by those who see the visit, and for its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.expert_opinions.models import ExpertFile, ExpertOpinion, ExpertSigning
from joint_inspections.expert_opinions.rules import Added, Said, SignedState, digest_of, signed_bytes, state_of
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.queries import experts_of, get_own_place
from joint_inspections.experts.rules import PlaceState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit
from supervision.errors import NotFound
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class ItemOpinion:
    """What an expert wrote on one item: the newest word counts, the earlier ones stay."""

    newest: ExpertOpinion
    earlier: tuple[ExpertOpinion, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Everything of one expert on one visit."""

    place: ExpertPlace
    items: tuple[ItemOpinion, ...]
    files: tuple[ExpertFile, ...]
    signing: ExpertSigning | None
    content: bytes

    @property
    def digest(self) -> str:
        """The digest of what would be signed now."""
        return digest_of(self.content)

    @property
    def state(self) -> SignedState:
        """How the signature stands."""
        signed = self.signing.digest if self.signing else None
        return state_of(written=bool(self.items or self.files), digest=self.digest, signed=signed)


def load_opinion(session: Session, place: ExpertPlace) -> Opinion:
    """Return what an expert wrote on a visit."""
    rows = session.scalars(
        sa.select(ExpertOpinion).where(ExpertOpinion.place_id == place.id).order_by(ExpertOpinion.id)
    ).all()
    ordered = sorted(rows, key=lambda one: (_code(one), one.id))
    items = []
    for _item, group in groupby(ordered, key=_code):
        *earlier, newest = group
        items.append(ItemOpinion(newest, tuple(reversed(earlier))))
    files = session.scalars(sa.select(ExpertFile).where(ExpertFile.place_id == place.id).order_by(ExpertFile.id)).all()
    signing = session.scalar(
        sa.select(ExpertSigning).where(ExpertSigning.place_id == place.id).order_by(ExpertSigning.id.desc()).limit(1)
    )
    content = signed_bytes(
        visit=place.visit.number or "",
        expert=f"{place.expert_draw.number} {place.pseudonym}",
        said=[Said(_code(one.newest), one.newest.text, one.newest.written_at) for one in items],
        added=[Added(_code(one), one.sha256, one.caption) for one in files],
    )
    return Opinion(place, tuple(items), tuple(files), signing, content)


def _code(row: ExpertOpinion | ExpertFile) -> str:
    return row.item.code if row.item is not None else ""


def list_opinions(session: Session, visit: Visit) -> list[Opinion]:
    """List what the experts of a visit wrote, those too who wrote nothing yet."""
    return [load_opinion(session, place) for place in experts_of(visit)]


def get_writing_place(session: Session, viewer: Actor, place_id: int) -> ExpertPlace:
    """Return the viewer's own place on a visit in which they take part, or refuse."""
    place = get_own_place(session, viewer, place_id)
    if place.state is not PlaceState.ACCEPTED:
        raise NotFound
    return place


def get_file(session: Session, viewer: Actor, visit_id: int, file_id: int) -> ExpertFile:
    """Return a file of an expert: to the expert, or to whoever sees the visit."""
    found = session.get(ExpertFile, file_id)
    if found is None or found.place.visit_id != visit_id:
        raise NotFound
    if viewer.expert_id is None:
        get_visit(session, viewer, visit_id)
    else:
        get_writing_place(session, viewer, found.place_id)
    return found


def digests_of_visit(session: Session, visit: Visit) -> Sequence[str]:
    """Return the digests of all files that experts added on a visit."""
    statement = sa.select(ExpertFile.sha256).join(ExpertPlace, ExpertPlace.id == ExpertFile.place_id)
    return session.scalars(statement.where(ExpertPlace.visit_id == visit.id)).all()
