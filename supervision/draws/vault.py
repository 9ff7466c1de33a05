"""Secrets at rest: the operator's own, revealed last, and those the parties handed over.

They are encrypted with keys that the database does not hold, so that who reads the database reads no secret.
"""

import base64
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from supervision.audit.queries import chain_key
from supervision.errors import RuleBroken
from supervision.labels import N_

_PURPOSE = b"double-random-draw: the operator's contributions"
_PARTIES = b"double-random-draw: the parties' contributions"
_NONCE_BYTES = 12


def _derived(secret_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key)


@dataclass(frozen=True, slots=True)
class Vault:
    """What locks secrets up; each opens only for the draw, or the party of a draw, it was locked for."""

    key: bytes = field(repr=False)

    def lock_up(self, secret: str, *, draw: str) -> str:
        """Encrypt a secret so that it opens only for the draw with this number."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        locked = AESGCM(self.key).encrypt(nonce, secret.encode(), draw.encode())
        return base64.b64encode(nonce + locked).decode()

    def take_out(self, locked: str, *, draw: str) -> str:
        """Decrypt the secret of the draw with this number."""
        data = base64.b64decode(locked)
        try:
            return AESGCM(self.key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], draw.encode()).decode()
        except InvalidTag as error:
            raise RuleBroken(
                "vault-key",
                N_(
                    "A sealed contribution cannot be read: the application's secret key is not the one it was locked "
                    "with. Restore the key file; nothing has been drawn."
                ),
            ) from error


@dataclass(frozen=True, slots=True)
class Operator(Vault):
    """Who runs draws: the authority's region code, first part of every number, and the key of the vault."""

    region: str

    @classmethod
    def of(cls, region: str, secret_key: str) -> "Operator":
        """Make the operator of an installation; the vault's key is derived from the application's secret key."""
        return cls(region=region, key=_derived(secret_key.encode(), _PURPOSE))


def parties_vault(session: Session) -> Vault:
    """Return what locks up the parties' secrets: its key comes from the one that travels with the engine."""
    return Vault(_derived(chain_key(session), _PARTIES))


def place_of(number: str, by: str) -> str:
    """Name the place of one party's secret, so that no locked secret can be put in another's place."""
    return f"{number}:{by}"
