"""Who has which file, and how much anybody may leave unfinished.

A digest is printed on papers that many people read, so naming one proves nothing: only whoever declared a file before
its bytes were here, or sent the bytes, has it, and lends it to the own team.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, FileHolder, SealedFile, StoredFile
from joint_inspections.evidence.rules import MEGABYTE
from joint_inspections.evidence.store import store_of
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.accounts.models import User
from supervision.errors import TooMany
from supervision.parameters.queries import get_number
from supervision.permissions import Actor


def hold(session: Session, sha256: str, user_id: int | None) -> None:
    """Note that somebody has a file; noted once."""
    if user_id is None or session.get(FileHolder, (sha256, user_id)) is not None:
        return
    try:
        with session.begin_nested():
            session.add(FileHolder(sha256=sha256, user_id=user_id, since=clock.now()))
            session.flush()
    except IntegrityError:  # another phone of the same person, in the same moment
        session.expire_all()


def holds(session: Session, sha256: str, actor: Actor) -> bool:
    """Say whether this person has a file."""
    return actor.user_id is None or session.get(FileHolder, (sha256, actor.user_id)) is not None


def team_holds(session: Session, sha256: str, visit: Visit, actor: Actor) -> bool:
    """Say whether this person, or a colleague on the team of the visit, has a file, or had when it was attached."""
    if holds(session, sha256, actor):
        return True
    team = sa.select(User.id).where(User.inspector_id.in_([one.inspector_id for one in visit.team_now]))
    attached = sa.select(Attachment.attached_by).where(Attachment.visit_id == visit.id, Attachment.sha256 == sha256)
    statement = sa.select(FileHolder.sha256).where(
        FileHolder.sha256 == sha256, sa.or_(FileHolder.user_id.in_(team), FileHolder.user_id.in_(attached))
    )
    return session.scalar(statement.limit(1)) is not None


def check_room(session: Session, size: int, *, actor: Actor, sha256: str = "") -> None:
    """Refuse another unfinished file where somebody has too many on their way, by number or by bytes.

    Sealed files whose bytes somebody sends again count like others; ``sha256`` is the one asked about.
    """
    if actor.user_id is None:
        return
    today = clock.today()
    since = clock.now() - timedelta(days=get_number(session, "evidence-incoming-days", on=today))
    statement = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(StoredFile.size), 0)).where(
        StoredFile.declared_by == actor.user_id,
        StoredFile.declared_at >= since,
        ~sa.exists().where(SealedFile.sha256 == StoredFile.sha256),
    )
    count, total = session.execute(statement).one()
    again = store_of(session).begun_again(actor.user_id)
    if sha256 in again:
        return
    count, total = count + len(again), total + sum(again.values())
    most = get_number(session, "evidence-unfinished-files", on=today)
    megabytes = get_number(session, "evidence-unfinished-megabytes", on=today)
    if count >= most or total + size > megabytes * MEGABYTE:
        raise TooMany(
            "too-many-unfinished",
            "Too much of what you began to send has not arrived whole (at most %(most)s files, %(megabytes)s MB). "
            "Finish those first.",
            most=most,
            megabytes=megabytes,
        )
