"""Reading issued papers and what was written on site. Callers have loaded the visit for their viewer already."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.papers.models import SiteEntry, VisitPaper
from joint_inspections.papers.rules import PaperKind, order_series
from joint_inspections.visits.models import Visit
from supervision.errors import NotFound


def list_papers(session: Session, visit: Visit) -> Sequence[VisitPaper]:
    """List every paper issued for a visit, newest first."""
    statement = sa.select(VisitPaper).where(VisitPaper.visit_id == visit.id).order_by(VisitPaper.id.desc())
    return session.scalars(statement.options(joinedload(VisitPaper.issuer))).all()


def get_paper(session: Session, visit: Visit, paper_id: int) -> VisitPaper:
    """Return a paper of a visit the caller may see, or refuse."""
    found = session.scalar(sa.select(VisitPaper).where(VisitPaper.id == paper_id, VisitPaper.visit_id == visit.id))
    if found is None:
        raise NotFound
    return found


def get_by_token(session: Session, token: str) -> VisitPaper:
    """Return the paper whose code was scanned, or refuse."""
    statement = sa.select(VisitPaper).where(VisitPaper.token == token).options(joinedload(VisitPaper.visit))
    found = session.scalar(statement) if token else None
    if found is None:
        raise NotFound
    return found


def newest_of_series(session: Session, visit: Visit, series: str, language: str) -> VisitPaper | None:
    """Return the newest paper of a series in a language: it supersedes those before it."""
    statement = (
        sa.select(VisitPaper)
        .where(VisitPaper.visit_id == visit.id, VisitPaper.series == series, VisitPaper.language == language)
        .order_by(VisitPaper.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def find_order_at(session: Session, visit_id: int, item_code: str, moment: datetime) -> VisitPaper | None:
    """Return the order to correct that was in force at a moment; the Chinese one is the one served."""
    statement = sa.select(VisitPaper).where(
        VisitPaper.visit_id == visit_id, VisitPaper.series == order_series(item_code), VisitPaper.issued_at <= moment
    )
    foreign = sa.case((VisitPaper.language == "zh", 0), else_=1)
    return session.scalars(statement.order_by(foreign, VisitPaper.id.desc()).limit(1)).first()


def next_serial(session: Session, visit: Visit, kind: PaperKind) -> int:
    """Return which paper of its kind the next one of a visit is; the caller holds the visit."""
    newest = session.scalar(
        sa.select(sa.func.max(VisitPaper.serial)).where(VisitPaper.visit_id == visit.id, VisitPaper.kind == kind)
    )
    return (newest or 0) + 1


def list_entries(session: Session, visit: Visit) -> Sequence[SiteEntry]:
    """List every version of everything written on site, in the order of kinds and numbers, newest version first."""
    statement = (
        sa.select(SiteEntry)
        .where(SiteEntry.visit_id == visit.id)
        .order_by(SiteEntry.kind, SiteEntry.entry_no, SiteEntry.version_no.desc())
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def newest_entries(session: Session, visit: Visit) -> list[SiteEntry]:
    """List the newest version of each entry of a visit."""
    found: dict[tuple[str, int], SiteEntry] = {}
    for entry in list_entries(session, visit):
        found.setdefault((entry.kind, entry.entry_no), entry)
    return list(found.values())


def get_entry(session: Session, visit: Visit, kind: PaperKind, entry_no: int) -> SiteEntry:
    """Return the newest version of an entry, or refuse."""
    for entry in newest_entries(session, visit):
        if (entry.kind, entry.entry_no) == (kind, entry_no):
            return entry
    raise NotFound
