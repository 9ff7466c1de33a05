"""Files arrive in pieces, count when they hash to their name, and are what they say they are."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from joint_inspections.evidence import store
from joint_inspections.evidence.models import SealedFile, StoredFile
from joint_inspections.evidence.queries import find_sealed, is_complete
from joint_inspections.evidence.rules import recognise
from joint_inspections.evidence.services import add_piece, begin_file, keep_bytes, received_bytes
from joint_inspections.evidence.store import Store, store_of
from supervision.audit.queries import list_history
from supervision.errors import Conflict, Invalid
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.evidence.files import PLACE, bomb, digest, drawing, paper, photo, send


@pytest.fixture
def actor(make: Make) -> Actor:
    make.catalogues()
    return make.actor(Role.INSPECTOR, department=make.department())


def everything_in(kept: Store) -> set[str]:
    return {str(path.relative_to(kept.root)) for path in kept.root.rglob("*") if path.is_file()}


def test_a_file_sent_in_pieces_is_sealed_unchanged_and_told_of_once(session: Session, actor: Actor) -> None:
    data = photo(1, size=(1600, 1200))
    sha256 = send(session, data, "image/jpeg", actor, piece=10_000)
    assert is_complete(session, sha256)
    original = store_of(session).original(sha256)
    assert original.read_bytes() == data
    assert original.stat().st_mode & 0o777 == 0o400
    assert not store_of(session).incoming(sha256, len(data)).exists()
    assert [entry.event.value for entry in list_history(session, "file", sha256)] == ["file_sealed"]
    again = begin_file(session, sha256=sha256, size=len(data), media_type="image/jpeg", actor=actor)
    assert add_piece(session, again, 0, data[:100]) == len(data)
    assert session.scalar(sa.select(sa.func.count()).select_from(SealedFile)) == 1


def test_the_same_declaration_is_one_row_and_a_wrong_one_bars_nobody(session: Session, actor: Actor) -> None:
    data = photo(2)
    sha256 = digest(data)
    wrong = begin_file(session, sha256=sha256, size=3, media_type="image/png", actor=actor)
    with pytest.raises(Invalid):
        add_piece(session, wrong, 0, data[:3])
    first = begin_file(session, sha256=sha256, size=len(data), media_type="image/jpeg", actor=actor)
    second = begin_file(session, sha256=sha256, size=len(data), media_type="IMAGE/JPG; q=1", actor=actor)
    assert first is second
    assert session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 2
    send(session, data, "image/jpeg", actor)
    assert is_complete(session, sha256)


def test_sending_goes_on_after_a_cut_where_the_server_says(session: Session, actor: Actor) -> None:
    data = paper("x" * 500)
    file = begin_file(session, sha256=digest(data), size=len(data), media_type="application/pdf", actor=actor)
    assert add_piece(session, file, 0, data[:400]) == 400
    with pytest.raises(Conflict) as caught:
        add_piece(session, file, 700, data[700:])
    assert (caught.value.code, caught.value.parameters["received"]) == ("wrong-offset", 400)
    with pytest.raises(Conflict):
        add_piece(session, file, 0, data[:400])
    file = begin_file(session, sha256=digest(data), size=len(data), media_type="application/pdf", actor=actor)
    assert received_bytes(session, file) == 400
    assert add_piece(session, file, 400, data[400:]) == len(data)
    assert is_complete(session, file.sha256)


def test_wrong_bytes_are_thrown_away_and_the_sender_begins_anew(session: Session, actor: Actor) -> None:
    data = photo(3)
    file = begin_file(session, sha256=digest(data), size=len(data), media_type="image/jpeg", actor=actor)
    with pytest.raises(Invalid) as caught:
        add_piece(session, file, 0, data[:-1] + b"\x00")
    assert (caught.value.code, caught.value.parameters["received"]) == ("wrong-hash", 0)
    assert received_bytes(session, file) == 0
    assert not is_complete(session, file.sha256)
    with refused("beyond-end"):
        add_piece(session, file, 0, data + b"more")
    assert add_piece(session, file, 0, data) == len(data)


def test_what_an_undone_transaction_left_on_the_disk_is_taken_up_again(session: Session, actor: Actor) -> None:
    data = photo(4)
    with session.begin_nested() as step:
        send(session, data, "image/jpeg", actor)
        step.rollback()
    assert not is_complete(session, digest(data))
    assert store_of(session).original(digest(data)).exists()
    begin_file(session, sha256=digest(data), size=len(data), media_type="image/jpeg", actor=actor)
    assert is_complete(session, digest(data))


def test_a_file_whole_on_its_way_when_the_machine_stopped_is_sealed_at_the_next_contact(
    session: Session, actor: Actor
) -> None:
    data = paper("cut")
    path = store_of(session).incoming(digest(data), len(data))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    begin_file(session, sha256=digest(data), size=len(data), media_type="application/pdf", actor=actor)
    assert is_complete(session, digest(data))


@pytest.mark.parametrize(
    "sha256",
    ["", "../../etc/passwd", "a" * 63, "A" * 64, "/" * 64, "..%2f" + "a" * 59, "a" * 64 + "\n", "\x00" * 64, "a/" * 32],
)
def test_no_name_from_outside_becomes_a_path(session: Session, actor: Actor, sha256: str) -> None:
    before = everything_in(store_of(session))
    with refused("wrong-digest"):
        begin_file(session, sha256=sha256, size=5, media_type="image/png", actor=actor)
    with pytest.raises(ValueError, match="digest"):
        store_of(session).original(sha256)
    assert everything_in(store_of(session)) == before


@pytest.mark.parametrize(
    ("media_type", "code"),
    [("text/html", "wrong-type"), ("image/svg+xml", "wrong-type"), ("image/heic", "heic"), ("", "wrong-type"),
     ("application/zip", "wrong-type"), ("video/mp4", "wrong-type")],
)  # fmt: skip
def test_only_photos_papers_and_sounds_are_kept(session: Session, actor: Actor, media_type: str, code: str) -> None:
    with refused(code):
        begin_file(session, sha256="a" * 64, size=5, media_type=media_type, actor=actor)


@pytest.mark.parametrize("size", [0, -1, 20 * (1 << 20) + 1])
def test_files_have_a_size_within_the_limit(session: Session, actor: Actor, size: int) -> None:
    with refused("too-large"):
        begin_file(session, sha256="a" * 64, size=size, media_type="image/png", actor=actor)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"<html><script>alert(1)</script></html>", "image/jpeg"),
        (b"<html><script>alert(1)</script></html>", "application/pdf"),
        (paper("no picture"), "image/png"),
        (drawing(77), "image/jpeg"),
        (b"PK\x03\x04" + b"\0" * 60, "audio/wav"),
        (b"\0\0\0\x20ftypheic" + b"\0" * 60, "audio/mp4"),
    ],
)
def test_content_must_be_what_its_type_says(session: Session, actor: Actor, data: bytes, media_type: str) -> None:
    with refused("wrong-type"):
        send(session, data, media_type, actor)
    assert not store_of(session).original(digest(data)).exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb(60_000, 60_000), "too-many-pixels"),
        (bomb(9_000, 9_000), "too-many-pixels"),
        (bomb(2_000, 20_000), "too-many-pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "broken-picture"),
        (drawing(78)[:300], "broken-picture"),
    ],
)
def test_bombs_and_broken_pictures_are_refused_and_leave_nothing(
    session: Session, actor: Actor, data: bytes, code: str
) -> None:
    with refused(code):
        send(session, data, "image/png", actor)
    assert not is_complete(session, digest(data))
    assert not [name for name in everything_in(store_of(session)) if digest(data) in name and not name.endswith("lock")]


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_copies_hold_nothing_of_what_the_camera_wrote_and_the_original_all_of_it(
    session: Session, actor: Actor, kind: str, media_type: str
) -> None:
    data = photo(5, size=(3000, 1500), turned=6, kind=kind)
    sha256 = send(session, data, media_type, actor)
    sealed = find_sealed(session, sha256)
    assert sealed is not None
    assert (sealed.width, sealed.height) == (1500, 3000)
    assert sealed.camera_time == "2026-03-04T09:30:00+08:00"
    assert sealed.camera_place == pytest.approx({"latitude": PLACE[0], "longitude": PLACE[1]}, abs=1e-3)
    for copy, most in (("view", 1600), ("thumb", 320)):
        written = store_of(session).copy(sha256, copy).read_bytes()
        assert b"Exif" not in written
        assert b"Canary" not in written
        with Image.open(io.BytesIO(written)) as opened:
            assert not opened.getexif()
            assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert opened.size == (most // 2, most)


def test_a_camera_that_writes_nonsense_breaks_nothing(session: Session, actor: Actor) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "last tuesday<script>"
    exif.get_ifd(0x8825)[2] = (500.0, 0.0, 0.0)
    exif.get_ifd(0x8825)[4] = (500.0, 0.0, 0.0)
    stream = io.BytesIO()
    Image.new("RGB", (50, 50), "red").save(stream, "JPEG", exif=exif)
    sealed = find_sealed(session, send(session, stream.getvalue(), "image/jpeg", actor))
    assert sealed is not None
    assert (sealed.camera_time, sealed.camera_place, sealed.likeness) == ("", None, "")


def test_sounds_are_known_by_how_they_begin() -> None:
    assert recognise(b"ID3\x04" + b"\0" * 12) == "audio/mpeg"
    assert recognise(b"\xff\xfb\x90\x00" + b"\0" * 12) == "audio/mpeg"
    assert recognise(b"\xff\xf1\x50\x80" + b"\0" * 12) == "audio/aac"
    assert recognise(b"#!AMR\n" + b"\0" * 10) == "audio/amr"
    assert recognise(b"\0\0\0\x18ftypM4A " + b"\0" * 4) == "audio/mp4"
    assert recognise(b"\x1a\x45\xdf\xa3" + b"\0" * 12) == "audio/webm"
    assert recognise(b"MZ" + b"\0" * 14) == ""
    assert recognise(b"") == ""


def test_the_folder_of_evidence_lies_in_the_instance_and_is_no_part_of_what_is_served(session: Session) -> None:
    root = store_of(session).root
    assert root.name == "evidence"
    assert "static" not in root.parts


def test_rows_of_files_can_never_be_changed(session: Session, actor: Actor) -> None:
    send(session, photo(6), "image/jpeg", actor)
    for table in ("stored_files", "sealed_files"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
            session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names from the line above


def test_a_file_sent_whole_joins_what_a_phone_began(session: Session, actor: Actor) -> None:
    data = photo(7)
    file = begin_file(session, sha256=digest(data), size=len(data), media_type="image/jpeg", actor=actor)
    add_piece(session, file, 0, data[:1000])
    assert keep_bytes(session, data, media_type="image/jpeg", actor=actor) == digest(data)
    assert is_complete(session, digest(data))


def test_a_file_sent_whole_outlives_wrong_bytes_that_somebody_left_in_its_place(session: Session, actor: Actor) -> None:
    data = photo(8)
    file = begin_file(session, sha256=digest(data), size=len(data), media_type="image/jpeg", actor=actor)
    add_piece(session, file, 0, b"x" * 1000)
    assert keep_bytes(session, data, media_type="image/jpeg", actor=actor) == digest(data)
    assert store_of(session).original(digest(data)).read_bytes() == data


def test_nobody_waits_for_ever_for_a_file_that_another_holds(
    session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # whoever holds the file may wait for a row that is held here: no database sees such a circle
    data = photo(9)
    file = begin_file(session, sha256=digest(data), size=len(data), media_type="image/jpeg", actor=actor)
    monkeypatch.setattr(store, "PATIENCE", 0.1)
    with store_of(session).gathering(digest(data), len(data)), refused("file-busy"):
        add_piece(session, file, 0, data)
    assert add_piece(session, file, 0, data) == len(data)
