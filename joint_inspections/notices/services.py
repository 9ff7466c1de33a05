"""Issuing the inspection notice: drawn once, kept byte for byte, numbered."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import digest_of_visit, list_notices
from joint_inspections.notices.rules import NoticeData, NoticeDepartment, NoticeItem, NoticeMember, notice_number
from joint_inspections.notices.wording import PROHIBITIONS, RIGHTS
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import count_visited
from joint_inspections.visits.rules import VisitState
from joint_inspections.visits.services import own_part
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, RuleBroken
from supervision.permissions import Actor, Permission
from supervision.rendering import render

LANGUAGES = ("zh", "en")
TOKEN_BYTES = 15


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the notice takes from the installation: the district's name and how an address for checking is made."""

    district: str
    verify_url: Callable[[str], str]


def issue_notice(session: Session, visit: Visit, *, language: str, letterhead: Letterhead, actor: Actor) -> Notice:
    """Issue the notice of an approved visit and keep it as handed over (R-3.09); refused before the approval."""
    if language not in LANGUAGES:
        raise Invalid("unknown-language", "Choose Chinese or English.", field="language")
    _require_right(visit, actor)
    if visit.state is not VisitState.APPROVED or visit.number is None:
        raise RuleBroken(
            "not-approved",
            "A notice is issued between the approval of the inspection and the arrival.",
            rule="R-3.11",
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    number = notice_number(visit.number, len(list_notices(session, visit)) + 1)
    data = notice_data(session, visit, number=number, language=language, letterhead=letterhead, token=token)
    pdf = render("notice", data)
    notice = Notice(
        visit_id=visit.id,
        number=number,
        language=language,
        token=token,
        holds_for=digest_of_visit(visit),
        digest=hashlib.sha256(pdf).hexdigest(),
        pdf=pdf,
        issued_by=actor.user_id,
        issued_at=clock.now(),
    )
    session.add(notice)
    session.flush()
    details = {"number": number, "language": language, "digest": notice.digest}
    record(session, Event.NOTICE_ISSUED, actor=actor, subject=("visit", visit.id), details=details)
    return notice


def _require_right(visit: Visit, actor: Actor) -> None:
    lead_department = visit.plan_version.plan.lead_department_id
    if actor.may(Permission.PLAN_DRAFT) and actor.department_id == lead_department:
        return
    if actor.inspector_id is None:
        raise Forbidden("not-on-team", "Only an inspector of this team can do this.")
    own_part(visit, actor)


def notice_data(
    session: Session, visit: Visit, *, number: str, language: str, letterhead: Letterhead, token: str
) -> NoticeData:
    """Gather what the notice says."""
    entity, plan = visit.entity, visit.plan_version.plan
    return NoticeData(
        number=number,
        issued_on=clock.today(),
        district=letterhead.district,
        entity_name=entity.name,
        unit_id=entity.unit_id,
        address=entity.address,
        departments=_departments(visit, language),
        planned_on=visit.planned_on,
        members=tuple(
            NoticeMember(
                name=one.inspector.name,
                department=_name(one.department, language),
                certificate_number=one.inspector.certificate_number,
                leader=one.lead,
            )
            for one in sorted(visit.team_now, key=lambda one: (not one.lead, one.id))
        ),
        materials=_materials(visit, language),
        rights=RIGHTS[language],
        prohibitions=PROHIBITIONS[language],
        times_inspected=count_visited(session, entity.id, year=clock.today().year, before_visit=visit.id),
        contact=_name(plan.lead_department, language),
        verify_url=letterhead.verify_url(token),
        language=language,
    )


def _name(thing: object, language: str) -> str:
    chinese, english = str(getattr(thing, "name_zh", "")), str(getattr(thing, "name_en", "") or "")
    return english or chinese if language == "en" else chinese


def _departments(visit: Visit, language: str) -> tuple[NoticeDepartment, ...]:
    duties = [one.item for one in visit.plan_version.items]
    participants = sorted(visit.plan_version.participants, key=lambda one: (not one.is_lead, one.position))
    return tuple(
        NoticeDepartment(
            name=_name(one.department, language),
            items=tuple(
                NoticeItem(_name(item, language), item.legal_basis)
                for item in duties
                if item.department_id == one.department_id
            ),
        )
        for one in participants
    )


def _materials(visit: Visit, language: str) -> tuple[str, ...]:
    """List the papers of all items once each: they are told at one time in advance (R-1.30)."""
    names = [_name(paper, language) for one in visit.plan_version.items for paper in one.item.materials]
    return tuple(_once(names))


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))
