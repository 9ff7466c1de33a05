"""The second officer of a refusal says so by the own account: named by a colleague alone, nobody has noted anything.

R-1.28 asks for two officers who note a refusal. The first one's word for the second's would be one officer's note.
"""

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from joint_inspections.signatures.models import PartyConfirmation, PartyEntry
from joint_inspections.signatures.queries import list_party_entries
from joint_inspections.signatures.rules import PartyAnswer
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import RECORDING
from joint_inspections.visits.services import own_part
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, WrongState
from supervision.permissions import Actor


class AfterConfirmation(Protocol):
    """Looks again at what waits for a second officer's word."""

    def __call__(self, session: Session, visit_ids: Sequence[int], *, actor: Actor) -> None:
        """Look at what waits on these visits; ``actor`` has spoken."""


_afterwards: list[AfterConfirmation] = []


def after_confirmation(look: AfterConfirmation) -> None:
    """Register what is done when a second officer has spoken; registering the same again changes nothing."""
    if look not in _afterwards:
        _afterwards.append(look)


def tell_afterwards(session: Session, visit: Visit, *, actor: Actor) -> None:
    """Let those registered look again; phones that send a confirmation do so by themselves."""
    for look in _afterwards:
        look(session, [visit.id], actor=actor)


def bar_to_confirming(entry: PartyEntry | None, actor: Actor) -> str:
    """Return why this person has nothing to confirm here, "" when it is theirs to do."""
    if entry is None or entry.how is not PartyAnswer.REFUSED or entry.second_id is None:
        return "nothing-to-confirm"
    if actor.inspector_id is None or entry.second_id != actor.inspector_id or entry.noted_by == actor.user_id:
        return "not-second"
    return "confirmed" if entry.confirmation is not None else ""


def confirm_refusal(
    session: Session, visit: Visit, entry: PartyEntry, *, agrees: bool, remark: str, actor: Actor
) -> PartyConfirmation:
    """Say as the second officer, signed in oneself, whether the enterprise refused as noted; said once.

    Who does not agree says what was otherwise, and the enterprise is asked anew.
    """
    session.execute(sa.select(Visit.id).where(Visit.id == visit.id).with_for_update())
    bar = bar_to_confirming(entry, actor)
    if bar == "not-second":
        raise Forbidden("not-second", "Only the second officer named in the note confirms it, by the own account.")
    if bar == "confirmed":
        raise WrongState("confirmed", "The second officer has said already whether this note is right.")
    if bar or list_party_entries(session, visit)[0].id != entry.id:
        raise WrongState("nothing-to-confirm", "There is no refusal here that waits for a second officer.")
    second = own_part(visit, actor)
    if visit.state not in RECORDING:
        raise WrongState(
            "not-recording", "The record is not open for entries now. Reload the page to see where it stands."
        )
    if not agrees and not remark:
        raise Invalid("remark-needed", "Say what was otherwise than noted.", field="remark")
    confirmation = PartyConfirmation(
        entry_id=entry.id, inspector_id=second.inspector_id, agrees=agrees, remark=remark, confirmed_by=actor.user_id,
        confirmed_at=clock.now(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(confirmation)
            session.flush()
    except IntegrityError:
        raise WrongState("confirmed", "The second officer has said already whether this note is right.") from None
    session.refresh(entry)
    record(
        session, Event.REFUSAL_CONFIRMED, actor=actor, subject=("visit", visit.id), reason=remark,
        details={"entry": entry.id, "agrees": agrees},
    )  # fmt: skip
    return confirmation
