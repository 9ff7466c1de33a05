"""`flask punishments …`: what has to be done each night."""

import click
from flask import Blueprint

from punishments.credit_lists.services import end_due
from supervision import clock
from supervision.permissions import system_actor
from supervision.web import database

blueprint = Blueprint("punishment_commands", __name__, cli_group="punishments")


@blueprint.cli.command("end-due")
def end_due_command() -> None:
    """Note the end of listings whose term has run out and lift their measures."""
    count = end_due(database.session(), on=clock.today(), actor=system_actor())
    database.commit()
    click.echo(f"{count} ended")
