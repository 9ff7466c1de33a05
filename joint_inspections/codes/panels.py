"""What the code's page offers the enterprise, and what it said on the page of the visit."""

from joint_inspections.codes import queries, services
from joint_inspections.notices.models import Notice
from joint_inspections.visits.models import Visit
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def of_notice(viewer: Actor, subject: Notice) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """What can be said by this code now, and what was."""
    session, visit = database.session(), subject.visit
    values: dict[str, object] = {
        "token": subject.token,
        "may_confirm": services.may_confirm(subject),
        "may_rate": services.may_rate(session, visit),
        "may_reply": services.may_reply(session, visit),
        "answer": queries.last_arrival_answer(session, subject),
        "replies": queries.list_replies(session, visit),
        "rated": queries.find_rating(session, visit) is not None,
    }
    return values if any(values[name] for name in values if name != "token") else None


def of_visit(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """What the enterprise said of who came and of the result; never its rating."""
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    session = database.session()
    answers, replies = queries.list_arrival_answers(session, subject), queries.list_replies(session, subject)
    return {"answers": answers, "replies": replies} if answers or replies else None


PANELS = (
    Panel("notice_code", "codes/offer.html", of_notice, order=10),
    Panel("visit", "codes/visit_panel.html", of_visit, Permission.VISIT_VIEW, order=45),
)
