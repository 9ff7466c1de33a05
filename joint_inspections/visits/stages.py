"""Where a visit stands and whose turn it is: every actor sees every actor's next step, and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from joint_inspections.visits.caps import CapCheck
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, FALLEN_AWAY, MemberState, VisitState, departments_short
from supervision.departments.models import Department
from supervision.labels import N_

S = VisitState
DONE, CURRENT, TODO = "done", "current", "todo"
PUBLISHERS = N_("Reviewer, lead or head of each participating department")
Names = tuple[str | Department, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rooms above know of a visit: its notice, its form, the yearly cap."""

    today: date
    noticed: bool = False
    unsigned: tuple[Department, ...] = ()
    unreleased: tuple[Department, ...] = ()
    cap: CapCheck | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a visit: whose turn, by post and by name, and until when. ``label`` and ``who`` are message ids."""

    label: str
    who: str
    due: date | None
    state: str
    names: Names = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What must happen next and who must do it; ``what`` is a message id with places for ``values``."""

    what: str
    who: str
    names: Names = ()
    due: date | None = None
    values: dict[str, object] = field(default_factory=dict)


def next_step(visit: Visit, facts: Facts) -> NextStep:
    """Return the one step on which everything else waits."""
    if visit.state in FALLEN_AWAY:
        return NextStep(N_("Nothing: this visit does not take place"), "")
    if visit.state in BEFORE_VISIT:
        return next(_before_the_visit(visit, facts))
    if visit.state is S.SUBMITTED:
        return NextStep(N_("Review the record"), N_("A reviewer of a participating department outside the team"))
    if visit.state is S.ACCEPTED:
        return _publication(visit, facts)
    if visit.state is S.PUBLISHED:
        return NextStep(N_("Nothing: the result is public"), "")
    return _recording(visit, facts)


def _publication(visit: Visit, facts: Facts) -> NextStep:
    if visit.reported_at is not None and (missing := visit.departments_to_approve):
        what = N_("Approve in writing what began urgently")
        return NextStep(what, N_("Head of each department named"), tuple(missing))
    what = N_("Publish the department's part of the result")
    return NextStep(what, PUBLISHERS, facts.unreleased, visit.publish_due_on)


def _before_the_visit(visit: Visit, facts: Facts) -> Iterator[NextStep]:
    """Yield every step that is still missing before the arrival, in the order in which they are taken."""
    yield from _team(visit)
    if visit.reported_at is not None:
        yield NextStep(
            N_("Urgent: go at once and confirm the arrival; notice and approval follow in writing"),
            N_("The team"), _leader(visit), visit.planned_on,
        )  # fmt: skip
    if facts.cap is not None and facts.cap.blocks:
        yield NextStep(
            N_("Decide whether the inspection goes ahead beyond the yearly cap"), N_("Enforcement oversight")
        )
    if missing := visit.departments_to_approve:
        yield NextStep(
            N_("Approve the inspection"), N_("Head of each department named"), tuple(missing), visit.planned_on
        )
    if not facts.noticed:
        who = N_("An inspector of the team, or the lead of the lead department")
        yield NextStep(N_("Issue the inspection notice for this day and this team"), who, due=visit.planned_on)
    if visit.planned_on > facts.today:
        yield NextStep(N_("Go to the entity on the day announced"), N_("The team"), _leader(visit), visit.planned_on)
    yield NextStep(
        N_("Hand over the notice at the door and confirm the arrival"), N_("The team"), _leader(visit), visit.planned_on
    )


def _team(visit: Visit) -> Iterator[NextStep]:
    if asked := [one for one in visit.team_now if one.state is MemberState.RECUSAL_ASKED]:
        bodies = tuple({one.department_id: one.department for one in asked}.values())
        yield NextStep(N_("Decide the recusal declared"), N_("Head of the inspector's own department"), bodies)
    if waiting := [one.inspector.name for one in visit.team_now if one.state is MemberState.ASSIGNED]:
        yield NextStep(
            N_("Accept the assignment or declare a recusal"),
            N_("Each inspector named"),
            tuple(waiting),
            visit.planned_on,
        )
    bodies = tuple(one.department for one in visit.plan_version.participants)
    short = departments_short(visit.certified_now, [one.code for one in bodies], on=visit.planned_on)
    if short:
        yield NextStep(
            N_("Fill the team: two inspectors with a valid certificate are needed from each department"),
            N_("Lead of the department named, by a replacement in the draw"),
            tuple(one for one in bodies if one.code in short),
        )


def _recording(visit: Visit, facts: Facts) -> NextStep:
    if facts.unsigned:
        what = {
            S.RETURNED: N_("Mend what the reviewer returned, and sign off"),
            S.CORRECTING: N_("Correct the record, and sign off"),
        }.get(visit.state, N_("Fill in and sign off the department's section"))
        return NextStep(what, N_("An inspector of each department named"), facts.unsigned, visit.record_due_on)
    if not visit.outcome_code:
        return NextStep(N_("Say how the visit went"), N_("Leader of the team"), _leader(visit), visit.record_due_on)
    return NextStep(N_("Hand the record in for review"), N_("Leader of the team"), _leader(visit), visit.record_due_on)


def _leader(visit: Visit) -> tuple[str, ...]:
    return (visit.leader.inspector.name,) if visit.leader else ()


@dataclass(frozen=True, slots=True)
class _Plan:
    label: str
    who: str
    done: bool
    due: date | None
    names: Names = ()


def list_stages(visit: Visit, facts: Facts) -> Sequence[Stage]:
    """Return the stages in order; the first that is not done is the current one."""
    plans = _plans(visit, facts)
    current = next((number for number, plan in enumerate(plans) if not plan.done), len(plans))
    if visit.state in FALLEN_AWAY:
        current = -1
    return [
        Stage(
            plan.label,
            plan.who,
            plan.due,
            DONE if plan.done else CURRENT if number == current else TODO,
            plan.names,
        )
        for number, plan in enumerate(plans)
    ]


def _plans(visit: Visit, facts: Facts) -> list[_Plan]:
    waiting = tuple(one.inspector.name for one in visit.team_now if one.state is not MemberState.ACCEPTED)
    begun = visit.visited_at is not None
    submitted = visit.state in {S.SUBMITTED, S.ACCEPTED, S.PUBLISHED}
    accepted = visit.state in {S.ACCEPTED, S.PUBLISHED}
    day = visit.planned_on
    return [
        _Plan(N_("Assignment answered"), N_("Every inspector"), begun or not waiting, day, waiting),
        _Plan(
            N_("Inspection approved by every department"),
            N_("Head of each department named"),
            visit.state is not S.ASSIGNED and (visit.reported_at is None or visit.approved_at is not None),
            day,
            tuple(visit.departments_to_approve),
        ),
        _Plan(
            N_("Notice issued"),
            N_("The team"),
            (begun and visit.reported_at is None) or (facts.noticed and visit.state is not S.ASSIGNED),
            day,
        ),
        _Plan(N_("Team at the door"), N_("The team"), begun, day, _leader(visit)),
        _Plan(
            N_("Record handed in"),
            N_("Each department signs, the leader hands in"),
            submitted,
            visit.record_due_on,
            _leader(visit),
        ),
        _Plan(N_("Record reviewed"), N_("A reviewer outside the team"), accepted, None),
        _Plan(
            N_("Result published"),
            PUBLISHERS,
            visit.state is S.PUBLISHED,
            visit.publish_due_on,
            facts.unreleased,
        ),
    ]
