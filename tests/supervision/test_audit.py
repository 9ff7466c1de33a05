"""The audit chain shows every change made behind the application's back."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.disclosure import record_view
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.audit.queries import newest, verify_chain
from supervision.audit.rules import GENESIS, Fields, entry_bytes, entry_hash, first_break
from supervision.audit.services import record
from supervision.audit.subjects import NAMES
from supervision.config import PROJECT
from supervision.permissions import Role, system_actor
from supervision.web.catalogues import PACKAGES
from tests.factories import Make
from tests.pages import Browser

KEY = b"k" * 32


def chain(count: int) -> list[tuple[Fields, str, str]]:
    """Return a whole chain of ``count`` entries."""
    rows: list[tuple[Fields, str, str]] = []
    previous = GENESIS
    for seq in range(1, count + 1):
        fields: Fields = {"seq": seq, "event": "x", "reason": f"r{seq}", "actor_id": None}
        current = entry_hash(fields, previous=previous, key=KEY)
        rows.append((fields, previous, current))
        previous = current
    return rows


def test_a_whole_chain_is_whole() -> None:
    rows = chain(5)
    assert first_break(rows, key=KEY, expected_head=rows[-1][2]) is None


@pytest.mark.parametrize("place", range(5))
def test_every_changed_entry_is_named(place: int) -> None:
    rows = chain(5)
    fields, previous, current = rows[place]
    rows[place] = ({**fields, "reason": "other"}, previous, current)
    broken = first_break(rows, key=KEY, expected_head=None)
    assert broken is not None
    assert (broken.seq, broken.reason) == (place + 1, "changed")


def test_removed_swapped_and_cut_entries_are_found() -> None:
    rows = chain(5)
    head = rows[-1][2]
    assert first_break(rows[:2] + rows[3:], key=KEY, expected_head=head)
    assert first_break([rows[1], rows[0], *rows[2:]], key=KEY, expected_head=head)
    cut = first_break(rows[:-1], key=KEY, expected_head=head)
    assert cut is not None
    assert cut.reason == "cut"


def test_rewriting_everything_needs_the_key() -> None:
    forged = [
        (fields, previous, entry_hash(fields, previous=previous, key=b"guess")) for fields, previous, _ in chain(3)
    ]
    assert first_break(forged, key=KEY, expected_head=None) is not None


def test_different_entries_never_share_their_bytes() -> None:
    assert entry_bytes({"a": "bc", "d": ""}) != entry_bytes({"a": "b", "cd": ""})
    assert entry_bytes({"a": None}) != entry_bytes({"a": ""})


def test_stored_entries_verify_and_refuse_change(session: Session, make: Make) -> None:
    actor = make.actor(Role.LEAD)
    for number in range(3):
        record(session, Event.PLAN_DRAFTED, actor=actor, subject=("plan", number), details={"名": "值"})
    count, broken = verify_chain(session)
    assert count == newest(session)[0]
    assert broken is None
    for statement in (sa.update(AuditEntry).values(reason="x"), sa.delete(AuditEntry)):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(statement)


def test_an_entry_made_by_a_clock_of_another_zone_verifies_when_it_is_read_again(session: Session) -> None:
    with clock.at(datetime(2026, 3, 2, 9, 30, tzinfo=clock.SHANGHAI)):
        record(session, Event.PLAN_DRAFTED, actor=system_actor(), subject=("plan", 1))
    session.expire_all()
    assert verify_chain(session)[1] is None


def test_a_failing_log_stops_the_operation(session: Session, make: Make) -> None:
    with pytest.raises(TypeError), session.begin_nested():
        record(session, Event.PLAN_DRAFTED, actor=make.actor(), subject=("plan", 1), details={"bad": object()})
    assert verify_chain(session)[1] is None


def test_only_audit_and_oversight_read_the_log(make: Make, browse: Browser) -> None:
    for role in Role:
        allowed = role in {Role.AUDIT_ADMIN, Role.OVERSIGHT}
        visitor = browse(make.user(role))
        for path in ("/audit/", "/audit/verify"):
            visitor.get(path, status=200 if allowed else 403)
    browse(make.user(Role.AUDIT_ADMIN), language="zh").get("/audit/?q=用户&event=signed_in")


def test_the_log_is_narrowed_down_to_days(session: Session, make: Make, browse: Browser) -> None:
    record(session, Event.USER_CREATED, actor=make.actor(Role.SYSTEM_ADMIN), subject=("user", 424242))
    visitor, today = browse(make.user(Role.AUDIT_ADMIN)), clock.today()
    for days, found in (
        (f"since={today}&until={today}", True),
        (f"since={today + timedelta(days=1)}", False),
        (f"until={today - timedelta(days=1)}", False),
        ("since=2026-02-30&until=99999", True),
    ):
        assert ("424242" in visitor.get(f"/audit/?{days}").text) is found, days


def test_entries_say_in_words_what_they_are_about(session: Session, make: Make, browse: Browser) -> None:
    record(session, Event.PARAMETER_CHANGED, actor=system_actor(), subject=("parameter", "audit-keep-months"))
    reader = make.user(Role.AUDIT_ADMIN)
    assert ">参数 audit-keep-months<" in browse(reader, language="zh").get("/audit/").text
    assert ">Parameter audit-keep-months<" in browse(reader).get("/audit/").text


def test_entries_about_a_draw_show_its_number_and_are_found_by_it(
    session: Session, make: Make, browse: Browser
) -> None:
    actor = system_actor("test")
    record(session, Event.DRAW_FROZEN, actor=actor, subject=("draw", 41), details={"number": "310106-2026-0007"})
    record(session, Event.DRAW_VOID_PROPOSED, actor=actor, subject=("draw", 41), details={})
    record_view(session, actor=actor, what=DisclosedList.DRAWN, subject=41, count=3)
    session.commit()
    auditor = browse(make.user(Role.AUDIT_ADMIN))
    log, disclosed = auditor.get("/audit/").text, auditor.get("/audit/disclosures").text
    assert log.count("Draw 310106-2026-0007") == 2
    assert "Draw 41" not in log
    assert "310106-2026-0007" in disclosed
    found = auditor.get("/audit/?q=310106-2026-0007").text
    assert found.count("310106-2026-0007") >= 3
    assert "Proposed" in found or "proposed" in found


def test_every_kind_of_subject_has_a_name() -> None:
    written = re.compile(r"""(?:subject ?= ?\(|^SUBJECT = )"([a-z_]+)\"""", re.MULTILINE)
    kinds = {kind for package in PACKAGES for path in (PROJECT / package).rglob("*.py")
             for kind in written.findall(path.read_text(encoding="utf-8"))}  # fmt: skip
    assert len(kinds) > 15
    assert kinds <= set(NAMES)


def test_verify_command(app: Flask, session: Session) -> None:
    record(session, Event.DEMO_LOADED, actor=system_actor(), subject=("demo", 1))
    session.commit()
    runner = app.test_cli_runner()
    good = runner.invoke(args=["audit", "verify"])
    assert "whole" in good.output
    assert runner.invoke(args=["audit", "verify", "--head", "0" * 64]).exit_code == 1
