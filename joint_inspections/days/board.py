"""Where each team stands: the disclosed visits somebody answers for, by team, with what is late."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days import queries
from joint_inspections.days.rules import Standing, TeamStage, stage_of, week_of
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.queries import experts_of_visits
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import digest_of_visit
from joint_inspections.records.models import Section
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, MemberState, SectionState, VisitState, clock_state
from supervision import clock
from supervision.labels import N_
from supervision.permissions import Actor

# more than any task of a district; beyond it the filters help
MOST_VISITS = 600
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Late:
    """Something that is late or due soon: which clock, by when, "soon" or "overdue"."""

    what: str
    due: date
    state: str


@dataclass(frozen=True, slots=True)
class BoardVisit:
    """A visit on the board."""

    visit: Visit
    stage: TeamStage
    late: tuple[Late, ...]

    @property
    def overdue(self) -> bool:
        """Whether something is late already."""
        return any(one.state == OVERDUE for one in self.late)


@dataclass(frozen=True, slots=True)
class BoardTeam:
    """A team with its visits."""

    key: str
    # of a group; empty where the team was drawn for this visit alone
    name: str
    visits: tuple[BoardVisit, ...]

    @property
    def leader(self) -> str:
        """Who leads it, as far as somebody does."""
        leader = self.visits[0].visit.leader if self.visits else None
        return leader.inspector.name if leader is not None else ""

    @property
    def overdue(self) -> int:
        """Visits of the team with something late."""
        return sum(one.overdue for one in self.visits)

    @property
    def stages(self) -> list[tuple[TeamStage, int]]:
        """How many of its visits stand where, in the order of stages."""
        return counts_of(self.visits)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the board is asked for; empty means all."""

    day: date | None = None
    team: str = ""
    stage: TeamStage | None = None
    late: bool = False

    def takes(self, one: BoardVisit) -> bool:
        """Say whether a visit is asked for."""
        return (
            (self.day is None or one.visit.planned_on == self.day)
            and (not self.team or team_key(one.visit) == self.team)
            and (self.stage is None or one.stage is self.stage)
            and (not self.late or one.overdue)
        )


@dataclass(frozen=True, slots=True)
class Board:
    """The board: all teams for the filters, those shown, sums of stages over everything."""

    teams: tuple[BoardTeam, ...]
    shown: tuple[BoardTeam, ...]
    capped: bool

    @property
    def visits(self) -> tuple[BoardVisit, ...]:
        """Every visit on it, filtered or not."""
        return tuple(one for team in self.teams for one in team.visits)

    @property
    def days(self) -> list[date]:
        """The days on which there are visits."""
        return sorted({one.visit.planned_on for one in self.visits})


def counts_of(visits: Iterable[BoardVisit]) -> list[tuple[TeamStage, int]]:
    """Return how many visits stand where, in the order of stages."""
    found = [one.stage for one in visits]
    return [(stage, found.count(stage)) for stage in TeamStage if stage in found]


def team_key(visit: Visit) -> str:
    """Return what tells teams apart: a team belongs to its draw; without one every visit has its own."""
    return f"{visit.draw_id}-{visit.team}" if visit.draw_id else f"v{visit.id}"


def load_board(session: Session, viewer: Actor, wanted: Wanted) -> Board:
    """Return the board: visits not published yet, and everything of this week."""
    week = week_of(clock.today())
    open_or_now = sa.or_(Visit.state != VisitState.PUBLISHED, queries.between(week[0], week[-1]))
    visits = queries.list_visits(session, queries.managed(viewer), open_or_now)
    placed = _place(session, visits[:MOST_VISITS])
    teams: dict[str, list[BoardVisit]] = defaultdict(list)
    for one in placed:
        teams[team_key(one.visit)].append(one)
    made = [_team(key, rows) for key, rows in teams.items()]
    shown = [_team(one.key, [row for row in one.visits if wanted.takes(row)]) for one in made]
    ordered = sorted(
        (one for one in shown if one.visits), key=lambda one: (not one.overdue, not one.name, one.name, one.key)
    )
    by_name = sorted(made, key=lambda one: (not one.name, one.name, one.key))
    return Board(tuple(by_name), tuple(ordered), len(visits) > MOST_VISITS)


def _team(key: str, rows: Sequence[BoardVisit]) -> BoardTeam:
    visit = rows[0].visit if rows else None
    # a team drawn for one visit bears the code of its entity, which names nothing to anybody
    grouped = visit is not None and visit.team != visit.entity.unit_id
    return BoardTeam(key, visit.team if visit is not None and grouped else "", tuple(rows))


def _place(session: Session, visits: Sequence[Visit]) -> list[BoardVisit]:
    ids = [one.id for one in visits]
    held: Mapping[int, set[str]] = _notices(session, ids)
    unsigned = set(
        session.scalars(
            sa.select(Section.visit_id).where(Section.visit_id.in_(ids), Section.state == SectionState.OPEN)
        )
    )
    today, experts = clock.today(), experts_of_visits(session, ids)
    return [
        BoardVisit(
            visit,
            stage_of(
                _standing(visit, held[visit.id], experts.get(visit.id, ()), signed=visit.id not in unsigned),
                today=today,
            ),
            tuple(_late(visit, today=today)),
        )
        for visit in visits
    ]


def _notices(session: Session, ids: Sequence[int]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for visit_id, digest in session.execute(
        sa.select(Notice.visit_id, Notice.holds_for).where(Notice.visit_id.in_(ids))
    ):
        found[visit_id].add(digest)
    return found


def _standing(visit: Visit, notices: set[str], experts: Sequence[ExpertPlace], *, signed: bool) -> Standing:
    accepted = bool(visit.team_now) and all(one.state is MemberState.ACCEPTED for one in visit.team_now)
    noticed = visit.state in BEFORE_VISIT and digest_of_visit(visit, experts) in notices
    return Standing(visit.state, visit.planned_on, accepted=accepted, noticed=noticed, signed=signed)


def _late(visit: Visit, *, today: date) -> Iterable[Late]:
    if visit.state in BEFORE_VISIT and visit.planned_on < today:
        yield Late(N_("The day has passed"), visit.planned_on, OVERDUE)
    clocks = (
        (N_("Record due"), visit.record_due_on, visit.submitted_at),
        (N_("Publication due"), visit.publish_due_on, visit.published_at),
    )
    for what, due, done in clocks:
        state = clock_state(due, done_on=clock.local(done).date() if done else None, today=today)
        if due is not None and done is None and state in {"soon", OVERDUE}:
            yield Late(what, due, state)
