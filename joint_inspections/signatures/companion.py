"""Signatures as part of a record, and the answer of the enterprise without which none is handed in (R-1.28)."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from joint_inspections.records.models import Section
from joint_inspections.records.rules import CARRIED_OUT
from joint_inspections.signatures.models import DrawnSignature, PartyEntry
from joint_inspections.signatures.queries import party_state, valid_signatures
from joint_inspections.signatures.rules import Standing
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.clock import local
from supervision.errors import RuleBroken
from supervision.labels import N_
from supervision.parameters.queries import get_number

# why an answer of the enterprise does not let the record be handed in
BARS: Mapping[Standing, tuple[str, str]] = {
    Standing.NONE: (
        "party-missing",
        N_(
            "Show the record to the enterprise first: it signs, on the screen or on paper, or two officers note "
            "that it refused."
        ),
    ),
    Standing.OUTDATED: (
        "party-outdated",
        N_("The record changed since the enterprise answered. Show it to the enterprise again."),
    ),
    Standing.UNCONFIRMED: (
        "second-awaited",
        N_("The second officer has yet to confirm by the own account that the enterprise refused."),
    ),
    Standing.DISPUTED: (
        "second-disagrees",
        N_("The second officer does not confirm the refusal as noted. Show the record to the enterprise again."),
    ),
}


class SignaturesOfRecord:
    """What `records` asks about signatures when a record is handed in."""

    def require_complete(self, session: Session, visit: Visit, sections: Sequence[Section]) -> None:  # noqa: ARG002
        """Refuse the record of a visit that was carried out unless the enterprise answered it as it is now."""
        if visit.outcome_code not in CARRIED_OUT:
            return
        if not get_number(session, "party-signature-required", on=clock.today()):
            return
        found = party_state(session, visit).standing
        if found is not Standing.VALID:
            code, message = BARS[found]
            raise RuleBroken(code, message, rule="R-1.28")

    def photos(self, session: Session, visit: Visit) -> Collection[tuple[int, int]] | None:  # noqa: ARG002
        """Know nothing of photos."""
        return None

    def content(self, session: Session, visit: Visit, sections: Sequence[Section]) -> Mapping[str, object]:
        """Return what the record says of signatures; an answer to something else than this record is not its part."""
        party = party_state(session, visit)
        codes = {one.id: one.department.code for one in sections}
        drawn = valid_signatures(session, sections)
        return {
            "signatures": [_drawn(one, codes[section_id]) for section_id, one in sorted(drawn.items())],
            "party": _party(party.entry) if party.entry and party.standing is Standing.VALID else None,
        }


def _drawn(one: DrawnSignature, code: str) -> dict[str, object]:
    return {
        "code": code,
        "certificate": one.inspector.certificate_number,
        "name": one.inspector.name,
        "id": one.id,
        "sha256": one.sha256,
        "digest": one.seen,
        "at": local(one.drawn_at).isoformat(timespec="seconds"),
    }


def _party(entry: PartyEntry) -> dict[str, object]:
    return {
        "how": entry.how.value,
        "name": entry.name,
        "role": entry.role,
        "reason": entry.reason,
        "officer": entry.officer.certificate_number,
        "second": entry.second.certificate_number if entry.second else None,
        "confirmed_at": _confirmed_at(entry),
        "id": entry.id,
        "sha256": entry.sha256,
        "digest": entry.seen,
        "at": local(entry.noted_at).isoformat(timespec="seconds"),
    }


def _confirmed_at(entry: PartyEntry) -> str | None:
    """Return when the second officer confirmed a refusal."""
    said = entry.confirmation
    return local(said.confirmed_at).isoformat(timespec="seconds") if said and said.agrees else None
