"""The whole draw: from a committed bundle and the revealed secrets to the record (sections 1 to 7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sampling import identifiers, seeds
from sampling.backends.choice import select_from, table_root
from sampling.bundle import Bundle
from sampling.commitment import Commitment
from sampling.errors import CommitmentError, RevealError
from sampling.hashing import hex_digest
from sampling.records import Contribution, Record, StratumCount
from sampling.rules import RULES, NoTeams
from sampling.selection import Selection
from sampling.strata import allocate
from sampling.tables import EXCLUDED, FRAME, MAPPING, ROSTER, TIES, Tie, count_lines
from sampling.teams import FormedTeams, Keys, form_teams


@dataclass(frozen=True, slots=True)
class CommittedFact:
    """One fact of the commitment beside what the files say."""

    file: str
    fact: str
    committed: str | int
    found: str | int

    @property
    def agrees(self) -> bool:
        """Tell whether both are the same."""
        return self.committed == self.found


def draw(bundle: Bundle, secrets: Mapping[str, str], beacon_value: str | None = None) -> Record:
    """Draw: check files and secrets against the commitment, then compute the record.

    Raises CommitmentError when a file is not the one committed to, RevealError when a secret or the
    beacon's value is missing, surplus or wrong.
    """
    check_committed(bundle)
    check_revealed(bundle.commitment, secrets, beacon_value)
    return compute(bundle, secrets, beacon_value)


def compute(bundle: Bundle, secrets: Mapping[str, str], beacon_value: str | None) -> Record:
    """Compute the record from what the files say, whether or not it was committed to."""
    keys = keys_of(bundle, secrets, beacon_value)
    sizes = bundle.frame.sizes()
    selection = selected_units(bundle, keys)
    counts = allocate(sizes, bundle.rules.allocation)
    formed = _formed(bundle, keys, selection)
    return Record(
        hash_name=bundle.hash_name,
        draw=bundle.commitment.draw,
        commitment_digest=bundle.commitment.digest,
        contributions=tuple(Contribution(by=by, secret=secrets[by]) for by in sorted(secrets)),
        beacon_value=beacon_value,
        seed=keys.seed,
        entity_key=keys.key(seeds.ENTITIES),
        strata=tuple(StratumCount(stratum=s, size=sizes[s], selected=n) for s, n in counts.items()),
        selected=selection.selected,
        reserve=selection.reserve,
        teams=formed.teams,
        unfilled=formed.unfilled,
    )


def keys_of(bundle: Bundle, secrets: Mapping[str, str], beacon_value: str | None) -> Keys:
    """Give the keys that the commitment, the secrets and the beacon's value lead to (section 3)."""
    seed = seeds.seed(
        hash_name=bundle.hash_name,
        commitment_digest=bundle.commitment.digest,
        secrets=secrets,
        beacon_value=beacon_value,
    )
    return Keys(hash_name=bundle.hash_name, seed=seed)


def selected_units(bundle: Bundle, keys: Keys) -> Selection:
    """Select the units (sections 4 and 5)."""
    return select_from(
        bundle.frame,
        bundle.files[FRAME],
        counts=allocate(bundle.frame.sizes(), bundle.rules.allocation),
        reserve=bundle.rules.reserve,
        entity_key=keys.key(seeds.ENTITIES),
        hash_name=keys.hash_name,
    )


def _formed(bundle: Bundle, keys: Keys, selection: Selection) -> FormedTeams:
    if isinstance(bundle.rules.teams, NoTeams):
        return FormedTeams()
    return form_teams(
        bundle.rules,
        keys=keys,
        roster=bundle.roster,
        ties=known_ties(bundle),
        units=[row.unit for row in selection.selected],
    )


def known_ties(bundle: Bundle) -> tuple[Tie, ...]:
    """Give the ties; when the commitment says that there are none, the file need not be shown."""
    return () if ties_known_empty(bundle) else bundle.ties


def ties_known_empty(bundle: Bundle) -> bool:
    """Tell whether ties.tsv is committed to be empty: its digest is then that of nothing."""
    return not bundle.has(TIES) and bundle.commitment.ties_digest == hex_digest(bundle.hash_name, b"")


def check_committed(bundle: Bundle) -> None:
    """Refuse files that are not those of the commitment."""
    for fact in committed_facts(bundle):
        if not fact.agrees:
            raise CommitmentError("file-not-committed", file=fact.file, fact=fact.fact)


def committed_facts(bundle: Bundle) -> list[CommittedFact]:
    """Lay every digest, root and size of the commitment beside the file it speaks of, as far as shown."""
    return [
        *_table_facts(bundle, FRAME, tree=True),
        *_table_facts(bundle, EXCLUDED, tree=True),
        *_table_facts(bundle, ROSTER, tree=False),
        *_table_facts(bundle, TIES, tree=False),
        *_digest_fact(bundle, MAPPING),
        *_digest_fact(bundle, RULES),
    ]


def _digest_fact(bundle: Bundle, file: str) -> list[CommittedFact]:
    if not bundle.has(file):
        return []
    fact = f"{file.partition('.')[0]}_digest"
    return [_fact(bundle.commitment, file, fact, hex_digest(bundle.hash_name, bundle.files[file]))]


def _table_facts(bundle: Bundle, file: str, *, tree: bool) -> list[CommittedFact]:
    facts = _digest_fact(bundle, file)
    if facts:
        name = file.partition(".")[0]
        data = bundle.files[file]
        facts.append(_fact(bundle.commitment, file, f"{name}_size", count_lines(data)))
        if tree:
            facts.append(_fact(bundle.commitment, file, f"{name}_root", table_root(bundle.hash_name, data)))
    return facts


def _fact(commitment: Commitment, file: str, fact: str, found: str | int) -> CommittedFact:
    return CommittedFact(file=file, fact=fact, committed=getattr(commitment, fact), found=found)


def check_revealed(commitment: Commitment, secrets: Mapping[str, str], beacon_value: str | None) -> None:
    """Refuse a reveal that does not fit the commitment: parties, secrets, beacon's value."""
    for by in sorted(secrets):
        identifiers.digest(secrets[by], what=f"secret of {by!a}")
    for error in revealed_errors(commitment, secrets, beacon_value):
        raise error


def revealed_errors(commitment: Commitment, secrets: Mapping[str, str], beacon_value: str | None) -> list[RevealError]:
    """List what does not fit: a party too many or too few, a wrong secret, a beacon's value out of place."""
    errors = [
        RevealError("contribution-unknown", by=ascii(by))
        for by in sorted(secrets)
        if commitment.contribution_digest_of(by) is None
    ]
    for entry in commitment.contributions:
        if entry.by not in secrets:
            errors.append(RevealError("contribution-missing", by=entry.by))
        elif _digest_of(commitment, entry.by, secrets[entry.by]) != entry.digest:
            errors.append(RevealError("contribution-wrong", by=entry.by))
    if commitment.beacon is not None and beacon_value is None:
        errors.append(RevealError("beacon-value-missing"))
    if commitment.beacon is None and beacon_value is not None:
        errors.append(RevealError("beacon-value-surplus"))
    if beacon_value is not None:
        identifiers.beacon_value(beacon_value)
    return errors


def _digest_of(commitment: Commitment, by: str, secret: str) -> str:
    return seeds.contribution_digest(hash_name=commitment.hash_name, draw=commitment.draw, by=by, secret=secret)
