"""gunicorn killed while leads freeze, commit and draw through the forms: it starts again, and nothing is lost."""

import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from sampling.seeds import contribution_digest
from supervision.config import Config
from supervision.draws.checking.check import check_all
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.draws.vault import Operator
from supervision.schema import upgrade_to_newest
from tests.conftest import PASSWORD, SECRET
from tests.factories import Make
from tests.proofs.district import another_task, small_world
from tests.proofs.effort import ON_POSTGRESQL, SEED, effort, proof
from tests.proofs.serving import Client, GoneError, Server
from wsgi import create_app

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="a server of its own on SQLite; bare services are killed on both")


@dataclass
class Office:
    """The server, two leads, and the tasks they are to draw."""

    server: Server
    engine: Engine
    tasks: list[int]
    codes: list[str]
    people: list[str]
    secrets: dict[str, str] = field(default_factory=dict)

    def client(self, place: int) -> Client:
        """A lead, signed in."""
        client = Client(self.server.address)
        client.sign_in(self.people[place], PASSWORD)
        return client


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A migrated database with tasks ready to be drawn, served by gunicorn."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text(SECRET)
    url = f"sqlite:///{tmp_path / 'served.sqlite3'}"
    app = create_app(Config(instance=tmp_path, database_url=url, secret_key=SECRET, secure_cookies=False))
    engine: Engine = app.extensions["engine"]
    upgrade_to_newest(engine)
    with Session(engine, expire_on_commit=False) as session:
        world = small_world(Make(session, password=PASSWORD))
        tasks = [another_task(world).task.id for _ in range(effort(3, 40, 200))]
        codes = [body.code for body in world.departments]
        people = [world.users[code].username for code in codes]
        session.commit()
    made = Office(Server(tmp_path, url), engine, tasks, codes, people)
    made.server.start()
    yield made
    made.server.kill()
    engine.dispose()


def steps(office: Office, task: int, clients: list[Client]) -> Iterator[tuple[str, Callable[[], tuple[int, str]]]]:
    """Yield every step from the freeze to the draw, as the two leads click it."""
    first, second = clients
    yield "freeze", lambda: first.post(f"/draws/freeze/{task}")
    with Session(office.engine) as session:
        draw = session.query(Draw).filter(Draw.task_id == task).one()
        number, place = draw.number, f"/draws/{draw.id}"
    for client, by in zip(clients, office.codes, strict=True):
        secret = office.secrets.setdefault(f"{number} {by}", secrets.token_hex(32))
        digest = contribution_digest(hash_name="sha256", draw=number, by=by, secret=secret)
        yield f"seal {by}", lambda c=client, d=digest: c.post(f"{place}/contribute", digest=d, kept="y")
    yield "commit", lambda: first.post(f"{place}/commit")
    for client, by in zip(clients, office.codes, strict=True):
        yield f"reveal {by}", lambda c=client, b=by: c.post(f"{place}/reveal", secret=office.secrets[f"{number} {b}"])
    yield "draw", lambda: second.post(f"{place}/draw")


def click_through(office: Office, task: int, clients: list[Client]) -> list[str]:
    """Take every step until the server is gone; return what was answered."""
    answered: list[str] = []
    for name, step in steps(office, task, clients):
        status, location = step()
        assert status == 302, f"{name}: {status} {location}"
        answered.append(name)
    return answered


def until_gone(office: Office, task: int, clients: list[Client], answered: list[str]) -> None:
    """Take the steps, and stop where the server no longer answers."""
    try:
        for name, step in steps(office, task, clients):
            status, _ = step()
            if status != 302:
                return
            answered.append(name)
    except (GoneError, LookupError):
        return
    except Exception as error:  # noqa: BLE001 - where no row is there yet, the freeze was not answered
        answered += [] if re.search("No row", str(error)) else [f"fault {error}"]


def lost(office: Office, task: int, answered: list[str]) -> str:
    """Say what was answered and is not kept, or what is half kept."""
    with Session(office.engine) as session:
        bad = check_all(session, Operator.of("310106", SECRET)).bad
        draw = session.query(Draw).filter(Draw.task_id == task).one_or_none()
        kept = _kept(draw)
    missing = [name for name in answered if name not in kept]
    return f"{bad[:1]} {missing}" if bad or missing else ""


def _kept(draw: Draw | None) -> set[str]:
    if draw is None:
        return set()
    kept = {"freeze", *(f"seal {one.by}" for one in draw.contributions if one.digest)}
    kept |= {f"reveal {one.by}" for one in draw.contributions if one.handed_over}
    kept |= {"commit"} if draw.commitment_digest else set()
    return kept | ({"draw"} if draw.record_digest else set())


def test_a_killed_server_starts_again_and_has_lost_nothing(office: Office) -> None:
    moments = random.Random(SEED)  # noqa: S311 - chooses when to kill
    measured, *tasks = office.tasks
    begun = time.perf_counter()
    click_through(office, measured, [office.client(0), office.client(1)])
    duration, restarts = time.perf_counter() - begun, list[float]()
    with proof("killed-server") as tally:
        for task in tasks:
            clients, answered = [office.client(0), office.client(1)], list[str]()
            clicking = threading.Thread(target=until_gone, args=(office, task, clients, answered))
            clicking.start()
            time.sleep(moments.uniform(0, duration * 0.7))
            office.server.kill()
            clicking.join()
            restarts.append(office.server.start())
            fault = lost(office, task, answered)
            again = click_through(office, task, clients)
            tally.note(right=not fault and len(again) == 7, what=f"after {answered}: {fault}")
            tally.note(right=not lost(office, task, again), what=lost(office, task, again))
        tally.facts["longest_restart_seconds"] = round(max(restarts), 1)
    with Session(office.engine) as session:
        assert all(draw.state is DrawState.DRAWN for draw in session.query(Draw))
