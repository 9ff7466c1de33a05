"""Signing in, lock-out, and the separation of the three administrators."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts import services
from supervision.accounts.queries import actor_of
from supervision.errors import Forbidden, Invalid
from supervision.permissions import ADMINISTRATORS, ROLE_PERMISSIONS, Permission, Role
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.pages import Browser, Visitor


def test_right_password_signs_in_and_wrong_one_does_not(session: Session, make: Make) -> None:
    user = make.user(Role.LEAD)
    assert services.sign_in(session, user.username, PASSWORD, address="::1") is user
    assert services.sign_in(session, user.username, PASSWORD + "x", address="::1") is None
    assert services.sign_in(session, "nobody", PASSWORD, address="::1") is None


def test_five_failures_lock_the_account_even_for_the_right_password(session: Session, make: Make) -> None:
    user = make.user(Role.LEAD)
    for _ in range(5):
        services.sign_in(session, user.username, "wrong", address="::1")
    assert services.sign_in(session, user.username, PASSWORD, address="::1") is None
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert services.sign_in(session, user.username, PASSWORD, address="::1") is user


def test_sign_out_ends_the_session_on_the_server(client: FlaskClient, make: Make, browse: Browser) -> None:
    user = make.user(Role.SYSTEM_ADMIN)
    visitor = Visitor(client)
    visitor.post("/sign-in", {"username": user.username, "password": PASSWORD})
    stolen = client.get_cookie("sid")
    assert stolen is not None
    visitor.get("/users")
    visitor.post("/sign-out", page="/account")
    client.set_cookie("sid", stolen.value)
    visitor.get("/users", status=302)


def test_session_id_changes_at_sign_in(client: FlaskClient, make: Make) -> None:
    user = make.user(Role.SYSTEM_ADMIN)
    visitor = Visitor(client)
    visitor.get("/sign-in")
    before = client.get_cookie("sid")
    visitor.post("/sign-in", {"username": user.username, "password": PASSWORD})
    after = client.get_cookie("sid")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_wrong_roles_are_refused_and_the_public_is_sent_to_sign_in(make: Make, browse: Browser) -> None:
    browse(make.user(Role.LEAD)).get("/users", status=403)
    assert "/sign-in" in browse().get("/users", status=302).headers["Location"]


def test_administrators_hold_disjoint_rights_and_none_over_business() -> None:
    sets = [ROLE_PERMISSIONS[role] for role in sorted(ADMINISTRATORS)]
    business = frozenset[Permission]().union(
        *(rights for role, rights in ROLE_PERMISSIONS.items() if role not in ADMINISTRATORS)
    )
    for number, rights in enumerate(sets):
        assert not rights & business
        for other in sets[number + 1 :]:
            assert not rights & other


def test_administrator_holds_no_other_role(session: Session, make: Make) -> None:
    with pytest.raises(Invalid):
        services.set_roles(
            session,
            make.user(),
            frozenset({Role.AUDIT_ADMIN, Role.LEAD}),
            reason="x",
            actor=make.actor(Role.SECURITY_ADMIN),
        )


def test_nobody_changes_their_own_roles(session: Session, make: Make) -> None:
    user = make.user(Role.SECURITY_ADMIN)
    with pytest.raises(Forbidden):
        services.set_roles(session, user, frozenset({Role.LEAD}), reason="x", actor=actor_of(user))


def test_pages_of_the_administrators(make: Make, browse: Browser) -> None:
    other = make.user(Role.LEAD, department=make.department())
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        visitor = browse(make.user(role))
        visitor.get("/users?q=用户&sort=-name&page=1&role=lead")
        visitor.get(f"/users/{other.id}")
        visitor.get("/account")
    visitor = browse(make.user(Role.SYSTEM_ADMIN))
    visitor.post("/users/new", {"username": "wang.wu", "name": "王五", "department": ""})
    visitor.post(f"/users/{other.id}/active", {"active-reason": "transfer"}, page=f"/users/{other.id}")
    browse(other).get("/account", status=302)


def test_a_one_time_password_must_be_changed_before_anything_else(
    session: Session, make: Make, browse: Browser
) -> None:
    user = make.user(Role.SYSTEM_ADMIN, must_change_password=True)
    visitor = browse(user)
    assert visitor.get("/users", status=302).headers["Location"] == "/account"
    new = "Another-Horse-43"
    visitor.post("/account", {"old": PASSWORD, "password": new, "repeated": new})
    session.refresh(user)
    assert not user.must_change_password
