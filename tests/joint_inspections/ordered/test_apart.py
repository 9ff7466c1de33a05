"""With transactions and databases of their own: two heads at once, the schema up and down with rows in it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # answers of browsers

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderState
from joint_inspections.visits.models import Visit
from supervision.accounts.models import User
from supervision.config import Config
from supervision.permissions import Role
from supervision.schema import alembic_config, upgrade_to_newest
from tests.conftest import PASSWORD, SECRET, Browser
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.joint_inspections.ordered.conftest import Office, office_of
from tests.supervision.draws.test_races import own_database
from wsgi import create_app

BUSY = 503
TRIES = 20


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Flask]:
    """An installation of this test's own, with real transactions."""
    with own_database(tmp_path) as address:
        config = Config(instance=tmp_path, database_url=address, secret_key=SECRET, secure_cookies=False, testing=True)
        app = create_app(config)
        upgrade_to_newest(app.extensions["engine"])
        yield app
        app.extensions["engine"].dispose()


@pytest.fixture
def own(apart: Flask) -> Iterator[Office]:
    """A district in it."""
    with Session(apart.extensions["engine"], expire_on_commit=False) as session:
        make = Make(session, password=PASSWORD)
        make.catalogues()
        lead, other = make.department(), make.department()
        items = [make.item(lead), make.item(lead), make.item(other)]
        for department in (lead, other):
            for _ in range(4):
                make.inspector(department)
        yield office_of(District(session, make, lead, other, items))


def test_two_heads_who_approve_at_once_send_one_team(apart: Flask, own: Office) -> None:
    session, district = own.district.session, own.district
    order = own.order()
    heads = [district.user(Role.HEAD), district.user(Role.HEAD, district.other)]
    session.commit()
    visitors = [Browser(apart, session)(head) for head in heads]
    session.commit()
    page = f"/orders/{order.id}"
    tokens = [one.token(page) for one in visitors]
    barrier, answers = threading.Barrier(2), dict[int, Any]()

    def approve(place: int) -> None:
        barrier.wait()
        data = {"decision": "agreed", "note": "", "csrf_token": tokens[place]}
        for _ in range(TRIES):
            answers[place] = visitors[place].client.post(f"{page}/decision", data=data)
            if answers[place].status_code != BUSY:
                return

    threads = [threading.Thread(target=approve, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(one.status_code for one in answers.values()) == [302, 302]
    session.expire_all()
    assert (order.state, len(order.approvals)) == (OrderState.SENT, 2)
    assert session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 1
    assert order.visit is not None
    assert len(order.visit.members) == 4


def test_a_head_who_sends_the_form_twice_decides_once(apart: Flask, own: Office) -> None:
    session, order = own.district.session, own.order()
    head: User = own.district.user(Role.HEAD)
    session.commit()
    visitor = Browser(apart, session)(head)
    session.commit()
    data = {"decision": "agreed", "note": "", "csrf_token": visitor.token(f"/orders/{order.id}")}
    first = visitor.client.post(f"/orders/{order.id}/decision", data=data).status_code
    second = visitor.client.post(f"/orders/{order.id}/decision", data=data).status_code
    assert (first, second) == (302, 409)
    session.expire_all()
    assert len(order.approvals) == 1


def test_the_schema_goes_down_and_up_with_visits_in_it(apart: Flask, own: Office) -> None:
    session = own.district.session
    own.district.draw_now()
    session.commit()
    session.close()
    engine = apart.extensions["engine"]
    command.downgrade(alembic_config(engine), "0027")
    with engine.connect() as connection:
        assert not sa.inspect(connection).has_table("ordered_inspections")
    upgrade_to_newest(engine)
    with Session(engine) as again:
        assert again.scalar(sa.select(sa.func.count()).select_from(Visit)) == 3
        assert again.scalar(sa.select(sa.func.count()).select_from(OrderedInspection)) == 0


def test_the_schema_does_not_go_down_where_there_are_orders(apart: Flask, own: Office) -> None:
    own.approve(own.order())
    own.district.session.commit()
    own.district.session.close()
    engine = apart.extensions["engine"]
    with pytest.raises(RuntimeError, match="orders to inspect"):
        command.downgrade(alembic_config(engine), "0027")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM ordered_places"))
