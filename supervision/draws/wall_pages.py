"""What the wall shows a hall: one step at a time, large, counts and check codes only."""

from collections.abc import Mapping
from typing import Any  # values of a template

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from supervision.draws import pages, queries
from supervision.draws.models import Draw
from supervision.draws.rules import SYSTEM, DrawState
from supervision.permissions import Actor
from supervision.web.panels import shown_panels
from supervision.web.qr import qr_image, reachable

# with more parties than this there is room for names and states only
FEW_PARTIES = 5
# they stand in three columns up to here, in four beyond
MANY_PARTIES = 9


def public_address(number: str) -> str:
    """Return where phones in the hall reach the public page of a draw."""
    return reachable(url_for("public_draws.show", number=number))


def wall_mark(draw: Draw, beacon: Mapping[str, object] | None) -> str:
    """Name how far the wall is: as the draw, and whether the public value that it waits for has come into being."""
    due = "-due" if beacon and beacon.get("waits") else ""
    return f"{pages.progress_mark(draw)}{due}"


def wall_values(session: Session, draw: Draw, viewer: Actor) -> dict[str, object]:
    """Return everything on the wall."""
    values: dict[str, Any] = pages.common_values(session, draw)
    address = public_address(draw.number)
    parties = pages.parties_of(session, draw)
    return {
        **values,
        "mark": wall_mark(draw, values["beacon"]),
        "frozen_check": pages.check_code(draw.frozen_digest),
        "code": qr_image(address, _("QR code of this draw's public page")),
        "address": address.partition("://")[2],
        "many": len(parties) > FEW_PARTIES,
        "crowd": len(parties) > MANY_PARTIES,
        "wall_parties": [(one, _("The platform itself") if one.by == SYSTEM else one.name) for one in parties],
        "missing": [one.name for one in parties if not one.digest and one.by != SYSTEM],
        "window_ends": queries.sealed_window_ends(session, draw) if draw.state is DrawState.DRAWN else None,
        "wall_panels": shown_panels("ceremony", viewer, draw),
    }
