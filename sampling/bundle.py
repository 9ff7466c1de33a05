"""Section 1: the files of one draw, read together.

A bundle may be full (oversight, participants, witnesses) or public (without mapping and ties). Reading
checks the form of each file and that the files do not contradict each other; whether they are the files
that were committed to is `sampling.drawing.check_committed`'s business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sampling import tables
from sampling.bundle_reading import read_files
from sampling.commitment import COMMITMENT, Commitment, parse_commitment
from sampling.errors import CommitmentError, FileError
from sampling.records import RECORD, Record, parse_record
from sampling.rules import RULES, Rules, parse_rules
from sampling.tables import (
    EXCLUDED,
    FRAME,
    MAPPING,
    ROSTER,
    TIES,
    Excluded,
    Frame,
    MappingLine,
    RosterLine,
    Tie,
)

LOG = "log.json"
PUBLIC_RECORD = "record_public.json"
PUBLIC_FRAME = "frame_units.tsv"
STATEMENTS = "statements.json"
FROZEN_FILES = (FRAME, EXCLUDED, ROSTER, TIES, MAPPING, RULES)
BUNDLE_FILES = (*FROZEN_FILES, COMMITMENT, RECORD, LOG, PUBLIC_RECORD, PUBLIC_FRAME, STATEMENTS)

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Bundle:
    """One draw's files and what they say. An accessor of a file that is not there raises `file-missing`."""

    files: Mapping[str, bytes] = field(repr=False)
    commitment: Commitment
    _rules: Rules | None = None
    _frame: Frame | None = None
    _excluded: Excluded | None = None
    _roster: tuple[RosterLine, ...] | None = None
    _ties: tuple[Tie, ...] | None = None
    _mapping: tuple[MappingLine, ...] | None = None
    _record: Record | None = None

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> "Bundle":
        """Read a bundle from its files by name; files that are no part of a bundle are passed over."""
        kept = {name: files[name] for name in BUNDLE_FILES if name in files}
        if COMMITMENT not in kept:
            raise FileError("file-missing", file=COMMITMENT)
        bundle = _parsed(kept)
        _check_consistent(bundle)
        return bundle

    def has(self, *names: str) -> bool:
        """Tell whether all the named files are in the bundle."""
        return all(name in self.files for name in names)

    @property
    def hash_name(self) -> str:
        """Give the one hash of this draw."""
        return self.commitment.hash_name

    @property
    def rules(self) -> Rules:
        """Give the rules."""
        return _present(self._rules, RULES)

    @property
    def frame(self) -> Frame:
        """Give the frozen pool."""
        return _present(self._frame, FRAME)

    @property
    def excluded(self) -> Excluded:
        """Give the rest of the register with the reasons."""
        return _present(self._excluded, EXCLUDED)

    @property
    def roster(self) -> tuple[RosterLine, ...]:
        """Give the inspectors."""
        return _present(self._roster, ROSTER)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Give the recusals."""
        return _present(self._ties, TIES)

    @property
    def mapping(self) -> tuple[MappingLine, ...]:
        """Give who is who."""
        return _present(self._mapping, MAPPING)

    @property
    def record(self) -> Record:
        """Give the record as it stands in the bundle, true or not."""
        return _present(self._record, RECORD)

    @property
    def tied_units(self) -> dict[str, set[str]]:
        """Give the units each inspector is recused from."""
        tied: dict[str, set[str]] = {}
        for inspector, unit in self.ties:
            tied.setdefault(inspector, set()).add(unit)
        return tied


def read_bundle(path: str | Path) -> Bundle:
    """Read a bundle from a folder or zip file."""
    return Bundle.from_files(read_files(Path(path), names=BUNDLE_FILES))


def _parsed(files: Mapping[str, bytes]) -> Bundle:
    commitment = parse_commitment(files[COMMITMENT])
    rules = parse_rules(files[RULES]) if RULES in files else None
    return Bundle(
        files=files,
        commitment=commitment,
        _rules=rules,
        _frame=_parsed_frame(files[FRAME], rules) if FRAME in files else None,
        _excluded=tables.parse_excluded(files[EXCLUDED]) if EXCLUDED in files else None,
        _roster=tables.parse_roster(files[ROSTER]) if ROSTER in files else None,
        _ties=tables.parse_ties(files[TIES]) if TIES in files else None,
        _mapping=tables.parse_mapping(files[MAPPING]) if MAPPING in files else None,
        _record=parse_record(files[RECORD]) if RECORD in files else None,
    )


def _parsed_frame(data: bytes, rules: Rules | None) -> Frame:
    first_line = data.partition(b"\n")[0]
    salted = rules.confidential if rules else first_line.count(b"\t") > 1
    return tables.parse_frame(data, salted=salted)


def _check_consistent(bundle: Bundle) -> None:
    if bundle.has(RULES):
        _check_heading(bundle.rules, bundle.commitment)
    if bundle.has(RULES, FRAME):
        bundle.rules.check_strata(bundle.frame.strata)
    if bundle.has(FRAME, EXCLUDED):
        check_disjoint(bundle.frame.units, bundle.excluded.units)
    if bundle.has(ROSTER, MAPPING):
        check_pseudonyms([line.inspector for line in bundle.roster], [line.pseudonym for line in bundle.mapping])


def _check_heading(rules: Rules, commitment: Commitment) -> None:
    if rules.draw != commitment.draw:
        raise CommitmentError("draw-differs", rules=rules.draw, commitment=commitment.draw)
    if rules.hash_name != commitment.hash_name:
        raise CommitmentError("hash-differs", rules=rules.hash_name, commitment=commitment.hash_name)


def check_disjoint(frame_units: Iterable[str], excluded_units: Iterable[str]) -> None:
    """Refuse a unit that is both in the pool and among those left out."""
    both = set(excluded_units).intersection(frame_units)
    if both:
        raise FileError("unit-framed-and-excluded", unit=min(both))


def check_pseudonyms(roster: Iterable[str], mapping: Iterable[str]) -> None:
    """Refuse a mapping that does not name exactly the inspectors of the roster."""
    different = set(roster) ^ set(mapping)
    if different:
        raise FileError("mapping-not-roster", inspector=min(different))


def _present(found: _Found | None, file: str) -> _Found:
    if found is None:
        raise FileError("file-missing", file=file)
    return found
