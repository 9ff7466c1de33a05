"""A choice of second looks that was touched is named by the command that recomputes it and on its page."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.joint_inspections.lots_checks import check, touch
from tests.joint_inspections.second_looks.conftest import Second

CHANGED = "List, numbers, visits or their entries in the log differ"
AGREE, DIFFER = "everything is as it is kept, and as it was logged", "this differs from what is kept or logged"


@pytest.mark.parametrize(
    ("table", "change", "name"),
    [
        ("second_look_rounds", "beacon = beacon || 'x'", "Seed"),
        ("second_looks", "ticket = substr(ticket, 2) || 'x'", "Visits chosen"),
        ("second_look_numbers", "digest = 'd'", "Entries of the log"),
        ("log_leaves", "digest = 'd' WHERE event = 'second_look'", "Entries of the log"),
    ],
)
def test_a_touched_choice_is_named(
    app: Flask, session: Session, browse: Browser, second: Second, table: str, change: str, name: str
) -> None:
    found = second.draw()
    number, address = found.number, f"/second-looks/rounds/{found.id}"
    runs = browse(second.oversight)
    code, said = check(app, session)
    assert (code, "Computed anew: 1. All agree" in said) == (0, True), said
    assert AGREE in runs.get(address).text
    touch(session, table, change)
    code, said = check(app, session)
    assert (code, number in said, CHANGED in said) == (1, True, True), said
    told = runs.get(address).text
    assert (DIFFER in told, AGREE in told) == (True, False)
    assert name in told.partition(DIFFER)[2].partition("Do not go on")[0]


def test_a_frozen_list_is_held_against_the_log(app: Flask, session: Session, browse: Browser, second: Second) -> None:
    address, runs = f"/second-looks/rounds/{second.freeze().id}", browse(second.oversight)
    assert check(app, session)[0] == 0
    assert DIFFER not in runs.get(address).text
    touch(session, "second_look_rounds", "digest = 'd'")
    assert check(app, session)[0] == 1
    assert DIFFER in runs.get(address).text
