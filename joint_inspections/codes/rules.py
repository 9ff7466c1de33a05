"""When an enterprise may rate, answer and confirm, and what may be shown of ratings (R-3.13)."""

from dataclasses import dataclass
from datetime import date, timedelta

from supervision.labels import N_, Labeled

BEST = 5


class Question(Labeled):
    """What is rated, one to five."""

    LAWFUL = "lawful", N_("Certificates, notice and rights were shown and told at the beginning")
    CLEAR = "clear", N_("What was checked, and on what basis, was clear")
    SPARING = "sparing", N_("The inspection disturbed our work as little as it could")
    FAIR = "fair", N_("The result was told and explained; we were heard")


class Breach(Labeled):
    """八个不得: what inspectors must not do (国办发〔2024〕54号); told apart from the marks."""

    GIFTS = "gifts", N_("Gifts, pay or benefits were accepted")
    TREATS = "treats", N_("Meals, entertainment or travel were accepted")
    COSTS = "costs", N_("We were made to pay expenses of the inspection")
    INTERMEDIARY = "intermediary", N_("A certain intermediary was forced on us")
    PRESENCE = "presence", N_("The legal representative was told to be present")
    SEIZURE = "seizure", N_("Something was sealed, detained or stopped at will")
    QUOTA = "quota", N_("The inspection served a quota")
    DISGUISE = "disguise", N_("It was called a visit, guidance or study")


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Return the quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        following = date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1)
        return following - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def may_be_shown(quarter: Quarter, count: int, *, today: date, days_to_rate: int, fewest: int) -> bool:
    """Say whether a department may read the sums of a quarter.

    Only when nobody can add a rating any more and there are enough: sums that grow one by one would tell each of them.
    """
    return count >= fewest and today > quarter.ends_on + timedelta(days=days_to_rate)
