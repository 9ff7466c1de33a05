"""`flask archive …`: packages of many visits at once, and a look at those that were made."""

import shutil
from datetime import datetime
from pathlib import Path

import click
from flask import Blueprint, current_app
from sqlalchemy.orm import Session

from joint_inspections.archive import queries, services, verifier
from joint_inspections.archive.making import district_names
from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.packing import path_of
from joint_inspections.archive.rules import PackageKind, package_name
from joint_inspections.visits.models import Visit
from supervision.audit.disclosure import record_export
from supervision.audit.events import DisclosedList
from supervision.audit.models import AuditEntry
from supervision.audit.queries import chain_key
from supervision.audit.rules import entry_hash
from supervision.departments.models import Department
from supervision.errors import DomainError
from supervision.permissions import system_actor
from supervision.web import database
from supervision.web.commands import both

blueprint = Blueprint("archive_commands", __name__, cli_group="archive")
OPERATOR = system_actor("command line")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@blueprint.cli.command("export")
@click.argument("folder", type=FOLDER)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only visits whose result was published since.")
@click.option("--department", default="", help="Only visits of this department, by its code.")
@click.option("--for-enterprises", is_flag=True, help="The copies for the enterprises instead of the files.")
def export(folder: Path, *, since: datetime | None, department: str, for_enterprises: bool) -> None:
    """Make the packages of closed visits and copy them into FOLDER; what is there already is left as it is."""
    session = database.session()
    body = session.query(Department).filter_by(code=department).one_or_none() if department else None
    if department and body is None:
        raise click.ClickException("没有这个部门代码。 There is no department with this code.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kind = PackageKind.ENTITY if for_enterprises else PackageKind.FILE
    chosen = queries.list_unpacked(
        session, since=since.date() if since else None, department_id=body.id if body else None
    )
    failed = 0
    for visit_id in chosen:
        try:
            click.echo(_export_one(session, visit_id, kind, folder))
        except DomainError as error:
            session.rollback()
            failed += 1
            click.echo(f"{visit_id}: {both(error.message, **error.parameters)}", err=True)
    if failed:
        raise SystemExit(1)


def _export_one(session: Session, visit_id: int, kind: PackageKind, folder: Path) -> str:
    visit = session.get_one(Visit, visit_id, with_for_update=True)
    names = district_names(current_app)
    package = services.make_package(session, visit, kind, district=names, actor=OPERATOR)
    target = folder / package_name(visit.number or "", kind, package.version_no)
    if not target.exists():
        _note(session, visit, package)
    database.commit()
    if not target.exists():
        unfinished = target.with_suffix(".unfinished")
        shutil.copyfile(path_of(session, package.sha256), unfinished)
        unfinished.replace(target)
    return f"{target.name}  {package.sha256}"


def _note(session: Session, visit: Visit, package: ArchivePackage) -> None:
    record_export(
        session, actor=OPERATOR, what=DisclosedList.PACKAGES, subject=visit.id,
        filters={"kind": package.kind.value, "version": str(package.version_no), "package": package.sha256},
        rows=package.files, digest=package.sha256,
    )  # fmt: skip


@blueprint.cli.command("check")
@click.argument("packages", nargs=-1, type=FILE)
def check(packages: tuple[Path, ...]) -> None:
    """Verify PACKAGES, and hold their audit excerpts against the chain, which only the platform can recompute.

    Without PACKAGES every package that was made is looked for and verified.
    """
    session = database.session()
    places = list(packages) or [path_of(session, one.sha256) for one in session.query(ArchivePackage)]
    faults = 0
    for place in places:
        found = _faults(session, place)
        faults += bool(found)
        click.echo(f"{'✗' if found else '✓'} {place.name}")
        for zh, en in found:
            click.echo(f"    {zh} {en}")
    if faults:
        raise SystemExit(1)


def _faults(session: Session, place: Path) -> list[verifier.Words]:
    try:
        package = verifier.open_package(place)
        report = verifier.check(package)
    except verifier.Unreadable as error:
        return [error.words]
    return report.wrong or _chain_faults(session, package)


def _chain_faults(session: Session, package: verifier.Package) -> list[verifier.Words]:
    key, found = chain_key(session), []
    for said in verifier.excerpt(package):
        fields = {name: value for name, value in said.items() if name not in {"previous", "hash"}}
        entry = session.get(AuditEntry, said["seq"])
        if entry is None or entry.hash != said["hash"]:
            found.append((f"审计日志中没有第 {said['seq']} 条", f"the audit log has no entry {said['seq']} like this"))
        elif entry_hash(fields, previous=said["previous"], key=key) != said["hash"]:
            found.append((f"审计记录 {said['seq']} 被改动", f"audit entry {said['seq']} differs"))
    return found
