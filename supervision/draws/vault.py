"""The operator's own secret, kept until it is revealed last: encrypted with a key that the database does not hold."""

import base64
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from supervision.errors import RuleBroken
from supervision.labels import N_

_PURPOSE = b"double-random-draw: the operator's contributions"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs draws: the authority's region code, first part of every number, and the key of the vault."""

    region: str
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, region: str, secret_key: str) -> "Operator":
        """Make the operator of an installation; the vault's key is derived from the application's secret key."""
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
        return cls(region=region, key=key)

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
                    "The system's own contribution cannot be read: the application's secret key is not the one of the "
                    "freeze. Restore the key file; nothing has been drawn."
                ),
            ) from error
