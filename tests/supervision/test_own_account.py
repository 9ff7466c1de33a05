"""Passwords, sessions and the limits in force: what each person meets on the way in."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts import services
from supervision.accounts.models import LoginSession, User
from supervision.accounts.queries import actor_of, list_sessions, load_policy
from supervision.accounts.rules import Policy, check_password, device_name, own_part
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import Invalid
from supervision.parameters.models import Parameter
from supervision.parameters.rules import Certainty
from supervision.permissions import Role
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.pages import Browser, Visitor

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"


def set_parameter(session: Session, code: str, value: int) -> None:
    """Put a value of a parameter in force."""
    session.add(
        Parameter(
            code=code,
            value=str(value),
            unit="",
            name_zh=code,
            name_en=code,
            source="x",
            certainty=Certainty.DEFAULT,
            effective_from=clock.today(),
        )
    )
    session.flush()


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!", "P@ssw0rd123456", "Shanghai@2026", "Admin12345678!", "Qwertyuiop123!", "1qaz2wsx!QAZ",
        "AAAAbbbb1111!", "Woaini5201314!", "Zhang.san-2026!", "Aa1!Aa1", "onlylowercase",
    ],
)  # fmt: skip
def test_passwords_that_everybody_guesses_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, username="zhang.san", policy=Policy())


@pytest.mark.parametrize(
    "password", [PASSWORD, "qyrd-xdlw-O8919", "雨后窗前四只鸟Fly-3", "Kettle7 river! moss", "Tr0ub4dor&3-x"]
)
def test_passwords_of_unrelated_words_are_taken(password: str) -> None:
    check_password(password, username="zhang.san", policy=Policy())
    assert own_part(password, username="zhang.san") >= 6


@pytest.mark.parametrize(("agent", "name"), [(WINDOWS, "Chrome · Windows"), (PHONE, "WeChat · Android"), ("", "")])
def test_a_browser_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_limits_are_those_of_the_parameters_in_force(session: Session, make: Make) -> None:
    assert load_policy(session) == Policy()
    make.catalogues()
    assert load_policy(session) == Policy()
    set_parameter(session, "login-failures-lock", 2)
    set_parameter(session, "lockout-minutes", 60)
    user = make.user(Role.LEAD)
    for _ in range(2):
        services.sign_in(session, user.username, "wrong", address="::1")
    for minutes, entered in ((59, None), (61, user)):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            assert services.sign_in(session, user.username, PASSWORD, address="::1") is entered


def test_the_present_password_and_the_last_ones_are_not_taken_again(session: Session, make: Make) -> None:
    user = make.user(Role.LEAD)
    actor = actor_of(user)
    words = [PASSWORD, *(f"Kettle-{number}-river-Moss" for number in range(6))]
    for old, new in pairwise(words):
        with pytest.raises(Invalid) as refused:
            services.change_password(session, user, old=old, new=old, actor=actor)
        assert refused.value.code == "password-used"
        services.change_password(session, user, old=old, new=new, actor=actor)
    with pytest.raises(Invalid):
        services.change_password(session, user, old=words[-1], new=words[-5], actor=actor)
    services.change_password(session, user, old=words[-1], new=words[1], actor=actor)


def test_an_old_password_is_changed_before_anything_else(session: Session, make: Make, client: FlaskClient) -> None:
    user = make.user(Role.SYSTEM_ADMIN, created_at=clock.now() - timedelta(days=91))
    visitor = Visitor(client)
    answer = visitor.post("/sign-in", {"username": user.username, "password": PASSWORD})
    assert answer.headers["Location"] == "/account"
    visitor.get("/users", status=302)
    same = {"old": PASSWORD, "password": PASSWORD, "repeated": PASSWORD}
    assert "error-summary" in visitor.post("/account", same, status=200).text
    new = {"old": PASSWORD, "password": "Kettle-7-river-Moss", "repeated": "Kettle-7-river-Moss"}
    visitor.post("/account", new)
    visitor.get("/account", status=302)
    visitor.post("/sign-in", {"username": user.username, "password": "Kettle-7-river-Moss"})
    visitor.get("/users")


def arrive(app_client: Any, user: User, *, agent: str = WINDOWS) -> Visitor:
    """Sign in with a browser of one's own."""
    visitor = Visitor(app_client)
    page = visitor.get("/sign-in", headers={"User-Agent": agent})
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    values = {"csrf_token": token, "username": user.username, "password": PASSWORD}
    assert app_client.post("/sign-in", data=values, headers={"User-Agent": agent}).status_code == 302
    return visitor


def test_one_sees_and_ends_the_places_where_one_is_signed_in(session: Session, make: Make, browse: Browser) -> None:
    user = make.user(Role.LEAD, department=make.department())
    session.flush()
    desk = arrive(browse.app.test_client(), user)
    phone = arrive(browse.app.test_client(), user, agent=PHONE)
    for language in ("zh", "en"):
        desk.client.set_cookie("lang", language)
        page = desk.get("/account").text
        assert "Chrome · Windows" in page
        assert "WeChat · Android" in page
    keys = [one.id_hash[:16] for one in list_sessions(session, user)]
    other = next(key for key in keys if f"/account/sessions/{key}/end" in page)
    desk.post("/account/sessions/0000000000000000/end", page="/account", status=404)
    desk.post(f"/account/sessions/{other}/end", page="/account")
    phone.get("/account", status=302)
    desk.get("/account")
    assert session.scalar(sa.select(AuditEntry.actor_id).where(AuditEntry.event == Event.SESSIONS_ENDED)) == user.id


def test_one_ends_all_other_sessions_but_nobody_elses(session: Session, make: Make, browse: Browser) -> None:
    user, stranger = (make.user(Role.LEAD, department=make.department()) for _ in range(2))
    desk, phone = (arrive(browse.app.test_client(), user) for _ in range(2))
    other = arrive(browse.app.test_client(), stranger)
    key = list_sessions(session, stranger)[0].id_hash[:16]
    desk.post(f"/account/sessions/{key}/end", page="/account", status=404)
    desk.post("/account/sessions/others/end", page="/account")
    phone.get("/account", status=302)
    other.get("/account")
    desk.get("/account")


def test_a_third_session_ends_the_one_used_longest_ago(session: Session, make: Make, browse: Browser) -> None:
    user, now = make.user(Role.LEAD, department=make.department()), clock.now()
    visitors = []
    for minutes in range(3):
        with clock.at(now + timedelta(minutes=minutes)):
            visitors.append(arrive(browse.app.test_client(), user))
    with clock.at(now + timedelta(minutes=4)):
        visitors[0].get("/account", status=302)
        for visitor in visitors[1:]:
            visitor.get("/account")


def test_an_administrators_session_rests_only_half_as_long(session: Session, make: Make, browse: Browser) -> None:
    lead, admin = make.user(Role.LEAD, department=make.department()), make.user(Role.SYSTEM_ADMIN)
    visitors = {user: arrive(browse.app.test_client(), user) for user in (lead, admin)}
    with clock.at(clock.now() + timedelta(minutes=20)):
        visitors[lead].get("/account")
        visitors[admin].get("/account", status=302)
    with clock.at(clock.now() + timedelta(hours=9)):
        visitors[lead].get("/account", status=302)
    assert session.scalar(sa.select(sa.func.count()).select_from(LoginSession))


def test_a_session_ended_while_a_request_runs_does_not_come_back_by_it(
    session: Session, make: Make, browse: Browser
) -> None:
    user = make.user(Role.LEAD, department=make.department())
    visitor = arrive(browse.app.test_client(), user)
    visitor.get("/account")
    with visitor.client.session_transaction() as running:
        session.execute(sa.delete(LoginSession))
        session.flush()
        running["something"] = "changed"
    visitor.get("/account", status=302)
