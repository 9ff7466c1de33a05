"""The papers about a draw in English."""

from reports.documents.certificate_phrases import Words

EN = Words(
    titles={"commitment": "Commitment of a Random Draw", "sealed": "Draw Certificate", "opened": "Draw Certificate"},
    editions={
        "commitment": "(for the notice board: after the commitment, before the draw)",
        "sealed": "(edition before the opening: counts and digests only)",
        "opened": "(edition after the opening)",
        "abandoned": "(the draw was abandoned: nobody is inspected because of it)",
    },
    number="No. {number}    issued {moment}",
    foot="{number}    page {page} of {pages}",
    intro={
        "commitment": (
            "This commitment was made and shown before anybody could know the outcome: from now on neither the pool "
            "nor the roster, the rules or the parties' secrets can change. Copy or photograph it and compare it with "
            "the commitment of the opened draw."
        ),
        "sealed": (
            "This certifies that the draw below was carried out as committed and sealed. Until all visits are done "
            "this edition holds counts and digests only: it names nobody, and nobody can be found out from it."
        ),
        "opened": (
            "This certifies all public facts of the draw below. Anybody can recompute and compare them on their own "
            "computer with the public bundle."
        ),
    },
    scan="Scan to verify this draw",
    scan_digest="Number and commitment",
    rows={
        "draw": "Draw",
        "task": "Inspection task",
        "plan": "Inspection plan",
        "plan_digest": "Digest of the plan",
        "lead": "Lead department",
        "protocol": "Protocol",
        "frozen_at": "Pool frozen",
        "committed_at": "Committed",
        "drawn_at": "Drawn",
        "opened_at": "Opened",
        "ended": "Ended",
        "parent": "Draw before it",
        "frozen_digest": "Digest at the freeze",
        "record_digest": "Digest of the record",
        "teams_digest": "Digest of the teams",
        "team_count": "Teams",
        "unfilled": "Places nobody could be given",
        "struck": "Entities struck",
        "replaced": "Inspectors replaced",
    },
    departments="Departments and their inspectors on the roster, in numbers",
    department_head=("Department", "On the roster", "Qualified and available"),
    register="Register and pool",
    register_head=("Group", "Entities"),
    registered="Entities registered",
    in_pool="In the pool",
    files="Files committed to",
    file_head=("File", "Lines", "Digest and Merkle root"),
    file_names={
        "frame.tsv": "Pool",
        "excluded.tsv": "Left out, with reasons",
        "roster.tsv": "Roster (pseudonyms)",
        "ties.tsv": "Recusals",
        "mapping.tsv": "Who is who",
        "rules.json": "Rules",
    },
    digest="digest",
    root="root",
    commitment="Commitment",
    commitment_text=(
        "The digest over the digests of all files and of the parties' secrets, shown to the public when it was made:"
    ),
    contributions="Contributions",
    contribution_head=("Party", "Digest and secret"),
    contribution_text={
        "commitment": (
            "Each party keeps a secret and has handed over only its digest. All secrets together make the seed; a "
            "single honest party is enough that nobody can steer or foresee the outcome."
        ),
        "sealed": (
            "Each party kept a secret and handed over only its digest before the commitment. All secrets together make "
            "the seed. Secrets and seed are shown when the visits are done and the draw is opened."
        ),
        "opened": (
            "Each party kept a secret and handed over only its digest before the commitment. All secrets together make "
            "the seed."
        ),
    },
    named_witness="witness",
    secret="secret",  # noqa: S106 - a word, no secret
    secret_later="shown when the draw is opened",  # noqa: S106 - as above
    secret_withheld=(  # noqa: S106 - as above
        "Where the parts of a pool are confidential, secrets, seed and key are not shown; witnesses check the full "
        "bundle."
    ),
    beacon="Public random value, named at the commitment: {name}; source {source}, round {round}, rule {rule}",
    beacon_used="Public random value mixed in: source {source}, round {round}, rule {rule}, value {value}",
    no_beacon="No public random value is mixed in: the parties first seal, then reveal their secrets.",
    seed="Seed",
    key="Key of the entities",
    strata="Parts of the pool, and chances",
    strata_head=("Part of the pool", "Entities", "To be drawn", "Chance of each"),
    total="In all",
    strata_withheld="This pool is divided by an internal classification that is never published; totals only.",
    result="Outcome",
    teams_later="The digest of the teams is stated when the draw is opened.",
    teams_text="Digest of the teams = SHA-256 of the canonical JSON (RFC 8785) of the record's entry teams.",
    changes="Changes after the draw",
    changes_text=(
        "Who follows is fixed by the draw and named by the machine, never by a person; each change stands in the "
        "public log."
    ),
    earlier="Void and abandoned draws of the same task before this one",
    earlier_head=("Draw", "Outcome", "Public reason", "Time"),
    no_earlier="None.",
    states={"void": "void", "abandoned": "abandoned"},
    log="Position in the public log",
    log_head=("No.", "Event", "Time", "Digest"),
    events={
        "frozen": "pool frozen",
        "contributed": "secret sealed",
        "witness_named": "witness named",
        "witness_removed": "witness taken off",
        "witness_link": "new link made for a witness",
        "beacon": "public value",
        "committed": "committed",
        "drawn": "drawn",
        "opened": "opened",
        "void": "void",
        "abandoned": "abandoned",
        "struck": "entity struck",
        "replaced": "inspector replaced",
    },
    checkpoint="Checkpoint of the log {origin}: {size} entries, root {root}",
    no_checkpoint=(
        "When this was issued no checkpoint held these entries yet; their numbers can be compared with later "
        "checkpoints."
    ),
    warnings="Worth a second look",
    no_warnings="Nothing.",
    unchecked="What no verifier can check",
    check="How to check",
    check_text="The same content exists as JSON under the same number. Verify this draw:",
    no_address="On the platform's public page “Verify a draw”, by its number.",
    signed="This file is digitally signed by {subject}. SHA-256 fingerprint of the certificate (valid until {until}):",
    unsigned=(
        "The authority had no signing key when this was issued: the file bears no digital signature. Compare its "
        "digest with the one on the verification page."
    ),
    sheet_check_head=("Party", "Check code", "Signature"),
    sheet_next={
        "reveal": (
            "Next: the parties reveal their secrets until {until}. A party that does not is named and the draw is void."
        ),
        "beacon": (
            "Next: the public random value above is mixed in. It did not exist at the commitment; nobody can foresee "
            "or choose it."
        ),
    },
    machine="Sealed by machine, first of all",
    signature="Signature:",
    witness="Witness",
    colon=": ",
)
