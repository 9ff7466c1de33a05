"""The command that recomputes every choice outside draws names a draw of experts that was touched."""

from flask import Flask
from sqlalchemy.orm import Session

from tests.joint_inspections.experts.conftest import Experts
from tests.joint_inspections.lots_checks import check, touch


def test_a_touched_outcome_is_named(app: Flask, session: Session, experts: Experts) -> None:
    assert check(app, session)[0] == 0
    number = experts.draw_with().number
    code, said = check(app, session)
    assert (code, "Computed anew: 1. All agree" in said) == (0, True), said
    touch(session, "expert_draws", "record = record || ' '")
    code, said = check(app, session)
    assert code == 1
    assert number in said
    assert "Computed anew: 1. Of these 1 do not agree." in said
