"""A clue is sent, acknowledged, claimed and answered; each step by whoever may take it, each on record."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.follow_ups import services as follow_ups
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import list_changes
from joint_inspections.follow_ups.queries import list_of_visit as follow_ups_of
from joint_inspections.follow_ups.rules import FollowUpEnding, FollowUpState, FollowUpStep
from joint_inspections.follow_ups.services import Closing
from joint_inspections.papers.queries import list_papers, newest_of_series
from joint_inspections.papers.rules import Standing
from joint_inspections.papers.services import standing
from joint_inspections.records.rules import Disposal
from joint_inspections.transfers import deciding, queries, sending, services
from joint_inspections.transfers.figures import by_department
from joint_inspections.transfers.models import Transfer, TransferAnswer
from joint_inspections.transfers.paper import series_of
from joint_inspections.transfers.rules import (
    Extension,
    Outcome,
    Reply,
    Terms,
    TransferKind,
    TransferState,
    TransferStep,
    is_overdue,
)
from supervision import clock
from supervision.audit.queries import list_history
from supervision.errors import NotFound
from supervision.listing import ListQuery
from supervision.permissions import Actor, Role
from supervision.workdays.queries import get_calendar
from tests.factories import Make
from tests.joint_inspections.conftest import refused
from tests.joint_inspections.transfers.conftest import DAY, LETTERHEAD, Desk

OPENED = Reply(Outcome.CASE_OPENED, "已立案", number="沪静市监立〔2026〕88号")


def receiver(desk: Desk) -> Actor:
    return desk.actor(Role.LEAD, desk.third)


def claimed(desk: Desk, **values: object) -> Transfer:
    """A clue that the third department has claimed."""
    transfer = desk.send(**values)
    services.claim(desk.session, transfer, version=transfer.version, actor=receiver(desk))
    return transfer


def answered(desk: Desk, transfer: Transfer, reply: Reply = OPENED, actor: Actor | None = None) -> None:
    services.answer(desk.session, transfer, reply, version=transfer.version, actor=actor or receiver(desk))


def follow_up_of(desk: Desk) -> FollowUp:
    return follow_ups_of(desk.session, desk.visit.id)[0]


def events(session: Session, transfer: Transfer) -> list[str]:
    return [one.event.value for one in reversed(list_history(session, "transfer", transfer.id))]


def test_sending_issues_a_numbered_letter_starts_the_clocks_and_lets_the_follow_up_wait(desk: Desk) -> None:
    session, transfer = desk.session, desk.send()
    paper = newest_of_series(session, desk.visit, series_of(transfer), "zh")
    assert paper is not None
    assert paper.number == transfer.number == f"{desk.visit.number}-YS01"
    assert (transfer.state, transfer.next_due_on, transfer.claim_by, transfer.due_on) == (
        TransferState.SENT, date(2026, 11, 27), date(2026, 12, 1), date(2026, 12, 15),
    )  # fmt: skip
    follow_up = follow_up_of(desk)
    assert (follow_up.id, follow_up.step_due_on) == (transfer.follow_up_id, transfer.due_on)
    assert events(session, transfer) == ["clue_sent"]
    assert list_history(session, "follow_up", follow_up.id)[0].event.value == "transfer_sent"
    said = str(paper.facts)
    assert desk.digests[0] in said
    assert desk.digests[1] not in said
    others = [one.inspector.name for one in desk.visit.team_now]
    assert not any(name in said for name in others)
    assert standing(session, paper) is Standing.HOLDS


def test_deadlines_count_working_days_across_holidays_and_moved_days(session: Session, make: Make) -> None:
    make.catalogues()
    # Mid-Autumn 25–27 September, National Day 1–7 October, Saturday 10 October is worked (国务院办公厅 2026)
    terms = Terms.counted(date(2026, 9, 24), (3, 5, 15), get_calendar(session))
    assert terms == Terms(date(2026, 9, 30), date(2026, 10, 9), date(2026, 10, 22))


def test_an_overdue_step_is_found_and_an_extension_is_counted_from_the_deadline(desk: Desk) -> None:
    session, transfer = desk.session, claimed(desk)
    services.ask_extension(session, transfer, text="需要检验", version=transfer.version, actor=receiver(desk))
    head = desk.actor(Role.HEAD, desk.third)
    with refused("refusal-why"):
        deciding.decide_extension(session, transfer, granted=False, text="", version=transfer.version, actor=head)
    deciding.decide_extension(session, transfer, granted=True, text="", version=transfer.version, actor=head)
    # fifteen working days after 15 December, New Year's days 1–3 January 2027 left out by forecast
    assert transfer.extension is Extension.GRANTED
    assert transfer.due_on > date(2027, 1, 4)
    assert follow_up_of(desk).step_due_on == transfer.due_on
    with refused("extension-once"):
        services.ask_extension(session, transfer, text="再延", version=transfer.version, actor=receiver(desk))
    coordinator = desk.district.make.actor(Role.COORDINATOR)
    late = ListQuery(filters={"mark": "overdue"})
    assert not queries.list_transfers(session, coordinator, late, box="all").items
    with clock.at(clock.begin_of(transfer.due_on + timedelta(days=1))):
        assert is_overdue(transfer.state, transfer.next_due_on, today=clock.today())
        assert [one.id for one in queries.list_transfers(session, coordinator, late, box="all").items] == [transfer.id]
        assert queries.count_waiting(session, receiver(desk)).overdue == 1
        answered(desk, transfer)
    assert transfer.answer is not None
    assert transfer.answer.late


def test_more_time_is_asked_for_before_the_deadline_and_only_the_head_grants_it(desk: Desk) -> None:
    session, transfer = desk.session, claimed(desk)
    with clock.at(clock.begin_of(transfer.due_on + timedelta(days=1))), refused("extension-late"):
        services.ask_extension(session, transfer, text="晚了", version=transfer.version, actor=receiver(desk))
    services.ask_extension(session, transfer, text="需要检验", version=transfer.version, actor=receiver(desk))
    for other in (receiver(desk), desk.actor(Role.HEAD), desk.actor(Role.LEAD)):
        with refused("head-extends"):
            deciding.decide_extension(session, transfer, granted=True, text="", version=transfer.version, actor=other)
    head = desk.actor(Role.HEAD, desk.third)
    before = transfer.due_on
    deciding.decide_extension(session, transfer, granted=False, text="理由不足", version=transfer.version, actor=head)
    assert (transfer.extension, transfer.due_on) == (Extension.REFUSED, before)


def test_the_answer_closes_the_follow_up_and_is_given_once(desk: Desk) -> None:
    session, transfer = desk.session, claimed(desk)
    follow_up = follow_up_of(desk)
    with refused("answer-awaited"):
        follow_ups.close_follow_up(
            session, follow_up, Closing(FollowUpEnding.HANDED_OVER, "已移送", DAY), version=follow_up.version,
            actor=desk.actor(Role.LEAD),
        )  # fmt: skip
    seen = transfer.version
    answered(desk, transfer)
    assert transfer.state is TransferState.ANSWERED
    assert (follow_up.state, follow_up.ending, follow_up.step_due_on) == (
        FollowUpState.CLOSED, FollowUpEnding.HANDED_OVER, None,
    )  # fmt: skip
    assert OPENED.number in follow_up.closing_note
    with refused("changed-meanwhile"):
        services.answer(session, transfer, OPENED, version=seen, actor=receiver(desk))
    with refused("transfer-state"):
        answered(desk, transfer)
    assert events(session, transfer) == ["clue_sent", "clue_claimed", "clue_answered"]
    assert session.query(TransferAnswer).count() == 1


@pytest.mark.parametrize("desk", [Disposal.CORRECTION], indirect=True)
def test_an_order_to_correct_goes_on_after_the_answer(desk: Desk) -> None:
    transfer = claimed(desk)
    no_case = Reply(Outcome.NO_CASE, "已改正", reason_code="minor-corrected", clause="行政处罚法第三十三条")
    answered(desk, transfer, no_case)
    follow_up = follow_up_of(desk)
    assert (follow_up.state, follow_up.step_due_on) == (FollowUpState.OPEN, None)
    assert list_changes(desk.session, follow_up)[0].step is FollowUpStep.HANDED_BACK


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(Outcome.CASE_OPENED, "x"), "case-number"),
        (Reply(Outcome.NO_CASE, "x", clause="第一条"), "no-case-reason"),
        (Reply(Outcome.NO_CASE, "x", reason_code="no-violation"), "no-case-clause"),
        (Reply(Outcome.HANDED_ON, "x", body="公安机关"), "handed-on-to"),
        (Reply(Outcome.HANDLED, "x"), "outcome-not-offered"),
    ],
)
def test_an_answer_that_leaves_something_out_is_refused(desk: Desk, reply: Reply, code: str) -> None:
    transfer = claimed(desk)
    with refused(code):
        answered(desk, transfer, reply)
    assert transfer.state is TransferState.CLAIMED


def test_only_the_receiver_acts_and_not_who_sent_it_to_the_own_case_unit(desk: Desk) -> None:
    session, transfer = desk.session, desk.send(receiver=desk.district.lead)
    outsiders = [desk.actor(Role.LEAD), desk.actor(Role.HEAD), desk.actor(Role.LEAD, desk.third)]
    outsiders.append(desk.district.make.actor(Role.COORDINATOR))
    for one in outsiders:
        with refused("not-receiver"):
            services.claim(session, transfer, version=transfer.version, actor=one)
    officer = desk.actor(Role.CASE_OFFICER)
    services.acknowledge(session, transfer, version=transfer.version, actor=officer)
    assert transfer.next_due_on == transfer.claim_by
    with refused("transfer-state"):
        services.acknowledge(session, transfer, version=transfer.version, actor=officer)
    services.claim(session, transfer, version=transfer.version, actor=officer)
    assert transfer.handler_id == officer.user_id
    answered(desk, transfer, actor=officer)
    with refused("own-unit-case"):
        desk.send(receiver=desk.district.lead, kind=TransferKind.NOTICE, item_id=None)


def test_a_returned_clue_goes_where_the_coordinator_says_and_is_not_returned_again(desk: Desk) -> None:
    session, transfer = desk.session, desk.send()
    services.give_back(
        session, transfer, reason_code="not-competent", text="属生态环境部门", version=transfer.version,
        actor=receiver(desk),
    )  # fmt: skip
    coordinator = desk.district.make.actor(Role.COORDINATOR)
    fourth = desk.district.make.department()
    with refused("coordinator-routes"):
        deciding.route(
            session, transfer, fourth, text="x", letterhead=LETTERHEAD, version=transfer.version,
            actor=desk.actor(Role.LEAD),
        )  # fmt: skip
    with clock.at(clock.now() + timedelta(days=2)):
        deciding.route(
            session, transfer, fourth, text="职责清单第三项", letterhead=LETTERHEAD, version=transfer.version,
            actor=coordinator,
        )  # fmt: skip
        assert (transfer.state, transfer.receiver_id, transfer.due_on) == (
            TransferState.SENT, fourth.id, date(2026, 12, 17),
        )  # fmt: skip
    assert follow_up_of(desk).step_due_on == date(2026, 12, 17)
    newest, first = list_papers(session, desk.visit)[:2]
    assert (standing(session, newest), standing(session, first)) == (Standing.HOLDS, Standing.SUPERSEDED)
    with pytest.raises(NotFound):
        queries.get_transfer(session, receiver(desk), transfer.id)
    with refused("receiver-designated"):
        services.give_back(
            session, transfer, reason_code="other", text="x", version=transfer.version,
            actor=desk.actor(Role.LEAD, fourth),
        )  # fmt: skip


def test_sent_back_or_withdrawn_the_follow_up_is_the_sender_s_again(desk: Desk) -> None:
    session, transfer = desk.session, desk.send()
    with refused("sender-withdraws"):
        sending.withdraw(session, transfer, text="x", version=transfer.version, actor=receiver(desk))
    with refused("withdrawal-why"):
        sending.withdraw(session, transfer, text="", version=transfer.version, actor=desk.actor(Role.LEAD))
    sending.withdraw(session, transfer, text="已自行处理", version=transfer.version, actor=desk.actor(Role.LEAD))
    assert (transfer.state, follow_up_of(desk).step_due_on) == (TransferState.WITHDRAWN, None)
    paper = newest_of_series(session, desk.visit, series_of(transfer), "zh")
    assert paper is not None
    assert standing(session, paper) is Standing.CHANGED
    second = desk.send()
    lead, coordinator = receiver(desk), desk.district.make.actor(Role.COORDINATOR)
    services.give_back(session, second, reason_code="other", text="材料不全", version=second.version, actor=lead)
    deciding.route(
        session, second, None, text="请补正", letterhead=LETTERHEAD, version=second.version, actor=coordinator
    )
    assert (second.state, second.awaited_by, follow_up_of(desk).step_due_on) == (TransferState.SENT_BACK, None, None)
    assert events(session, second) == ["clue_sent", "clue_returned", "clue_routed"]


def test_what_was_claimed_can_be_handed_on_and_the_next_department_owes_the_answer(desk: Desk) -> None:
    session, transfer = desk.session, claimed(desk)
    fourth = desk.district.make.department()
    with refused("other-receiver"):
        services.pass_on(
            session, transfer, desk.third, text="x", letterhead=LETTERHEAD, version=transfer.version,
            actor=receiver(desk),
        )  # fmt: skip
    services.pass_on(
        session, transfer, fourth, text="属其职责", letterhead=LETTERHEAD, version=transfer.version,
        actor=receiver(desk),
    )  # fmt: skip
    assert (transfer.state, transfer.receiver_id, transfer.handler_id) == (TransferState.SENT, fourth.id, None)
    with refused("not-receiver"):
        answered(desk, transfer)
    assert queries.list_changes(session, transfer)[0].step is TransferStep.HANDED_ON


def test_a_problem_is_handed_over_once_at_a_time_and_only_with_evidence_of_the_own_department(desk: Desk) -> None:
    desk.send()
    with refused("already-transferred"):
        desk.send()
    with refused("unknown-evidence"):
        desk.send(item_id=None, digests=[desk.digests[2]])
    with refused("unknown-evidence"):
        desk.send(item_id=None, digests=["0" * 64])
    lead_of_third = desk.actor(Role.LEAD, desk.third)
    with refused("may-not-transfer"):
        sending.send(desk.session, desk.visit, desk.clue(), letterhead=LETTERHEAD, actor=lead_of_third)
    with refused("may-not-transfer"):
        sending.send(desk.session, desk.visit, desk.clue(), letterhead=LETTERHEAD, actor=desk.actor(Role.HEAD))


def test_figures_say_how_many_were_answered_in_time_and_after_how_many_days(desk: Desk) -> None:
    session, first = desk.session, claimed(desk)
    desk.send(item_id=None)
    with clock.at(clock.now() + timedelta(days=10)):
        answered(desk, first)
    viewer = desk.district.make.actor(Role.OVERSIGHT)
    rows = by_department(session, queries.load_spells(session, viewer, first=date(2026, 1, 1), last=date(2026, 12, 31)))
    sent = next(one.sent for one in rows if one.department.id == desk.district.lead.id)
    assert (sent.count, sent.answered, sent.in_time, sent.open, sent.mean_days) == (2, 1, 1, 1, 10.0)
