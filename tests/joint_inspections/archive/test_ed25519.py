"""The signature check that travels in a package says what a library says."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from joint_inspections.archive.ed25519 import ORDER, P, verify


@pytest.mark.parametrize("number", range(8))
def test_what_a_library_signs_holds_and_any_other_byte_does_not(number: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    public, message = key.public_key().public_bytes_raw(), b"checkpoint\n" * number
    signature = key.sign(message)
    assert verify(public, signature, message)
    assert not verify(public, signature, message + b"x")
    for place in (0, 31, 32, 63):
        changed = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        assert not verify(public, changed, message)
    other = bytes([public[0] ^ 1]) + public[1:]
    assert not verify(other, signature, message)


def test_the_vector_of_the_standard_holds() -> None:
    # RFC 8032, section 7.1, test 2
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify(public, signature, b"\x72")


def test_a_second_spelling_of_a_signature_and_points_off_the_curve_are_refused() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"m")
    larger = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(public, signature[:32] + larger.to_bytes(32, "little"), b"m")
    assert not verify(public, signature[:-1], b"m")
    assert not verify(public[:-1], signature, b"m")
    assert not verify((P + 1).to_bytes(32, "little"), signature, b"m")
    assert not verify((2).to_bytes(32, "little"), signature, b"m")
