"""Penalties, their severity and publicity periods (domain 4.2, 4.3, 4.4)."""

import calendar
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

ORDER_36_FROM = date(2026, 4, 1)
ORDER_58_FROM = date(2023, 5, 1)
FEN_PER_YUAN = 100
MOST_YUAN = Decimal(10**12)


class Severity(Labeled):
    """失信严重程度 under NDRC Order 36: sets the publicity period."""

    MINOR = "minor", N_("Minor"), "neutral"
    GENERAL = "general", N_("General"), "warning"
    SERIOUS = "serious", N_("Serious"), "danger"


class PenaltyState(Labeled):
    """Whether the decision is in force."""

    IN_FORCE = "in_force", N_("In force"), "warning"
    REVOKED = "revoked", N_("Revoked"), "neutral"


class Procedure(Labeled):
    """适用程序: only ordinary-procedure penalties are shown on GSXT (R-4.02)."""

    SUMMARY = "summary", N_("Summary procedure")
    ORDINARY = "ordinary", N_("Ordinary procedure")


class PenaltyKind(Labeled):
    """处罚种类 (行政处罚法 art. 9); the codes of ``penalty_kinds.csv``."""

    WARNING = "warning", N_("Warning")
    CRITICISM = "criticism", N_("Criticism by circular")
    FINE = "fine", N_("Fine")
    CONFISCATE_GAINS = "confiscate-gains", N_("Confiscation of unlawful gains")
    CONFISCATE_PROPERTY = "confiscate-property", N_("Confiscation of unlawful property")
    SUSPEND_PERMIT = "suspend-permit", N_("Temporary withholding of a permit")
    LOWER_GRADE = "lower-grade", N_("Lowering of the qualification grade")
    REVOKE_PERMIT = "revoke-permit", N_("Revocation of a permit")
    RESTRICT_OPERATION = "restrict-operation", N_("Restriction of production or business")
    SUSPEND_BUSINESS = "suspend-business", N_("Order to suspend production or business")
    ORDER_CLOSE = "order-close", N_("Order to close")
    RESTRICT_PRACTICE = "restrict-practice", N_("Restriction on practising")
    DETENTION = "detention", N_("Administrative detention")
    OTHER = "other", N_("Other penalties set by laws and administrative regulations")


class Regime(Labeled):
    """The order that set a publicity period, kept with it (R-4.06)."""

    ORDER_36 = "ndrc-36", N_("NDRC Order 36, for decisions from 2026-04-01")
    ORDER_58 = "ndrc-58", N_("NDRC Order 58, for decisions before 2026-04-01")


REPROOFS = frozenset({PenaltyKind.WARNING, PenaltyKind.CRITICISM})
# kinds that are serious whatever else was decided (Order 36)
ALWAYS_SERIOUS = frozenset({PenaltyKind.REVOKE_PERMIT, PenaltyKind.ORDER_CLOSE, PenaltyKind.RESTRICT_PRACTICE})
# a heavy penalty, without which nobody is listed (SAMR Order 44): these, or a fine of the heavier bracket
HEAVY_KINDS = ALWAYS_SERIOUS | {
    PenaltyKind.LOWER_GRADE,
    PenaltyKind.RESTRICT_OPERATION,
    PenaltyKind.SUSPEND_BUSINESS,
}


@dataclass(frozen=True, slots=True)
class Publicity:
    """How long a decision may be shown, from when it may be repaired, and which regime says so (R-4.06)."""

    regime: Regime
    starts_on: date | None = None
    ends_on: date | None = None
    earliest_repair_on: date | None = None


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last of a shorter month (民法典 art. 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def under_order_36(decided_on: date) -> bool:
    """Say whether the decision falls under NDRC Order 36; earlier ones keep the older regime."""
    return decided_on >= ORDER_36_FROM


def is_published(severity: Severity, kinds: Collection[str], procedure: Procedure, *, decided_on: date) -> bool:
    """Say whether the decision is published at all.

    Order 36: minor ones in principle not. Order 58: neither reproofs alone nor the summary procedure.
    """
    if under_order_36(decided_on):
        return severity is not Severity.MINOR
    return procedure is Procedure.ORDINARY and not REPROOFS.issuperset(kinds)


def regime_of(decided_on: date) -> Regime:
    """Return the regime a decision falls under."""
    return Regime.ORDER_36 if under_order_36(decided_on) else Regime.ORDER_58


def shown_on_public_pages(kinds: Collection[str], procedure: Procedure) -> bool:
    """Say whether public pages show it: the ordinary procedure only, and not reproofs alone (R-4.02)."""
    return procedure is Procedure.ORDINARY and not REPROOFS.issuperset(kinds)


def publicity(*, decided_on: date, published: bool, regime: Regime, least: int, most: int) -> Publicity:
    """Return the period of a decision: ``least`` months before repair, ``most`` months in all, from the decision."""
    if not published:
        return Publicity(regime)
    return Publicity(regime, decided_on, add_months(decided_on, most), add_months(decided_on, least))


def is_heavy(severity: Severity, kinds: Collection[str]) -> bool:
    """Say whether a penalty is heavy enough for a listing: serious, and a heavy kind or a fine among it."""
    return severity is Severity.SERIOUS and bool(set(kinds) & (HEAVY_KINDS | {PenaltyKind.FINE}))


def check_severity(severity: Severity, kinds: Collection[str], procedure: Procedure) -> None:
    """Refuse a severity that contradicts procedure or kinds (Order 36)."""
    if procedure is Procedure.SUMMARY and severity is not Severity.MINOR:
        raise Invalid("summary-is-minor", "A penalty by summary procedure is minor. Choose Minor.", field="severity")
    if kinds and REPROOFS.issuperset(kinds) and severity is not Severity.MINOR:
        raise Invalid("reproof-is-minor", "A warning or criticism alone is minor. Choose Minor.", field="severity")
    if ALWAYS_SERIOUS & set(kinds) and severity is not Severity.SERIOUS:
        raise Invalid(
            "ban-is-serious",
            "Revocation of a permit, closure and a ban on practising are serious. Choose Serious.",
            field="severity",
        )


def check_amounts(kinds: Collection[str], *, fine_fen: int, confiscated_fen: int) -> None:
    """Refuse a fine without its kind, and the kind without an amount."""
    if (PenaltyKind.FINE in kinds) != (fine_fen > 0):
        raise Invalid("fine-amount", "Enter an amount if and only if a fine is among the kinds.", field="fine")
    if confiscated_fen and PenaltyKind.CONFISCATE_GAINS not in kinds:
        raise Invalid(
            "confiscated-amount",
            "An amount was confiscated: choose the confiscation of unlawful gains among the kinds.",
            field="kinds",
        )


def check_summary_fine(procedure: Procedure, *, fine_fen: int, most_yuan: int) -> None:
    """Refuse a fine above the ceiling of the summary procedure (行政处罚法 art. 51)."""
    if procedure is Procedure.SUMMARY and fine_fen > most_yuan * FEN_PER_YUAN:
        raise Invalid(
            "summary-ceiling",
            "The summary procedure allows a fine of at most %(most)s yuan. Correct the fine or the procedure.",
            field="fine",
            most=most_yuan,
        )


def check_decided_on(decided_on: date, *, today: date) -> None:
    """Refuse a decision of the future."""
    if decided_on > today:
        raise Invalid("decided-later", "The day of the decision may not lie in the future.", field="decided_on")


def check_revocable(state: PenaltyState) -> None:
    """Only a decision in force can be revoked."""
    if state is not PenaltyState.IN_FORCE:
        raise WrongState("penalty-revoked", "This penalty has been revoked already.")


def fen_of(text: str, *, field: str) -> int:
    """Return an amount typed in yuan as fen: ``1,234.50``, full-width digits and an empty entry are understood."""
    cleaned = text.translate(FULL_WIDTH).replace(",", "").replace(" ", "").removesuffix("元")
    if not cleaned:
        return 0
    # by hand: Decimal would also take 1e5, which is no way to write an amount of money
    if not AMOUNT.fullmatch(cleaned) or Decimal(cleaned) > MOST_YUAN:
        raise Invalid("amount", "Enter the amount in yuan with at most two decimals, such as 1500.50.", field=field)
    return int(Decimal(cleaned) * FEN_PER_YUAN)


AMOUNT = re.compile(r"[0-9]{1,20}([.][0-9]{1,2}0*)?")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def ten_thousand_yuan(fen: int) -> str:
    """Return an amount as the standard exchanges it: in 10,000 yuan with six decimals (CF_NR_FK, R-4.08)."""
    return f"{Decimal(fen) / (FEN_PER_YUAN * 10_000):.6f}"
