"""Published digests and signatures: the standards' own examples."""

import pytest

from fangxin.engines.evidence import digest, list_algorithms, verify_signature

ABC_LONG = b"abcd" * 16

# RFC 8032, section 7.1, test 2: secret key 4ccd089b…, message of the one byte 72.
RFC8032_PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
RFC8032_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


@pytest.mark.parametrize(
    ("message", "published"),
    [
        # FIPS 180-4 examples.
        (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_sha256_gives_the_published_digest(message, published):
    assert digest(message) == published


@pytest.mark.skipif("sm3" not in list_algorithms(), reason="this machine's OpenSSL does not offer SM3")
@pytest.mark.parametrize(
    ("message", "published"),
    [
        # GB/T 32905-2016, annex A, examples 1 and 2.
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (ABC_LONG, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_published_digest(message, published):
    assert digest(message, "sm3") == published


def test_ed25519_accepts_the_published_signature_and_no_other_message():
    # SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): twelve fixed bytes, then the key.
    pem = _pem(bytes.fromhex("302a300506032b6570032100" + RFC8032_PUBLIC))
    assert verify_signature(pem, b"\x72", RFC8032_SIGNATURE)
    assert not verify_signature(pem, b"\x73", RFC8032_SIGNATURE)


def _pem(der):
    import base64

    body = base64.b64encode(der).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n".encode()
