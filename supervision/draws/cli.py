"""`flask draws expire` and `flask draws export`: deadlines by the clock, bundles to a file."""

from pathlib import Path

import click
from flask import Blueprint

from supervision.draws import bundles, services
from supervision.draws.queries import get_draw_by_number
from supervision.errors import NotFound
from supervision.permissions import system_actor
from supervision.web import database

blueprint = Blueprint("draw_commands", __name__, cli_group="draws")


@blueprint.cli.command("expire")
def expire() -> None:
    """Declare void what was not revealed in time; open what stayed sealed too long. Run it every quarter of an hour."""
    session = database.session()
    for draw in services.expire_reveals(session):
        click.echo(f"{draw.number} void: {draw.end_note} did not reveal in time")
    for draw in services.open_overdue(session):
        click.echo(f"{draw.number} opened: its window has ended")
    for draw in services.finish_tasks(session):
        click.echo(f"{draw.number} done: its task waits for no visit any more")
    database.commit()


@blueprint.cli.command("export")
@click.argument("number")
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--public", "is_public", is_flag=True, help="The public bundle instead of the full one.")
def export(number: str, target: Path, *, is_public: bool) -> None:
    """Write the bundle of the opened draw NUMBER as a zip file; a sealed draw has none. A full one is noted."""
    session = database.session()
    try:
        draw = get_draw_by_number(session, number)
        read = bundles.public_bundle if is_public else bundles.full_bundle
        files = read(session, draw)
    except NotFound as error:
        raise click.ClickException("there is no opened draw with this number") from error
    data = bundles.bundle_zip(files, number=draw.number)
    if not is_public:
        services.note_full_bundle(session, draw, files=len(files), data=data, actor=system_actor("command line"))
        database.commit()
    target.write_bytes(data)
    click.echo(f"{target}: {len(files)} files of draw {draw.number}")
