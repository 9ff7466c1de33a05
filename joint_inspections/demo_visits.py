"""Demonstration: visits of today for people who can sign in, and visits waiting at every later step."""

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from joint_inspections.demo import Writer
from joint_inspections.records.reviewing import return_record
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.models import Visit
from joint_inspections.visits.services import accept_assignment, declare_recusal
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.demo.open_plans import Office, office_hour
from supervision.demo.people import give_password
from supervision.demo.registry import Demo
from supervision.permissions import Actor, Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays


def load(demo: Demo) -> None:
    """Make the visits of the drawn and the visited plan real."""
    demo.session.expire_all()
    draws = demo.shared["open_draws"]
    _today(demo, draws["drawn"])
    _later_steps(demo, draws["visited"])


def _visits(demo: Demo, draw_id: int) -> list[Visit]:
    statement = sa.select(Visit).where(Visit.draw_id == draw_id).order_by(Visit.planned_on, Visit.team, Visit.id)
    return list(demo.session.scalars(statement))


def _today(demo: Demo, draw_id: int) -> None:
    """The first team goes out today; each of its members can sign in. Its other visits follow in the week."""
    visits = _visits(demo, draw_id)
    first = [visit for visit in visits if visit.team == visits[0].team]
    for number, visit in enumerate(first):
        visit.planned_on = demo.today if number < 2 else demo.today + timedelta(days=1)
    demo.session.flush()
    names: dict[str, int] = {}
    for member in sorted(first[0].members, key=lambda one: (not one.lead, one.id)):
        code = member.department.code.lower()
        names[code] = names.get(code, 0) + 1
        user = _user(demo, member.inspector_id)
        user.username = f"inspector.{code}" + ("" if names[code] == 1 else str(names[code]))
        give_password(demo, user, Role.INSPECTOR, member.department)
    demo.session.flush()


def _user(demo: Demo, inspector_id: int) -> User:
    return demo.session.scalars(sa.select(User).where(User.inspector_id == inspector_id)).one()


def _actor(demo: Demo, inspector_id: int) -> Actor:
    return actor_of(_user(demo, inspector_id))


def _later_steps(demo: Demo, draw_id: int) -> None:
    """One visit published, one approved, one submitted, one returned, one being recorded, one approved, one recused."""
    office, writer = Office(demo), Writer(demo)
    visits = _visits(demo, draw_id)
    start = demo.today - timedelta(days=10)
    calendar = get_calendar(demo.session)
    for number, visit in enumerate(visits[:5], 1):
        visit.planned_on = add_workdays(start, number, calendar)
    demo.session.flush()
    writer.finish(visits[0], lambda code: office.lead(code.lower()))
    writer.accept(visits[1], writer.submit(visits[1]))
    writer.submit(visits[2])
    writer.submit(visits[3])
    with clock.at(datetime.combine(visits[3].planned_on + timedelta(days=1), time(11), clock.SHANGHAI)):
        return_record(
            demo.session, visits[3], reason_code="evidence-missing", note="问题描述不具体，请写明位置和数量。",
            faults=["SCJG"], actor=office.person("reviewer.scjg"),
        )  # fmt: skip
    for visit in visits[5:]:
        visit.planned_on = demo.today
    demo.session.flush()
    with clock.at(office_hour(demo.today)):
        _of_today(demo, visits, office)


def _of_today(demo: Demo, visits: list[Visit], office: Office) -> None:
    """One visit of today approved, in another a recusal waits for the head."""
    if len(visits) > 5:
        _approve(demo, visits[5], office)
    if len(visits) > 6:
        member = visits[6].members[-1]
        declare_recusal(
            demo.session, visits[6], reason_code="kinship", statement="本人近亲属在该单位任职。",
            actor=_actor(demo, member.inspector_id),
        )  # fmt: skip


def _approve(demo: Demo, visit: Visit, office: Office) -> None:
    for member in visit.members:
        accept_assignment(demo.session, visit, actor=_actor(demo, member.inspector_id))
    for participant in visit.plan_version.participants:
        approve_visit(demo.session, visit, actor=office.head(participant.department.code.lower()))
