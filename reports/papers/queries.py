"""Reading issued papers: they are public, every issue of them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from reports.papers.models import IssuedPaper, PaperFile
from reports.papers.rules import PaperKind
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.errors import NotFound


def find_newest(session: Session, draw: Draw, kind: PaperKind) -> IssuedPaper | None:
    """Return the newest issue of a kind of paper, if there is one."""
    statement = sa.select(IssuedPaper).where(IssuedPaper.draw_id == draw.id, IssuedPaper.kind == kind)
    return session.scalar(statement.order_by(IssuedPaper.serial.desc()).limit(1))


def list_papers(session: Session, draw: Draw) -> list[IssuedPaper]:
    """List every issue about a draw with its files, newest first."""
    statement = (
        sa.select(IssuedPaper)
        .where(IssuedPaper.draw_id == draw.id)
        .options(selectinload(IssuedPaper.files).defer(PaperFile.packed), sa.orm.defer(IssuedPaper.packed))
    )
    return list(session.scalars(statement.order_by(IssuedPaper.id.desc())))


def get_paper(session: Session, draw: Draw, number: str) -> IssuedPaper:
    """Return the issue with this number, or refuse."""
    found = session.scalar(sa.select(IssuedPaper).where(IssuedPaper.draw_id == draw.id, IssuedPaper.number == number))
    if found is None:
        raise NotFound
    return found


def get_file(session: Session, paper: IssuedPaper, language: str) -> PaperFile:
    """Return the PDF of an issue in one language, or refuse."""
    found = session.get(PaperFile, (paper.id, language))
    if found is None:
        raise NotFound
    return found


def list_signers(session: Session) -> list[tuple[str, int]]:
    """Return the fingerprint of every certificate that has signed papers, and how many it has signed."""
    statement = sa.select(IssuedPaper.signer, sa.func.count()).where(IssuedPaper.signer != "")
    found = session.execute(statement.group_by(IssuedPaper.signer).order_by(sa.func.max(IssuedPaper.id).desc()))
    return [(signer, count) for signer, count in found]


def list_without(session: Session, kind: PaperKind, states: frozenset[DrawState], *, limit: int) -> list[Draw]:
    """List draws in these states that have no paper of this kind yet, newest first."""
    issued = sa.exists().where(IssuedPaper.draw_id == Draw.id, IssuedPaper.kind == kind)
    statement = sa.select(Draw).where(Draw.state.in_(states), ~issued).order_by(Draw.id.desc()).limit(limit)
    return list(session.scalars(statement))
