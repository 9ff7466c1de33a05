"""`flask draws expire`, `export` and `check`: deadlines by the clock, bundles to a file, all rows against evidence."""

import json
from pathlib import Path

import click
from flask import Blueprint, current_app

from supervision.draws import bundles, fetched_values, services
from supervision.draws.checking.check import Checked, check_all
from supervision.draws.checking.findings import Bad
from supervision.draws.queries import get_draw_by_number, list_settled
from supervision.draws.vault import Operator
from supervision.errors import NotFound
from supervision.labels import N_
from supervision.permissions import system_actor
from supervision.web import database
from supervision.web.commands import both, in_both

UNKNOWN = N_("There is no draw with the number %(number)s, and the log knows of none.")
WHOLE = N_("%(draws)s draws, %(leaves)s leaves of the log and %(entries)s entries of the audit log agree.")
BROKEN = N_(
    "%(bad)s bad records; begin with the first one named. Checked: %(draws)s draws, %(leaves)s leaves of the log, "
    "%(entries)s entries of the audit log."
)

blueprint = Blueprint("draw_commands", __name__, cli_group="draws")


@blueprint.cli.command("expire")
def expire() -> None:
    """Let passed deadlines of draws take effect; carry out what waits for nothing. Run it every quarter of an hour."""
    if fetched_values.may_fetch():
        _fetch_values()  # first: a round whose value is there must not lapse
    session = database.session()
    for draw in services.expire_reveals(session):
        click.echo(f"{draw.number} void: {draw.end_note} did not reveal in time")
    for draw in services.open_overdue(session):
        click.echo(f"{draw.number} opened: its window has ended")
    for draw in services.finish_tasks(session):
        click.echo(f"{draw.number} done: its task waits for no visit any more")
    for draw in services.declare_lapses(session):
        click.echo(f"{draw.number} waits on: a round passed without a public value, the next counts")
    database.commit()
    operator = Operator.of(current_app.config["DISTRICT_CODE"], current_app.config["SECRET_KEY"])
    for draw in list_settled(session):
        services.carry_out(session, draw, actor=system_actor("command line"), operator=operator)
        database.commit()
        click.echo(f"{draw.number} drawn: its public value had come in")


def _fetch_values() -> None:
    """Fetch the public values that are due. While the sources are asked, nothing of the database is held."""
    with database.open_session(current_app, only_reads=True) as looking:
        rounds = services.list_to_fetch(looking)
    answers = list(services.fetch_answers(rounds))
    actor = system_actor("command line")
    for _settled, line in fetched_values.take_answers(database.session(), answers, actor=actor):
        database.commit()
        click.echo(line)


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
    database.commit()  # also the checkpoint that was signed for the bundle
    target.write_bytes(data)
    click.echo(f"{target}: {len(files)} files of draw {draw.number}")


@blueprint.cli.command("check")
@click.argument("numbers", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Tell programs, not people.")
def check(numbers: tuple[str, ...], *, as_json: bool) -> None:
    """Recompute all that the database says of draws from the evidence; exit 1 and name the first bad record."""
    operator = Operator.of(current_app.config["DISTRICT_CODE"], current_app.config["SECRET_KEY"])
    found = check_all(database.session(), operator, only=numbers)
    unknown = sorted(set(numbers) - found.numbers)
    if unknown:
        raise click.ClickException(both(UNKNOWN, number=unknown[0]))
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        _tell(found)
    if found.bad:
        raise SystemExit(1)


def _tell(found: Checked) -> None:
    for one in found.bad:
        for line in _sentences(one):
            click.echo(line)
    told = BROKEN if found.bad else WHOLE
    click.echo(both(told, draws=len(found.checked), leaves=found.leaves, entries=found.entries, bad=len(found.bad)))


def _sentences(bad: Bad) -> tuple[str, str]:
    """Return what is wrong in Chinese and in English."""
    name, number = bad.called
    chinese, english = (f"{told} {number}".strip() for told in in_both(name))
    in_chinese, _ = in_both(bad.message, **{**bad.parameters, "evidence": chinese})
    _, in_english = in_both(bad.message, **{**bad.parameters, "evidence": english})
    return in_chinese, in_english


def _as_json(found: Checked) -> dict[str, object]:
    bad = []
    for one in found.bad:
        chinese, english = _sentences(one)
        bad.append({**one.parameters, "zh": chinese, "en": english})
    return {"draws": len(found.checked), "leaves": found.leaves, "entries": found.entries, "bad": bad}
