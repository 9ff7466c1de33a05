"""Random days at the door: three phones of one team, a network that does its worst."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any  # JSON

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from joint_inspections.field.models import FieldDevice
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.rules import MemberState
from supervision import clock
from tests.joint_inspections.field.phone import Json, LostError, Phone, record_digest, section_digest

FAULTS = ("duplicated", "lost-answer", "lost-request", "truncated", "delayed", "overtaken", "five-times")
REASONS = ("重复上传", "拍错了")


@dataclass
class Network:
    """Between one phone and the platform; ``faulty`` is how often something goes wrong."""

    random: Random
    faulty: float
    delayed: list[Callable[[], object]] = field(default_factory=list)
    # lost now, and held back until the next request has passed it
    held: list[Callable[[], object]] = field(default_factory=list)
    overtaken: list[Callable[[], object]] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)

    def __call__(self, method: str, _url: str, data: bytes, send: Callable[[bytes], TestResponse]) -> TestResponse:
        """Carry one request, more or less."""
        try:
            return self._carry(method, data, send)
        finally:
            late, self.overtaken = self.overtaken, self.held
            self.held = []
            for one in late:
                one()

    def _carry(self, method: str, data: bytes, send: Callable[[bytes], TestResponse]) -> TestResponse:
        if method == "GET" or self.random.random() >= self.faulty:
            return self.checked(send(data))
        fault = self.random.choice(FAULTS)
        self.met.append(fault)
        if fault in {"duplicated", "five-times"}:
            for _ in range(1 if fault == "duplicated" else 4):
                self.checked(send(data))
            return self.checked(send(data))
        if fault == "lost-answer":
            self.checked(send(data))
        elif fault == "truncated":
            self.checked(send(data[: self.random.randrange(len(data))]))
        elif fault == "delayed":
            self.delayed.append(lambda: self.checked(send(data)))
        elif fault == "overtaken":
            self.held.append(lambda: self.checked(send(data)))
        raise LostError

    def checked(self, response: TestResponse) -> TestResponse:
        """Remember faults of the platform."""
        if response.status_code >= 500:
            self.faults.append(response.status_code)
        return response

    def deliver(self) -> None:
        """Let one delayed request arrive after all, out of its order."""
        if self.delayed:
            self.delayed.pop(self.random.randrange(len(self.delayed)))()


@dataclass
class Holder:
    """An inspector with a phone."""

    member: VisitMember
    phone: Phone
    network: Network
    sign_in: Callable[[], Any]
    out: bool = False

    def trying(self, step: Callable[[], object]) -> None:
        """Do something that may get lost; whoever is signed out signs in again."""
        try:
            step()
        except LostError:
            return
        if not self.phone.open_session()["user"]:
            self.phone.client = self.sign_in()
            self.phone.open_session()

    def sync(self) -> None:
        """What an app does when there is signal: files in any order, before or after the changes that name them."""
        files = [partial(self.phone.upload, digest, kind="application/pdf") for digest in self.phone.files]
        self.network.random.shuffle(files)
        cut = self.network.random.randrange(len(files) + 1)
        for step in (*files[:cut], lambda: self.phone.send() if self.phone.queue else None, *files[cut:]):
            self.trying(step)
        self.trying(self.phone.catch_up)


@dataclass
class Day:
    """One scenario."""

    session: Session
    visit_id: int
    holders: list[Holder]
    random: Random
    evil: frozenset[str]
    killed: int = 0

    @property
    def visit(self) -> Visit:
        """The visit as stored now."""
        self.session.expire_all()
        return self.session.get_one(Visit, self.visit_id)

    def own(self, holder: Holder) -> Json:
        """The section the holder fills in, as their phone shows it."""
        return next(one for one in holder.phone.visit(self.visit_id)["sections"] if one["own"])

    def run(self, steps: int) -> None:
        """Begin, do things in any order, then let everything arrive and finish."""
        for holder in self.holders:
            holder.phone.write("arrive", self.visit_id)
        actions = [self.fill, self.fill, self.attach, self.attach_twice, self.detach, self.sync, self.sync,
                   self.deliver, self.restart, self.sign, self.reopen, self.outcome]  # fmt: skip
        actions += [getattr(self, name) for name in sorted(self.evil)]
        for _ in range(steps):
            holder = self.random.choice([one for one in self.holders if not one.out])
            self.random.choice(actions)(holder)
        self.heal()
        self.finish()

    def fill(self, holder: Holder) -> None:
        """Write an item; colleagues of a department write into the same ones."""
        section = self.own(holder)
        item = self.random.choice(section["items"])
        if self.random.random() < 0.5:
            holder.phone.answer_well(self.visit_id, section["id"], item["id"])
        else:
            text = f"问题 {self.random.randrange(1000)}"
            values = {"result": "5", "problem": text, "disposal": "correction", "checked": True}
            holder.phone.fill(self.visit_id, section["id"], item["id"], **values)

    def attach(self, holder: Holder, data: bytes | None = None) -> None:
        """Add a file somewhere; its bytes may come before or after."""
        section = self.own(holder)
        item = self.random.choice([None, *[one["id"] for one in section["items"]]])
        data = data or b"%PDF-1.7 " + self.random.randbytes(self.random.randrange(20, 3000))
        holder.phone.take_photo(self.visit_id, section["id"], item, data, purpose="document")

    def attach_twice(self, holder: Holder) -> None:
        """Add the same bytes at two places."""
        data = b"%PDF-1.4 " + self.random.randbytes(300)
        self.attach(holder, data)
        self.attach(holder, data)

    def detach(self, holder: Holder) -> None:
        """Take a file out again, sent or not; sometimes send the attaching once more."""
        shown = [one for one in holder.phone.visit(self.visit_id)["attachments"]
                 if not one["detached"] and one["section"] == self.own(holder)["id"]]  # fmt: skip
        if not shown:
            return
        chosen = self.random.choice(shown)
        chosen["detached"] = True
        holder.phone.write("detach", self.visit_id, attachment=chosen["id"], reason=self.random.choice(REASONS))
        before = holder.phone.sent.get(chosen["id"])
        if before:
            holder.phone.queue.append(before)

    def sync(self, holder: Holder) -> None:
        """Let a phone try."""
        holder.sync()

    def deliver(self, holder: Holder) -> None:
        """Let something old arrive."""
        holder.network.deliver()

    def restart(self, holder: Holder) -> None:
        """Kill the app in the middle of sending and open it again: only what is on the disk is left."""
        self.killed += bool(holder.phone.queue)
        queue, network = json.loads(json.dumps(holder.phone.queue)), holder.phone.network
        holder.phone.network = lambda *asked: _lose(holder.network.checked(asked[3](asked[2])))
        holder.trying(holder.phone.send)
        holder.phone.network, holder.phone.queue = network, queue

    def sign(self, holder: Holder) -> None:
        """Sign what the phone shows."""
        section = self.own(holder)
        holder.phone.write("sign", self.visit_id, section=section["id"], seen=section_digest(section), file=None)

    def reopen(self, holder: Holder) -> None:
        """Open the own section again, signed or not."""
        section = self.own(holder)
        holder.phone.write("reopen", self.visit_id, section=section["id"], reason="漏填一项")

    def outcome(self, holder: Holder) -> None:
        """Say how it went; only the leader may."""
        held = holder.phone.visit(self.visit_id)
        holder.phone.write("outcome", self.visit_id, code="normal", note="", base=dict(held["outcome"]))

    def submit(self, holder: Holder) -> None:
        """Hand in too early."""
        held = holder.phone.visit(self.visit_id)
        holder.phone.write("submit", self.visit_id, seen=record_digest(held))

    def expire(self, holder: Holder) -> None:
        """End the browser's session."""
        for name in ("sid", "__Host-sid"):
            holder.phone.client.delete_cookie(name)

    def clash(self, holder: Holder) -> None:
        """Send a known number with other content."""
        if holder.phone.sent:
            known = self.random.choice(sorted(holder.phone.sent))
            other = {**holder.phone.sent[known], "made_at": "2026-11-23T23:59:00+08:00"}
            holder.trying(lambda: holder.phone.ask(
                "POST", "/field/api/operations", {"device": holder.phone.id, "operations": [other]}
            ))  # fmt: skip

    def replace(self, holder: Holder) -> None:
        """Take a second inspector of the lead department off the team."""
        chosen = self.holders[1]
        if self.visit.visited_at is not None and not chosen.out and holder is not chosen:
            self.session.get_one(VisitMember, chosen.member.id).state = MemberState.REPLACED
            self.session.commit()
            chosen.out = True

    def revoke(self, holder: Holder) -> None:
        """Revoke the phone of the second inspector."""
        chosen = self.holders[1]
        if not chosen.out and holder is not chosen:
            device = self.session.get_one(FieldDevice, chosen.phone.id)
            device.revoked_at = clock.now()
            self.session.commit()
            chosen.out = True

    def heal(self) -> None:
        """Let the network be good and everything arrive, the oldest last."""
        for holder in self.holders:
            holder.network.faulty = 0.0
            holder.trying(lambda: None)
            holder.sync()
        for holder in self.holders:
            while holder.network.delayed:
                holder.network.deliver()
            holder.sync()
            holder.sync()

    def finish(self) -> None:
        """Let the inspectors look at what is stored, complete it, and hand in."""
        for holder in (self.holders[0], self.holders[2]):
            holder.phone.etag = ""
            holder.phone.load()
            held = holder.phone.visits.get(self.visit_id)
            if held is None or held["state"] != "on_site":
                continue
            self._give_up_files(holder)
            section = self.own(holder)
            if section["state"] == "signed":
                continue
            for item in section["items"]:
                holder.phone.answer_well(
                    self.visit_id, section["id"], item["id"], problem="", further=None, disposal=None,
                    unchecked_reason="",
                )  # fmt: skip
            holder.phone.write("sign", self.visit_id, section=section["id"], seen=section_digest(section), file=None)
            holder.sync()
        self._hand_in(self.holders[0])

    def _give_up_files(self, holder: Holder) -> None:
        """Take out what a colleague attached whose phone was revoked before the bytes had come."""
        gone = {uuid for one in self.holders if one.out for uuid in one.phone.sent}
        section = self.own(holder)["id"]
        for one in holder.phone.visit(self.visit_id)["attachments"]:
            if one["id"] in gone and one["section"] == section and not one["complete"] and not one["detached"]:
                self.reopen(holder)
                holder.phone.write("detach", self.visit_id, attachment=one["id"], reason="原件无法送达")
                holder.sync()

    def _hand_in(self, leader: Holder) -> None:
        leader.phone.etag = ""
        leader.phone.load()
        held = leader.phone.visit(self.visit_id)
        if held["state"] != "on_site":
            return
        if held["outcome"]["code"] != "normal":
            leader.phone.write("outcome", self.visit_id, code="normal", note="", base=dict(held["outcome"]))
            held["outcome"] = {"code": "normal", "note": ""}
        seen = record_digest(held)
        leader.phone.write(
            "party", self.visit_id, how="refused", seen=seen, name="", role="", file=None, reason="负责人不在场",
            second=self.holders[2].member.inspector_id,
        )  # fmt: skip
        leader.phone.write("submit", self.visit_id, seen=seen)
        leader.sync()
        self._confirm(self.holders[2])
        leader.sync()

    def _confirm(self, second: Holder) -> None:
        """Let the second officer of the refusal say so on the own phone."""
        second.phone.etag = ""
        second.phone.load()
        party = second.phone.visit(self.visit_id)["party"]
        if party and party["standing"] == "unconfirmed":
            second.phone.write("confirm", self.visit_id, entry=party["id"], agrees=True, remark="")
            second.sync()


def _lose(response: TestResponse) -> TestResponse:
    raise LostError(str(response.status_code))
