"""`flask demo load`: build the demonstration district, once."""

import gc
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Blueprint, current_app
from rich.cells import set_cell_size
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.demo.registry import Demo, steps
from supervision.demo.screen import write_sign_ins
from supervision.departments.models import Department
from supervision.ground_data import load_everywhere
from supervision.labels import N_
from supervision.permissions import system_actor
from supervision.schema import upgrade_to_newest
from supervision.serving import SIGN_INS
from supervision.web import database
from supervision.web.commands import both

blueprint = Blueprint("demo_commands", __name__, cli_group="demo")
OPENING = timedelta(hours=9)
WIDEST = 44
SEED = 20160815  # the day the platform of Jing'an was opened
LOADED = "demo-loaded"
# what people of a demonstration sent, and packages made of it
FOLDERS = ("uploads", "evidence")
# objects before the collector looks at the young ones, and how often it goes on to older ones
SELDOM = (100_000, 50, 50)


@blueprint.cli.command("load")
@click.option("--if-missing", is_flag=True, help="Do nothing when the demonstration is there already.")
@click.option("--reset", is_flag=True, help="Remove what is there and begin anew.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Fraction of the volumes of Jing'an.")
def load(seed: int, scale: float, *, if_missing: bool, reset: bool) -> None:
    """Create the database and load a district the size of Jing'an."""
    instance, engine = Path(current_app.instance_path), database.engine()
    marker = instance / LOADED
    if if_missing and marker.exists() and is_there(engine):
        bring_up(engine)
        return
    if reset or engine.dialect.name == "sqlite":
        remove(engine, instance)
    instance.mkdir(parents=True, exist_ok=True)
    upgrade_to_newest(engine)
    refuse_full(engine)
    started = time.perf_counter()
    demo = build(engine, seed=seed, scale=scale)
    write_sign_ins(instance / SIGN_INS, demo)
    marker.write_text(f"seed {seed}, {demo.today}\n")
    click.echo(both(N_("Loaded in %(seconds)s s."), seconds=round(time.perf_counter() - started)))


def build(engine: Engine, *, seed: int, scale: float) -> Demo:
    """Run every step in one transaction with a progress bar; return what they made."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    moment = moment_of_loading(clock.now())
    with (
        Session(engine, autoflush=False) as session,
        Progress(*columns) as progress,
        clock.at(moment),
        _seldom_collecting(),
    ):
        demo = Demo(
            session=session, seed=seed, today=clock.today(), scale=scale,
            district_code=current_app.config["DISTRICT_CODE"], secret_key=current_app.config["SECRET_KEY"],
        )  # fmt: skip
        bar = progress.add_task("", total=sum(step.weight for step in steps()))
        for step in steps():
            progress.update(bar, description=set_cell_size(both(step.name), WIDEST))
            step.load(demo)
            session.flush()
            session.expunge_all()
            progress.advance(bar, step.weight)
        progress.update(bar, description=set_cell_size(both(N_("Saving")), WIDEST))
        record(session, Event.DEMO_LOADED, actor=system_actor(), subject=("demo", seed), details={"scale": str(scale)})
        session.commit()
    return demo


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for unreachable objects less often meanwhile: nearly all that a load makes is in use until its step ends."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def moment_of_loading(now: datetime) -> datetime:
    """Return the moment at which everything of today is said to happen: nine o'clock, before that midnight.

    The same all day, so that the same seed and day give the same data; never in the future.
    """
    midnight = clock.begin_of(clock.local(now).date())
    opening = midnight + OPENING
    return opening if now >= opening else midnight


def refuse_full(engine: Engine) -> None:
    """Refuse a database on a server that holds something already."""
    with Session(engine) as session:
        if session.scalar(sa.select(sa.exists().where(Department.id > 0))):
            raise click.ClickException(
                both(N_("This database holds data already. A demonstration is loaded into an empty one."))
            )


def is_there(engine: Engine) -> bool:
    """Say whether the database that the marker speaks of still exists."""
    return sa.inspect(engine).has_table("alembic_version")


def bring_up(engine: Engine) -> None:
    """Bring a demonstration that an older version loaded to today's schema, parameters and reasons."""
    upgrade_to_newest(engine)
    with Session(engine) as session:
        load_everywhere(session)
        session.commit()


def remove(engine: Engine, instance: Path) -> None:
    """Remove the demonstration's SQLite database, uploads, evidence and sign-ins; refuse to touch another database.

    A demonstration is known by its marker or, when its loading was interrupted, by the name of its folder.
    """
    url = make_url(str(engine.url))
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException(
            both(N_("Only the embedded demonstration database is removed. Drop this one yourself."))
        )
    known = (instance / LOADED).exists() or instance.name == "demo"
    if not known and sa.inspect(engine).get_table_names():
        message = N_(
            "%(file)s may hold real data and is not removed. Choose another folder: INSTANCE_PATH=… flask demo load"
        )
        raise click.ClickException(both(message, file=url.database))
    engine.dispose()
    for ending in ("", "-wal", "-shm"):
        Path(url.database + ending).unlink(missing_ok=True)
    for folder in FOLDERS:
        shutil.rmtree(instance / folder, ignore_errors=True)
    for path in (instance / "keys").glob("log.*"):  # the log begins anew, with a key of its own
        path.unlink()
    (instance / LOADED).unlink(missing_ok=True)
