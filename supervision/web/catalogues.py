"""Message catalogues: one ``.po`` per room, compiled to ``.mo`` beside it when newer."""

from pathlib import Path

import click
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint

from supervision.config import PROJECT

blueprint = Blueprint("catalogue_commands", __name__, cli_group="translations")


def catalogues() -> list[Path]:
    """Return the ``.po`` files of all rooms."""
    return sorted(PROJECT.glob("*/translations/zh_Hans_CN/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Compile every catalogue that is newer than its ``.mo``; return how many."""
    count = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale="zh_Hans_CN")
        beside = target.with_suffix(f".mo.{id(catalogue)}")
        with beside.open("wb") as stream:
            write_mo(stream, catalogue)
        beside.replace(target)
        count += 1
    return count


@blueprint.cli.command("compile")
def compile_command() -> None:
    """Compile the catalogues."""
    click.echo(f"{compile_all()} compiled")
