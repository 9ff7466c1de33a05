"""Message catalogues: one ``.po`` per room, compiled to ``.mo`` beside it when newer."""

from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.extract import extract_from_file
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


PACKAGES = ("supervision", "joint_inspections", "punishments", "reports")
REFUSALS = ("NotFound", "Forbidden", "Invalid", "WrongState", "Conflict", "RuleBroken")
KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None, "N_": None, "ngettext": (1, 2),
    # a refusal's second argument is what people read
    **dict.fromkeys(REFUSALS, (2,)),
}  # fmt: skip
EXTRACTORS = {".py": "python", ".html": "jinja2.ext:babel_extract"}


def texts() -> Iterator[tuple[Path, str]]:
    """Yield (file, message id) for every text marked for translation."""
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*")):
            method = EXTRACTORS.get(path.suffix)
            if method is None or "vendor" in path.parts:
                continue
            options = {"encoding": "utf-8", "trim_blocks": "true", "lstrip_blocks": "true"}
            for _line, message, _comments, _context in extract_from_file(
                method, str(path), keywords=KEYWORDS, options=options
            ):
                yield path.relative_to(PROJECT), message if isinstance(message, str) else message[0]


def entries() -> Iterator[tuple[Path, str, str]]:
    """Yield (catalogue, message id, Chinese text) for every translated message of every room."""
    for source in catalogues():
        with source.open("rb") as stream:
            for message in read_po(stream, locale="zh_Hans_CN"):
                identifier = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
                if identifier and text and not message.fuzzy:
                    yield source, identifier, text


def missing() -> list[tuple[Path, str]]:
    """Return the texts that have no Chinese translation yet."""
    known = {identifier for _, identifier, _ in entries()}
    return sorted({(path, text) for path, text in texts() if text and text not in known})


@blueprint.cli.command("missing")
def missing_command() -> None:
    """Name every text without a Chinese translation; exit 1 when there is one."""
    found = missing()
    for path, text in found:
        click.echo(f"{path}: {text!r}")
    raise SystemExit(1 if found else 0)


@blueprint.cli.command("compile")
def compile_command() -> None:
    """Compile the catalogues."""
    click.echo(f"{compile_all()} compiled")
