"""How check answers become item results, section results and a record (R-1.29, R-1.33)."""

from supervision.labels import N_, Labeled

NO_PROBLEM, NO_ACTIVITY = "1", "7"
EXCLUSIVE = frozenset({NO_PROBLEM, NO_ACTIVITY})
NO_PROBLEM_CODES = frozenset({"1", "7", "L1", "L2", "L3", "L4", "L5"})


class ReviewDecision(Labeled):
    """Decision of the reviewer: approve or return, never edit."""

    APPROVED = "approved", N_("Approved"), "success"
    RETURNED = "returned", N_("Returned"), "danger"


class Disposal(Labeled):
    """后续处置 chosen for a problem (R-1.35)."""

    NONE = "none", N_("No follow-up needed"), "neutral"
    CORRECTION = "correction", N_("Correction ordered"), "warning"
    CASE = "case", N_("Evidence fixed, handed to the case unit"), "danger"
    REFERRAL = "referral", N_("Another department notified"), "info"
    DAILY = "daily", N_("Fed back to daily supervision"), "info"


def overall_results(item_results: list[str]) -> list[str]:
    """Return a department's overall result codes from those of its items (R-1.33).

    Codes 1 and 7 stand alone: 7 only if every item says so, 1 only if no item has a problem.
    """
    found = set(item_results)
    problems = sorted(found - EXCLUSIVE)
    if problems:
        return problems
    return [NO_ACTIVITY] if found == {NO_ACTIVITY} else [NO_PROBLEM]
