"""Two people of the receiver, one clue, the same moment."""

import threading

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from joint_inspections.records import services as records
from joint_inspections.transfers import queries, services
from joint_inspections.transfers.models import Transfer, TransferAnswer
from joint_inspections.transfers.rules import Outcome, Reply, TransferKind
from joint_inspections.transfers.sending import Clue, send
from joint_inspections.visits.models import Visit
from supervision.accounts.queries import actor_of
from supervision.errors import DomainError
from supervision.permissions import Role
from tests.joint_inspections.field.test_parallel_phones import Town, apart, town
from tests.joint_inspections.transfers.conftest import LETTERHEAD

__all__ = ["apart", "town"]  # fixtures


def test_two_answers_at_the_same_moment_are_one_answer(town: Town) -> None:
    visit_id = next(one for one, _leader, _mate in town.ready_visits())
    district, session = town.district, town.session
    visit = session.get_one(Visit, visit_id)
    records.begin_visit(session, visit, actor=district.inspector(visit.leader))
    third = district.make.department()
    clue = Clue(TransferKind.NOTICE, third, "消防通道堵塞", "消防法第二十八条")
    transfer = send(session, visit, clue, letterhead=LETTERHEAD, actor=district.actor(Role.LEAD))
    people = [actor_of(district.make.user(role, department=third)) for role in (Role.LEAD, Role.CASE_OFFICER)]
    services.claim(session, transfer, version=transfer.version, actor=people[0])
    session.commit()
    transfer_id, seen = transfer.id, transfer.version
    said: list[str] = []
    together = threading.Barrier(2)

    def reply(number: int) -> None:
        with Session(town.app.extensions["engine"]) as own:
            given = Reply(Outcome.HANDLED, f"第{number}人的反馈")
            together.wait(30)
            try:
                one = queries.get_for_change(own, people[number], transfer_id)
                services.answer(own, one, given, version=seen, actor=people[number])
                own.commit()
                said.append("answered")
            except DomainError as error:
                said.append(error.code)
            except StaleDataError:
                said.append("changed-meanwhile")

    threads = [threading.Thread(target=reply, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["answered", "changed-meanwhile"]
    session.expire_all()
    assert session.query(TransferAnswer).count() == 1
    assert session.get_one(Transfer, transfer_id).answer is not None
