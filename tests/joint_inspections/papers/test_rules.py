"""Numbers of papers, what they rest on, and when the papers of an emergency are late."""

from datetime import date

from joint_inspections.papers.rules import PaperKind, paper_number, papers_due, papers_late, source_digest
from supervision.workdays.rules import WorkCalendar

FRIDAY = date(2026, 11, 20)
TUESDAY = date(2026, 11, 24)


def test_a_number_names_visit_kind_and_serial() -> None:
    assert paper_number("310106-20260918-0001", PaperKind.ORDER, 7) == "310106-20260918-0001-ZG07"


def test_another_source_has_another_digest() -> None:
    assert source_digest("a", "bc") != source_digest("ab", "c")


def test_papers_of_an_emergency_are_complete_two_working_days_later() -> None:
    assert papers_due(FRIDAY, workdays=2, calendar=WorkCalendar()) == TUESDAY


def test_a_missing_or_later_paper_makes_an_emergency_late() -> None:
    wednesday = date(2026, 11, 25)
    assert not papers_late(TUESDAY, [FRIDAY, None], today=TUESDAY)
    assert papers_late(TUESDAY, [FRIDAY, None], today=wednesday)
    assert papers_late(TUESDAY, [FRIDAY, wednesday], today=wednesday)
    assert not papers_late(TUESDAY, [FRIDAY, TUESDAY], today=wednesday)
