"""Who sees closed visits, makes packages and takes them; each taking is noted and stands in the copy."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from joint_inspections.archive import making, verifier
from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.packing import path_of
from joint_inspections.archive.rules import PackageKind
from joint_inspections.visits.models import Visit
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.jobs.worker import run_next
from supervision.permissions import Role
from supervision.web.database import open_session
from tests.factories import Make
from tests.joint_inspections.archive.conftest import Packed
from tests.joint_inspections.conftest import District
from tests.pages import Browser


@pytest.fixture
def package(closed: Visit, packed: Packed) -> ArchivePackage:
    return packed(closed)


def exports(district: District) -> list[AuditEntry]:
    """The entries about packages that were taken."""
    return (
        district.session.query(AuditEntry)
        .filter_by(event=Event.LIST_EXPORTED, subject_kind=DisclosedList.PACKAGES.value)
        .all()
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_say_how_each_package_stands(
    drawn: District, closed: Visit, package: ArchivePackage, browse: Browser, language: str
) -> None:
    lead = browse(drawn.user(Role.LEAD), language=language)
    listed = lead.get("/archive/").text
    assert closed.entity.name in listed
    assert {"zh": "归档包完整", "en": "Package complete"}[language] in listed
    page = lead.get(f"/archive/{closed.id}").text
    assert package.sha256 in page
    assert {"zh": "归档包完整", "en": "Package complete"}[language] in lead.get(f"/visits/{closed.id}").text


def test_those_who_keep_files_the_team_and_oversight_take_packages_and_nobody_else(
    drawn: District, closed: Visit, package: ArchivePackage, browse: Browser, make: Make
) -> None:
    address = f"/archive/{closed.id}/packages/{package.id}.zip"
    member = drawn.inspector_user(closed.team_now[0])
    for user in (
        drawn.user(Role.LEAD), drawn.user(Role.HEAD, drawn.other), make.user(Role.OVERSIGHT), member,
        make.user(Role.ARCHIVIST, department=drawn.other),
    ):  # fmt: skip
        assert browse(user).get(address).mimetype == "application/zip"
    stranger = make.department()
    for user in (
        make.user(Role.LEAD, department=stranger), make.user(Role.ARCHIVIST, department=stranger),
        make.user(Role.INSPECTOR, department=drawn.lead, inspector=make.inspector(drawn.lead)),
    ):  # fmt: skip
        browse(user).get(address, status=404)
        browse(user).get(f"/archive/{closed.id}", status=404)
        assert closed.entity.name not in browse(user).get("/archive/").text
    for user in (make.user(Role.COORDINATOR), make.user(Role.SYSTEM_ADMIN), drawn.user(Role.REVIEWER)):
        browse(user).get(address, status=403)


def test_each_taking_is_noted_and_the_copy_bears_who_took_it_and_still_verifies(
    drawn: District, closed: Visit, package: ArchivePackage, browse: Browser
) -> None:
    lead = drawn.user(Role.LEAD)
    answer = browse(lead).get(f"/archive/{closed.id}/packages/{package.id}.zip")
    (entry,) = exports(drawn)
    assert (entry.actor_id, entry.subject_id, entry.details["rows"]) == (lead.id, str(closed.id), package.files)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        mark = archive.read("handed-out.txt").decode()
        names = archive.namelist()
    assert lead.name in mark
    assert package.sha256 in mark
    assert names.count("handed-out.txt") == 1
    place = path_of(drawn.session, package.sha256)
    copy = place.with_name("copy.zip")
    copy.write_bytes(answer.data)
    report = verifier.check(verifier.open_package(copy))
    assert report.code == 0
    assert any(lead.name in zh for zh, _ in report.good)
    copy.unlink()
    # what lies in the folder is as it was
    assert package.sha256 in place.name


def test_a_package_that_is_gone_is_not_handed_out_as_nothing(
    drawn: District, closed: Visit, package: ArchivePackage, browse: Browser
) -> None:
    path_of(drawn.session, package.sha256).unlink()
    browse(drawn.user(Role.LEAD)).get(f"/archive/{closed.id}/packages/{package.id}.zip", status=409)
    assert exports(drawn) == []


def test_a_package_is_made_from_the_page_and_a_large_one_by_the_worker(
    drawn: District, closed: Visit, browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = browse(drawn.user(Role.LEAD))
    lead.post(f"/archive/{closed.id}/packages", {"kind": "file"}, page=f"/archive/{closed.id}")
    lead.post(f"/archive/{closed.id}/packages", {"kind": "entity"}, page=f"/archive/{closed.id}")
    made = drawn.session.query(ArchivePackage).all()
    assert [one.kind.value for one in made] == ["file", "entity"]
    monkeypatch.setattr(making, "AT_ONCE", 10)
    page = lead.post(f"/archive/{closed.id}/packages", {"kind": "file"}, page=f"/archive/{closed.id}")
    assert "/jobs/" in page.headers["Location"]
    (job,) = drawn.session.query(Job).filter_by(kind=making.JOB)
    assert job.arguments == {"visit_id": closed.id, "kind": "file"}


def test_the_worker_makes_what_was_asked_for_in_the_rights_of_who_asked(
    app: Flask, drawn: District, closed: Visit, make: Make
) -> None:
    session = drawn.session

    def run() -> None:
        session.commit()
        run_next(lambda only_reads: open_session(app, only_reads=only_reads), Path(app.instance_path))
        session.expire_all()

    asked = making.ask_for_package(session, closed, PackageKind.FILE, actor=drawn.actor(Role.LEAD))
    run()
    (package,) = session.query(ArchivePackage).all()
    assert (asked.state, asked.result["sha256"], asked.done) == (JobState.DONE, package.sha256, package.files)
    assert verifier.check(verifier.open_package(path_of(session, package.sha256))).code == 0
    stranger = make.actor(Role.LEAD, department=make.department())
    refused = making.ask_for_package(session, closed, PackageKind.ENTITY, actor=stranger)
    run()
    assert refused.state is JobState.FAILED
    assert session.query(ArchivePackage).count() == 1


def test_a_kind_that_is_none_and_a_visit_still_open_are_not_found(
    drawn: District, closed: Visit, browse: Browser
) -> None:
    lead = browse(drawn.user(Role.LEAD))
    lead.post(f"/archive/{closed.id}/packages", {"kind": "whole"}, page="/archive/", status=404)
    lead.post(f"/archive/{drawn.visits[1].id}/packages", {"kind": "file"}, page="/archive/", status=404)
    lead.get(f"/archive/{drawn.visits[1].id}", status=404)


def test_the_command_exports_all_packages_and_check_finds_the_one_that_differs(
    drawn: District, closed: Visit, app: Flask, tmp_path: object
) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["archive", "export", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (package,) = drawn.session.query(ArchivePackage).all()
    assert package.sha256 in done.output
    assert len(exports(drawn)) == 1
    done = runner.invoke(args=["archive", "check"])
    assert (done.exit_code, "✓" in done.output) == (0, True), done.output
    place = path_of(drawn.session, package.sha256)
    place.chmod(0o600)
    kept = place.read_bytes()
    place.write_bytes(kept.replace(b"visit_begun", b"visit_begum"))
    done = runner.invoke(args=["archive", "check", str(place)])
    assert done.exit_code == 1
    assert "audit/entries.json" in done.output
    assert "differs" in done.output.splitlines()[-1]
