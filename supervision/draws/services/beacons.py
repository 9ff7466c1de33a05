"""The public value: handed in, checked, kept with its evidence; rounds that pass without one (section 2, beacon form).

Which round counts follows from the rule and the log's clock alone. What is signed proves itself, so it does not matter
who hands it in, and nobody can keep it back; what people read off an announcement is typed by two who do not see each
other's entry.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from sampling.canonical import canonical_bytes
from sampling.hashing import hex_digest
from supervision.audit.events import Event
from supervision.audit.seals import SEAL, seal_of
from supervision.audit.services import record
from supervision.beacons import sources
from supervision.beacons.lotteries import read_results
from supervision.beacons.rules import Attempt
from supervision.draws.beacon_models import BeaconEntry, BeaconLapse, BeaconValue
from supervision.draws.bundles import store_file
from supervision.draws.log import append_leaf, log_moment
from supervision.draws.models import Draw
from supervision.draws.queries import lock_draw
from supervision.draws.queries.beacons import Standing, find_value, list_lapsed, standing_of
from supervision.draws.rules import DrawState, EntryWay, LogEvent, body_of, moment_text
from supervision.draws.services.rights import takes_part
from supervision.errors import Forbidden, WrongState
from supervision.labels import N_
from supervision.permissions import Actor, Permission, system_actor

EVIDENCE_FILE = "beacon.json"
NO_VALUE = "no-value-in-time"


def hand_in(session: Session, draw: Draw, *, raw: str, way: EntryWay, actor: Actor) -> BeaconValue:
    """Take in what a signed source published for the round that counts; handing it in again changes nothing."""
    standing = _begin(session, draw)
    if standing.value is not None:
        return standing.value
    if not standing.proves_itself:
        raise WrongState("beacon-typed", N_("The results of this source are typed by two people of different bodies."))
    value = sources.verify(standing.current, raw)
    entry = _enter(session, draw, standing.current, value=value, evidence=raw, way=way, actor=actor)
    return _settle(session, draw, standing.current, entry=entry, evidence=raw.encode(), actor=actor)


def type_in(session: Session, draw: Draw, *, results: Mapping[str, str], actor: Actor) -> BeaconValue | None:
    """Take in what one person read off the announcement; return the value once two agree.

    The second belongs to another body and sees nothing of the first entry. Two entries that differ stay on record,
    and only a new pair can settle the round.
    """
    standing = _begin(session, draw)
    if standing.value is not None:
        return standing.value
    if standing.proves_itself:
        raise WrongState("beacon-signed", N_("The value of this source is signed. Paste what the source published."))
    _check_types(draw, actor)
    first = standing.first_of_pair
    if first is not None and (first.entered_by == actor.user_id or first.entered_department == body_of(actor)):
        raise Forbidden("beacon-second", N_("Somebody of another body types the result the second time."))
    value = read_results(standing.current.rule, results)
    entry = _enter(session, draw, standing.current, value=value, evidence="", way=EntryWay.TYPED, actor=actor)
    if first is None or first.value != value:
        _note(session, draw, standing.current, entry=entry, actor=actor, differs=first is not None)
        return None
    evidence = canonical_bytes({"round": standing.current.round.name, "typed": [_told(first), _told(entry)]})
    return _settle(session, draw, standing.current, entry=entry, evidence=evidence, actor=actor)


def _told(entry: BeaconEntry) -> dict[str, str]:
    return {"value": entry.value, "body": entry.entered_department, "at": moment_text(entry.entered_at)}


def may_type(draw: Draw, actor: Actor) -> bool:
    """Say whether ``actor`` types results: people of the draw's bodies who contribute to it."""
    return actor.user_id is not None and actor.may(Permission.DRAW_CONTRIBUTE) and takes_part(draw, actor)


def _check_types(draw: Draw, actor: Actor) -> None:
    if not may_type(draw, actor):
        raise Forbidden("beacon-refused", N_("Only people of participating departments and oversight type the result."))


def _begin(session: Session, draw: Draw) -> Standing:
    """Lock the draw, note what has lapsed, and return where it stands if a value may be handed in now."""
    lock_draw(session, draw)
    standing = standing_of(session, draw)
    if standing is None or (draw.state is not DrawState.COMMITTED and standing.value is None):
        raise WrongState("beacon-not-now", N_("This draw does not wait for a public value."))
    if standing.value is not None:
        return standing
    _note_lapses(session, draw, standing)
    if not standing.is_due:
        raise WrongState(
            "beacon-not-due",
            N_("The value of round %(round)s does not exist before %(due)s."),
            round=standing.current.round.name,
            due=moment_text(standing.current.round.due_at),
        )
    return standing


def _enter(
    session: Session, draw: Draw, attempt: Attempt, *, value: str, evidence: str, way: EntryWay, actor: Actor
) -> BeaconEntry:
    entry = BeaconEntry(
        draw_id=draw.id,
        place=attempt.place,
        round=attempt.round.name,
        way=way,
        value=value,
        evidence=evidence,
        entered_by=actor.user_id,
        entered_department=body_of(actor),
        entered_at=log_moment(session),
    )
    session.add(entry)
    session.flush()
    return entry


def _settle(
    session: Session, draw: Draw, attempt: Attempt, *, entry: BeaconEntry, evidence: bytes, actor: Actor
) -> BeaconValue:
    """Fix the value for ever, with its evidence, and say so in the log; the draw itself is another step."""
    evidence_digest = store_file(session, draw, EVIDENCE_FILE, evidence)
    digest = hex_digest(draw.hash_name, entry.value.encode())
    fields = {
        "source": attempt.source,
        "round": attempt.round.name,
        "rule": attempt.rule.identifier,
        "evidence": evidence_digest,
        # from then on the world could know it: who cosigned the commitment later did not see it in time
        "known_from": moment_text(attempt.round.begins_at),
    }
    leaf = append_leaf(session, draw, LogEvent.BEACON, digest=digest, fields=fields)
    settled = BeaconValue(
        draw_id=draw.id,
        place=attempt.place,
        source=attempt.source,
        round=attempt.round.name,
        rule=attempt.rule.identifier,
        value=entry.value,
        digest=digest,
        evidence_digest=evidence_digest,
        settled_at=leaf.at,
    )
    session.add(settled)
    session.flush()
    _note(session, draw, attempt, entry=entry, actor=actor, digest=digest)
    return settled


def _note(session: Session, draw: Draw, attempt: Attempt, *, entry: BeaconEntry, actor: Actor, **facts: object) -> None:
    """Write the one entry of a handing-in. It never says the value: oversight reads the log and may type second."""
    record(
        session,
        Event.BEACON_ENTERED,
        actor=actor,
        subject=("draw", draw.id),
        details={
            "number": draw.number,
            "source": attempt.source,
            "round": attempt.round.name,
            "way": entry.way.value,
            SEAL: seal_of(session, entry),
            **facts,
        },
    )


def declare_lapses(session: Session) -> list[Draw]:
    """Say in public, for every draw, which round has passed without a value and which comes next by the rule."""
    moved = []
    for draw in list_lapsed(session):
        lock_draw(session, draw)
        standing = standing_of(session, draw)
        waiting = draw.state is DrawState.COMMITTED and standing is not None and standing.value is None
        if waiting and standing is not None and _note_lapses(session, draw, standing):
            moved.append(draw)
    return moved


def _note_lapses(session: Session, draw: Draw, standing: Standing) -> int:
    missing = [one for one in standing.passed if session.get(BeaconLapse, (draw.id, one.place)) is None]
    for attempt in missing:
        _note_lapse(session, draw, attempt, standing.attempts[attempt.place + 1])
    return len(missing)


def _note_lapse(session: Session, draw: Draw, attempt: Attempt, following: Attempt) -> None:
    lapsed_at = attempt.lapses_at
    if lapsed_at is None:
        raise ValueError(attempt)
    told: dict[str, object] = {
        "source": attempt.source,
        "round": attempt.round.name,
        "rule": attempt.rule.identifier,
        "reason": NO_VALUE,
        "lapsed": moment_text(lapsed_at),
        "fallback": {
            "source": following.source,
            "round": following.round.name,
            "rule": following.rule.identifier,
        },
    }
    leaf = append_leaf(session, draw, LogEvent.BEACON, digest=str(draw.commitment_digest), fields=told)
    session.add(
        BeaconLapse(
            draw_id=draw.id,
            place=attempt.place,
            round=attempt.round.name,
            lapsed_at=lapsed_at,
            noted_at=leaf.at,
        )
    )
    session.flush()
    details = {"number": draw.number, **told}
    record(session, Event.BEACON_LAPSED, actor=system_actor(), subject=("draw", draw.id), details=details)


def value_of(session: Session, draw: Draw) -> str | None:
    """Return the public value that the seed needs: None in the reveal form, a refusal while it has not come in."""
    if not draw.beacon_rule:
        return None
    settled = find_value(session, draw)
    if settled is None:
        raise WrongState("beacon-missing", N_("The public value of this draw has not come in yet."))
    return settled.value
