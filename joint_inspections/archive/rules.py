"""What a package holds for whom, its manifest, what the log says of it, and how long it is kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from joint_inspections.papers.rules import PaperKind
from sampling.canonical import canonical_bytes
from supervision.labels import N_, Labeled

FORMAT = "inspection-archive/1"
MANIFEST, PROOF, VERIFY, README = "manifest.json", "proof.json", "verify.py", "README.txt"
# who took a copy away: added to the copy alone, so neither the manifest nor the digest of the package speak of it
HANDED_OUT = "handed-out.txt"
# what the verifier itself knows to stand outside the manifest
OUTSIDE = frozenset({MANIFEST, PROOF, HANDED_OUT})
MEGABYTE = 1 << 20
# more than this is packed by the worker, so that nobody waits in front of a page
AT_ONCE = 24 * MEGABYTE


class PackageKind(Labeled):
    """For whom a package is made."""

    FILE = "file", N_("For the file of the house"), "info"
    ENTITY = "entity", N_("The enterprise's own copy"), "neutral"


class PackageState(Labeled):
    """How the newest package of a visit stands to what is kept of the visit now."""

    NONE = "none", N_("No package yet"), "warning"
    CURRENT = "current", N_("Package complete"), "success"
    OUTDATED = "outdated", N_("Something was added since"), "warning"


# papers that are handed to the enterprise; questionings of persons and approvals of the house stay inside
OF_ENTITY = frozenset({PaperKind.RECORD, PaperKind.SAMPLING, PaperKind.INQUEST, PaperKind.RESULT, PaperKind.ORDER})


@dataclass(frozen=True, slots=True)
class Heading:
    """What a manifest says of its visit."""

    number: str
    kind: PackageKind
    entity: str
    unit_id: str
    visited_on: str


def manifest_bytes(heading: Heading, digests: Mapping[str, tuple[int, str]]) -> bytes:
    """Return the manifest: every file with size and SHA-256, in canonical JSON."""
    files = [{"path": path, "size": size, "sha256": sha} for path, (size, sha) in sorted(digests.items())]
    return canonical_bytes(
        {
            "format": FORMAT,
            "visit": heading.number,
            "kind": heading.kind.value,
            "entity": {"name": heading.entity, "unit_id": heading.unit_id},
            "visited_on": heading.visited_on,
            "files": files,
        }
    )


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def keep_until(closed_on: date, *, years: int) -> date:
    """Return the last day on which a file is kept: the end of the year in which its years are over."""
    return date(closed_on.year + years, 12, 31)


def package_name(number: str, kind: PackageKind, version_no: int) -> str:
    """Return the name under which a package is handed out."""
    return f"{number}-{kind.value}-v{version_no}.zip"
