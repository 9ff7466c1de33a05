"""The whole record as one value: what an enterprise reads and signs, and what the leader hands in.

The digest is of this value in canonical JSON, and of nothing that a phone without signal does not know: ids and
digests, no times of the server and no names of signers (phones compute it too: `static/field/entries.js`).
Attachments never change, so their ids stand for their words. Samples stand with all their words: phones carry them.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from joint_inspections.evidence.models import Sample
from joint_inspections.evidence.queries import list_attachments, list_samples
from joint_inspections.records.entries import entry_of, section_digest
from joint_inspections.records.queries import list_sections
from joint_inspections.visits.models import Visit
from sampling.canonical import canonical_bytes


def record_text(session: Session, visit: Visit, *, with_samples: bool = True) -> str:
    """Return the record as it is now as canonical JSON: the bytes that are signed.

    Answers given before samples were part of it are compared ``with_samples`` false, and by the samples' own digest.
    """
    sections = {
        one.department_id: section_digest(map(entry_of, one.item_results)) for one in list_sections(session, visit)
    }
    said: dict[str, object] = {
        "attachments": sorted([one.id, one.sha256] for one in list_attachments(session, visit)),
        "outcome": [visit.outcome_code, visit.outcome_note],
        "sections": sorted([department, digest] for department, digest in sections.items()),
    }
    if with_samples:
        said["samples"] = samples_said(list_samples(session, visit))
    return canonical_bytes(said).decode()


def record_digest(session: Session, visit: Visit) -> str:
    """Return the digest of the whole record as it is now."""
    return digest_of_text(record_text(session, visit))


def samples_digest(session: Session, visit: Visit) -> str:
    """Return the digest of the samples that count now: one more or less is another record."""
    return digest_of_text(canonical_bytes(samples_said(list_samples(session, visit))).decode())


def samples_said(samples: Iterable[Sample]) -> list[list[object]]:
    """Return what a record says of the samples that count, in the order of their numbers."""
    counting = sorted((one for one in samples if one.withdrawal is None), key=lambda one: one.number)
    return [
        [
            one.number,
            one.section.department_id,
            one.item_id,
            one.what,
            one.amount,
            one.sealed,
            one.seal_number,
            one.given_to,
        ]
        for one in counting
    ]


def digest_of_text(said: str) -> str:
    """Return the digest of what was read."""
    return hashlib.sha256(said.encode()).hexdigest()
