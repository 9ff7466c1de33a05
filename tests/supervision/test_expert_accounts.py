"""The account of an expert: linked to the register of experts, holding one role, never an inspector's too."""

import pytest
from sqlalchemy.orm import Session

from supervision.accounts.corrections import correct_user
from supervision.accounts.models import User
from supervision.accounts.queries import find_user
from supervision.accounts.services import create_user, set_roles
from supervision.errors import DomainError
from supervision.permissions import Role
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.pages import Browser


def refusal(error: pytest.ExceptionInfo[DomainError]) -> str:
    return error.value.code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_experts_account_is_linked_by_the_number_of_the_entry(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    department = make.department("QB")
    expert = make.expert(department, name="周立")
    lead = browse(make.user(Role.LEAD, department=department), language=language)
    assert f"<dd>{expert.id}</dd>" in lead.get(f"/experts/{expert.id}").text
    admin = browse(make.user(Role.SYSTEM_ADMIN), language=language)
    values = {"username": "zhou.li", "name": "周立", "department": "QB", "expert_number": str(expert.id)}
    for wrong in ("999999", "一", "9" * 10):
        assert "error-summary" in admin.post("/users/new", {**values, "expert_number": wrong}, status=200).text
    admin.post("/users/new", {**values, "name": "别人"}, status=200)
    admin.post("/users/new", {**values, "department": ""}, status=200)
    admin.post("/users/new", values)
    user = find_user(session, "zhou.li")
    assert user
    assert user.expert_id == expert.id
    assert expert.organization in admin.get(f"/users/{user.id}").text
    admin.post("/users/new", {**values, "username": "zhou.li2"}, status=200)
    security = browse(make.user(Role.SECURITY_ADMIN), language=language)
    page = f"/users/{user.id}"
    step = {"roles-reason": "聘任", "roles-roles": ["expert", "lead"], "roles-own_password": PASSWORD}
    security.post(f"{page}/roles", step, page=page, status=422)
    security.post(f"{page}/roles", {**step, "roles-roles": ["expert"]}, page=page)
    assert browse(user, language=language).get("/expert-work/").status_code == 200


def test_who_advises_does_not_inspect_and_holds_nothing_else(session: Session, make: Make) -> None:
    department = make.department()
    inspector = make.inspector(department, name="王五")
    expert = make.expert(department, name="王五")
    admin, security = make.actor(Role.SYSTEM_ADMIN), make.actor(Role.SECURITY_ADMIN)
    with pytest.raises(DomainError) as both:
        create_user(
            session, username="wang.wu", name="王五", department_id=department.id, inspector_id=inspector.id,
            expert_id=expert.id, actor=admin,
        )  # fmt: skip
    assert refusal(both) == "expert-and-inspector"
    linked = create_user(
        session, username="wang.wu", name="王五", department_id=department.id, inspector_id=None,
        expert_id=expert.id, actor=admin,
    )  # fmt: skip
    for roles in (frozenset({Role.LEAD}), frozenset({Role.EXPERT, Role.REVIEWER})):
        with pytest.raises(DomainError) as other:
            set_roles(session, linked, roles, reason="误", actor=security)
        assert refusal(other) in {"expert-only", "expert-alone"}
    plain: User = make.user(department=department)
    with pytest.raises(DomainError) as unlinked:
        set_roles(session, plain, frozenset({Role.EXPERT}), reason="误", actor=security)
    assert refusal(unlinked) == "expert-alone"
    set_roles(session, linked, frozenset({Role.EXPERT}), reason="聘任", actor=security)
    correct_user(
        session, linked, name="王五", department_id=department.id, inspector_id=None, expert_id=None, reason="解聘",
        actor=admin,
    )  # fmt: skip
    assert linked.roles == frozenset()
