"""Real threads, real transactions, real kills: a call five times at once, two phones of one team, a dead server."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.field.models import FieldDevice, FieldOperation, FieldOutcome
from joint_inspections.field.services import revoke_device
from supervision.accounts.models import User
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.config import Config
from supervision.db import Base
from supervision.permissions import system_actor
from tests.conftest import PASSWORD, SECRET
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import issue, leader_of, mate_of
from tests.joint_inspections.field.phone import Json, Phone, sha256
from tests.pages import Browser
from tests.proofs.effort import SEED, effort, proof
from tests.supervision.draws.test_races import own_database
from wsgi import create_app

FIVE = 5
FORK = multiprocessing.get_context("fork")
BUSY = 503


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Flask]:
    """An installation of this test's own, with real transactions."""
    with own_database(tmp_path) as address:
        config = Config(instance=tmp_path, database_url=address, secret_key=SECRET, secure_cookies=False, testing=True)
        app = create_app(config)
        Base.metadata.create_all(app.extensions["engine"])
        yield app
        app.extensions["engine"].dispose()


class Town:
    """A committed district, and phones of its people."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.session = Session(app.extensions["engine"], expire_on_commit=False)
        make = Make(self.session, password=PASSWORD)
        make.catalogues()
        lead, other = make.department(), make.department()
        items = [make.item(lead), make.item(lead), make.item(other)]
        for department in (lead, other):
            for _ in range(4):
                make.inspector(department)
        self.district = District(self.session, make, lead, other, items)

    def ready_visits(self) -> list[tuple[int, User, User]]:
        """Draw, and return visits at whose doors the teams stand: visit, leader, a colleague of the department."""
        self.district.draw_now()
        found = []
        for visit in self.district.visits:
            self.district.approve(visit)
            issue(self.district, visit)
            mate = mate_of(self.district, visit, department=self.district.lead.id)[1]
            found.append((visit.id, leader_of(self.district, visit), mate))
        self.session.commit()
        return found

    def phone(self, user: User, number: int) -> Phone:
        """A registered and loaded phone."""
        self.session.refresh(user)
        # SQLite has one writer: this session must not be it while the browser's is written
        self.session.commit()
        phone = Phone(Browser(self.app, self.session)(user).client, random.Random(number))  # noqa: S311
        assert phone.register().status_code == 200
        assert phone.load().status_code == 200
        return phone

    def give_back(self, phones: list[Phone]) -> None:
        """Revoke phones: a person may have ten, and over many draws the same people are chosen again."""
        for device in self.session.scalars(sa.select(FieldDevice).where(FieldDevice.id.in_(one.id for one in phones))):
            revoke_device(self.session, device, reason="用毕", actor=system_actor("tests"))
        self.session.commit()

    def close(self) -> None:
        """End it."""
        self.session.close()


@pytest.fixture
def town(apart: Flask) -> Iterator[Town]:
    found = Town(apart)
    yield found
    found.close()


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Begin all of it together; return what each returned."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int) -> None:
        barrier.wait()
        try:
            answers[place] = works[place]()
        except Exception as error:  # noqa: BLE001 - a worker tells what it met
            answers[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return answers


def copy_of(phone: Phone, app: Flask) -> Any:
    """Another connection of the same phone: same cookies."""
    client = app.test_client()
    cookie = phone.client.get_cookie("sid")
    assert cookie is not None
    client.set_cookie("sid", cookie.value)
    return client


def post(client: Any, phone: Phone, operations: list[Json]) -> Any:
    """Send a batch, again while the database is busy, as the app does."""
    for _ in range(20):
        answer = client.post(
            "/field/api/operations",
            json={"device": phone.id, "operations": operations},
            headers={"X-CSRF-Token": phone.csrf},
        )
        if answer.status_code != BUSY:
            return answer.status_code, answer.get_json()
        time.sleep(0.05)
    return BUSY, {}


def batch(phone: Phone, visit: int, data: bytes) -> list[Json]:
    """A morning's work: arrival, two items, a file."""
    section = phone.visit(visit)["sections"][0]
    phone.write("arrive", visit)
    for item in section["items"]:
        problem = f"问题 {phone.id}"
        phone.answer_well(visit, section["id"], item["id"])
        phone.fill(visit, section["id"], item["id"], result="5", problem=problem, disposal="correction")
    phone.take_photo(visit, section["id"], section["items"][0]["id"], data, purpose="document")
    return list(phone.queue)


def upload(client: Any, phone: Phone, data: bytes) -> Any:
    """Send a file, whoever else does so too."""
    held = Phone(client, phone.random, id=phone.id, csrf=phone.csrf, files={sha256(data): data})
    return held.upload(sha256(data), kind="application/pdf")


def test_two_phones_five_times_each_at_once_do_everything_exactly_once(town: Town) -> None:
    with proof("offline-parallel", draws=effort(1, 14), at_once=2 * FIVE) as tally:
        for _ in range(effort(1, 14)):
            for visit, leader, mate in town.ready_visits():
                phones = [town.phone(user, 2 * visit + place) for place, user in enumerate((leader, mate))]
                data = [b"%PDF-1.7 " + phone.random.randbytes(200) for phone in phones]
                sent = [batch(phone, visit, one) for phone, one in zip(phones, data, strict=True)]
                clients = [[copy_of(phone, town.app) for _ in range(FIVE)] for phone in phones]
                answers = at_once(
                    [partial(post, client, phone, operations)
                     for phone, operations, mine in zip(phones, sent, clients, strict=True) for client in mine]
                )  # fmt: skip
                files = at_once(
                    [partial(upload, client, phone, one)
                     for phone, one, mine in zip(phones, data, clients, strict=True) for client in mine]
                )  # fmt: skip
                wrong = faults_of(town, visit, answers, files)
                tally.note(right=not wrong, what=f"visit {visit}: {wrong[:3]}")
                town.give_back(phones)


def faults_of(town: Town, visit: int, answers: list[Any], files: list[Any]) -> list[str]:
    """Say what is not exactly once."""
    found = [str(one) for one in answers if not isinstance(one, tuple) or one[0] != 200]
    found += [f"file: {one}" for one in files if one is not True]
    if found:
        return found
    for place in range(2):
        said = {str([(one["id"], one["outcome"]) for one in answer[1]["results"]])
                for answer in answers[place * FIVE : place * FIVE + FIVE]}  # fmt: skip
        if len(said) != 1:
            found.append(f"five answers differ: {said}")
    town.session.rollback()
    rows = town.session.scalars(
        sa.select(FieldOperation).where(FieldOperation.visit_id == visit).execution_options(populate_existing=True)
    ).all()
    ends = Counter((row.kind.value, row.newest.outcome.value) for row in rows)
    # of each item one phone comes first with both its changes, and the other gets two conflicts
    if ends != {("arrive", "applied"): 2, ("item", "applied"): 4, ("item", "conflict"): 4, ("attach", "applied"): 2}:
        found.append(str(ends))
    begun = sa.select(sa.func.count()).where(AuditEntry.event == Event.VISIT_BEGUN, AuditEntry.subject_id == str(visit))
    if town.session.scalar(begun) != 1:
        found.append("begun more than once")
    # SQLite has one writer, and this session would be it
    town.session.rollback()
    return found


def test_a_server_killed_in_mid_answer_has_done_it_once_when_asked_again(town: Town) -> None:
    visit, leader, _ = town.ready_visits()[0]
    phone = town.phone(leader, 1)
    phone.write("arrive", visit)
    begun = time.perf_counter()
    assert phone.send().status_code == 200
    usual = time.perf_counter() - begun
    section = phone.visit(visit)["sections"][0]
    moments, killed = random.Random(SEED), 0  # noqa: S311 - chooses when to kill
    with proof("offline-kills") as tally:
        for number in range(effort(8, 200)):
            phone.fill(visit, section["id"], section["items"][0]["id"], problem=f"第{number}次", checked=True)
            town.session.rollback()
            town.app.extensions["engine"].dispose()
            killed += kill_while_sending(town, phone, seconds=moments.uniform(0, 2 * usual))
            answer = phone.send()
            outcomes = [one["outcome"] for one in answer.get_json()["results"]]
            stored = phone.item(visit, section["id"], section["items"][0]["id"])["entry"]["problem"]
            tally.note(
                right=(outcomes, stored) == (["applied"], f"第{number}次"), what=f"{number}: {answer.text[:300]}"
            )
        tally.facts["killed_at_work"] = killed
    town.session.rollback()
    ends = sa.select(FieldOutcome.operation_id, sa.func.count()).group_by(FieldOutcome.operation_id)
    assert {row[1] for row in town.session.execute(ends)} == {1}
    assert killed


def kill_while_sending(town: Town, phone: Phone, *, seconds: float) -> bool:
    """Let a process of its own serve the call, and kill it after a while; say whether it was still at work."""
    child = FORK.Process(target=lambda: post(copy_of(phone, town.app), phone, phone.queue))
    child.start()
    time.sleep(seconds)
    at_work = child.is_alive()
    if at_work:
        os.kill(int(child.pid or 0), signal.SIGKILL)
    child.join()
    return at_work
