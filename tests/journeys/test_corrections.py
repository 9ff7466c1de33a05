"""An order to correct, from the enterprise's phone to the closed follow-up: two rounds by the code on the notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.queries import read_correction
from joint_inspections.corrections.services import days_to_resend
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.notices.models import Notice
from joint_inspections.records.rules import Disposal
from tests.joint_inspections.evidence.files import photo
from tests.journeys.conftest import Arrive, Site, serve
from tests.journeys.people import Person

MENDED, MORE = "三具灭火器已全部更换，附现场照片。", "补拍压力表照片一张。"
MISSING, ENOUGH = "请补拍压力表的近照。", "照片清晰，问题已改正。"
WHO = "王店长"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A district of its own, so that other journeys find their follow-ups untouched."""
    folder: Path = tmp_path_factory.mktemp("corrections")
    with serve(folder, f"sqlite:///{folder / 'corrections.sqlite3'}") as served:
        yield served


def _open_order(site: Site) -> tuple[int, str, str, str]:
    """Return an open order to correct: its id, the page of its code, its lead, by when what is missing is asked for."""
    with Session(site.app.extensions["engine"]) as session:
        statement = sa.select(FollowUp, Notice.token).join(Notice, Notice.visit_id == FollowUp.visit_id)
        ordered = statement.where(FollowUp.kind == Disposal.CORRECTION, FollowUp.state == FollowUpState.OPEN)
        one, token = session.execute(ordered.order_by(FollowUp.id)).unique().first() or (None, "")
        assert one is not None, "the demonstration has no open order"
        day = days_to_resend(session, read_correction(session, one)).last.isoformat()
        lead = f"lead.{one.department.code.lower()}"
        return one.id, f"/notices/check/{token}", lead, day


def _send(phone: Person, address: str, text: str, shade: int) -> None:
    phone.open(address)
    phone.fill("What was corrected", text)
    picture = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": photo(shade)}
    phone.page.set_input_files("input[type=file]", files=[picture])  # type: ignore[list-item]  # a file of bytes
    phone.fill("Your name and position", WHO)
    phone.press("Send")
    phone.sees("Received at")
    phone.sees("after.jpg")


def _decide(desk: Person, address: str, decision: str, grounds: str, day: str = "") -> None:
    desk.open(address)
    desk.choose(decision)
    desk.fill("Grounds of the decision", grounds)
    if day:
        desk.fill("What is missing is to be sent by", day)
    desk.press("Decide")
    desk.sees(grounds)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_enterprise_corrects_in_two_rounds_by_its_code(arrive: Arrive, site: Site, language: str) -> None:
    number, code, lead, day = _open_order(site)
    phone, desk = arrive(phone=True, language=language), arrive(lead, language=language)
    own, inside = f"{code}/corrections/{number}/", f"/corrections/{number}"
    phone.open(code)
    phone.sees("To be corrected")

    _send(phone, own, MENDED, 1)
    _decide(desk, inside, "Sent back: something is missing", MISSING, day)
    phone.open(own)
    phone.sees(MISSING)

    _send(phone, own, MORE, 2)
    _decide(desk, inside, "Accepted: corrected", ENOUGH)
    desk.sees("Nothing more is to be done.")
    phone.open(own)
    phone.sees(ENOUGH)
    phone.sees("Corrected, confirmed by the department")
    assert phone.page.locator("input[type=file]").count() == 0
