"""The writing half, for the tests of the reader: seals, envelopes, diagnostic notation.

As a program it makes the known answers of HPKE for the product's suite. They were made once and are frozen.
"""

import hashlib
import json
import pathlib
import sys

from kyber_py.ml_kem import ML_KEM_768
from reader import gcm, hpke, message, padded, sodium, xwing_pair, xwing_secret


def seal(key, place, plaintext, least, salt):
    return b"\x01" + salt + b"".join(gcm(*message(key, salt, place)).encrypt_and_digest(padded(plaintext, least)))


def xwing_send(public, random):
    """Returns shared secret and ciphertext of 64 random bytes."""
    lattice, first = ML_KEM_768._encaps_internal(public[:1184], random[:32])
    second = sodium.crypto_scalarmult_base(random[32:])
    curve = sodium.crypto_scalarmult(random[32:], public[1184:])
    return xwing_secret(lattice, curve, second, public[1184:]), first + second


def enclose(public, place, secret, random):
    shared, enc = xwing_send(public, random)
    return b"\x01" + enc + b"".join(gcm(*hpke(shared, place), b"").encrypt_and_digest(secret))


def diagnostic(value):
    """RFC 8949 section 8."""
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, list):
        return f"[{', '.join(map(diagnostic, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{diagnostic(key)}: {diagnostic(of)}" for key, of in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def answers():
    """Inputs are SHAKE-256 of a number, with lengths at edges of the hash's and the cipher's blocks."""
    for number, (info, aad, pt) in enumerate(
        [(0, 0, 32), (95, 0, 32), (20, 1, 0), (64, 16, 1), (1, 0, 16), (128, 40, 17), (95, 0, 255), (1000, 300, 1000)]
    ):
        stream = hashlib.shake_256(f"MySafe HPKE {number}".encode()).digest(96 + info + aad + pt)
        values = {"skRm": stream[:32], "ierand": stream[32:96], "info": stream[96 : 96 + info]}
        values["aad"] = stream[96 + info : 96 + info + aad]
        values["pt"] = stream[96 + info + aad :]
        values["pkRm"] = xwing_pair(values["skRm"])[2]
        shared, values["enc"] = xwing_send(values["pkRm"], values["ierand"])
        values["shared_secret"] = shared
        values["key"], values["base_nonce"] = hpke(shared, values["info"])
        sealed = gcm(values["key"], values["base_nonce"], values["aad"]).encrypt_and_digest(values["pt"])
        values["ct"] = b"".join(sealed)
        if not aad:
            assert enclose(values["pkRm"], values["info"], values["pt"], values["ierand"])[1121:] == values["ct"]
        yield {name: value.hex() for name, value in values.items()}


if __name__ == "__main__":
    suite = "X-Wing 0x647a, HKDF-SHA-256 0x0001, AES-256-GCM 0x0002"
    shows = f"HPKE, base mode, first message: {suite}. Made by tests/second."
    content = json.dumps({"shows": shows, "vectors": list(answers())}, indent=1)
    pathlib.Path(sys.argv[1]).write_text(content + "\n")
