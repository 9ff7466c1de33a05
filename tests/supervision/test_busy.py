"""Somebody holds the database for long: who writes is told so and loses nothing; who reads notices nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import LoginSession
from supervision.config import Config
from supervision.db import BUSY_OPTION, Base
from supervision.departments.models import Department
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import check_page
from wsgi import create_app

PASSWORD = "Zheng-Que-9"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = {"version": "1", "name_zh": "区市场监管局", "name_en": "<Market>", "fields": "食品、药品"}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Flask]:
    """The application on a database file of its own, waiting a fifth of a second instead of twenty."""
    url = f"sqlite:///{tmp_path / 'busy.sqlite3'}"
    app = create_app(Config(instance=tmp_path, database_url=url, secret_key="k" * 40, secure_cookies=False))
    engine = app.extensions["engine"]
    Base.metadata.create_all(engine)
    app.extensions["engine"] = engine.execution_options(**{BUSY_OPTION: 200})
    with Session(engine) as session:
        make = Make(session, password=PASSWORD)
        make.user(Role.SYSTEM_ADMIN, username="administrator", department=make.department("SCJG"))
        session.commit()
    yield app
    engine.dispose()


@pytest.fixture
def client(own: Flask) -> FlaskClient:
    """The system administrator, signed in."""
    client = own.test_client()
    token = TOKEN.search(client.get("/sign-in").text)
    assert token
    form = {"username": "administrator", "password": PASSWORD, "csrf_token": token.group(1)}
    assert client.post("/sign-in", data=form).status_code == 302
    return client


@pytest.fixture
def form(client: FlaskClient) -> dict[str, str]:
    """The form, filled in, with the token of its page: opened before the lock is held."""
    token = TOKEN.search(client.get("/departments/SCJG/edit").text)
    assert token
    return {**FORM, "csrf_token": token.group(1)}


@pytest.fixture
def holder(own: Flask, form: dict[str, str]) -> Iterator[Connection]:
    """Somebody else's writing transaction, as a large import holds it."""
    with own.extensions["engine"].connect() as connection:
        connection.execute(sa.update(Department).values(platform_role="held"))
        yield connection


@pytest.mark.parametrize(("language", "said"), [("zh", "请等待半分钟"), ("en", "Please wait half a minute")])
def test_who_writes_meanwhile_is_asked_to_send_it_again_and_nothing_is_lost(
    own: Flask, client: FlaskClient, form: dict[str, str], holder: Connection, language: str, said: str
) -> None:
    client.set_cookie("lang", language)
    response = client.post("/departments/SCJG/edit", data=form)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    check_page(response.text)
    assert said in response.text
    assert 'name="name_en" value="&lt;Market&gt;"' in response.text
    holder.rollback()
    kept = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', response.text))
    assert kept["name_zh"] == FORM["name_zh"]
    assert client.post("/departments/SCJG/edit", data={**kept, "name_en": "Market"}).status_code == 302
    with Session(own.extensions["engine"]) as session:
        department = session.scalars(sa.select(Department)).one()
        assert (department.name_zh, department.platform_role) == ("区市场监管局", "")


def test_who_reads_meanwhile_notices_nothing_even_when_the_visit_should_be_noted(
    own: Flask, client: FlaskClient, holder: Connection
) -> None:
    holder.rollback()
    with Session(own.extensions["engine"]) as session:
        session.execute(sa.update(LoginSession).values(seen_at=clock.now() - timedelta(minutes=5)))
        session.commit()
    holder.execute(sa.update(Department).values(platform_role="held"))
    assert client.get("/departments/").status_code == 200


def test_a_password_never_comes_back_in_a_page(own: Flask, holder: Connection) -> None:
    stranger = own.test_client()
    response = stranger.post("/sign-in", data={"username": "administrator", "password": PASSWORD, "csrf_token": "x"})
    assert PASSWORD not in response.text
    assert response.status_code in {400, 503}


def test_data_are_refused_as_data(own: Flask, client: FlaskClient, holder: Connection) -> None:
    with own.test_request_context("/api/x.json", method="POST"):
        error = sa.exc.OperationalError("x", {}, _locked(own))
        response = own.make_response(own.handle_user_exception(error))
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["type"] == "urn:problem:busy"


def _locked(own: Flask) -> BaseException:
    """What the driver says when it waited in vain."""
    with pytest.raises(sa.exc.OperationalError) as raised, own.extensions["engine"].connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    assert raised.value.orig is not None
    return raised.value.orig


def test_another_fault_of_the_database_stays_a_fault(own: Flask) -> None:
    with own.test_request_context("/", method="GET"):
        error = sa.exc.OperationalError("x", {}, Exception("no such table"))
        assert own.make_response(own.handle_user_exception(error)).status_code == 500


def test_whoever_hangs_up_in_the_middle_of_a_file_keeps_no_connection(own: Flask) -> None:
    pool = own.extensions["engine"].pool
    for address in ("/public/data/item_list.csv", "/public/data/item_list.json", "/public/data/plans.json"):
        answer = own.test_client().get(address)
        assert answer.status_code == 200
        assert next(answer.iter_encoded())
        answer.close()
        assert pool.checkedout() == 0


def test_a_visitor_whose_session_cannot_be_read_gets_the_page_of_a_fault(own: Flask, client: FlaskClient) -> None:
    with own.extensions["engine"].begin() as connection:
        connection.execute(sa.text("ALTER TABLE login_sessions RENAME TO mislaid"))
    answer = client.get("/departments/")
    assert answer.status_code == 500
    check_page(answer.text)
