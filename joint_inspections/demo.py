"""Demonstration: the records of past visits, published and opened, and the records collected from elsewhere."""

import hashlib
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any  # rows for bulk inserts

import sqlalchemy as sa
from flask import current_app

from joint_inspections.collected.models import CollectedInspection
from joint_inspections.notices.services import draw_up_notice
from joint_inspections.notices.views import letterhead
from joint_inspections.records.content import record_content
from joint_inspections.records.following import tell_followers
from joint_inspections.records.models import CheckAnswer, ItemResult, RecordVersion, Review, Section
from joint_inspections.records.rules import (
    NO_ACTIVITY,
    NOT_APPLICABLE,
    Disposal,
    ReviewDecision,
    option_value,
    overall_results,
    to_canonical,
)
from joint_inspections.results.services import release_part
from joint_inspections.visits.models import Visit, VisitApproval
from joint_inspections.visits.rules import MemberState, SectionState, VisitState, visit_number
from supervision import clock
from supervision.accounts.models import User, UserRole
from supervision.accounts.queries import actor_of
from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.db import insert_many
from supervision.demo.history import People
from supervision.demo.registry import Demo
from supervision.items.models import CheckPoint, Item
from supervision.items.rules import AnswerKind
from supervision.permissions import Actor, Role, system_actor
from supervision.serving import HOME
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays

RECORDS_TOGETHER = 4_091
RECORD_DAYS, REVIEW_DAYS, PUBLISH_DAYS = 2, 3, 20
RESULTS = {"1": 79, "5": 11, "8": 4, "7": 4, "2": 1, "3": 1}
# nobody there: how often, and the result that says so
MISSED, NOT_REACHED = 0.03, "4"
DISPOSALS = {"5": Disposal.CORRECTION, "8": Disposal.CASE, "4": Disposal.REFERRAL, "2": Disposal.CORRECTION,
             "3": Disposal.CASE, "6": Disposal.CASE}  # fmt: skip
# the platform issues notices since then, for joint visits always; before, departments handed over their own paper:
# drawing all 760 would take half a minute and eighty megabytes
NOTICES_SINCE = timedelta(days=50)
SOURCES = ("部门业务系统", "市级监管平台下发", "纸质记录补录")


def load(demo: Demo) -> None:
    """Record and publish every past visit, then fill up with collected records."""
    demo.session.expire_all()
    people, writer = People(demo), Writer(demo)
    made = demo.session.scalar(sa.select(sa.func.count()).select_from(Visit)) or 0
    # first, because the notices of the visits say how often their entities had been inspected
    insert_many(demo.session, CollectedInspection, _collected(demo, demo.amount(RECORDS_TOGETHER) - made))
    for draw_id, _day in demo.shared["past_draws"]:
        visits = demo.session.scalars(
            sa.select(Visit).where(Visit.draw_id == draw_id).order_by(Visit.planned_on, Visit.id)
        )
        for visit in visits.all():
            writer.finish(visit, people.of)


class Writer:
    """Writes what a team would have written."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.source: random.Random = demo.random("records")
        self.phrases: dict[str, list[str]] = {}
        for row in read_catalogue(FOLDER, "problem_phrases"):
            self.phrases.setdefault(row["item_code"], []).append(row["problem_zh"])
        self.serials: dict[date, int] = {}
        self.calendar = get_calendar(demo.session)
        heads = sa.select(User.department_id, User.id).join(UserRole).where(UserRole.role == Role.HEAD)
        # the last is the one who can sign in, where there is one
        self.heads = {row.department_id: row.id for row in demo.session.execute(heads.order_by(User.id))}

    def finish(self, visit: Visit, publisher: Callable[[str], Actor]) -> None:
        """Take a visit from assigned to published, each step at its own time, each department its own part."""
        self.accept(visit, self.submit(visit))
        days = sorted(self.source.randrange(2, 9) for _ in self._bodies(visit))
        for participant, later in zip(self._bodies(visit), days, strict=True):
            with clock.at(min(_at(visit.planned_on + timedelta(days=later), 15), clock.now())):
                release_part(self.demo.session, visit, actor=publisher(participant.department.code))

    def submit(self, visit: Visit) -> RecordVersion:
        """Fill in and sign every section and hand the record in."""
        day = visit.planned_on
        self.begin(visit)
        if not self._met(visit):
            visit.outcome_code, visit.outcome_note = "not-found", "按登记地址上门，未能与检查对象取得联系。"
        sections = [self._section(visit, participant.department_id, day) for participant in self._bodies(visit)]
        self.demo.session.add_all(sections)
        self.demo.session.flush()
        version = self._version(visit, sections, day)
        visit.state, visit.submitted_at = VisitState.SUBMITTED, version.submitted_at
        self.demo.session.add(version)
        self.demo.session.flush()
        return version

    def _met(self, visit: Visit) -> bool:
        """Say whether the team found the entity: nobody there means so for every department."""
        may_miss = all(NOT_REACHED in row.item.allowed_results for row in visit.plan_version.items)
        return not (may_miss and self.source.random() < MISSED)

    def accept(self, visit: Visit, version: RecordVersion) -> None:
        """Let the record be approved the day after."""
        reviewed_at = _at(visit.planned_on + timedelta(days=1), 10)
        review = Review(decision=ReviewDecision.APPROVED, reviewed_at=reviewed_at)
        review.record_version_id, review.record_version = version.id, version
        self.demo.session.add(review)
        visit.state = VisitState.ACCEPTED
        self.demo.session.flush()
        with clock.at(reviewed_at):
            tell_followers(self.demo.session, visit, version, actor=system_actor("demo"))
        self.demo.session.expire(version)

    @staticmethod
    def _bodies(visit: Visit) -> list[Any]:
        return list(visit.plan_version.participants)

    def begin(self, visit: Visit) -> None:
        """Let the team accept, the heads approve, the notice be handed over and the team arrive on the planned day."""
        day = visit.planned_on
        self.serials[day] = self.serials.get(day, 0) + 1
        visit.number = visit_number(self.demo.district_code, day, self.serials[day])
        visit.approved_at, visit.visited_at = _at(day, 8), _at(day, 9 + self.serials[day] % 7)
        visit.outcome_code, visit.record_due_on = "normal", add_workdays(day, RECORD_DAYS, self.calendar)
        visit.publish_due_on = add_workdays(day, PUBLISH_DAYS, self.calendar)
        self._approve(visit, _at(day, 8))
        for member in visit.members:
            member.state, member.answered_at = MemberState.ACCEPTED, _at(day - timedelta(days=2), 11)
        if len(self._bodies(visit)) > 1 or day >= self.demo.today - NOTICES_SINCE:
            self._notify(visit, _at(day, 8) + timedelta(minutes=10))

    def _approve(self, visit: Visit, moment: datetime) -> None:
        bodies = visit.plan_version.participants
        self.demo.session.add_all(
            VisitApproval(
                visit_id=visit.id, department_id=one.department_id, approved_by=self.heads[one.department_id],
                inspectors=visit.inspectors_of(one.department_id), approved_at=moment,
            )
            for one in bodies
        )  # fmt: skip
        visit.approved_by = self.heads[visit.plan_version.plan.lead_department_id]

    def _notify(self, visit: Visit, moment: datetime) -> None:
        leader = visit.leader.inspector_id if visit.leader else None
        user = self.demo.session.scalars(sa.select(User).where(User.inspector_id == leader)).one()
        with clock.at(moment), current_app.test_request_context(base_url=HOME):
            draw_up_notice(self.demo.session, visit, language="zh", letterhead=letterhead(), actor=actor_of(user))

    def _section(self, visit: Visit, department_id: int, day: date) -> Section:
        signer = next(member for member in visit.members if member.department_id == department_id)
        items = [row.item for row in visit.plan_version.items if row.item.department_id == department_id]
        section = Section(visit_id=visit.id, department_id=department_id, state=SectionState.SIGNED, results=[])
        section.visit, section.department, section.signer = visit, signer.department, signer.inspector
        section.signed_at = _at(day, 16)
        write = self._item if visit.outcome_code == "normal" else _unreached
        section.item_results = [write(item, place) for place, item in enumerate(items, 1)]
        section.results = overall_results([row.result_code or "1" for row in section.item_results])
        return section

    def _item(self, item: Item, place: int) -> ItemResult:
        allowed = {code: weight for code, weight in RESULTS.items() if code in item.allowed_results}
        code = self.source.choices(list(allowed), list(allowed.values()))[0]
        problem = DISPOSALS.get(code)
        row = ItemResult(position=place, checked=True, result_code=code, disposal=problem)
        row.item = item
        if problem:
            row.problem = self.source.choice(self.phrases.get(item.code, ["现场检查发现存在不符合规定的情形。"]))
        failing = self.source.randrange(len(item.check_points)) if problem else -1
        row.answers = [
            self._answer(point, good=no != failing, applies=code != NO_ACTIVITY)
            for no, point in enumerate(item.check_points)
        ]
        return row

    def _answer(self, point: CheckPoint, *, good: bool, applies: bool) -> CheckAnswer:
        value = answer_value(point, good=good)
        if not applies and point.kind is not AnswerKind.CHOICE:
            value = NOT_APPLICABLE
        answer = CheckAnswer(value=value)
        answer.check_point_id, answer.check_point = point.id, point
        return answer

    def _version(self, visit: Visit, sections: list[Section], day: date) -> RecordVersion:
        content = to_canonical(record_content(visit, sections, version_no=1, reason=""))
        return RecordVersion(
            visit_id=visit.id, version_no=1, content=content, digest=hashlib.sha256(content.encode()).hexdigest(),
            submitted_at=_at(day, 17), late=False, review_due_on=add_workdays(day, REVIEW_DAYS, self.calendar),
        )  # fmt: skip


def _unreached(item: Item, place: int) -> ItemResult:
    """Write an item of an entity that nobody could reach at its address."""
    row = ItemResult(position=place, checked=False, result_code=NOT_REACHED, disposal=DISPOSALS[NOT_REACHED])
    row.item = item
    row.unchecked_reason, row.problem = "通过登记的住所无法联系", "按登记的住所（经营场所）无法取得联系。"
    return row


def answer_value(point: CheckPoint, *, good: bool) -> str:
    """Return an answer to a check point that shows a problem, or none."""
    if point.kind is AnswerKind.CHOICE and point.options:
        return option_value(point.options[0 if good else -1])
    return {
        AnswerKind.YES_NO: "yes" if good else "no",
        AnswerKind.CHOICE: str(0 if good else max(0, len(point.options) - 1)),
        AnswerKind.NUMBER: _number(point, good=good),
        AnswerKind.TEXT: "符合" if good else "不符合",
        AnswerKind.PHOTO: "yes",
    }[point.kind]


def _number(point: CheckPoint, *, good: bool) -> str:
    """Return a measurement inside the limits of a point, or just outside them."""
    low = Decimal(point.minimum) if point.minimum else None
    high = Decimal(point.maximum) if point.maximum else None
    if not good:
        return str(high + 1 if high is not None else (low or Decimal(1)) - 1)
    if low is not None and high is not None:
        return str((low + high) / 2)
    return str(high * Decimal("0.6") if high is not None else (low or Decimal(1)) + 1)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), clock.SHANGHAI)


def _collected(demo: Demo, count: int) -> list[dict[str, Any]]:
    source, now, calendar = demo.random("collected"), clock.now(), get_calendar(demo.session)
    items = demo.session.execute(sa.select(Item.code, Item.name_zh, Item.department_id, Item.allowed_results)).all()
    entities = demo.shared["entities"]
    rows = []
    for number in range(1, count + 1):
        item, entity = source.choice(items), source.choice(entities)
        oldest = max(entity[6], demo.today - timedelta(days=3 * 365))
        day = demo.today - timedelta(days=source.randrange(1, max(2, (demo.today - oldest).days)))
        while day > oldest and not calendar.is_workday(day):
            day -= timedelta(days=1)
        weights = [RESULTS.get(code, 3 if code == NOT_REACHED else 0) for code in item.allowed_results]
        rows.append({
            "id": number, "entity_id": entity[0], "department_id": item.department_id,
            "document_number": f"JC{day.year}{number:06d}", "item_code": item.code, "item_name": item.name_zh,
            "inspected_on": day, "result_code": source.choices(item.allowed_results, weights)[0],
            "drawn": source.random() < 0.3, "source": source.choice(SOURCES), "recorded_at": now,
        })  # fmt: skip
    return rows
