"""What a paper about a draw says: plain values with both languages side by side, for the JSON edition and the PDFs.

The JSON edition is these values in canonical form (RFC 8785); everything in the PDFs comes from them. Before the
opening they hold counts and digests that name nobody and from which nobody can be found by trying. That is why the
digest of the teams is absent there: no secret is mixed into it, so whoever knows the pool could try all teams.
"""

from dataclasses import asdict, dataclass

from sampling.canonical import canonical_bytes

FORMAT = "double-random-paper/1"


@dataclass(frozen=True, slots=True)
class Said:
    """Something in both languages."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """Return it in one of them."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Coded:
    """Something with a code and a name, counted where that makes sense."""

    code: str
    name: Said
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """One file that was committed to. ``size`` counts its lines, ``root`` is its Merkle tree's."""

    file: str
    digest: str
    size: int | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A contribution: whose it is, its digest, and its secret once that may be shown."""

    by: str
    name: Said
    digest: str
    witness: bool = False
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class BeaconLine:
    """The public value that is mixed in: named before it existed.

    ``used`` is what came in: another round than the named one when the rule moved on because that one did not come.
    """

    name: Said
    source: str
    round: str
    rule: str
    used: "UsedValue | None" = None


@dataclass(frozen=True, slots=True)
class UsedValue:
    """A public value as it was mixed in, and where it comes from."""

    source: str
    round: str
    rule: str
    value: str


@dataclass(frozen=True, slots=True)
class StratumLine:
    """A part of the pool: size, number to be drawn."""

    code: str
    name: Said
    size: int
    selected: int


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A department on the roster: how many inspectors, how many of them qualified and available."""

    code: str
    name: Said
    listed: int
    able: int


@dataclass(frozen=True, slots=True)
class EarlierDraw:
    """Another draw of the same task that was declared void or abandoned."""

    number: str
    state: str
    reason: Coded | None
    ended_at: str


@dataclass(frozen=True, slots=True)
class LeafLine:
    """An entry of the public log."""

    index: int
    event: str
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A signed head of the public log that holds the entries of this draw."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a draw that was given up ended, and why."""

    state: str
    reason: Coded
    at: str


@dataclass(frozen=True, slots=True)
class Result:
    """What is known once the draw is carried out. Secrets, seed and key follow with the opening, in public draws."""

    record_digest: str
    drawn_at: str
    team_count: int
    struck: int
    replaced: int
    opened_at: str | None = None
    teams_digest: str | None = None
    unfilled: int | None = None
    seed: str | None = None
    entity_key: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """The certificate a paper is signed with."""

    subject: str
    fingerprint: str
    valid_until: str


@dataclass(frozen=True, slots=True)
class Issue:
    """What belongs to this issue of the paper rather than to the draw."""

    number: str
    issued_at: str
    verify_url: str
    signer: Signer | None
    checkpoint: CheckpointLine | None


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """What the paper says of the draw."""

    kind: str
    authority: Said
    draw: str
    task_number: str
    task_title: str
    plan_number: str
    plan_digest: str
    lead: Coded
    departments: tuple[RosterLine, ...]
    protocol: str
    hash_name: str
    confidential: bool
    frozen_at: str
    committed_at: str
    registered: int
    pool: int
    excluded: tuple[Coded, ...]
    files: tuple[FrozenFile, ...]
    frozen_digest: str
    commitment_digest: str
    contributions: tuple[PartyLine, ...]
    beacon: BeaconLine | None
    strata: tuple[StratumLine, ...]
    selected: int
    earlier: tuple[EarlierDraw, ...]
    leaves: tuple[LeafLine, ...]
    warnings: tuple[Said, ...]
    unchecked: tuple[Said, ...]
    reveal_until: str | None = None
    parent: str = ""
    result: Result | None = None
    ended: Ended | None = None


@dataclass(frozen=True, slots=True)
class DrawPaper:
    """A paper: what it says of the draw, and the issue it was said in."""

    facts: DrawFacts
    issue: Issue

    def to_bytes(self) -> bytes:
        """Return the JSON edition."""
        return canonical_bytes({"format": FORMAT, "draw": asdict(self.facts), "issue": asdict(self.issue)})
