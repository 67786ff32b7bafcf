"""Makes the known answers of HPKE for the product's suite. They were made once and are frozen; this file says how."""

import hashlib
import json
import pathlib
import sys

from reader import enclose, gcm, hpke, xwing_pair, xwing_send


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
    shows = "HPKE, base mode, first message: X-Wing 0x647a, HKDF-SHA-256 0x0001, AES-256-GCM 0x0002. Made by tests/second."
    content = json.dumps({"shows": shows, "vectors": list(answers())}, indent=1)
    pathlib.Path(sys.argv[1]).write_text(content + "\n")
