"""What the register said on a past day, whoever changed it since, and what files changed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.entities import services
from supervision.entities.bulk import upsert_many
from supervision.entities.import_columns import STATUS_WORDS
from supervision.entities.models import Entity, EntityVersion, Tag
from supervision.entities.queries import list_changes
from supervision.entities.rules import EntityFacts, EntityStatus, RiskClass
from supervision.entities.versions import as_known, list_file_changes
from supervision.permissions import Actor, Role
from tests.factories import Make
from tests.pages import Browser

FIRST = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
FIRST_DAY = FIRST.date()


def correct(session: Session, entity: Entity, actor: Actor, **changes: Any) -> None:
    """Correct by hand."""
    facts = EntityFacts(**{"name": entity.name, **changes})
    services.correct_entity(session, entity, facts, version=entity.version, reason="核对", actor=actor)


@pytest.fixture
def lead(make: Make) -> Actor:
    """Somebody who keeps the register."""
    return make.actor(Role.LEAD, department=make.department())


@pytest.fixture
def entity(make: Make) -> Entity:
    """An entity that came into the register on the first day, with one tag."""
    make.session.add_all([Tag(code="chain", name_zh="连锁"), Tag(code="school", name_zh="校园")])
    with clock.at(FIRST):
        return make.entity(name="上海旧名餐饮有限公司", address="旧路1号")


def test_an_entry_is_shown_as_it_was_known_at_the_end_of_each_day(
    session: Session, entity: Entity, lead: Actor
) -> None:
    with clock.at(FIRST + timedelta(days=1)):
        correct(session, entity, lead, address="新路2号")
        services.set_tags(session, entity, ["chain"], reason="连锁", version=entity.version, actor=lead)
    with clock.at(FIRST + timedelta(days=2)):
        upsert_many(session, [EntityFacts(name="上海新名餐饮有限公司", uscc=entity.uscc, tags=("school",))])
    with clock.at(FIRST + timedelta(days=3)):
        services.change_status(
            session, entity, EntityStatus.CLOSED, since=FIRST_DAY, reason="停业", version=entity.version, actor=lead
        )
    seen = []
    for days in range(-1, 5):
        known = as_known(session, lead, entity, on=FIRST_DAY + timedelta(days=days))
        seen.append(
            known and (known.facts.name[2:4], known.facts.address, [tag.code for tag in known.tags], known.facts.status)
        )
    assert seen == [
        None,
        ("旧名", "旧路1号", [], EntityStatus.ACTIVE),
        ("旧名", "新路2号", ["chain"], EntityStatus.ACTIVE),
        ("新名", "新路2号", ["school"], EntityStatus.ACTIVE),
        ("新名", "新路2号", ["school"], EntityStatus.CLOSED),
        ("新名", "新路2号", ["school"], EntityStatus.CLOSED),
    ]


def test_the_class_known_on_a_day_is_told_only_to_those_who_may_know_classes(
    session: Session, make: Make, entity: Entity, lead: Actor
) -> None:
    with clock.at(FIRST + timedelta(days=1)):
        services.set_risk_class(
            session, entity, RiskClass.D, as_of=FIRST_DAY, source="月度", version=entity.version, actor=lead
        )
    before, after = (as_known(session, lead, entity, on=FIRST_DAY + timedelta(days=days)) for days in (0, 1))
    inspector = as_known(session, make.actor(Role.INSPECTOR), entity, on=FIRST_DAY + timedelta(days=1))
    assert before
    assert after
    assert inspector
    assert (before.risk_class, after.risk_class, inspector.risk_class) == (None, RiskClass.D, None)


def test_what_a_file_changed_is_told_apart_from_steps_by_hand(session: Session, entity: Entity, lead: Actor) -> None:
    with clock.at(FIRST + timedelta(days=1)):
        correct(session, entity, lead, address="手工路")
    with clock.at(FIRST + timedelta(days=2)):
        upsert_many(session, [EntityFacts(name=entity.name, uscc=entity.uscc, address="文件路")])
    found = list_file_changes(session, entity, list_changes(session, lead, entity))
    assert [one.fields for one in found] == [(("address", "手工路", "文件路"),)]


def test_a_change_of_the_telephone_number_alone_leaves_no_version(
    session: Session, entity: Entity, lead: Actor
) -> None:
    correct(session, entity, lead, contact_phone="021-55667788")
    assert session.scalar(sa.select(sa.func.count()).select_from(EntityVersion)) == 0


def test_versions_are_never_changed(session: Session, entity: Entity, lead: Actor) -> None:
    correct(session, entity, lead, address="新路")
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(sa.update(EntityVersion).values(name="假"))


def test_a_file_that_calls_it_active_does_not_lift_a_suspension(session: Session, make: Make, entity: Entity) -> None:
    services.change_status(
        session,
        entity,
        EntityStatus.SUSPENDED,
        since=clock.today(),
        reason="核查",
        version=entity.version,
        actor=make.actor(Role.COORDINATOR),
    )
    row = EntityFacts(name=entity.name, uscc=entity.uscc, status=EntityStatus.ACTIVE, status_since=date(2020, 1, 1))
    assert upsert_many(session, [row]).same == 1
    session.refresh(entity)
    assert (entity.status, entity.status_since) == (EntityStatus.SUSPENDED, clock.today())
    gone = EntityFacts(name=entity.name, uscc=entity.uscc, status=EntityStatus.DEREGISTERED)
    assert upsert_many(session, [gone]).changed == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_past_day(
    browse: Browser, session: Session, make: Make, entity: Entity, lead: Actor, language: str
) -> None:
    with clock.at(FIRST + timedelta(days=1)):
        correct(session, entity, lead, address="新路2号")
    for role, knows in ((Role.LEAD, True), (Role.INSPECTOR, False)):
        visitor = browse(make.user(role, department=make.department()), language=language)
        page = visitor.get(f"/entities/{entity.id}/known-on?day=2026-03-02").text
        assert "旧路1号" in page
        assert "新路2号" in page
        assert ("Risk class" in page or "信用风险分类" in page) is knows
        visitor.get(f"/entities/{entity.id}/known-on?day=2026-03-01")
        for day in ("", "2026-02-30", "9999-12-31", "0001-01-01", "abc", "%00"):
            visitor.get(f"/entities/{entity.id}/known-on?day={day}")
        visitor.get("/entities/999999/known-on", status=404)
        assert f"/entities/{entity.id}/known-on" in visitor.get(f"/entities/{entity.id}").text
    browse(make.user(Role.SYSTEM_ADMIN)).get(f"/entities/{entity.id}/known-on", status=403)


def test_the_page_of_an_entry_tells_what_a_file_changed(
    browse: Browser, session: Session, make: Make, entity: Entity
) -> None:
    upsert_many(session, [EntityFacts(name=entity.name, uscc=entity.uscc, address="文件路9号")])
    page = browse(make.user(Role.COORDINATOR)).get(f"/entities/{entity.id}").text
    assert "Changed by imported files" in page
    assert "<del>旧路1号</del> → 文件路9号" in page


def test_every_status_that_a_download_names_is_read_back() -> None:
    assert set(STATUS_WORDS) == set(EntityStatus)
