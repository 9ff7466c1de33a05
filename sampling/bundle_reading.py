"""Getting the files of a bundle out of a folder or a zip file, without trusting either.

Only files with the agreed names are read; nothing is written or unpacked to disk. A zip file states the
sizes of its files itself, so what is really unpacked is counted too.
"""

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from sampling.errors import FileError

LARGEST_FILE = 512 * 1024 * 1024
LARGEST_BUNDLE = 1024 * 1024 * 1024
MOST_ENTRIES = 1_000
# A table of random codes shrinks to a third or so; a thousandfold is an attack.
LARGEST_SHRINKAGE = 200
_SMALL = 1024 * 1024


def read_files(path: Path, *, names: Iterable[str]) -> dict[str, bytes]:
    """Give the named files that are in the folder or zip file."""
    try:
        if path.is_dir():
            return _from_folder(path, names)
        if path.is_file():
            return _from_zip(path, frozenset(names))
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise FileError("bundle-unreadable", path=ascii(path.name)) from error
    raise FileError("bundle-not-found", path=ascii(path.name))


def _from_folder(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    present = [name for name in names if (folder / name).is_file()]
    _check_sizes([(name, (folder / name).stat().st_size) for name in present])
    return {name: (folder / name).read_bytes() for name in present}


def _from_zip(path: Path, names: frozenset[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        wanted = _wanted_entries(archive, names)
        _check_sizes([(name, entry.file_size) for name, entry in wanted.items()])
        return {name: _unpacked(archive, entry, name) for name, entry in wanted.items()}


def _wanted_entries(archive: zipfile.ZipFile, names: frozenset[str]) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FileError("bundle-too-many-files", most=MOST_ENTRIES)
    wanted: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        # The files may stand in one folder of the archive, as when a folder was packed whole.
        place = PurePosixPath(entry.filename)
        if entry.is_dir() or place.name not in names or len(place.parts) > 2:
            continue
        if place.name in wanted:
            raise FileError("bundle-file-twice", file=place.name)
        wanted[place.name] = entry
    return wanted


def _check_sizes(sizes: list[tuple[str, int]]) -> None:
    for name, size in sizes:
        if size > LARGEST_FILE:
            raise FileError("file-too-large", file=name, most=LARGEST_FILE)
    if sum(size for _, size in sizes) > LARGEST_BUNDLE:
        raise FileError("bundle-too-large", most=LARGEST_BUNDLE)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    encrypted = entry.flag_bits & 1
    if encrypted or entry.file_size > max(_SMALL, LARGEST_SHRINKAGE * entry.compress_size):
        raise FileError("bundle-suspicious", file=name)
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise FileError("bundle-suspicious", file=name)
    return data
