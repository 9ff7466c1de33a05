"""Penalties and listings for tests, made through the services that people use."""

from dataclasses import replace
from datetime import timedelta
from typing import Any  # any field of the facts

from sqlalchemy.orm import Session

from punishments.credit_lists.hearing import Grounds, Heard, Served, hear_party, serve_notice
from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import CreditList, Response
from punishments.credit_lists.services import Decision, decide_listing, serve_decision
from punishments.measures.catalogue import load_measures
from punishments.measures.models import Measure
from punishments.measures.queries import list_definitions, list_of_listing
from punishments.measures.services import Asked, intend_with_measure
from punishments.penalties.models import Penalty
from punishments.penalties.rules import Procedure, Severity
from punishments.penalties.services import PenaltyFacts, record_penalty
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.catalogue_files import FOLDER
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.permissions import Role
from tests.factories import Make

APPROVAL = "沪市监信批〔2026〕12号"


def facts(**changes: Any) -> PenaltyFacts:
    """Facts of a serious penalty with a fine, decided yesterday."""
    plain = PenaltyFacts(
        document_number="沪市监静处〔2026〕062026000001号",
        violation_type="未取得食品经营许可从事食品经营活动",
        facts="检查发现当事人未取得食品经营许可。",
        legal_basis="《食品安全法》第一百二十二条",
        kinds=("fine",),
        content="罚款人民币50,000元",
        fine_fen=5_000_000,
        confiscated_fen=0,
        procedure=Procedure.ORDINARY,
        severity=Severity.SERIOUS,
        decided_on=clock.today() - timedelta(days=1),
    )
    return replace(plain, **changes)


HEARD = Heard(Response.NONE, "上海市静安区人民政府", "有管辖权的人民法院")


def served(*, days_ago: int = 0, number: str = "") -> Served:
    """Proof of service, handed over some days ago."""
    return Served("direct", clock.today() - timedelta(days=days_ago), "李四（前台）", "送达回证1号", number)


class Office:
    """The market regulation department with its lead and head, and a department that implements measures."""

    def __init__(self, session: Session, make: Make) -> None:
        make.catalogues()
        load_measures(session, FOLDER)
        self.session = session
        self.department = make.department("SCJG")
        self.implementing: Department = make.department("CZJ")
        self.lead: User = make.user(Role.LEAD, department=self.department)
        self.head: User = make.user(Role.HEAD, department=self.department)
        self.implementer: User = make.user(Role.LEAD, department=self.implementing)
        self.entity: Entity = make.entity()

    def penalty(self, **changes: Any) -> Penalty:
        """A penalty recorded by the lead."""
        return record_penalty(self.session, self.entity, facts(**changes), actor=actor_of(self.lead))

    def intention(self, penalty: Penalty | None = None) -> Listing:
        """A listing intended by the lead, with the first measure that fits."""
        definition = list_definitions(self.session, credit_list="SERIOUS_SAMR", on=clock.today())[0]
        return intend_with_measure(
            self.session,
            penalty or self.penalty(),
            credit_list=CreditList.SERIOUS_SAMR,
            grounds=Grounds("情节严重", "总局令第44号"),
            asked=Asked(definition, self.implementing),
            actor=actor_of(self.lead),
        )

    def noticed(self, penalty: Penalty | None = None, *, days_ago: int = 20) -> Listing:
        """A listing whose notice was served some days ago, by default with the penalty procedure."""
        listing = self.intention(penalty)
        serve_notice(self.session, listing, served(days_ago=days_ago, number="告1号"), actor=actor_of(self.lead))
        return listing

    def proposal(self, penalty: Penalty | None = None) -> Listing:
        """A listing that waits for the head: the party said nothing within its period."""
        listing = self.noticed(penalty)
        hear_party(self.session, listing, HEARD, actor=actor_of(self.lead))
        return listing

    def decided(self, penalty: Penalty | None = None) -> Listing:
        """A listing that the head decided and that has not been served."""
        listing = self.proposal(penalty)
        decision = Decision(accepted=True, superior_approval=APPROVAL)
        decide_listing(self.session, listing, decision, region="310106", actor=actor_of(self.head))
        return listing

    def listing(self, penalty: Penalty | None = None) -> Listing:
        """A listing in force, decided by the head and served today."""
        listing = self.decided(penalty)
        serve_decision(self.session, listing, served(), actor=actor_of(self.lead))
        return listing

    def measure(self) -> Measure:
        """A measure waiting for the implementing department's answer."""
        return list_of_listing(self.session, self.listing().id)[0]
