"""A joint draw whose visits can be brought to publication, with words sown that no public page may show."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.records import services as records
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.rules import Disposal
from joint_inspections.results.models import PublishedPart
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.draws.models import Draw
from supervision.entities.models import Entity, EntityTag, Tag
from supervision.entities.rules import RiskClass
from supervision.inspectors.models import Inspector, InspectorTie
from supervision.inspectors.rules import TieKind
from supervision.permissions import Role
from tests.factories import Make
from tests.joint_inspections.conftest import District
from tests.punishments.making import Office

# columns of an entity that stay inside, with what stands in them here
INTERNAL = {
    "contact_phone": "13812345678",
    "legal_representative": "钱不公开",
    "address": "不公开路八号",
    "business_scope": "不公开的经营范围",
}
TAG, TIE, PROBLEM = "不公开的标签", "不公开的利害关系", "不公开的问题描述"
# long enough not to stand in the random number of a request by chance
INSPECTOR_NAME, CERTIFICATE = "检查员不公开", "0977700977"


@dataclass
class Told:
    """A district with one draw of three visits; ``sealed`` words may be shown to nobody outside."""

    district: District
    draw: Draw

    @property
    def session(self) -> Session:
        """The session of the test."""
        return self.district.session

    @property
    def visits(self) -> list[Visit]:
        """The visits of the draw."""
        return self.district.visits

    @property
    def entities(self) -> list[Entity]:
        """The drawn entities."""
        return [visit.entity for visit in self.visits]

    @property
    def never(self) -> list[str]:
        """Words that no public page, file or header may hold in any state."""
        return [*INTERNAL.values(), TAG, TIE, PROBLEM, INSPECTOR_NAME, CERTIFICATE, "risk_class", "low_touch"]

    @property
    def sealed(self) -> list[str]:
        """Names and codes of the drawn entities: nobody's to know while the draw is sealed."""
        return [word for entity in self.entities for word in (entity.name, entity.unit_id)]

    def publish(self, visit: Visit, *, problem: bool = False) -> PublishedPart:
        """Bring one visit to publication, every part of it; with ``problem`` the lead department names one."""
        self.accept(visit, problem=problem)
        return self.district.publish(visit)[0]

    def accept(self, visit: Visit, *, problem: bool = False) -> None:
        """Bring one visit to an approved record of which no part is published yet."""
        district = self.district
        district.begin(visit)
        leader = district.inspector(visit.leader)
        records.set_outcome(self.session, visit, code="normal", note=PROBLEM, actor=leader)
        for number, section in enumerate(district.sections(visit)):
            found = {"result": "5", "problem": PROBLEM, "disposal": Disposal.CORRECTION}
            district.fill(visit, section, **(found if problem and number == 0 else {}))
            actor = district.inspector(district.member_of(visit, section))
            records.sign_section(self.session, visit, section, seen=records.stored_digest(section), actor=actor)
        district.ask_party(visit)
        records.submit_record(self.session, visit, actor=leader)
        approve_record(self.session, visit, note=PROBLEM, actor=district.actor(Role.REVIEWER))

    def publish_all(self) -> list[PublishedPart]:
        """Publish every visit, the first with a problem; the draw opens by itself after the last one."""
        return [self.publish(visit, problem=number == 0) for number, visit in enumerate(self.visits)]


@pytest.fixture
def told(session: Session, make: Make) -> Told:
    """The draw carried out and sealed."""
    make.catalogues()
    lead, other = make.department(), make.department()
    items = [make.item(lead), make.item(lead), make.item(other)]
    people = [
        make.inspector(body, name=INSPECTOR_NAME, certificate_number=f"{CERTIFICATE}{number:06d}")
        for number, body in enumerate((lead, other) * 4)
    ]
    district = District(session, make, lead, other, items)
    draw = district.draw_now()
    sow(session, people)
    return Told(district, draw)


def sow(session: Session, people: list[Inspector]) -> None:
    """Write the words that must stay inside into every column that holds such things."""
    entities = session.scalars(sa.select(Entity)).all()
    session.add(Tag(code="internal", name_zh=TAG, name_en=TAG))
    session.flush()
    for entity in entities:
        for column, word in INTERNAL.items():
            setattr(entity, column, word)
        entity.risk_class = RiskClass.D
        session.add(EntityTag(entity_id=entity.id, tag_code="internal"))
    session.add(
        InspectorTie(
            inspector_id=people[0].id,
            entity_id=entities[0].id,
            kind=TieKind.KINSHIP,
            statement=TIE,
            declared_on=clock.today(),
        )
    )
    session.flush()


@pytest.fixture
def office(session: Session, make: Make) -> Office:
    """The people who punish and list."""
    return Office(session, make)
