"""The administrators' pages: linking inspectors, correcting accounts, granting roles with one's own password."""

from datetime import timedelta
from typing import Any  # keyword arguments of a service

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.corrections import correct_user
from supervision.accounts.models import LoginSession, User
from supervision.accounts.queries import actor_of, find_user, list_users
from supervision.accounts.services import create_user, unlock
from supervision.errors import Conflict, Forbidden, Invalid
from supervision.listing import ListQuery
from supervision.permissions import Role
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.pages import Browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_inspectors_account_is_linked_to_the_entry_and_finds_it(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    department = make.department("QA")
    inspector = make.inspector(department, name="李宁")
    visitor = browse(make.user(Role.SYSTEM_ADMIN), language=language)
    values = {"username": "li.ning", "name": "李宁", "department": "QA", "certificate_number": "0000000"}
    visitor.post("/users/new", values, status=200)
    linked = {**values, "certificate_number": inspector.certificate_number}
    visitor.post("/users/new", {**linked, "name": "别人"}, status=200)
    visitor.post("/users/new", {**linked, "department": ""}, status=200)
    visitor.post("/users/new", linked)
    user = find_user(session, "li.ning")
    assert user
    assert user.inspector_id == inspector.id
    visitor.post("/users/new", {**linked, "username": "li.ning2"}, status=200)
    assert "error-summary" in visitor.post("/users/new", {**values, "certificate_number": ""}, status=200).text
    security = browse(make.user(Role.SECURITY_ADMIN), language=language)
    page = f"/users/{user.id}"
    step = {"roles-reason": "任命", "roles-roles": ["inspector"], "roles-own_password": PASSWORD}
    security.post(f"{page}/roles", step, page=page)
    assert inspector.certificate_number in browse(user, language=language).get("/inspectors/mine").text


def test_another_department_ends_the_roles_and_the_name_alone_does_not(session: Session, make: Make) -> None:
    old, new = make.department(), make.department()
    user, admin = make.user(Role.LEAD, department=old), make.actor(Role.SYSTEM_ADMIN)
    assert not correct_user(
        session, user, name=user.name, department_id=old.id, inspector_id=None, reason="核对", actor=admin
    )
    correct_user(session, user, name="王新名", department_id=old.id, inspector_id=None, reason="更名", actor=admin)
    assert user.roles == {Role.LEAD}
    correct_user(session, user, name="王新名", department_id=new.id, inspector_id=None, reason="调动", actor=admin)
    assert user.roles == frozenset()
    post = make.user(Role.AUDIT_ADMIN)
    correct_user(session, post, name=post.name, department_id=new.id, inspector_id=None, reason="调动", actor=admin)
    assert post.roles == {Role.AUDIT_ADMIN}


def test_one_certificate_belongs_to_one_account(session: Session, make: Make) -> None:
    department = make.department()
    inspector = make.inspector(department)
    make.user(Role.INSPECTOR, department=department, inspector=inspector)
    other = make.user(name=inspector.name, department=department)
    with pytest.raises(Invalid) as refused:
        correct_user(
            session,
            other,
            name=inspector.name,
            department_id=department.id,
            inspector_id=inspector.id,
            reason="x",
            actor=make.actor(Role.SYSTEM_ADMIN),
        )
    assert refused.value.code == "certificate-linked"


def taken_meanwhile(session: Session, **values: object) -> None:
    """Let another administrator give the same name or certificate away between the check and the writing."""

    def write(*_: object) -> None:
        row = {"username": "meanwhile", "name": "别人", "active": True, "created_at": clock.now(), **values}
        session.connection().execute(sa.insert(User.__table__).values(row))  # type: ignore[arg-type]  # a table

    session.flush()
    sa.event.listen(session, "before_flush", write, once=True)


def test_two_administrators_at_once_link_a_certificate_or_take_a_name_only_once(session: Session, make: Make) -> None:
    department, admin = make.department(), make.actor(Role.SYSTEM_ADMIN)
    inspector = make.inspector(department)
    place: Any = {"department_id": department.id, "inspector_id": inspector.id, "actor": admin}
    user = make.user(name=inspector.name, department=department)
    taken_meanwhile(session, inspector_id=inspector.id)
    with pytest.raises(Conflict):
        correct_user(session, user, name=inspector.name, reason="x", **place)
    taken_meanwhile(session, username="li.ning")
    with pytest.raises(Conflict):
        create_user(session, username="li.ning", name=inspector.name, **place)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_system_administrator_corrects_an_account_on_its_page(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    make.department("QA")
    user = make.user(Role.LEAD, department=make.department())
    visitor, page = browse(make.user(Role.SYSTEM_ADMIN), language=language), f"/users/{user.id}/correct"
    values = {"name": user.name, "department": "QA", "certificate_number": ""}
    visitor.post(page, values, status=200)
    visitor.post(page, {**values, "reason": "调动"})
    session.expire_all()
    assert user.department
    assert (user.department.code, user.roles) == ("QA", frozenset())
    history = visitor.get(f"/users/{user.id}").text
    assert "调动" in history
    browse(make.user(Role.SECURITY_ADMIN)).get(page, status=403)
    browse(make.user(Role.COORDINATOR)).get(page, status=403)
    visitor.get("/users/999999/correct", status=404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_roles_are_granted_only_with_the_administrators_own_password(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    user, security = make.user(department=make.department()), make.user(Role.SECURITY_ADMIN)
    visitor, page = browse(security, language=language), f"/users/{user.id}"
    step = {"roles-reason": "任命", "roles-roles": ["lead", "head"]}
    for wrong in ({}, {"roles-own_password": "wrong"}):
        assert "error-summary" in visitor.post(f"{page}/roles", {**step, **wrong}, page=page, status=422).text
    session.expire_all()
    assert user.roles == frozenset()
    assert security.failed_attempts == 1
    own = {"roles-own_password": PASSWORD}
    both = {**step, **own, "roles-roles": ["lead", "audit_admin"]}
    assert "error-summary" in visitor.post(f"{page}/roles", both, page=page, status=422).text
    visitor.post(f"{page}/roles", {**step, **own}, page=page)
    session.expire_all()
    assert user.roles == {Role.LEAD, Role.HEAD}
    assert "任命" in visitor.get(page).text


def test_guessing_an_administrators_password_in_an_open_browser_ends_the_session(
    session: Session, make: Make, browse: Browser
) -> None:
    user, security = make.user(), make.user(Role.SECURITY_ADMIN)
    visitor, page = browse(security), f"/users/{user.id}"
    step = {"unlock-reason": "x", "unlock-new_password": "Kettle-7-river-Moss", "unlock-own_password": "wrong"}
    for _ in range(5):
        visitor.post(f"{page}/unlock", step, page=page, status=422)
    visitor.get(page, status=302)
    session.expire_all()
    assert user.password_changed_at is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_security_administrator_gives_a_first_password_and_ends_sessions(
    session: Session, make: Make, browse: Browser, language: str
) -> None:
    user = make.user(Role.LEAD, department=make.department(), password_hash=None)
    theirs = browse(user)
    visitor, page = browse(make.user(Role.SECURITY_ADMIN), language=language), f"/users/{user.id}"
    step = {"unlock-reason": "新任", "unlock-own_password": PASSWORD}
    weak = {**step, "unlock-new_password": "Password2026!"}
    assert "error-summary" in visitor.post(f"{page}/unlock", weak, page=page, status=422).text
    visitor.post(f"{page}/unlock", {**step, "unlock-new_password": "Kettle-7-river-Moss"}, page=page)
    session.expire_all()
    assert user.must_change_password
    theirs = browse(user)
    theirs.get("/account")
    visitor.post(f"{page}/sessions/end", {}, page=page, status=422)
    visitor.post(f"{page}/sessions/end", {"sessions-reason": "手机遗失"}, page=page)
    theirs.get("/account", status=302)
    left = sa.select(sa.func.count()).select_from(LoginSession).where(LoginSession.user_id == user.id)
    assert session.scalar(left) == 0


def test_nobody_unlocks_or_changes_their_own_account(session: Session, make: Make, browse: Browser) -> None:
    security = make.user(Role.SECURITY_ADMIN)
    visitor, page = browse(security), f"/users/{security.id}"
    shown = visitor.get(page).text
    assert "/roles" not in shown
    assert "/unlock" not in shown
    step = {"unlock-reason": "x", "unlock-own_password": PASSWORD}
    visitor.post(f"{page}/unlock", step, page="/account", status=403)
    with pytest.raises(Forbidden):
        unlock(session, security, new_password=None, reason="x", actor=actor_of(security))


def test_administrators_find_accounts_that_need_attention(session: Session, make: Make) -> None:
    admin = make.actor(Role.SYSTEM_ADMIN)
    found = {
        "disabled": make.user(Role.LEAD, active=False),
        "locked": make.user(Role.LEAD, locked_until=clock.now() + timedelta(minutes=5)),
        "no_password": make.user(Role.LEAD, password_hash=None),
        "no_roles": make.user(),
        "no_certificate": make.user(Role.INSPECTOR),
    }
    for state, user in found.items():
        assert list(list_users(session, admin, ListQuery(filters={"state": state})).items) == [user], state
    active = list_users(session, admin, ListQuery(filters={"state": "active"}, size=100)).items
    assert found["disabled"] not in active
    assert found["no_roles"] in active
