"""What imports leave behind goes when its time has passed; what a register was filled from stays."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.intake import store
from supervision.intake.cleaning import JOB, Cleaned, clean
from supervision.intake.models import Upload
from supervision.intake.rules import UploadState
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.jobs.services import enqueue_daily
from supervision.permissions import Role, system_actor
from tests.factories import Make
from tests.supervision.importing import Importer
from tests.supervision.intake.test_import_flow import HEADER, line

DAY = timedelta(days=1)


class House:
    """Files of imports, their age, and the cleaning."""

    def __init__(self, app: Flask, session: Session, importer: Importer) -> None:
        self.folder = Path(app.instance_path)
        self.session = session
        self.importer = importer

    def send(self, content: str) -> Upload:
        """Send a file and have it checked."""
        return self.importer.send(content)

    def age(self, upload: Upload, days: int) -> None:
        """Let an upload and its files be ``days`` old."""
        upload.created_at = clock.now() - days * DAY
        for path in self.files(upload):
            self.age_file(path, days)
        self.session.flush()

    def age_file(self, path: Path, days: int) -> None:
        """Let a file be ``days`` old."""
        moment = (clock.now() - days * DAY).timestamp()
        os.utime(path, (moment, moment))

    def files(self, upload: Upload) -> set[Path]:
        """Return the files of an upload that are there."""
        places = {
            store.original(self.folder, upload.digest),
            store.rows_path(self.folder, upload.id),
            store.mistakes_path(self.folder, upload.id),
        }
        return {path for path in places if path.exists()}

    def clean(self) -> Cleaned:
        """Clean now."""
        return clean(self.session, self.folder, actor=system_actor())


@pytest.fixture
def house(app: Flask, session: Session, code_tables: Make, importer: Callable[..., Importer]) -> House:
    code_tables.catalogues()
    return House(app, session, importer(code_tables.user(Role.LEAD, department=code_tables.department())))


def test_the_original_of_a_file_taken_in_stays_while_its_working_files_go(house: House) -> None:
    upload = house.importer.take(house.send(HEADER + line(801)))
    house.age(upload, 181)
    cleaned = house.clean()
    assert (cleaned.uploads, cleaned.files) == (1, 2)
    assert house.files(upload) == {store.original(house.folder, upload.digest)}
    assert "no longer kept" in house.importer.page(upload)
    assert "上海导入801号" not in house.importer.page(upload)


def test_a_file_without_a_decision_is_put_away_and_its_files_go_later(house: House) -> None:
    upload = house.send(HEADER + line(802))
    house.age(upload, 31)
    assert house.clean().files == 0
    assert upload.state is UploadState.DISCARDED
    (logged,) = house.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.UPLOADS_CLEANED))
    assert logged.details["put_away"] == 1
    house.age(upload, 181)
    assert house.clean().files == 3
    assert house.files(upload) == set()


@pytest.mark.parametrize("days", [0, 29])
def test_what_is_young_stays(house: House, days: int) -> None:
    waiting, unreadable = house.send(HEADER + line(803)), house.send("not a register")
    assert unreadable.state is UploadState.REFUSED
    for upload in (waiting, unreadable):
        house.age(upload, days)
    assert house.clean().files == 0
    assert waiting.state is UploadState.CHECKED
    assert house.files(waiting)


def test_bytes_that_another_import_needs_stay(house: House) -> None:
    content = HEADER + line(804)
    first, second = house.send(content), house.send(content)
    house.importer.take(second)
    house.age(first, 200)
    house.age(second, 1)
    house.clean()
    house.clean()
    assert first.state is UploadState.DISCARDED
    assert store.original(house.folder, second.digest).exists()


def test_a_file_sent_again_just_now_is_not_pulled_away(house: House) -> None:
    upload = house.send("not a register")
    house.age(upload, 400)
    store.original(house.folder, upload.digest).touch()
    house.clean()
    assert store.original(house.folder, upload.digest).exists()


def test_a_working_file_too_young_today_goes_another_day(house: House) -> None:
    upload = house.importer.take(house.send(HEADER + line(805)))
    house.age(upload, 181)
    young = store.rows_path(house.folder, upload.id)
    young.touch()
    assert house.clean().uploads == 0
    assert young.exists()
    house.age_file(young, 2)
    assert house.clean().uploads == 1
    assert not young.exists()


def test_unknown_files_stay_and_halves_of_a_crash_go(house: House) -> None:
    home = store.uploads(house.folder)
    unknown, half, young = home / ("a" * 64), home / ".new-crashed", home / "999999.rows.new"
    for path in (unknown, half, young):
        path.touch()
    for path in (unknown, half):
        house.age_file(path, 400)
    assert house.clean().files == 1
    assert (unknown.exists(), half.exists(), young.exists()) == (True, False, True)
    unknown.unlink()
    young.unlink()


def test_cleaning_leaves_one_entry_and_a_second_time_nothing(house: House, session: Session) -> None:
    upload = house.send("not a register")
    house.age(upload, 181)

    def entries() -> list[AuditEntry]:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.UPLOADS_CLEANED)))

    assert house.clean().files > 0
    assert house.clean() == Cleaned()
    assert [entry.details["uploads"] for entry in entries()] == [1]


def test_the_command_and_the_daily_job_do_the_same(app: Flask, house: House, session: Session) -> None:
    upload, other = house.send("not a register"), house.send("nor this one")
    house.age(upload, 181)
    session.commit()
    assert "of 1 imports removed" in app.test_cli_runner().invoke(args=["imports", "clean"]).output
    session.expire_all()
    house.age(other, 181)
    for _ in range(2):
        enqueue_daily(session, on=clock.today())
    house.importer.work()
    job = session.scalars(sa.select(Job).where(Job.kind == JOB)).one()
    assert (job.state, job.result["uploads"]) == (JobState.DONE, 1)
    assert house.files(other) == set()
