"""Issuing the inspection notice: drawn once, kept byte for byte, numbered."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # facts are JSON

from sqlalchemy.orm import Session

from joint_inspections.collected.facts import count_collected
from joint_inspections.experts.queries import experts_of
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import digest_of_visit, list_notices
from joint_inspections.notices.rules import (
    NoticeData,
    NoticeDepartment,
    NoticeExpert,
    NoticeItem,
    NoticeMember,
    NoticeOften,
    NoticeSource,
    facts_of,
    notice_number,
)
from joint_inspections.notices.wording import AUTHORITY, PROHIBITIONS, REMEDIES, RIGHTS, methods, source_name
from joint_inspections.visits.guards import require_free_way
from joint_inspections.visits.meeting import meeting_of
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import count_visited
from joint_inspections.visits.rules import BEFORE_VISIT, RECORDING, VisitState
from joint_inspections.visits.services import own_part, require_approvals, require_complete_team
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, NotFound, RuleBroken
from supervision.neighbors.wording import department_of
from supervision.parameters.queries import get_number, get_parameter
from supervision.permissions import Actor, Permission
from supervision.rendering import render

LANGUAGES = ("zh", "en")
TOKEN_BYTES = 15


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the notice takes from the installation: the district by language, how addresses for checking are made."""

    district: Mapping[str, str]
    verify_url: Callable[[str], str]
    draw_url: Callable[[str], str]


def issue_notice(session: Session, visit: Visit, *, language: str, letterhead: Letterhead, actor: Actor) -> Notice:
    """Issue the notice of an approved visit and keep it as handed over (R-3.09); refused before the approval."""
    if language not in LANGUAGES:
        raise Invalid("unknown-language", "Choose Chinese or English.", field="language")
    _require_right(visit, actor)
    urgent = visit.reported_at is not None and visit.state in BEFORE_VISIT | RECORDING
    if (visit.state is not VisitState.APPROVED and not urgent) or visit.number is None:
        raise RuleBroken(
            "not-approved",
            "A notice is issued between the approval of the inspection and the arrival.",
            rule="R-3.11",
        )
    if not urgent:
        require_complete_team(visit, on=max(visit.planned_on, clock.today()))
        require_approvals(visit)
        require_free_way(session, visit)
    return draw_up_notice(session, visit, language=language, letterhead=letterhead, actor=actor)


def draw_up_notice(session: Session, visit: Visit, *, language: str, letterhead: Letterhead, actor: Actor) -> Notice:
    """Draw and keep the notice of a visit whose state was checked: by ``issue_notice``, or in history made at once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    number = notice_number(visit.number or "", len(list_notices(session, visit)) + 1)
    said = {
        one: notice_data(session, visit, number=number, language=one, letterhead=letterhead, token=token)
        for one in LANGUAGES
    }
    pdf = render("notice", said[language])
    notice = Notice(
        visit_id=visit.id,
        number=number,
        language=language,
        token=token,
        holds_for=digest_of_visit(visit),
        digest=hashlib.sha256(pdf).hexdigest(),
        facts={one: facts_of(data) for one, data in said.items()},
        pdf=pdf,
        issued_by=actor.user_id,
        issued_at=clock.now(),
    )
    session.add(notice)
    session.flush()
    details = {"number": number, "language": language, "digest": notice.digest}
    record(session, Event.NOTICE_ISSUED, actor=actor, subject=("visit", visit.id), details=details)
    return notice


def facts_of_notice(session: Session, notice: Notice, *, language: str, letterhead: Letterhead) -> dict[str, Any]:
    """Return what the paper says, in a language; for a notice older than that record, what it would say now."""
    if notice.facts is not None:
        found: dict[str, Any] = notice.facts[language]
        return found
    data = notice_data(
        session, notice.visit, number=notice.number, language=language, letterhead=letterhead, token=notice.token or ""
    )
    return facts_of(data)


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
    entity, year = visit.entity, clock.today().year
    visited, visited_by_draw = count_visited(session, entity.id, year=year, before_visit=visit.id)
    collected, drawn = count_collected(session, entity.id, until=clock.today())
    meeting = meeting_of(session, visit)
    return NoticeData(
        number=number,
        issued_on=clock.today(),
        district=letterhead.district[language],
        entity_name=entity.name,
        unit_id=entity.unit_id,
        address=entity.address,
        departments=_departments(visit, language),
        planned_on=visit.planned_on,
        members=tuple(
            NoticeMember(
                name=one.inspector.name,
                department=department_of(one.inspector, _name(one.department, language), language=language),
                certificate_number=one.inspector.certificate_number,
                leader=one.lead,
            )
            for one in sorted(visit.team_now, key=lambda one: (not one.lead, one.id))
        ),
        experts=tuple(NoticeExpert(one.expert.name, one.expert.organization, one.field) for one in experts_of(visit)),
        source=_source(visit, language, letterhead),
        materials=_materials(visit, language),
        rights=RIGHTS[language],
        prohibitions=PROHIBITIONS[language],
        remedies=_remedies(session, letterhead.district[language], language),
        times_inspected=visited + collected,
        times_drawn=visited_by_draw + drawn,
        verify_url=letterhead.verify_url(token),
        language=language,
        together=tuple(tuple(_name(one, language) for one in bodies) for bodies in meeting.together),
        too_many=tuple(NoticeOften(one.first, one.last, one.sum, one.allowed) for one in meeting.too_many),
        let_through=_name(meeting.reason, language) if meeting.reason else "",
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
            phone=one.department.phone,
            items=tuple(
                NoticeItem(_name(item, language), item.legal_basis, methods(item.method, language))
                for item in duties
                if item.department_id == one.department_id
            ),
        )
        for one in participants
    )


def _source(visit: Visit, language: str, letterhead: Letterhead) -> NoticeSource:
    task, number = visit.task, visit.draw.number if visit.draw is not None else ""
    return NoticeSource(
        kind=source_name(visit, language),
        plan_number=task.plan_version.plan.number or "",
        task_number=task.number,
        draw_number=number,
        verify_url=letterhead.draw_url(number) if number else "",
    )


def _remedies(session: Session, district: str, language: str) -> tuple[str, ...]:
    values = remedy_terms(session, district, language)
    return tuple(text.format(**values) for text in REMEDIES[language])


def remedy_terms(session: Session, district: str, language: str) -> dict[str, object]:
    """Return what remedies name: the authority for reconsideration, the days to ask it, the months to bring suit."""
    today = clock.today()
    try:
        authority = get_parameter(session, f"reconsideration-authority-{language}", on=today).value
    except NotFound:  # an installation whose parameters are older than this one
        authority = AUTHORITY[language]
    return {
        "authority": authority.replace("{district}", district),
        "days": get_number(session, "reconsideration-days", on=today),
        "months": get_number(session, "suit-months", on=today),
    }


def _materials(visit: Visit, language: str) -> tuple[str, ...]:
    """List the papers of all items once each: they are told at one time in advance (R-1.30)."""
    names = [_name(paper, language) for one in visit.plan_version.items for paper in one.item.materials]
    return tuple(_once(names))


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))
