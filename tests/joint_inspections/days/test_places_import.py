"""Bringing in where entities lie: by code, within the earth's degrees, with a question where a place is far away."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.days.models import EntityPoint
from joint_inspections.days.queries import points_of
from joint_inspections.days.routing import Point
from supervision.entities.models import SubDistrict
from supervision.intake.rules import UploadState
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.importing import Importer

HEADER = "统一社会信用代码,经度,纬度\n"


@pytest.fixture
def importer(app: Flask, session: Session, make: Make, browse: Browser) -> Importer:
    """The coordinator with files to send."""
    make.catalogues()
    return Importer(app, session, browse(make.user(Role.COORDINATOR)))


def test_places_are_taken_and_corrected_by_the_next_file(importer: Importer, session: Session, make: Make) -> None:
    entity = make.entity()
    file = f"{HEADER}{entity.uscc},121.4459,31.2283\n"
    upload = importer.take(importer.send(file, kind="entity_points"))
    assert upload.state is UploadState.APPLIED
    assert points_of(session, [entity.id]) == {entity.id: Point(121.4459, 31.2283)}
    importer.take(importer.send(file.replace("31.2283", "31.3"), kind="entity_points"))
    assert session.get_one(EntityPoint, entity.id).latitude == 31.3


def test_wrong_degrees_and_unknown_codes_are_named(importer: Importer, make: Make) -> None:
    entity = make.entity()
    rows = [f"{entity.uscc},31.2283,121.4459", "91310106MA000CT71F,121.4,31.2", f"{make.entity().uscc},121°26',31.2"]
    upload = importer.send(HEADER + "\n".join(rows) + "\n", kind="entity_points")
    said = importer.page(upload) + importer.mistakes(upload)
    assert "degrees" in said
    assert "No entity with this code" in said


def test_a_place_far_from_its_sub_district_is_asked_about(importer: Importer, session: Session, make: Make) -> None:
    entity = make.entity()
    place = session.get_one(SubDistrict, entity.sub_district_code)
    place.longitude, place.latitude = 121.446, 31.224
    session.flush()
    upload = importer.send(f"{HEADER}{entity.uscc},116.4,39.9\n", kind="entity_points")
    assert "km from the middle" in importer.page(upload) + importer.mistakes(upload)
