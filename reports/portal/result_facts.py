"""What the public may know of an inspection: the parts released by departments, field by field (see ``facts``)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any  # a published part is JSON

from joint_inspections.follow_ups.rules import FollowUpEnding, FollowUpState, PublicStanding, public_standing
from joint_inspections.results.models import PublishedPart
from joint_inspections.visits.rules import VisitKind
from reports.portal.facts import Named
from reports.portal.masking import public_name
from supervision import clock


def _word(value: Mapping[str, str]) -> Named:
    return Named(value["code"], value["zh"], value["en"])


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One inspected item of a published result."""

    code: str
    name_zh: str
    name_en: str
    legal_basis: str
    checked: bool
    results: tuple[Named, ...]
    follow_up: PublicStanding | None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What one department published of an inspection. A withdrawn part keeps day and reason and loses the rest."""

    code: str
    name_zh: str
    name_en: str
    version: int
    published_at: datetime
    # whether the department first published its part within the deadline
    in_time: bool
    results: tuple[Named, ...]
    items: tuple[ItemFacts, ...]
    has_problem: bool
    outcome: Named | None
    follow_up: PublicStanding | None
    corrected: Named | None
    digest: str
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def published_on(self) -> date:
        """The day of publication in the district."""
        return clock.local(self.published_at).date()


# (item code, state, ending) of every follow-up of one department's part
Followed = Sequence[tuple[str, FollowUpState, FollowUpEnding | None]]


def part_facts(part: PublishedPart, *, in_time: bool, closed: bool = False, followed: Followed = ()) -> PartFacts:
    """Return what is public of one version of a part.

    ``closed`` says that a later version was withdrawn: then nothing of the part is shown, in no version.
    """
    content, gone = json.loads(part.content), part.withdrawal
    department, shown = content["department"], gone is None and not closed
    standings = {item: (state, ending) for item, state, ending in followed}
    return PartFacts(
        code=department["code"],
        name_zh=department["name_zh"],
        name_en=department["name_en"],
        version=part.version_no,
        published_at=part.published_at,
        in_time=in_time,
        results=tuple(_word(one) for one in department["results"]) if shown else (),
        items=tuple(_item(one, standings) for one in department["items"]) if shown else (),
        has_problem=part.has_problem and shown,
        outcome=_word(content["outcome"]) if shown else None,
        follow_up=public_standing(standings.values()) if shown else None,
        corrected=_word(content["corrected"]) if content["corrected"] else None,
        digest=part.digest,
        withdrawn_at=gone.withdrawn_at if gone else None,
        withdrawn_reason=gone.reason if gone else "",
    )


def _item(item: Mapping[str, Any], standings: Mapping[str, tuple[FollowUpState, FollowUpEnding | None]]) -> ItemFacts:
    followed = public_standing([standings[item["code"]]]) if item["code"] in standings else None
    return ItemFacts(
        code=item["code"],
        name_zh=item["name_zh"],
        name_en=item["name_en"],
        legal_basis=item["legal_basis"],
        checked=item["checked"],
        results=tuple(_word(one) for one in item["results"]),
        follow_up=None if followed is PublicStanding.NONE else followed,
    )


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """A published inspection: the parts that departments have released, and the departments still to come."""

    number: str
    entity: str
    unit_id: str
    plan: str
    task: str
    # empty where the inspection was ordered for a cause
    draw: str
    kind: VisitKind
    visited_on: date
    due_on: date | None
    parts: tuple[PartFacts, ...]
    to_come: tuple[Named, ...]

    @property
    def has_problem(self) -> bool:
        """Whether any part in force names a problem."""
        return any(part.has_problem for part in self.parts)

    @property
    def outcome(self) -> Named | None:
        """How the visit went, as the newest part in force tells it."""
        told = [part for part in self.parts if part.outcome]
        return max(told, key=lambda part: part.version).outcome if told else None

    @property
    def published_on(self) -> date:
        """The day on which the newest part was published."""
        return max(part.published_on for part in self.parts)


def result_facts(
    newest: PublishedPart,
    parts: Sequence[PartFacts],
    *,
    to_come: Sequence[Named],
    due_on: date | None,
    kind: VisitKind = VisitKind.RANDOM,
) -> ResultFacts:
    """Return what is public of one inspection; ``newest`` is the part published last."""
    content = json.loads(newest.content)
    return ResultFacts(
        number=newest.number,
        entity=public_name(newest.entity_name),
        unit_id=newest.unit_id,
        plan=content["plan"] or "",
        task=content["task"],
        draw=content["draw"] or "",
        kind=kind,
        visited_on=newest.visited_on,
        due_on=due_on,
        parts=tuple(parts),
        to_come=tuple(to_come),
    )
