"""What was changed after the draw: units struck, inspectors replaced, in the order of the log."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.draws.models import Draw, DrawPseudonym, LogLeaf
from supervision.draws.queries.names import reason_names
from supervision.draws.rules import SEALED_EVENTS, SHOWN, LogEvent
from supervision.entities.models import Entity
from supervision.inspectors.models import Inspector
from supervision.parameters.models import Reason


@dataclass(frozen=True, slots=True)
class Change:
    """One strike or replacement. Who went and who came is empty while the draw is sealed.

    ``by`` is the body whose head decided; empty for changes logged before it was noted.
    """

    index: int
    event: LogEvent
    at: datetime
    code: str
    ground: Reason | None
    by: str
    team: str = ""
    out: str = ""
    successor: str | None = None


def list_changes(session: Session, draw: Draw) -> list[Change]:
    """List every strike and replacement: ground, body and time; units and pseudonyms once the draw is opened."""
    statement = sa.select(LogLeaf).where(LogLeaf.draw_id == draw.id, LogLeaf.event.in_(SEALED_EVENTS))
    grounds = reason_names(session, "strike_grounds") | reason_names(session, "replacement_grounds")
    leaves = session.scalars(statement.order_by(LogLeaf.index))
    return [_change(leaf, json.loads(leaf.leaf), grounds, shown=draw.state in SHOWN) for leaf in leaves]


def _change(leaf: LogLeaf, body: Mapping[str, object], grounds: Mapping[str, Reason], *, shown: bool) -> Change:
    code, successor = str(body["ground"]), body["in"] if shown else None
    return Change(
        index=leaf.index,
        event=leaf.event,
        at=leaf.at,
        code=code,
        ground=grounds.get(code),
        by=str(body.get("by", "")),
        team=str(body.get("team", "")) if shown else "",
        out=str(body["out"]) if shown else "",
        successor=None if successor is None else str(successor),
    )


def names_in(session: Session, draw: Draw, changes: Iterable[Change]) -> dict[str, str]:
    """Return the names behind the units and pseudonyms of an opened draw's changes, for people inside the house."""
    codes = {code for change in changes for code in (change.out, change.successor, change.team) if code}
    units = session.execute(sa.select(Entity.unit_id, Entity.name).where(Entity.unit_id.in_(codes)))
    people = session.execute(
        sa.select(DrawPseudonym.pseudonym, Inspector.name)
        .join(Inspector, Inspector.id == DrawPseudonym.inspector_id)
        .where(DrawPseudonym.draw_id == draw.id, DrawPseudonym.pseudonym.in_(codes))
    )
    return {row[0]: row[1] for found in (units, people) for row in found}
