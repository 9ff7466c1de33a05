"""How sure the house is of a rule, what a value may look like, and which lists of reasons there are."""

import re
from datetime import date

from supervision.errors import Invalid
from supervision.labels import N_, Labeled


class Certainty(Labeled):
    """Shown beside every parameter, so that a default is never mistaken for law."""

    LAW = "law", N_("Law"), "info"
    DEFAULT = "default", N_("House default, may be changed"), "neutral"
    MEMORY = "memory", N_("To be checked against the text"), "warning"


# file name of each shipped list of coded reasons, and what it is for
REASON_LISTS: dict[str, str] = {
    "exclusion_reasons": N_("Why an entity is left out of a pool"),
    "strike_grounds": N_("Why a drawn entity is struck"),
    "recusal_reasons": N_("Why an inspector is recused"),
    "replacement_grounds": N_("Why an inspector is replaced"),
    "expert_change_grounds": N_("Why an expert is replaced"),
    "tie_kinds": N_("Interests and ties of inspectors"),
    "void_reasons": N_("Why a draw is void"),
    "abandon_reasons": N_("Why a draw is abandoned"),
    "witness_kinds": N_("Witnesses of a draw"),
    "witness_removal_reasons": N_("Why a named witness was taken off a draw"),
    "ordered_grounds": N_("Why an inspection is ordered without a draw"),
    "encounter_override_reasons": N_("Why a too frequent visit, or an inspector, is let through"),
    "cap_override_reasons": N_("Why an inspection goes ahead beyond the yearly cap"),
    "not_carried_out_reasons": N_("Why an inspection is not carried out"),
    "visit_outcomes": N_("How a visit ended"),
    "return_reasons": N_("Why a record is returned"),
    "unpublished_reasons": N_("Why a result is not published within the period"),
    "correction_reasons": N_("Why a published result is corrected"),
    "late_plan_grounds": N_("Why a plan is first published after the deadline"),
    "service_methods": N_("How a document is served on a party"),
    "visit_papers": N_("Papers of a visit"),
    "transfer_return_reasons": N_("Why a transferred clue is returned"),
    "no_case_reasons": N_("Why no case is opened"),
}

UNIT_LABELS: dict[str, str] = {
    "persons": N_("persons"),
    "flag": N_("1 yes, 0 no"),
    "working_days": N_("working days"),
    "days": N_("days"),
    "months": N_("months"),
    "years": N_("years"),
    "hours": N_("hours"),
    "minutes": N_("minutes"),
    "times": N_("times"),
    "entities": N_("objects of inspection"),
    "inspections": N_("inspections"),
    "attempts": N_("attempts"),
    "characters": N_("characters"),
    "sessions": N_("sessions"),
    "yuan": N_("yuan"),
    "text": N_("text"),
    "bp": N_("hundredths of a percent"),
    "month_day": N_("month-day"),
    "MB": N_("MB"),
    "files": N_("files"),
    "mails": N_("mails"),
    "megapixels": N_("million pixels"),
    "bits": N_("bits"),
}

# what the law itself fixes: no version may go below it
FLOORS = {"team-minimum": 2}

WHOLE_RATIO = 10_000
LARGEST = 1_000_000_000
LONGEST_TEXT = 64
_WHOLE_NUMBER = re.compile(r"[0-9]{1,10}")
# 29 February is refused: the day must exist in every year
_ORDINARY_YEAR = 2025


def checked_value(code: str, value: str, unit: str) -> str:
    """Return the value of parameter ``code`` as stored, or refuse what its unit or the law does not allow."""
    value = value.strip()
    if unit == "month_day":
        return _checked_month_day(value)
    if unit == "text":
        return _checked_text(value)
    if not _WHOLE_NUMBER.fullmatch(value) or int(value) > LARGEST:
        raise Invalid("not-a-number", "Write a whole number from 0 to 1000000000, digits only.", field="value")
    number = int(value)
    if unit == "flag" and number > 1:
        raise Invalid("not-a-flag", "Write 1 for yes or 0 for no.", field="value")
    if unit == "bp" and number > WHOLE_RATIO:
        raise Invalid("ratio-too-large", "Write at most 10000, which is 100 percent.", field="value")
    if number < FLOORS.get(code, 0):
        raise Invalid("below-law", "The law sets %(least)s as the least.", field="value", least=FLOORS[code])
    return str(number)


def check_effective(effective_from: date, *, today: date) -> None:
    """Refuse a version that would change the past: what was computed yesterday stays as it was."""
    if effective_from < today:
        raise Invalid("effective-in-past", "Choose today or a later day.", field="effective_from")


def _checked_text(value: str) -> str:
    if not 0 < len(value) <= LONGEST_TEXT or not value.isprintable():
        raise Invalid(
            "no-text", "Write a text of at most %(most)s characters on one line.", field="value", most=LONGEST_TEXT
        )
    return value


def _checked_month_day(value: str) -> str:
    try:
        return date.fromisoformat(f"{_ORDINARY_YEAR}-{value}").strftime("%m-%d")
    except ValueError:
        raise Invalid("not-a-month-day", "Write month and day as 03-31.", field="value") from None
