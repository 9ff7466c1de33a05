"""Reading uploads: each person sees their own files."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.errors import NotFound
from supervision.intake.models import Upload
from supervision.intake.rules import UploadState
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor


def get_upload(session: Session, viewer: Actor, upload_id: int, *, lock: bool = False) -> Upload:
    """Return the upload to the person who sent it; to others it does not exist."""
    upload = session.get(Upload, upload_id, with_for_update=lock or None, populate_existing=lock)
    if upload is None or viewer.user_id is None or upload.created_by != viewer.user_id:
        raise NotFound
    return upload


def list_uploads(session: Session, viewer: Actor, query: ListQuery) -> Page[Upload]:
    """List the viewer's files, newest first."""
    statement = sa.select(Upload).where(Upload.created_by == viewer.user_id)
    if query.q:
        statement = statement.where(Upload.filename.contains(query.q, autoescape=True))
    if state := query.filters.get("state"):
        statement = statement.where(Upload.state == UploadState(state))
    if kind := query.filters.get("kind"):
        statement = statement.where(Upload.kind == kind)
    return load_page(
        session,
        statement,
        query,
        sorts={"id": Upload.id, "filename": Upload.filename, "created": Upload.created_at},
        default_sort="-id",
        tie_breaker=Upload.id,
    )
