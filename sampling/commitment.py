"""Section 2: the commitment, made and shown before the randomness exists.

It binds every file by its digest, the number of units in and outside the pool, and a digest of each
party's secret. After it nothing can be chosen any more; before the last secret or the beacon's value is
known, nothing can be foreseen.
"""

from dataclasses import dataclass

from sampling import identifiers, shape
from sampling.canonical import parse_canonical
from sampling.errors import CommitmentError
from sampling.hashing import hex_digest

COMMITMENT = "commitment.json"
_SIZES = "frame_size excluded_size roster_size ties_size"
_DIGESTS = (
    "plan_digest frame_digest frame_root excluded_digest excluded_root roster_digest ties_digest "
    "mapping_digest rules_digest"
)


@dataclass(frozen=True, slots=True)
class ContributionDigest:
    """What a party hands over before the commitment: the digest of its secret."""

    by: str
    digest: str


@dataclass(frozen=True, slots=True)
class Beacon:
    """Which public value will be mixed in, named before it exists."""

    source: str
    round: str
    rule: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """commitment.json, read and checked; `digest` is H of the file's bytes."""

    hash_name: str
    draw: str
    plan_digest: str
    frame_digest: str
    frame_root: str
    frame_size: int
    excluded_digest: str
    excluded_root: str
    excluded_size: int
    roster_digest: str
    roster_size: int
    ties_digest: str
    ties_size: int
    mapping_digest: str
    rules_digest: str
    contributions: tuple[ContributionDigest, ...]
    beacon: Beacon | None
    committed_at: str
    digest: str

    def contribution_digest_of(self, by: str) -> str | None:
        """Give the digest a party committed to, or None."""
        return next((entry.digest for entry in self.contributions if entry.by == by), None)


def parse_commitment(data: bytes) -> Commitment:
    """Read commitment.json, whose bytes must be in canonical form."""
    keys = f"protocol hash draw contributions beacon committed_at {_SIZES} {_DIGESTS}"
    found = shape.json_object(parse_canonical(data, name=COMMITMENT), where=COMMITMENT, required=keys)
    hash_name, draw = shape.heading(found, where=COMMITMENT)
    digests = {key: identifiers.digest(found[key], what=key) for key in _DIGESTS.split()}
    sizes = {key: shape.json_integer(found[key], where=key) for key in _SIZES.split()}
    return Commitment(
        hash_name=hash_name,
        draw=draw,
        contributions=read_contributions(found["contributions"]),
        beacon=read_beacon(found["beacon"]),
        committed_at=identifiers.moment(found["committed_at"], what="committed_at"),
        digest=hex_digest(hash_name, data),
        **digests,  # type: ignore[arg-type]  # one mapping of texts, one of integers: mypy cannot tell the keys
        **sizes,  # type: ignore[arg-type]
    )


def read_contributions(value: object) -> tuple[ContributionDigest, ...]:
    """Check the contributions: sorted by `by`, each once, at least two, at least one not the operator's."""
    entries = tuple(_contribution(item) for item in shape.json_list(value, where="contributions"))
    names = [entry.by for entry in entries]
    if names != sorted(set(names)):
        raise CommitmentError("contributions-unsorted")
    if len(entries) < 2:
        raise CommitmentError("contributions-too-few", found=len(entries))
    return entries


def _contribution(value: object) -> ContributionDigest:
    found = shape.json_object(value, where="contributions", required="by digest")
    return ContributionDigest(
        by=identifiers.contributor(found["by"]),
        digest=identifiers.digest(found["digest"], what="digest"),
    )


def read_beacon(value: object) -> Beacon | None:
    """Check the beacon: source, round and rule by name, or null in a closed network."""
    if value is None:
        return None
    found = shape.json_object(value, where="beacon", required="source round rule")
    return Beacon(
        source=identifiers.identifier(found["source"], what="beacon source"),
        round=identifiers.identifier(found["round"], what="beacon round"),
        rule=identifiers.identifier(found["rule"], what="beacon rule"),
    )
