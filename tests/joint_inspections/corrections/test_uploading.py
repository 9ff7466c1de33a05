"""Files of the enterprise in pieces: they go on after a cut, belong to one code, and are checked like every other."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.chain import check_chain
from joint_inspections.corrections.models import CorrectionEntry, CorrectionUpload
from joint_inspections.corrections.rules import EntryKind, begun
from joint_inspections.corrections.services import Sending, SentFile, send_evidence
from joint_inspections.corrections.uploading import Announced, Received, add_piece, begin_upload, get_arrived
from joint_inspections.evidence.queries import find_sealed
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.evidence.store import store_of
from joint_inspections.evidence.sweeping import sweep
from joint_inspections.follow_ups.queries import list_of_visit
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.permissions import PUBLIC
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.corrections.conftest import MENDED, WHO, Order, upload
from tests.joint_inspections.evidence.files import digest, photo
from tests.joint_inspections.test_parts_of_departments import with_problem
from tests.pages import Browser

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
JPEG, PDF = "image/jpeg", "application/pdf"


def announce(order: Order, data: bytes, media_type: str = JPEG, **other: object) -> Received:
    """Announce a file, or ask where to go on."""
    values: dict[str, object] = {
        "sha256": digest(data),
        "size": len(data),
        "media_type": media_type,
        "name": "整改后.jpg",
        **other,
    }
    return begin_upload(order.session, order.now, Announced(**values))  # type: ignore[arg-type]


def add(order: Order, data: bytes, offset: int = 0, *, sha256: str = "") -> Received:
    """Send the bytes from an offset on."""
    return add_piece(order.session, order.now, sha256 or digest(data), offset, data[offset:])


@pytest.fixture
def other(order: Order) -> Order:
    """An order to correct after another visit, with a code of its own."""
    visit = order.district.visits[1]
    with_problem(order.district, visit)
    return Order(order.session, order.district, list_of_visit(order.session, visit.id)[0])


def test_a_file_goes_on_where_it_was_cut_and_is_the_same_file(session: Session, order: Order) -> None:
    data = photo(5)
    assert announce(order, data) == Received(0, complete=False)
    assert add_piece(session, order.now, digest(data), 0, data[:700]) == Received(700, complete=False)
    assert announce(order, data) == Received(700, complete=False)
    for wrong in (0, 699, 900):
        with refused("wrong-offset"):
            add_piece(session, order.now, digest(data), wrong, data[700:800])
    with refused("not-arrived"):
        get_arrived(session, order.now, [digest(data)])
    assert add(order, data, 700) == Received(len(data), complete=True)
    assert store_of(session).original(digest(data)).read_bytes() == data
    # nothing of it is left on its way
    assert not list((store_of(session).root / "incoming").glob(f"{digest(data)}*[!k]"))


def test_the_same_file_twice_is_one(session: Session, order: Order) -> None:
    data = photo(5)
    for _ in range(2):
        announce(order, data)
        assert add(order, data).complete
    assert announce(order, data) == Received(len(data), complete=True)
    assert session.scalar(sa.select(sa.func.count()).select_from(CorrectionUpload)) == 1
    assert [one.sha256 for one in get_arrived(session, order.now, [digest(data)] * 2)] == [digest(data)]


def test_wrong_bytes_begin_anew(session: Session, order: Order) -> None:
    data = photo(5)
    announce(order, data)
    with refused("wrong-hash"):
        add_piece(session, order.now, digest(data), 0, b"x" * len(data))
    assert announce(order, data) == Received(0, complete=False)
    with refused("beyond-end"):
        add_piece(session, order.now, digest(data), 0, data + b"more")
    assert add(order, data).complete


@pytest.mark.parametrize("announced", [PDF, "image/png", "image/heic", "", "x\0", f"application/{'x' * 60}"])
def test_what_a_file_is_its_bytes_say_not_its_name(session: Session, order: Order, announced: str) -> None:
    data = photo(5)
    announce(order, data, announced)
    assert add_piece(session, order.now, digest(data), 0, data[:700]).received == 700
    # the same file under its right name goes on
    assert announce(order, data) == Received(700, complete=False)
    assert add(order, data, 700).complete
    sealed = find_sealed(session, digest(data))
    assert sealed is not None
    assert sealed.media_type == JPEG
    assert session.scalar(sa.select(sa.func.count()).select_from(CorrectionUpload)) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"ID3" + bytes(900), "not-shown"),
        (b"<html>" * 100, "not-shown"),
        (b"short", "not-shown"),
        (b"\0\0\0\x18ftypheic" + bytes(900), "heic"),
    ],
)
def test_bytes_of_no_kind_that_can_be_shown_are_refused_with_the_first_of_them(
    session: Session, order: Order, data: bytes, code: str
) -> None:
    announce(order, data)
    with refused(code):
        add_piece(session, order.now, digest(data), 0, data[:500])
    assert announce(order, data) == Received(0, complete=False)
    # nor do they get in behind a beginning too short to tell
    if add_piece(session, order.now, digest(data), 0, data[:4]).received == 4:
        with refused(code):
            add(order, data, 4)
    assert find_sealed(session, digest(data)) is None


def test_each_arrival_stands_in_the_log_also_of_bytes_the_platform_had(session: Session, order: Order) -> None:
    data = photo(5)
    keep_bytes(session, data, media_type=JPEG, actor=PUBLIC)
    announce(order, data)
    add(order, data)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.CORRECTION_FILE_ARRIVED)).one()
    assert (entry.subject_kind, entry.subject_id) == ("follow_up", str(order.follow_up.id))
    assert entry.details == {"sha256": digest(data), "size": len(data), "type": JPEG}
    assert not check_chain(session, order.now)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"sha256": "../../etc/passwd"}, "wrong-digest"),
        ({"size": 0}, "too-large"),
        ({"size": (20 << 20) + 1}, "too-large"),
        ({"media_type": "audio/mpeg"}, "not-shown"),
    ],
)
def test_what_could_never_be_kept_is_refused_at_once(order: Order, values: dict[str, object], code: str) -> None:
    with refused(code):
        announce(order, photo(5), **values)


def test_naming_a_file_that_others_sent_is_not_having_it(session: Session, order: Order, other: Order) -> None:
    data, theirs = photo(5), photo(6)
    keep_bytes(session, data, media_type=JPEG, actor=PUBLIC)
    assert announce(order, data) == Received(0, complete=False)
    announce(other, theirs)
    add_piece(session, other.now, digest(theirs), 0, theirs[:500])
    # neither its pieces nor, when it has arrived, the file itself are there for another code
    assert announce(order, theirs) == Received(0, complete=False)
    assert add(other, theirs, 500).complete
    assert announce(order, theirs) == Received(0, complete=False)
    for one in (data, theirs, photo(7)):
        with refused("not-arrived"):
            get_arrived(session, order.now, [digest(one)])
    with refused("unknown-file"):
        add(order, photo(7))
    assert add(order, data).complete


def test_a_code_has_only_so_much_on_its_way_and_what_stays_unfinished_is_swept(session: Session, order: Order) -> None:
    for number in range(100):
        announce(order, photo(5), sha256=f"{number:064x}")
    with refused("too-many-unfinished"):
        announce(order, photo(5))
    data = photo(5)
    with clock.at(clock.now() + timedelta(days=31)):
        announce(order, data)
        add_piece(session, order.now, digest(data), 0, data[:700])
    with clock.at(clock.now() + timedelta(days=62)):
        assert sweep(session).files == 1
        assert announce(order, data) == Received(0, complete=False)


def test_what_has_arrived_counts_until_it_is_sent(session: Session, order: Order) -> None:
    data, large = photo(5), (20 << 20) - len(photo(5))
    announce(order, data)
    add(order, data)
    for number in range(24):
        announce(order, photo(6), sha256=f"{number:064x}", size=20 << 20)
    with refused("too-many-unfinished"):
        announce(order, photo(6), size=large + 1)
    sent = [SentFile(digest(data), "整改后.jpg")]
    send_evidence(session, order.now, Sending(str(uuid4()), MENDED, WHO, sent, clock.now()))
    assert announce(order, photo(6), size=large + 1) == Received(0, complete=False)


def test_nothing_is_announced_where_nothing_can_be_sent(order: Order) -> None:
    data = photo(5)
    announce(order, data)
    order.send()
    order.decide(EntryKind.ACCEPTED)
    with refused("correction-stage"):
        announce(order, data)
    with refused("correction-stage"):
        add(order, data)


def test_a_sending_begins_when_its_last_file_was_announced_unless_that_is_long_ago() -> None:
    late = datetime.combine(clock.today(), time(0, 20), clock.SHANGHAI)
    before, long_before = late - timedelta(minutes=25), late - timedelta(hours=2)
    assert begun(late, []) == late
    assert begun(late, [long_before, before]) == before
    assert begun(late, [long_before]) == late


def begin(order: Order, data: bytes, **other: object) -> dict[str, object]:
    """What the page says of a file."""
    return {"sha256": digest(data), "size": str(len(data)), "type": JPEG, "name": "../整改后.jpg", **other}


@LANGUAGES
def test_the_page_sends_pieces_and_then_the_form_and_a_page_that_came_back_keeps_them(
    session: Session, order: Order, browse: Browser, language: str
) -> None:
    phone, data = browse(language=language), photo(5)
    files = f"{order.address}files"
    headers = {"X-CSRF-Token": phone.token(order.address)}
    told = phone.client.post(f"{files}/begin.json", data=begin(order, data), headers=headers)
    assert told.json == {"received": 0, "complete": False}
    piece = {**headers, "Upload-Offset": "0"}
    place = f"{files}/{digest(data)}.json"
    assert phone.client.put(place, data=data[:700], headers=piece).json == {"received": 700, "complete": False}
    again = phone.client.put(place, data=data[:700], headers=piece)
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")
    rest = {**headers, "Upload-Offset": "700"}
    assert phone.client.put(place, data=data[700:], headers=rest).json == {"received": len(data), "complete": True}
    ticked = re.compile(rf'value="{digest(data)}" checked')
    assert ticked.search(phone.get(order.address).text)
    said = {"send_id": str(uuid4()), "text": "", "said_by": WHO, "uploads": [digest(data)]}
    assert ticked.search(phone.post(order.address, said, status=422).text)
    receipt = phone.post(order.address, {**said, "text": MENDED, "files": [upload(8, "收据.jpg"), upload(5)]}).location
    entry = session.scalars(sa.select(CorrectionEntry)).one()
    assert [(one.sha256, one.name) for one in entry.files] == [
        (digest(data), "冷库.jpg"),
        (digest(photo(8)), "收据.jpg"),
    ]
    assert digest(data) in phone.get(receipt).text
    assert not ticked.search(phone.get(order.address).text)


def arrive(order: Order, data: bytes) -> None:
    """Send a file whole, and let what follows come later."""
    announce(order, data)
    assert add(order, data).complete
    order.session.commit()


def test_only_what_has_arrived_since_the_last_sending_is_ticked(order: Order, browse: Browser) -> None:
    phone, sent, left_out, new = browse(), photo(5), photo(6), photo(7)
    start = clock.now()

    def ticks(page: str) -> dict[str, bool]:
        return {value: bool(mark) for value, mark in re.findall(r'name="uploads"[^>]* value="(\w+)"( checked)?', page)}

    arrive(order, sent)
    arrive(order, left_out)
    assert ticks(phone.get(order.address).text) == {digest(sent): True, digest(left_out): True}
    said = {"send_id": str(uuid4()), "text": MENDED, "said_by": WHO, "uploads": [digest(sent)]}
    with clock.at(start + timedelta(minutes=1)):
        phone.post(order.address, said)
    assert ticks(phone.get(order.address).text) == {digest(left_out): False}
    with clock.at(start + timedelta(minutes=2)):
        arrive(order, new)
    assert ticks(phone.get(order.address).text) == {digest(left_out): False, digest(new): True}
    # a page that came back keeps what was ticked, and only that: also what an earlier round had
    wrong = {"send_id": str(uuid4()), "text": "", "said_by": WHO, "uploads": [digest(sent), digest(left_out), "x\0"]}
    expected = {digest(sent): True, digest(left_out): True, digest(new): False}
    assert ticks(phone.post(order.address, wrong, status=422).text) == expected


@LANGUAGES
def test_files_that_cannot_be_taken_are_refused_as_data_and_as_a_page(
    order: Order, browse: Browser, language: str
) -> None:
    phone, data = browse(language=language), photo(5)
    files = f"{order.address}files"
    headers = {"X-CSRF-Token": phone.token(order.address)}
    for wrong in ({"size": "-1"}, {"size": "9" * 40}, {"sha256": "x\0"}, {"type": "audio/mpeg"}, {"name": ""}):
        status = phone.client.post(f"{files}/begin.json", data=begin(order, data, **wrong), headers=headers).status_code
        assert status == (200 if "name" in wrong else 422), wrong
    for name in (digest(photo(9)), "x%00"):
        assert phone.client.put(f"{files}/{name}.json", data=b"x", headers=headers).status_code == 404
    large = phone.client.put(f"{files}/{digest(data)}.json", data=b"x" * ((1 << 20) + 1), headers=headers)
    assert large.status_code == 413
    assert phone.client.post(f"{files}/begin.json", data=begin(order, data)).status_code == 400
    wrong_code = files.replace(str(order.notice.token), "x" * 32)
    assert phone.client.post(f"{wrong_code}/begin.json", data=begin(order, data), headers=headers).status_code == 404
    for uploads in ([digest(data)], ["x\0"], [digest(photo(9))]):
        said = {"send_id": str(uuid4()), "text": MENDED, "said_by": WHO, "uploads": uploads}
        assert 'id="files-error"' in phone.post(order.address, said, status=422).text
    many = {"send_id": str(uuid4()), "text": MENDED, "said_by": WHO, "files": [upload(one) for one in range(13)]}
    assert 'id="files-error"' in phone.post(order.address, many, status=422).text
