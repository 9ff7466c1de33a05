"""Reading the named witnesses of draws: for the file of a draw, for the public, and by the token of a link."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.models import Contribution, Draw
from supervision.draws.queries.names import reason_names
from supervision.draws.witness_models import LinkFailure, Witness
from supervision.draws.witness_rules import FAILURE_WINDOW, KINDS, MOST_FAILURES, REMOVAL_REASONS, is_witness, link_ends
from supervision.errors import NotFound
from supervision.parameters.models import Reason
from supervision.parameters.queries import get_number


@dataclass(frozen=True, slots=True)
class PartyName:
    """A witness under the name everybody may read, in both languages: kind and public name."""

    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PublicWitness:
    """A recorded observer (feature 48) as everybody may know of them; removed ones stay, with the reason."""

    by: str
    kind: str
    kind_name: Reason | None
    public_name: str
    named_at: datetime
    removed_at: datetime | None
    removal: Reason | None


def hash_of(value: str) -> str:
    """Return the hash under which a token or an address is kept."""
    return hashlib.sha256(value.encode()).hexdigest()


def list_witnesses(session: Session, draw: Draw) -> list[Witness]:
    """List everybody ever named for a draw, removed ones too, in the order of their codes."""
    found = session.scalars(sa.select(Witness).where(Witness.draw_id == draw.id))
    return sorted(found, key=lambda one: (len(one.by), one.by))


def get_witness(session: Session, draw: Draw, by: str) -> Witness:
    """Return the witness of this code, or refuse."""
    found = session.get(Witness, (draw.id, by))
    if found is None:
        raise NotFound
    return found


def entry_of(witness: Witness) -> Contribution | None:
    """Return the contribution that stands under a witness's code; a removed witness has none."""
    return next((entry for entry in witness.draw.contributions if entry.by == witness.by), None)


def find_by_token(session: Session, token: str) -> Witness | None:
    """Return the witness whose link bears ``token``, unless the link has ended."""
    if not token.isascii():
        return None
    witness = session.scalar(sa.select(Witness).where(Witness.token_hash == hash_of(token)))
    if witness is None or witness.removed_at is not None or _ended(session, witness):
        return None
    return witness


def link_ends_at(session: Session, draw: Draw) -> datetime | None:
    """Return when the links of a draw end; None while it is under way or sealed."""
    ended = draw.ended_at or draw.opened_at
    day = clock.local(ended).date() if ended else clock.today()
    return link_ends(ended, days=get_number(session, "witness-link-days", on=day))


def _ended(session: Session, witness: Witness) -> bool:
    ends = link_ends_at(session, witness.draw)
    return ends is not None and clock.now() > ends


def list_links_to_end(session: Session) -> list[Witness]:
    """List witnesses whose link has ended or who were removed, and of whom a token or a contact is still kept."""
    kept = sa.or_(Witness.token_hash.is_not(None), Witness.contact != "")
    over = sa.or_(Draw.ended_at.is_not(None), Draw.opened_at.is_not(None), Witness.removed_at.is_not(None))
    statement = sa.select(Witness).join(Draw, Draw.id == Witness.draw_id).where(kept, over)
    ordered = session.scalars(statement.order_by(Witness.draw_id, Witness.by))
    return [one for one in ordered if one.removed_at is not None or _ended(session, one)]


def too_many_failures(session: Session, key: str) -> bool:
    """Say whether an address or a link, given by its hash, has tried in vain too often of late."""
    since = clock.now() - FAILURE_WINDOW
    statement = sa.select(sa.func.count()).where(LinkFailure.key == key, LinkFailure.at > since)
    return (session.scalar(statement) or 0) >= MOST_FAILURES


def public_witnesses(session: Session, draw: Draw) -> tuple[PublicWitness, ...]:
    """Return the recorded observers of a draw by their public names and kinds."""
    witnesses = list_witnesses(session, draw)
    reasons = reason_names(session, KINDS, REMOVAL_REASONS) if witnesses else {}
    return tuple(_public(one, reasons) for one in witnesses)


def observers_of(session: Session, draw_ids: Collection[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return (kind, public name) of the witnesses of each of these draws; removed ones did not observe it."""
    statement = sa.select(Witness.draw_id, Witness.kind, Witness.public_name).where(
        Witness.draw_id.in_(draw_ids), Witness.removed_at.is_(None)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    ordered = statement.order_by(Witness.draw_id, sa.func.length(Witness.by), Witness.by)
    for draw_id, kind, name in session.execute(ordered):
        found.setdefault(draw_id, []).append((kind, name))
    return {draw_id: tuple(rows) for draw_id, rows in found.items()}


def _public(one: Witness, reasons: Mapping[str, Reason]) -> PublicWitness:
    return PublicWitness(
        by=one.by,
        kind=one.kind,
        kind_name=reasons.get(one.kind),
        public_name=one.public_name,
        named_at=one.named_at,
        removed_at=one.removed_at,
        removal=reasons.get(one.removal_reason),
    )


def witness_names(session: Session, draw: Draw) -> dict[str, PartyName]:
    """Return the public names of a draw's witnesses by code."""
    if not any(is_witness(entry.by) for entry in draw.contributions):
        return {}
    return {one.by: party_name(one) for one in public_witnesses(session, draw)}


def party_name(one: PublicWitness) -> PartyName:
    """Return the kind and public name of a witness as one name."""
    zh = f"{one.kind_name.name_zh} {one.public_name}" if one.kind_name else one.public_name
    en = f"{one.kind_name.name_en} {one.public_name}" if one.kind_name else one.public_name
    return PartyName(zh, en)
