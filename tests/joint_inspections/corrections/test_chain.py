"""Nothing can be changed, taken out or slipped in without being found."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from joint_inspections.corrections.chain import ALTERED, GAP, GONE, UNLINKED, UNLOGGED, check_chain
from joint_inspections.corrections.checking import check_all
from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.rules import EntryKind
from supervision import clock
from tests.guards import unguard
from tests.joint_inspections.corrections.conftest import Order

TABLES = ("correction_entries", "correction_files")


def alter_text(session: Session) -> None:
    session.execute(sa.text("UPDATE correction_entries SET text = 'x' WHERE number = 2"))


def alter_and_digest(session: Session) -> None:
    entry = session.scalars(sa.select(CorrectionEntry).where(CorrectionEntry.number == 2)).one()
    entry.text = "x"
    entry.digest = entry.linked.digest()
    session.flush()


def swap_file(session: Session) -> None:
    session.execute(sa.text("UPDATE correction_files SET sha256 = 'f'"))


def drop_last(session: Session) -> None:
    session.execute(sa.text("DELETE FROM correction_entries WHERE number = 3"))


def drop_first(session: Session) -> None:
    session.execute(sa.text("DELETE FROM correction_files"))
    session.execute(sa.text("DELETE FROM correction_entries WHERE number = 1"))


def slip_in(session: Session) -> None:
    last = session.scalars(sa.select(CorrectionEntry).where(CorrectionEntry.number == 3)).one()
    columns = ("follow_up_id", "kind", "text", "said_by", "day", "late", "made_by", "made_at")
    entry = CorrectionEntry(**{name: getattr(last, name) for name in columns}, number=4, previous=last.digest)
    entry.digest = entry.linked.digest()
    session.add(entry)
    session.flush()


@pytest.mark.parametrize(
    ("attack", "faults"),
    [
        (alter_text, [(2, ALTERED)]),
        (alter_and_digest, [(2, UNLOGGED), (3, UNLINKED)]),
        (swap_file, [(1, ALTERED)]),
        (drop_last, [(3, GONE)]),
        (drop_first, [(2, GAP), (2, UNLINKED), (3, GAP), (1, GONE)]),
        (slip_in, [(4, UNLOGGED)]),
    ],
)
def test_a_broken_chain_is_found(
    session: Session, order: Order, attack: Callable[[Session], None], faults: list[tuple[int, str]]
) -> None:
    order.send(files=1)
    order.decide(EntryKind.RETURNED)
    order.send("第二轮")
    assert check_chain(session, order.now) == []
    unguard(session, *TABLES)
    attack(session)
    session.expire_all()
    assert [(one.number, one.what) for one in check_chain(session, order.now)] == faults
    assert len(check_all(session).faults) == len(faults)


def test_a_chain_holds_whatever_clock_it_was_made_by(session: Session, order: Order) -> None:
    with clock.at(clock.now().astimezone(clock.SHANGHAI)):
        order.send()
    session.expire_all()
    assert check_chain(session, order.now) == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_changes(session: Session, order: Order, table: str, verb: str) -> None:
    order.send(files=1)
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(sa.text(verb.format(table)))


def test_the_command_says_whether_all_chains_hold(app: Flask, session: Session, order: Order) -> None:
    order.send()
    run = app.test_cli_runner().invoke(args=["corrections", "check"])
    assert run.exit_code == 0, run.output
    assert "1 chains, 1 entries, 0 faults" in run.output
    unguard(session, *TABLES)
    session.execute(sa.text("UPDATE correction_entries SET text = 'x'"))
    session.expire_all()
    run = app.test_cli_runner().invoke(args=["corrections", "check"])
    assert run.exit_code == 1
    assert "entry 1" in run.output
