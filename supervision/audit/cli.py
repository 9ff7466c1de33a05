"""`flask audit verify`: recompute the chain and hold it against its anchors."""

import click
from flask import Blueprint

from supervision.audit.anchors import read_anchors
from supervision.audit.queries import newest, verify_chain
from supervision.audit.rules import REASONS
from supervision.labels import N_
from supervision.web import database
from supervision.web.commands import both

blueprint = Blueprint("audit_commands", __name__, cli_group="audit")
WHOLE = N_("%(count)s entries, whole; head %(head)s")
ANCHORED = N_("Held against %(count)s anchors in the transparency log; the newest is of entry %(newest)s.")


@blueprint.cli.command("verify")
@click.option("--head", help="Hash of the newest entry as noted outside the database; shows a cut tail.")
def verify(head: str | None) -> None:
    """Recompute the audit chain, hold it against its anchors in the log; exit 1 at the first broken entry."""
    session = database.session()
    count, broken = verify_chain(session, expected_head=head)
    if broken is not None:
        upto = f"-{broken.until}" if broken.until > broken.seq else ""
        click.echo(f"broken at entry {broken.seq}{upto}: {broken.reason}")
        click.echo(both(REASONS[broken.reason], first=broken.seq, last=max(broken.seq, broken.until)))
        raise SystemExit(1)
    anchors = read_anchors(session)
    click.echo(both(WHOLE, count=count, head=newest(session)[1]))
    click.echo(both(ANCHORED, count=len(anchors), newest=max(anchors, default=0)))
