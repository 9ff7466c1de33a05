"""A week's work of one phone, fifty visits and two hundred photos, sent to a real server that is cut off and killed.

Lines break after any byte, the server is killed at any moment; whatever was cut goes on where it stopped, everything
arrives exactly once, and little is sent twice. A slice with every test; the whole under ``make proof``.
"""

import hashlib
import io
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, SealedFile
from joint_inspections.evidence.store import digest_of, store_of
from joint_inspections.field.models import FieldOperation, Outcome
from joint_inspections.records.entries import entry_of
from joint_inspections.records.queries import list_sections
from joint_inspections.visits.models import Visit
from supervision.config import Config
from supervision.schema import upgrade_to_newest
from tests.conftest import PASSWORD, SECRET
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import issue
from tests.joint_inspections.field.phone import LostError, Phone, entry_digest
from tests.joint_inspections.field.wire import Wire
from tests.proofs.effort import ON_POSTGRESQL, SEED, effort, proof
from tests.proofs.serving import Client, Server
from wsgi import create_app

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="a server of its own on SQLite; races are run on both")

PHOTOS_OF_VISIT = 4
BREAKS = 0.12
# as the app sends them (static/field/uploads.js)
PIECE = 512 * 1024
# as the app stores them: the longer side, at the quality of a phone
SIZE = (1600, 1200)


@dataclass
class Field:
    """The served installation and the phone that is to be emptied into it."""

    server: Server
    engine: Engine
    username: str
    visits: list[int]

    def phone(self, draw: random.Random) -> tuple[Phone, Wire]:
        """A phone of the inspector who is on all teams, registered and loaded over a line that holds."""
        client = Client(self.server.address)
        client.sign_in(self.username, PASSWORD)
        wire = Wire(client, draw)
        phone = Phone(cast(FlaskClient, wire), draw, piece=PIECE)
        assert phone.register().status_code == 200
        assert phone.load().status_code == 200
        return phone, wire


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """Visits at whose doors one and the same pair of each department stands, and a server."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text(SECRET)
    url = f"sqlite:///{tmp_path / 'served.sqlite3'}"
    app = create_app(Config(instance=tmp_path, database_url=url, secret_key=SECRET, secure_cookies=False))
    engine: Engine = app.extensions["engine"]
    upgrade_to_newest(engine)
    count = effort(4, 50)
    with Session(engine, expire_on_commit=False) as session:
        make = Make(session, password=PASSWORD)
        make.catalogues()
        lead, other = make.department(), make.department()
        for department in (lead, other):
            for _ in range(2):
                make.inspector(department)
        district = District(session, make, lead, other, [make.item(lead), make.item(lead), make.item(other)])
        district.draw_now(count=count, visit_cap=count)
        for visit in district.visits:
            district.approve(visit)
            issue(district, visit)
        member = next(one for one in district.visit.team_now if one.department_id == lead.id)
        username, visits = district.inspector_user(member).username, [one.id for one in district.visits]
        session.commit()
    made = Field(Server(tmp_path, url), engine, username, visits)
    made.server.start()
    yield made
    made.server.kill()
    engine.dispose()


def make_photo(number: int) -> bytes:
    """A photo of its own, of the size that the app stores."""
    stored, grain = io.BytesIO(), Image.effect_noise((SIZE[0] // 4, SIZE[1] // 4), 40 + number % 60)
    grain.resize(SIZE).convert("RGB").save(stored, "JPEG", quality=80)
    return stored.getvalue()


def work(phone: Phone, visits: list[int]) -> int:
    """Record every visit without signal: arrival, two items, four photos; return the bytes of the photos."""
    for number, visit in enumerate(visits):
        section = next(one for one in phone.visit(visit)["sections"] if one["own"])
        phone.write("arrive", visit)
        for item in section["items"]:
            phone.answer_well(visit, section["id"], item["id"])
        for place in range(PHOTOS_OF_VISIT):
            item = section["items"][place % len(section["items"])]["id"]
            phone.take_photo(visit, section["id"], item, make_photo(number * PHOTOS_OF_VISIT + place))
    return sum(len(one) for one in phone.files.values())


class Killer(threading.Thread):
    """Kills the server at random moments and starts it again, so many times."""

    def __init__(self, server: Server, *, times: int, draw: random.Random) -> None:
        super().__init__(daemon=True)
        self.server, self.left, self.draw = server, times, draw
        self.killed, self.over = 0, threading.Event()

    def run(self) -> None:
        """Go on until told to stop."""
        while self.left and not self.over.wait(self.draw.uniform(0.5, 6)):
            self.left -= 1
            self.killed += 1
            self.server.kill()
            self.server.start()


def empty(phone: Phone, *, rounds: int) -> int:
    """Send all that is on the phone, as the app does: changes, then files, again and again; return the rounds."""
    for number in range(1, rounds + 1):
        try:
            while phone.queue:
                phone.send()
            phone.catch_up()
            awaited = {phone.sent[name]["body"]["file"] for name in phone.waiting if name in phone.sent}
            for digest in sorted(awaited):
                phone.upload(digest)
            phone.catch_up()
        except LostError:
            time.sleep(0.02)
            continue
        if not phone.queue and not phone.waiting:
            return number
    raise AssertionError(f"not empty after {rounds} rounds: {len(phone.queue)} changes, {len(phone.waiting)} files")


def faults_of(field: Field, phone: Phone) -> list[str]:
    """Say everything that did not arrive exactly once."""
    found: list[str] = []
    with Session(field.engine) as session:
        rows = session.scalars(sa.select(FieldOperation)).all()
        finals = Counter((row.uuid, one.outcome) for row in rows for one in row.outcomes if one.final)
        if {one for one, _ in finals} != set(phone.sent) or len(rows) != len(phone.sent):
            found.append(f"{len(rows)} changes kept of {len(phone.sent)}")
        if set(finals.values()) != {1} or {one for _, one in finals} != {Outcome.APPLIED}:
            found.append(str(Counter(one for _, one in finals.elements())))
        attached = session.scalars(sa.select(Attachment)).all()
        if Counter(one.visit_id for one in attached) != Counter(dict.fromkeys(field.visits, PHOTOS_OF_VISIT)):
            found.append("photos stand at other visits")
        store, sealed = store_of(session), set(session.scalars(sa.select(SealedFile.sha256)))
        if sealed != set(phone.files):
            found.append(f"{len(sealed)} files kept of {len(phone.files)}")
        found += [one for one in sealed if digest_of(store.original(one)) != one]
        found += [f"visit {one}: another entry" for one in field.visits if not _as_written(session, phone, one)]
    return found


def _as_written(session: Session, phone: Phone, visit_id: int) -> bool:
    """Say whether every item of the own section is stored as the phone has it."""
    stored: dict[int, Any] = {
        row.item_id: entry_of(row).digest
        for section in list_sections(session, session.get_one(Visit, visit_id))
        for row in section.item_results
    }
    own = next(one for one in phone.visit(visit_id)["sections"] if one["own"])
    return all(stored[one["id"]] == entry_digest(one["id"], one["entry"]) for one in own["items"])


def test_fifty_visits_with_two_hundred_photos_arrive_once_however_often_the_line_breaks(field: Field) -> None:
    draw = random.Random(SEED)  # noqa: S311 - a run repeats
    phone, wire = field.phone(draw)
    payload = work(phone, field.visits)
    wire.breaks = BREAKS
    killer = Killer(field.server, times=effort(1, 20), draw=random.Random(SEED + 1))  # noqa: S311
    with proof("sync-cuts", visits=len(field.visits), photos=len(phone.files)) as tally:
        begun = time.perf_counter()
        killer.start()
        rounds = empty(phone, rounds=effort(400, 4000))
        seconds = time.perf_counter() - begun
        killer.over.set()
        killer.join(timeout=150)
        for wrong in faults_of(field, phone) or [""]:
            tally.note(right=not wrong, what=wrong)
        again = wire.file_bytes - payload
        tally.facts |= {
            "payload": payload, "sent_again": again, "ratio": round(again / payload, 4), "cuts": wire.cuts,
            "kills": killer.killed, "rounds": rounds, "send_seconds": round(seconds, 1),
            "digest": hashlib.sha256("".join(sorted(phone.files)).encode()).hexdigest(),
        }  # fmt: skip
        # a broken line costs at most the piece that was on its way
        assert again <= PIECE * (wire.cuts + killer.killed)
    assert wire.cuts >= len(field.visits) // 5
