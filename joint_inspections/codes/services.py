"""What an enterprise does by its code: each thing kept as said, with one audit entry that does not repeat it."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.codes import queries
from joint_inspections.codes.models import ArrivalAnswer, ResultReply, VisitRating
from joint_inspections.codes.rules import BEST, Breach, Question
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import standing
from joint_inspections.notices.rules import Standing
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDED
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Conflict, Invalid, WrongState
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC

# whatever else is said by one code is said on paper
MOST_ANSWERS = 5


def may_confirm(notice: Notice) -> bool:
    """Say whether the enterprise may say now who stands at its door: on the day of a notice that holds."""
    return standing(notice) is Standing.HOLDS and notice.visit.planned_on <= clock.today()


def confirm_arrival(session: Session, notice: Notice, *, as_announced: bool, remark: str) -> ArrivalAnswer:
    """Keep what the enterprise says of the people at its door."""
    if not may_confirm(notice):
        raise WrongState("not-the-day", N_("This can be said on the day of the inspection, by a notice that holds."))
    if not as_announced and not remark:
        raise Invalid("remark-needed", N_("Say what differs from the notice."), field="remark")
    if len(queries.list_arrival_answers(session, notice.visit)) >= MOST_ANSWERS:
        raise WrongState("enough-said", N_("Enough was said by this code. Please call the department."))
    answer = ArrivalAnswer(notice_id=notice.id, as_announced=as_announced, remark=remark, said_at=clock.now())
    session.add(answer)
    session.flush()
    details = {"notice": notice.number, "as_announced": as_announced}
    record(session, Event.ARRIVAL_ANSWERED, actor=PUBLIC, subject=("visit", notice.visit_id), details=details)
    return answer


def may_rate(session: Session, visit: Visit) -> bool:
    """Say whether a visit can be rated: it took place, not too long ago, and nobody has yet."""
    if visit.visited_at is None:
        return False
    until = visit.visited_at + timedelta(days=get_number(session, "rating-days", on=clock.today()))
    return clock.now() <= until and queries.find_rating(session, visit) is None


def rate_visit(
    session: Session, visit: Visit, *, marks: Mapping[Question, int], breaches: Collection[Breach], comment: str
) -> VisitRating:
    """Keep the enterprise's rating, once; the log says that it was given and not what it says (R-3.13)."""
    if not may_rate(session, visit) or visit.visited_at is None:
        raise WrongState(
            "not-to-rate", N_("This inspection was rated already, has not taken place, or took place too long ago.")
        )
    if set(marks) != set(Question) or not all(1 <= mark <= BEST for mark in marks.values()):
        raise Invalid("marks", N_("Give every question a mark from 1 to 5."))
    rating = VisitRating(
        visit_id=visit.id,
        visited_on=clock.local(visit.visited_at).date(),
        **{one.value: mark for one, mark in marks.items()},
        breaches=sorted(one.value for one in set(breaches)),
        comment=comment,
        given_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(rating)
    except IntegrityError as error:
        raise Conflict("rated-already", N_("This inspection was rated at the same moment.")) from error
    record(session, Event.VISIT_RATED, actor=PUBLIC, subject=("visit", visit.id))
    return rating


def may_reply(session: Session, visit: Visit) -> bool:
    """Say whether there is a result to answer, and room for an answer."""
    return visit.state in RECORDED and len(queries.list_replies(session, visit)) < MOST_ANSWERS


def reply_to_result(session: Session, visit: Visit, *, text: str, signed_by: str) -> ResultReply:
    """Keep what the enterprise answers to the result."""
    if not may_reply(session, visit):
        raise WrongState("no-reply", N_("There is nothing to answer yet, or enough was said by this code."))
    reply = ResultReply(visit_id=visit.id, text=text, signed_by=signed_by, said_at=clock.now())
    session.add(reply)
    session.flush()
    record(session, Event.RESULT_REPLIED, actor=PUBLIC, subject=("visit", visit.id), details={"reply": reply.id})
    return reply
