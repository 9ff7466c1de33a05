"""Severity, amounts and publicity periods by the regime of the day of the decision."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from punishments.penalties.queries import compute_publicity
from punishments.penalties.rules import (
    PenaltyKind,
    Procedure,
    Publicity,
    Regime,
    Severity,
    add_months,
    check_severity,
    fen_of,
    is_heavy,
    shown_on_public_pages,
    ten_thousand_yuan,
)
from supervision.catalogue_files import FOLDER, read_catalogue
from supervision.errors import Invalid
from tests.factories import Make


def period(
    session: Session,
    decided_on: date,
    severity: Severity,
    *,
    kinds: tuple[str, ...] = ("fine",),
    procedure: Procedure = Procedure.ORDINARY,
    safety_field: bool = False,
) -> Publicity:
    return compute_publicity(
        session,
        decided_on=decided_on,
        severity=severity,
        kinds=kinds,
        procedure=procedure,
        safety_field=safety_field,
    )


def test_the_kinds_are_those_of_the_catalogue() -> None:
    assert [kind.value for kind in PenaltyKind] == [row["code"] for row in read_catalogue(FOLDER, "penalty_kinds")]


def test_order_36_shows_general_for_a_year_and_serious_for_three(session: Session, make: Make) -> None:
    make.catalogues()
    day = date(2026, 4, 1)
    general, serious = period(session, day, Severity.GENERAL), period(session, day, Severity.SERIOUS)
    assert general == Publicity(Regime.ORDER_36, day, date(2027, 4, 1), date(2026, 7, 1))
    assert serious == Publicity(Regime.ORDER_36, day, date(2029, 4, 1), date(2027, 4, 1))


def test_order_36_does_not_publish_minor_decisions(session: Session, make: Make) -> None:
    make.catalogues()
    assert period(session, date(2026, 6, 1), Severity.MINOR) == Publicity(Regime.ORDER_36)


def test_a_decision_of_march_2026_keeps_the_older_regime(session: Session, make: Make) -> None:
    make.catalogues()
    day = date(2026, 3, 31)
    assert period(session, day, Severity.MINOR) == Publicity(Regime.ORDER_58, day, date(2029, 3, 31), date(2026, 6, 30))
    safety = period(session, day, Severity.GENERAL, safety_field=True)
    assert safety.earliest_repair_on == date(2027, 3, 31)


def test_order_58_publishes_neither_reproofs_nor_the_summary_procedure(session: Session, make: Make) -> None:
    make.catalogues()
    day = date(2025, 3, 1)
    assert period(session, day, Severity.MINOR, kinds=("warning",)).starts_on is None
    assert period(session, day, Severity.MINOR, procedure=Procedure.SUMMARY).starts_on is None
    assert period(session, day, Severity.MINOR, kinds=("warning", "fine")).starts_on == day


def test_decisions_older_than_every_parameter_still_get_a_period(session: Session, make: Make) -> None:
    make.catalogues()
    assert period(session, date(2019, 1, 1), Severity.SERIOUS).ends_on == date(2022, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 12, 15), 36, date(2029, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("severity", "kinds", "procedure", "code"),
    [
        (Severity.GENERAL, ("fine",), Procedure.SUMMARY, "summary-is-minor"),
        (Severity.SERIOUS, ("warning",), Procedure.ORDINARY, "reproof-is-minor"),
        (Severity.GENERAL, ("fine", "revoke-permit"), Procedure.ORDINARY, "ban-is-serious"),
    ],
)
def test_a_severity_that_contradicts_the_decision_is_refused(
    severity: Severity, kinds: tuple[str, ...], procedure: Procedure, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_severity(severity, kinds, procedure)
    assert refused.value.code == code
    assert refused.value.field == "severity"


def test_heavy_is_serious_and_more_than_a_reproof() -> None:
    assert is_heavy(Severity.SERIOUS, ("fine",))
    assert is_heavy(Severity.SERIOUS, ("suspend-business",))
    assert not is_heavy(Severity.SERIOUS, ("confiscate-gains",))
    assert not is_heavy(Severity.GENERAL, ("fine",))
    assert not is_heavy(Severity.MINOR, ("fine",))


def test_public_pages_show_only_the_ordinary_procedure_beyond_reproofs() -> None:
    assert shown_on_public_pages(("warning", "fine"), Procedure.ORDINARY)
    assert not shown_on_public_pages(("fine",), Procedure.SUMMARY)
    assert not shown_on_public_pages(("warning", "criticism"), Procedure.ORDINARY)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1500.50", 150_050),
        ("１，５００．５", 150_050),
        ("1,500元", 150_000),
        ("", 0),
        ("0.01", 1),
        (" 20 000 ", 2_000_000),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, fen: int) -> None:
    assert fen_of(typed, field="fine") == fen


@pytest.mark.parametrize(
    "typed", ["-1", "1.005", "abc", "NaN", "Infinity", "1e5", "1_000", "1e13", "一千", "1..2", "9" * 40]
)
def test_what_is_no_amount_is_refused_with_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        fen_of(typed, field="fine")
    assert refused.value.field == "fine"


def test_the_standard_counts_in_ten_thousand_yuan() -> None:
    assert ten_thousand_yuan(5_000_000) == "5.000000"
    assert ten_thousand_yuan(1) == "0.000001"
