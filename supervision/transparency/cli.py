"""`flask log …`: keys and checkpoints of this log, and the work of a witness of any log."""

from pathlib import Path
from typing import Any  # click hands options over by name

import click
from flask import Blueprint

from sampling.errors import SamplingError
from sampling.witness_command import Lines, Watch, compare_notes, watch
from sampling.witnessing import Seen
from supervision.errors import NotFound
from supervision.labels import N_
from supervision.permissions import system_actor
from supervision.transparency import queries, services
from supervision.transparency.checks import Source, check_log
from supervision.transparency.gate import told
from supervision.transparency.keyring import Keyring, keyring_of
from supervision.transparency.stating import state
from supervision.web import database
from supervision.web.commands import both

blueprint = Blueprint("log_commands", __name__, cli_group="log")
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
OPERATOR = system_actor("command line")


def keyring() -> Keyring:
    """Return the keys of this installation."""
    found = keyring_of(database.session())
    if found is None:
        raise NotFound
    return found


@blueprint.cli.group("key")
def key() -> None:
    """The key the log signs with."""


@key.command("show")
def show_key() -> None:
    """Show every public key of the log, the newest last."""
    for one in queries.list_keys(database.session()):
        click.echo(f"{one.began_at.isoformat(timespec='seconds')}  {one.verifier_key}")


@key.command("new")
@click.option("--reason", default="", help="What became of the key before, if there was one.")
def new_key(reason: str) -> None:
    """Make the first key, or one in place of a key that is lost: then tell every witness otherwise."""
    session, ring = database.session(), keyring()
    if queries.list_keys(session) and not reason.strip():
        raise click.UsageError(both(N_("Say with --reason what became of the key before.")))
    signer = services.new_key(session, ring, reason=reason, actor=OPERATOR)
    services.make_checkpoint(session, ring, signers=[signer])
    database.commit()
    ring.take_over(signer.verifier_key)
    click.echo(signer.verifier_key)


@key.command("rotate")
@click.option("--reason", required=True, help="Why the key is changed.")
def rotate_key(reason: str) -> None:
    """Change the key; the old one signs once more, for the leaf that names the new one."""
    session, ring = database.session(), keyring()
    old, new = services.rotate_key(session, ring, reason=reason, actor=OPERATOR)
    services.make_checkpoint(session, ring, signers=[new, old])
    database.commit()
    ring.take_over(new.verifier_key)
    click.echo(new.verifier_key)


@blueprint.cli.command("checkpoint")
@click.option("--to", "target", type=FILE, help="File to write, instead of the screen.")
def checkpoint(target: Path | None) -> None:
    """Sign the log if it grew, and show the newest checkpoint."""
    session = database.session()
    made = services.make_checkpoint(session, keyring())
    database.commit()
    note = queries.cosigned_note(session, made)
    if target is None:
        click.echo(note, nl=False)
    else:
        target.write_text(note, encoding="utf-8", newline="\n")
        click.echo(f"{target}: {made.size}")


@blueprint.cli.command("anchor")
def anchor() -> None:
    """Log the head of the audit log and, once a month, the register; then sign. The worker does it every day."""
    session, ring = database.session(), keyring()
    for leaf in services.anchor_daily(session, ring):
        click.echo(f"{leaf.index} {leaf.event.value} {leaf.digest}")
    made = services.make_checkpoint(session, ring)
    database.commit()
    click.echo(f"{made.size} {made.head}")


@blueprint.cli.command("check")
@click.argument("notes", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(notes: tuple[Path, ...]) -> None:
    """Recompute the whole log and hold it against every checkpoint, also those in files that others kept (NOTES)."""
    session, ring = database.session(), keyring()
    outside = [Source(path.name, read_note(path)) for path in notes]
    found = check_log(session, ring, outside=outside)
    for one in found:
        click.echo(told(one))
    if found:
        raise SystemExit(1)
    kept = ring.kept()
    compared = len(queries.list_checkpoints(session)) + len(outside) + (kept is not None)
    size = queries.log_size(session)
    click.echo(both(N_("%(size)s leaves, whole; they agree with %(count)s checkpoints."), size=size, count=compared))


@blueprint.cli.command("resume")
@click.option("--reason", required=True, help="What was lost and who was told.")
def resume(reason: str) -> None:
    """Go on after entries were lost for good and an older backup was put back; the loss itself is logged."""
    session, ring = database.session(), keyring()
    leaf = services.resume_log(session, ring, reason=reason, actor=OPERATOR)
    database.commit()
    lost = ring.put_away_checkpoint()
    made = services.make_checkpoint(session, ring)
    database.commit()
    click.echo(f"{leaf.index} {leaf.event.value}; {made.size} {made.head}; {lost}")


def read_note(path: Path) -> Seen:
    """Read a checkpoint from a file, or refuse it in one line."""
    try:
        return Seen.parse(path.read_text("utf-8"))
    except SamplingError as error:
        raise click.ClickException(f"{path.name}: {error.zh} {error.en}") from error


@blueprint.cli.command("witness")
@click.option("--log", "address", required=True, help="Address of the log, such as https://example.gov.cn/log.")
@click.option("--state", "folder", required=True, type=FOLDER, help="Folder of what was seen.")
@click.option("--key", "key_file", type=FILE, help="File of the witness's own key; without it nothing is cosigned.")
@click.option("--name", default="", help="Name of a new key, made when the file is not there.")
@click.option("--log-key", "told_key", default="", help="Key of the log, learned otherwise than from its site.")
@click.option("--contact", default="", help="Whom to call when the log lies.")
@click.option("--submit", is_flag=True, help="Hand the cosignature to the log.")
def witness(*, submit: bool, **options: Any) -> None:
    """Look at a log once: did it only grow since the last look? Cosign it, or exit 1 and keep the evidence."""
    try:
        tell(watch(Watch(hands_in=submit, **options)))
    except SamplingError as error:
        raise click.ClickException(f"{error.zh} {error.en}") from error


@blueprint.cli.command("compare")
@click.argument("notes", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def compare(notes: tuple[Path, ...]) -> None:
    """Compare checkpoints that several people hold (NOTES); one size with two heads is a fork: exit 1."""
    try:
        tell(compare_notes(notes))
    except SamplingError as error:
        raise click.ClickException(f"{error.zh} {error.en}") from error


@blueprint.cli.command("statement")
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option("--key", "key_file", required=True, type=FILE, help="File of the witness's own key.")
@click.option("--to", "target", type=FILE, help="File to write, instead of the screen.")
@click.option("--log", "address", default="", help="Address of the log, to hand the statement in.")
def statement(bundle: Path, key_file: Path, target: Path | None, address: str) -> None:
    """Verify the full BUNDLE of a draw and, if everything agrees, sign that it does."""
    try:
        tell(state(bundle, key_file=key_file, target=target, address=address))
    except SamplingError as error:
        raise click.ClickException(f"{error.zh} {error.en}") from error


def tell(outcome: tuple[int, Lines]) -> None:
    """Say what was found and end with its code."""
    code, lines = outcome
    for chinese, english in lines:
        click.echo(f"{chinese}\n    {english}" if english else chinese)
    if code:
        raise SystemExit(code)
