"""Commands as an operator meets them: help in Chinese and English, faults of the installation in one line."""

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any  # what commands take and return

import click
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy.exc import DatabaseError, OperationalError

from supervision.db import is_busy
from supervision.errors import DomainError
from supervision.labels import N_

CHINESE, ENGLISH = "zh_Hans_CN", "en"
# PostgreSQL: no such table, no such column, not allowed
NO_TABLE, NO_COLUMN, NOT_ALLOWED = "42P01", "42703", "42501"
UNPREPARED = N_(
    "The database is not prepared for this version. Run: flask db upgrade, then flask ground load "
    "(for a demonstration: flask demo load)."
)
BUSY = N_("Somebody else holds the database. Try again in a minute.")
UNUSABLE = N_(
    "The database cannot be used (%(reason)s). Look at DATABASE_URL, the server and the rights on its folder."
)
GROUPS = {
    "accounts": N_("The first administrators."),
    "archive": N_("Archive packages of closed visits."),
    "audit": N_("The audit log."),
    "corrections": N_("Corrections that enterprises were ordered to make."),
    "db": N_("The schema of the database."),
    "demo": N_("The demonstration district."),
    "draws": N_("Deadlines and bundles of draws."),
    "evidence": N_("Files kept as evidence."),
    "ground": N_("What a district needs before its first register."),
    "imports": N_("Files of imports."),
    "jobs": N_("Background jobs."),
    "papers": N_("Papers about draws, and the key that signs them."),
    "log": N_("The transparency log: keys, checkpoints, witnesses."),
    "lots": N_("What the machine chose outside draws."),
    "notifications": N_("Messages: what waits for whom."),
    "punishments": N_("Listings and their measures."),
    "translations": N_("Texts and their translations."),
}


def in_both(message: str, **places: object) -> tuple[str, str]:
    """Return a text in Chinese and in English."""
    with force_locale(CHINESE):
        chinese = str(gettext(message, **places))
    with force_locale(ENGLISH):
        return chinese, str(gettext(message, **places))


def both(message: str, **places: object) -> str:
    """Return a text as ``中文 English``; once where nobody has translated it."""
    return " ".join(dict.fromkeys(in_both(message, **places)))


def finish(app: Flask) -> None:
    """Let every command of the rooms tell faults of the installation plainly; translate the help when it is wanted."""
    for command in all_commands(app.cli):
        if command.callback is not None and not hasattr(command.callback, "tells_plainly"):
            command.callback = plainly(command.callback)
    if click.get_current_context(silent=True) is not None:
        with app.app_context():
            translate_help(app.cli)


def all_commands(group: click.Group) -> Iterator[click.Command]:
    """Yield every command of ``group`` and of the groups in it."""
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from all_commands(command)
        yield command


def translate_help(group: click.Group) -> None:
    """Put Chinese before the English help of each command and option; what is Chinese already stays."""
    for name, command in group.commands.items():
        command.help = command.help or GROUPS.get(name)
    for command in all_commands(group):
        if command.help and command.help.isascii():
            chinese, english = in_both(one_line(command.help))
            command.help = "\n\n".join(dict.fromkeys((chinese, english)))
            command.short_help = f"{_first(chinese, '。；：')} {_first(english, '.;:')}"
        for option in command.params:
            if isinstance(option, click.Option) and option.help and option.help.isascii():
                option.help = both(one_line(option.help))


def _first(text: str, ends: str) -> str:
    return re.split(f"[{ends}]", text)[0]


def one_line(text: str) -> str:
    """Return a docstring as the message id it is translated by."""
    return " ".join(inspect.cleandoc(text).split())


def plainly(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a command so that what an operator can mend is said in one line instead of a traceback."""

    @functools.wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except (DatabaseError, OSError, DomainError) as error:
            told = explain(error)
            if told is None:
                raise
            raise click.ClickException(told) from error

    run.tells_plainly = True  # type: ignore[attr-defined]  # a mark: blueprints outlive the application
    return run


def explain(error: Exception) -> str | None:
    """Say what is wrong with the installation, or None when the fault is the program's own."""
    if isinstance(error, DomainError):
        return both(error.message, **error.parameters)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else None
    if is_busy(error):
        return both(BUSY)
    cause = getattr(error, "orig", error)
    state, reason = getattr(cause, "sqlstate", None), str(cause).partition("\n")[0]
    if state in {NO_TABLE, NO_COLUMN} or reason.startswith("no such"):
        return both(UNPREPARED)
    # a file that is no database at all is an error of the plain kind
    if isinstance(error, OperationalError) or state == NOT_ALLOWED or type(error) is DatabaseError:
        return both(UNUSABLE, reason=reason)
    return None
