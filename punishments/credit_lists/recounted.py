"""Deadlines of listings that another calendar would move (see ``workdays.recounting``)."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import ListingState
from supervision.labels import N_
from supervision.workdays.recounting import Deadline, Kind, Recount


def statements(session: Session, recount: Recount) -> Iterator[Deadline]:
    """Days until which a party may state its case: they are the party's and never come earlier (R-5.04)."""
    statement = sa.select(Listing).where(Listing.state == ListingState.NOTICED)
    for one in session.scalars(statement.order_by(Listing.id)).unique():
        if one.statement_due_on is not None and one.noticed_on is not None:
            after = recount.shift(one.noticed_on, one.statement_due_on)
            name = one.penalty.document_number
            before, subject = one.statement_due_on, ("listing", one.id)
            yield Deadline(one, "statement_due_on", subject, name, before, after, for_party=True)


KINDS = (Kind("listings.statement_due_on", N_("Statement of the party before a listing"), statements),)
