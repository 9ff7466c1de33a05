"""A digest is no file: who names one must have it; what is begun and never finished is limited and swept."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Attachment, FileHolder
from joint_inspections.evidence.queries import is_complete, missing_files
from joint_inspections.evidence.services import add_piece, attach, begin_file, is_here_for, received_bytes
from joint_inspections.evidence.store import store_of
from joint_inspections.evidence.sweeping import sweep
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.evidence.files import digest, paper, photo, send

DAY = 24 * 3600


@pytest.fixture
def visit(drawn: District) -> Visit:
    """A visit that has begun."""
    drawn.begin(drawn.visit)
    return drawn.visit


@pytest.fixture
def stranger(drawn: District) -> Actor:
    """An inspector of a department that has nothing to do with the visit."""
    return drawn.make.actor(Role.INSPECTOR, department=drawn.make.department())


def name(session: Session, visit: Visit, sha256: str, actor: Actor) -> Attachment:
    """Attach a file by its digest alone."""
    return attach(
        session, visit, id=uuid4(), sha256=sha256, section=None, item=None, point=None, purpose="document", caption="",
        taken_at=None, place=None, actor=actor,
    )  # fmt: skip


def test_naming_the_digest_of_anothers_file_opens_nothing_until_its_bytes_were_sent(
    drawn: District, visit: Visit, stranger: Actor
) -> None:
    session, leader, data = drawn.session, drawn.inspector(visit.leader), paper("their file")
    sha256 = send(session, data, "application/pdf", stranger)
    attachment = name(session, visit, sha256, leader)
    assert (attachment.file, attachment.complete) == (None, False)
    assert missing_files(session, visit)
    file = begin_file(session, sha256=sha256, size=len(data), media_type="application/pdf", actor=leader)
    assert (received_bytes(session, file, actor=leader), is_here_for(session, sha256, leader)) == (0, False)
    with pytest.raises(Exception, match="not those announced"):
        add_piece(session, file, 0, b"x" * len(data), actor=leader)
    assert not is_here_for(session, sha256, leader)
    half = len(data) // 2
    assert add_piece(session, file, 0, data[:half], actor=leader) == half
    assert received_bytes(session, file, actor=leader) == half
    assert add_piece(session, file, half, data[half:], actor=leader) == len(data)
    session.expire_all()
    assert attachment.complete
    assert not missing_files(session, visit)
    left = (store_of(session).root / "incoming").glob(f"{sha256}-*-*")
    assert {path.suffix for path in left} <= {".lock"}


def test_a_file_of_the_own_team_counts_for_whoever_attaches_it(drawn: District, visit: Visit) -> None:
    mate = next(one for one in visit.team_now if not one.lead)
    sha256 = send(drawn.session, photo(51), "image/jpeg", drawn.inspector(mate))
    assert attach_photo(drawn, visit, sha256).complete


def attach_photo(drawn: District, visit: Visit, sha256: str) -> Attachment:
    return attach(
        drawn.session, visit, id=uuid4(), sha256=sha256, section=None, item=None, point=None, purpose="photo",
        caption="", taken_at=None, place=None, actor=drawn.inspector(visit.leader),
    )  # fmt: skip


def set_parameter(session: Session, code: str, value: int) -> None:
    session.execute(
        sa.text("UPDATE parameters SET value = :value WHERE code = :code"), {"value": str(value), "code": code}
    )


def test_nobody_has_more_on_the_way_than_the_parameters_say(session: Session, make: Make) -> None:
    make.catalogues()
    actor, other = make.actor(Role.INSPECTOR), make.actor(Role.INSPECTOR)
    set_parameter(session, "evidence-unfinished-files", 3)
    for number in range(3):
        begin_file(session, sha256=f"{number:064x}", size=10, media_type="image/png", actor=actor)
    with refused("too-many-unfinished"):
        begin_file(session, sha256="a" * 64, size=10, media_type="image/png", actor=actor)
    begin_file(session, sha256=f"{1:064x}", size=10, media_type="image/png", actor=actor)
    begin_file(session, sha256="a" * 64, size=10, media_type="image/png", actor=other)
    set_parameter(session, "evidence-unfinished-files", 100)
    set_parameter(session, "evidence-unfinished-megabytes", 1)
    with refused("too-many-unfinished"):
        begin_file(session, sha256="b" * 64, size=(1 << 20) - 29, media_type="image/png", actor=actor)
    # what has arrived whole counts no longer
    send(session, paper("whole"), "application/pdf", other)
    begin_file(session, sha256="b" * 64, size=(1 << 20) - 30, media_type="image/png", actor=actor)


def test_sealed_files_that_somebody_sends_again_are_among_those_on_the_way(session: Session, make: Make) -> None:
    make.catalogues()
    owner, actor = make.actor(Role.INSPECTOR), make.actor(Role.INSPECTOR)
    whole = [paper(f"file {number}") for number in range(3)]
    sealed = [begin_file(session, sha256=send(session, one, "application/pdf", owner), size=len(one),
                         media_type="application/pdf", actor=owner) for one in whole]  # fmt: skip
    set_parameter(session, "evidence-unfinished-files", 2)
    for file, data in zip(sealed[:2], whole, strict=False):
        begin_file(session, sha256=file.sha256, size=file.size, media_type=file.media_type, actor=actor)
        add_piece(session, file, 0, data[:10], actor=actor)
    third = sealed[2]
    with refused("too-many-unfinished"):
        begin_file(session, sha256=third.sha256, size=third.size, media_type=third.media_type, actor=actor)
    with refused("too-many-unfinished"):
        add_piece(session, third, 0, whole[2][:10], actor=actor)
    with refused("too-many-unfinished"):
        begin_file(session, sha256="c" * 64, size=10, media_type="image/png", actor=actor)
    # those begun go on, and with the last byte of one there is room again
    begin_file(session, sha256=sealed[0].sha256, size=sealed[0].size, media_type="application/pdf", actor=actor)
    assert add_piece(session, sealed[0], 10, whole[0][10:], actor=actor) == sealed[0].size
    begin_file(session, sha256=third.sha256, size=third.size, media_type=third.media_type, actor=actor)


def age(path: Path, days: int) -> None:
    moment = clock.now().timestamp() - days * DAY
    os.utime(path, (moment, moment))


def test_a_sweep_takes_old_pieces_and_never_what_is_sealed_or_held(app: Flask, session: Session, make: Make) -> None:
    make.catalogues()
    actor, store = make.actor(Role.INSPECTOR), store_of(session)
    kept = send(session, paper("kept"), "application/pdf", actor)
    files = {}
    for word in ("old", "young", "held"):
        data = paper(word)
        file = begin_file(session, sha256=digest(data), size=len(data), media_type="application/pdf", actor=actor)
        add_piece(session, file, 0, data[:20], actor=actor)
        files[word] = store.incoming(file.sha256, file.size)
    for path in (store.root / "incoming").glob("*"):
        age(path, 31)
    age(files["young"], 29)
    age(store.original(kept), 400)
    session.commit()
    with store.gathering(digest(paper("held")), len(paper("held"))):
        told = app.test_cli_runner().invoke(args=["evidence", "sweep"]).output
    assert told.strip().endswith("removed 1 files, 20 bytes")
    assert {word for word, path in files.items() if path.exists()} == {"young", "held"}
    assert store.original(kept).exists()
    assert is_complete(session, kept)
    assert sweep(session).files == 1
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.EVIDENCE_SWEPT)).all()
    assert [one.details["files"] for one in entries] == [1, 1]
    assert sweep(session).files == 0
    again = begin_file(
        session, sha256=digest(paper("old")), size=len(paper("old")), media_type="application/pdf", actor=actor
    )
    assert received_bytes(session, again, actor=actor) == 0
    assert send(session, paper("old"), "application/pdf", actor)
    assert session.get(FileHolder, (digest(paper("old")), actor.user_id)) is not None
