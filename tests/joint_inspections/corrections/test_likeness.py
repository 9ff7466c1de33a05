"""A photo that was there before is pointed out to who decides: of an earlier round, or of the visit itself."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from joint_inspections.corrections.likeness import SeenBefore, seen_before
from joint_inspections.corrections.rules import EntryKind
from joint_inspections.corrections.services import Sending, SentFile, send_evidence
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.rules import Disposal
from supervision import clock
from supervision.permissions import PUBLIC, Role
from tests.joint_inspections.archive.conftest import add_photo
from tests.joint_inspections.conftest import District
from tests.joint_inspections.corrections.conftest import MENDED, WHO, Order
from tests.joint_inspections.evidence.files import again, photo
from tests.pages import Browser

ON_SITE, NEW, OTHER = photo(51), photo(52), photo(53)


@pytest.fixture
def photographed(session: Session, drawn: District) -> Order:
    """An order to correct after a visit with a photo."""
    visit = drawn.visit
    drawn.begin(visit)
    add_photo(drawn, visit, ON_SITE)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    first, second = drawn.sections(visit)
    drawn.fill(visit, first, result="5", problem="地面有油污", disposal=Disposal.CORRECTION)
    drawn.fill(visit, second)
    for section in (first, second):
        actor = drawn.inspector(drawn.member_of(visit, section))
        records.sign_section(session, visit, section, seen=records.stored_digest(section), actor=actor)
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))
    return Order(session, drawn, list_of_visit(session, visit.id)[0])


def send(order: Order, *files: bytes) -> list[int]:
    """Send photos and return their ids."""
    kept = [keep_bytes(order.session, one, media_type="image/jpeg", actor=PUBLIC) for one in files]
    sent = [SentFile(one, f"{number}.jpg") for number, one in enumerate(kept)]
    entry = send_evidence(order.session, order.now, Sending(str(uuid4()), MENDED, WHO, sent, clock.now()))
    return [one.id for one in entry.files]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_photos_that_were_there_before_are_pointed_out(
    session: Session, photographed: Order, browse: Browser, language: str
) -> None:
    order = photographed
    same, like, new = send(order, ON_SITE, again(ON_SITE, width=400), NEW)
    # the same round once more is no earlier round
    send(order, NEW)
    assert seen_before(session, order.now) == {same: SeenBefore(None, True), like: SeenBefore(None, False)}
    assert new not in seen_before(session, order.now)
    order.decide(EntryKind.RETURNED)
    repeated, alike, fresh = send(order, NEW, again(NEW, width=500), OTHER)
    found = seen_before(session, order.now)
    assert (found[repeated], found[alike]) == (SeenBefore(1, True), SeenBefore(1, False))
    assert fresh not in found
    lead = browse(order.district.user(Role.LEAD), language=language)
    page = lead.get(f"/corrections/{order.follow_up.id}").text
    said = {
        "zh": ("与本次检查证据中的文件相同", "与本次检查证据中的照片相似", "第1轮已提交过", "与第1轮的照片相似"),
        "en": ("Lies in the evidence", "Looks like a photo in the evidence", "Sent already in round 1",
               "Looks like a photo of round 1"),
    }  # fmt: skip
    for words in said[language]:
        assert page.count(words) == 1, words
