"""Carrying a message out of the house: by mail, or to a gateway that signs for it.

What is sent names kinds of work and their number, never an enterprise, a person or a visit (T13). A gateway is asked at
the one address that was entered and allowed; nothing is followed.
"""

import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol
from urllib.parse import urlsplit

from supervision import clock
from supervision.notifications.models import Channel
from supervision.notifications.rules import Shape

SECONDS = 10
# for the whole of a telling, however much of it comes in time
DEADLINE = 30.0
TOO_SLOW = "deadline"
ACCEPTED = range(200, 300)
# how far a gateway's clock may be off when it signs a receipt
TOLERANCE = 300


class NotCarried(Exception):
    """The channel did not take the message; ``str()`` says why in a few words without any address."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One telling, worded."""

    reference: str
    to: str
    subject: str
    text: str
    link: str
    counts: Mapping[str, int]


class Carrier(Protocol):
    """Carries a message or raises ``NotCarried``."""

    def carry(self, outgoing: Outgoing) -> None:
        """Hand the message over."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server of the installation; ``security`` is starttls, tls or none."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class MailCarrier:
    """Mail by SMTP."""

    settings: MailSettings

    def carry(self, outgoing: Outgoing) -> None:
        """Send one plain mail; its Message-ID is the reference, so that a second one is recognized."""
        try:
            mail = self._written(outgoing)
        except Exception as error:  # an address can break the library in many ways, and must hold up nobody else
            raise NotCarried("address") from error
        try:
            with self._connected() as server:
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise NotCarried(type(error).__name__) from error

    def _written(self, outgoing: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.settings.sender, outgoing.to, outgoing.subject
        mail["Message-ID"] = f"<{outgoing.reference}@{self.settings.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"{outgoing.text}\n\n{outgoing.link}\n")
        return mail

    def _connected(self) -> smtplib.SMTP:
        chosen, context = self.settings, ssl.create_default_context()
        if chosen.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(chosen.host, chosen.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(chosen.host, chosen.port, timeout=SECONDS)
            if chosen.security == "starttls":
                server.starttls(context=context)
        if chosen.user:
            server.login(chosen.user, chosen.password)
        return server


@dataclass(frozen=True, slots=True)
class GatewayCarrier:
    """A gateway of a government messenger or for text messages."""

    channel: Channel
    key: bytes

    def carry(self, outgoing: Outgoing) -> None:
        """Send one signed request; anything but a plain yes is a refusal."""
        body = json.dumps(_worded(self.channel.shape, outgoing), ensure_ascii=False).encode()
        address = urlsplit(self.channel.url)
        path = address.path + (f"?{address.query}" if address.query else "")
        try:
            connection = _open(address.scheme, address.hostname or "", address.port)
            try:
                headers = {
                    "Content-Type": "application/json; charset=utf-8",
                    "Idempotency-Key": outgoing.reference,
                    "X-Signature": signature(self.key, body, at=int(clock.now().timestamp())),
                }
                connection.request("POST", path or "/", body=body, headers=headers)
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotCarried(type(error).__name__) from error
        if status not in ACCEPTED:
            raise NotCarried(f"HTTP {status}")


def carry_in_time(carrier: Carrier, outgoing: Outgoing, *, seconds: float = DEADLINE) -> None:
    """Carry a message, or give up on the whole of it after so many seconds.

    Reading and connecting have limits of their own, but whoever answers with a byte now and then keeps within each of
    them for ever. What is given up on ends by itself; its reference lets the other side tell the same thing once.
    """
    said: SimpleQueue[Exception | None] = SimpleQueue()

    def work() -> None:
        try:
            carrier.carry(outgoing)
        except Exception as error:  # noqa: BLE001 - handed over to whoever waits
            said.put(error)
        else:
            said.put(None)

    Thread(target=work, name="carrier", daemon=True).start()
    try:
        fault = said.get(timeout=seconds)
    except Empty:
        raise NotCarried(TOO_SLOW) from None
    if fault is not None:
        raise fault


def _open(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _worded(shape: Shape, outgoing: Outgoing) -> dict[str, object]:
    if shape is Shape.ROBOT:
        text = {"content": f"{outgoing.text}\n{outgoing.link}", "mentioned_list": [outgoing.to]}
        return {"msgtype": "text", "text": text}
    return {
        "reference": outgoing.reference,
        "to": outgoing.to,
        "subject": outgoing.subject,
        "text": outgoing.text,
        "link": outgoing.link,
        "counts": dict(outgoing.counts),
    }


def channel_key(secret_key: str, channel: Channel) -> bytes:
    """Derive the key that both sides sign with: nothing secret lies in the database."""
    said = f"notification-channel/{channel.code}/{channel.key_number}"
    return hmac.new(secret_key.encode(), said.encode(), hashlib.sha256).hexdigest().encode()


def signature(key: bytes, body: bytes, *, at: int) -> str:
    """Sign a body together with the second it was sent at: ``t=…,v1=…``."""
    return f"t={at},v1={hmac.new(key, f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def is_signed(key: bytes, body: bytes, header: str, *, now: int) -> bool:
    """Check a signature; one from another time counts no more than a wrong one."""
    at, _, rest = header.removeprefix("t=").partition(",")
    if not (header.isascii() and at.isdigit() and len(at) <= 12) or abs(now - int(at)) > TOLERANCE:
        return False
    return hmac.compare_digest(signature(key, body, at=int(at)), f"t={at},{rest}")
