"""What a notice says, as plain data: ``reports.documents`` draws it (R-3.09, domain 3.2)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """An item that will be checked, with the law it rests on."""

    name: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class NoticeDepartment:
    """A department taking part and what it checks."""

    name: str
    items: tuple[NoticeItem, ...]


@dataclass(frozen=True, slots=True)
class NoticeMember:
    """An inspector of the team; name and certificate may be shown to the inspected entity (domain 8.1)."""

    name: str
    department: str
    certificate_number: str
    leader: bool


@dataclass(frozen=True, slots=True)
class NoticeData:
    """行政检查通知书 in one language. The first department leads and issues; texts are already in ``language``."""

    number: str
    issued_on: date
    district: str
    entity_name: str
    unit_id: str
    address: str
    departments: tuple[NoticeDepartment, ...]
    planned_on: date
    members: tuple[NoticeMember, ...]
    materials: tuple[str, ...]
    rights: tuple[str, ...]
    prohibitions: tuple[str, ...]
    times_inspected: int
    contact: str
    verify_url: str
    language: str = "zh"


def holds_for(planned_on: date, certificate_numbers: Iterable[str]) -> str:
    """Return the digest of the day and team a notice holds for; another day or team needs another notice (R-3.11)."""
    said = "\n".join([planned_on.isoformat(), *sorted(certificate_numbers)])
    return hashlib.sha256(said.encode()).hexdigest()


def notice_number(visit_number: str, serial: int) -> str:
    """Number of the visit and of the notice within it: 310106-20260918-0001-02."""
    return f"{visit_number}-{serial:02d}"
