"""Every step of a draw by anybody, right or wrong, in any order."""

import secrets
from typing import Any  # actions

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import rule

from supervision import clock
from supervision.draws import services
from supervision.draws.models import DrawMember
from supervision.draws.rules import ProposalKind
from supervision.draws.services import redrawing
from tests.proofs.acting import Acting, any_draw, kinds, people
from tests.supervision.draws.world import OPERATOR


class Steps(Acting):
    """Anybody tries every step of a draw."""

    @rule(place=st.integers(0, 2), who=people)
    def freeze(self, place: int, who: str) -> None:
        """Freeze the pool of a task, also of one that is under way, done or abandoned."""
        task = self.scene.tasks[place]
        self._do(f"freeze {place} by {who}", lambda: services.freeze(
            self.scene.session, task, actor=self._actor(who), operator=OPERATOR
        ))  # fmt: skip

    @rule(which=any_draw, place=st.integers(0, 3), who=people, copy=st.booleans())
    def seal(self, which: int, place: int, who: str, copy: bool) -> None:
        """Seal, seal anew, seal for somebody else, or copy another party's digest."""
        draw = self.scene.draw(which)
        if draw is None:
            return
        entry = self._entry(draw, place)
        if copy and entry.digest:
            self._do("copy a digest", lambda: services.seal(
                self.scene.session, draw, digest=str(entry.digest), actor=self._actor(who)
            ))  # fmt: skip
        else:
            self._seal(draw, entry, self._actor(who))

    @rule(which=any_draw, who=people)
    def commit(self, which: int, who: str) -> None:
        """Commit, early, late, twice or as a stranger."""
        if draw := self.scene.draw(which):
            self._do(f"commit by {who}", lambda: services.commit(self.scene.session, draw, actor=self._actor(who)))

    @rule(which=any_draw, place=st.integers(0, 3), who=people, wrong=st.booleans())
    def reveal(self, which: int, place: int, who: str, wrong: bool) -> None:
        """Reveal the right secret, a wrong one, or somebody else's."""
        if draw := self.scene.draw(which):
            entry = self._entry(draw, place)
            secret = secrets.token_hex(32) if wrong else self.scene.secrets.get((draw.id, entry.by), "1" * 60)
            self._reveal(draw, entry, self._actor(who), secret)

    @rule(which=any_draw, who=people, fault=st.booleans())
    def carry_out(self, which: int, who: str, fault: bool) -> None:
        """Draw, draw again, draw while the power goes out after everything is computed."""
        if draw := self.scene.draw(which):
            self.scene.visits.fault = fault
            self._do(f"carry out by {who}", lambda: services.carry_out(
                self.scene.session, draw, actor=self._actor(who), operator=OPERATOR
            ))  # fmt: skip
            self.scene.visits.fault = False

    @rule(which=any_draw, who=people, reason=st.sampled_from(["wrong-rules", "contribution-withheld", "legal-order"]))
    def propose_void(self, which: int, who: str, reason: str) -> None:
        """Propose that a draw be void."""
        if draw := self.scene.draw(which):
            self._do(f"propose void by {who}", lambda: services.propose_void(
                self.scene.session, draw, reason=reason, note="n", actor=self._actor(who)
            ))  # fmt: skip

    @rule(which=any_draw, who=people)
    def approve_void(self, which: int, who: str) -> None:
        """Agree that it be void."""
        if draw := self.scene.draw(which):
            self._do(f"approve void by {who}", lambda: services.approve_void(
                self.scene.session, draw, actor=self._actor(who)
            ))  # fmt: skip

    @rule(which=any_draw, who=people, kind=kinds, place=st.integers(0, 5))
    def propose(self, which: int, who: str, kind: ProposalKind, place: int) -> None:
        """Propose to abandon, to strike on a document, or to draw anew after an abandonment."""
        draw, session = self.scene.draw(which), self.scene.session
        if draw is None:
            return
        actor, unit = self._actor(who), self._unit(draw, place)
        ways: dict[ProposalKind, Any] = {
            ProposalKind.ABANDON: lambda: services.propose_abandonment(
                session, draw, reason="list-leaked", note="n", actor=actor
            ),
            ProposalKind.REDRAW: lambda: redrawing.propose_redraw(session, draw, note="n", actor=actor),
        }
        if unit is not None:
            ways[ProposalKind.STRIKE] = lambda: services.propose_strike(
                session, draw, entity_id=unit.entity_id, ground="legal-exemption", evidence="e",
                evidence_on=clock.local(draw.frozen_at).date(), actor=actor,
            )  # fmt: skip
        if kind in ways:
            self._do(f"propose {kind} by {who}", ways[kind])

    @rule(which=any_draw, who=people, kind=kinds, agree=st.booleans())
    def decide(self, which: int, who: str, kind: ProposalKind, agree: bool) -> None:
        """Agree or refuse, also to what was decided, and as the body that proposed."""
        draw, session = self.scene.draw(which), self.scene.session
        proposal = self._proposal(draw, kind) if draw is not None else None
        if draw is None or proposal is None:
            return
        agreeing: dict[ProposalKind, Any] = {
            ProposalKind.ABANDON: services.agree_to_abandon,
            ProposalKind.STRIKE: services.agree_to_strike,
            ProposalKind.REDRAW: redrawing.agree_to_redraw,
        }
        refusing: dict[ProposalKind, Any] = {
            ProposalKind.ABANDON: services.refuse_to_abandon,
            ProposalKind.STRIKE: services.refuse_strike,
            ProposalKind.REDRAW: redrawing.refuse_redraw,
        }
        actor = self._actor(who)
        if agree and kind in agreeing:
            self._do(f"agree to {kind} by {who}", lambda: agreeing[kind](session, draw, proposal, actor=actor))
        elif kind in refusing:
            self._do(f"refuse {kind} by {who}", lambda: refusing[kind](session, draw, proposal, note="n", actor=actor))

    @rule(which=any_draw, who=people, place=st.integers(0, 5))
    def strike(self, which: int, who: str, place: int) -> None:
        """Strike a unit on the register's word, true or not."""
        draw = self.scene.draw(which)
        unit = self._unit(draw, place) if draw is not None else None
        if draw is not None and unit is not None:
            self._do(f"strike by {who}", lambda: services.strike_on_register(
                self.scene.session, draw, entity_id=unit.entity_id, ground="deregistered", evidence="",
                actor=self._actor(who),
            ))  # fmt: skip

    @rule(which=any_draw, who=people, place=st.integers(0, 20))
    def replace(self, which: int, who: str, place: int) -> None:
        """Take an inspector off a team."""
        draw, session = self.scene.draw(which), self.scene.session
        if draw is None:
            return
        members = session.scalars(sa.select(DrawMember).where(DrawMember.draw_id == draw.id)).all()
        if members:
            member = members[place % len(members)]
            self._do(f"replace by {who}", lambda: services.replace_inspector(
                session, draw, team=member.team, inspector_id=member.inspector_id, ground="emergency",
                evidence="e", actor=self._actor(who),
            ))  # fmt: skip

    @rule(which=any_draw, who=people, done=st.booleans())
    def open_draw(self, which: int, who: str, done: bool) -> None:
        """Open a draw, its visits done or not."""
        if draw := self.scene.draw(which):
            self.scene.visits.done = done
            self._do(f"open by {who}", lambda: services.open_draw(self.scene.session, draw, actor=self._actor(who)))
            self.scene.visits.done = False
