"""Writing the ZIP: members in the order of their names, stored as they are, without a clock: one state, one file."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

import sampling
from joint_inspections.archive import ed25519, log_part, verifier
from joint_inspections.archive.gathering import Content
from joint_inspections.archive.rules import HANDED_OUT, README, VERIFY
from joint_inspections.evidence.store import digest_of, store_of, sync_folder
from supervision.errors import RuleBroken

# A zip file has no day of its own here, so that the same contents are always the same file.
ZIP_DAY = (1980, 1, 1, 0, 0, 0)
# what the proof needs of the engine, nothing of the draw
PROGRAM = ("canonical", "error_texts", "errors", "hashing", "merkle", "signed_notes", "sm3")
INIT = b'"""Proof code of the draw engine; the whole of it is at the page of the log."""\n'
PIECE = 1 << 20
# (done, of how many)
Progress = Callable[[int, int], object]

GUIDE = """\
检查归档包 {number}
================================================================

核验：在解压后的文件夹里运行一条命令（Windows 上也可写作 py verify.py）：

    python verify.py

只需 Python 3.11 或更高版本，不联网，不需安装任何东西。也可直接核验压缩包：
python verify.py 归档包.zip。它逐个文件与清单核对，再核对清单在透明日志中的证明和日志的签名，
先说第一处不一致，再列出每一处。结束码：0 完整并得到证明；3 完整但有未证明之处；1 有不一致；2 无法读取。

record/    检查记录：每一版提交的原文（JSON）和最新一版的 PDF（中文、英文）
papers/    通知书和检查文书，逐字节为签发时的样子，被替换的也在
evidence/  照片、文件、录音：originals 为原件（文件名即 SHA-256），copies 为不含拍摄信息的副本
rows/      平台登记的每一项：签名、手机操作、后续处置、公示内容等
audit/     审计日志摘录
manifest.json  全部文件的长度和 SHA-256；proof.json  清单在透明日志中的证明


Archive package of inspection {number}
================================================================

To check it, run one command in the unpacked folder (on Windows also: py verify.py):

    python verify.py

It needs Python 3.11 or newer, no network, and nothing to install. A packed file is checked by
python verify.py PACKAGE.zip. It compares every file with the manifest, then the manifest's proof in the
transparency log and the signature of that log, and names the first difference, then every one.
Exit codes: 0 complete and proven; 3 complete, not all proven; 1 a difference; 2 unreadable.

record/    the record: each version as it was handed in (JSON), the newest as PDF in Chinese and English
papers/    notices and papers, byte for byte as issued, superseded ones too
evidence/  photos, documents, sounds: originals named by their SHA-256; copies without what cameras write
rows/      what the registers keep: signatures, operations of phones, follow-ups, what was published
audit/     excerpt of the audit log
manifest.json  length and SHA-256 of every file; proof.json  its proof in the transparency log
"""


@lru_cache(maxsize=1)
def program_files() -> Mapping[str, bytes]:
    """Return the verifier and what it needs, as they run here."""
    folder = Path(sampling.__file__).parent
    found = {f"sampling/{name}.py": (folder / f"{name}.py").read_bytes() for name in PROGRAM}
    found["sampling/__init__.py"] = INIT
    found[VERIFY] = Path(verifier.__file__).read_bytes()
    found["ed25519.py"] = Path(ed25519.__file__).read_bytes()
    found["log_part.py"] = Path(log_part.__file__).read_bytes()
    return found


def guide(number: str) -> dict[str, bytes]:
    """Return the page that says what lies where."""
    return {README: GUIDE.format(number=number).encode()}


def measured(files: Mapping[str, Content]) -> dict[str, tuple[int, str]]:
    """Return size and SHA-256 of every file; an original that is not what its name says is not packed."""
    found = {}
    for name, content in files.items():
        if isinstance(content, bytes):
            found[name] = (len(content), hashlib.sha256(content).hexdigest())
            continue
        if not content.exists():
            raise _damaged(name)
        found[name] = (content.stat().st_size, digest_of(content))
        if name.startswith(verifier.ORIGINALS) and found[name][1] != Path(name).stem:
            raise _damaged(name)
    return found


def _damaged(name: str) -> RuleBroken:
    return RuleBroken(
        "evidence-damaged",
        "The kept file %(name)s is missing or no longer what its digest says. Nothing was packed: tell enforcement "
        "oversight and put the file back from the backup.",
        name=name,
    )


def folder_of(session: Session) -> Path:
    """Return the folder of packages: beside the evidence, so that the same backup keeps both."""
    return store_of(session).root / "packages"


def path_of(session: Session, sha256: str) -> Path:
    """Return where a package lies."""
    return folder_of(session) / sha256[:2] / f"{sha256}.zip"


def write_package(session: Session, files: Mapping[str, Content], progress: Progress) -> tuple[str, int]:
    """Write a package into the folder under its digest; return digest and length."""
    folder = folder_of(session)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, unfinished = tempfile.mkstemp(dir=folder, prefix="unfinished-")
    path = Path(unfinished)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            _write(stream, files, progress)
            stream.flush()
            os.fsync(stream.fileno())
            size = stream.tell()
        sha256 = digest_of(path)
        target = path_of(session, sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o400)
        path.replace(target)
        sync_folder(target.parent)
    finally:
        path.unlink(missing_ok=True)
    return sha256, size


def _write(stream: IO[bytes], files: Mapping[str, Content], progress: Progress) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for done, name in enumerate(sorted(files), start=1):
            _add(archive, name, files[name])
            progress(done, len(files))
    stream.seek(0, os.SEEK_END)


def _add(archive: zipfile.ZipFile, name: str, content: Content) -> None:
    entry = zipfile.ZipInfo(name, date_time=ZIP_DAY)
    entry.external_attr = 0o644 << 16
    if isinstance(content, bytes):
        archive.writestr(entry, content)
        return
    entry.file_size = content.stat().st_size
    with content.open("rb") as source, archive.open(entry, "w") as target:
        shutil.copyfileobj(source, target, PIECE)


def marked_copy(path: Path, mark: str) -> tempfile.SpooledTemporaryFile[bytes]:
    """Return a copy that says who took it; the package itself stays as it is."""
    copy: tempfile.SpooledTemporaryFile[bytes] = tempfile.SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115
    with path.open("rb") as source:
        shutil.copyfileobj(source, copy, PIECE)
    with zipfile.ZipFile(copy, "a") as archive:
        _add(archive, HANDED_OUT, f"{mark}\n".encode())
    copy.seek(0)
    return copy
