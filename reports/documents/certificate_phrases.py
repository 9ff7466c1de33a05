"""Every fixed phrase of the papers about a draw, by name; each language fills them in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Every fixed phrase of the certificate and the commitment sheet."""

    titles: dict[str, str]
    editions: dict[str, str]
    number: str
    foot: str
    intro: dict[str, str]
    scan: str
    scan_digest: str
    rows: dict[str, str]
    departments: str
    department_head: tuple[str, str, str]
    register: str
    register_head: tuple[str, str]
    registered: str
    in_pool: str
    files: str
    file_head: tuple[str, str, str]
    file_names: dict[str, str]
    digest: str
    root: str
    commitment: str
    commitment_text: str
    contributions: str
    contribution_head: tuple[str, str]
    contribution_text: dict[str, str]
    named_witness: str
    secret: str
    secret_later: str
    secret_withheld: str
    beacon: str
    beacon_used: str
    no_beacon: str
    seed: str
    key: str
    strata: str
    strata_head: tuple[str, str, str, str]
    total: str
    strata_withheld: str
    result: str
    teams_later: str
    teams_text: str
    changes: str
    changes_text: str
    earlier: str
    earlier_head: tuple[str, str, str, str]
    no_earlier: str
    states: dict[str, str]
    log: str
    log_head: tuple[str, str, str, str]
    events: dict[str, str]
    checkpoint: str
    no_checkpoint: str
    warnings: str
    no_warnings: str
    unchecked: str
    check: str
    check_text: str
    no_address: str
    signed: str
    unsigned: str
    sheet_check_head: tuple[str, str, str]
    sheet_next: dict[str, str]
    machine: str
    signature: str
    witness: str
    colon: str
