"""The same officer does not come again and again where nothing is found (feature 137, Shanghai's inspection code)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.encounters.frequency import number_on
from joint_inspections.encounters.models import EncounterOverride
from joint_inspections.encounters.rules import YEAR_OF_DAYS, Ground
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.records.rules import CARRIED_OUT, NO_PROBLEM_CODES
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import MemberState, VisitState
from supervision import clock

# the record was approved; one being corrected counts again when it is approved anew
CERTAIN = (VisitState.ACCEPTED, VisitState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Returning:
    """An inspector on a team who has found nothing at this enterprise as often as is allowed."""

    member: VisitMember
    checks: int
    override: EncounterOverride | None


def barred_inspectors(session: Session, entity_id: int, on: date) -> Mapping[int, int]:
    """Return the inspectors who may not be sent to an enterprise on a day, with their checks that found nothing."""
    most = number_on(session, "fruitless-checks-stop", on)
    counts = sa.func.count(sa.distinct(Visit.id))
    problem = (
        sa.select(ItemResult.id)
        .join(Section, Section.id == ItemResult.section_id)
        .where(Section.visit_id == Visit.id, ItemResult.result_code.not_in(NO_PROBLEM_CODES))
    )
    statement = (
        sa.select(VisitMember.inspector_id, counts)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(
            Visit.entity_id == entity_id,
            Visit.state.in_(CERTAIN),
            Visit.outcome_code.in_(CARRIED_OUT),
            Visit.visited_at >= clock.begin_of(on - timedelta(days=YEAR_OF_DAYS)),
            Visit.visited_at < clock.begin_of(on + timedelta(days=1)),
            VisitMember.state != MemberState.REPLACED,
            ~problem.exists(),
        )
        .group_by(VisitMember.inspector_id)
        .having(counts >= most)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def visited_for_nothing(session: Session, entity_ids: Collection[int]) -> set[int]:
    """Return those of some enterprises where an inspection ended with an approved record: others bar nobody."""
    statement = sa.select(Visit.entity_id).where(Visit.entity_id.in_(entity_ids), Visit.state.in_(CERTAIN))
    return set(session.scalars(statement.distinct()))


def list_returning(session: Session, visit: Visit) -> list[Returning]:
    """Return who on the team must be replaced by the machine, or kept by oversight's decision."""
    barred = barred_inspectors(session, visit.entity_id, visit.planned_on)
    if not barred:
        return []
    kept = {
        (one.inspector_id, one.sums[0]["counted"]): one
        for one in session.scalars(
            sa.select(EncounterOverride).where(
                EncounterOverride.visit_id == visit.id, EncounterOverride.ground == Ground.FRUITLESS
            )
        )
    }
    return [
        Returning(one, barred[one.inspector_id], kept.get((one.inspector_id, barred[one.inspector_id])))
        for one in visit.team_now
        if one.inspector_id in barred
    ]
