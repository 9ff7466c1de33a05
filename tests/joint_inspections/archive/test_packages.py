"""A package holds everything kept of one visit and nothing else, is the same whenever it is made, and verifies."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from joint_inspections.archive import queries, verifier
from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.related import APART, APART_PREFIXES, related_tables
from joint_inspections.archive.rules import PackageKind, PackageState
from joint_inspections.codes.models import VisitRating
from joint_inspections.corrections.rules import EntryKind
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.notices.queries import list_notices
from joint_inspections.papers.queries import list_papers
from joint_inspections.records import services as records
from joint_inspections.records.queries import newest_version
from joint_inspections.records.reviewing import approve_record, begin_correction
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import SectionState
from supervision import clock
from supervision.audit.queries import list_history
from supervision.db import Base
from supervision.permissions import Role
from tests.joint_inspections.archive.conftest import Packed, add_photo, close, zip_of
from tests.joint_inspections.conftest import District, refused
from tests.joint_inspections.corrections.conftest import Order
from tests.joint_inspections.evidence.files import digest, photo
from tests.joint_inspections.test_parts_of_departments import with_problem
from tests.pages import Browser


def read(session: Session, package: ArchivePackage) -> dict[str, bytes]:
    """Return every file of a package."""
    with zipfile.ZipFile(zip_of(session, package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def run(place: Path, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier of an unpacked package from another folder, with an empty home and no libraries."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-I", "-S", str(place / "verify.py"), *arguments]
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def unpacked(drawn: District, closed: Visit, packed: Packed, tmp_path: Path) -> Path:
    """A package taken apart in a folder."""
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(zip_of(drawn.session, packed(closed))) as archive:
        archive.extractall(folder)
    return folder


def test_a_package_holds_record_papers_originals_rows_audit_and_proof(
    drawn: District, closed: Visit, packed: Packed
) -> None:
    session = drawn.session
    files = read(session, packed(closed))
    version = newest_version(session, closed)
    assert version is not None
    assert files["record/record-v1.json"] == version.content.encode()
    assert files["record/record-v1-zh.pdf"].startswith(b"%PDF-")
    assert files["record/record-v1-en.pdf"].startswith(b"%PDF-")
    for paper in (*list_papers(session, closed), *list_notices(session, closed)):
        assert files[f"papers/{paper.number}.pdf"] == paper.pdf
    assert files[f"evidence/originals/{digest(photo(21))}.jpg"] == photo(21)
    events = [one["event"] for one in json.loads(files["audit/entries.json"])]
    assert {"visit_begun", "record_submitted", "visit_paper_issued"} <= set(events)
    proof = json.loads(files["proof.json"])
    assert proof["leaf"]["leaf"]["event"] == "archived"
    assert {one["leaf"]["event"] for one in proof["draw"]} >= {"committed", "drawn"}


def test_the_verifier_runs_alone_from_another_folder(unpacked: Path, tmp_path: Path) -> None:
    done = run(unpacked, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ 完整，全部得到证明 complete and proven" in done.stdout
    assert "signed by the log" in done.stdout
    # it left nothing behind
    assert not list(unpacked.rglob("__pycache__"))


def test_the_verifier_takes_the_zip_itself_and_a_key_learned_elsewhere(
    drawn: District, closed: Visit, packed: Packed, unpacked: Path, tmp_path: Path
) -> None:
    package = zip_of(drawn.session, packed(closed))
    key = json.loads((unpacked / "proof.json").read_text("utf-8"))["keys"][0]
    assert run(unpacked, tmp_path, str(package), "--key", key).returncode == 0
    other = run(unpacked, tmp_path, str(package), "--key", "someone+00000000+AAAA")
    assert other.returncode == 1
    assert "is not yours" in other.stdout


def test_whatever_byte_of_whatever_file_is_changed_its_name_is_said(unpacked: Path, tmp_path: Path) -> None:
    files = sorted(one for one in unpacked.rglob("*") if one.is_file())
    assert len(files) > 25
    for path in files:
        name, kept = path.relative_to(unpacked).as_posix(), path.read_bytes()
        # the program must still run to say anything: a remark at its end is a change like any other
        place = len(kept) // 2
        changed = kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]
        path.write_bytes(kept + b"\n#" if name == "verify.py" else changed)
        if name.startswith("sampling/") or name in {
            "verify.py",
            "ed25519.py",
            "log_part.py",
            "manifest.json",
            "proof.json",
        }:
            done = run(unpacked, tmp_path)
            code, said = done.returncode, done.stdout
        else:
            report = verifier.check(verifier.open_package(unpacked))
            code, said = report.code, "\n".join(zh for zh, _ in report.wrong)
        assert code == 1, (name, said)
        assert name in said, (name, said)
        path.write_bytes(kept)
    assert run(unpacked, tmp_path).returncode == 0


def test_a_file_taken_out_put_in_or_put_in_twice_is_named(
    drawn: District, closed: Visit, packed: Packed, unpacked: Path, tmp_path: Path
) -> None:
    (unpacked / "evidence" / "more.jpg").write_bytes(b"more")
    (unpacked / "papers" / "extra.pdf").write_bytes(b"more")
    gone = next((unpacked / "evidence" / "originals").iterdir())
    gone.unlink()
    said = [en for _, en in verifier.check(verifier.open_package(unpacked)).wrong]
    assert said == [
        f"missing: evidence/originals/{gone.name}", "added: evidence/more.jpg", "added: papers/extra.pdf"
    ]  # fmt: skip
    twice = tmp_path / "twice.zip"
    twice.write_bytes(zip_of(drawn.session, packed(closed)).read_bytes())
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("README.txt", b"other")
    said = [en for _, en in verifier.check(verifier.open_package(twice)).wrong]
    assert "added: README.txt" in said


def test_a_package_cut_short_is_told_plainly(
    drawn: District, closed: Visit, packed: Packed, unpacked: Path, tmp_path: Path
) -> None:
    whole = zip_of(drawn.session, packed(closed)).read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[:length])
        done = run(unpacked, tmp_path, str(cut))
        assert done.returncode == 2, (length, done.stdout)
        assert "不是完整的 ZIP 文件" in done.stdout
    # a member damaged inside is named, whatever its checksum says
    at = whole.index(photo(21)) + 50
    cut.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    done = run(unpacked, tmp_path, str(cut))
    assert done.returncode == 1
    assert digest(photo(21)) in done.stdout


def test_made_twice_it_is_the_same_file_byte_for_byte(drawn: District, closed: Visit, packed: Packed) -> None:
    session = drawn.session
    first = packed(closed)
    place = zip_of(session, first)
    kept = place.read_bytes()
    assert packed(closed).id == first.id
    place.unlink()
    # the file is lost, and meanwhile the log and the audit log went on: the same bytes come back
    other = close(drawn, drawn.visits[1], seed=33)
    packed(other)
    assert packed(closed).id == first.id
    assert place.read_bytes() == kept


def test_what_is_added_later_makes_another_version_and_the_earlier_one_stays(
    drawn: District, closed: Visit, packed: Packed, browse: Browser
) -> None:
    session = drawn.session
    first = packed(closed)
    (shown,) = queries.show(session, [closed])
    assert shown.state is PackageState.CURRENT
    leader = drawn.inspector(closed.leader)
    begin_correction(session, closed, reason_code="wrong-result", note="更正一处笔误", actor=leader)
    with refused("visit-not-closed"):
        packed(closed)
    # what was made stays at hand meanwhile
    assert queries.get_closed_visit(session, drawn.actor(Role.LEAD), closed.id).id == closed.id
    page = browse(drawn.user(Role.LEAD)).get(f"/archive/{closed.id}").text
    assert "opened again" in page
    assert "Make the package for the file" not in page
    for section in drawn.sections(closed):
        member = drawn.inspector(drawn.member_of(closed, section))
        if section.state is SectionState.SIGNED:
            records.reopen_section(session, closed, section, reason="更正", actor=member)
    drawn.sign(closed)
    drawn.ask_party(closed)
    records.submit_record(session, closed, actor=leader)
    approve_record(session, closed, note="", actor=drawn.actor(Role.REVIEWER))
    (shown,) = queries.show(session, [closed])
    assert shown.state is PackageState.OUTDATED
    second = packed(closed)
    assert (second.version_no, [one.id for one in queries.list_packages(session, closed)]) == (2, [second.id, first.id])
    assert {"record/record-v1.json", "record/record-v2.json"} <= read(session, second).keys()
    assert "record/record-v2.json" not in read(session, first)
    assert verifier.check(verifier.open_package(zip_of(session, first))).code == 0
    assert verifier.check(verifier.open_package(zip_of(session, second))).code == 0


def test_nothing_of_other_visits_and_no_rating_is_inside(drawn: District, closed: Visit, packed: Packed) -> None:
    session = drawn.session
    # the same photo again: the platform knows that it looks like the other one
    other = drawn.visits[1]
    drawn.begin(other)
    add_photo(drawn, other, photo(21))
    session.add(
        VisitRating(
            visit_id=closed.id, visited_on=clock.today(), lawful=1, clear=1, sparing=1, fair=1, breaches=[],
            comment="只给监督部门看的话", given_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    files = read(session, packed(closed))
    whole = b"\n".join(content for name, content in files.items() if not name.endswith(".pdf"))
    for foreign in (other.number, other.entity.name, other.entity.unit_id, drawn.visits[2].entity.unit_id):
        assert str(foreign).encode() not in whole
    assert "只给监督部门看的话".encode() not in whole
    for secret in (one.token for one in (*list_papers(session, closed), *list_notices(session, closed))):
        assert str(secret).encode() not in whole


def test_every_table_that_names_visits_is_packed_or_left_out_on_purpose() -> None:
    packed_tables = {one.table.name for one in related_tables()}
    leading = {
        table.name
        for table in Base.metadata.tables.values()
        if any(
            key.column.table.name == "visits" and one.name == "visit_id" for one in table.c for key in one.foreign_keys
        )
    }
    assert {one for one in leading - packed_tables if not one.startswith(APART_PREFIXES)} == APART & leading
    assert {"check_answers", "reviews", "field_outcomes", "follow_up_changes", "entry_signings"} <= packed_tables


def test_the_enterprise_s_copy_has_no_originals_and_nothing_of_the_house(
    drawn: District, closed: Visit, packed: Packed
) -> None:
    files = read(drawn.session, packed(closed, PackageKind.ENTITY))
    names = set(files)
    assert not [one for one in names if one.startswith(("evidence/originals/", "audit/", "rows/reviews", "rows/field"))]
    copy = files[f"evidence/copies/{digest(photo(21))}.jpg"]
    assert copy != photo(21)
    assert b"Exif" not in copy
    papers = {one.removesuffix(".pdf").rpartition("-")[2][:2] for one in names if one.startswith("papers/")}
    assert "SP" not in papers
    assert "JL" in papers
    place = zip_of(drawn.session, packed(closed, PackageKind.ENTITY))
    assert verifier.check(verifier.open_package(place)).code == 0


def test_an_original_that_was_changed_in_the_store_is_not_packed(
    drawn: District, closed: Visit, packed: Packed
) -> None:
    from joint_inspections.evidence.store import store_of  # noqa: PLC0415 - only this test lays hands on the store

    original = store_of(drawn.session).original(digest(photo(21)))
    original.chmod(0o600)
    original.write_bytes(original.read_bytes() + b"x")
    with refused("evidence-damaged"):
        packed(closed)


def test_a_visit_that_is_not_closed_has_no_package(drawn: District, packed: Packed) -> None:
    drawn.finish(drawn.visit)
    with refused("visit-not-closed"):
        packed(drawn.visit)


def test_making_one_is_an_entry_of_the_audit_log(drawn: District, closed: Visit, packed: Packed) -> None:
    package = packed(closed)
    packed(closed)
    entries = [one for one in list_history(drawn.session, "visit", closed.id) if one.event.value == "visit_archived"]
    assert [one.details["sha256"] for one in entries] == [package.sha256]


@pytest.mark.parametrize("kind", list(PackageKind))
def test_files_of_corrections_are_packed_and_proven(
    drawn: District, packed: Packed, tmp_path: Path, kind: PackageKind
) -> None:
    with_problem(drawn, drawn.visit)
    drawn.publish(drawn.visit)
    first, *others = [Order(drawn.session, drawn, one) for one in list_of_visit(drawn.session, drawn.visit.id)]
    sent = first.send(files=1).files[0].sha256
    for order in others:
        order.send()
    for order in (first, *others):
        order.decide(EntryKind.ACCEPTED)
    package = zip_of(drawn.session, packed(drawn.visit, kind))
    folder = tmp_path / "corrected"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    place = folder / "evidence"
    place /= f"originals/{sent}.jpg" if kind is PackageKind.FILE else f"copies/{sent}.jpg"
    assert (place.read_bytes() == photo(0)) is (kind is PackageKind.FILE)
    rows = json.loads((folder / "rows" / "correction_files.json").read_text("utf-8"))
    assert [one["sha256"] for one in rows] == [sent]
    said = json.loads((folder / "rows" / "correction_entries.json").read_text("utf-8"))
    assert {one["kind"] for one in said} == {"sent", "accepted"}
    done = run(folder, tmp_path)
    assert done.returncode == 0, done.stdout
    place.write_bytes(place.read_bytes() + b"x")
    done = run(folder, tmp_path)
    assert done.returncode == 1
    assert sent in done.stdout
