"""Lots that were touched, or never were logged, are named by the command and on the page of the order."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from supervision.permissions import Role
from tests.conftest import Browser
from tests.joint_inspections.lots_checks import check, touch
from tests.joint_inspections.ordered.conftest import Office

CHANGED = "Candidates, lots or their entries in the log differ"
AGREE, DIFFER = "Computed anew: they agree", "Computed anew: they do not agree"


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("ordered_lots", "number = replace(number, substr(number, 1, 1), 'x')"),
        ("ordered_places", "ticket = substr(ticket, 2) || 'x'"),
        ("ordered_lots", "leaf = '0-' || leaf"),
        ("log_leaves", "digest = 'd' WHERE event = 'ordered'"),
    ],
)
def test_touched_lots_are_named(
    app: Flask, session: Session, browse: Browser, office: Office, table: str, change: str
) -> None:
    order = office.order()
    assert check(app, session)[0] == 0
    office.approve(order)
    number, address = order.number, f"/orders/{order.id}"
    lead = browse(office.district.user(Role.LEAD))
    code, said = check(app, session)
    assert (code, "Computed anew: 1. All agree" in said) == (0, True), said
    assert AGREE in lead.get(address).text
    touch(session, table, change)
    code, said = check(app, session)
    assert (code, number in said, CHANGED in said) == (1, True, True), said
    assert DIFFER in lead.get(address).text
