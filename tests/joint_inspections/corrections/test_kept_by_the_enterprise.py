"""What the enterprise gets to keep of a decision: what, by which department, when, on which order; nobody's name."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.corrections.rules import EntryKind
from joint_inspections.follow_ups.services import reopen_follow_up
from joint_inspections.papers.rules import order_series
from joint_inspections.papers.services import Order as PaperOrder
from joint_inspections.papers.services import issue_paper
from supervision import clock
from tests.joint_inspections.conftest import LETTERHEAD
from tests.joint_inspections.corrections.conftest import Order
from tests.pages import Browser

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
SAYS = {
    EntryKind.ACCEPTED: {"zh": "问题已改正", "en": "the problem is corrected"},
    EntryKind.RETURNED: {"zh": "（含当日）前补充", "en": "something is missing"},
    EntryKind.REINSPECTION: {"zh": "现场复查", "en": "looks at it again on site"},
    EntryKind.EXTENDED: {"zh": "改正期限延长至", "en": "grants more time"},
    EntryKind.EXTENSION_REFUSED: {"zh": "不同意延期", "en": "does not grant more time"},
}


def order_paper(order: Order, language: str) -> str:
    """Issue the order to correct and return its number."""
    follow_up = order.follow_up
    paper = PaperOrder(order_series(follow_up.item.code), language)
    return issue_paper(order.session, follow_up.visit, paper, letterhead=LETTERHEAD, actor=order.lead).number


@LANGUAGES
@pytest.mark.parametrize("kind", list(SAYS))
def test_each_decision_can_be_kept(order: Order, browse: Browser, kind: EntryKind, language: str) -> None:
    order_paper(order, "en")
    number = order_paper(order, "zh")
    if kind in {EntryKind.EXTENDED, EntryKind.EXTENSION_REFUSED}:
        order.ask()
        entry, decider = order.answer(granted=kind is EntryKind.EXTENDED), order.head
    else:
        order.send()
        entry, decider = order.decide(kind), order.lead
    phone, address = browse(language=language), f"{order.address}receipts/{entry.number}"
    assert f'href="{address}"' in phone.get(order.address).text
    page = phone.get(address).text
    for shown in (SAYS[kind][language], number, entry.text, entry.digest, order.follow_up.visit.entity.name):
        assert shown in page
    assert decider.name
    assert decider.name not in page


def test_a_refusal_of_more_time_shows_no_deadline_that_came_later(
    session: Session, order: Order, browse: Browser
) -> None:
    order.ask()
    entry = order.answer(granted=False)
    order.follow_up.due_on += timedelta(days=40)
    session.commit()
    page = browse(language="en").get(f"{order.address}receipts/{entry.number}").text
    assert "Deadline of the order" not in page
    assert order.follow_up.due_on.isoformat() not in page
    assert "nothing else on this page" in page


def test_a_decision_names_the_order_it_was_taken_on_and_says_how_it_stands_now(
    session: Session, order: Order, browse: Browser
) -> None:
    order.send()
    entry = order.decide(EntryKind.ACCEPTED)
    phone, address = browse(language="en"), f"{order.address}receipts/{entry.number}"
    page = phone.get(address).text
    # no order was served by the platform: the inspection names the matter
    assert f"Inspection {order.follow_up.visit.number}" in page
    assert "Corrected, confirmed by the department" in page
    follow_up, day = order.follow_up, clock.today()
    reopen_follow_up(session, follow_up, reason="复发", due_on=day, version=follow_up.version, actor=order.lead)
    later = order_paper(order, "zh")
    page = phone.get(address).text
    assert later not in page
    assert "Evidence awaited from the enterprise" in page
