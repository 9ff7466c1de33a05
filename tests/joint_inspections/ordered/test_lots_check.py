"""The command that recomputes every choice outside draws names lots that were touched, or that never were logged."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.joint_inspections.lots_checks import check, touch
from tests.joint_inspections.ordered.conftest import Office

CHANGED, NOT_LOGGED = "give other lots", "differ from the digests that were logged"


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("ordered_lots", "number = replace(number, substr(number, 1, 1), 'x')", CHANGED),
        ("ordered_places", "ticket = substr(ticket, 2) || 'x'", CHANGED),
        ("ordered_lots", "leaf = '0-' || leaf", NOT_LOGGED),
        ("log_leaves", "digest = 'd' WHERE event = 'ordered'", NOT_LOGGED),
    ],
)
def test_touched_lots_are_named(
    app: Flask, session: Session, office: Office, table: str, change: str, told: str
) -> None:
    order = office.order()
    assert check(app, session)[0] == 0
    office.approve(order)
    code, said = check(app, session)
    assert (code, "1 choices agree" in said) == (0, True), said
    touch(session, table, change)
    code, said = check(app, session)
    assert code == 1
    assert order.number in said
    assert told in said
