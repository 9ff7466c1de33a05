"""What is told beyond this room of visits that meet at one door: by meeting, and by what bars them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from joint_inspections.encounters.frequency import Frequency, check_frequencies, groups_of
from joint_inspections.encounters.queries import departments_of
from joint_inspections.encounters.rules import REASONS
from joint_inspections.visits.meeting import Meeting, TooMany
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision.parameters.models import Reason
from supervision.parameters.queries import list_reasons


def find_meetings(session: Session, visits: Collection[Visit]) -> Mapping[int, Meeting]:
    """Say of visits with whom they go together and whether they are too many: a handful of statements for all."""
    partners = _partners(session, [one.id for one in visits])
    frequencies = check_frequencies(session, visits)
    overridden = any(one.override for one in frequencies.values())
    reasons = {one.code: one for one in list_reasons(session, REASONS)} if overridden else {}
    return {one.id: _meeting(partners.get(one.id, ()), frequencies[one.id], reasons) for one in visits}


def _partners(session: Session, visit_ids: Collection[int]) -> Mapping[int, Sequence[Visit]]:
    groups = groups_of(session, visit_ids)
    others = set(groups) if any(len(group) > 1 for group in groups.values()) else set()
    if not others:
        return {}
    statement = sa.select(Visit).where(Visit.id.in_(others), Visit.state.not_in(FALLEN_AWAY), disclosed())
    shown = session.scalars(statement.options(lazyload(Visit.members)).order_by(Visit.id)).all()
    found: defaultdict[int, list[Visit]] = defaultdict(list)
    for visit_id in visit_ids:
        found[visit_id] += [one for one in shown if one.id != visit_id and one.id in groups[visit_id]]
    return found


def _meeting(partners: Sequence[Visit], frequency: Frequency, reasons: Mapping[str, Reason]) -> Meeting:
    override = frequency.override if frequency.over else None
    return Meeting(
        together=tuple(tuple(departments_of(one)) for one in partners),
        too_many=tuple(TooMany(one.period, one.first, one.last, one.with_this, one.allowed) for one in frequency.over),
        reason=reasons.get(override.reason_code) if override else None,
        note=override.note if override else "",
    )
