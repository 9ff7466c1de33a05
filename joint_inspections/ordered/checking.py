"""Recomputing the lots of an order, and who followed by them, from what is kept; held against the log.

What a register said on the day of a replacement is not kept by itself: the reason noted for each one passed over is,
and its digest in the log. Whoever was not the next, and whom no kept reason passed over, is found here.
"""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.ordered.choosing import REASONS, leaf_name, needed_of
from joint_inspections.ordered.models import OrderedInspection, OrderedLots, OrderedPlace, OrderedReplacement
from joint_inspections.ordered.rules import digest_of, draw_lots, next_by_lots
from joint_inspections.ordered.team_changes import REPLACED, replacement_digest
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.labels import N_

LOTS_CHANGED = N_("Candidates, lots or their entries in the log differ, computed anew.")
REPLACEMENT_CHANGED = N_("The replacements differ from their entries in the log.")
OUT_OF_TURN = N_("Somebody followed who is not the next of the lots, or was passed over without a kept reason.")
TEAM_CHANGED = N_("The team differs from the first of the lots and those who followed them.")

# digits of an entry's number that a database can hold
LONGEST_INDEX = 15


def faults(session: Session, order: OrderedInspection) -> Iterator[str]:
    """Yield what does not fit, as message ids; nothing when all fits, or no lots are drawn yet."""
    kept = order.lots
    if kept is None:
        return
    if not (_recomputed(order, kept) and _logged(session, kept)):
        yield LOTS_CHANGED
        return
    noted = sorted(replacement_digest(order, one) for one in order.replacements)
    if noted != sorted(_logged_replacements(session, order, kept)):
        yield REPLACEMENT_CHANGED
    followed = _Followed(order, kept.places)
    in_turn = [followed.follow(one) for one in order.replacements]
    if not all(in_turn):
        yield OUT_OF_TURN
    if not followed.is_the_team():
        yield TEAM_CHANGED


class _Followed:
    """The team as the lots name it, followed through one replacement after the other."""

    def __init__(self, order: OrderedInspection, places: list[OrderedPlace]) -> None:
        self.order, self.places = order, places
        needed = {body.id: needed_of(order)[body.code] for body in order.departments}
        self.body_of = {one.inspector_id: one.department_id for one in places}
        self.team = {one.inspector_id for one in places if one.place <= needed[one.department_id]}
        self.ever = set(self.team)
        self.leader = self._first_of_lead()

    def follow(self, one: OrderedReplacement) -> bool:
        """Let a replacement happen; say whether it could be no other by the lots and the reasons kept."""
        passed = dict(one.passed)
        order = [place for place in self.places if place.department_id == self.body_of.get(one.out_id)]
        ahead = [place.inspector.certificate_number for place in order if place.inspector_id not in self.ever]
        name = one.successor.certificate_number if one.successor is not None else None
        known = all(reason in REASONS and reason != "member" for reason in passed.values())
        in_turn = one.out_id in self.team and known and next_by_lots(ahead, passed) == (name, list(passed))
        self.team.discard(one.out_id)
        if one.in_id is not None:
            self.team.add(one.in_id)
            self.ever.add(one.in_id)
        if self.leader == one.out_id:
            self.leader = self._first_of_lead()
        return in_turn

    def is_the_team(self) -> bool:
        """Say whether these are the people of the visit, sent by these bodies and led by the same."""
        visit = self.order.visit
        if visit is None:
            return False
        there = {(one.inspector_id, one.department_id) for one in visit.team_now}
        leader = visit.leader.inspector_id if visit.leader is not None else None
        return there == {(one, self.body_of.get(one)) for one in self.team} and leader == self.leader

    def _first_of_lead(self) -> int | None:
        lead = self.order.lead_department_id
        own = (one.inspector_id for one in self.places if one.department_id == lead)
        return next((one for one in own if one in self.team), None)


def _recomputed(order: OrderedInspection, kept: OrderedLots) -> bool:
    content = kept.candidates.encode()
    try:
        names = dict(json.loads(content)["candidates"])
        again = draw_lots(names, candidates_digest=digest_of(content), leaf=kept.leaf, secret=kept.number)
    except (ValueError, KeyError, TypeError):
        return False  # what is kept is no list of candidates any more
    codes = {body.id: body.code for body in order.departments}
    places: dict[str, list[tuple[str, str]]] = {code: [] for code in names}
    for one in kept.places:
        # a place of a body that does not go is nobody's
        places.setdefault(codes.get(one.department_id, ""), []).append((one.ticket, one.inspector.certificate_number))
    drawn = {code: list(found) for code, found in again.by_department.items()}
    return (digest_of(content), again.seed, digest_of(again.order_bytes(order.number)), drawn) == (
        kept.candidates_digest, kept.seed, kept.lots_digest, places,
    )  # fmt: skip


def _logged(session: Session, kept: OrderedLots) -> bool:
    """Say whether the candidates stand in the log at the entry that was mixed in, and the lots at the next one."""
    index = _index_of(kept)
    leaves = session.scalars(
        sa.select(LogLeaf)
        .where(LogLeaf.event == LogEvent.ORDERED, LogLeaf.index.in_([index, index + 1]))
        .order_by(LogLeaf.index)
    ).all()
    digests = [one.digest for one in leaves]
    return digests == [kept.candidates_digest, kept.lots_digest] and leaf_name(leaves[0]) == kept.leaf


def _index_of(kept: OrderedLots) -> int:
    """Return the number of the log's entry by which the candidates were logged; none has the number returned else."""
    number = kept.leaf.partition("-")[0]
    return int(number) if number.isdecimal() and len(number) <= LONGEST_INDEX else -2


def _logged_replacements(session: Session, order: OrderedInspection, kept: OrderedLots) -> Iterator[str]:
    """Yield the digests of the entries that say somebody of this order was replaced, all of them after its lots."""
    own = sa.select(LogLeaf.leaf, LogLeaf.digest).where(
        LogLeaf.index > _index_of(kept),
        LogLeaf.event == LogEvent.ORDERED,
        LogLeaf.leaf.contains(order.number, autoescape=True),
    )
    for leaf, digest in session.execute(own.order_by(LogLeaf.index)):
        said = json.loads(leaf)
        if (said.get("order"), said.get("step")) == (order.number, REPLACED):
            yield digest
