"""Row seals: what a row says, bound into the entry of the step that wrote it, without telling readers of the log.

An entry may not name a unit that is still sealed, yet the proposal to strike it must not be changed behind the log's
back. The seal is keyed like the chain: it cannot be guessed from the log nor forged from the database alone.
"""

import enum
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.audit.queries import chain_key
from supervision.audit.rules import entry_bytes
from supervision.db import Base

DOMAIN = b"supervision row seal/1"
SEAL = "seal"


def seal_of(session: Session, row: Base) -> str:
    """Return the seal of a row as it stands; call it once everything of the step is set."""
    mapper = sa.inspect(row).mapper
    values = {one.columns[0].name: getattr(row, one.key) for one in mapper.column_attrs}
    return seal_of_values(session, row.__tablename__, values)


def seal_of_values(session: Session, table: str, values: Mapping[str, object]) -> str:
    """Return the seal of a row of ``table`` with these values by column."""
    # what is empty is left out, so that a column added later does not break older seals
    filled = {name: text for name, value in values.items() if (text := _text(value)) is not None}
    told = table.encode() + b"\x00" + entry_bytes(filled)
    return hmac.new(chain_key(session), DOMAIN + told, hashlib.sha256).hexdigest()


def seal_of_lines(session: Session, lines: list[str], *, what: str) -> str:
    """Return the seal of many small facts at once, in the order given."""
    told = json.dumps([what, *lines], ensure_ascii=False).encode()
    return hmac.new(chain_key(session), DOMAIN + b"\x01" + told, hashlib.sha256).hexdigest()


def _text(value: object) -> str | None:
    """Return one wording for each value, whichever database gave it back."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return str(value.value)
    return str(value)
