"""A joint draw carried out for real, and the people around it, for every test of this floor."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.notices import services as notices
from joint_inspections.notices.services import Letterhead
from joint_inspections.records import services as records
from joint_inspections.records.entries import Answer, ItemEntry, SentItem, entry_of
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.records.queries import get_section, list_sections
from joint_inspections.records.reviewing import approve_record
from joint_inspections.results.models import PublishedPart
from joint_inspections.results.services import release_part
from joint_inspections.signatures.confirming import confirm_refusal
from joint_inspections.signatures.models import PartyEntry
from joint_inspections.signatures.services import sign_by_party
from joint_inspections.signatures.whole import record_digest
from joint_inspections.visits import services as visits
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import VisitKind
from sampling.seeds import contribution_digest
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.departments.models import Department
from supervision.draws import services as draws
from supervision.draws.models import Draw
from supervision.draws.rules import SYSTEM
from supervision.draws.vault import Operator
from supervision.errors import DomainError
from supervision.items.models import CheckPoint, Item
from supervision.items.rules import AnswerKind
from supervision.permissions import Actor, Role
from tests.factories import Make

OPERATOR = Operator.of("310106", "a key for tests only, long enough to be one")
LETTERHEAD = Letterhead(
    district={"zh": "上海市静安区", "en": "Jing'an District, Shanghai"},
    verify_url=lambda token: f"https://example.invalid/check/{token}",
    draw_url=lambda number: f"https://example.invalid/verify/{number}",
)


@dataclass
class District:
    """A lead and a cooperating department with their people, and one joint draw over three entities."""

    session: Session
    make: Make
    lead: Department
    other: Department
    items: list[Item]
    users: dict[tuple[Role, str], User] = field(default_factory=dict)
    draw: Draw | None = None

    def user(self, role: Role, department: Department | None = None) -> User:
        """The one person with this role in a department (the lead department unless told otherwise)."""
        department = department or self.lead
        key = (role, department.code)
        if key not in self.users:
            self.users[key] = self.make.user(role, department=department)
        return self.users[key]

    def actor(self, role: Role, department: Department | None = None) -> Actor:
        """The actor of that person."""
        return actor_of(self.user(role, department))

    def inspector_user(self, member: VisitMember) -> User:
        """The account of an inspector on a team."""
        found = self.session.scalar(sa.select(User).where(User.inspector_id == member.inspector_id))
        return found or self.make.user(Role.INSPECTOR, department=member.department, inspector=member.inspector)

    def inspector(self, member: VisitMember | None) -> Actor:
        """The actor of an inspector on a team."""
        assert member is not None
        return actor_of(self.inspector_user(member))

    def draw_now(self, *, days: int = 0, count: int = 3, **options: object) -> Draw:
        """Carry out a draw of ``count`` entities whose task runs from today for ``days`` more days."""
        plan = self.make.plan(*self.items, allocation={"kind": "total", "total": count}, **options)
        today = clock.today()
        task = self.make.task(plan=plan, starts_on=today, ends_on=today + timedelta(days=days))
        for _ in range(count):
            self.make.entity()
        self.draw = draws.freeze(self.session, task, actor=self.actor(Role.LEAD), operator=OPERATOR)
        self._contribute(self.draw)
        return self.draw

    def _contribute(self, draw: Draw) -> None:
        parties = {
            self.lead.code: self.actor(Role.LEAD),
            self.other.code: self.actor(Role.LEAD, self.other),
            "oversight": actor_of(self.make.user(Role.OVERSIGHT)),
        }
        known = {by: secrets.token_hex(32) for by in parties}
        for by, actor in parties.items():
            if by in {entry.by for entry in draw.contributions if entry.by != SYSTEM}:
                digest = contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=by, secret=known[by])
                draws.seal(self.session, draw, digest=digest, actor=actor)
        draws.commit(self.session, draw, actor=self.actor(Role.LEAD))
        for entry in list(draw.contributions):
            if entry.by != SYSTEM:
                draws.reveal(self.session, draw, secret=known[entry.by], actor=parties[entry.by])
        draws.carry_out(self.session, draw, actor=self.actor(Role.LEAD), operator=OPERATOR)

    @property
    def visits(self) -> list[Visit]:
        """The visits of the draw, by day."""
        assert self.draw is not None
        statement = sa.select(Visit).where(Visit.draw_id == self.draw.id).order_by(Visit.planned_on, Visit.id)
        return list(self.session.scalars(statement))

    @property
    def visit(self) -> Visit:
        """The first visit of the draw."""
        return self.visits[0]

    def accept(self, visit: Visit) -> None:
        """Let everybody on the team accept."""
        for member in visit.team_now:
            visits.accept_assignment(self.session, visit, actor=self.inspector(member))

    def approve(self, visit: Visit) -> None:
        """Let everybody accept and the head of each department approve."""
        self.accept(visit)
        for department in (self.lead, self.other):
            approve_visit(self.session, visit, actor=self.actor(Role.HEAD, department))

    def begin(self, visit: Visit) -> None:
        """Bring a visit to the door."""
        self.approve(visit)
        leader = self.inspector(visit.leader)
        notices.issue_notice(self.session, visit, language="zh", letterhead=LETTERHEAD, actor=leader)
        records.begin_visit(self.session, visit, actor=leader)

    def sections(self, visit: Visit) -> list[Section]:
        """The sections of the form."""
        return list(list_sections(self.session, visit))

    def member_of(self, visit: Visit, section: Section) -> VisitMember:
        """An inspector who may fill the section in."""
        return next(one for one in visit.team_now if one.department_id == section.department_id)

    def fill(self, visit: Visit, section: Section, **values: object) -> None:
        """Answer everything in a section: no problem unless ``values`` say otherwise for its items."""
        section = get_section(self.session, visit, section.id)
        actor = self.inspector(self.member_of(visit, section))
        sent = [SentItem(filled(row, **values), entry_of(row).digest) for row in section.item_results]
        assert records.save_section(self.session, visit, section, sent, actor=actor) == []

    def sign(self, visit: Visit) -> None:
        """Fill in and sign every section."""
        for section in self.sections(visit):
            self.fill(visit, section)
            actor = self.inspector(self.member_of(visit, section))
            records.sign_section(self.session, visit, section, seen=records.stored_digest(section), actor=actor)

    def ask_party(self, visit: Visit) -> PartyEntry:
        """Show the whole record to the enterprise, which refuses to sign it before two officers; both say so."""
        leader = visit.leader
        assert leader is not None
        second = next(one for one in visit.team_now if one.id != leader.id)
        entry = sign_by_party(
            self.session, visit, how="refused", seen=record_digest(self.session, visit), name="", role="",
            file_sha256=None, reason="负责人不在场，员工不愿签字", second_inspector_id=second.inspector_id,
            actor=self.inspector(leader),
        )  # fmt: skip
        self.confirm(visit, entry)
        return entry

    def confirm(self, visit: Visit, entry: PartyEntry, *, agrees: bool = True, remark: str = "") -> None:
        """Let the second officer of a refusal say by the own account whether it is right."""
        second = next(one for one in visit.team_now if one.inspector_id == entry.second_id)
        confirm_refusal(self.session, visit, entry, agrees=agrees, remark=remark, actor=self.inspector(second))

    def submit(self, visit: Visit) -> None:
        """Bring a visit to the reviewer."""
        self.begin(visit)
        leader = self.inspector(visit.leader)
        records.set_outcome(self.session, visit, code="normal", note="", actor=leader)
        self.sign(visit)
        self.ask_party(visit)
        records.submit_record(self.session, visit, actor=leader)

    def finish(self, visit: Visit) -> None:
        """Bring a visit to an approved record."""
        self.submit(visit)
        approve_record(self.session, visit, note="", actor=self.actor(Role.REVIEWER))

    def publish(self, visit: Visit) -> list[PublishedPart]:
        """Let each department's reviewer release its part, the lead department's first."""
        return [
            release_part(self.session, visit, actor=self.actor(Role.REVIEWER, department))
            for department in (self.lead, self.other)
        ]


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect a refusal with this code."""
    with pytest.raises(DomainError) as caught:
        yield
    assert caught.value.code == code


def filled(row: ItemResult, **values: object) -> ItemEntry:
    """An item with every check point answered without a problem."""
    answers = tuple(Answer(point.id, fine_answer(point)) for point in row.item.check_points)
    defaults: dict[str, object] = {"checked": True, "result": "1", "answers": answers}
    return ItemEntry(item_id=row.item_id, **{**defaults, **values})  # type: ignore[arg-type]


def fine_answer(point: CheckPoint) -> str:
    """An answer that shows no problem."""
    if point.kind is AnswerKind.NUMBER:
        return point.minimum or point.maximum or "1"
    return point.options[0].partition("|")[0] if point.kind is AnswerKind.CHOICE else "yes"


@pytest.fixture
def district(session: Session, make: Make) -> District:
    """A district before the draw."""
    make.catalogues()
    lead, other = make.department(), make.department()
    items = [make.item(lead), make.item(lead), make.item(other)]
    for department in (lead, other):
        for _ in range(4):
            make.inspector(department)
    return District(session, make, lead, other, items)


@pytest.fixture
def drawn(district: District) -> District:
    """The district with its draw carried out: three visits of today."""
    district.draw_now()
    return district


def without_draw(session: Session, visit: Visit) -> Visit:
    """Let a visit be one that was ordered: it keeps its task and has no draw."""
    visit.draw_id, visit.kind = None, VisitKind.TRIGGERED
    session.flush()
    session.expire(visit)
    return visit
