"""Anybody tries anything, in any order: a search for a way to steer a draw (T01 to T12)."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from supervision.db import Base, make_engine
from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.rules import SYSTEM, DrawState, ProposalKind
from tests.proofs.acting import any_draw
from tests.proofs.effort import ON_POSTGRESQL, SEED, WHOLE, proof
from tests.proofs.machine import Ground, lay_ground
from tests.proofs.parts import search_in_parts
from tests.proofs.surroundings import Surroundings
from tests.proofs.tampering import KEY
from tests.supervision.draws.world import OPERATOR

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="searched on SQLite; races are run on both")

STEPS = 40
# the whole search takes hours; it goes on where it was cut, part by part
SLICE, PART, PARTS = 100, 500, 20


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The district, made once."""
    path = tmp_path_factory.mktemp("machine") / "machine.sqlite3"
    engine = make_engine(f"sqlite:///{path}", audit_key=KEY)
    Base.metadata.create_all(engine)
    laid = lay_ground(engine)
    yield laid
    laid.connection.close()
    engine.dispose()


class Steering(Surroundings):
    """All roles act on the draws of one district; the honest way is among the rules, so that the search gets far."""

    @rule(which=any_draw)
    def go_on(self, which: int) -> None:
        """Take the next right step of a draw."""
        draw = self.scene.draw(which)
        if draw is None:
            return self.freeze(0, "lead 0")
        honest = {DrawState.FROZEN: self._seal_next, DrawState.COMMITTED: self._reveal_next}.get(draw.state)
        return honest(draw) if honest else None

    @rule(which=any_draw)
    def go_on_again(self, which: int) -> None:
        """The same, so that it comes up more often."""
        self.go_on(which)

    @rule(which=any_draw, kind=st.sampled_from([None, ProposalKind.ABANDON, ProposalKind.REDRAW, ProposalKind.STRIKE]))
    def two_bodies(self, which: int, kind: ProposalKind | None) -> None:
        """Two bodies agree: to make a draw void (no kind), to abandon it, to draw anew, to strike a unit."""
        wanted = {None: "committed", ProposalKind.REDRAW: "abandoned"}.get(kind, "drawn")
        fitting = [place for place, one in enumerate(self.scene.draws) if self.scene.states[one] == wanted]
        which = fitting[which % len(fitting)] if fitting else which
        if kind is None:
            self.propose_void(which, "head 0", "wrong-rules")
            self.approve_void(which, "head 1")
        else:
            self.propose(which, "head 0", kind, 0)
            self.decide(which, "head 1", kind, agree=True)

    @rule(place=st.integers(0, 2), upto=st.integers(0, 6))
    def begin(self, place: int, upto: int) -> None:
        """The lead freezes the pool of a task, and everybody goes some steps on the right way."""
        self.freeze(place, "lead 0")
        for _ in range(upto):
            self.go_on(len(self.scene.draws) - 1)

    @rule(which=any_draw)
    def visits_end(self, which: int) -> None:
        """Every visit is done, and the lead opens the draw."""
        self.open_draw(which, "lead 0", done=True)

    def _seal_next(self, draw: Draw) -> None:
        waiting = next((entry for entry in draw.contributions if entry.digest is None), None)
        if waiting is None:
            self._do("commit", lambda: services.commit(self.scene.session, draw, actor=self._actor("lead 0")))
        else:
            self._seal(draw, waiting, self._speaker(waiting.by))

    def _reveal_next(self, draw: Draw) -> None:
        waiting = next((entry for entry in draw.contributions if not entry.handed_over and entry.by != SYSTEM), None)
        if waiting is not None:
            return self._reveal(draw, waiting, self._speaker(waiting.by), self.scene.secrets.get((draw.id, waiting.by)))
        if draw.beacon_rule:
            self.wait_for_the_value(0)
        self._do("carry out", lambda: services.carry_out(
            self.scene.session, draw, actor=self._actor("lead 0"), operator=OPERATOR
        ))  # fmt: skip
        return None


def _search(ground: Ground, *, sequences: int, begin: int) -> Counter[str]:
    Steering.ground = ground
    Steering.totals = Counter()
    search = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    seed(begin)(lambda: run_state_machine_as_test(Steering, settings=search))()
    return Counter(Steering.totals)


def test_nobody_finds_a_way_to_steer(ground: Ground) -> None:
    with proof("state-machine") as tally:
        if WHOLE:
            totals = search_in_parts(lambda begin: _search(ground, sequences=PART, begin=begin), parts=PARTS)
        else:
            totals = _search(ground, sequences=SLICE, begin=SEED)
        tally.passed = totals["sequences"]
        tally.facts |= {"totals": dict(sorted(totals.items()))}
        for state in ("frozen", "committed", "drawn", "opened", "void", "abandoned"):
            assert totals[state] >= (totals["sequences"] / 40 if WHOLE else 1), (
                f"the search hardly ever came to {state}: {totals}"
            )
