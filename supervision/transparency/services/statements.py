"""What witnesses state about a draw: that ``verify`` agreed on its full bundle (draw protocol, section 1)."""

from sqlalchemy.orm import Session

from sampling.errors import SamplingError
from sampling.signed_notes import SignatureState, parse_note, parse_verifier_key, statement_text
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.models import Draw
from supervision.draws.queries import get_draw_by_number
from supervision.draws.rules import SHOWN
from supervision.errors import Invalid, NotFound
from supervision.labels import N_
from supervision.permissions import system_actor
from supervision.transparency import queries
from supervision.transparency.models import LogWitness, WitnessStatement

_LINES = 5


def read_statement(session: Session, text: str) -> tuple[Draw, LogWitness]:
    """Check what a witness hands in, changing nothing; return the opened draw and who speaks of it."""
    try:
        note = parse_note(text)
    except SamplingError as error:
        raise Invalid("note-malformed", N_("This is no signed statement of a witness.")) from error
    draw = _draw_of(session, note.text)
    for witness in queries.active_witnesses(session):
        checks = note.check([parse_verifier_key(witness.verifier_key)])
        if len(checks) == 1 and checks[0].state is SignatureState.VALID:
            return draw, witness
    raise Invalid("statement-unknown", N_("The statement must bear the signature of exactly one registered witness."))


def take_statement(session: Session, text: str) -> WitnessStatement:
    """Keep the statement of a registered witness on an opened draw; handed in again, it changes nothing."""
    draw, witness = read_statement(session, text)
    return _keep(session, draw, witness, text)


def _draw_of(session: Session, text: str) -> Draw:
    """Return the opened draw that a statement speaks of in exactly the words of the protocol."""
    lines = text.split("\n")
    if len(lines) <= _LINES:
        raise Invalid("note-malformed", N_("This is no signed statement of a witness."))
    draw = get_draw_by_number(session, lines[1])
    if draw.state not in SHOWN or draw.commitment_digest is None or draw.record_digest is None:
        raise NotFound
    expected = statement_text(
        draw=draw.number, commitment_digest=draw.commitment_digest, record_digest=draw.record_digest
    )
    if text != expected:
        raise Invalid("statement-differs", N_("The statement speaks of another commitment or record than this draw's."))
    return draw


def _keep(session: Session, draw: Draw, witness: LogWitness, text: str) -> WitnessStatement:
    session.refresh(witness, with_for_update=True)
    kept = queries.find_statement(session, draw, witness)
    if kept is not None:
        return kept
    statement = WitnessStatement(draw_id=draw.id, witness_id=witness.id, note=text)
    statement.witness = witness
    session.add(statement)
    session.flush()
    record(
        session,
        Event.LOG_STATEMENT,
        actor=system_actor(witness.holder),
        subject=("draw", draw.id),
        details={"number": draw.number, "witness": witness.id},
    )
    return statement
