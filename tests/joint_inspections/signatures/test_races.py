"""One signature, two visits, the same moment."""

import threading
import time

from sqlalchemy.orm import Session

from joint_inspections.records import services as records
from joint_inspections.signatures.services import sign_by_party
from joint_inspections.signatures.whole import record_digest
from joint_inspections.visits.models import Visit
from supervision.errors import Conflict
from tests.joint_inspections.evidence.files import drawing, send
from tests.joint_inspections.field.test_parallel_phones import Town, apart, town

__all__ = ["apart", "town"]  # fixtures


def test_two_visits_never_take_the_same_signature_at_the_same_moment(town: Town) -> None:
    visits = [visit_id for visit_id, _leader, _mate in town.ready_visits()][:2]
    district, session = town.district, town.session
    leaders = {}
    for visit in (session.get_one(Visit, one) for one in visits):
        leaders[visit.id] = district.inspector(visit.leader)
        records.begin_visit(session, visit, actor=leaders[visit.id])
        records.set_outcome(session, visit, code="closed", note="铁门紧锁", actor=leaders[visit.id])
    for one in leaders.values():
        sha256 = send(session, drawing(80), "image/png", one)
    session.commit()
    said, begun = [], threading.Event()

    def sign(visit_id: int, *, first: bool) -> None:
        with Session(town.app.extensions["engine"]) as own:
            visit = own.get_one(Visit, visit_id)
            try:
                sign_by_party(
                    own, visit, how="signed", seen=record_digest(own, visit), name="王店长", role="店长",
                    file_sha256=sha256, reason="", second_inspector_id=None, actor=leaders[visit_id],
                )  # fmt: skip
                begun.set()
                time.sleep(0.5 if first else 0)
                own.commit()
                said.append("taken")
            except Conflict as error:
                said.append(error.code)

    one = threading.Thread(target=sign, args=(visits[0],), kwargs={"first": True})
    other = threading.Thread(target=sign, args=(visits[1],), kwargs={"first": False})
    one.start()
    assert begun.wait(30)
    other.start()
    for thread in (one, other):
        thread.join(60)
    assert sorted(said) == ["signature-used", "taken"]
