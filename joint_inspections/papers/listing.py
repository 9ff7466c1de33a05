"""The papers of a visit as the page and the panel show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.papers.models import SiteEntry, VisitPaper
from joint_inspections.papers.queries import list_papers
from joint_inspections.papers.rules import LANGUAGES, PaperKind, Standing
from joint_inspections.papers.subjects import Subject, list_subjects, may_issue
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import FALLEN_AWAY
from supervision.permissions import Actor


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper as issued, and how it stands."""

    paper: VisitPaper
    standing: Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper that the visit can have, and those of its series that were issued, newest first."""

    subject: Subject
    issued: tuple[Issued, ...]
    may_issue: bool
    due: bool
    # languages in which no paper holds
    lacking: tuple[str, ...]

    @property
    def entry(self) -> SiteEntry | None:
        """What was written on site, where the paper is made of that."""
        return self.subject.source if isinstance(self.subject.source, SiteEntry) else None


def list_shown(session: Session, visit: Visit, viewer: Actor) -> list[Shown]:
    """List the papers of a visit; series that fell away are shown while papers of them exist."""
    papers = list_papers(session, visit)
    subjects = list_subjects(session, visit)
    ended = visit.state in FALLEN_AWAY
    told = _told(papers, subjects)
    shown = [_show(subject, visit, papers, viewer, ended=ended, told=told) for subject in subjects]
    known = {subject.series for subject in subjects}
    gone = {paper.series: paper for paper in papers if paper.series not in known}
    return shown + [_gone(paper, papers, ended=ended) for paper in gone.values()]


def _told(papers: Sequence[VisitPaper], subjects: Sequence[Subject]) -> bool:
    """Say whether the result was told: by one notice for all departments, or by one of each."""
    held = {(one.series, one.rests_on) for one in papers}
    results = [one for one in subjects if one.kind is PaperKind.RESULT and not one.waits]
    parts = [one for one in results if one.series != "result"]
    whole = any((one.series, one.rests_on) in held for one in results if one.series == "result")
    return whole or (bool(parts) and all((one.series, one.rests_on) in held for one in parts))


def _show(
    subject: Subject, visit: Visit, papers: Sequence[VisitPaper], viewer: Actor, *, ended: bool, told: bool
) -> Shown:
    issued = _issued(subject.series, subject.rests_on, papers, ended=ended)
    holding = {one.paper.language for one in issued if one.standing is Standing.HOLDS}
    ready = not subject.waits and not ended
    due = ready and not holding
    if subject.kind is PaperKind.RESULT:
        # the notice of each department is another way of telling the same
        due = ready and not told and subject.series == "result"
    lacking = tuple(one for one in LANGUAGES if one not in holding)
    return Shown(subject, issued, ready and may_issue(subject, visit, viewer), due, lacking)


def _issued(series: str, rests_on: str, papers: Sequence[VisitPaper], *, ended: bool) -> tuple[Issued, ...]:
    found, seen = [], set()
    for paper in papers:
        if paper.series != series:
            continue
        found.append(Issued(paper, _standing(paper, rests_on, newer=paper.language in seen, ended=ended)))
        seen.add(paper.language)
    return tuple(found)


def _standing(paper: VisitPaper, rests_on: str, *, newer: bool, ended: bool) -> Standing:
    if ended:
        return Standing.ENDED
    if newer:
        return Standing.SUPERSEDED
    return Standing.HOLDS if rests_on in {"*", paper.rests_on} else Standing.CHANGED


def _gone(paper: VisitPaper, papers: Sequence[VisitPaper], *, ended: bool) -> Shown:
    """Show papers whose ground is settled, such as an order that was followed: they were right when issued."""
    subject = Subject(paper.kind, paper.series, (), "", "", "")
    return Shown(subject, _issued(paper.series, "*", papers, ended=ended), False, False, ())
