"""`flask evidence sweep`: take away what was begun and never finished."""

import click
from flask import Blueprint

from joint_inspections.evidence.sweeping import sweep
from supervision.web import database

blueprint = Blueprint("evidence_commands", __name__, cli_group="evidence")


@blueprint.cli.command("sweep")
def sweep_now() -> None:
    """Remove pieces of files that nobody went on sending; never what is sealed. The worker does it daily by itself."""
    swept = sweep(database.session())
    database.commit()
    click.echo(f"removed {swept.files} files, {swept.size} bytes")
