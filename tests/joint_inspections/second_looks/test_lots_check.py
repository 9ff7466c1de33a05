"""The command that recomputes every choice outside draws names a choice of second looks that was touched."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.joint_inspections.lots_checks import check, touch
from tests.joint_inspections.second_looks.conftest import Second


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("second_look_rounds", "beacon = beacon || 'x'", "give other visits"),
        ("second_looks", "ticket = substr(ticket, 2) || 'x'", "give other visits"),
        ("second_look_numbers", "digest = 'd'", "differs from the digest that was logged"),
        ("log_leaves", "digest = 'd' WHERE event = 'second_look'", "differs from the digest that was logged"),
    ],
)
def test_a_touched_choice_is_named(
    app: Flask, session: Session, second: Second, table: str, change: str, told: str
) -> None:
    number = second.draw().number
    code, said = check(app, session)
    assert (code, "1 choices agree" in said) == (0, True), said
    touch(session, table, change)
    code, said = check(app, session)
    assert code == 1
    assert number in said
    assert told in said


def test_a_frozen_list_is_held_against_the_log(app: Flask, session: Session, second: Second) -> None:
    second.freeze()
    assert check(app, session)[0] == 0
    touch(session, "second_look_rounds", "digest = 'd'")
    assert check(app, session)[0] == 1
