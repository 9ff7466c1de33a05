"""Demonstration: a team at a door, each step through the services that pages and phones use, at its own hour."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from joint_inspections.demo import answer_value
from joint_inspections.demo_pictures import photo, signature
from joint_inspections.evidence.services import attach, keep_bytes
from joint_inspections.notices.models import Notice
from joint_inspections.notices.services import issue_notice
from joint_inspections.notices.views import letterhead
from joint_inspections.records.entries import Answer, ItemEntry, SentItem, entry_of
from joint_inspections.records.models import ItemResult, Section
from joint_inspections.records.queries import list_sections
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.rules import NO_PROBLEM, Disposal
from joint_inspections.records.services import begin_visit, save_section, set_outcome, stored_digest, submit_record
from joint_inspections.results.services import release_part
from joint_inspections.signatures.services import sign_by_party, sign_section
from joint_inspections.signatures.whole import record_digest
from joint_inspections.visits.approving import approve_visit, override_cap
from joint_inspections.visits.caps import check_cap
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.services import accept_assignment
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.demo.office import Office, moment_on
from supervision.demo.registry import Demo
from supervision.items.models import CheckPoint
from supervision.items.rules import AnswerKind
from supervision.permissions import Actor
from supervision.serving import HOME

# the number of a problem's result, and how a problem is worded where one is found
PROBLEM = "5"
FOUND = "冷藏库温度记录缺少三日，生熟食品混放于同一层架，未分区标识。"
BEYOND_CAP = ("key-item", "重点检查事项，本年度需再次检查。")
MOTIFS = ("shelf", "display", "licence", "extinguisher")


class Doorstep:
    """One visit and the people who carry it out."""

    def __init__(self, demo: Demo, visit: Visit) -> None:
        self.demo, self.visit = demo, visit
        self.session: Session = demo.session
        self.office = Office(demo)
        self.latest = clock.now()

    @contextmanager
    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> Iterator[datetime]:
        """Let it be an hour of the day of the visit, or so many days later; never later than the demonstration."""
        moment = min(moment_on(self.visit.planned_on + timedelta(days=days), hour, minute), self.latest)
        with clock.at(moment):
            yield moment

    def actor(self, member: VisitMember) -> Actor:
        """Return the account of an inspector of the team."""
        return actor_of(self.session.scalars(sa.select(User).where(User.inspector_id == member.inspector_id)).one())

    @property
    def leader(self) -> Actor:
        """The leader of the team."""
        return self.actor(next(one for one in self.visit.team_now if one.lead))

    def member(self, department_id: int, place: int = 0) -> VisitMember:
        """Return an inspector of a department."""
        return [one for one in self.visit.team_now if one.department_id == department_id][place]

    def approve(self) -> None:
        """The team accepts, oversight lets it through where a cap is reached, the head of each department approves."""
        for member in self.visit.team_now:
            accept_assignment(self.session, self.visit, actor=self.actor(member))
        if check_cap(self.session, self.visit).blocks:
            # the lots may fall on an entity that was inspected this year already
            reason, note = BEYOND_CAP
            override_cap(self.session, self.visit, reason_code=reason, note=note, actor=self.office.oversight())
        for participant in self.visit.plan_version.participants:
            approve_visit(self.session, self.visit, actor=self.office.head(participant.department.code.lower()))

    def hand_over(self) -> Notice:
        """Issue the notice; by its code whoever holds it sees who may come, and asks that an inspector stand back."""
        with current_app.test_request_context(base_url=HOME):
            return issue_notice(self.session, self.visit, language="zh", letterhead=letterhead(), actor=self.leader)

    def announce(self) -> Notice:
        """All that comes before the door, in the morning of the visit."""
        with self.at(8):
            self.approve()
        with self.at(8, 30):
            return self.hand_over()

    def arrive(self) -> None:
        """Ring the bell."""
        with self.at(9, 20):
            begin_visit(self.session, self.visit, actor=self.leader)
            set_outcome(self.session, self.visit, code="normal", note="", actor=self.leader)

    def fill(self, *, problem: bool = False) -> None:
        """Record every section with its photos; with a ``problem`` the first item of the lead department has one."""
        with self.at(10) as now:
            for place, section in enumerate(self.sections()):
                actor, rows = self.actor(self.member(section.department_id)), list(section.item_results)
                bad = next((row for row in rows if PROBLEM in row.item.allowed_results), None)
                failing = bad if problem and place == 0 else None
                sent = [SentItem(_entry(row, good=row is not failing), entry_of(row).digest) for row in rows]
                save_section(self.session, self.visit, section, sent, actor=actor)
                self._take_photos(section, rows, actor=actor, now=now)

    def sections(self) -> list[Section]:
        """The sections of the form."""
        return list(list_sections(self.session, self.visit))

    def _take_photos(self, section: Section, rows: list[ItemResult], *, actor: Actor, now: datetime) -> None:
        """Photograph what the form asks for, or the first check point."""
        points = [(row, one) for row in rows for one in row.item.check_points if _asks_for_photo(one)]
        first = [(row, row.item.check_points[0]) for row in rows if row.item.check_points][:1]
        for place, (row, point) in enumerate(points or first):
            number = self.count("photos")
            motif = MOTIFS[(number + place) % len(MOTIFS)]
            taken = {"section": section.id, "item": row.item_id, "point": point.id}
            self.attach(photo(motif, number), where=taken, caption=point.question_zh[:40], actor=actor, now=now)

    def attach(
        self, data: bytes, *, where: dict[str, int], caption: str, actor: Actor, now: datetime, kind: str = "image/jpeg"
    ) -> None:
        """Keep a file and say where it belongs."""
        sha256 = keep_bytes(self.session, data, media_type=kind, actor=actor)
        attach(
            self.session, self.visit, id=self.number("attachment"), sha256=sha256, **where, purpose="photo",
            caption=caption, taken_at=now - timedelta(minutes=4), place=None, actor=actor,
        )  # fmt: skip

    def sign(self) -> None:
        """One inspector of each department signs its section with a drawn signature."""
        with self.at(11):
            for section in self.sections():
                actor = self.actor(self.member(section.department_id))
                drawn = self.draw(actor)
                seen = stored_digest(section)
                sign_section(self.session, self.visit, section, seen=seen, file_sha256=drawn, actor=actor)

    def draw(self, actor: Actor) -> str:
        """Keep a drawn signature, never the same twice."""
        return keep_bytes(self.session, signature(self.count("signatures")), media_type="image/png", actor=actor)

    def ask_party(self, name: str) -> None:
        """Show the whole record to the enterprise, which signs it."""
        with self.at(11, 20):
            seen = record_digest(self.session, self.visit)
            sign_by_party(
                self.session, self.visit, how="signed", seen=seen, name=name, role="店长",
                file_sha256=self.draw(self.leader), reason="", second_inspector_id=None, actor=self.leader,
            )  # fmt: skip

    def hand_in(self) -> None:
        """Hand the record in; the reviewer approves it the next morning."""
        with self.at(11, 30):
            submit_record(self.session, self.visit, actor=self.leader)
        with self.at(10, days=1):
            approve_record(self.session, self.visit, note="", actor=self.office.person("reviewer.scjg"))

    def publish(self) -> None:
        """Let each department publish its part."""
        for place, participant in enumerate(self.visit.plan_version.participants, 2):
            with self.at(15, days=place):
                lead = self.office.lead(participant.department.code.lower())
                release_part(self.session, self.visit, actor=lead)

    def count(self, what: str) -> int:
        """Return the next number of something invented, over all visits."""
        counts: dict[str, int] = self.demo.shared.setdefault("doorstep counts", {})
        counts[what] = counts.get(what, 0) + 1
        return counts[what]

    def number(self, what: str) -> uuid.UUID:
        """Return the next number that a phone would make, the same in every demonstration of this seed."""
        return uuid.UUID(int=self.demo.random(f"{what} {self.count(what)}").getrandbits(128), version=4)


def _asks_for_photo(point: CheckPoint) -> bool:
    return point.photo or point.kind is AnswerKind.PHOTO


def _entry(row: ItemResult, *, good: bool) -> ItemEntry:
    """Answer every check point of an item; a bad one fails one of them, where one can."""
    points = row.item.check_points
    yes_no = [place for place, one in enumerate(points) if one.kind is AnswerKind.YES_NO]
    failing = yes_no[0] if yes_no and not good else -1
    answers = tuple(Answer(one.id, answer_value(one, good=place != failing)) for place, one in enumerate(points))
    if good:
        return ItemEntry(row.item_id, checked=True, result=NO_PROBLEM, answers=answers)
    return ItemEntry(
        row.item_id, checked=True, result=PROBLEM, problem=FOUND, disposal=Disposal.CORRECTION, answers=answers
    )
