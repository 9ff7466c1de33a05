"""`flask corrections check`: recompute the chains of all corrections and hold them against the audit log."""

import click
from flask import Blueprint

from joint_inspections.corrections.checking import check_all
from supervision.web import database

blueprint = Blueprint("correction_commands", __name__, cli_group="corrections")


@blueprint.cli.command("check")
def check() -> None:
    """Recompute every chain of rounds and decisions; the exit code says whether all hold."""
    checked = check_all(database.session())
    for fault in checked.faults:
        click.echo(f"follow-up {fault.follow_up_id}, entry {fault.number}: {fault.what}")
    click.echo(f"{checked.chains} chains, {checked.entries} entries, {len(checked.faults)} faults")
    if checked.faults:
        raise SystemExit(1)
