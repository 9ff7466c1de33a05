"""Issuing the papers of a visit: drafted from what is kept, drawn once, numbered, kept byte for byte."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.collected.facts import count_collected
from joint_inspections.evidence.store import store_of
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.notices.queries import list_notices
from joint_inspections.notices.services import remedy_terms
from joint_inspections.papers.drafting import Frame
from joint_inspections.papers.models import SiteEntry, VisitPaper
from joint_inspections.papers.queries import newest_of_series, next_serial
from joint_inspections.papers.record_papers import (
    Codes,
    approval_form,
    drawn_files,
    order_to_correct,
    result_notice,
    site_record,
)
from joint_inspections.papers.rules import BLANK, LANGUAGES, PaperData, PaperKind, Standing, facts_of, paper_number
from joint_inspections.papers.site_papers import blank_paper, site_paper
from joint_inspections.papers.speaking import Words
from joint_inspections.papers.subjects import Subject, departments_of, list_subjects, may_issue
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.queries import list_result_codes
from joint_inspections.visits.models import Visit, VisitApproval
from joint_inspections.visits.queries import count_visited
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.errors import Forbidden, Invalid, NotFound, WrongState
from supervision.parameters.queries import find_number, list_reasons
from supervision.parameters.rules import Certainty
from supervision.permissions import Actor
from supervision.rendering import render

TOKEN_BYTES = 15
NAMES = "visit_papers"
OBJECTION_DAYS = 5


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a paper takes from the installation: the district by language, how addresses for checking are made."""

    district: Mapping[str, str]
    verify_url: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: which paper, in which language; why anew; what an order to correct demands."""

    series: str
    language: str = "zh"
    reason: str = ""
    demand: str = ""


def find_subject(session: Session, visit: Visit, series: str) -> Subject:
    """Return a paper that this visit can have, or refuse."""
    found = next((one for one in list_subjects(session, visit) if one.series == series), None)
    if found is None:
        raise NotFound
    return found


def issue_paper(session: Session, visit: Visit, order: Order, *, letterhead: Letterhead, actor: Actor) -> VisitPaper:
    """Issue a paper; one that holds is only superseded for a stated reason. The caller holds the visit."""
    check_language(order.language)
    subject = find_subject(session, visit, order.series)
    if not may_issue(subject, visit, actor):
        raise Forbidden("may-not-issue", "This paper is issued by the team or by those who answer for it.")
    if visit.state in FALLEN_AWAY:
        raise WrongState("visit-called-off", "This visit was called off: no paper is issued of it any more.")
    if subject.waits or visit.number is None:
        raise WrongState("paper-waits", "It is too early for this paper. The list says what it waits for.")
    _require_news(session, visit, subject, order)
    return _issue(session, visit, subject, order, letterhead=letterhead, actor=actor)


def peek_number(session: Session, visit: Visit, kind: PaperKind) -> str:
    """Return the number that the next paper of a kind gets. The caller holds the visit."""
    return paper_number(visit.number or "", kind, next_serial(session, visit, kind))


def issue_for(session: Session, visit: Visit, subject: Subject, *, letterhead: Letterhead, actor: Actor) -> VisitPaper:
    """Issue, in Chinese, a paper that belongs to a step of a room above, which has checked who may take it."""
    return _issue(session, visit, subject, Order(subject.series), letterhead=letterhead, actor=actor)


def check_language(language: str) -> None:
    """Refuse a language that papers are not made in."""
    if language not in LANGUAGES:
        raise Invalid("unknown-language", "Choose Chinese or English.", field="language")


def _require_news(session: Session, visit: Visit, subject: Subject, order: Order) -> None:
    before = newest_of_series(session, visit, subject.series, order.language)
    if before is not None and before.rests_on == subject.rests_on and not order.reason:
        raise Invalid(
            "paper-holds",
            "Paper %(number)s says this already and holds. Say why another one takes its place.",
            field="reason",
            number=before.number,
        )


def _issue(
    session: Session, visit: Visit, subject: Subject, order: Order, *, letterhead: Letterhead, actor: Actor
) -> VisitPaper:
    serial, token = next_serial(session, visit, subject.kind), secrets.token_urlsafe(TOKEN_BYTES)
    number = paper_number(visit.number or "", subject.kind, serial)
    frame = frame_of(
        session,
        visit,
        subject,
        language=order.language,
        letterhead=letterhead,
        issue=(number, letterhead.verify_url(token)),
    )
    said = draft(session, frame, subject, order)
    pdf = render("visit_paper", said)
    paper = VisitPaper(
        visit_id=visit.id,
        kind=subject.kind,
        series=subject.series,
        serial=serial,
        language=order.language,
        number=number,
        token=token,
        rests_on=subject.rests_on,
        digest=hashlib.sha256(pdf).hexdigest(),
        facts=facts_of(said),
        pdf=pdf,
        issued_by=actor.user_id,
        issued_at=clock.now(),
    )
    session.add(paper)
    session.flush()
    details = {"number": number, "language": order.language, "digest": paper.digest, "kind": subject.kind.value}
    record(
        session,
        Event.VISIT_PAPER_ISSUED,
        actor=actor,
        subject=("visit", visit.id),
        reason=order.reason,
        details=details,
    )
    return paper


def frame_of(
    session: Session,
    visit: Visit,
    subject: Subject,
    *,
    language: str,
    letterhead: Letterhead,
    issue: tuple[str, str] = ("", ""),
) -> Frame:
    """Gather what stands around the content of a paper. ``issue`` is its number and the address of its code."""
    said, today = Words(language), clock.today()
    notices = list_notices(session, visit)
    terms: dict[str, object] = remedy_terms(session, letterhead.district[language], language)
    terms["objection"] = find_number(session, "result-objection-working-days", on=today, default=OBJECTION_DAYS)
    names = {one.code: one.certainty for one in list_reasons(session, NAMES)}
    return Frame(
        visit=visit,
        said=said,
        kind=subject.kind,
        district=letterhead.district[language],
        bodies=subject.departments,
        times=times_inspected(session, visit),
        notice_number=notices[0].number if notices else "",
        terms=terms,
        certainty=names.get(subject.kind.value, Certainty.MEMORY if subject.kind.probable else None),
        number=issue[0],
        verify_url=issue[1],
        issued=said.day(today),
    )


def times_inspected(session: Session, visit: Visit) -> tuple[int, int]:
    """Return the inspections of this year without this one, all and drawn: as the newest notice says, else now."""
    for notice in list_notices(session, visit):
        if notice.facts is not None:
            said = notice.facts["zh"]
            return said["times_inspected"], said["times_drawn"]
    entity, day = visit.entity_id, visit.planned_on
    visited, visited_by_draw = count_visited(session, entity, year=day.year, before_visit=visit.id)
    collected, drawn = count_collected(session, entity, until=min(day, clock.today()))
    return visited + collected, visited_by_draw + drawn


def draft(session: Session, frame: Frame, subject: Subject, order: Order) -> PaperData:
    """Return what the paper says."""
    source = subject.source
    if isinstance(source, VisitApproval):
        return approval_form(frame, source)
    if isinstance(source, SiteEntry):
        return site_paper(frame, source, json.loads(source.content))
    if isinstance(source, FollowUp):
        return order_to_correct(frame, source, demand=order.demand)
    if not isinstance(source, RecordVersion):
        if source is None:
            raise TypeError(subject.series)
        return source.draft(frame)
    content = json.loads(source.content)
    if subject.kind is PaperKind.RECORD:
        return site_record(frame, source, content, codes_of(session), pictures_of(session, drawn_files(content)))
    department = subject.series.partition(":")[2]
    return result_notice(frame, content, codes_of(session), department=department)


def pictures_of(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """Return small pictures of kept files, those that are pictures."""
    store = store_of(session)
    paths = {one: store.copy(one, "thumb") for one in digests}
    return {one: path.read_bytes() for one, path in paths.items() if path.exists()}


def codes_of(session: Session) -> Codes:
    """Load the official lists that a record quotes."""
    outcomes, returns = (
        {one.code: (one.name_zh, one.name_en) for one in list_reasons(session, code)}
        for code in ("visit_outcomes", "return_reasons")
    )
    results = {one.code: (one.name_zh, one.name_en) for one in list_result_codes(session).values()}
    return Codes(results, outcomes, returns)


def standing(session: Session, paper: VisitPaper) -> Standing:
    """Say how a paper stands now, for whoever holds it."""
    visit = paper.visit
    if visit.state in FALLEN_AWAY:
        return Standing.ENDED
    newest = newest_of_series(session, visit, paper.series, paper.language)
    if newest is not None and newest.id != paper.id:
        return Standing.SUPERSEDED
    now = next((one for one in list_subjects(session, visit) if one.series == paper.series), None)
    # a closed follow-up is no longer ordered, yet its order was right: nothing it rests on has changed
    if now is None or now.rests_on == paper.rests_on:
        return Standing.HOLDS
    return Standing.CHANGED


def blank_form(session: Session, visit: Visit, kind: PaperKind, *, language: str, letterhead: Letterhead) -> bytes:
    """Return a form of the visit to fill in by hand; it is not kept, and carries neither number nor code."""
    check_language(language)
    if kind not in BLANK:
        raise NotFound
    subject = Subject(kind, kind.value, departments_of(visit), "", "", "")
    return render(
        "visit_paper", blank_paper(frame_of(session, visit, subject, language=language, letterhead=letterhead))
    )
