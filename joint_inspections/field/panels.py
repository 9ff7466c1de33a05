"""On the page of a visit: what phones sent and what could not be stored, so that nothing is lost silently."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # what was sent is JSON

from joint_inspections.field import queries
from joint_inspections.field.models import FieldClash, FieldOperation
from joint_inspections.field.rules import Kind, Outcome
from joint_inspections.records.queries import list_result_codes
from joint_inspections.visits.models import Visit
from supervision.errors import DomainError
from supervision.items.models import Item
from supervision.labels import N_
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.languages import name_of
from supervision.web.panels import Panel
from supervision.web.refusals import told

# (kind of code, code) and what it is called
Words = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class ShownOperation:
    """An operation that was not stored, and what its sender had written."""

    kind: Kind
    outcome: Outcome
    why: str
    sender: str
    made_at: datetime
    received_at: datetime
    uuid: str
    written: tuple[tuple[str, str], ...]


def not_stored(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Gather what was not stored; the panel is hidden while there is nothing."""
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    session = database.session()
    rows, clashes = queries.list_not_stored(session, subject), queries.list_clashes(session, subject)
    if not rows and not clashes:
        return None
    items = {row.item_id: row.item for row in subject.plan_version.items}
    words: Words = {("result", one.code): name_of(one) for one in list_result_codes(session).values()}
    words |= {("code", one.code): name_of(one) for one in list_reasons(session, "visit_outcomes")}
    shown = [_shown(one, items, words) for one in rows]
    return {
        "visit": subject,
        "shown": shown,
        "clashes": [_clash(one, items, words) for one in clashes],
        "own": viewer.inspector_id is not None,
    }


def _shown(row: FieldOperation, items: Mapping[int, Item], words: Words) -> ShownOperation:
    newest = row.newest
    return ShownOperation(
        kind=row.kind,
        outcome=newest.outcome,
        why=told(DomainError(newest.code, newest.message, **newest.parameters)) if newest.message else "",
        sender=row.user.name,
        made_at=row.made_at,
        received_at=row.received_at,
        uuid=row.uuid,
        written=tuple(_written(row.content, items, words)),
    )


def _clash(clash: FieldClash, items: Mapping[int, Item], words: Words) -> ShownOperation:
    return ShownOperation(
        kind=clash.operation.kind,
        outcome=Outcome.REPEATED,
        why="",
        sender=clash.user.name,
        made_at=clash.operation.made_at,
        received_at=clash.received_at,
        uuid=clash.operation.uuid,
        written=tuple(_written(clash.content, items, words)),
    )


# label of each thing that was written, and where it stands in the body
WORDS = (
    ("code", N_("Outcome of the visit")),
    ("note", N_("What happened")),
    ("how", N_("Answer of the enterprise")),
    ("name", N_("Name")),
    ("caption", N_("Caption")),
    ("reason", N_("Reason")),
)
RESULTS = frozenset({"result", "further"})
ENTRY_WORDS = (
    ("result", N_("Result")),
    ("further", N_("Further result")),
    ("problem", N_("Problem found")),
    ("unchecked_reason", N_("Why it was not checked")),
)


def _written(content: str, items: Mapping[int, Item], words: Words) -> Iterator[tuple[str, str]]:
    """Say what an operation wanted to write, in the order of the form."""
    body: Mapping[str, Any] = json.loads(content)["body"]
    item = items.get(body.get("item") or 0)
    if item is not None:
        yield N_("Item"), name_of(item)
    yield from ((label, words.get((name, body[name]), str(body[name]))) for name, label in WORDS if body.get(name))
    entry = body.get("entry")
    if entry:
        yield from (
            (label, words.get(("result", entry[name]), str(entry[name]))) for name, label in ENTRY_WORDS if entry[name]
        )
        yield from _answers(entry["answers"], item)


def _answers(answers: list[Mapping[str, Any]], item: Item | None) -> Iterator[tuple[str, str]]:
    numbers = {point.id: point.no for point in item.check_points} if item else {}
    said = [(numbers.get(one["point"], 0), one["value"], one["note"]) for one in answers if one["value"] or one["note"]]
    if said:
        yield (
            N_("Check points"),
            " · ".join(f"{no}: {value}{f' ({note})' if note else ''}" for no, value, note in sorted(said)),
        )


PANELS = (Panel("visit", "field/not_stored.html", not_stored, None, 25),)
