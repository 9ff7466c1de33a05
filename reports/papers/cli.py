"""`flask papers …`: the key that signs papers, issuing by hand, and a look at what was issued."""

from pathlib import Path

import click
from flask import Blueprint, current_app

from reports.papers import signing
from reports.papers.checking import faults
from reports.papers.log_position import let_log_sign
from reports.papers.office import office_of
from reports.papers.rules import kinds_of
from reports.papers.services import compose, find_current, keep, prepare
from reports.papers.signing import SigningKey
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.queries import get_draw_by_number
from supervision.draws.rules import code_groups
from supervision.errors import NotFound
from supervision.permissions import system_actor
from supervision.web import database

blueprint = Blueprint("paper_commands", __name__, cli_group="papers")
ACTOR = "command line"


@blueprint.cli.group("key")
def key_group() -> None:
    """The key that signs papers, kept outside the database."""


@key_group.command("new")
@click.option("--replace", is_flag=True, help="Put the new key in the place of the one that is there.")
def new_key(*, replace: bool) -> None:
    """Make a key with a certificate signed by itself, for an authority without a certificate of its own."""
    config = current_app.config
    _take(
        signing.make_key(name=config["DISTRICT_NAME_ZH"], organization=config["DISTRICT_NAME_EN"]),
        replace=replace,
        how="made here",
    )


@key_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--password", prompt=True, hide_input=True, default="", show_default=False, help="Password of the file.")
@click.option("--replace", is_flag=True, help="Put the new key in the place of the one that is there.")
def import_key(file: Path, password: str, *, replace: bool) -> None:
    """Take over the key and certificate of FILE, a PKCS #12 file as certificate authorities hand it out."""
    _take(signing.read_p12(file.read_bytes(), password), replace=replace, how="imported")


def _take(key: SigningKey, *, replace: bool, how: str) -> None:
    """Note the key before it is put in place: a key nobody knows of must not sign."""
    instance, session = Path(current_app.instance_path), database.session()
    if signing.key_path(instance).exists() and not replace:
        raise signing.key_exists()
    details = {"fingerprint": key.fingerprint, "subject": key.subject}
    record(session, Event.PAPER_KEY_CHANGED, actor=system_actor(ACTOR), subject=("paper_key", key.fingerprint[:16]),
           reason=how, details=details)  # fmt: skip
    database.commit()
    click.echo(signing.keep_key(instance, key, replace=replace))
    _tell(key)


@key_group.command("show")
def show_key() -> None:
    """Show the certificate that signs papers: name, fingerprint, and until when it is valid."""
    key = signing.load_key(Path(current_app.instance_path))
    if key is None:
        raise click.ClickException("没有签名密钥，凭证不带签名。 There is no signing key; papers bear no signature.")
    _tell(key)


def _tell(key: SigningKey) -> None:
    click.echo(key.certificate.subject.rfc4514_string())
    click.echo(f"SHA-256  {' '.join(code_groups(key.fingerprint))}")
    click.echo(f"{key.certificate.not_valid_before_utc:%Y-%m-%d} – {key.certificate.not_valid_after_utc:%Y-%m-%d}")


@blueprint.cli.command("issue")
@click.argument("number")
def issue(number: str) -> None:
    """Issue the papers of the draw NUMBER that its state allows and that are not there yet."""
    session, office = database.session(), office_of(current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        draw = get_draw_by_number(session, number)
    except NotFound as error:
        raise click.ClickException("没有这个编号的抽取。 There is no draw with this number.") from error
    let_log_sign(session)
    for kind in kinds_of(draw.state):
        paper = find_current(session, draw, kind, signing=office.key is not None)
        if paper is None:
            prepared = prepare(session, draw, kind, office)
            # nobody waits for this command while it draws, signs and asks for a timestamp
            database.commit()
            paper = keep(session, compose(prepared, office), actor=system_actor(ACTOR))
        click.echo(f"{paper.number}  {paper.digest}")
        database.commit()


@blueprint.cli.command("check")
def check() -> None:
    """Compare every issued paper with its digests; name each that differs and end with 1."""
    found = faults(database.session())
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo("全部一致 everything agrees")
