"""The authority's signature under its papers: the key, its certificate, PAdES signatures of level B-B.

Key and certificate lie in the instance's folder ``keys``, outside the database, readable by their owner alone. A
certificate made here is signed by itself: it proves that two papers come from the same hand, and who compares its
fingerprint with the published one knows whose. A certificate of a public authority is imported instead.
"""

import datetime as dt
import io
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

from supervision import clock
from supervision.errors import Conflict, Invalid
from supervision.labels import N_

KEY_FILE = "papers.pem"
KEY_BITS = 3072
VALID_YEARS = 10
FIELD = "Authority"
# room for the signature, its certificates and, where one is set, a timestamp
RESERVED_BYTES = 24576
PRIVATE = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its certificate and those above it."""

    private: PRIVATE = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in lower-case hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def subject(self) -> str:
        """The name in the certificate."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.subject.rfc4514_string()

    @property
    def der(self) -> bytes:
        """The certificate as a file that other programs read."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def self_signed(self) -> bool:
        """Whether no other authority vouches for the name."""
        return self.certificate.issuer == self.certificate.subject

    def valid(self, moment: dt.datetime) -> bool:
        """Say whether the certificate may be used at ``moment``."""
        return self.certificate.not_valid_before_utc <= moment <= self.certificate.not_valid_after_utc


def key_path(instance: Path) -> Path:
    """Return where the key of an installation lies."""
    return instance / "keys" / KEY_FILE


def load_key(instance: Path) -> SigningKey | None:
    """Return the authority's key, or None when there is none."""
    path = key_path(instance)
    return _read(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> SigningKey:  # noqa: ARG001 - another file under the name is read anew
    data = path.read_bytes()
    private = serialization.load_pem_private_key(data, password=None)
    first, *rest = x509.load_pem_x509_certificates(data)
    return checked(private, first, tuple(rest))


def usable_key(instance: Path) -> SigningKey | None:
    """Return the key if its certificate is valid today: a signature of an expired one would prove nothing."""
    found = load_key(instance)
    return found if found and found.valid(clock.now()) else None


def checked(private: object, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> SigningKey:
    """Return the parts as a key, or refuse kinds that readers of PDF files cannot check."""
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Invalid("key-kind", N_("Only RSA and elliptic-curve keys can sign papers."))
    if private.public_key() != certificate.public_key():
        raise Invalid("key-certificate", N_("Key and certificate do not belong together."))
    return SigningKey(private, certificate, chain)


def make_key(*, name: str, organization: str) -> SigningKey:
    """Make a key with a certificate signed by itself in the name of the authority."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    now = clock.now().replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=365 * VALID_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    return SigningKey(private, certificate)


def read_p12(data: bytes, password: str) -> SigningKey:
    """Read key, certificate and chain from a PKCS #12 file, as certificate authorities hand them out."""
    try:
        private, certificate, chain = pkcs12.load_key_and_certificates(data, password.encode() if password else None)
    except ValueError as error:
        raise Invalid("p12-unreadable", N_("The file cannot be read: wrong password, or no PKCS #12 file.")) from error
    if private is None or certificate is None:
        raise Invalid("p12-incomplete", N_("The file holds no key with its certificate."))
    found = checked(private, certificate, tuple(chain))
    if not found.valid(clock.now()):
        raise Invalid("certificate-expired", N_("The certificate is not valid today."))
    return found


def key_exists() -> Conflict:
    """Return the refusal to put a key over another unasked."""
    return Conflict("key-exists", N_("There is a signing key already. With --replace another takes its place."))


def keep_key(instance: Path, key: SigningKey, *, replace: bool) -> Path:
    """Write the key for its owner alone. The one before is kept beside it, named by its fingerprint."""
    path = key_path(instance)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        if not replace:
            raise key_exists()
        old = load_key(instance)
        path.rename(path.with_name(f"papers-{old.fingerprint[:16] if old else 'old'}.pem"))
    private = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificates = [one.public_bytes(serialization.Encoding.PEM) for one in (key.certificate, *key.chain)]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(private + b"".join(certificates))
    return path


@dataclass(frozen=True, slots=True)
class Seal:
    """What a paper is signed with: the key, what for, and the address of a timestamp authority if one is set."""

    key: SigningKey
    reason: str
    timestamp_url: str = ""


def sign(pdf: bytes, seal: Seal) -> bytes:
    """Append the authority's signature; the bytes before it stay as they are. No change is allowed afterwards.

    A timestamp is welcome, never needed: where its server does not answer, the paper is signed without.
    """
    stamper = HTTPTimeStamper(seal.timestamp_url, timeout=10) if seal.timestamp_url else None
    try:
        return _signed(pdf, seal, stamper)
    except (TimestampRequestError, OSError):
        if stamper is None:
            raise
        return _signed(pdf, seal, None)


def _signed(pdf: bytes, seal: Seal, stamper: HTTPTimeStamper | None) -> bytes:
    key = seal.key
    packed = pkcs12.serialize_key_and_certificates(
        None, key.private, key.certificate, key.chain, serialization.NoEncryption()
    )
    wanted = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=seal.reason,
        name=key.subject,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = SimpleSigner.load_pkcs12_data(packed, other_certs=[])
    work = PdfSigner(wanted, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(FIELD))
    written = io.BytesIO()
    work.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=written, bytes_reserved=RESERVED_BYTES)
    return written.getvalue()
