"""Who acts in the search, on which draw, and how: the hands of all machines of `test_state_machine`."""

import contextlib
import secrets
from collections import Counter
from typing import Any, ClassVar  # actions and their results

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from sampling.seeds import contribution_digest
from supervision import clock
from supervision.draws import services
from supervision.draws.models import Contribution, Draw, DrawProposal, DrawUnit
from supervision.draws.rules import OVERSIGHT, SYSTEM, ProposalKind
from supervision.draws.witness_models import Witness
from tests.proofs.district import only_visits
from tests.proofs.machine import Ground, Scene, scene
from tests.proofs.watching import conclude, foresee, watch

people = st.sampled_from(["lead 0", "lead 1", "head 0", "head 1", OVERSIGHT, "stranger", SYSTEM])
any_draw = st.integers(0, 7)
kinds = st.sampled_from(list(ProposalKind))


class Acting(RuleBasedStateMachine):
    """All roles act on the draws of one district; after every action the rows are looked at."""

    ground: ClassVar[Ground]
    totals: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.resources = contextlib.ExitStack()
        self.scene: Scene = self.resources.enter_context(scene(self.ground))
        self.resources.enter_context(only_visits(self.scene.visits))
        self._look()

    def teardown(self) -> None:
        """Check the whole once more, then undo it all."""
        try:
            with clock.at(self.scene.now):
                conclude(self.scene)
            self.totals.update(self.scene.counts)
            self.totals["sequences"] += 1
            self.totals["steps"] += len(self.scene.trail)
        finally:
            self.resources.close()

    def _look(self) -> None:
        """Look at the rows, then note what could be foreseen before the next step."""
        with clock.at(self.scene.now):
            watch(self.scene)
        foresee(self.scene)

    # who acts, and on what

    def _actor(self, name: str) -> Any:
        kind, _, place = name.partition(" ")
        if not place:
            return self.scene.actor(name)
        code = self.scene.world.departments[int(place)].code
        return self.scene.actor(code if kind == "lead" else f"head {code}")

    def _entry(self, draw: Draw, place: int) -> Contribution:
        others = [entry for entry in draw.contributions if entry.by != SYSTEM]
        return others[place % len(others)]

    def _do(self, name: str, action: Any) -> Any:
        """Try one action, and look at the rows at once: a rule may try several."""
        result = self.scene.act(name, action)
        self._look()
        return result

    def _proposal(self, draw: Draw, kind: ProposalKind) -> DrawProposal | None:
        statement = sa.select(DrawProposal).where(DrawProposal.draw_id == draw.id, DrawProposal.kind == kind)
        return self.scene.session.scalars(statement.order_by(DrawProposal.id.desc())).first()

    def _unit(self, draw: Draw, place: int) -> DrawUnit | None:
        units = self.scene.session.scalars(sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id)).all()
        return units[place % len(units)] if units else None

    def _speaker(self, by: str) -> Any:
        return self.scene.actor(by) if by in self.scene.world.users else None

    def _seal(self, draw: Draw, entry: Contribution, actor: Any) -> None:
        secret, session = secrets.token_hex(32), self.scene.session
        digest = contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=entry.by, secret=secret)
        handed = secret if draw.beacon_rule else ""

        def seal() -> Any:
            witness = session.get(Witness, (draw.id, entry.by))
            if actor is None and witness is not None:
                return services.seal_as_witness(session, witness, digest=digest, secret=handed)
            return services.seal(session, draw, digest=digest, secret=handed, actor=actor or self._actor("lead 0"))

        if self._do(f"seal {entry.by}", seal):
            self.scene.secrets[draw.id, entry.by] = secret

    def _reveal(self, draw: Draw, entry: Contribution, actor: Any, secret: str | None) -> None:
        session = self.scene.session

        def reveal() -> Any:
            witness = session.get(Witness, (draw.id, entry.by))
            if actor is None and witness is not None:
                return services.reveal_as_witness(session, witness, secret=str(secret))
            return services.reveal(session, draw, secret=str(secret), actor=actor or self._actor("lead 0"))

        self._do(f"reveal {entry.by}", reveal)
