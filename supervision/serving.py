"""`flask serve`: the application server and its worker, on this machine or, with TLS, on the local network."""

import datetime as dt
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Blueprint, current_app

from supervision import clock
from supervision.config import PROJECT
from supervision.jobs.keeping import KEEPER, KeptWorker
from supervision.schema import is_prepared
from supervision.transparency.gate import check_start
from supervision.web import database
from supervision.web.commands import UNPREPARED, both

blueprint = Blueprint("serving_commands", __name__, cli_group=None)
VALID_DAYS = 90
LOOK_EVERY = 0.2
# an import takes at most a minute
GRACE_SECONDS = 60
SIGN_INS = "sign-ins.txt"
# where the demonstration is served unless somebody says otherwise; what it printed at load leads there
HOME = "http://127.0.0.1:8000"
LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for by --lan, always with TLS


@blueprint.cli.command("serve")
@click.option("--port", default=8000, show_default=True)
@click.option("--lan", is_flag=True, help="Serve TLS to the local network with a certificate of its own.")
@click.option("--workers", default=2, show_default=True)
def serve(port: int, *, lan: bool, workers: int) -> None:
    """Serve until interrupted: gunicorn and one worker for long jobs."""
    check_port(port)
    if not is_prepared(database.engine()):
        raise click.ClickException(both(UNPREPARED))
    check_start(current_app._get_current_object())  # type: ignore[attr-defined]  # the application behind the proxy
    instance = Path(current_app.instance_path)
    addresses = own_addresses() if lan else ["127.0.0.1"]
    environment = {**os.environ, "FLASK_APP": "wsgi:create_app"}
    command = [
        sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--workers", str(workers), "--threads", "8",
        "--bind", f"{EVERYWHERE if lan else LOOPBACK}:{port}", "--timeout", "60", "--graceful-timeout", "10",
        "--log-level", "warning", "--max-requests", "5000", "--max-requests-jitter", "500",
        "--config", "python:supervision.serving_hooks",
    ]  # fmt: skip
    if lan:
        certificate, key = make_certificate(instance / "keys", addresses)
        command += ["--certfile", str(certificate), "--keyfile", str(key)]
    else:
        environment["INSECURE_HTTP"] = "1"
    if current_app.config["DEMO"]:  # a real installation says itself where everybody reaches it
        environment.setdefault("PUBLIC_URL", f"{'https' if lan else 'http'}://{addresses[0]}:{port}")
    print_welcome(instance, addresses, port=port, lan=lan)
    run_together(command, [sys.executable, "-m", "flask", "jobs", "work"], environment)


def check_port(port: int) -> None:
    """Refuse a port that somebody else serves on, before anything is started."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # as gunicorn binds: what a server just ended leaves behind does not count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise click.ClickException(
                f"端口 {port} 不可用，请换一个：PORT=9000 make demo。 Port {port} cannot be used; choose another."
            ) from error


def print_welcome(instance: Path, addresses: list[str], *, port: int, lan: bool) -> None:
    """Say where the platform is and who may sign in to the demonstration."""
    scheme = "https" if lan else "http"
    for address in addresses:
        click.secho(f"\n  {scheme}://{address}:{port}", bold=True, fg="cyan")
    if lan:
        click.echo("  证书由本机签发，浏览器会询问一次是否信任。")
        click.echo("  The certificate is this machine's own: the browser asks once whether to trust it.")
    sign_ins = instance / SIGN_INS
    if sign_ins.exists():
        printed = sign_ins.read_text(encoding="utf-8")
        click.echo("\n" + printed.replace(HOME, f"{scheme}://{addresses[0]}:{port}"))
    click.echo("  按 Ctrl+C 停止。 Stop with Ctrl+C.\n")


def own_addresses() -> list[str]:
    """Return this machine's addresses on the local network, the loopback last."""
    found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: nothing is sent
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return [*sorted(str(address) for address in found if not str(address).startswith("127.")), "127.0.0.1"]


def make_certificate(folder: Path, addresses: list[str]) -> tuple[Path, Path]:
    """Write a certificate for ``addresses`` and its key into ``folder``; return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate_path, key_path = folder / "lan-certificate.pem", folder / "lan-key.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "supervision platform")])
    names = [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    start = clock.now() - dt.timedelta(hours=1)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.touch(mode=0o600, exist_ok=True)
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_path, key_path


class Stopping:
    """Remembers that a person or the system asked to end; asked twice, it means at once."""

    def __init__(self) -> None:
        self.times = 0
        # closing the terminal ends the server too, instead of leaving it alone behind
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self)

    def __call__(self, number: int, frame: object) -> None:  # noqa: ARG002 - a signal handler's signature
        self.times += 1


def run_together(server: list[str], worker: list[str], environment: dict[str, str]) -> None:
    """Run server and worker until the server ends or somebody interrupts; a dead worker is started again meanwhile."""
    stopping = Stopping()
    environment = {**environment, KEEPER: str(os.getpid())}
    serving = subprocess.Popen(server, env=environment, cwd=PROJECT)  # noqa: S603 - our own command
    kept = KeptWorker(worker, environment)
    while not stopping.times and serving.poll() is None:
        time.sleep(LOOK_EVERY)
        kept.look()
    asked = bool(stopping.times)
    end_both(serving, kept.process, stopping)
    raise SystemExit(0 if asked else serving.returncode)


def end_both(server: subprocess.Popen[bytes], worker: subprocess.Popen[bytes], stopping: Stopping) -> None:
    """Ask both to end and wait for them.

    The server lets open requests finish, the worker its job in hand. A worker that takes too long, or a second
    interrupt, ends by force: its job is taken up again by the next worker.
    """
    asked, limit = stopping.times, time.monotonic() + GRACE_SECONDS
    for child in (server, worker):
        if child.poll() is None:
            child.terminate()
    while worker.poll() is None:
        if stopping.times > asked or time.monotonic() > limit:
            worker.kill()
        time.sleep(LOOK_EVERY)
    server.wait()
