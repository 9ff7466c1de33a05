"""Files of the enterprise in pieces: they go on after a cut, belong to one code, and are checked like every other."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.models import CorrectionEntry, CorrectionUpload
from joint_inspections.corrections.rules import EntryKind, begun
from joint_inspections.corrections.uploading import Announced, Received, add_piece, begin_upload, get_arrived
from joint_inspections.evidence.queries import find_sealed
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.evidence.store import store_of
from joint_inspections.evidence.sweeping import sweep
from joint_inspections.follow_ups.queries import list_of_visit
from supervision import clock
from supervision.permissions import PUBLIC
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.corrections.conftest import MENDED, WHO, Order, upload
from tests.joint_inspections.evidence.files import digest, paper, photo
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


def test_wrong_bytes_and_what_is_not_what_it_says_begin_anew(session: Session, order: Order) -> None:
    data = photo(5)
    announce(order, data)
    with refused("wrong-hash"):
        add_piece(session, order.now, digest(data), 0, b"x" * len(data))
    assert announce(order, data) == Received(0, complete=False)
    with refused("beyond-end"):
        add_piece(session, order.now, digest(data), 0, data + b"more")
    announce(order, paper(), JPEG)
    with refused("wrong-type"):
        add(order, paper())
    assert find_sealed(session, digest(paper())) is None
    # the wrong declaration does not bar the right one
    announce(order, paper(), PDF)
    assert add(order, paper()).complete


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"sha256": "../../etc/passwd"}, "wrong-digest"),
        ({"size": 0}, "too-large"),
        ({"size": (20 << 20) + 1}, "too-large"),
        ({"media_type": "image/heic"}, "heic"),
        ({"media_type": "audio/mpeg"}, "not-shown"),
        ({"media_type": "text/html"}, "wrong-type"),
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


@LANGUAGES
def test_files_that_cannot_be_taken_are_refused_as_data_and_as_a_page(
    order: Order, browse: Browser, language: str
) -> None:
    phone, data = browse(language=language), photo(5)
    files = f"{order.address}files"
    headers = {"X-CSRF-Token": phone.token(order.address)}
    for wrong in ({"size": "-1"}, {"size": "9" * 40}, {"sha256": "x\0"}, {"type": "image/heic"}, {"name": ""}):
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
