"""Recomputing a draw of experts from what is kept and holding it against the log: anybody with the files can."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.experts.drawing import FOLLOWED, change_bytes, visits_of_team
from joint_inspections.experts.freezing import list_lines, needs_of, own_digest
from joint_inspections.experts.models import ExpertDraw
from joint_inspections.experts.queries import ties_of
from joint_inspections.experts.rules import SYSTEM, ExpertDrawState, digest_of, draw_experts, record_bytes, seed_of
from supervision.draws.bundles import load_bundle
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.labels import N_

LIST_CHANGED = N_("The list differs from the digest that was logged.")
APART = N_("Ties or names differ from what the list fixed.")
LATE = N_("The list was not in the log before the seed could be known.")
SECRET_CHANGED = N_("The platform's secret is not the one that was fixed with the list.")
DRAWN_OTHERWISE = N_("List and seed give other experts than those written down.")
OUTCOME_CHANGED = N_("The outcome differs from the digest that was logged.")
CHANGE_CHANGED = N_("A replacement differs from the digest that was logged.")


def faults(session: Session, expert_draw: ExpertDraw) -> Iterator[str]:
    """Yield what does not fit, as message ids; nothing when all fits."""
    said = json.loads(expert_draw.content)
    frozen = _leaf(session, expert_draw.frozen_leaf)
    if not digest_of(expert_draw.content.encode()) == expert_draw.digest == frozen:
        yield LIST_CHANGED
    if (digest_of(expert_draw.ties.encode()), digest_of(expert_draw.mapping.encode())) != (
        said["ties_digest"],
        said["mapping_digest"],
    ):
        yield APART
    if not _in_time(session, expert_draw):
        yield LATE
    if expert_draw.state is ExpertDrawState.DRAWN:
        yield from _outcome(session, expert_draw)


def _leaf(session: Session, index: int | None) -> str | None:
    return session.scalar(sa.select(LogLeaf.digest).where(LogLeaf.index == index, LogLeaf.event == LogEvent.EXPERTS))


def _in_time(session: Session, expert_draw: ExpertDraw) -> bool:
    """The list stands in the log before the first party of the draw it follows contributed."""
    if expert_draw.draw_id is None:
        return expert_draw.drawn_leaf is None or expert_draw.frozen_leaf < expert_draw.drawn_leaf
    others = sa.select(sa.func.min(LogLeaf.index)).where(
        LogLeaf.draw_id == expert_draw.draw_id, LogLeaf.event.in_((LogEvent.CONTRIBUTED, LogEvent.COMMITTED))
    )
    first = session.scalar(others)
    return first is None or expert_draw.frozen_leaf < first


def _outcome(session: Session, expert_draw: ExpertDraw) -> Iterator[str]:
    if expert_draw.draw is not None:
        sealed = load_bundle(session, expert_draw.draw).record
        teams = {one.team: list(one.units) for one in sealed.teams if one.units}
        parts = {FOLLOWED: sealed.seed}
    else:
        parts = dict(expert_draw.parts)
        fixed = {one["by"]: one["digest"] for one in json.loads(expert_draw.content)["contributions"]}
        if own_digest(expert_draw.number, parts[SYSTEM]) != fixed.get(SYSTEM):
            yield SECRET_CHANGED
        teams = {one.team: [one.entity.unit_id] for one in visits_of_team(session, expert_draw, "")}
    seed = seed_of(expert_draw.digest, parts)
    drawn = draw_experts(
        needs_of(expert_draw), list_lines(expert_draw), teams=teams, ties=ties_of(expert_draw), seed=seed
    )
    if record_bytes(expert_draw.number, expert_draw.digest, seed, drawn) != expert_draw.record.encode():
        yield DRAWN_OTHERWISE
    if (
        not digest_of(expert_draw.record.encode())
        == expert_draw.record_digest
        == _leaf(session, expert_draw.drawn_leaf)
    ):
        yield OUTCOME_CHANGED
    for change in expert_draw.changes:
        if (
            not digest_of(change_bytes(expert_draw.number, change))
            == change.digest
            == _leaf(session, change.leaf_index)
        ):
            yield CHANGE_CHANGED
