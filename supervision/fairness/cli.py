"""`flask draws fairness` and `flask draws figures`: measure a frozen draw, count opened ones, without the worker."""

import sys

import click

from sampling.fairness_words import Wording, statements, warnings
from supervision import clock
from supervision.draws.cli import blueprint as draw_commands
from supervision.draws.queries import get_draw_by_number
from supervision.errors import NotFound
from supervision.fairness import figures, services
from supervision.fairness.measuring import frozen_inputs, measured
from supervision.parameters.queries import get_number
from supervision.permissions import system_actor
from supervision.web import database


@draw_commands.cli.command("fairness")
@click.argument("number")
@click.option("--seeds", type=click.IntRange(1, 1_000_000), help="Dummy seeds; else parameter fairness-runs.")
def fairness(number: str, seeds: int | None) -> None:
    """Measure the chances of the frozen draw NUMBER on dummy seeds and keep the certificate."""
    session = database.session()
    try:
        draw = get_draw_by_number(session, number)
    except NotFound as error:
        raise click.ClickException("there is no draw with this number") from error
    inputs, limits, seconds = frozen_inputs(session, draw)
    runs = seeds or get_number(session, "fairness-runs", on=clock.today())
    database.end_transaction()
    with click.progressbar(length=runs, file=sys.stderr) as bar:
        found = measured(
            inputs,
            runs=runs,
            limits=limits,
            seconds=seconds,
            progress=lambda done, total: bar.update(done - bar.pos) if total else None,
        )
    session = database.session()
    services.keep(session, get_draw_by_number(session, number), found, actor=system_actor("command line"))
    database.commit()
    for sentence in (*statements(found, Wording()), *warnings(found, Wording())):
        click.echo(f"{sentence.zh}\n    {sentence.en}")


@draw_commands.cli.command("figures")
@click.option("--anew", is_flag=True, help="Count every opened draw again, not only those that are missing.")
def count(*, anew: bool) -> None:
    """Count opened draws for the figures of fairness; the worker does so by itself after each opening."""
    session = database.session()
    for draw in figures.count_missing(session, anew=anew):
        click.echo(f"{draw.number} counted")
    database.commit()
