"""From a file to the register: checked, shown, decided, taken in one transaction, and twice means nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision.accounts.models import User
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.entities.models import Entity
from supervision.entities.rules import EntityStatus
from supervision.intake import store
from supervision.intake.rules import UploadState
from supervision.permissions import Role
from tests.factories import Make, make_uscc
from tests.pages import Browser
from tests.supervision.importing import Importer

As = Callable[[User], Importer]
HEADER = "统一社会信用代码,企业名称,企业类型,行业代码,所属街道,住所,法定代表人,成立日期,登记状态\n"


def line(number: int, name: str = "", **changes: str) -> str:
    """One right row, with changes by column."""
    values = {
        "code": make_uscc(500_000 + number),
        "name": name or f"上海导入{number}号食品有限公司",
        "type": "有限责任公司",
        "industry": "H6210",
        "street": "街道013",
        "address": f"南京西路{number}号",
        "person": "李四",
        "day": "2019年3月5日",
        "status": "在营",
        **changes,
    }
    return ",".join(values.values()) + "\n"


@pytest.fixture
def lead(code_tables: Make) -> User:
    return code_tables.user(Role.LEAD, department=code_tables.department())


def test_right_rows_are_shown_then_taken_with_one_audit_entry(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    upload = person.send(HEADER + line(1) + line(2))
    assert (upload.state, upload.rows_read, upload.rows_new) == (UploadState.CHECKED, 2, 2)
    assert session.scalar(sa.select(Entity).where(Entity.uscc == make_uscc(500_001))) is None
    assert "上海导入1号食品有限公司" in person.page(upload)
    person.take(upload)
    assert upload.state is UploadState.APPLIED
    entity = session.scalars(sa.select(Entity).where(Entity.uscc == make_uscc(500_001))).one()
    assert (entity.name, entity.address, str(entity.registered_on)) == (
        "上海导入1号食品有限公司",
        "南京西路1号",
        "2019-03-05",
    )
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.REGISTER_IMPORTED)).one()
    assert (entry.actor_id, entry.details["new"], entry.details["file_sha256"]) == (lead.id, 2, upload.digest)
    assert len(entry.details["rows_sha256"]) == 64


def test_the_same_file_twice_changes_nothing(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    content = HEADER + line(1) + line(2)
    person.take(person.send(content))
    versions = dict(session.execute(sa.select(Entity.uscc, Entity.version)).all())  # type: ignore[arg-type]
    again = person.send(content)
    assert (again.rows_new, again.rows_changed, again.rows_same) == (0, 0, 2)
    assert "nothing to take" in person.page(again)
    person.take(again, status=422)
    assert dict(session.execute(sa.select(Entity.uscc, Entity.version)).all()) == versions  # type: ignore[arg-type]


def test_a_changed_row_changes_only_what_the_file_holds(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    person.take(person.send(HEADER + line(1)))
    upload = person.send(f"统一社会信用代码,企业名称\n{make_uscc(500_001)},上海改名食品有限公司\n")
    assert (upload.rows_changed, upload.rows_wrong) == (1, 0)
    person.take(upload)
    entity = session.scalars(sa.select(Entity).where(Entity.uscc == make_uscc(500_001))).one()
    assert (entity.name, entity.address) == ("上海改名食品有限公司", "南京西路1号")


@pytest.mark.parametrize("role", [Role.LEAD, Role.COORDINATOR])
def test_only_the_coordinators_file_suspends_an_entry_or_ends_a_suspended_one(
    code_tables: Make, session: Session, importer: As, role: Role
) -> None:
    person = importer(code_tables.user(role, department=code_tables.department()))
    wrong = int(role is Role.LEAD)
    person.take(person.send(HEADER + line(1) + line(2)))
    assert person.send(HEADER + line(1, status="名录暂停") + line(3, status="名录暂停")).rows_wrong == 2 * wrong
    entity = session.scalars(sa.select(Entity).where(Entity.uscc == make_uscc(500_001))).one()
    entity.status = EntityStatus.SUSPENDED
    session.commit()
    upload = person.send(HEADER + line(1, status="注销") + line(2, status="注销"))
    assert (upload.rows_wrong, upload.rows_changed) == (wrong, 2 - wrong)
    again = person.send(HEADER + line(1))
    assert (again.rows_wrong, again.rows_same) == (0, 1), "a whole register that calls it active is no wrong file"
    assert ("Only the district coordinator suspends" in person.page(upload)) is bool(wrong)


def test_all_or_nothing_takes_nothing_when_a_row_is_wrong(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    before = session.scalar(sa.select(sa.func.count(Entity.id)))
    upload = person.send(HEADER + line(1) + line(2, day="2019-02-30"))
    assert (upload.rows_new, upload.rows_wrong) == (1, 1)
    person.take(upload, status=422)
    assert upload.state is UploadState.CHECKED
    assert session.scalar(sa.select(sa.func.count(Entity.id))) == before
    person.take(upload, "valid")
    assert upload.state is UploadState.APPLIED
    assert session.scalar(sa.select(sa.func.count(Entity.id))) == (before or 0) + 1


def test_the_error_file_names_row_column_reason_and_remedy_and_can_be_sent_again(
    session: Session, lead: User, importer: As
) -> None:
    person = importer(lead)
    upload = person.send("某区市场主体名单\n" + HEADER + line(1) + line(2, day="2019-02-30", name="=cmd|'/c calc'!A1"))
    page, file = person.page(upload), person.mistakes(upload)
    assert "Not a date of the calendar." in page
    assert ",4," in file
    assert "Registered on: Not a date of the calendar." in file
    assert "'=cmd" in file
    again = person.send(file.replace("2019-02-30", "2019-02-28").encode("utf-8"), "改.csv")
    assert (again.rows_new, again.rows_wrong) == (1, 0)
    person.take(again)
    names = session.scalars(sa.select(Entity.name).where(Entity.uscc == make_uscc(500_002))).all()
    assert names == ["=cmd|'/c calc'!A1"]


def test_warnings_are_taken_only_when_confirmed_with_a_reason(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    pilot = "91350100M0001TGQXM"
    upload = person.send(HEADER + line(1, code=pilot))
    assert (upload.rows_new, upload.rows_warned) == (1, 1)
    person.take(upload, status=422)
    person.take(upload, status=422, confirm_warnings="y")
    person.take(upload, confirm_warnings="y", reason="与营业执照核对一致")
    entity = session.scalars(sa.select(Entity).where(Entity.uscc == pilot)).one()
    assert entity.uscc_confirmed
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.REGISTER_IMPORTED)).one()
    assert entry.reason == "与营业执照核对一致"


def test_unconfirmed_warnings_stay_out_when_only_right_rows_are_taken(
    session: Session, lead: User, importer: As
) -> None:
    person = importer(lead)
    upload = person.take(person.send(HEADER + line(1, code="91350100M0001TGQXM") + line(2)), "valid")
    assert (upload.state, upload.rows_new, upload.summary["left_out"]) == (UploadState.APPLIED, 1, 1)


def test_two_rows_of_one_code_and_a_look_alike_name_are_noticed(lead: User, importer: As) -> None:
    person = importer(lead)
    upload = person.send(HEADER + line(1) + line(1, name="另一家有限公司") + line(3, name="甲乙丙试验（有限公司）"))
    assert (upload.rows_new, upload.rows_wrong, upload.rows_warned) == (2, 1, 1)
    page = person.page(upload)
    assert "stands in row 2 already" in page
    assert "confusable name" in page


def test_rows_that_became_wrong_since_the_check_stop_the_whole_file(
    session: Session, lead: User, importer: As, make: Make
) -> None:
    person = importer(lead)
    header = HEADER.replace("法定代表人", "注册号")
    upload = person.send(header + line(1, person="310106000012345") + line(2, person="310106000067890"))
    assert upload.rows_new == 2
    make.entity(registration_number="310106000012345", name="占用注册号者")
    session.commit()
    person.take(upload)
    assert upload.state is UploadState.CHECKED
    assert "The register has changed since the check" in person.page(upload)
    assert session.scalar(sa.select(Entity.id).where(Entity.uscc == make_uscc(500_002))) is None
    person.take(upload, "valid")
    assert (upload.state, upload.rows_new, upload.summary["left_out"]) == (UploadState.APPLIED, 1, 1)


def test_checked_rows_that_somebody_touched_are_not_taken(
    app: Flask, session: Session, lead: User, importer: As
) -> None:
    person = importer(lead)
    upload = person.send(HEADER + line(1))
    path = store.rows_path(Path(app.instance_path), upload.id)
    path.write_text(path.read_text(encoding="utf-8").replace("上海导入", "上海塞入"), encoding="utf-8")
    person.take(upload)
    assert upload.state is UploadState.CHECKED
    assert "no longer there unchanged" in person.page(upload)


def test_a_lead_who_lost_the_role_gets_nothing_taken(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    upload = person.send(HEADER + line(1))
    page = f"/imports/{upload.id}"
    person.visitor.post(f"{page}/decision", {"policy": "all"}, page=page)
    lead.role_rows = []
    session.commit()
    person.work()
    assert upload.state is UploadState.CHECKED
    assert session.scalar(sa.select(Entity.id).where(Entity.uscc == make_uscc(500_001))) is None


def test_a_second_decision_on_the_same_file_is_refused(session: Session, lead: User, importer: As) -> None:
    person = importer(lead)
    upload = person.take(person.send(HEADER + line(1)))
    page = f"/imports/{upload.id}"
    person.visitor.post(f"{page}/decision", {"policy": "all"}, page=page, status=409)
    person.visitor.post(f"{page}/discard", page=page, status=409)


def test_only_its_sender_sees_a_file(lead: User, importer: As, make: Make, browse: Browser) -> None:
    upload = importer(lead).send(HEADER + line(1))
    other = browse(make.user(Role.LEAD, department=lead.department))
    other.get(f"/imports/{upload.id}", status=404)
    other.get(f"/imports/{upload.id}/mistakes.csv", status=404)
    other.get(f"/jobs/{upload.job_id}", status=404)
    browse(make.user(Role.INSPECTOR)).get("/imports/", status=403)
    browse(make.user(Role.COORDINATOR)).get("/imports/new/inspectors", status=403)
    browse(make.user(Role.COORDINATOR)).get("/imports/new/entities")
    browse(lead).get("/imports/new/nothing", status=404)
    browse(lead).get("/imports/new/entities/template.exe", status=404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_in_both_languages(lead: User, importer: As, browse: Browser, language: str) -> None:
    upload = importer(lead).send(HEADER + line(1) + line(2, day="明天", code="91350100M0001TGQXM"))
    visitor = browse(lead, language=language)
    for url in ("/imports/", f"/imports/{upload.id}", "/imports/?q=x&state=checked&kind=entities"):
        visitor.get(url)
    for kind in ("entities", "inspectors", "permits"):
        visitor.get(f"/imports/new/{kind}")
    visitor.post(f"/imports/{upload.id}/discard", page=f"/imports/{upload.id}")
    visitor.get(f"/imports/{upload.id}")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_with_its_sample_row_is_read_back(
    lead: User, importer: As, browse: Browser, ending: str, language: str
) -> None:
    response = browse(lead, language=language).get(f"/imports/new/entities/template.{ending}")
    template = response.data
    response.close()
    upload = importer(lead).send(template, f"t.{ending}")
    assert upload.summary.get("unknown") == []
    assert upload.rows_read == 1


def test_a_form_without_file_says_so(lead: User, importer: As) -> None:
    page = importer(lead).visitor.post("/imports/new/entities", {}, status=422)
    assert "Choose a file." in page.text
