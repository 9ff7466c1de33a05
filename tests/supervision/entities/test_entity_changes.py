"""Services of the register: one audit entry each, no telephone numbers in it, races refused; and many rows at once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import list_history, verify_chain
from supervision.entities import services
from supervision.entities.bulk import UpsertCounts, plan_rows, upsert_many
from supervision.entities.models import Entity, RiskClassRecord, Tag
from supervision.entities.queries import (
    find_by_unit,
    find_by_uscc,
    list_changes,
    list_entities,
    list_risk_classes,
    list_tags_of,
)
from supervision.entities.rules import EntityFacts, EntityStatus, RiskClass
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.listing import ListQuery
from supervision.permissions import Actor, Role
from tests.factories import Make, make_uscc

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


def facts(number: int = 1, **changes: object) -> EntityFacts:
    return replace(
        EntityFacts(
            name=f"上海成批{number}号商店",
            uscc=make_uscc(700_000 + number),
            type_code="1100",
            industry_code="H6210",
            sub_district_code="310106013",
            address=f"成批路{number}号",
            contact_phone="021-62001234",
            registered_on=date(2021, 5, 6),
        ),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture
def lead(make: Make) -> Actor:
    make.entity()  # brings the code tables
    return make.actor(Role.LEAD)


def entries(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def test_a_new_entity_is_active_since_its_registration_and_logged_once(session: Session, lead: Actor) -> None:
    before = entries(session)
    entity = services.create_entity(session, facts(), actor=lead)
    assert (entity.status, entity.status_since) == (EntityStatus.ACTIVE, date(2021, 5, 6))
    assert entity.unit_id == entity.uscc
    assert entries(session) == before + 1
    (entry,) = list_history(session, "entity", entity.id)
    assert entry.event is Event.ENTITY_CREATED
    assert "62001234" not in str(entry.details)


def test_an_entity_without_credit_code_is_known_by_its_registration_number(session: Session, lead: Actor) -> None:
    entity = services.create_entity(session, facts(uscc="", registration_number="３１０１０６６00012345"), actor=lead)
    assert entity.uscc is None
    assert entity.unit_id == "REG-310106600012345"


def test_the_unit_id_survives_a_corrected_code(session: Session, lead: Actor) -> None:
    entity = services.create_entity(session, facts(), actor=lead)
    unit = entity.unit_id
    changed = services.correct_entity(
        session, entity, facts(uscc=make_uscc(777)), version=entity.version, reason="错录", actor=lead
    )
    assert changed == {"uscc"}
    assert entity.uscc == make_uscc(777)
    assert entity.unit_id == unit
    with pytest.raises(Conflict) as refused:  # the old code stays another entity's unit id
        services.create_entity(session, facts(2, uscc=unit), actor=lead)
    assert refused.value.code == "uscc-taken"


def test_a_correction_that_changes_nothing_leaves_no_trace(session: Session, lead: Actor) -> None:
    entity = services.create_entity(session, facts(), actor=lead)
    before, version = entries(session), entity.version
    assert not services.correct_entity(session, entity, facts(), version=version, reason="无", actor=lead)
    assert entries(session) == before
    assert entity.version == version


def test_a_confirmed_failing_code_is_not_asked_about_again(session: Session, lead: Actor) -> None:
    pilot = facts(uscc="91350100M0001TGQXM")
    with pytest.raises(Invalid) as refused:
        services.create_entity(session, pilot, actor=lead)
    assert refused.value.code == "uscc-unconfirmed"
    entity = services.create_entity(session, pilot, confirm_code=True, actor=lead)
    moved = replace(pilot, address="新路9号")
    assert services.correct_entity(session, entity, moved, version=entity.version, reason="迁址", actor=lead)
    assert entity.uscc_confirmed


def test_unknown_codes_and_missing_facts_are_refused(session: Session, lead: Actor) -> None:
    for wrong, field in (
        (facts(type_code="zz"), "type_code"),
        (facts(industry_code=None), "industry_code"),
        (facts(sub_district_code=""), "sub_district_code"),
        (facts(registered_on=None), "registered_on"),
        (facts(uscc="", registration_number=""), "uscc"),
    ):
        with pytest.raises(Invalid) as refused:
            services.create_entity(session, wrong, actor=lead)
        assert refused.value.field == field


def test_each_step_refuses_a_stale_version_and_a_missing_reason(session: Session, make: Make) -> None:
    entity, coordinator = make.entity(), make.actor(Role.COORDINATOR)
    session.add(Tag(code="food", name_zh="餐饮"))
    session.flush()
    today = clock.today()

    def steps(version: int, reason: str) -> list[object]:
        kept = {"version": version, "reason": reason, "actor": coordinator}
        return [
            lambda: services.change_status(session, entity, EntityStatus.CLOSED, since=today, **kept),  # type: ignore[arg-type]
            lambda: services.set_tags(session, entity, ["food"], **kept),  # type: ignore[arg-type]
            lambda: services.set_low_touch(session, entity, listed=True, **kept),  # type: ignore[arg-type]
        ]

    before = entries(session)
    for step in steps(entity.version - 1, "理由"):
        with pytest.raises(Conflict):
            step()  # type: ignore[operator]
    for step in steps(entity.version, " "):
        with pytest.raises(Invalid):
            step()  # type: ignore[operator]
    assert entries(session) == before


def test_a_status_that_cannot_follow_is_refused(session: Session, make: Make, lead: Actor) -> None:
    entity = make.entity(status=EntityStatus.DEREGISTERED)
    with pytest.raises(WrongState):
        services.change_status(
            session,
            entity,
            EntityStatus.CLOSED,
            since=clock.today(),
            reason="试",
            version=entity.version,
            actor=lead,
        )


def test_only_the_coordinator_keeps_the_low_touch_list(session: Session, make: Make, lead: Actor) -> None:
    entity = make.entity()
    with pytest.raises(Forbidden):
        services.set_low_touch(session, entity, listed=True, reason="试", version=entity.version, actor=lead)
    coordinator = make.actor(Role.COORDINATOR)
    services.set_low_touch(session, entity, listed=True, reason="试", version=entity.version, actor=coordinator)
    assert entity.low_touch


def test_only_the_coordinator_suspends_an_entry_and_lifts_it(session: Session, make: Make, lead: Actor) -> None:
    entity, coordinator = make.entity(), make.actor(Role.COORDINATOR)

    def change(status: EntityStatus, actor: Actor) -> None:
        services.change_status(
            session, entity, status, since=clock.today(), reason="核查", version=entity.version, actor=actor
        )

    with pytest.raises(Forbidden):
        change(EntityStatus.SUSPENDED, lead)
    change(EntityStatus.SUSPENDED, coordinator)
    for status in (EntityStatus.ACTIVE, EntityStatus.CLOSED):  # by way of "closed" too it would be lifted
        with pytest.raises(Forbidden):
            change(status, lead)
    change(EntityStatus.ACTIVE, coordinator)
    change(EntityStatus.DEREGISTERED, lead)
    assert entity.status is EntityStatus.DEREGISTERED


def test_tags_are_exactly_those_chosen(session: Session, make: Make, lead: Actor) -> None:
    session.add_all([Tag(code="food", name_zh="餐饮"), Tag(code="gym", name_zh="健身")])
    entity = make.entity()
    for codes in (["food", "gym"], ["gym"], ["gym"], []):
        services.set_tags(session, entity, codes, reason="试", version=entity.version, actor=lead)
        assert [tag.code for tag in list_tags_of(session, entity)] == codes
    assert len(list_history(session, "entity", entity.id)) == 3
    with pytest.raises(Invalid):
        services.set_tags(session, entity, ["none"], reason="试", version=entity.version, actor=lead)


def _classify(session: Session, entity: Entity, value: RiskClass, month: date, actor: Actor) -> None:
    services.set_risk_class(session, entity, value, as_of=month, source="分类通报", version=entity.version, actor=actor)


def test_the_newest_month_decides_the_class_and_all_months_stay(session: Session, make: Make, lead: Actor) -> None:
    entity = make.entity(risk_class=None)
    with clock.at(NOW):
        _classify(session, entity, RiskClass.B, date(2026, 2, 17), lead)
        _classify(session, entity, RiskClass.D, date(2026, 1, 5), lead)
        assert entity.risk_class is RiskClass.B
        _classify(session, entity, RiskClass.C, date(2026, 3, 1), lead)
        assert entity.risk_class is RiskClass.C
        with pytest.raises(Invalid):
            _classify(session, entity, RiskClass.A, date(2026, 4, 1), lead)
    history = list_risk_classes(session, lead, entity)
    assert [(one.as_of, one.risk_class.value) for one in history] == [
        (date(2026, 3, 1), "C"),
        (date(2026, 2, 1), "B"),
        (date(2026, 1, 1), "D"),
    ]
    assert len(list_changes(session, lead, entity)) == 3
    inspector = make.actor(Role.INSPECTOR)
    assert list_risk_classes(session, inspector, entity) == []
    assert list_changes(session, inspector, entity) == []


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.HEAD, Role.OVERSIGHT, Role.REVIEWER])
def test_only_leads_and_the_coordinator_record_classes(session: Session, make: Make, role: Role) -> None:
    entity = make.entity()
    with pytest.raises(Forbidden):
        _classify(session, entity, RiskClass.A, date(2026, 1, 1), make.actor(role))


def test_many_rows_are_new_then_same_then_changed(session: Session, lead: Actor) -> None:
    rows = [facts(number) for number in range(25)]
    before = entries(session)
    assert upsert_many(session, iter(rows), chunk=10) == UpsertCounts(new=25)
    assert upsert_many(session, iter(rows), chunk=10) == UpsertCounts(same=25)
    rows[3] = replace(rows[3], name="上海改名商店", address="")
    rows[4] = replace(rows[4], address=None)
    plans = plan_rows(session, rows[:5])
    assert [plan.is_same for plan in plans] == [True, True, True, False, True]
    assert set(plans[3].changes) == {"name", "address"}
    assert upsert_many(session, iter(rows), chunk=10) == UpsertCounts(changed=1, same=24)
    assert entries(session) == before, "the caller writes the one entry of an import"
    entity = find_by_uscc(session, rows[3].uscc or "")
    assert entity is not None
    assert (entity.name, entity.address, entity.contact_phone) == ("上海改名商店", "", "021-62001234")
    assert entity.version == 2
    assert entity.sort_key.startswith("shang hai gai ming")
    names = [row.name for row in list_entities(session, lead, ListQuery(q="改名")).items]
    assert names == ["上海改名商店"]
    assert list_entities(session, lead, ListQuery(q="成批3号")).total == 0
    assert list_entities(session, lead, ListQuery(q="cp14h")).total == 1


def test_a_second_row_about_one_entity_meets_what_the_first_wrote(session: Session, lead: Actor) -> None:
    counts = upsert_many(session, [facts(1), facts(2), facts(1, address="后来路1号")])
    assert counts == UpsertCounts(new=2, changed=1)


def test_an_entity_known_by_number_receives_its_code_and_keeps_its_unit_id(session: Session, lead: Actor) -> None:
    number = "310106600099999"
    upsert_many(session, [facts(1, uscc=None, registration_number=number)])
    assert upsert_many(session, [facts(1, registration_number=number)]) == UpsertCounts(changed=1)
    entity = find_by_unit(session, f"REG-{number}")
    assert entity is not None
    assert entity.uscc == facts(1).uscc


def test_two_codes_of_two_entities_are_a_clash_and_nothing_is_written(session: Session, lead: Actor) -> None:
    number = "310106600099999"
    upsert_many(session, [facts(1), facts(2, uscc=None, registration_number=number)])
    mixed = facts(1, registration_number=number, address="混路1号")
    assert plan_rows(session, [mixed])[0].clash == f"REG-{number}"
    other = facts(3, registration_number=number)
    assert plan_rows(session, [other])[0].clash == ""
    with pytest.raises(Conflict):
        upsert_many(session, [mixed])


def test_a_new_row_without_what_an_entity_needs_names_the_field(session: Session, lead: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        upsert_many(session, [facts(1, industry_code=None)])
    assert refused.value.field == "industry_code"


def test_status_class_and_tags_of_rows_are_taken_once(session: Session, lead: Actor) -> None:
    session.add_all([Tag(code="food", name_zh="餐饮"), Tag(code="gym", name_zh="健身")])
    session.flush()
    with clock.at(NOW):
        row = facts(
            1,
            status=EntityStatus.CLOSED,
            status_since=date(2026, 1, 2),
            risk_class=RiskClass.B,
            risk_as_of=date(2026, 2, 1),
            tags=("food",),
        )
        assert upsert_many(session, [row]) == UpsertCounts(new=1)
        assert upsert_many(session, [row]) == UpsertCounts(same=1)
        march = replace(row, risk_as_of=date(2026, 3, 1), tags=("gym",))
        assert upsert_many(session, [march]) == UpsertCounts(changed=1)
        older = replace(march, risk_class=RiskClass.D, risk_as_of=date(2026, 1, 1))
        assert upsert_many(session, [older]) == UpsertCounts(changed=1)
        assert upsert_many(session, [older, march]) == UpsertCounts(same=2)
    entity = find_by_uscc(session, row.uscc or "")
    assert entity is not None
    assert (entity.status, entity.status_since) == (EntityStatus.CLOSED, date(2026, 1, 2))
    assert entity.risk_class is RiskClass.B
    assert [tag.code for tag in list_tags_of(session, entity)] == ["gym"]
    months = session.scalars(sa.select(RiskClassRecord.as_of).where(RiskClassRecord.entity_id == entity.id)).all()
    assert sorted(months) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def test_the_chain_is_whole_after_all_of_it(session: Session, lead: Actor) -> None:
    entity = services.create_entity(session, facts(), actor=lead)
    services.set_tags(session, entity, [], reason="试", version=entity.version, actor=lead)
    services.change_status(
        session, entity, EntityStatus.CLOSED, since=clock.today(), reason="试", version=entity.version, actor=lead
    )
    assert verify_chain(session)[1] is None
