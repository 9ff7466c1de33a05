"""The register of entities as files bring it: columns, what a row means, how it is taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast  # code tables of any type

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.entities.bulk import NEEDED, plan_rows, upsert_many
from supervision.entities.import_columns import COLUMNS
from supervision.entities.models import Entity, EntityType, Industry, SubDistrict, Tag
from supervision.entities.names import name_skeleton
from supervision.entities.rules import (
    ONLY_COORDINATOR,
    PHONE,
    EntityFacts,
    EntityStatus,
    RiskClass,
    UsccProblem,
    check_uscc,
)
from supervision.intake import complaints
from supervision.intake.columns import Choice, Parser, Several
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Values
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.permissions import Actor, Permission

USCC_LETTER = declare(
    "uscc-letters",
    N_("A credit code never contains %(letters)s."),
    N_("Compare with the licence: 1, 0, 5, U or 2 may be meant."),
)
USCC_CHECK = declare(
    "uscc-check",
    N_("The check character does not fit: by GB 32100 it would be %(expected)s."),
    N_("Compare with the licence. Some early pilot codes are lawful all the same: then confirm the warning."),
    warning=True,
)
NO_CODE = declare(
    "entity-no-code",
    N_("Neither a credit code nor a registration number is filled in."),
    N_("Fill in one of the two; without it an entity cannot be told apart."),
)
NEEDED_FOR_NEW = declare(
    "needed-for-new",
    N_("This entity is not in the register yet, and a new one needs this value."),
    N_("Fill in this cell, or correct the code if the entity should be known."),
)
CODES_OF_TWO = declare(
    "codes-of-two",
    N_("The codes of this row belong to another entity in the register (%(unit)s)."),
    N_("Compare both codes with the licence and correct the one that is wrong."),
)
LOOK_ALIKE = declare(
    "look-alike-name",
    N_("Another entity has the same or a confusable name: %(name)s (%(unit)s)."),
    N_("Make sure that it is another one, not the same under two codes; then confirm the warning."),
    warning=True,
)
SUSPENSION = declare(
    "suspension-coordinator",
    ONLY_COORDINATOR,
    N_("Take the row out, or leave its status empty; tell the coordinator why the entry should change."),
)
FUTURE = declare("day-in-future", N_("The day lies in the future."), N_("Correct the date."))
BAD_PHONE = declare("bad-phone", N_("Not a telephone number."), N_("Use 5 to 30 digits, blanks or hyphens."))


class EntityImport:
    """One import of entities."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.may_suspend = actor.may(Permission.ENTITY_WITHHOLD)
        self.parsers: dict[str, Parser] = {
            "type_code": _table_choice(session, EntityType),
            "industry_code": _industry_choice(session),
            "sub_district_code": _table_choice(session, SubDistrict, endings=("街道", "镇")),
            "tags": Several(_table_choice(session, Tag)),
        }
        self.today = clock.today()
        # names new in this file, by skeleton, to ask about two that look alike
        self.new_names: dict[str, tuple[str, str]] = {}

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """Both codes must be unique in a file."""
        return [(key, str(values[key])) for key in ("uscc", "registration_number") if values.get(key)]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Check the credit code and the dates."""
        if not (values.get("uscc") or values.get("registration_number")):
            yield Wrong(NO_CODE)
        if values.get("uscc"):
            yield from _uscc_wrongs(str(values["uscc"]))
        if values.get("contact_phone") and not PHONE.fullmatch(str(values["contact_phone"])):
            yield Wrong(BAD_PHONE, "contact_phone")
        if "?" in str(values["name"]) or "？" in str(values["name"]):
            yield Wrong(complaints.QUESTION_MARK, "name")
        for key in ("registered_on", "status_since", "risk_as_of"):
            if values.get(key) and str(values[key]) > self.today.isoformat():
                yield Wrong(FUTURE, key)

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say which rows are new, changed or the same."""
        incomplete = self._incomplete(session, rows)
        plans = iter(plan_rows(session, [_facts(row) for place, row in enumerate(rows) if place not in incomplete]))
        findings = []
        for place in range(len(rows)):
            if place in incomplete:
                findings.append(Finding(Verdict.WRONG, [Wrong(NEEDED_FOR_NEW, key) for key in incomplete[place]]))
                continue
            plan = next(plans)
            if plan.clash:
                findings.append(Finding(Verdict.WRONG, [Wrong(CODES_OF_TWO, unit=plan.clash)]))
            elif plan.touches_suspension and not self.may_suspend:
                findings.append(Finding(Verdict.WRONG, [Wrong(SUSPENSION, "status")]))
            elif plan.entity_id is None:
                findings.append(Finding(Verdict.NEW))
            else:
                findings.append(Finding(Verdict.SAME if plan.is_same else Verdict.CHANGED))
        self._warn_look_alikes(session, rows, findings)
        return findings

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take new and changed rows."""
        counts = upsert_many(session, [_facts(row) for row in rows])
        return {Verdict.NEW: counts.new, Verdict.CHANGED: counts.changed, Verdict.SAME: counts.same}

    def _incomplete(self, session: Session, rows: Sequence[Values]) -> dict[int, list[str]]:
        """Return, by place, what is missing in rows about entities that the register does not know."""
        lacking = {
            place: [key for key in NEEDED if not row.get(key)]
            for place, row in enumerate(rows)
            if not all(row.get(key) for key in NEEDED)
        }
        known = _known_codes(session, [rows[place] for place in lacking])
        return {
            place: keys
            for place, keys in lacking.items()
            if not known & {rows[place].get("uscc"), f"REG {rows[place].get('registration_number')}"}
        }

    def _warn_look_alikes(self, session: Session, rows: Sequence[Values], findings: list[Finding]) -> None:
        """Ask about new names that are another's or look like it: never merged, never taken silently (G-CONF)."""
        new = [place for place, finding in enumerate(findings) if finding.verdict is Verdict.NEW]
        skeletons = {place: name_skeleton(str(rows[place]["name"])) for place in new}
        statement = sa.select(Entity.skeleton, Entity.name, Entity.unit_id)
        wanted = sorted(set(skeletons.values()) - {""})
        found = {row.skeleton: (row.name, row.unit_id) for row in session.execute(
            statement.where(Entity.skeleton.in_(wanted))
        )}  # fmt: skip
        for place, skeleton in skeletons.items():
            row = rows[place]
            own = (str(row["name"]), str(row.get("uscc") or row.get("registration_number")))
            other = found.get(skeleton) or self.new_names.setdefault(skeleton, own)
            if other != own:
                findings[place].wrongs.append(Wrong(LOOK_ALIKE, "name", name=other[0], unit=other[1]))


def _uscc_wrongs(code: str) -> Iterable[Wrong]:
    check = check_uscc(code)
    parameters = {name: str(value) for name, value in check.parameters}
    if check.problem is UsccProblem.LETTER:
        yield Wrong(USCC_LETTER, "uscc", **parameters)
    elif check.problem is UsccProblem.CHECK:
        yield Wrong(USCC_CHECK, "uscc", **parameters)


def _known_codes(session: Session, rows: Sequence[Values]) -> set[object]:
    """Return the credit codes, and the registration numbers after REG, that the register knows of these rows."""
    known: set[object] = set()
    for column, key, prefix in ((Entity.uscc, "uscc", ""), (Entity.registration_number, "registration_number", "REG ")):
        wanted = [str(row[key]) for row in rows if row.get(key)]
        if wanted:
            known |= {f"{prefix}{code}" for code in session.scalars(sa.select(column).where(column.in_(wanted)))}
    return known


TEXTS = ("address", "legal_representative", "contact_phone", "business_scope")
CODES = ("uscc", "registration_number", "type_code", "industry_code", "sub_district_code")
DAYS = ("registered_on", "status_since", "risk_as_of")


def _facts(values: Values) -> EntityFacts:
    """Return a checked row as facts; a column that is not in the file leaves what is recorded."""
    facts: dict[str, Any] = {key: values[key] or "" for key in TEXTS if key in values}
    facts |= {key: values.get(key) for key in CODES}
    facts |= {key: _day(values.get(key)) for key in DAYS}
    status, risk, uscc = values.get("status"), values.get("risk_class"), values.get("uscc")
    return EntityFacts(
        name=str(values["name"]),
        status=EntityStatus(str(status)) if status else None,
        risk_class=RiskClass(str(risk)) if risk else None,
        tags=tuple(cast("list[str]", values["tags"] or [])) if "tags" in values else None,
        # a failing check character comes this far only when somebody has confirmed it
        uscc_confirmed=bool(uscc and check_uscc(str(uscc)).problem),
        **facts,
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _table_choice(session: Session, table: type[Any], *, endings: tuple[str, ...] = ()) -> Choice:
    options: dict[str, list[str]] = {}
    for row in session.scalars(sa.select(table).order_by(table.code)):
        short = [row.name_zh.removesuffix(ending) for ending in endings if row.name_zh.endswith(ending)]
        options[row.code] = [row.name_zh, *([row.name_en] if row.name_en else []), *short]
    return Choice(options)


def _industry_choice(session: Session) -> Choice:
    """Accept H6210, 6210 and the name; a name that two levels share means the finer one."""
    options: dict[str, list[str]] = {}
    for row in session.scalars(sa.select(Industry).order_by(Industry.level, Industry.code)):
        bare = [row.code[1:]] if row.level > 1 else []
        options[row.code] = [row.name_zh, *([row.name_en] if row.name_en else []), *bare]
    return Choice(options)


def _open(session: Session, actor: Actor) -> EntityImport:
    return EntityImport(session, actor)


KIND = Kind(
    code="entities",
    label=N_("Inspected entities"),
    permission=Permission.ENTITY_EDIT,
    columns=COLUMNS,
    open=_open,
    endpoint="entities.index",
    any_of=(("uscc", "registration_number"),),
    order=10,
)
