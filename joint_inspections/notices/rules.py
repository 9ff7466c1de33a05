"""What a notice says, as plain data: ``reports.documents`` draws it (R-3.09, domain 3.2)."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any  # JSON values

from supervision.labels import N_, Labeled


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """An item that will be checked, how (R-1.27), and the law it rests on."""

    name: str
    legal_basis: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class NoticeDepartment:
    """A department taking part, what it checks, and where to ask it."""

    name: str
    items: tuple[NoticeItem, ...]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NoticeMember:
    """An inspector of the team; name and certificate may be shown to the inspected entity (domain 8.1)."""

    name: str
    department: str
    certificate_number: str
    leader: bool


@dataclass(frozen=True, slots=True)
class NoticeExpert:
    """An expert who assists: named apart from the inspectors, without enforcement powers (R-1.08)."""

    name: str
    organization: str
    field: str


@dataclass(frozen=True, slots=True)
class NoticeSource:
    """Where the inspection comes from: plan, task and draw by their numbers, and where the draw can be verified."""

    kind: str
    plan_number: str
    task_number: str
    draw_number: str
    verify_url: str


@dataclass(frozen=True, slots=True)
class NoticeOften:
    """The how manieth visit this is in a period, and how many there should be."""

    first: date
    last: date
    sum: int
    allowed: int


@dataclass(frozen=True, slots=True)
class NoticeData:
    """行政检查通知书 in one language, in the name of every department. The first leads; texts are in ``language``."""

    number: str
    issued_on: date
    district: str
    entity_name: str
    unit_id: str
    address: str
    departments: tuple[NoticeDepartment, ...]
    planned_on: date
    members: tuple[NoticeMember, ...]
    source: NoticeSource
    materials: tuple[str, ...]
    rights: tuple[str, ...]
    prohibitions: tuple[str, ...]
    remedies: tuple[str, ...]
    # inspections of this year so far, over all departments and systems; those of them made by random draw
    times_inspected: int
    times_drawn: int
    verify_url: str
    language: str = "zh"
    # of every other visit through the same door on this day: its departments
    together: tuple[tuple[str, ...], ...] = ()
    # the number of this visit in a period that has more than it should, and why oversight let it through
    too_many: tuple[NoticeOften, ...] = ()
    let_through: str = ""
    experts: tuple[NoticeExpert, ...] = ()


def facts_of(notice: NoticeData) -> dict[str, Any]:
    """Return what the paper says as plain values, for the page that its code leads to; the code itself left out."""
    said = asdict(notice)
    del said["verify_url"]
    return {name: _plain(value) for name, value in said.items()}


def _plain(value: Any) -> Any:  # whatever a notice holds
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


class Standing(Labeled):
    """How a notice stands when somebody checks it."""

    HOLDS = "holds", N_("This notice was issued by the platform and holds for this day and this team."), "success"
    CHANGED = (
        "changed",
        N_("This notice was issued by the platform, but day or team have changed since. Ask for the new notice."),
        "warning",
    )
    OVER = "over", N_("This notice was issued by the platform for a visit that has taken place."), "info"
    ENDED = (
        "ended",
        N_("This notice was issued by the platform, but the visit was called off. Nobody inspects by it any more."),
        "warning",
    )


def holds_for(planned_on: date, certificate_numbers: Iterable[str], experts: Iterable[int] = ()) -> str:
    """Return the digest of the day and people a notice holds for; others need another notice (R-3.11)."""
    assisting = [f"expert {one}" for one in sorted(experts)]
    said = "\n".join([planned_on.isoformat(), *sorted(certificate_numbers), *assisting])
    return hashlib.sha256(said.encode()).hexdigest()


def notice_number(visit_number: str, serial: int) -> str:
    """Number of the visit and of the notice within it: 310106-20260918-0001-02."""
    return f"{visit_number}-{serial:02d}"
