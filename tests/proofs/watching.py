"""The watcher of the search: it does not ask the services, but reads rows and remembers what it saw before."""

import hashlib
from datetime import datetime
from typing import Any  # rows

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.checking.check import check_all
from supervision.draws.models import Draw
from supervision.draws.queries.beacons import attempts_of
from supervision.draws.queries.public import PublicDraw, get_public_draw
from supervision.draws.rules import DrawState
from supervision.draws.services import drawing
from tests.proofs.machine import Scene
from tests.supervision.draws.world import OPERATOR

ALLOWED = {
    None: {"frozen"},
    "frozen": {"committed", "void"},
    "committed": {"drawn", "void"},
    "drawn": {"opened", "abandoned"},
    "opened": set[str](),
    "void": set[str](),
    "abandoned": set[str](),
}


# draws of which somebody but the platform still keeps a secret
_STILL_KEPT = sa.text(
    "SELECT DISTINCT draw_id FROM contributions WHERE secret IS NULL AND locked_secret IS NULL AND \"by\" <> 'system'"
)


def foresee(made: Scene) -> None:
    """Before a step: note of which draws the seed can be computed already, by anybody at all."""
    committed = [one for one in made.draws if made.states.get(one) == DrawState.COMMITTED.value]
    if not committed:
        return
    kept = set(made.session.scalars(_STILL_KEPT))
    moment = max(made.now, _newest(made))
    for one in committed:
        if one not in made.begins:
            with clock.at(made.now):
                attempts = attempts_of(made.session, made.session.get_one(Draw, one))
            made.begins[one] = attempts[0].round.begins_at if attempts else None
        begins = made.begins[one]
        made.reachable[one] = moment >= begins if begins else one not in kept


def _newest(made: Scene) -> datetime:
    found = made.session.execute(sa.text("SELECT max(at) FROM log_leaves")).scalar()
    moment = datetime.fromisoformat(found) if isinstance(found, str) else found
    return moment.replace(tzinfo=made.now.tzinfo) if moment else made.now


def watch(made: Scene) -> None:
    """After a step: look for what must never have happened."""
    session = made.session
    rows = session.execute(
        sa.text(
            "SELECT id, number, task_id, parent_id, state, beacon_rule, frozen_digest, commitment_digest, record_digest"
            " FROM draws ORDER BY id"
        )
    ).all()
    _watch_log(made)
    changed = [row.id for row in rows if made.states.get(row.id) != row.state]
    for row in rows:
        _watch_states(made, row)
        _watch_digests(made, row)
    _watch_files(made)
    _watch_numbers([row.number for row in rows])
    _watch_computed(made, rows)
    assert len({row.task_id for row in rows if row.state not in {"void", "abandoned"}}) == sum(
        row.state not in {"void", "abandoned"} for row in rows
    ), "a task has two draws alive"
    abandoned = {row.id for row in rows if row.state == "abandoned"}
    assert all(row.beacon_rule for row in rows if row.parent_id in abandoned), (
        "a draw after an abandoned one, no beacon"
    )
    for one in changed:
        compare_public(session, one)


def _watch_states(made: Scene, row: Any) -> None:
    before = made.states.get(row.id)
    if before != row.state:
        assert row.state in ALLOWED[before], f"{row.number}: {before} → {row.state}"
        if row.state == "void":
            assert not made.reachable.get(row.id, False), f"{row.number} is void although its seed could be computed"
        made.counts[row.state] += 1
    made.states[row.id] = row.state
    if row.id not in made.draws:
        made.draws.append(row.id)


def _watch_digests(made: Scene, row: Any) -> None:
    for name in ("frozen_digest", "commitment_digest", "record_digest"):
        value = getattr(row, name)
        known = made.digests.setdefault((row.id, name), value) if value else None
        assert known == value, f"{row.number}: {name} changed"
        assert value or (row.id, name) not in made.digests, f"{row.number}: {name} was taken away"
    assert (row.record_digest is not None) == (row.state in {"drawn", "opened", "abandoned"}), row.number
    twin = [
        key for key, value in made.digests.items() if key[1] == "commitment_digest" and value == row.commitment_digest
    ]
    assert len(twin) <= 1, "two draws have one commitment"


def _watch_files(made: Scene) -> None:
    found = made.session.execute(sa.text("SELECT draw_id, name, digest, packed FROM draw_files")).all()
    now = {(row.draw_id, row.name): row.digest + hashlib.md5(bytes(row.packed)).hexdigest() for row in found}  # noqa: S324
    assert all(now.get(key) == value for key, value in made.files.items()), "a file changed after it was written"
    made.files = now


def _watch_log(made: Scene) -> None:
    rows = made.session.execute(sa.text('SELECT "index", at, leaf_hash FROM log_leaves ORDER BY "index"')).all()
    assert [row.index for row in rows] == list(range(len(rows))), "the log has a gap"
    hashes = [row.leaf_hash for row in rows]
    assert hashes[: len(made.leaves)] == made.leaves, "the log was rewritten"
    moments = [str(row.at) for row in rows]
    assert moments == sorted(moments), "the log's time runs backwards"
    made.leaves = hashes


def _watch_numbers(numbers: list[str]) -> None:
    serials: dict[str, list[int]] = {}
    for number in numbers:
        year, _, serial = number.rpartition("-")
        serials.setdefault(year, []).append(int(serial))
    for found in serials.values():
        assert found == list(range(1, len(found) + 1)), f"numbers: {found}"


def _watch_computed(made: Scene, rows: Any) -> None:
    """Draws computed = sealed + opened + abandoned: no result was computed and thrown away for another."""
    by_number = {row.number: row for row in rows}
    for number, digests in made.computed.items():
        assert len(digests) == 1, f"{number} was computed with {len(digests)} results"
        row = by_number[number]
        assert row.record_digest in {None, *digests}, f"{number} keeps another record than was computed"
        assert row.record_digest or row.state == "committed", f"{number}: {row.state} after it was computed"
    kept = {row.number for row in rows if row.record_digest}
    assert kept <= set(made.computed), f"{kept - set(made.computed)}: a record nobody computed"


def compare_public(session: Session, draw_id: int) -> None:
    """Lay what everybody is shown beside the log."""
    draw = session.get_one(Draw, draw_id, populate_existing=True)
    shown = get_public_draw(session, draw.number)
    said = {leaf.event.value: leaf for leaf in shown.leaves}
    assert said["frozen"].digest == shown.frozen_digest
    assert shown.frozen_at.replace(microsecond=0) == said["frozen"].at
    for event, moment, digest in (
        ("committed", None, shown.commitment_digest),
        ("drawn", shown.drawn_at, shown.record_digest),
        ("opened", shown.opened_at, None),
        ("void", shown.ended_at if draw.state is DrawState.VOID else None, None),
        ("abandoned", shown.ended_at if draw.state is DrawState.ABANDONED else None, None),
    ):
        _agree(said.get(event), moment, digest, event=event)
    _sealed_things_hidden(shown, draw)


def _agree(leaf: Any, moment: datetime | None, digest: str | None, *, event: str) -> None:
    if leaf is None:
        assert moment is None, f"{event} is shown with a time but not logged"
        assert digest is None, f"{event} is shown with a digest but not logged"
        return
    assert moment in {None, leaf.at}, f"{event}: shown at {moment}, logged at {leaf.at}"
    assert digest in {None, leaf.digest}, f"{event}: the digest shown is not the one logged"


def _sealed_things_hidden(shown: PublicDraw, draw: Draw) -> None:
    sealed = draw.state in {DrawState.FROZEN, DrawState.COMMITTED, DrawState.DRAWN, DrawState.VOID}
    assert not (sealed and (shown.units or shown.changes)), "a sealed draw shows who was drawn"


def conclude(made: Scene) -> None:
    """At the end: the whole check finds nothing, and every record is the one computed anew."""
    made.session.expire_all()
    bad = check_all(made.session, OPERATOR).bad
    assert not bad, bad[:3]
    for one in made.draws:
        draw = made.session.get_one(Draw, one)
        compare_public(made.session, one)
        if draw.record_digest is not None:
            assert drawing.recomputed(made.session, draw).digest == draw.record_digest
