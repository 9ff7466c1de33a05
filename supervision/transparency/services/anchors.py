"""What the log says of the platform itself: the head of the audit log, and each month the register (section 8)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.freezing import register_digest
from supervision import clock
from supervision.audit.queries import newest as newest_audit
from supervision.draws.log import append_platform_leaf, lock_log, log_moment
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.entities.models import Entity
from supervision.transparency import queries
from supervision.transparency.keyring import Keyring


def anchor_audit(session: Session, *, region: str) -> LogLeaf | None:
    """Log the newest audit entry's number and hash; nothing where that entry stands in the log already."""
    lock_log(session)
    entries, digest = newest_audit(session)
    before = queries.newest_of(session, LogEvent.AUDIT)
    if not entries or (before is not None and before.digest == digest):
        return None
    return append_platform_leaf(session, LogEvent.AUDIT, region=region, digest=digest, fields={"entries": entries})


def log_register(session: Session, *, region: str) -> LogLeaf | None:
    """Log count and digest of the register, once in each month of the district."""
    lock_log(session)
    before, now = queries.newest_of(session, LogEvent.REGISTER), clock.local(log_moment(session))
    if before is not None:
        then = clock.local(before.at)
        if (then.year, then.month) == (now.year, now.month):
            return None
    units = list(session.scalars(sa.select(Entity.unit_id)))
    return append_platform_leaf(
        session, LogEvent.REGISTER, region=region, digest=register_digest(units), fields={"count": len(units)}
    )


def anchor_daily(session: Session, keyring: Keyring) -> list[LogLeaf]:
    """Do what is due each day; return the leaves that were added."""
    done = [log_register(session, region=keyring.region), anchor_audit(session, region=keyring.region)]
    return [leaf for leaf in done if leaf is not None]
