"""Demonstration: corrections at every stage, as enterprises, leads and heads left them yesterday."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.extending import Request, ask_extension, days_to_grant
from joint_inspections.corrections.queries import read_correction
from joint_inspections.corrections.rules import EntryKind
from joint_inspections.corrections.services import Decision, Sending, SentFile, days_to_resend, decide, send_evidence
from joint_inspections.demo_pictures import photo
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.notices.models import Notice
from joint_inspections.records.rules import Disposal
from supervision import clock
from supervision.demo.history import People
from supervision.demo.registry import Demo, Door
from supervision.labels import N_
from supervision.permissions import PUBLIC, Actor

CORRECTION_DOOR = N_("Page where an enterprise shows what it has corrected, by the code on notice %(number)s")
WHO = "店长 王某"
MENDED = "已更换破损的门封条，并重新张贴操作规程，照片为整改后情况。"
MISSING = "照片未能看清门封条下沿，请补拍并附更换单据。"
ACCEPTED = "经核对照片和单据，问题已改正。"
MORE = "更换的配件需从外地调货，预计下周到货安装。"


class Scene:
    """What both sides of one correction do, one step after the other."""

    def __init__(self, demo: Demo, follow_up: FollowUp, lead: Actor) -> None:
        self.session: Session = demo.session
        self.follow_up = follow_up
        self.lead = lead
        self.source = demo.random(f"correction {follow_up.id}")

    def _id(self) -> str:
        return str(UUID(int=self.source.getrandbits(128), version=4))

    def send(self) -> None:
        """The enterprise sends a photo."""
        data = photo("shelf", self.follow_up.id)
        sha256 = keep_bytes(self.session, data, media_type="image/jpeg", actor=PUBLIC)
        sending = Sending(self._id(), MENDED, WHO, [SentFile(sha256, "整改后.jpg")], clock.now())
        send_evidence(self.session, read_correction(self.session, self.follow_up), sending)

    def decide(self, kind: EntryKind, text: str) -> None:
        """The lead decides on it."""
        found = read_correction(self.session, self.follow_up)
        day = days_to_resend(self.session, found).last if kind is EntryKind.RETURNED else None
        decide(self.session, found, Decision(kind, text, found.seen, day), actor=self.lead)

    def ask(self) -> None:
        """The enterprise asks for more time."""
        found = read_correction(self.session, self.follow_up)
        day = days_to_grant(self.session, found).last
        ask_extension(self.session, found, Request(self._id(), day, MORE, WHO, clock.now()))


def _waiting(scene: Scene) -> None:
    _sent_back(scene)
    scene.send()


def _sent_back(scene: Scene) -> None:
    scene.send()
    scene.decide(EntryKind.RETURNED, MISSING)


def _accepted(scene: Scene) -> None:
    _waiting(scene)
    scene.decide(EntryKind.ACCEPTED, ACCEPTED)


def _asking(scene: Scene) -> None:
    scene.ask()


STORIES: Sequence[Callable[[Scene], None]] = (_waiting, _sent_back, _asking, _accepted)


def load(demo: Demo) -> None:
    """Let four corrections go on; one that is overdue stays as it is, with its red card."""
    demo.session.expire_all()
    people, yesterday = People(demo), demo.today - timedelta(days=1)
    moment = datetime.combine(yesterday, time(15), clock.SHANGHAI)
    statement = sa.select(FollowUp).where(
        FollowUp.kind == Disposal.CORRECTION, FollowUp.state == FollowUpState.OPEN, FollowUp.due_on >= yesterday,
        FollowUp.opened_at < moment, FollowUp.step_due_on.is_(None),
    )  # fmt: skip
    # those first whose enterprise holds a notice with a code
    coded = sa.exists().where(Notice.visit_id == FollowUp.visit_id, Notice.token.is_not(None))
    found = demo.session.scalars(statement.order_by(coded.desc(), FollowUp.due_on, FollowUp.id).limit(len(STORIES)))
    for story, follow_up in zip(STORIES, found.unique().all(), strict=False):
        with clock.at(moment):
            story(Scene(demo, follow_up, people.of(follow_up.department.code)))
        _show_door(demo, follow_up)


def _show_door(demo: Demo, follow_up: FollowUp) -> None:
    notices = sa.select(Notice).where(Notice.visit_id == follow_up.visit_id, Notice.token.is_not(None))
    notice = demo.session.scalars(notices.order_by(Notice.id.desc()).limit(1)).first()
    if notice is not None:
        path = f"/notices/check/{notice.token}/corrections/{follow_up.id}/"
        demo.doors.append(Door(path, CORRECTION_DOOR, {"number": notice.number}))
