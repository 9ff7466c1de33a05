"""Two entries of one enterprise: found by four signs, decided by the coordinator, never merged."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.entities import duplicate_services, duplicates
from supervision.entities.duplicates import Pair, find_pairs, get_pair, list_decisions
from supervision.entities.models import Entity
from supervision.entities.rules import DuplicateSign, DuplicateVerdict, EntityStatus
from supervision.errors import Conflict, Forbidden, Invalid, NotFound
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from tests.pages import Browser


@pytest.fixture
def pair(make: Make, session: Session) -> Pair:
    """Two entries whose names differ only in what the eye does not see."""
    make.entity(name="上海同名（静安）餐饮有限公司", legal_representative="甲")
    make.entity(name="上海同名(静安)餐饮有限公司", legal_representative="乙")
    return find_pairs(session)[0]


def test_each_sign_finds_its_pair_and_nothing_else(session: Session, make: Make) -> None:
    code = make_uscc(77001)
    other = code[:2] + "310115" + code[8:17]
    organization = (
        make.entity(name="甲一", uscc=code),
        make.entity(name="甲二", uscc=other + "0", uscc_confirmed=True),
    )
    number = (
        make.entity(name="乙一", uscc=None, registration_number="310106-600123"),
        make.entity(name="乙二", uscc=None, registration_number="310106600123"),
    )
    name = (make.entity(name="丙（上海）有限公司"), make.entity(name="丙(上海)有限公司"))
    place = (
        make.entity(name="丁一", address="同路1号", legal_representative="丁某"),
        make.entity(name="丁二", address="同路1号", legal_representative="丁某"),
        make.entity(name="丁三", address="同路1号", legal_representative="别人"),
    )
    gone = make.entity(name="丙 (上海) 有限公司", status=EntityStatus.DEREGISTERED)
    found = {(one.first.id, one.second.id): one.signs for one in find_pairs(session)}
    assert found == {
        (organization[0].id, organization[1].id): [DuplicateSign.ORGANIZATION],
        (number[0].id, number[1].id): [DuplicateSign.NUMBER],
        (name[0].id, name[1].id): [DuplicateSign.NAME],
        (place[0].id, place[1].id): [DuplicateSign.PLACE],
    }
    assert gone.id not in {number for pair in found for number in pair}


def test_the_same_enterprise_goes_on_with_one_entry_and_both_stay(session: Session, make: Make, pair: Pair) -> None:
    coordinator = make.actor(Role.COORDINATOR)
    duplicate_services.decide(
        session, pair, DuplicateVerdict.SAME, kept=pair.second, reason="同一执照", actor=coordinator
    )
    assert (pair.first.status, pair.second.status) == (EntityStatus.SUSPENDED, EntityStatus.ACTIVE)
    assert not find_pairs(session)
    for entity in (pair.first, pair.second):
        assert [one.kept_id for one in list_decisions(session, entity=entity)] == [pair.second.id]
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.event == Event.DUPLICATE_DECIDED))
    assert entry
    assert entry.subject_id == str(pair.first.id)
    assert entry.reason == "同一执照"


def test_two_different_ones_are_not_asked_about_again(session: Session, make: Make, pair: Pair) -> None:
    coordinator = make.actor(Role.COORDINATOR)
    duplicate_services.decide(session, pair, DuplicateVerdict.DIFFERENT, reason="两份执照", actor=coordinator)
    assert {pair.first.status, pair.second.status} == {EntityStatus.ACTIVE}
    assert not find_pairs(session)
    again = get_pair(session, pair.second.id, pair.first.id)
    duplicate_services.decide(session, again, DuplicateVerdict.SAME, kept=again.first, reason="更正", actor=coordinator)
    assert [one.verdict for one in list_decisions(session)] == [DuplicateVerdict.SAME]


def test_decided_groups_do_not_hide_those_behind_them(
    session: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "MOST_GROUPS", 2)
    for number in range(5):
        for person in ("某", "另"):
            make.entity(name=f"上海第{number}同名有限公司", legal_representative=person)
    coordinator, seen = make.actor(Role.COORDINATOR), 0
    while found := find_pairs(session):
        assert len(found) <= 2
        for one in found:
            duplicate_services.decide(
                session, one, DuplicateVerdict.DIFFERENT, kept=None, reason="两家", actor=coordinator
            )
            seen += 1
    assert seen == 5


def test_only_the_coordinator_decides_with_a_reason(session: Session, make: Make, pair: Pair) -> None:
    for actor in (make.actor(Role.LEAD, department=make.department()), make.actor(Role.OVERSIGHT)):
        with pytest.raises(Forbidden):
            duplicate_services.decide(session, pair, DuplicateVerdict.DIFFERENT, reason="x", actor=actor)
    coordinator = make.actor(Role.COORDINATOR)
    with pytest.raises(Invalid):
        duplicate_services.decide(session, pair, DuplicateVerdict.DIFFERENT, reason="", actor=coordinator)
    with pytest.raises(Invalid):
        duplicate_services.decide(session, pair, DuplicateVerdict.SAME, reason="x", actor=coordinator)
    pair.second.status = EntityStatus.CLOSED
    session.flush()
    with pytest.raises(Conflict):
        duplicate_services.decide(session, pair, DuplicateVerdict.SAME, kept=pair.second, reason="x", actor=coordinator)
    assert list_decisions(session) == []  # the page shown again must not tell of a decision that was refused


def test_entries_that_share_nothing_are_no_pair(session: Session, make: Make) -> None:
    one, other = (make.entity(name=name, address=name) for name in ("甲", "乙"))
    for numbers in ((one.id, other.id), (one.id, one.id), (one.id, 999999)):
        with pytest.raises(NotFound):
            get_pair(session, *numbers)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_coordinator_decides_on_the_page_and_a_lead_only_looks(
    browse: Browser, session: Session, make: Make, pair: Pair, language: str
) -> None:
    first, second = pair.first, pair.second
    address = f"/entities/duplicates/{first.id}/{second.id}"
    lead = browse(make.user(Role.LEAD, department=make.department()), language=language)
    assert address in lead.get("/entities/duplicates/").text
    assert 'name="verdict"' not in lead.get(address).text
    values = {"verdict": str(first.id), "reason": "同一执照"}
    assert "error-summary" not in lead.get(address).text
    lead.post(address, values, page="/account", status=403)
    session.expire_all()
    assert second.status is EntityStatus.ACTIVE
    visitor = browse(make.user(Role.COORDINATOR), language=language)
    visitor.post(address, {"reason": "x"}, status=200)
    visitor.post(address, {**values, "verdict": "999"}, status=200)
    visitor.post(address, values)
    session.expire_all()
    assert session.get_one(Entity, second.id).status is EntityStatus.SUSPENDED
    assert address in visitor.get("/entities/duplicates/").text
    for entity, other in ((first, second), (second, first)):
        assert other.unit_id in visitor.get(f"/entities/{entity.id}").text
    visitor.get("/entities/?status=suspended")
    visitor.get("/entities/duplicates/999998/999999", status=404)
    browse(make.user(Role.OVERSIGHT)).get("/entities/duplicates/", status=403)


def test_a_register_without_duplicates_says_so(browse: Browser, make: Make) -> None:
    assert "No probable duplicates" in browse(make.user(Role.COORDINATOR)).get("/entities/duplicates/").text
