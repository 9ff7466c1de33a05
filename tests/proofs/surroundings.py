"""What surrounds a draw: witnesses, public values, time, and the registers that go on changing."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from supervision import clock
from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.queries.beacons import attempts_of
from supervision.draws.rules import DrawState, EntryWay
from supervision.draws.services import beacons
from supervision.draws.witness_models import Witness
from supervision.entities.models import Entity
from supervision.entities.rules import EntityStatus
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import InspectorStatus
from tests.proofs.acting import any_draw, people
from tests.proofs.district import results
from tests.proofs.steps import Steps
from tests.proofs.watching import foresee


class Surroundings(Steps):
    """Witnesses act, values come, time passes, registers are edited."""

    @rule(which=any_draw, who=people, step=st.sampled_from(["name", "remove", "seal", "reveal", "renew"]))
    def witness(self, which: int, who: str, step: str) -> None:
        """Name a witness, take them off, let them seal and reveal by their link."""
        draw, session = self.scene.draw(which), self.scene.session
        if draw is None:
            return
        if step == "name":
            new = services.NewWitness(kind="notary", name=f"公证处{len(self.scene.trail)}", is_person=False)
            self._do(f"name witness by {who}", lambda: services.name_witness(
                session, draw, new, actor=self._actor(who)
            ))  # fmt: skip
            return
        witness = session.scalars(sa.select(Witness).where(Witness.draw_id == draw.id).order_by(Witness.by)).first()
        if witness is None:
            return
        entry = next((one for one in draw.contributions if one.by == witness.by), None)
        if step == "remove":
            self._do(f"remove witness by {who}", lambda: services.remove_witness(
                session, witness, reason="did-not-come", actor=self._actor(who)
            ))  # fmt: skip
        elif step == "renew":
            self._do(f"renew link by {who}", lambda: services.renew_link(session, witness, actor=self._actor(who)))
        elif entry is not None and step == "seal":
            self._seal(draw, entry, None)
        elif entry is not None:
            self._reveal(draw, entry, None, self.scene.secrets.get((draw.id, entry.by)))

    @rule(which=any_draw, who=people, number=st.integers(1, 3))
    def type_result(self, which: int, who: str, number: int) -> None:
        """Type a lottery's result, right or wrong, early or late, alone or as the second."""
        if draw := self.scene.draw(which):
            self._do(f"type {number} by {who}", lambda: beacons.type_in(
                self.scene.session, draw, results=results(number), actor=self._actor(who)
            ))  # fmt: skip

    @rule(which=any_draw, who=people)
    def hand_in(self, which: int, who: str) -> None:
        """Hand in something signed where nothing signed is asked for."""
        if draw := self.scene.draw(which):
            self._do(f"hand in by {who}", lambda: beacons.hand_in(
                self.scene.session, draw, raw="{}", way=EntryWay.PASTED, actor=self._actor(who)
            ))  # fmt: skip

    @rule(which=any_draw)
    @precondition(lambda self: any(state == "committed" for state in self.scene.states.values()))
    def wait_for_the_value(self, which: int) -> None:
        """Let the value of a draw in the beacon form come to be, and two bodies type it."""
        session = self.scene.session
        waiting = [
            draw
            for one in self.scene.draws
            if (draw := session.get(Draw, one)) and draw.beacon_rule and draw.state is DrawState.COMMITTED
        ]
        if not waiting:
            return
        draw = waiting[which % len(waiting)]
        attempts = attempts_of(session, draw)
        self.scene.now = max(self.scene.now, attempts[0].round.due_at + timedelta(minutes=1))
        foresee(self.scene)
        for who in ("lead 0", "lead 1"):
            self._do(f"type by {who}", lambda who=who: beacons.type_in(
                session, draw, results=results(1), actor=self._actor(who)
            ))  # fmt: skip

    # time, and the registers

    @rule(hours=st.sampled_from([1, 5, 30, 24 * 5, -1, -30, -24 * 20, 24 * 45]))
    def time_passes(self, hours: int) -> None:
        """Time passes, or somebody sets the clock back; deadlines are looked at."""
        self.scene.now += timedelta(hours=hours)
        self.scene.trail.append(f"{hours} hours")
        foresee(self.scene)
        for name, work in (
            ("expire", services.expire_reveals),
            ("lapse", beacons.declare_lapses),
            ("overdue", services.open_overdue),
            ("finish", services.finish_tasks),
        ):
            self._do(name, lambda work=work: work(self.scene.session))

    @rule(place=st.integers(0, 20), status=st.sampled_from(list(EntityStatus)))
    def edit_register(self, place: int, status: EntityStatus) -> None:
        """Change an entity's status, or enter a new one."""
        session = self.scene.session

        def edit() -> None:
            entities = session.scalars(sa.select(Entity).order_by(Entity.id)).all()
            if place >= len(entities):
                self.scene.world.make.entity()
                return
            entities[place].status, entities[place].updated_at = status, clock.now()

        self._do("edit register", edit)

    @rule(place=st.integers(0, 20), status=st.sampled_from(list(InspectorStatus)))
    def edit_roster(self, place: int, status: InspectorStatus) -> None:
        """Suspend an inspector, let one leave or come back, correct a certificate."""
        session = self.scene.session

        def edit() -> None:
            people = session.scalars(sa.select(Inspector).order_by(Inspector.id)).unique().all()
            one = people[place % len(people)]
            one.status, one.certificate_number = status, f"C{secrets.token_hex(4)}"

        self._do("edit roster", edit)

    @rule(place=st.integers(0, 2))
    def edit_plan(self, place: int) -> None:
        """Write into a published plan: the database itself refuses."""

        def edit() -> None:
            self.scene.tasks[place].plan_version.reserve += 1
            self.scene.session.flush()
            raise AssertionError("a published plan could be changed")

        self._do("edit plan", edit)
