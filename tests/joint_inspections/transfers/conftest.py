"""A problem on record, and a third department that takes no part in the visit."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any  # keyword arguments of a clue
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from joint_inspections.evidence.services import attach
from joint_inspections.papers.services import Letterhead
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.rules import Disposal
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.rules import TransferKind
from joint_inspections.transfers.sending import Clue, send
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.departments.models import Department
from supervision.permissions import Actor, Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.evidence.files import digest, photo
from tests.joint_inspections.evidence.files import send as send_file

LETTERHEAD = Letterhead(
    district={"zh": "上海市静安区", "en": "Jing'an District, Shanghai"},
    verify_url=lambda token: f"https://example.invalid/papers/check/{token}",
)
# a Thursday before the weekend and the New Year holiday
DAY = date(2026, 11, 24)
PROBLEM = "使用超过保质期的食品原料"


@dataclass
class Desk:
    """The people around one transferred clue."""

    district: District
    visit: Visit
    third: Department
    digests: list[str]

    @property
    def session(self) -> Session:
        return self.district.session

    def actor(self, role: Role, department: Department | None = None) -> Actor:
        """The actor with a role, of the department that found the clue unless told otherwise."""
        return self.district.actor(role, department)

    @property
    def item_id(self) -> int:
        """The item whose problem is on record."""
        return self.district.sections(self.visit)[0].item_results[0].item_id

    def clue(self, **values: Any) -> Clue:
        """A clue for the third department."""
        defaults: dict[str, Any] = {
            "kind": TransferKind.CASE, "receiver": self.third, "facts": PROBLEM, "clause": "食品安全法第三十四条",
            "item_id": self.item_id, "digests": self.digests[:1],
        }  # fmt: skip
        return Clue(**{**defaults, **values})

    def send(self, **values: Any) -> Transfer:
        """Hand a clue over."""
        lead = self.actor(Role.LEAD)
        return send(self.session, self.visit, self.clue(**values), letterhead=LETTERHEAD, actor=lead)


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> object:
    with clock.at(clock.begin_of(DAY) + timedelta(hours=12)):
        yield


def begin_with_problem(drawn: District, visit: Visit, disposal: Disposal) -> list[str]:
    """Bring a visit with a problem and two photos of the lead department to an approved record."""
    session = drawn.session
    drawn.begin(visit)
    leader = drawn.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    first, second = drawn.sections(visit)
    digests = []
    for number, (section, caption) in enumerate([(first, "冷库"), (first, "货架"), (second, "别的部门")]):
        actor = drawn.inspector(drawn.member_of(visit, section))
        sha256 = send_file(session, photo(number), "image/jpeg", actor)
        attach_photo(drawn, visit, section.id, sha256, caption=caption, actor=actor)
        digests.append(digest(photo(number)))
    drawn.fill(visit, first, result="5", problem=PROBLEM, disposal=disposal)
    drawn.fill(visit, second)
    for section in (first, second):
        seen = records.stored_digest(section)
        actor = drawn.inspector(drawn.member_of(visit, section))
        records.sign_section(session, visit, section, seen=seen, actor=actor)
    drawn.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    approve_record(session, visit, note="", actor=drawn.actor(Role.REVIEWER))
    return digests


def attach_photo(drawn: District, visit: Visit, section_id: int, sha256: str, *, caption: str, actor: Actor) -> None:
    """Attach a photo to a section."""
    attach(
        drawn.session, visit, id=uuid4(), sha256=sha256, section=section_id, item=None, point=None, purpose="photo",
        caption=caption, taken_at=None, place=None, actor=actor,
    )  # fmt: skip


@pytest.fixture(params=[Disposal.CASE])
def desk(request: pytest.FixtureRequest, session: Session, drawn: District) -> Desk:
    """A problem that goes to the case unit, on record with its photos; a follow-up waits."""
    digests = begin_with_problem(drawn, drawn.visit, request.param)
    return Desk(drawn, drawn.visit, drawn.make.department(), digests)
