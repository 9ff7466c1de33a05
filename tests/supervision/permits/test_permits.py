"""Permits: recorded by the authority's lead, corrected with a reason, ended, shown with their validity, imported."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any  # changes of any field

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.intake.rules import UploadState
from supervision.permissions import Role
from supervision.permits import queries, services
from supervision.permits.models import Permit
from supervision.permits.rules import PermitContent, PermitKind, PermitState, Standing, standing
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


def content(**changes: Any) -> PermitContent:
    values: dict[str, Any] = {
        "document_number": "静食许〔2026〕1号",
        "certificate_name": "食品经营许可证",
        "permit_number": "JY23101060000001",
        "kind": PermitKind.ORDINARY,
        "decided_on": date(2026, 1, 5),
        "valid_from": date(2026, 1, 5),
        "valid_until": date(2031, 1, 4),
        **changes,
    }
    return PermitContent(**values)


@pytest.fixture
def authority(make: Make) -> Department:
    return make.department("SCJG")


def record(make: Make, authority: Department, entity: Entity | None = None, **changes: Any) -> Permit:
    lead = make.actor(Role.LEAD, department=authority)
    return services.record_permit(make.session, entity or make.entity(), content(**changes), actor=lead)


def count(session: Session, event: Event) -> int:
    return session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == event)) or 0


@pytest.mark.parametrize(
    ("state", "start", "until", "expected"),
    [
        (PermitState.VALID, TODAY, None, Standing.VALID),
        (PermitState.VALID, TODAY - DAY, TODAY + 61 * DAY, Standing.VALID),
        (PermitState.VALID, TODAY - DAY, TODAY + 60 * DAY, Standing.EXPIRING),
        (PermitState.VALID, TODAY - DAY, TODAY, Standing.EXPIRING),
        (PermitState.VALID, TODAY - 9 * DAY, TODAY - DAY, Standing.EXPIRED),
        (PermitState.VALID, TODAY + DAY, None, Standing.NOT_YET),
        (PermitState.INVALID, TODAY - DAY, None, Standing.INVALID),
    ],
)
def test_how_a_permit_stands_in_python_and_in_the_list(
    session: Session,
    make: Make,
    authority: Department,
    state: PermitState,
    start: date,
    until: date,
    expected: Standing,
) -> None:
    assert standing(state, valid_from=start, valid_until=until, on=TODAY) is expected
    permit = record(make, authority, valid_from=start, valid_until=until)
    permit.state = state
    session.flush()
    for wanted in Standing:
        found = session.scalars(sa.select(Permit.id).where(queries._stands(wanted, on=TODAY))).all()
        assert (permit.id in found) is (wanted is expected)
    holders = session.scalars(queries.entity_ids_with_permit(["食品经营许可证"], on=TODAY)).all()
    assert (permit.entity_id in holders) is (expected in {Standing.VALID, Standing.EXPIRING})


def test_recording_leaves_one_audit_entry(session: Session, make: Make, authority: Department) -> None:
    permit = record(make, authority)
    assert (permit.department_id, permit.state) == (authority.id, PermitState.VALID)
    assert count(session, Event.PERMIT_RECORDED) == 1


def test_the_same_document_number_is_refused_within_a_department_only(make: Make, authority: Department) -> None:
    record(make, authority)
    record(make, make.department("WSJK"))
    with pytest.raises(Invalid):
        record(make, authority)


@pytest.mark.parametrize(
    "changes", [{"valid_until": date(2025, 1, 1)}, {"decided_on": date(2999, 1, 1), "valid_until": None}]
)
def test_dates_that_cannot_be_are_refused(make: Make, authority: Department, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        record(make, authority, **changes)


def test_only_a_lead_of_the_authority_changes_a_permit(make: Make, authority: Department) -> None:
    permit = record(make, authority)
    for actor in (
        make.actor(Role.LEAD, department=make.department()),
        make.actor(Role.INSPECTOR, department=authority),
        make.actor(Role.COORDINATOR),
    ):
        with pytest.raises(Forbidden):
            services.correct(make.session, permit, content(), version=permit.version, reason="x", actor=actor)
        with pytest.raises(Forbidden):
            services.expire(make.session, permit, version=permit.version, reason="x", actor=actor)


def test_a_correction_keeps_before_and_after_and_refuses_an_old_version(
    session: Session, make: Make, authority: Department
) -> None:
    permit, lead = record(make, authority), make.actor(Role.LEAD, department=authority)
    old = permit.version
    services.correct(session, permit, content(permit_number="JY2"), version=old, reason="笔误", actor=lead)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.PERMIT_CORRECTED)).one()
    assert entry.details == {"permit_number": ["JY23101060000001", "JY2"]}
    with pytest.raises(Conflict):
        services.correct(session, permit, content(), version=old, reason="x", actor=lead)


def test_an_ended_permit_stays_on_record_and_ends_once(session: Session, make: Make, authority: Department) -> None:
    permit, lead = record(make, authority), make.actor(Role.LEAD, department=authority)
    with pytest.raises(Invalid):
        services.expire(session, permit, version=permit.version, reason="", actor=lead)
    services.expire(session, permit, version=permit.version, reason="注销", actor=lead)
    assert queries.standing_of(permit, on=TODAY) is Standing.INVALID
    assert count(session, Event.PERMIT_ENDED) == 1
    with pytest.raises(WrongState):
        services.expire(session, permit, version=permit.version, reason="again", actor=lead)


def test_the_public_sees_named_fields_of_decided_permits_only(
    session: Session, make: Make, authority: Department
) -> None:
    entity = make.entity()
    record(make, authority, entity)
    later = record(make, authority, entity, document_number="2号")
    later.decided_on = TODAY + DAY
    session.flush()
    (shown,) = queries.list_public_of_entity(session, entity.id, on=TODAY)
    assert (shown.certificate_name, shown.authority_zh, shown.standing) == (
        "食品经营许可证",
        authority.name_zh,
        Standing.VALID,
    )
    assert not hasattr(shown, "__dict__") or "content" not in vars(shown)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages(make: Make, authority: Department, browse: Browser, language: str) -> None:
    permit = record(make, authority)
    lead = make.user(Role.LEAD, department=authority)
    visitor = browse(lead, language=language)
    for url in (
        "/permits/?q=食品&department=SCJG&kind=ordinary&standing=valid&sort=entity",
        "/permits/?q=x&standing=nonsense&sort=__class__&page=-1",
        f"/permits/{permit.id}",
        "/permits/new",
        f"/permits/{permit.id}/correct",
        f"/entities/{permit.entity_id}",
    ):
        visitor.get(url)
    assert "食品经营许可证" in visitor.get(f"/entities/{permit.entity_id}").text
    browse(make.user(Role.LEAD, department=make.department())).post(
        f"/permits/{permit.id}/end", {"version": "1", "reason": "x"}, page="/permits/new", status=403
    )
    browse(make.user(Role.INSPECTOR), language=language).get("/permits/")
    browse(make.user(Role.INSPECTOR)).get("/permits/new", status=403)
    browse(make.user(Role.SYSTEM_ADMIN)).get("/permits/", status=403)
    visitor.get("/permits/999999", status=404)


def test_a_permit_is_recorded_corrected_and_ended_by_forms(
    session: Session, make: Make, authority: Department, browse: Browser
) -> None:
    entity = make.entity()
    visitor = browse(make.user(Role.LEAD, department=authority))
    values = {
        "code": (entity.uscc or "").lower(),
        "certificate_name": "食品经营许可证",
        "permit_number": "JY1",
        "document_number": "1号",
        "kind": "ordinary",
        "decided_on": "2026-01-05",
        "valid_from": "2026-01-05",
    }
    visitor.post("/permits/new", {**values, "code": "91310106MA0000000X"}, status=422)
    visitor.post("/permits/new", {**values, "decided_on": "2026-02-30"}, status=422)
    visitor.post("/permits/new", {**values, "valid_until": "2020-01-01"}, status=422)
    place = visitor.post("/permits/new", values).location
    permit = session.scalars(sa.select(Permit)).one()
    correction = {**values, "permit_number": "JY2", "version": str(permit.version)}
    visitor.post(f"{place}/correct", correction, status=422)
    visitor.post(f"{place}/correct", {**correction, "reason": "笔误"})
    visitor.post(f"{place}/correct", {**correction, "reason": "again"}, status=409)
    visitor.post(f"{place}/end", {"version": "x", "reason": ""}, page=place, status=422)
    session.expire_all()
    visitor.post(f"{place}/end", {"version": str(permit.version), "reason": "注销"}, page=place)
    session.expire_all()
    assert (permit.permit_number, permit.state) == ("JY2", PermitState.INVALID)


XK = "XK_XDR_MC,XK_XDR_SHXYM,XK_WSH,XK_XKLB,XK_XKZS,XK_XKBH,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_ZT,XK_FR_SFZH\n"


def xk(entity: Entity, number: str, *, kind: str = "普通", until: str = "2099/12/31", authority: str = "") -> str:
    return (
        f"{entity.name},{entity.uscc},{number},{kind},食品经营许可证,JY-{number},热食,2026/1/5,20260105,{until},"
        f"{authority},1,310106199001011234\n"
    )


def test_a_file_of_the_double_publicity_standard_is_imported(
    session: Session, make: Make, authority: Department, importer: Callable[..., Importer]
) -> None:
    entity = make.entity()
    stranger = make.entity(name="未登记有限公司")
    person = importer(make.user(Role.LEAD, department=authority))
    text = XK + xk(entity, "1号") + xk(entity, "2号", kind="特许", until="2031-01-04")
    upload = person.send(text + xk(stranger, "3号").replace(stranger.uscc or "", "91310106MA000CT71F"), kind="permits")
    assert (upload.rows_new, upload.rows_wrong, upload.summary["unknown"]) == (2, 1, ["XK_FR_SFZH"])
    person.take(upload, "valid")
    found = session.scalars(sa.select(Permit).order_by(Permit.document_number)).all()
    assert [(one.kind, one.valid_until) for one in found] == [
        (PermitKind.ORDINARY, None),
        (PermitKind.CONCESSION, date(2031, 1, 4)),
    ]
    assert {one.department_id for one in found} == {authority.id}
    again = person.send(text, kind="permits")
    assert (again.rows_same, again.rows_new, again.rows_changed) == (2, 0, 0)
    changed = person.take(person.send(text.replace("2031-01-04", "2030-01-04"), kind="permits"))
    assert (changed.state, changed.rows_changed) == (UploadState.APPLIED, 1)
    session.expire_all()
    assert found[1].valid_until == date(2030, 1, 4)


def test_a_permit_of_another_holder_or_authority_is_noticed(
    make: Make, authority: Department, importer: Callable[..., Importer]
) -> None:
    first, second = make.entity(), make.entity()
    record(make, authority, first, document_number="1号")
    person = importer(make.user(Role.LEAD, department=authority))
    upload = person.send(XK + xk(second, "1号") + xk(second, "2号", authority="某市公安局"), kind="permits")
    assert (upload.rows_wrong, upload.rows_warned) == (1, 1)
    page = person.page(upload)
    assert "on record for another holder" in page
    assert "is not your department" in page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_the_list_exports_is_read_back_as_the_same(
    make: Make, authority: Department, importer: Callable[..., Importer], ending: str, language: str
) -> None:
    for number, kind in enumerate(PermitKind):
        permit = record(make, authority, document_number=f"-{number}号", kind=kind, content="=1+1")
        permit.state = PermitState.INVALID if number % 2 else PermitState.VALID
    person = importer(make.user(Role.LEAD, department=authority))
    person.visitor.client.set_cookie("lang", language)
    response = person.visitor.get(f"/permits/export?format={ending}")
    data = response.data
    response.close()
    upload = person.send(data, f"导出.{ending}", kind="permits")
    assert (upload.rows_read, upload.rows_same, upload.rows_warned) == (6, 6, 0), person.mistakes(upload)
