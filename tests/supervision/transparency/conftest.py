"""Draws whose log is signed and watched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from sampling.note_signing import Signer, note_of
from sampling.signed_notes import COSIGNATURE, parse_note
from supervision import clock
from supervision.draws.models import LogLeaf
from supervision.permissions import system_actor
from supervision.transparency import queries, services
from supervision.transparency.keyring import Keyring, keyring_of
from supervision.transparency.models import LogCheckpoint, LogWitness
from tests.supervision.draws.conftest import visits, world
from tests.supervision.draws.world import World

__all__ = ["visits", "world"]


@dataclass
class Log:
    """The log of a test, its keys, and witnesses with keys of their own."""

    session: Session
    keyring: Keyring
    signers: dict[str, Signer] = field(default_factory=dict)

    def sign(self) -> LogCheckpoint:
        """Sign the log as it stands, and let the signature count."""
        made = services.make_checkpoint(self.session, self.keyring)
        self.session.commit()
        return made

    def witness(self, name: str) -> LogWitness:
        """Enter a witness."""
        signer = self.signers.setdefault(name, Signer.generate(name, kind=COSIGNATURE))
        return services.add_witness(
            self.session, holder=f"Office {name}", verifier_key=signer.verifier_key, contact="8888", actor=PLATFORM
        )

    def cosigned(self, name: str, note: str, *, at: datetime | None = None) -> str:
        """Return a note with the cosignature of a witness alone."""
        text = parse_note(note).text
        seen_at = int((at or clock.now()).timestamp())
        return note_of(text, [self.signers[name].signature(text, seen_at=seen_at)])

    def leaf_count(self) -> int:
        """Count the leaves."""
        return self.session.scalar(sa.select(sa.func.count()).select_from(LogLeaf)) or 0

    def newest(self) -> LogCheckpoint:
        """Return the newest checkpoint."""
        found = queries.find_newest(self.session)
        assert found is not None
        return found


PLATFORM = system_actor("test")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def log(session: Session) -> Log:
    """The log of this test's database."""
    found = keyring_of(session)
    assert found is not None
    return Log(session, found)


@pytest.fixture
def run(app: Flask, session: Session) -> Callable[..., tuple[int, str]]:
    """Run ``flask log …`` and return its exit code and what it said."""

    def run_command(*arguments: str | Path) -> tuple[int, str]:
        session.commit()
        done = app.test_cli_runner().invoke(args=["log", *map(str, arguments)])
        session.expire_all()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code, done.output

    return run_command


@pytest.fixture
def note(world: World, log: Log) -> str:
    """The newest checkpoint of a log with two witnesses."""
    world.committed()
    log.witness("one")
    log.witness("two")
    return log.sign().note


def sent(client: FlaskClient, note: str) -> tuple[int, str]:
    """Hand a note in; return status and problem."""
    answer = client.post("/log/cosignatures", data=note.encode(), content_type="text/plain; charset=utf-8")
    return answer.status_code, str(answer.json.get("type", "")).rpartition(":")[2]
