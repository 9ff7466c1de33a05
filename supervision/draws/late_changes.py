"""Tags and suspensions recorded shortly before a freeze, kept beside the draw's bundle and named to those entitled.

Like the classes set aside (class_changes.py) they are no part of the bundle, and the file's digest stands in the audit
entry of the freeze.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.bundles import read_files, store_file
from supervision.draws.models import Draw, DrawFile
from supervision.draws.rules import moment_text
from supervision.entities.late_facts import list_retagged, list_suspended
from supervision.entities.rules import EntityStatus
from supervision.plans.exclusions import Automatic
from supervision.plans.pools import Pool, class_cutoff

LATE_CHANGES = "late-changes.tsv"
TAGS, STATUS = "tags", "status"


@dataclass(frozen=True, slots=True)
class LateChange:
    """One line of the file: tags as codes joined by a comma, or statuses."""

    unit: str
    what: str
    before: str
    since: str
    recorded_at: datetime


def keep_late_changes(session: Session, draw: Draw, pool: Pool) -> dict[str, object]:
    """Keep which tags did not count and who was suspended since; return what the audit entry tells of it."""
    cutoff = class_cutoff(session, on=clock.local(draw.frozen_at).date())
    left_out = {unit for unit, reason in pool.excluded if reason == Automatic.STATUS}
    active, suspended = EntityStatus.ACTIVE.value, EntityStatus.SUSPENDED.value
    found = [
        LateChange(unit, STATUS, active, suspended, at)
        for unit, at in list_suspended(session, since=cutoff)
        if unit in left_out
    ]
    if codes := draw.task.plan_version.scope_of.all_tags:
        found += [
            LateChange(one.unit, TAGS, ",".join(sorted(one.counts)), ",".join(sorted(one.since)), one.recorded_at)
            for one in list_retagged(session, cutoff=cutoff, codes=codes)
        ]
    if not found:
        return {}
    rows = ((one.unit, one.what, one.before, one.since, moment_text(one.recorded_at)) for one in found)
    digest = store_file(session, draw, LATE_CHANGES, "".join("\t".join(row) + "\n" for row in rows).encode())
    return {"late_changes": len(found), "late_digest": digest, "late_since": moment_text(cutoff)}


def has_late_changes(session: Session, draw: Draw) -> bool:
    """Say whether there is such a file, without opening it."""
    statement = sa.select(DrawFile.size).where(DrawFile.draw_id == draw.id, DrawFile.name == LATE_CHANGES)
    return bool(session.scalar(statement))


def read_late_changes(session: Session, draw: Draw) -> list[LateChange]:
    """Return the changes as they were kept at the freeze."""
    data = read_files(session, draw, [LATE_CHANGES]).get(LATE_CHANGES, b"").decode()
    rows = (line.split("\t") for line in data.splitlines())
    return [LateChange(unit, what, before, since, datetime.fromisoformat(at)) for unit, what, before, since, at in rows]
