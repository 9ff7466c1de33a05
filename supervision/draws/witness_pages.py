"""What the file of a draw shows of its witnesses, and to whom."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from supervision.draws import services
from supervision.draws.models import Draw
from supervision.draws.queries.witnesses import PublicWitness, list_witnesses, public_witnesses
from supervision.draws.rules import ENDED, DrawState
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """A witness in the file of a draw; name and contact only for those who name witnesses."""

    shown: PublicWitness
    label: str
    tone: str
    name: str
    contact: str
    renewable: bool
    removable: bool


def panel_values(session: Session, draw: Draw, viewer: Actor) -> dict[str, object] | None:
    """Return the rows of the panel; none for people who neither name witnesses nor have any to read of."""
    shown, own = public_witnesses(session, draw), services.may_name(draw, viewer)
    if not shown and not (own and draw.state is DrawState.FROZEN):
        return None
    entries = {entry.by: entry for entry in draw.contributions}
    rows = []
    for public, witness in zip(shown, list_witnesses(session, draw), strict=True):
        entry = entries.get(public.by)
        label, tone = state_of(
            removed=public.removed_at is not None,
            sealed=entry is not None and entry.digest is not None,
            revealed=entry is not None and entry.revealed_at is not None,
        )
        alive = public.removed_at is None and witness.token_hash is not None
        mine = alive and services.may_manage(draw, witness, viewer)
        rows.append(
            WitnessRow(
                shown=public,
                label=label,
                tone=tone,
                name=witness.name if own else "",
                contact=witness.contact if own else "",
                renewable=alive and draw.state not in ENDED and services.may_renew(draw, witness, viewer),
                removable=mine and draw.state is DrawState.FROZEN and (entry is None or entry.digest is None),
            )
        )
    return {"draw": draw, "rows": rows, "may_name": own}


def state_of(*, removed: bool, sealed: bool, revealed: bool) -> tuple[str, str]:
    """Return how far a witness is, as words and tone of a badge."""
    if removed:
        return _("Taken off"), "danger"
    if revealed:
        return _("Revealed"), "success"
    return (_("Sealed"), "sealed") if sealed else (_("Not sealed yet"), "warning")
