"""Whoever sees or takes away a confidential list leaves an entry; without the entry there is no list."""

import hashlib
import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.audit import disclosing
from supervision.audit.disclosure import record_view
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import verify_chain
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer


def noted(session: Session, event: Event) -> list[AuditEntry]:
    """Return the entries of one kind, oldest first."""
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq)))


@pytest.fixture
def lead(make: Make) -> User:
    return make.user(Role.LEAD)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_export_of_the_register_is_noted_with_the_digest_of_its_bytes(
    session: Session, make: Make, browse: Browser, lead: User, kind: str
) -> None:
    make.entity(legal_representative="汪守密", low_touch=True)
    make.entity()
    visitor = browse(lead)
    for _ in range(2):
        taken = visitor.get(f"/entities/export?format={kind}&low_touch=yes&q=汪守密&status=nonsense").data
    first, second = noted(session, Event.LIST_EXPORTED)
    assert (second.actor_id, second.subject_kind) == (lead.id, "entity_register")
    assert second.details == {
        "filters": {"low_touch": "yes"}, "searched": True, "rows": second.details["rows"],
        "sha256": hashlib.sha256(taken).hexdigest(),
    }  # fmt: skip
    assert first.request_id != second.request_id
    assert "汪守密" not in str(second.details)
    assert verify_chain(session)[1] is None


def test_the_watermark_says_who_took_the_file_and_when_and_finds_the_entry(
    session: Session, make: Make, browse: Browser, lead: User
) -> None:
    make.entity()
    visitor = browse(lead, language="zh")
    rows = visitor.get("/entities/export?format=csv").data.decode("utf-8-sig").splitlines()
    book = openpyxl.load_workbook(io.BytesIO(visitor.get("/entities/export?format=xlsx").data))
    entries = noted(session, Event.LIST_EXPORTED)
    for text, entry in zip((rows[-1], book.worksheets[-1]["A1"].value), entries, strict=True):
        assert lead.name in text
        assert "不得外传" in text
        assert entry.request_id in text
        assert f"{clock.local(entry.at):%Y-%m-%d}" in text
    assert rows[-1].startswith("※")
    assert book.sheetnames[-1] == "水印"
    assert lead.name in str(book.worksheets[0].oddFooter.center.text)
    assert len(list(book.worksheets[0].rows)) == len(rows) - 1


def test_a_watermarked_export_can_be_sent_back(app: Flask, session: Session, make: Make, browse: Browser) -> None:
    make.entity()
    visitor = browse(make.user(Role.COORDINATOR), language="zh")
    importer = Importer(app, session, visitor)
    for kind in ("csv", "xlsx"):
        content = visitor.get(f"/entities/export?format={kind}").data
        upload = importer.send(content, f"名录.{kind}")
        assert (upload.rows_read, upload.rows_same, upload.rows_wrong) == (1, 1, 0)


def test_without_its_entry_no_file_leaves(
    session: Session, make: Make, browse: Browser, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.entity(name="保密餐饮有限公司")

    def fail(*arguments: object, **values: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(disclosing, "record_export", fail)
    answer = browse(lead).get("/entities/export?format=csv", status=500)
    assert "保密餐饮有限公司" not in answer.text
    assert noted(session, Event.LIST_EXPORTED) == []


@pytest.mark.parametrize(
    ("role", "path", "what"),
    [
        (Role.LEAD, "/inspectors/export/csv", DisclosedList.INSPECTORS),
        (Role.OVERSIGHT, "/penalties/export", DisclosedList.PENALTIES),
        (Role.COORDINATOR, "/visits/all/export", DisclosedList.VISITS),
    ],
)
def test_lists_with_personal_data_or_open_visits_are_noted(
    session: Session, make: Make, browse: Browser, role: Role, path: str, what: DisclosedList
) -> None:
    make.item_list()
    browse(make.user(role)).get(path)
    assert [entry.subject_kind for entry in noted(session, Event.LIST_EXPORTED)] == [what]


def test_a_view_is_noted_once_a_person_a_list_and_a_day(session: Session, make: Make) -> None:
    one, other = make.actor(Role.LEAD), make.actor(Role.OVERSIGHT)

    def see(actor: object, subject: object = "") -> bool:
        return record_view(session, actor=actor, what=DisclosedList.DRAWN, subject=subject, count=3)  # type: ignore[arg-type]

    assert [see(one, 1), see(one, 1), see(one, 2), see(other, 1)] == [True, False, True, True]
    with clock.at(clock.now() + timedelta(days=1)):
        assert see(one, 1)
    assert len(noted(session, Event.LIST_VIEWED)) == 4


def test_oversight_finds_disclosures_by_person_list_day_and_the_file_in_hand(
    make: Make, browse: Browser, lead: User
) -> None:
    make.entity()
    taken = browse(lead).get("/entities/export").data
    browse(make.user(Role.COORDINATOR)).get("/inspectors/export/xlsx").close()
    digest, today = hashlib.sha256(taken).hexdigest(), clock.today()
    for role, language in ((Role.OVERSIGHT, "en"), (Role.AUDIT_ADMIN, "zh")):
        visitor = browse(make.user(role), language=language)
        page = "/audit/disclosures"
        assert visitor.get(page).text.count('class="digest"') == 2
        for found in (f"q={lead.name}", f"q={digest.upper()}", "list=entity_register"):
            text = visitor.get(f"{page}?{found}&since={today}&until={today}").text
            assert text.count('class="digest"') == 1
            assert digest in text
        for empty in (f"until={today - timedelta(days=1)}", "event=list_viewed", "list=visit_list", "q=nobody"):
            assert 'class="digest"' not in visitor.get(f"{page}?{empty}").text
        for unread in ("since=0000-00-00", "until=9999-12-31", "since=x", "list=x"):
            assert visitor.get(f"{page}?{unread}").text.count('class="digest"') == 2


def test_a_day_begins_at_midnight_of_the_district() -> None:
    day = clock.today()
    assert clock.local(clock.begin_of(day)).date() == day
    assert clock.local(clock.begin_of(day) - timedelta(seconds=1)).date() == day - timedelta(days=1)
