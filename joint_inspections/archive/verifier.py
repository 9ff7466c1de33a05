"""核验归档包：python verify.py [归档包.zip] ；只需 Python 3.11 或更高版本，不联网。

Check an archive package: python verify.py [PACKAGE.zip]. Needs Python 3.11 or newer and nothing else, no network.
With --key KEY the key of the log is the one you learned elsewhere, not the one that came with the package.

Exit codes: 0 complete and proven; 3 complete, but not all is proven; 1 something differs; 2 unreadable.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any  # JSON

FORMAT, PROOF_FORMAT = "inspection-archive/1", "inspection-archive-proof/1"
MANIFEST, PROOF, HANDED_OUT = "manifest.json", "proof.json", "handed-out.txt"
PROGRAM = ("verify.py", "log_part.py", "ed25519.py", "sampling/")
AUDIT = "audit/entries.json"
ORIGINALS = "evidence/originals/"
Words = tuple[str, str]
GOOD, DIFFERS, UNREADABLE, UNPROVEN = 0, 1, 2, 3
FAULTS = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


class Unreadable(Exception):
    """There is no package to check here; the words say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = (zh, en)


@dataclass(frozen=True)
class Package:
    """A package as it lies here: its names, some of them perhaps twice, and how to read each."""

    names: tuple[str, ...]
    read: Callable[[str], bytes]


@dataclass
class Report:
    """What was found, in the order in which it was looked at."""

    good: list[Words] = field(default_factory=list)
    wrong: list[Words] = field(default_factory=list)
    unproven: list[Words] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code."""
        return DIFFERS if self.wrong else UNPROVEN if self.unproven else GOOD


def open_package(place: Path) -> Package:
    """Open a ZIP, or the folder into which one was unpacked."""
    if place.is_dir():
        found = sorted(one for one in place.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
        paths = {one.relative_to(place).as_posix(): one for one in found}
        return Package(tuple(paths), lambda name: paths[name].read_bytes())
    try:
        with zipfile.ZipFile(place) as archive:
            names = tuple(one for one in archive.namelist() if not one.endswith("/"))
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(
            f"{place.name} 不是完整的 ZIP 文件：可能没有下载完，或已损坏",
            f"{place.name} is no whole ZIP file: perhaps it was not downloaded to its end, or it is damaged",
        ) from error
    return Package(names, lambda name: _member(place, name))


def _member(place: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(place) as archive:
            return archive.read(name)
    except (OSError, zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        # a member whose bytes do not fit its checksum differs, whatever they are
        return f"damaged: {error}".encode()


def check(package: Package, *, key: str = "") -> Report:
    """Check a package: every file against the manifest, the manifest against the log, the parts against each other."""
    report = Report()
    manifest = _read_manifest(package, report)
    if manifest is None:
        return report
    _check_files(package, manifest, report)
    if HANDED_OUT in package.names:
        told = package.read(HANDED_OUT).decode("utf-8", "replace").strip()
        report.good.append((f"本副本的领取记录（不在清单内）：{told}", "who took this copy (not part of the manifest)"))
    try:
        _check_parts(package, manifest, report)
    except FAULTS as error:
        report.wrong.append((f"包内数据格式有误：{error!r}", f"data in the package is malformed: {error!r}"))
    _check_manifest(package, report)
    damaged = [name for name in manifest if name.startswith(PROGRAM) and _digest(package, name) != manifest[name][1]]
    if damaged:
        report.unproven.append(
            (
                f"日志证明未核验：核验程序本身被改动（{damaged[0]}），请换用其他归档包中的 verify.py",
                f"the log was not checked: the program itself differs ({damaged[0]}); use verify.py of another package",
            )
        )
        return report
    _check_proof(package, report, key=key)
    return report


def _check_manifest(package: Package, report: Report) -> None:
    """Compare the manifest with what the log noted, before anything else of the program is needed."""
    try:
        said = json.loads(package.read(PROOF)) if PROOF in package.names else {}
        noted = said["leaf"]["leaf"]["digest"] if said.get("leaf") else ""
    except FAULTS:
        return
    if noted and noted != _digest(package, MANIFEST):
        report.wrong.append(
            (
                "manifest.json 与 proof.json 不符：写入日志的清单不是这一份",
                "manifest.json and proof.json do not fit: the log holds another manifest",
            )
        )


def _digest(package: Package, name: str) -> str:
    return hashlib.sha256(package.read(name)).hexdigest() if name in package.names else ""


def _read_manifest(package: Package, report: Report) -> dict[str, tuple[int, str]] | None:
    if MANIFEST not in package.names:
        raise Unreadable("这里没有 manifest.json：不是归档包", "there is no manifest.json here: this is no package")
    try:
        said = json.loads(package.read(MANIFEST))
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        listed = {str(one["path"]): (int(one["size"]), str(one["sha256"])) for one in said["files"]}
    except FAULTS:
        report.wrong.append(("manifest.json 被改动，已无法读取", "manifest.json differs: it cannot be read any more"))
        return None
    report.good.append(
        (
            f"检查 {said['visit']}，{said['entity']['name']}（{said['entity']['unit_id']}），{said['visited_on']}",
            f"inspection {said['visit']}, {said['entity']['name']} ({said['entity']['unit_id']}), {said['visited_on']}",
        )
    )
    return listed


def _check_files(package: Package, manifest: dict[str, tuple[int, str]], report: Report) -> None:
    """Compare every file with the manifest, and name each that differs, lacks or was added."""
    before = len(report.wrong)
    for name, (size, sha256) in sorted(manifest.items()):
        if name not in package.names:
            report.wrong.append((f"缺少文件：{name}", f"missing: {name}"))
            continue
        data = package.read(name)
        if hashlib.sha256(data).hexdigest() != sha256:
            report.wrong.append(
                (
                    f"文件被改动：{name}（{len(data)} 字节，应为 {size} 字节）",
                    f"differs: {name} ({len(data)} bytes, {size} expected)",
                )
            )
    report.wrong += [(f"多出文件：{name}", f"added: {name}") for name in _added(package, manifest)]
    if len(report.wrong) == before:
        report.good.append(
            (f"{len(manifest)} 个文件齐全，与清单逐字节一致", f"{len(manifest)} files, all there, byte for byte")
        )


def _added(package: Package, manifest: dict[str, tuple[int, str]]) -> Iterator[str]:
    seen: set[str] = set()
    for name in package.names:
        known = name in manifest or name in {MANIFEST, PROOF, HANDED_OUT}
        if not known or name in seen or ".." in PurePosixPath(name).parts:
            yield name
        seen.add(name)


def _check_parts(package: Package, manifest: dict[str, tuple[int, str]], report: Report) -> None:
    """Hold papers and records against the digests that the registers noted when they were made."""
    before = len(report.wrong)
    noted = {f"papers/{one['number']}.pdf": one["digest"] for one in _rows(package, "visit_papers")}
    noted |= {f"papers/{one['number']}.pdf": one["digest"] for one in _rows(package, "notices")}
    noted |= {f"record/record-v{one['version_no']}.json": one["digest"] for one in _rows(package, "record_versions")}
    for name, digest in noted.items():
        if name in manifest and manifest[name][1] != digest:
            report.wrong.append((f"与签发时记下的摘要值不符：{name}", f"not as noted when it was issued: {name}"))
    for name in manifest:
        if name.startswith(ORIGINALS) and PurePosixPath(name).stem != manifest[name][1]:
            report.wrong.append((f"原件与其摘要值不符：{name}", f"an original is not what its name says: {name}"))
    count = sum(name in manifest for name in noted)
    if len(report.wrong) == before and count:
        report.good.append(
            (f"{count} 份记录和文书与签发时一致", f"{count} records and papers are as they were when issued")
        )
    _check_excerpt(package, report)


def _rows(package: Package, table: str) -> list[dict[str, Any]]:
    name = f"rows/{table}.json"
    found: list[dict[str, Any]] = json.loads(package.read(name)) if name in package.names else []
    return found


def _check_excerpt(package: Package, report: Report) -> None:
    entries = excerpt(package)
    for one, following in pairwise(entries):
        joined = following["seq"] == one["seq"] + 1
        if following["seq"] <= one["seq"] or (joined and following["previous"] != one["hash"]):
            report.wrong.append(
                (f"审计记录 {following['seq']} 不接续前一条", f"audit entry {following['seq']} does not follow")
            )


def excerpt(package: Package) -> list[dict[str, Any]]:
    """Return the excerpt of the audit log; what cannot be read was named with the files already."""
    if AUDIT not in package.names:
        return []
    try:
        found: list[dict[str, Any]] = json.loads(package.read(AUDIT))
    except FAULTS:
        return []
    return found


def _check_proof(package: Package, report: Report, *, key: str) -> None:
    """Check that the log holds the manifest, and who signed that log."""
    if PROOF not in package.names:
        report.unproven.append(("没有日志证明（proof.json）", "there is no proof of the log (proof.json)"))
        return
    try:
        said = json.loads(package.read(PROOF))
        if said["format"] != PROOF_FORMAT:
            raise ValueError(said["format"])
        # in a package it lies beside this file, in the house in its room; it is looked at before it is used
        log_part = import_module("log_part" if __name__ == "__main__" else f"{__package__}.log_part")
        log_part.check_log(said, report, proof=package.read(PROOF), entries=excerpt(package), key=key)
    except FAULTS:
        report.wrong.append(("proof.json 被改动，已无法读取", "proof.json differs: it cannot be read any more"))


def tell(report: Report, write: Callable[[str], object]) -> None:
    """Say what was found: the first difference at the top, then every one, then what is complete."""
    if report.wrong:
        write(f"✗ 有 {len(report.wrong)} 处不一致 {len(report.wrong)} differences\n")
    elif report.unproven:
        write("△ 完整，但有未证明之处 complete, but not all is proven\n")
    else:
        write("✓ 完整，全部得到证明 complete and proven\n")
    for mark, lines in (("✗", report.wrong), ("△", report.unproven), ("✓", report.good)):
        for zh, en in lines:
            write(f"{mark} {zh}\n    {en}\n")


def main(arguments: list[str]) -> int:
    """Check what is named, or the folder of this file."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    key = arguments[arguments.index("--key") + 1] if "--key" in arguments[:-1] else ""
    places = [one for one in arguments if one not in {"--key", key}]
    place = Path(places[0]) if places else Path(__file__).resolve().parent
    try:
        report = check(open_package(place), key=key)
    except Unreadable as error:
        sys.stdout.write(f"✗ {error.words[0]}\n    {error.words[1]}\n")
        return UNREADABLE
    tell(report, sys.stdout.write)
    return report.code


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever checks has the Python they have
        sys.exit("需要 Python 3.11 或更高版本 Python 3.11 or newer is needed")
    sys.dont_write_bytecode = True
    # the folder beside this file, wherever it was unpacked
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main(sys.argv[1:]))
