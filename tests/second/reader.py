"""The cryptography of MySafe once more, read from docs/protocol.md, and without a library of the product.

Back ends: pycryptodome (its own C) for AES-256-GCM; PyNaCl (libsodium, C) for Ed25519 and X25519; kyber-py (Python)
for ML-KEM-768; argon2-cffi (the reference C code); hashlib and hmac of Python (OpenSSL or its own C) for the hashes.
None of them is written in Rust. Not for secrets: kyber-py takes no care of timing.
"""

import hashlib
import hmac
import pathlib
import unicodedata

import nacl.bindings as sodium
import nacl.exceptions
from argon2.low_level import Type, hash_secret_raw
from Crypto.Cipher import AES
from kyber_py.ml_kem import ML_KEM_768

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBERS = {"epoch", "revision", "version", "kind", "group epoch or 0"}
GAP = 1 << 20


class Refused(Exception):
    """The code under which a value is refused."""


def need(holds, code="forged"):
    if not holds:
        raise Refused(code)


def sha256(data):
    return hashlib.sha256(data).digest()


# Contexts, from the table of the document.


def rows():
    """Returns the fields of each purpose."""
    lines = (ROOT / "docs/protocol.md").read_text().splitlines()
    cells = ([cell.strip() for cell in line.split("|")] for line in lines)
    table = [row for row in cells if len(row) == 7 and row[2].startswith("`")]
    return {row[2].strip("`"): [field for field in row[3].split(", ") if field] for row in table}


ROWS = rows()


def context(purpose, values):
    """Returns Context(purpose, fields), each field taken by its name."""
    parts = ["mysafe/1/" + purpose]
    for field in ROWS[purpose]:
        parts.append(int(values[field]).to_bytes(8, "big") if field in NUMBERS else values[field])
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


# Keys, seals and envelopes.


def extract(salt, key):
    return hmac.digest(salt or bytes(32), key, "sha256")


def expand(prk, info, length):
    out, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + info + bytes([number]), "sha256")
        out += block
    return out[:length]


def derive(key, place, length=32):
    return expand(extract(b"", key), place, length)


def gcm(key, nonce, aad):
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    cipher.update(aad)
    return cipher


def gcm_open(key, nonce, aad, sealed):
    try:
        return gcm(key, nonce, aad).decrypt_and_verify(sealed[:-16], sealed[-16:])
    except ValueError:
        raise Refused("unreadable") from None


def message(key, salt, place):
    okm = expand(extract(salt, key), place, 44)
    return okm[:32], okm[32:], b"\x01" + place


def padded(plaintext, least):
    length = max(least, 1 << len(plaintext).bit_length())
    return (plaintext + b"\x80").ljust(length, b"\0") if least else plaintext


def open_seal(key, place, blob, least=0):
    need(len(blob) >= 33 and blob[0] == 1, "unreadable")
    opened = gcm_open(*message(key, blob[1:17], place), blob[17:])
    plaintext = opened.rstrip(b"\0")[:-1] if least else opened
    need(padded(plaintext, least) == opened, "unreadable")
    return plaintext


def argon2id(password, salt):
    password = unicodedata.normalize("NFC", password).encode()
    return hash_secret_raw(password, salt, 3, 65536, 4, 32, Type.ID, 0x13)


def xwing_pair(seed):
    """Returns ML-KEM's private key, X25519's, and X-Wing's public key of a seed."""
    expanded = hashlib.shake_256(seed).digest(96)
    public, private = ML_KEM_768.key_derive(expanded[:64])
    return private, expanded[64:], public + sodium.crypto_scalarmult_base(expanded[64:])


def xwing_secret(lattice, curve, ct, pk):
    return hashlib.sha3_256(lattice + curve + ct + pk + b"\\.//^\\").digest()


def xwing_receive(seed, enc):
    private, curve, public = xwing_pair(seed)
    try:
        shared = sodium.crypto_scalarmult(curve, enc[1088:])
    except nacl.exceptions.CryptoError:  # libsodium refuses points of small order, which X-Wing takes.
        shared = bytes(32)
    return xwing_secret(ML_KEM_768.decaps(private, enc[:1088]), shared, enc[1088:], public[1184:])


def hpke(secret, info):
    """Returns key and nonce of RFC 9180 section 5.1, base mode, for the first message."""
    suite = b"HPKE" + bytes.fromhex("647a00010002")

    def labeled(salt, label, ikm):
        return extract(salt, b"HPKE-v1" + suite + label + ikm)

    schedule = b"\0" + labeled(b"", b"psk_id_hash", b"") + labeled(b"", b"info_hash", info)
    prk = labeled(secret, b"secret", b"")

    def out(label, length):
        return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + schedule, length)

    return out(b"key", 32), out(b"base_nonce", 12)


def disclose(seed, place, blob):
    need(len(blob) == 1169 and blob[0] == 1, "unreadable")
    return gcm_open(*hpke(xwing_receive(seed, blob[1:1121]), place), b"", blob[1121:])


# CBOR, one encoding for each value. A map is a dictionary, which keeps the order that was read.


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in (0, 1, 2, 3) if number < 1 << (8 << size))
    return bytes([major << 5 | 24 + size]) + number.to_bytes(1 << size, "big")


def encode(value):
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, (bytes, str)):
        data = value.encode() if isinstance(value, str) else value
        return head(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    return head(5, len(value)) + b"".join(encode(key) + encode(of) for key, of in value.items())


def decode(data):
    """Reads one value, and refuses any encoding but the one."""
    value, end = item(data, 0, 1)
    need(end == len(data) and encode(value) == data)
    return value


def item(data, at, level):
    need(at < len(data) and level <= 9)
    major, low, at = data[at] >> 5, data[at] & 31, at + 1
    if major == 7:
        need(low in (20, 21))
        return low == 21, at
    need(low < 28 and major in (0, 2, 3, 4, 5))
    size = 0 if low < 24 else 1 << low - 24
    number = int.from_bytes(data[at : at + size], "big") if size else low
    at += size
    need(number < 1 << 53 and at <= len(data))
    if major == 0:
        return number, at
    if major in (2, 3):
        need(at + number <= len(data))
        part = data[at : at + number]
        try:
            return part if major == 2 else part.decode(), at + number
        except UnicodeDecodeError:
            raise Refused("forged") from None
    need(level <= 8)
    parts = []
    for _ in range(number * (major - 3)):
        part, at = item(data, at, level + 1)
        parts.append(part)
    if major == 4:
        return parts, at
    keys = parts[::2]
    numbers = all(type(key) is int for key in keys) and keys == sorted(set(keys))
    need(numbers or (all(type(key) is str for key in keys) and len(keys) == len(set(keys))))
    return dict(zip(keys, parts[1::2])), at


# Signed bodies.


def verify(purpose, signed, sign_pk):
    """Reads a body that the holder of a key signed. libsodium refuses what Ed25519 verified strictly refuses."""
    try:
        need(len(signed["signature"]) == 64)
        sodium.crypto_sign_open(signed["signature"] + context(purpose, {"body": signed["body"]}), sign_pk)
    except nacl.exceptions.BadSignatureError:
        raise Refused("forged") from None


def fields(body, needed, optional=()):
    """Decodes a map of which every field has its type, a length for bytes; no other field."""
    value = body if isinstance(body, dict) else decode(body)
    need(isinstance(value, dict) and set(needed) <= set(value) <= set(needed) | set(dict(optional)))
    for key, of in value.items():
        kind = {**dict(needed), **dict(optional)}[key]
        need(type(of) is bytes and len(of) == kind if isinstance(kind, int) else type(of) is kind)
    return value


def bundle(signed):
    """Returns address, keys and user id of a signed bundle."""
    body = fields(signed["body"], {1: str, 2: 32, 3: 1216})
    local, at, domain = body[1].partition("@")
    need(local and domain and "@" not in domain and len(body[1]) <= 254)
    need(all("!" <= letter <= "~" and letter == letter.lower() for letter in body[1]))
    verify("sign/bundle", signed, body[2])
    values = {"address": body[1], "sign_pk": body[2], "kem_pk": body[3]}
    return {**values, "user": sha256(context("user", values))}


def access_list(signed):
    body = fields(signed["body"], {1: 16, 2: int, 3: 32, 4: 32, 5: list})
    need(body[2] >= 2 and len(body[5]) <= 200)
    for grant in body[5]:
        group = {5: int} if isinstance(grant, dict) and grant.get(1) == 1 else {}
        fields(grant, {1: int, 2: 32, 3: int, **group}, {4: int})
        need(grant[1] in (0, 1) and grant[3] in (0, 1) and (grant[1], grant[2]) != (0, body[3]))
    places = [(grant[1], grant[2]) for grant in body[5]]
    need(places == sorted(set(places)))
    return body


def revision(signed):
    body = fields(signed["body"], {1: 16, 2: int, 3: int, 5: 32, 6: int, 7: 32, 8: int}, {4: 32, 9: 32, 10: 32})
    need(body[2] >= 1 and body[3] >= 1 and body[6] <= 2 and (body[2] == 1) == (4 not in body))
    need((9 in body) == (body[3] > 1) and (body[3] > 1 or (body[2] == 1 and 10 not in body)))
    need(10 not in body or body[10] != body[9])
    return body


# Acceptance of an item, in the order of the design.


class Device:
    """Somebody who accepts: their keys, and the bundles that they know by id."""

    def __init__(self, account_key, address, people=()):
        self.account_key = account_key
        self.seed = derive(account_key, context("key/kem", {}))
        sign_seed = derive(account_key, context("key/sign", {}))
        sign_pk = sodium.crypto_sign_seed_keypair(sign_seed)[0]
        keys = {"address": address, "sign_pk": sign_pk, "kem_pk": xwing_pair(self.seed)[2]}
        self.user = sha256(context("user", keys))
        self.people = {self.user: {**keys, "user": self.user}}
        for signed in people:
            person = bundle(signed)
            self.people[person["user"]] = person

    def sign_pk(self, user):
        need(user in self.people, "incomplete")
        return self.people[user]["sign_pk"]

    def body(self, item_id, signed):
        body = revision(signed)
        need(body[1] == item_id)
        verify("sign/revision", signed, self.sign_pk(body[7]))
        return body

    def item_key(self, state, epoch):
        place = {"item": state["item"], "epoch": epoch, "user": self.user, "recipient": self.user}
        if state["owner"] == self.user:
            return open_seal(self.account_key, context("item/key", place), state["key"])
        place.update({"kind": 0, "group epoch or 0": 0})
        return disclose(self.seed, context("item/envelope", place), state["key"])


def may_write(listed, owner, body):
    """Step 4: the owner, or by name somebody who may edit; only the owner deletes."""
    if body[7] != owner:
        grants = listed[5] if listed else []
        need(body[6] != 2)
        if not any((grant[1], grant[2], grant[3]) == (0, body[7], 1) for grant in grants):
            raise Refused("incomplete" if any(grant[1] for grant in grants) else "forged")


def follows(before, after, owner):
    """Step 5: one step along prev or also."""
    same = after[2] == before[2]
    need(0 < after[3] - before[3] and (10 in after or after[3] - before[3] <= GAP))
    need(0 <= after[2] - before[2] <= GAP)
    need((after.get(4) == before.get(4) and before[6] != 2) if same else after[7] == owner)
    need(after[6] != 2 or after[7] == owner)


def leads_back(device, state, held, listed, newest, between):
    """Step 5: from the newest back to the held revision, over the bodies between."""
    owner, tip = state["owner"], sha256(state["revision"]["body"])
    need(newest[3] >= held["revision"], "went_back")
    if newest[3] == held["revision"]:
        return need(tip == held["hash"], "forked")
    direct = held["hash"] in (newest.get(9), newest.get(10))
    bodies = {sha256(signed["body"]): device.body(state["item"], signed) for signed in between}
    need(tip in bodies or (direct and (bodies or 10 not in newest)), "incomplete")
    bodies[tip] = newest
    before = {2: held["epoch"], 3: held["revision"], 6: 2 if held["deleted"] else 0}
    bodies[held["hash"]] = {**before, **({4: held["list"]} if held["list"] else {})}
    ways, seen = [tip], set()
    while ways:
        here = ways.pop()
        if here == held["hash"] or here in seen:
            continue
        seen.add(here)
        for parent in {bodies[here].get(9), bodies[here].get(10)} & set(bodies):
            follows(bodies[parent], bodies[here], owner)
            ways.append(parent)
            direct = direct or parent == held["hash"]
    need(direct, "forked")
    for body in (bodies[here] for here in seen):
        if body[2] == 1 or body.get(4) == newest.get(4):
            may_write(listed if body[2] > 1 else None, owner, body)


def accept(device, state, held=None, between=()):
    """Returns revision, list, overview and details of an item, or refuses it as a whole. The last two are
    None if they do not open under the right key."""
    owner, mine = state["owner"], state["owner"] == device.user
    need(held is None or held["owner"] == owner)
    need(mine or state.get("list"), "incomplete")
    claimed, listed = revision(state["revision"]), None
    if state.get("list"):
        listed, hashed = access_list(state["list"]), sha256(state["list"]["body"])
        verify("sign/list", state["list"], device.sign_pk(owner))
        need(listed[3] == owner and listed[1] == state["item"])
        need(held is None or listed[2] >= held["epoch"], "went_back")
        need(held is None or listed[2] > held["epoch"] or hashed == held["list"], "forked")
        named = mine or any((grant[1], grant[2]) == (0, device.user) for grant in listed[5])
        groups = any(grant[1] for grant in listed[5])
        need(named, "incomplete" if groups else "access_ended" if held else "forged")
    else:
        need(claimed[2] == 1, "incomplete")
        need(held is None or held["epoch"] == 1, "went_back")
    need(claimed[1] == state["item"])
    need((claimed[2], claimed.get(4)) == ((listed[2], hashed) if listed else (1, None)), "incomplete")
    may_write(listed, owner, claimed)
    newest = device.body(state["item"], state["revision"])
    if held:
        leads_back(device, state, held, listed, newest, between)
    try:
        key = device.item_key(state, newest[2])
    except Refused:
        raise Refused("incomplete") from None
    place = {"item": state["item"], "epoch": newest[2], "revision": newest[3]}
    need(not listed or derive(key, context("item/commit", place)) == listed[4], "incomplete")
    need(sha256(context("item/content", state)) == newest[5])
    if newest[6] == 2:
        need(not state["overview"] and not state["details"])
        return newest, listed, {}, {}
    try:
        overview = decode(open_seal(key, context("item/overview", place), state["overview"], 256))
        details = decode(open_seal(key, context("item/details", place), state["details"], 128))
        need(newest[7] == owner or overview.get(10, [None])[0] == newest[7])
    except Refused as refused:
        need(listed or str(refused) != "unreadable", "incomplete")
        return newest, listed, None, None
    return newest, listed, overview, details
