"""A closed visit with photos, papers, signatures and what a phone sent, and a log that can sign."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.packing import path_of
from joint_inspections.archive.rules import PackageKind
from joint_inspections.archive.services import make_package
from joint_inspections.evidence.services import attach
from joint_inspections.papers.services import Letterhead, Order, issue_paper
from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.visits.models import Visit
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.evidence.files import digest, photo, send

NAMES = {"zh": "上海市静安区", "en": "Jing'an District, Shanghai"}
LETTERHEAD = Letterhead(district=NAMES, verify_url=lambda token: f"https://example.invalid/papers/check/{token}")
Packed = Callable[..., ArchivePackage]


def add_photo(district: District, visit: Visit, data: bytes) -> None:
    """Attach a photo to the first item of the first section."""
    section = district.sections(visit)[0]
    actor = district.inspector(district.member_of(visit, section))
    send(district.session, data, "image/jpeg", actor)
    attach(
        district.session, visit, id=uuid4(), sha256=digest(data), section=section.id,
        item=section.item_results[0].item_id, point=None, purpose="photo", caption="后厨", taken_at=None, place=None,
        actor=actor,
    )  # fmt: skip


def close(district: District, visit: Visit, *, seed: int) -> Visit:
    """Bring a visit with a photo and two papers to its published end."""
    session = district.session
    district.begin(visit)
    add_photo(district, visit, photo(seed))
    leader = district.inspector(visit.leader)
    records.set_outcome(session, visit, code="normal", note="", actor=leader)
    district.sign(visit)
    district.ask_party(visit)
    records.submit_record(session, visit, actor=leader)
    for language in ("zh", "en"):
        issue_paper(session, visit, Order("record", language), letterhead=LETTERHEAD, actor=leader)
    approve_record(session, visit, note="", actor=district.actor(Role.REVIEWER))
    district.publish(visit)
    return visit


@pytest.fixture
def closed(drawn: District) -> Visit:
    """The first visit of the draw, closed."""
    return close(drawn, drawn.visit, seed=21)


@pytest.fixture
def packed(drawn: District) -> Packed:
    """Makes the package of a visit as the lead does."""

    def make(visit: Visit, kind: PackageKind = PackageKind.FILE) -> ArchivePackage:
        return make_package(drawn.session, visit, kind, district=NAMES, actor=drawn.actor(Role.LEAD))

    return make


def zip_of(session: Session, package: ArchivePackage) -> Path:
    """Return where a package lies."""
    return path_of(session, package.sha256)
