"""A timestamp authority, where one is set, vouches for the moment of a signature."""

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask import Flask
from pyhanko.sign.timestamps import DummyTimeStamper

from reports.papers.signing import SigningKey
from supervision import clock
from tests.pages import Browser
from tests.reports.papers.conftest import pdfsig, url
from tests.supervision.draws.world import World


def stamper() -> DummyTimeStamper:
    """Return a timestamp authority with a certificate of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某时间戳机构")])
    start = clock.now() - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        tsa_key=keys.PrivateKeyInfo.load(private),
    )


@pytest.fixture
def authority() -> Iterator[tuple[str, list[bytes]]]:
    """A timestamp server on this machine, and what it was asked."""
    source, asked = stamper(), list[bytes]()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            made = asyncio.run(source.async_request_tsa_response(tsp.TimeStampReq.load(asked[-1]))).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, *arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    serving.join()
    server.server_close()


def test_the_signature_bears_the_timestamp(
    app: Flask, world: World, browse: Browser, address: str, key: SigningKey, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, authority: tuple[str, list[bytes]],
) -> None:  # fmt: skip
    server, asked = authority
    monkeypatch.setitem(app.config, "TIMESTAMP_URL", server)
    pdf = browse().get(url(world.committed(), "commitment", "zh.pdf")).data
    assert len(asked) >= 2  # one for each language
    assert "Signature is Valid" in pdfsig(pdf, tmp_path)
    at = pdf.index(b"/Contents <") + len(b"/Contents <")
    assert "某时间戳机构".encode() in bytes.fromhex(pdf[at : pdf.index(b">", at)].decode())
