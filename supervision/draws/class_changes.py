"""Risk classes set shortly before a freeze: set aside for the draw, kept beside its bundle and named to those entitled.

The file is no part of the bundle: classes are internal and never leave the house (R-2.01). Its digest stands in the
audit entry of the freeze, so that it cannot be exchanged (security sheet, T08).
"""

from collections.abc import Set
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.bundles import read_files, store_file
from supervision.draws.models import Draw, DrawFile
from supervision.draws.rules import moment_text
from supervision.entities.risk_classes import SetAside, list_set_aside
from supervision.entities.rules import RiskClass
from supervision.plans.pools import class_cutoff

CLASS_CHANGES = "class-changes.tsv"


def keep_set_aside(session: Session, draw: Draw, pool: Set[str]) -> dict[str, object]:
    """Keep which classes did not count, where classes play a part; return what the audit entry tells of it.

    Spoken of are the units of the pool, and those that the class set too late would have brought into its scope.
    """
    version = draw.task.plan_version
    if not version.uses_classes:
        return {}
    cutoff = class_cutoff(session, on=clock.local(draw.frozen_at).date())
    scope = version.scope_of.risk_classes
    found = [one for one in list_set_aside(session, cutoff=cutoff) if one.unit in pool or one.since.value in scope]
    lines = "".join(f"{one.unit}\t{one.counts}\t{one.since}\t{moment_text(one.recorded_at)}\n" for one in found)
    digest = store_file(session, draw, CLASS_CHANGES, lines.encode())
    return {"classes_set_aside": len(found), "classes_digest": digest, "classes_until": moment_text(cutoff)}


def has_set_aside(session: Session, draw: Draw) -> bool:
    """Say whether classes were set aside at the freeze, without opening the file."""
    size = sa.select(DrawFile.size).where(DrawFile.draw_id == draw.id, DrawFile.name == CLASS_CHANGES)
    return bool(session.scalar(size))


def read_set_aside(session: Session, draw: Draw) -> list[SetAside]:
    """Return the classes that did not count in this draw, as they were kept at its freeze."""
    data = read_files(session, draw, [CLASS_CHANGES]).get(CLASS_CHANGES, b"").decode()
    rows = (line.split("\t") for line in data.splitlines())
    return [
        SetAside(unit, RiskClass(counts), RiskClass(since), datetime.fromisoformat(at))
        for unit, counts, since, at in rows
    ]
