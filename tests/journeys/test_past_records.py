"""The demonstration's past went through the rules: nothing in it is a record that the platform would refuse."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.collected.models import CollectedInspection
from joint_inspections.records.entries import results_of
from joint_inspections.records.queries import list_sections
from joint_inspections.records.rules import overall_results
from joint_inspections.records.services import section_gaps
from joint_inspections.results.models import PublishedPart
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import SectionState, VisitState
from supervision.items.models import Item
from tests.journeys.conftest import Site


def test_every_signed_section_could_be_signed_as_it_stands(site: Site) -> None:
    with Session(site.app.extensions["engine"]) as session:
        visits = session.scalars(sa.select(Visit).where(Visit.submitted_at.is_not(None))).all()
        signed = [
            (visit, section)
            for visit in visits
            for section in list_sections(session, visit)
            if section.state is SectionState.SIGNED
        ]
        assert len(signed) > 10
        assert [(visit.number, gap) for visit, section in signed for gap in section_gaps(session, visit, section)] == []
        for _, section in signed:
            assert section.results == overall_results(results_of(section.item_results))


def test_every_department_has_released_its_part_of_what_is_published(site: Site) -> None:
    with Session(site.app.extensions["engine"]) as session:
        for visit in session.scalars(sa.select(Visit).where(Visit.state == VisitState.PUBLISHED)):
            parts = sa.select(PublishedPart.department_id).where(PublishedPart.visit_id == visit.id)
            sections = list_sections(session, visit)
            assert set(session.scalars(parts)) == {one.department_id for one in sections}
            assert all(one.published_at is not None and not one.to_release for one in sections)


def test_collected_records_name_items_of_their_department_with_allowed_results(site: Site) -> None:
    with Session(site.app.extensions["engine"]) as session:
        items = {item.code: item for item in session.scalars(sa.select(Item))}
        collected = session.scalars(sa.select(CollectedInspection)).all()
        assert collected
        for one in collected:
            assert one.department_id == items[one.item_code].department_id
            assert one.result_code in items[one.item_code].allowed_results
            assert one.inspected_on >= one.entity.registered_on
