"""The pages of a draft: for each step its form filled from the version, and how the form is saved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any  # form data

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from supervision import clock
from supervision.beacons.queries import find_rule, list_usable
from supervision.departments.models import Department
from supervision.entities.models import Tag
from supervision.entities.rules import RiskClass
from supervision.items.queries import get_published_list, list_items, list_joint_items
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor
from supervision.plans import drafting
from supervision.plans.allocations import ALL, count_allocation, numbers_drawn, rate_allocation, total_allocation
from supervision.plans.deadlines import LATE_GROUNDS
from supervision.plans.forms import (
    PART,
    PER_TEAM,
    DivisionForm,
    DraftForm,
    ItemsForm,
    PeriodForm,
    ScopeForm,
    TeamsForm,
    counts_form,
    rates_form,
    teams_form,
    total_form,
)
from supervision.plans.models import PlanVersion
from supervision.plans.options import scope_options
from supervision.plans.pools import build_pool
from supervision.plans.preview import Part, parts_of
from supervision.plans.rules import AllocationKind, DraftStep, PlanKind, Scope, Stratification, TeamMode
from supervision.web.forms import choices, text
from supervision.web.languages import name_of

# the choice beside the rules: no public value
REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One step: how its form is made and how it is saved."""

    make: Callable[[Session, PlanVersion], Any]
    save: Callable[[Session, PlanVersion, Any, Actor], None]


def labeled(members: Iterable[Any]) -> Any:
    """Return the members of a labeled enumeration as choices."""
    return choices([(one.value, _(one.label)) for one in members])


def items_form(session: Session, department: Department, version: PlanVersion | None = None) -> ItemsForm:
    """Return the form of the first step, for a new plan or a draft."""
    published = get_published_list(session)
    led = [one for one in list_joint_items(session, published.id) if one.lead_department_id == department.id]
    own = list_items(session, published.id, department_id=department.id)
    values: dict[str, Any] = {"kind": PlanKind.JOINT if led else PlanKind.DEPARTMENT}
    if version is not None:
        values = {
            "kind": version.plan.kind,
            "joint_item": version.joint_item.code if version.joint_item else "",
            "items": [row.item.code for row in version.items],
        }
    form = ItemsForm(revision=str(version.revision) if version else "", **values)
    form.kind.choices = labeled(PlanKind if version is None else [version.plan.kind])
    form.joint_item.choices = choices(
        [(one.code, f"{one.code} {name_of(one)}") for one in led], empty=_("— choose —") if led else _("— none —")
    )
    form.items.choices = choices([(one.code, f"{one.code} {name_of(one)}") for one in own])
    return form


def chosen_items(form: ItemsForm) -> dict[str, Any]:
    """Return what was chosen, as the services want it."""
    if form.kind.data == PlanKind.JOINT:
        return {"joint_item_code": text(form.joint_item) or "?", "item_codes": ()}
    return {"joint_item_code": "", "item_codes": tuple(form.items.data or ())}


def _items(session: Session, version: PlanVersion) -> ItemsForm:
    return items_form(session, version.plan.lead_department, version)


def _save_items(session: Session, version: PlanVersion, form: ItemsForm, actor: Actor) -> None:
    drafting.set_items(session, version, **chosen_items(form), actor=actor)


def _period(session: Session, version: PlanVersion) -> PeriodForm:
    form = PeriodForm(obj=version)
    grounds = [(one.code, name_of(one)) for one in list_reasons(session, LATE_GROUNDS)]
    form.late_ground.choices = choices(grounds, empty=_("— not late —"))
    return form


def _save_period(session: Session, version: PlanVersion, form: PeriodForm, actor: Actor) -> None:
    drafting.set_period(
        session,
        version,
        title=text(form.title),
        description=text(form.description),
        starts_on=form.starts_on.data or version.starts_on,
        ends_on=form.ends_on.data or version.ends_on,
        late=(form.late_ground.data or "", text(form.late_note)),
        actor=actor,
    )


def _scope(session: Session, version: PlanVersion) -> ScopeForm:
    scope, options = version.scope_of, scope_options(session, version)
    values = {name: list(getattr(scope, name)) for name in Scope.__slots__} | {"tags": list(scope.all_tags)}
    form = ScopeForm(revision=str(version.revision), targeted="yes" if scope.targeted else "no", **values)
    form.targeted.choices = choices([("no", _("Untargeted")), ("yes", _("Targeted"))])
    for field, rows in (
        (form.types, options.types),
        (form.industries, options.industries),
        (form.sub_districts, options.sub_districts),
    ):
        field.choices = choices([(row.code, f"{name_of(row)} ({row.code})") for row in rows])
    form.tags.choices = choices([(row.code, _tag_name(row)) for row in options.tags])
    form.permit_names.choices = choices([(name, name) for name in options.permit_names])
    form.risk_classes.choices = labeled(RiskClass)
    return form


def _tag_name(tag: Tag) -> str:
    return f"{name_of(tag)} ({tag.code})" if tag.public else f"{name_of(tag)} ({tag.code}, {_('internal')})"


def _save_scope(session: Session, version: PlanVersion, form: ScopeForm, actor: Actor) -> None:
    names = [name for name in Scope.__slots__ if name in form]
    values = {name: tuple(form[name].data or ()) for name in names}
    drafting.set_scope(session, version, Scope(**values), actor=actor)


def _division(session: Session, version: PlanVersion) -> DivisionForm:  # noqa: ARG001 - all pages are made alike
    form = DivisionForm(
        revision=str(version.revision),
        by=version.stratification.value,
        kind=version.allocation["kind"],
        class_rate_replaces=version.class_rate_replaces,
    )
    form.by.choices = labeled(Stratification)
    form.kind.choices = labeled(AllocationKind)
    return form


def _save_division(session: Session, version: PlanVersion, form: DivisionForm, actor: Actor) -> None:
    drafting.set_division(
        session,
        version,
        by=Stratification(form.by.data),
        kind=AllocationKind(form.kind.data),
        class_rate_replaces=form.class_rate_replaces.data,
        actor=actor,
    )


def parts_now(session: Session, version: PlanVersion) -> list[Part]:
    """Return the parts the pool has today and those the plan already names, with what would be drawn."""
    sizes = build_pool(session, version, on=clock.today()).strata
    named = version.allocation.get("strata", version.allocation.get("weights", {}))
    sizes = {**dict.fromkeys(named, 0), **sizes}
    return parts_of(session, version, sizes, numbers_drawn(version.allocation, sizes))


def part_name(part: Part) -> str:
    """Return the name of a part of the pool in this request's language."""
    return f"{name_of(part.named)} ({part.code})" if part.named is not None else _(part.label)


def _numbers(session: Session, version: PlanVersion) -> DraftForm:
    allocation = version.allocation
    if version.stratification is Stratification.NONE:
        return _one_number(version)
    parts = parts_now(session, version)
    labels = [(part.code, part_name(part)) for part in parts]
    make = {"rate": rates_form, "count": counts_form, "total": total_form}[allocation["kind"]]
    otherwise = allocation["total"] if allocation["kind"] == "total" else _shown(allocation["otherwise"])
    shown = {PART + part.code: _shown(_rule_of(allocation, part.code)) for part in parts}
    return make(labels)(revision=str(version.revision), otherwise=otherwise, **shown)


def _one_number(version: PlanVersion) -> DraftForm:
    """Return the form of a pool that is not divided: it has no other parts, now or later."""
    allocation = version.allocation
    if allocation["kind"] == AllocationKind.TOTAL:
        return total_form([])(revision=str(version.revision), otherwise=allocation["total"])
    make = {"rate": rates_form, "count": counts_form}[allocation["kind"]]
    label = _("Percent of the pool to be drawn") if allocation["kind"] == "rate" else _("Number to be drawn")
    return make([], label=label)(revision=str(version.revision), otherwise=_shown(_rule_of(allocation, ALL)))


def _rule_of(allocation: dict[str, Any], part: str) -> dict[str, int]:
    if allocation["kind"] == AllocationKind.TOTAL:
        return {"count": allocation["weights"].get(part, 1)}
    rule: dict[str, int] = allocation["strata"].get(part, allocation["otherwise"])
    return rule


def _shown(rule: dict[str, int]) -> Decimal | int:
    return Decimal(rule["rate_bp"]) / 100 if "rate_bp" in rule else rule["count"]


def _save_numbers(session: Session, version: PlanVersion, form: DraftForm, actor: Actor) -> None:
    values = {field.name[len(PART) :]: field.data for field in form if field.name.startswith(PART)}
    otherwise = form["otherwise"].data
    kind = version.allocation["kind"]
    if version.stratification is Stratification.NONE:
        values = {ALL: otherwise}
    if kind == AllocationKind.RATE:
        rates = {part: int(share * 100) for part, share in values.items()}
        allocation = rate_allocation(rates, otherwise=int(otherwise * 100))
    elif kind == AllocationKind.COUNT:
        allocation = count_allocation(values, otherwise=otherwise)
    else:
        weights = {} if version.stratification is Stratification.NONE else values
        allocation = total_allocation(otherwise, {part: weight for part, weight in weights.items() if weight != 1})
    drafting.set_allocation(session, version, allocation, actor=actor)


def _beacons(session: Session, version: PlanVersion) -> tuple[str, list[tuple[str, object]]]:
    """Return which rule the version has, by its code, and the rules that can be chosen; the text of each is public."""
    chosen = find_rule(session, version.beacon_rule)
    rows = [(row.code, name_of(row)) for row in list_usable(session, on=clock.today())]
    return chosen.code if chosen else REVEAL, [(REVEAL, _("No public value: the parties reveal their secrets")), *rows]


def _teams(session: Session, version: PlanVersion) -> TeamsForm:
    departments = [(row.department.code, name_of(row.department)) for row in version.participants]
    per_team = {PER_TEAM + row.department.code: row.per_team for row in version.participants}
    beacon, beacons = _beacons(session, version)
    form = teams_form(departments)(
        revision=str(version.revision),
        mode=version.team_mode.value,
        group_count=version.group_count,
        group_capacity=version.group_capacity,
        visit_cap=version.visit_cap,
        reserve=version.reserve,
        publish_list_before=version.publish_list_before,
        beacon=beacon,
        **per_team,
    )
    form.mode.choices = labeled(TeamMode)
    form.beacon.choices = choices(beacons)
    return form


def _save_teams(session: Session, version: PlanVersion, form: TeamsForm, actor: Actor) -> None:
    drafting.set_teams(
        session,
        version,
        mode=TeamMode(form.mode.data),
        groups=(form.group_count.data, form.group_capacity.data),
        per_team={one.name[len(PER_TEAM) :]: one.data for one in form if one.name.startswith(PER_TEAM)},
        visit_cap=form.visit_cap.data or version.visit_cap,
        reserve=form.reserve.data or 0,
        publish_list_before=form.publish_list_before.data,
        beacon=None if not form.beacon.data else text(form.beacon).removeprefix(REVEAL),
        actor=actor,
    )


def _check(session: Session, version: PlanVersion) -> DraftForm:  # noqa: ARG001 - all pages are made alike
    return DraftForm(revision=str(version.revision))


def _nothing(session: Session, version: PlanVersion, form: DraftForm, actor: Actor) -> None:
    """The last page saves nothing; its button sends the plan."""


PAGES = {
    DraftStep.ITEMS: DraftPage(_items, _save_items),
    DraftStep.PERIOD: DraftPage(_period, _save_period),
    DraftStep.SCOPE: DraftPage(_scope, _save_scope),
    DraftStep.DIVISION: DraftPage(_division, _save_division),
    DraftStep.NUMBERS: DraftPage(_numbers, _save_numbers),
    DraftStep.TEAMS: DraftPage(_teams, _save_teams),
    DraftStep.CHECK: DraftPage(_check, _nothing),
}
