"""Inspectors of a drawn visit with their phones."""

from collections.abc import Callable
from random import Random

import pytest

from joint_inspections.notices import services as notices
from joint_inspections.visits.models import Visit, VisitMember
from supervision.accounts.models import User
from tests.joint_inspections.conftest import LETTERHEAD, District
from tests.joint_inspections.field.phone import Phone
from tests.pages import Browser

MakePhone = Callable[[User], Phone]


@pytest.fixture
def ready(drawn: District) -> District:
    """The district with its first visit approved and its notice issued: the team may ring the bell."""
    drawn.approve(drawn.visit)
    issue(drawn, drawn.visit)
    drawn.session.flush()
    return drawn


def issue(district: District, visit: Visit) -> None:
    """Issue the notice of a visit."""
    leader = district.inspector(visit.leader)
    notices.issue_notice(district.session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)


@pytest.fixture
def phone_of(browse: Browser) -> MakePhone:
    """Give somebody a phone that is registered and has loaded its package."""
    count = 0

    def make(user: User) -> Phone:
        nonlocal count
        count += 1
        phone = Phone(browse(user).client, Random(count))  # noqa: S311 - a test repeats
        assert phone.register().status_code == 200
        assert phone.load().status_code == 200
        return phone

    return make


def leader_of(district: District, visit: Visit) -> User:
    """The account of the leader."""
    assert visit.leader is not None
    return district.inspector_user(visit.leader)


def mate_of(district: District, visit: Visit, *, department: int) -> tuple[VisitMember, User]:
    """Somebody else of a department on the team."""
    member = next(one for one in visit.team_now if one.department_id == department and not one.lead)
    return member, district.inspector_user(member)
