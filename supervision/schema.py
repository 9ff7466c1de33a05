"""`flask db …`: the schema and its migrations, without an ini file."""

import click
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint
from sqlalchemy.engine import Engine

from supervision.config import PROJECT
from supervision.db import Base
from supervision.web import database

blueprint = Blueprint("schema_commands", __name__, cli_group="db")


def alembic_config(engine: Engine) -> AlembicConfig:
    """Return the configuration Alembic would read from an ini file."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(PROJECT / "supervision" / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade_to_newest(engine: Engine) -> None:
    """Bring the database of ``engine`` to the newest revision."""
    command.upgrade(alembic_config(engine), "head")


def is_prepared(engine: Engine) -> bool:
    """Say whether the database has the newest revision that this program knows."""
    newest = ScriptDirectory.from_config(alembic_config(engine)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def differences(engine: Engine) -> list[object]:
    """Return what the models have and the database has not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": include_name})
        return list(compare_metadata(context, Base.metadata))


def include_name(name: str | None, kind: str, parents: object) -> bool:  # noqa: ARG001 - Alembic's signature
    """Leave out tables that the search index makes for itself."""
    return not (kind == "table" and name is not None and name.startswith("entity_search"))


@blueprint.cli.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision."""
    upgrade_to_newest(database.engine())


@blueprint.cli.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a new revision from the difference between models and database."""
    command.revision(alembic_config(database.engine()), message, autogenerate=True)


@blueprint.cli.command("check")
def check() -> None:
    """Exit 1 when the database differs from the models."""
    found = differences(database.engine())
    for difference in found:
        click.echo(str(difference))
    raise SystemExit(1 if found else 0)
