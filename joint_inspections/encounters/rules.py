"""How often is too often, and what becomes of an offer to go together (R-1.45, R-3.04 to R-3.06)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from supervision.errors import WrongState
from supervision.labels import N_, Labeled

LAST_OF_WEEK = 6
YEAR_OF_DAYS = 365
REASONS = "encounter_override_reasons"


class Period(Labeled):
    """The periods in which visits to one enterprise are counted."""

    DAY = "day", N_("The day"), "neutral"
    WEEK = "week", N_("The week"), "neutral"
    MONTH = "month", N_("The month"), "neutral"


PARAMETERS = {
    Period.DAY: "visits-per-day",
    Period.WEEK: "visits-per-week",
    Period.MONTH: "visits-per-month",
}


class Ground(Labeled):
    """What enforcement oversight lets pass."""

    FREQUENCY = "frequency", N_("Visited too often"), "warning"
    FRUITLESS = "fruitless", N_("Repeated checks without a problem"), "warning"


class OfferState(Labeled):
    """waiting → accepted or declined; the one who offers may withdraw, either side may part again before the visit."""

    WAITING = "waiting", N_("Waiting for an answer"), "warning"
    ACCEPTED = "accepted", N_("They go together"), "success"
    DECLINED = "declined", N_("They go apart"), "neutral"
    WITHDRAWN = "withdrawn", N_("Withdrawn"), "neutral"


OPEN_OFFERS = (OfferState.WAITING, OfferState.ACCEPTED)
_MOVES = {
    OfferState.ACCEPTED: frozenset({OfferState.WAITING}),
    OfferState.DECLINED: frozenset({OfferState.WAITING}),
    OfferState.WITHDRAWN: frozenset({OfferState.WAITING, OfferState.ACCEPTED}),
}


def offer_after(state: OfferState, target: OfferState) -> OfferState:
    """Return the next state of an offer, or refuse."""
    if state not in _MOVES[target]:
        raise WrongState("offer-moved-on", "This offer has been answered or withdrawn meanwhile. Reload the page.")
    return target


def span(period: Period, day: date) -> tuple[date, date]:
    """Return the first and last day of the period in which ``day`` lies."""
    if period is Period.DAY:
        return day, day
    if period is Period.WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=LAST_OF_WEEK)
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(day=1), after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodSum:
    """Visits to an enterprise in one period beside the one looked at, and how many there may be with it."""

    period: Period
    first: date
    last: date
    counted: int
    allowed: int

    @property
    def with_this(self) -> int:
        """The number when this visit is made too."""
        return self.counted + 1

    @property
    def over(self) -> bool:
        """Whether this visit is one too many."""
        return self.with_this > self.allowed


def period_sums(day: date, others: Collection[date], allowed: dict[Period, int]) -> tuple[PeriodSum, ...]:
    """Return the sums of all periods for a visit on ``day`` beside doors opened on the days ``others``."""
    found = []
    for period in Period:
        first, last = span(period, day)
        counted = sum(first <= one <= last for one in others)
        found.append(PeriodSum(period, first, last, counted, allowed[period]))
    return tuple(found)


def doors(visits: Iterable[tuple[int, date]], pairs: Iterable[tuple[int, int]]) -> dict[int, date]:
    """Return one visit and day for each door: visits that go together are one."""
    days = dict(visits)
    root = {visit: visit for visit in days}

    def find(visit: int) -> int:
        while root[visit] != visit:
            visit = root[visit]
        return visit

    for one, other in pairs:
        if one in root and other in root:
            low, high = sorted((find(one), find(other)))
            root[high] = low
    return {visit: day for visit, day in days.items() if find(visit) == visit}
