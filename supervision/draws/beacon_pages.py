"""What pages show of a draw's public value: the rule, the rounds in their order, entries, outcome."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from supervision.beacons import sources
from supervision.beacons.models import BeaconRule
from supervision.beacons.queries import find_rule
from supervision.beacons.rules import Attempt, Game
from supervision.draws import services
from supervision.draws.beacon_models import BeaconEntry
from supervision.draws.hooks import watching
from supervision.draws.models import Draw
from supervision.draws.queries import Standing
from supervision.draws.rules import DrawState, EntryWay
from supervision.labels import N_
from supervision.permissions import Actor, Permission
from supervision.web.languages import language, listed, name_of
from supervision.web.templating import show_day, show_moment

PASSED, USED, NOW, NEXT, UNUSED = "passed", "used", "now", "next", "unused"
STATES = {
    PASSED: (N_("No value came in time"), "warning"),
    USED: (N_("Used"), "success"),
    NOW: (N_("Counts now"), "info"),
    NEXT: (N_("Only if nothing comes before"), "neutral"),
    UNUSED: (N_("Not needed"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One place in the order that the rule fixes."""

    name: BeaconRule | None
    source: str
    round: str
    due_at: datetime
    lapses_at: datetime | None
    label: str
    tone: str
    address: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two people read an announcement differently; both readings stay."""

    round: str
    readings: tuple[tuple[str, str, datetime], ...]


def last_ingredient(draw: Draw, standing: Standing | None, *, revealed: str) -> tuple[str, bool, str]:
    """Return label, whether it is done, and note of the step between the commitment and the draw."""
    if not draw.beacon_rule:
        return (N_("Reveal the secrets"), not services.secrets_missing(draw), revealed)
    if standing is None:
        return (N_("Public value comes"), False, "")
    due = show_moment(standing.current.round.due_at)
    return (N_("Public value comes"), standing.value is not None, str(_("from %(when)s", when=due)))


def beacon_values(session: Session, draw: Draw, standing: Standing | None) -> dict[str, object] | None:
    """Return what everybody may know of a draw's public value; None in the reveal form."""
    if not draw.beacon_rule:
        return None
    values: dict[str, object] = {
        "rule": find_rule(session, draw.beacon_rule),
        "number": draw.number,
        "standing": standing,
        "ended": draw.state is DrawState.VOID,
        "seen_until": standing.current.round.begins_at if standing else None,
    }
    values["watching"] = watching(session, draw, until=standing.current.round.begins_at if standing else None)
    if standing is not None:
        values |= {
            "rounds": [_row(session, draw, standing, attempt) for attempt in standing.attempts],
            "current": standing.current,
            "current_name": _source_name(session, standing.current),
            "round_words": round_words(standing.current),
            "seen_over": standing.now > standing.current.round.begins_at,
            "value": standing.value,
            "waits": standing.is_due and draw.state is DrawState.COMMITTED,
            "address": sources.address(standing.current),
            "disagreements": [_disagreement(pair) for pair in standing.disagreements],
        }
    return values


def _row(session: Session, draw: Draw, standing: Standing, attempt: Attempt) -> RoundRow:
    label, tone = STATES[_state(draw, standing, attempt)]
    return RoundRow(
        name=find_rule(session, attempt.rule.identifier),
        source=attempt.source,
        round=attempt.round.name,
        due_at=attempt.round.due_at,
        lapses_at=attempt.lapses_at,
        label=label,
        tone=tone,
        address=sources.address(attempt),
    )


def _state(draw: Draw, standing: Standing, attempt: Attempt) -> str:
    here = standing.current.place
    if attempt.place < here:
        return PASSED
    if standing.value is not None:
        return USED if attempt.place == here else UNUSED
    if draw.state is not DrawState.COMMITTED:
        return UNUSED
    return NOW if attempt.place == here else NEXT


def _disagreement(pair: tuple[BeaconEntry, BeaconEntry]) -> Disagreement:
    return Disagreement(pair[0].round, tuple((one.entered_department, one.value, one.entered_at) for one in pair))


def entering_values(draw: Draw, standing: Standing, viewer: Actor, *, may_fetch: bool) -> dict[str, object]:
    """Return what the page needs on which a value is handed in."""
    first = standing.first_of_pair
    return {
        "draw": draw,
        "standing": standing,
        "address": sources.address(standing.current),
        "may_fetch": may_fetch and standing.proves_itself,
        "round_words": round_words(standing.current),
        "games": [(game, game_name(game), on) for game, on in _days(standing.current)],
        "one_typed": first is not None,
        "own_typed": first is not None and first.entered_by == viewer.user_id,
    }


def round_words(attempt: Attempt) -> str:
    """Name a round in this request's language: by its number or moment, lotteries by game and day."""
    brackets = "({})" if language() == "en" else "（{}）"
    before = " " if language() == "en" else ""
    named = (game_name(game) + before + brackets.format(show_day(on)) for game, on in _days(attempt))
    return listed(named) or attempt.round.name


def _days(attempt: Attempt) -> list[tuple[Game, date]]:
    """Return the lotteries of a round with the day of each draw, as the round's name tells them."""
    names = attempt.round.name.split("+")
    return [
        (game, date.fromisoformat(name.rpartition(".")[2]))
        for game, name in zip(attempt.rule.games, names, strict=False)
    ]


def _source_name(session: Session, attempt: Attempt) -> str:
    """Return what the source of a round is called; a fallback is another rule than the plan's."""
    found = find_rule(session, attempt.rule.identifier)
    return name_of(found) if found is not None else attempt.source


def game_name(game: Game) -> str:
    """Name a lottery in this request's language."""
    return game.name_zh if language() == "zh" else game.name_en


def may_enter(draw: Draw, standing: Standing | None, viewer: Actor) -> bool:
    """Say whether this viewer may hand in the value that is due now."""
    if standing is None or draw.state is not DrawState.COMMITTED or not standing.is_due:
        return False
    return viewer.may(Permission.DRAW_CONTRIBUTE) and (standing.proves_itself or services.may_type(draw, viewer))


def way_of(viewer: Actor) -> EntryWay:
    """Say how something pasted came in: by a participant, or by anybody of the public."""
    return EntryWay.PASTED if viewer.user_id is not None else EntryWay.PUBLIC
