"""`flask notifications tell`: gather what waits and send what is due, where no worker runs."""

import click
from flask import Blueprint, Flask, current_app

from supervision.notifications import telling

blueprint = Blueprint("notification_commands", __name__, cli_group="notifications")


@blueprint.cli.command("tell")
def tell() -> None:
    """Gather what waits for whom, and send what is due. The worker does it every minute by itself."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way out
    gathered, ended = telling.tell(app)
    click.echo(f"new {gathered.new}, settled {gathered.settled}")
    for state, count in sorted(ended.items()):
        click.echo(f"{state.value} {count}")
