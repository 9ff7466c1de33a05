"""Demonstration: an expert drawn for a visit of today, who has yet to answer."""

import sqlalchemy as sa

from joint_inspections.experts.services import ask_for_visit, hand_in_value
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from supervision.accounts.services import create_user, set_roles
from supervision.demo.office import Office
from supervision.demo.people import give_password
from supervision.demo.registry import Demo
from supervision.departments.models import Department
from supervision.permissions import Role

FIELD = "油烟监测"
REASON = "后厨油烟净化设施需要专业判断。"
# throws of a die, written down once
THROWS = "41532664253116425361452663124553621436125346125432615423"


def load(demo: Demo) -> None:
    """Let the lead ask, another department's lead hand in the value that draws, and give the expert an account."""
    demo.session.expire_all()
    office = Office(demo)
    visit = demo.session.scalar(
        sa.select(Visit)
        .where(Visit.draw_id == demo.shared["open_draws"]["drawn"], Visit.state == VisitState.ASSIGNED)
        .order_by(Visit.planned_on, Visit.team, Visit.id)
        .limit(1)
    )
    if visit is None:
        return
    found = ask_for_visit(demo.session, visit, field=FIELD, per_team=1, reason=REASON, actor=office.lead())
    hand_in_value(demo.session, found, value=THROWS, actor=office.lead("sthj"))
    for place in found.places:
        expert = place.expert
        user = create_user(
            demo.session, username="expert.sthj", name=expert.name, department_id=expert.department_id,
            inspector_id=None, expert_id=expert.id, actor=office.person("system.admin"),
        )  # fmt: skip
        reason = "随机抽取的专家需要登录答复"
        actor = office.person("security.admin")
        set_roles(demo.session, user, frozenset({Role.EXPERT}), reason=reason, actor=actor)
        give_password(demo, user, Role.EXPERT, demo.session.get_one(Department, expert.department_id))
    demo.session.flush()
