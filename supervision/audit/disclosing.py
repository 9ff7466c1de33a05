"""What a page calls when it shows or hands out a confidential list: the entry first, then the list.

Views and exports are GET requests, whose transaction only reads; the entry is committed in a short transaction of its
own. When it cannot be written the visitor gets neither page nor file.
"""

from collections.abc import Iterable, Sequence

from flask import Response
from flask_babel import gettext as _

from supervision import clock
from supervision.audit.disclosure import is_noted, record_export, record_view
from supervision.audit.events import DisclosedList
from supervision.listing import ListQuery
from supervision.permissions import Actor
from supervision.web import database, exports
from supervision.web.access import actor


def note_view(what: DisclosedList, *, subject: object = "", count: int) -> None:
    """Note that the visitor is about to see ``count`` rows of ``what``; an empty list discloses nothing."""
    viewer = actor()
    if not count or is_noted(database.session(), actor=viewer, what=what, subject=subject):
        return
    with database.written_now() as session:
        record_view(session, actor=viewer, what=what, subject=subject, count=count)


def hand_out(
    kind: str,
    filename: str,
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    what: DisclosedList,
    subject: object = "",
    query: ListQuery | None = None,
) -> Response:
    """Return ``rows`` as a watermarked file whose digest is on record."""
    viewer = actor()
    written = exports.write_file(kind, header, rows, watermark=watermark(viewer, what))
    try:
        with database.written_now() as session:
            record_export(
                session, actor=viewer, what=what, subject=subject, filters=query.filters if query else {},
                searched=bool(query and query.q), rows=written.rows, digest=written.digest,
            )  # fmt: skip
    except BaseException:
        written.stream.close()
        raise
    return exports.send(written, filename)


def watermark(viewer: Actor, what: DisclosedList) -> exports.Watermark:
    """Say on the file who took it, when and what for; the request number finds the entry in the audit log."""
    text = _(
        "%(list)s. For supervision work only, do not pass on. "
        "Exported by %(name)s (%(department)s) at %(moment)s, request %(request)s.",
        list=_(what.label),
        name=viewer.name,
        department=viewer.department_code or "—",
        moment=f"{clock.local(clock.now()):%Y-%m-%d %H:%M:%S}",
        request=viewer.request_id or "—",
    )
    return exports.Watermark(title=_("Watermark"), text=text)
