"""`flask audit verify`: recompute the chain."""

import click
from flask import Blueprint

from supervision.audit.queries import newest, verify_chain
from supervision.web import database

blueprint = Blueprint("audit_commands", __name__, cli_group="audit")


@blueprint.cli.command("verify")
@click.option("--head", help="Hash of the newest entry as noted outside the database; shows a cut tail.")
def verify(head: str | None) -> None:
    """Recompute the audit chain; exit 1 at the first broken entry."""
    count, broken = verify_chain(database.session(), expected_head=head)
    if broken is not None:
        click.echo(f"broken at entry {broken.seq}: {broken.reason}")
        raise SystemExit(1)
    click.echo(f"{count} entries, whole; head {newest(database.session())[1]}")
