"""Signed papers: checked by a program that is not ours, made for keeping, by a key outside the database."""

import datetime as dt
import io
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from reports.papers import signing
from reports.papers.models import IssuedPaper
from reports.papers.signing import SigningKey, key_path, make_key
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.draws.models import Draw
from supervision.draws.rules import code_groups
from supervision.errors import DomainError
from tests.pages import Browser
from tests.reports.papers.conftest import facts, fonts_of, keys_in, pdfsig, read_back, squeezed
from tests.supervision.draws.world import World

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def sheet(browse: Browser, draw: Draw, form: str = "zh.pdf") -> bytes:
    return browse().get(f"/public/draws/{draw.number}/papers/commitment.{form}").data


@LANGUAGES
def test_another_program_finds_the_signature_valid_and_names_the_authority(
    world: World, browse: Browser, address: str, key: SigningKey, tmp_path: Path, language: str
) -> None:
    pdf = sheet(browse, world.committed(), f"{language}.pdf")
    said = pdfsig(pdf, tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "上海市静安区" in said
    assert squeezed(" ".join(code_groups(key.fingerprint))) in read_back(pdf)


def test_one_flipped_bit_anywhere_is_detected(
    world: World, browse: Browser, address: str, key: SigningKey, tmp_path: Path
) -> None:
    pdf = sheet(browse, world.committed())
    at = pdf.index(b"/ByteRange")
    start, length, after, rest = (int(part) for part in pdf[at : at + 80].split(b"[")[1].split(b"]")[0].split())
    assert start == 0
    assert after + rest == len(pdf)
    for place in (pdf.index(b"stream\n") + 40, length // 2, length - 200, after + 20):
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert "Signature is Valid" not in pdfsig(bytes(changed), tmp_path), place


def test_what_was_appended_after_signing_is_not_covered(
    world: World, browse: Browser, address: str, key: SigningKey, tmp_path: Path
) -> None:
    said = pdfsig(sheet(browse, world.committed()) + b"\n% added\n", tmp_path)
    assert "Not total document signed" in said


@LANGUAGES
def test_a_paper_is_made_for_keeping(
    world: World, browse: Browser, address: str, key: SigningKey, language: str
) -> None:
    draw = world.committed()
    pdf = sheet(browse, draw, f"{language}.pdf")
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert draw.number in reader.metadata.title
    for name, descriptor in fonts_of(pdf).items():
        assert "NotoSansSC" in name
        assert "/FontFile2" in descriptor
    assert b"Helvetica" not in pdf
    described = root["/Metadata"].get_object().get_data().decode()
    number = facts(sheet(browse, draw, "json"))["issue"]["number"]
    for word in (number, draw.number, {"zh": "zh-CN", "en": "en"}[language]):
        assert word in described
    # nobody has confirmed conformance, so nothing claims it
    assert "pdfaid" not in described
    intent = root["/OutputIntents"][0].get_object()
    assert intent["/OutputConditionIdentifier"] == "sRGB"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    assert not keys_in(pdf) & {
        "/JavaScript",
        "/JS",
        "/URI",
        "/OpenAction",
        "/Launch",
        "/AA",
        "/EmbeddedFiles",
        "/Encrypt",
    }


def test_the_moment_of_issue_stands_alike_in_the_paper_its_description_and_the_file(
    world: World, browse: Browser, address: str
) -> None:
    draw = world.committed()
    reader = PdfReader(io.BytesIO(sheet(browse, draw)))
    issued = dt.datetime.fromisoformat(facts(sheet(browse, draw, "json"))["issue"]["issued_at"])
    assert reader.metadata.creation_date == issued
    assert (
        reader.trailer["/Root"]["/Metadata"].get_object().get_data().count(f"{issued:%Y-%m-%dT%H:%M:%SZ}".encode()) == 2
    )


@LANGUAGES
def test_without_a_key_papers_say_that_they_bear_no_signature(
    world: World, browse: Browser, address: str, tmp_path: Path, language: str
) -> None:
    draw = world.committed()
    pdf = sheet(browse, draw, f"{language}.pdf")
    assert "does not contain any signatures" in pdfsig(pdf, tmp_path)
    assert {"zh": "没有数字签名", "en": "bearsnodigitalsignature"}[language] in read_back(pdf)
    page = browse(language=language).get(f"/public/draws/{draw.number}/papers").text
    assert {"zh": "没有数字签名", "en": "bear no digital signature"}[language] in page


def test_a_paper_without_signature_is_followed_by_a_signed_one_when_there_is_a_key(
    world: World, browse: Browser, session: Session, address: str, request: pytest.FixtureRequest
) -> None:
    draw = world.committed()
    plain = facts(sheet(browse, draw, "json"))
    key = request.getfixturevalue("key")
    signed = facts(sheet(browse, draw, "json"))
    assert signed["draw"] == plain["draw"]
    assert (plain["issue"]["signer"], signed["issue"]["signer"]["fingerprint"]) == (None, key.fingerprint)
    assert session.scalars(sa.select(IssuedPaper.serial).order_by(IssuedPaper.serial)).all() == [1, 2]
    listed = browse().get("/public/verify/signature").text
    assert " ".join(code_groups(key.fingerprint)) in listed


def test_an_expired_certificate_signs_nothing(
    app: Flask, world: World, browse: Browser, address: str, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, later = world.committed(), clock.now() + dt.timedelta(days=365 * 11)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert signing.usable_key(Path(app.instance_path)) is None
        page = browse().get("/public/verify/signature").text
    assert "This certificate has expired" in page
    assert facts(sheet(browse, draw, "json"))["issue"]["signer"]


def test_the_key_command_makes_a_key_for_its_owner_alone_and_notes_it(
    app: Flask, connection: sa.Connection, session: Session
) -> None:
    path = key_path(Path(app.instance_path))
    try:
        done = app.test_cli_runner().invoke(args=["papers", "key", "new"])
        assert done.exit_code == 0, done.output
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        found = signing.load_key(Path(app.instance_path))
        assert found is not None
        assert found.subject == app.config["DISTRICT_NAME_ZH"]
        assert " ".join(code_groups(found.fingerprint)) in done.output
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.PAPER_KEY_CHANGED)).one()
        assert entry.details["fingerprint"] == found.fingerprint
        again = app.test_cli_runner().invoke(args=["papers", "key", "new"])
        assert again.exit_code == 1
        assert "--replace" in again.output
        other = app.test_cli_runner().invoke(args=["papers", "key", "new", "--replace"])
        assert other.exit_code == 0, other.output
        assert path.with_name(f"papers-{found.fingerprint[:16]}.pem").exists()
        assert signing.load_key(Path(app.instance_path)) != found
        assert app.test_cli_runner().invoke(args=["papers", "key", "show"]).exit_code == 0
    finally:
        path.unlink(missing_ok=True)
    assert app.test_cli_runner().invoke(args=["papers", "key", "show"]).exit_code == 1


def certified() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, x509.Certificate]:
    """Return a key with a certificate, and that of the authority which issued it."""
    above, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某证书机构")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某区人民政府")])

    def certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        start = clock.now() - dt.timedelta(days=1)
        return (
            builder.not_valid_before(start).not_valid_after(start + dt.timedelta(days=30)).sign(above, hashes.SHA256())
        )

    return own, certificate(subject, own), certificate(issuer, above)


def test_a_certificate_of_another_authority_is_imported_with_its_chain(
    app: Flask, world: World, browse: Browser, address: str, connection: sa.Connection, tmp_path: Path
) -> None:
    own, certificate, above = certified()
    file = tmp_path / "authority.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"authority", own, certificate, [above], serialization.BestAvailableEncryption(b"secret")
        )
    )
    runner = app.test_cli_runner()
    wrong = runner.invoke(args=["papers", "key", "import", str(file), "--password", "wrong"])
    assert wrong.exit_code == 1
    assert "PKCS #12" in wrong.output
    try:
        done = runner.invoke(args=["papers", "key", "import", str(file)], input="secret\n")
        assert done.exit_code == 0, done.output
        pdf = sheet(browse, world.committed())
        said = pdfsig(pdf, tmp_path)
        assert "Signature is Valid" in said
        assert "某区人民政府" in said
        page = browse().get("/public/verify/signature").text
        assert "某证书机构" in page
        found = browse().get("/public/verify/signature/certificate.cer").data
        assert x509.load_der_x509_certificate(found) == certificate
    finally:
        key_path(Path(app.instance_path)).unlink(missing_ok=True)


def test_keys_that_readers_cannot_check_are_refused() -> None:
    _, certificate, _ = certified()
    with pytest.raises(DomainError, match="Only RSA"):
        signing.checked(ed25519.Ed25519PrivateKey.generate(), certificate, ())
    with pytest.raises(DomainError, match="belong together"):
        signing.checked(make_key(name="甲", organization="A").private, certificate, ())


def test_a_timestamp_server_that_does_not_answer_hinders_nobody(
    app: Flask,
    world: World,
    browse: Browser,
    address: str,
    key: SigningKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "TIMESTAMP_URL", "http://127.0.0.1:9/")
    assert "Signature is Valid" in pdfsig(sheet(browse, world.committed()), tmp_path)
