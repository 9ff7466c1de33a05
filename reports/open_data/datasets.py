"""The open data sets: named fields with their meaning, limits, and rows made from public facts only (T38).

Field names are stable; a change of meaning is a new name. What is not a field here leaves the house nowhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from reports.portal import queries
from reports.portal.facts import DrawFacts, Named, PlanFacts
from reports.portal.result_facts import PartFacts, ResultFacts
from reports.portal.result_queries import iterate_results
from supervision.clock import local
from supervision.labels import N_
from supervision.listing import ListQuery

Value = str | int | bool | None
Row = Mapping[str, Value]
JOIN = ";"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name in the file and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A list that everybody may take home."""

    key: str
    title: str
    about: str
    fields: tuple[Field, ...]
    limits: tuple[str, ...]
    changed_with: str
    rows: Callable[[Session, ListQuery], Iterator[Row]]

    @property
    def names(self) -> tuple[str, ...]:
        """Field names in order."""
        return tuple(field.name for field in self.fields)


def _moment(value: object) -> str | None:
    return local(value).isoformat(timespec="seconds") if value else None  # type: ignore[arg-type]


def _words(words: tuple[Named, ...]) -> str:
    return JOIN.join(one.name_zh for one in words)


def _codes(words: tuple[Named, ...]) -> str:
    return JOIN.join(one.code for one in words)


def _plans(session: Session, query: ListQuery) -> Iterator[Row]:
    return (_plan(one) for one in queries.iterate(queries.list_plans, session, query))


def _plan(one: PlanFacts) -> Row:
    return {
        "number": one.number,
        "version": one.version,
        "title": one.title,
        "kind": one.kind.value,
        "year": one.year,
        "lead": one.lead.code,
        "departments": _codes(one.departments),
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "targeted": one.targeted,
        "planned": one.planned,
        "drawn": one.drawn,
        "visited": one.visited,
        "published": one.published,
        "published_at": _moment(one.published_at),
        "digest": one.digest,
    }


def _draws(session: Session, query: ListQuery) -> Iterator[Row]:
    return (_draw(one) for one in queries.iterate(queries.list_draws, session, query))


def _draw(one: DrawFacts) -> Row:
    return {
        "number": one.number,
        "state": one.state.value,
        "overdue": one.overdue,
        "task": one.task_number,
        "plan": one.plan_number,
        "lead": one.lead.code,
        "registered": one.registered,
        "pool": one.pool,
        "selected": one.selected,
        "confidential": one.confidential,
        "commitment_digest": one.commitment_digest,
        "record_digest": one.record_digest,
        "frozen_at": _moment(one.frozen_at),
        "committed_at": _moment(one.committed_at),
        "drawn_at": _moment(one.drawn_at),
        "opened_at": _moment(one.opened_at),
        "ended_at": _moment(one.ended_at),
        "end_reason": one.end_reason,
        "observer_kinds": JOIN.join(kind for kind, _name in one.observers),
        "observers": JOIN.join(name for _kind, name in one.observers),
    }


def _results(session: Session, query: ListQuery) -> Iterator[Row]:
    for one in iterate_results(session, query):
        for part in one.parts:
            yield _result(one, part)


def _result(one: ResultFacts, part: PartFacts) -> Row:
    shown = part.withdrawn_at is None
    return {
        "number": one.number,
        "version": part.version,
        "entity": one.entity,
        "unit_id": one.unit_id,
        "plan": one.plan,
        "task": one.task,
        "draw": one.draw,
        "kind": one.kind.value,
        "visited_on": one.visited_on.isoformat(),
        "published_at": _moment(part.published_at),
        "department": part.code,
        "department_name": part.name_zh,
        "result_codes": _codes(part.results),
        "results": _words(part.results),
        "outcome": part.outcome.code if part.outcome else "",
        "department_problem": part.has_problem if shown else None,
        "follow_up_state": part.follow_up.value if part.follow_up else "",
        "to_come": JOIN.join(department.code for department in one.to_come),
        "corrected": part.corrected.code if part.corrected else "",
        "withdrawn_at": _moment(part.withdrawn_at),
        "withdrawn_reason": part.withdrawn_reason,
    }


def _items(session: Session, query: ListQuery) -> Iterator[Row]:
    for one in iterate_results(session, query):
        for part in one.parts:
            for item in part.items:
                yield {
                    "number": one.number,
                    "version": part.version,
                    "unit_id": one.unit_id,
                    "visited_on": one.visited_on.isoformat(),
                    "department": part.code,
                    "item": item.code,
                    "item_name": item.name_zh,
                    "legal_basis": item.legal_basis,
                    "checked": item.checked,
                    "result_codes": _codes(item.results),
                    "results": _words(item.results),
                }


PLANS = Dataset(
    "plans",
    N_("Published plans"),
    N_("One row for each plan in the version in force."),
    (
        Field("number", N_("Number of the plan: region, year, serial number")),
        Field("version", N_("Version in force; a change is a new version")),
        Field("title", N_("Title")),
        Field("kind", N_("department: of one department; joint: of several")),
        Field("year", N_("Year")),
        Field("lead", N_("Code of the lead department")),
        Field("departments", N_("Codes of all departments taking part")),
        Field("starts_on", N_("First day")),
        Field("ends_on", N_("Last day")),
        Field("targeted", N_("Whether conditions limit the pool")),
        Field("planned", N_("Visits planned on the day of approval")),
        Field("drawn", N_("Entities drawn so far")),
        Field("visited", N_("Visits made so far")),
        Field("published", N_("Results published so far")),
        Field("published_at", N_("When this version was published")),
        Field("digest", N_("SHA-256 of the published document; every draw commits to it")),
    ),
    (
        N_("Counts of a joint plan are those of its visits, not the sum over its departments."),
        N_("Limits by risk class are not published; only that there is one."),
    ),
    "plans",
    _plans,
)
DRAWS = Dataset(
    "draws",
    N_("Draws"),
    N_("One row for each draw, void and abandoned ones too."),
    (
        Field("number", N_("Number of the draw: region, year, serial number without gaps")),
        Field("state", N_("frozen, committed, drawn (sealed), opened, void or abandoned")),
        Field("overdue", N_("Still sealed although its window has ended")),
        Field("task", N_("Number of the task")),
        Field("plan", N_("Number of the plan")),
        Field("lead", N_("Code of the lead department")),
        Field("registered", N_("Entities in the register when the pool was frozen")),
        Field("pool", N_("Entities in the pool")),
        Field("selected", N_("Entities to be drawn, or drawn")),
        Field("confidential", N_("Whether the parts of the pool are withheld")),
        Field("commitment_digest", N_("Digest of the commitment, public before the draw")),
        Field("record_digest", N_("Digest of the record")),
        Field("frozen_at", N_("When the pool was frozen")),
        Field("committed_at", N_("When the draw was committed")),
        Field("drawn_at", N_("When it was drawn")),
        Field("opened_at", N_("When its bundle was opened")),
        Field("ended_at", N_("When it was declared void or abandoned")),
        Field("end_reason", N_("Code of the reason for that")),
        Field("observer_kinds", N_("Kinds of the witnesses from outside who took part")),
        Field("observers", N_("Their names as the public may know them, in the same order")),
    ),
    (
        N_("Who was drawn is not in this list; it stands in the bundle of the opened draw."),
        N_("A digest proves that nothing was changed, not that the register was right."),
    ),
    "draws",
    _draws,
)
RESULTS = Dataset(
    "results",
    N_("Published inspections"),
    N_("One row for each part that a department has published of an inspection, newest version."),
    (
        Field("number", N_("Number of the inspection")),
        Field("version", N_("Version of the department's part; a correction is a new version")),
        Field("entity", N_("Name of the inspected entity on the day of publication")),
        Field("unit_id", N_("Its credit code or registration id")),
        Field("plan", N_("Number of the plan")),
        Field("task", N_("Number of the task")),
        Field("draw", N_("Number of the draw")),
        Field("kind", N_("random, triggered, reinspection or second_look; only the first was drawn")),
        Field("visited_on", N_("Day of the visit")),
        Field("published_at", N_("When the department published this version of its part")),
        Field("department", N_("Code of the department")),
        Field("department_name", N_("Name of the department")),
        Field("result_codes", N_("Codes of its overall results")),
        Field("results", N_("Official wording of those results, in Chinese")),
        Field("outcome", N_("Code of the outcome of the visit itself")),
        Field("department_problem", N_("Whether this department named a problem; empty when withdrawn")),
        Field("follow_up_state", N_("none, open, corrected, handed_over or settled: how the follow-up stands today")),
        Field("to_come", N_("Codes of departments that took part and whose part is still to come")),
        Field("corrected", N_("Code of the reason for a correction")),
        Field("withdrawn_at", N_("When it was withdrawn; its results are then empty")),
        Field("withdrawn_reason", N_("Why it was withdrawn")),
    ),
    (
        N_("A result speaks of the day of the visit and of the items checked, of nothing else."),
        N_("Each department publishes its own part; parts still to come are named and have no row yet."),
        N_("“Not found to carry on the business” is no problem of the entity."),
        N_("Drawn entities are no sample of all problems: some plans draw where risks are higher."),
    ),
    "results",
    _results,
)
ITEMS = Dataset(
    "result_items",
    N_("Published inspections by item"),
    N_("One row for each item of each published inspection that was not withdrawn."),
    (
        Field("number", N_("Number of the inspection")),
        Field("version", N_("Version; a correction is a new version")),
        Field("unit_id", N_("Its credit code or registration id")),
        Field("visited_on", N_("Day of the visit")),
        Field("department", N_("Code of the department")),
        Field("item", N_("Code of the item")),
        Field("item_name", N_("Name of the item, in Chinese")),
        Field("legal_basis", N_("Legal basis of the item, in Chinese")),
        Field("checked", N_("Whether the item was checked")),
        Field("result_codes", N_("Codes of its results")),
        Field("results", N_("Official wording of those results, in Chinese")),
    ),
    (N_("An item that was not checked has no result."),),
    "results",
    _items,
)
DATASETS: Mapping[str, Dataset] = {one.key: one for one in (PLANS, DRAWS, RESULTS, ITEMS)}
