"""Do issued papers still say what was issued? Columns, content and bytes against each other and the audit log."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any  # a paper's content is JSON

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.papers.contents import digest_of_entries
from reports.papers.models import IssuedPaper, PaperFile
from reports.papers.rules import LANGUAGES, paper_number
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws.rules import moment_text


def faults(session: Session) -> list[str]:
    """Name every paper that is not what was issued, in the order of issue."""
    noted = _noted(session)
    papers = session.scalars(sa.select(IssuedPaper).order_by(IssuedPaper.id)).all()
    missing = sorted(set(noted) - {paper.number for paper in papers})
    return [
        *(fault for paper in papers for fault in _faults(paper, noted.get(paper.number))),
        *(f"{number}: 凭证缺失 the paper is gone" for number in missing),
    ]


def _noted(session: Session) -> dict[str, Mapping[str, Any]]:
    """Return what the audit log says of each issue, by its number."""
    entries = session.scalars(sa.select(AuditEntry.details).where(AuditEntry.event == Event.PAPER_ISSUED))
    return {str(details["number"]): details for details in entries}


def _faults(paper: IssuedPaper, noted: Mapping[str, Any] | None) -> Iterator[str]:
    if noted is None:
        yield f"{paper.number}: 审计日志中没有签发记录 not in the audit log"
        return
    if noted["digest"] != paper.digest or _digest(paper) != paper.digest:
        yield f"{paper.number}.json: 摘要不一致 digest differs"
        return
    yield from (f"{paper.number}: {column} 与内容不一致 differs from the content" for column in _strange_columns(paper))
    if noted["files"] != {one.language: one.digest for one in paper.files}:
        yield f"{paper.number}: 文件与审计日志不一致 files are not those of the audit log"
    for one in paper.files:
        if _digest(one) != one.digest or not _starts_as_drawn(one):
            yield f"{paper.number}-{one.language}.pdf: 摘要不一致 digest differs"


def _strange_columns(paper: IssuedPaper) -> Iterator[str]:
    """Name the columns that say something else than the paper itself."""
    content = json.loads(paper.content)
    draw, issue = content["draw"], content["issue"]
    signer = issue["signer"]["fingerprint"] if issue["signer"] else ""
    entries = [[leaf["index"], leaf["event"], leaf["digest"]] for leaf in draw["leaves"]]
    expected = {
        "draw_id": (paper.draw.number, draw["draw"]),
        "kind": (paper.kind.value, draw["kind"]),
        "serial": (paper_number(draw["draw"], paper.kind, paper.serial), issue["number"]),
        "number": (paper.number, issue["number"]),
        "basis_digest": (paper.basis_digest, digest_of_entries(entries)),
        "signer": (paper.signer, signer),
        "issued_at": (moment_text(paper.issued_at), issue["issued_at"]),
    }
    yield from (column for column, (found, wanted) in expected.items() if found != wanted)


def _digest(kept: IssuedPaper | PaperFile) -> str:
    try:
        return hashlib.sha256(kept.content).hexdigest()
    except zlib.error:
        return ""


def _starts_as_drawn(one: PaperFile) -> bool:
    drawn, signed = one.content[: one.unsigned_size], bool(one.paper.signer)
    whole = len(drawn) == one.unsigned_size and len(one.content) == one.size and one.language in LANGUAGES
    return whole and hashlib.sha256(drawn).hexdigest() == one.unsigned_digest and signed == (len(drawn) < one.size)
