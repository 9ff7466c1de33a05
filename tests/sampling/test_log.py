"""The log of a draw and its witnesses: every lie and every missing signature has a name."""

import pytest

from sampling import signed_notes
from sampling.bundle import Bundle
from sampling.canonical import canonical_bytes
from sampling.publication import public_files
from sampling.verification import verify_files
from tests.sampling.bundle_making import DRAW, committed, least_case, least_files, random_case
from tests.sampling.log_making import (
    ORIGIN,
    drawn_files,
    events_of,
    found,
    keys,
    logged,
    note_of,
    relogged,
    statement_keys,
)


def test_a_full_bundle_with_its_log_leaves_nothing_open():
    for case in (least_case(), committed(least_files(), beacon_value="v")):
        report = verify_files(logged(drawn_files(case)))
        assert report.exit_code == 0, report.to_text()
        assert "number-gap" in found(report, "warning")
        assert "keys-from-bundle" in found(report, "warning")


def test_keys_known_from_elsewhere_end_that_warning():
    known = [signed_notes.parse_verifier_key(key) for key in keys()]
    report = verify_files(logged(drawn_files()), keys=known)
    assert report.exit_code == 0
    assert "keys-from-bundle" not in found(report, "warning")


def test_every_changed_byte_of_the_log_is_reported():
    files = logged(drawn_files())
    data = files["log.json"]
    for place in range(0, len(data), 3):
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 7)
        assert verify_files({**files, "log.json": bytes(changed)}).exit_code, (place, bytes(changed))


@pytest.mark.parametrize(
    ("events", "code"),
    [
        (lambda e: [e[0], e[1], e[3], e[2], e[4]], "events-out-of-order"),
        (lambda e: [*e, e[3]], "event-repeated"),
        (lambda e: [*e[:3], ("drawn", "0" * 64, {}), e[4]], "event-digest"),
        (lambda e: [("frozen", "0" * 64, {}), *e[1:]], "event-digest"),
        (lambda e: [e[0], ("contributed", "0" * 64, {"by": "SCJG"}), *e[2:]], "event-digest"),
        (lambda e: [*e[:2], ("contributed", "0" * 64, {"by": "XFJY"}), *e[2:]], "contribution-not-committed"),
        (lambda e: [*e[:4], ("void", "0" * 64, {})], "void-after-draw"),
        (lambda e: [*e[:4], ("opened", "0" * 64, {})], "event-digest"),
    ],
)
def test_each_lie_in_the_log_has_its_own_name(events, code):
    files = drawn_files()
    report = verify_files(logged(files, events(events_of(files))))
    assert report.exit_code == 1
    assert code in found(report, "difference")


def test_a_draw_that_nobody_witnessed_in_time_is_not_proven():
    case = committed(least_files(), beacon_value="v")
    report = verify_files(logged(drawn_files(case), names=[ORIGIN]))
    assert (report.exit_code, found(report, "withheld")) == (3, {"commitment-unwitnessed"})


def test_a_rewritten_log_and_a_forged_signature_are_found():
    files = logged(drawn_files())
    rewritten = relogged(files, lambda log: log["committed"].update(consistency=["0" * 64]))
    assert "log-rewritten" in found(verify_files(rewritten), "difference")
    other = relogged(files, lambda log: log.update(checkpoint=log["committed"]["checkpoint"]))
    assert "leaf-not-in-log" in found(verify_files(other), "difference")


def test_without_cryptography_signatures_are_unchecked_never_good(monkeypatch):
    monkeypatch.setattr(signed_notes, "CAN_CHECK_SIGNATURES", False)
    report = verify_files(logged(drawn_files()))
    assert report.exit_code == 3
    assert "signature-unchecked" in found(report, "withheld")
    # that witnesses are missing would be another thing, and here it is not so
    assert "commitment-unwitnessed" not in found(report, "warning") | found(report, "withheld")
    alone = verify_files(logged(drawn_files(), names=[ORIGIN, "witness-a"]))
    assert "commitment-unwitnessed" in found(alone, "warning")


def test_a_confidential_draw_rests_on_two_witnesses():
    case = next(case for case in map(random_case, range(200)) if b'"confidential"' in case.files["rules.json"])
    full = drawn_files(case)
    bundle = Bundle.from_files(full)
    text = signed_notes.statement_text(
        draw=DRAW, commitment_digest=bundle.commitment.digest, record_digest=bundle.record.digest
    )
    for names, good in ((["witness-a", "witness-b"], True), (["witness-a"], False)):
        notes = [note_of(text, name) for name in names]
        statements = canonical_bytes({"keys": statement_keys(), "statements": notes})
        report = verify_files(public_files(Bundle.from_files({**full, "statements.json": statements})))
        assert report.exit_code == 3
        assert ("statements-hold" in found(report, "ok")) is good
    wrong = canonical_bytes({"keys": statement_keys(), "statements": [note_of(text + "x\n", "witness-a")]})
    report = verify_files(public_files(Bundle.from_files({**full, "statements.json": wrong})))
    assert "statement-differs" in found(report, "difference")
