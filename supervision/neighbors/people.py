"""People of a neighboring area in the register of inspectors: they come for one task, and go again."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import Conflict, Invalid
from supervision.inspectors.models import Inspector, InspectorLoan
from supervision.inspectors.queries import find_by_certificate
from supervision.inspectors.rules import InspectorStatus, clean_certificate
from supervision.inspectors.services import keep_qualifications, set_name_keys
from supervision.labels import N_
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.rules import LentPerson, check_days


def take(session: Session, request: LoanRequest, person: LentPerson) -> InspectorLoan:
    """Enter somebody as an inspector of the borrowing department for the task of a request, or refuse."""
    check(session, request, person)
    now, number = clock.now(), clean_certificate(person.certificate_number)
    inspector = find_by_certificate(session, number)
    if inspector is None:
        inspector = Inspector(certificate_number=number, created_at=now)
        session.add(inspector)
    inspector.department = request.department
    inspector.department_id = request.department_id
    inspector.lent_from_code = request.area_code
    # somebody who was here before and has gone home comes again
    inspector.status = InspectorStatus.ACTIVE
    inspector.name, inspector.issuing_body = person.name, person.issuing_body
    inspector.certificate_valid_until = person.certificate_valid_until
    inspector.post, inspector.all_items, inspector.updated_at = request.lending_department[:60], False, now
    set_name_keys(inspector)
    keep_qualifications(inspector, request.item_codes)
    session.flush()
    loan = InspectorLoan(
        inspector=inspector,
        task_number=request.task.number,
        request_number=request.number,
        starts_on=person.starts_on,
        ends_on=person.ends_on,
        created_at=now,
    )
    session.add(loan)
    session.flush()
    return loan


def check(session: Session, request: LoanRequest, person: LentPerson) -> None:
    """Refuse who is not the area's to lend, who is lent already, and a loan that does not cover the task."""
    number = clean_certificate(person.certificate_number)
    if not person.name:
        raise Invalid("no-name", "Give the name.", field="name")
    task = request.task
    check_days(person, first=max(task.starts_on, clock.today()), last=task.ends_on)
    known = find_by_certificate(session, number)
    if known is None:
        return
    if known.lent_from_code != request.area_code:
        raise Invalid(
            "loan-own",
            N_("This certificate is not of %(area)s: the register has it elsewhere."),
            field="certificate_number",
            area=request.area.name_zh if request.area else "",
        )
    running = sa.select(InspectorLoan.request_number).where(
        InspectorLoan.inspector_id == known.id, InspectorLoan.ended_on.is_(None)
    )
    if other := session.scalar(running):
        raise Conflict("loan-running", "This person is lent already, on request %(number)s.", number=other)


def let_go(loan: InspectorLoan) -> None:
    """End a loan: the person has left, so rosters are without them and teams replace them by the machine (R-1.24)."""
    loan.ended_on = min(clock.today(), loan.ends_on)
    loan.inspector.status, loan.inspector.updated_at = InspectorStatus.LEFT, clock.now()
