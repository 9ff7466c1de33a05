"""`flask imports clean`: take away what imports leave behind."""

from pathlib import Path

import click
from flask import Blueprint, current_app

from supervision.intake.cleaning import clean
from supervision.permissions import system_actor
from supervision.web import database

blueprint = Blueprint("intake_commands", __name__, cli_group="imports")


@blueprint.cli.command("clean")
def clean_command() -> None:
    """Remove files of ended and abandoned imports whose time has passed; the worker does the same once a day."""
    cleaned = clean(database.session(), Path(current_app.instance_path), actor=system_actor())
    database.commit()
    click.echo(f"{cleaned.files} files of {cleaned.uploads} imports removed, {cleaned.size} bytes")
