"""A visit whose approved record orders corrections, its notice, and both sides of the rounds."""

import io
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections import extending, queries, services
from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import EntryKind
from joint_inspections.corrections.services import SentFile
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.notices.models import Notice
from supervision import clock
from supervision.permissions import PUBLIC, Actor, Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.joint_inspections.conftest import District
from tests.joint_inspections.evidence.files import photo
from tests.joint_inspections.test_parts_of_departments import with_problem

MENDED = "冷库门封条已更换，附照片。"
WHO = "王经理（店长）"


@dataclass
class Order:
    """An order to correct, as the enterprise and the department have it before them."""

    session: Session
    district: District
    follow_up: FollowUp

    @property
    def now(self) -> Correction:
        """The correction as it stands."""
        return queries.read_correction(self.session, self.follow_up)

    @property
    def notice(self) -> Notice:
        """The notice whose code the enterprise holds."""
        return self.session.scalars(sa.select(Notice).where(Notice.visit_id == self.follow_up.visit_id)).one()

    @property
    def address(self) -> str:
        """Where the enterprise reaches the correction."""
        return f"/notices/check/{self.notice.token}/corrections/{self.follow_up.id}/"

    @property
    def lead(self) -> Actor:
        """The lead who decides."""
        return self.district.actor(Role.LEAD)

    @property
    def head(self) -> Actor:
        """The head who grants more time."""
        return self.district.actor(Role.HEAD)

    def send(
        self, text: str = MENDED, *, send_id: str = "", files: int = 0, begun_at: datetime | None = None
    ) -> CorrectionEntry:
        """Let the enterprise send."""
        sent = [
            SentFile(keep_bytes(self.session, photo(number), media_type="image/jpeg", actor=PUBLIC), f"{number}.jpg")
            for number in range(files)
        ]
        sending = services.Sending(send_id or str(uuid4()), text, WHO, sent, begun_at or clock.now())
        return services.send_evidence(self.session, self.now, sending)

    def decide(self, kind: EntryKind, **other: object) -> CorrectionEntry:
        """Let the lead decide."""
        workday = add_workdays(clock.today(), 1, get_calendar(self.session))
        days = {
            EntryKind.RETURNED: services.days_to_resend(self.session, self.now).last,
            EntryKind.REINSPECTION: workday,
        }
        values: dict[str, object] = {"seen": self.now.seen, "day": days.get(kind), **other}
        actor = values.pop("actor", self.lead)
        decision = services.Decision(kind, "已核对。", **values)  # type: ignore[arg-type]
        return services.decide(self.session, self.now, decision, actor=actor)  # type: ignore[arg-type]

    def ask(self, **other: object) -> CorrectionEntry:
        """Let the enterprise ask for more time."""
        values: dict[str, object] = {
            "send_id": str(uuid4()),
            "day": extending.days_to_grant(self.session, self.now).last,
            "reason": "配件下周到货。",
            "said_by": WHO,
            "begun_at": clock.now(),
            **other,
        }
        return extending.ask_extension(self.session, self.now, extending.Request(**values))  # type: ignore[arg-type]

    def answer(self, *, granted: bool = True, actor: Actor | None = None, **other: object) -> CorrectionEntry:
        """Let the head answer."""
        asked = self.now.extension
        values: dict[str, object] = {
            "granted": granted,
            "day": asked.day if asked and granted else None,
            "reason": "情况属实。",
            "seen": self.now.seen,
            **other,
        }
        answer = extending.Answer(**values)  # type: ignore[arg-type]
        return extending.decide_extension(self.session, self.now, answer, actor=actor or self.head)


@pytest.fixture
def order(session: Session, drawn: District) -> Order:
    """The order that follows the first problem of a visit whose record was approved today."""
    with_problem(drawn, drawn.visit)
    return Order(session, drawn, list_of_visit(session, drawn.visit.id)[0])


def upload(number: int = 0, name: str = "冷库.jpg") -> tuple[io.BytesIO, str]:
    """A photo as a page sends it."""
    return io.BytesIO(photo(number)), name
