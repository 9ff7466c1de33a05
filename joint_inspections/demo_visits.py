"""Demonstration: visits of today for people who can sign in, and visits waiting at every later step."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from joint_inspections.demo import Writer
from joint_inspections.demo_doorstep import Doorstep
from joint_inspections.records.reviewing import return_record
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from joint_inspections.visits.services import declare_recusal
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.demo.office import Office, office_hour
from supervision.demo.people import give_password
from supervision.demo.registry import Demo, Door
from supervision.labels import N_
from supervision.permissions import Actor, Role
from supervision.workdays.queries import get_calendar

NOTICE_DOOR = N_(
    "Notice %(number)s of a visit of today, as the code on it leads there: ask that an inspector stand back; "
    "the head of the department then decides under Recusals."
)


def load_eventful(demo: Demo) -> None:
    """Finish the visits of the draws in which something happened, in the order of their days."""
    demo.session.expire_all()
    office, writer = Office(demo), Writer(demo)
    *visits, last = [one for one in _visits(demo, *demo.shared["eventful_draws"]) if one.state is VisitState.ASSIGNED]
    for visit in visits:
        writer.finish(visit, lambda code: office.lead(code.lower()))
    demo.shared["doorsteps"] = {"archived": last.id}


def load(demo: Demo) -> None:
    """Make the visits of the drawn and the visited plan real."""
    demo.session.expire_all()
    draws = demo.shared["open_draws"]
    _today(demo, draws["drawn"])
    _later_steps(demo, draws["visited"])


def _visits(demo: Demo, *draw_ids: int) -> list[Visit]:
    statement = sa.select(Visit).where(Visit.draw_id.in_(draw_ids)).order_by(Visit.planned_on, Visit.team, Visit.id)
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
    """Visits approved, submitted and returned; of today one approved, one recused; two are carried out at the door."""
    office, writer = Office(demo), Writer(demo)
    visits = _visits(demo, draw_id)
    for visit, day in zip(visits, _days_before(demo), strict=False):
        visit.planned_on = day
    demo.session.flush()
    demo.shared["doorsteps"] |= {"finished": visits[0].id, "under way": visits[4].id}
    writer.accept(visits[1], writer.submit(visits[1]))
    writer.submit(visits[2])
    writer.submit(visits[3])
    returned_at = datetime.combine(visits[3].planned_on + timedelta(days=1), time(11), clock.SHANGHAI)
    with clock.at(min(returned_at, clock.now())):
        return_record(
            demo.session, visits[3], reason_code="evidence-missing", note="问题描述不具体，请写明位置和数量。",
            faults=["SCJG"], actor=office.person("reviewer.scjg"),
        )  # fmt: skip
    for visit in visits[5:]:
        visit.planned_on = demo.today
    demo.session.flush()
    with clock.at(office_hour(demo.today)):
        _of_today(demo, visits)


def _days_before(demo: Demo) -> list[date]:
    """Return five days on which visits of a draw of twelve days ago took place, the last one yesterday or before.

    Where holidays leave fewer working days, several visits share one.
    """
    calendar, first = get_calendar(demo.session), demo.today - timedelta(days=11)
    days = [first + timedelta(days=number) for number in range(11)]
    days = [day for day in days if calendar.is_workday(day)] or [demo.today - timedelta(days=1)]
    return [*([days[0]] * 5), *days][-5:]


def _of_today(demo: Demo, visits: list[Visit]) -> None:
    """One visit of today approved, in another a recusal waits for the head."""
    if len(visits) > 5:
        team = Doorstep(demo, visits[5])
        team.approve()
        notice = team.hand_over()
        demo.doors.append(Door(f"/notices/check/{notice.token}", NOTICE_DOOR, {"number": notice.number}))
    if len(visits) > 6:
        member = visits[6].members[-1]
        declare_recusal(
            demo.session, visits[6], reason_code="kinship", statement="本人近亲属在该单位任职。",
            actor=_actor(demo, member.inspector_id),
        )  # fmt: skip
