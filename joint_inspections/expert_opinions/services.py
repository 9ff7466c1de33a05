"""An expert writes, adds files and signs, by the own account; nothing is ever replaced, and nothing is decided."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.evidence.rules import IMAGES
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.expert_opinions.models import ExpertFile, ExpertOpinion, ExpertSigning
from joint_inspections.expert_opinions.queries import load_opinion
from joint_inspections.expert_opinions.rules import LONGEST_TEXT, MOST_FILES, OPEN_FOR_OPINIONS, SignedState, digest_of
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.rules import PlaceState
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.permissions import Actor

DOCUMENT = "application/pdf"


def may_write(place: ExpertPlace) -> bool:
    """Say whether the expert can write now: they take part, the team is there, the result is not public yet."""
    return place.state is PlaceState.ACCEPTED and place.visit.state in OPEN_FOR_OPINIONS


def save_opinion(
    session: Session, place: ExpertPlace, *, item_id: int | None, text: str, actor: Actor
) -> ExpertOpinion:
    """Write a word on an item of the visit, or on the whole; an earlier word stays and counts no longer."""
    _check(session, place, item_id, actor=actor)
    if not 0 < len(text) <= LONGEST_TEXT:
        raise Invalid(
            "opinion-length", "Write your opinion, at most %(most)s characters.", field="text", most=LONGEST_TEXT
        )
    opinion = ExpertOpinion(place_id=place.id, item_id=item_id, text=text, written_at=clock.now())
    session.add(opinion)
    session.flush()
    details = {"expert": place.expert_id, "opinion": opinion.id, "digest": digest_of(text.encode())}
    record(session, Event.EXPERT_OPINION_SAVED, actor=actor, subject=("visit", place.visit_id), details=details)
    return opinion


def add_file(
    session: Session,
    place: ExpertPlace,
    *,
    data: bytes,
    media_type: str,
    item_id: int | None,
    caption: str,
    actor: Actor,
) -> ExpertFile:
    """Keep a photo or document with the evidence and add it to the opinion."""
    _check(session, place, item_id, actor=actor)
    if media_type not in IMAGES and media_type != DOCUMENT:
        raise Invalid("opinion-file-type", "Add photos (JPEG, PNG, WebP) or documents (PDF).", field="files")
    files = sa.select(sa.func.count()).select_from(ExpertFile).where(ExpertFile.place_id == place.id)
    if (session.scalar(files) or 0) >= MOST_FILES:
        raise Invalid("opinion-files", "An opinion has at most %(most)s files.", field="files", most=MOST_FILES)
    sha256 = keep_bytes(session, data, media_type=media_type, actor=actor)
    same = sa.select(ExpertFile.id).where(
        ExpertFile.place_id == place.id, ExpertFile.sha256 == sha256, ExpertFile.item_id.is_not_distinct_from(item_id)
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict("opinion-file-there", "This very file is added here already.")
    added = ExpertFile(place_id=place.id, item_id=item_id, sha256=sha256, caption=caption[:200], added_at=clock.now())
    session.add(added)
    session.flush()
    details = {"expert": place.expert_id, "sha256": sha256}
    record(session, Event.EXPERT_FILE_ADDED, actor=actor, subject=("visit", place.visit_id), details=details)
    return added


def sign(session: Session, place: ExpertPlace, *, seen: str, actor: Actor) -> ExpertSigning:
    """Sign everything written as the expert saw it: its digest is kept with the words and noted in the audit log."""
    _check(session, place, None, actor=actor)
    opinion = load_opinion(session, place)
    if opinion.state is SignedState.NOTHING:
        raise WrongState("opinion-empty", "Write an opinion first.")
    if opinion.state is SignedState.SIGNED:
        raise WrongState("opinion-signed", "The opinions are signed as they stand.")
    if seen != opinion.digest:
        raise Conflict("opinion-changed", "Something was added meanwhile. Read it again, then sign.")
    signing = ExpertSigning(
        place_id=place.id, content=opinion.content.decode(), digest=opinion.digest, signed_at=clock.now()
    )
    session.add(signing)
    session.flush()
    details = {"expert": place.expert_id, "digest": signing.digest}
    record(session, Event.EXPERT_OPINION_SIGNED, actor=actor, subject=("visit", place.visit_id), details=details)
    return signing


def _check(session: Session, place: ExpertPlace, item_id: int | None, *, actor: Actor) -> None:
    if actor.expert_id is None or place.expert_id != actor.expert_id:
        raise Forbidden("not-this-expert", "Only the expert who was drawn can do this.")
    # one word after the other: what is signed is what was there
    session.refresh(place, ["state"], with_for_update=True)
    if not may_write(place):
        raise WrongState(
            "opinion-closed", "Opinions are written from the arrival of the team until the result is published."
        )
    if item_id is not None and item_id not in {one.item_id for one in place.visit.plan_version.items}:
        raise Invalid("opinion-item", "Choose an item of this inspection.", field="item")
