"""Tries the second reader on every frozen vector and on the recorded account. Prints what held, and ends with an
error at the first that does not."""

import base64
import json
import sys
import unicodedata

import opaque
import reader
from reader import Device, Refused, accept, context, decode, derive, disclose, open_seal, sha256, verify
from writer import diagnostic, enclose, seal

VECTORS = reader.ROOT / "tests/vectors"
LEAST = {"account": 256, "item/overview": 256, "item/details": 128}
TEXT = {"address", "identifier", "name"}
HEX = set("0123456789abcdef")
held = {"vectors": 0, "cases": 0, "opened": 0, "tampered": 0}


def load(path):
    return json.loads(path.read_text())


def hexed(vector, name):
    return bytes.fromhex(vector[name])


def values(vector):
    """Returns what of a vector can be a field of a context."""
    known = {field for fields in reader.ROWS.values() for field in fields}
    of = {name: text for name, text in vector.items() if name in known and (name in TEXT or set(text) <= HEX)}
    return {name: text if name in TEXT | reader.NUMBERS else bytes.fromhex(text) for name, text in of.items()}


def refused(act, *arguments):
    """Returns the code under which an act refuses, or none."""
    try:
        act(*arguments)
    except Refused as code:
        return str(code)
    return None


def tamper(data, act, step=1):
    """Flips a bit of each byte, or of one in `step`; cuts and extends. Everything has to be refused."""
    for at in range(0, len(data), step):
        bent = bytearray(data)
        bent[at] ^= 1 << at % 8
        assert refused(act, bytes(bent)), f"byte {at} of {len(data)} may be another"
    for other in (data[:-1], data + b"\0", b""):
        assert refused(act, other), "another length is taken"
    held["tampered"] += len(range(0, len(data), step)) + 3


def check_derive(vector):
    purpose, place = vector["purpose"], values(vector)
    if purpose == "item/identifier":
        for typed in vector.keys() - {"shows", "purpose", "account_key"}:
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).lower())
            tag = derive(hexed(vector, "account_key"), context(purpose, {"identifier": folded}), 16)
            assert tag == hexed(vector, typed), typed
        return
    if purpose == "safety-number":
        both = b"".join(sorted((hexed(vector, "one"), hexed(vector, "other"))))
        digits = derive(both, context(purpose, {}), 60)
        groups = (int.from_bytes(digits[at : at + 5], "big") % 100_000 for at in range(0, 60, 5))
        assert " ".join(f"{group:05}" for group in groups) == vector["shown"]
        return
    key = next(hexed(vector, name) for name in ("account_key", "item_key", "bits") if name in vector)
    made = derive(key, context(purpose, place))
    assert made == hexed(vector, {"item/commit": "commit", "recovery/verifier": "verifier"}.get(purpose, "seed"))
    if purpose == "key/sign":
        assert reader.sodium.crypto_sign_seed_keypair(made)[0] == hexed(vector, "sign_pk")
    if purpose == "key/kem":
        assert reader.xwing_pair(made)[2] == hexed(vector, "kem_pk")
    if purpose == "recovery/verifier":
        assert sha256(made) == hexed(vector, "verifier_hash")
        number, symbols = int.from_bytes(key, "big"), "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"
        shown = "".join(symbols[number >> 5 * at & 31] for at in reversed(range(32))) + symbols[number % 37]
        assert shown == vector["shown"].replace("-", "")


def check_hash(vector):
    made = sha256(context(vector["purpose"], values(vector)))
    if vector["purpose"] == "item/id":
        assert hexed(vector, "random") + made[:10] == hexed(vector, "id")
        return
    assert made == hexed(vector, "user" if vector["purpose"] == "user" else "content")
    if "content of a deletion" in vector:
        nothing = context(vector["purpose"], {"overview": b"", "details": b""})
        assert sha256(nothing) == hexed(vector, "content of a deletion")


def check_seal(vector):
    if "purpose" not in vector:
        return check_padding(vector)
    purpose, place = vector["purpose"], context(vector["purpose"], values(vector))
    if purpose == "item/envelope":
        seed = derive(hexed(vector, "account_key of the recipient"), context("key/kem", {}))
        blob, random = hexed(vector, "blob"), hexed(vector, "randomness")
        assert disclose(seed, place, blob) == hexed(vector, "item_key")
        assert enclose(hexed(vector, "kem_pk"), place, hexed(vector, "item_key"), random) == blob
        return tamper(blob, lambda bent: disclose(seed, place, bent), 37)
    wrapping = {"wrap/password": "export_key", "wrap/recovery": "code", "wrap/device": "argon2id"}
    name = wrapping.get(purpose) or ("item_key" if purpose in LEAST and purpose != "account" else "account_key")
    key, least = hexed(vector, name), LEAST.get(purpose, 0)
    plaintext = hexed(vector, "account_key" if purpose in wrapping else "plaintext")
    blob, salt = hexed(vector, "blob"), hexed(vector, "randomness")
    assert open_seal(key, place, blob, least) == plaintext
    assert seal(key, place, plaintext, least, salt) == blob
    if name == "argon2id":
        password = unicodedata.normalize("NFD", vector["password"])
        assert reader.argon2id(password, hexed(vector, "salt")) == key
    tamper(blob, lambda bent: open_seal(key, place, bent, least))
    for other in reader.ROWS.keys() - {purpose}:
        if set(reader.ROWS[other]) <= values(vector).keys():
            assert refused(open_seal, key, context(other, values(vector)), blob, least)


def check_padding(vector):
    for name, digest in vector.items():
        kind, _, length = name.removesuffix(" bytes").rpartition(" of ")
        if not length.isdigit():
            continue
        details = kind == "details"
        plaintext = bytearray(b"\x70" * int(length))
        if details and len(plaintext) > 1:
            plaintext[-2:] = b"\x80\0"
        place = context("item/details" if details else "account", values(vector))
        key = hexed(vector, "item_key" if details else "account_key")
        blob = seal(key, place, bytes(plaintext), 128 if details else 256, hexed(vector, "randomness"))
        assert digest == f"{len(blob)} bytes, SHA-256 {sha256(blob).hex()}", name


def check_sign(vector):
    signed = {name: hexed(vector, name) for name in ("body", "signature")}
    read = {"sign/bundle": reader.bundle, "sign/list": reader.access_list, "sign/revision": reader.revision}
    body = read[vector["purpose"]](signed)
    device = Device(hexed(vector, "account_key"), vector["address"])
    sign_pk = device.sign_pk(device.user)
    verify(vector["purpose"], signed, sign_pk)
    if vector["purpose"] == "sign/revision":
        names = ["item", "epoch", "revision", "list", "content", "status", "author", "time", "prev", "also"]
        for number, name in enumerate(names, 1):
            of = body.get(number, b"")
            assert (of.hex() if isinstance(of, bytes) else str(of)) == vector.get(name, "")
    assert vector.get("hash", sha256(signed["body"]).hex()) == sha256(signed["body"]).hex()
    assert vector.get("body says") in (None, diagnostic(decode(signed["body"])))
    for name in signed:
        tamper(signed[name], lambda bent: verify(vector["purpose"], {**signed, name: bent}, sign_pk))
    for other in read.keys() - {vector["purpose"]}:
        assert refused(verify, other, signed, sign_pk) == "forged"


def check_plaintext(vector):
    for name, says in vector.items():
        if name.endswith(" says"):
            assert diagnostic(decode(hexed(vector, name.removesuffix(" says")))) == says, name


def check_device(vector):
    check_plaintext(vector)
    record = decode(hexed(vector, "as made at sign-in"))
    key = reader.argon2id(vector["password"], record[5])
    assert open_seal(key, context("wrap/device", {"user": record[1]}), record[6]) == hexed(vector, "account_key")
    assert record[5] + record[6][1:17] == hexed(vector, "randomness")


def check_opaque(vector):
    """The client's messages of the given randomness, and the server's evaluation of the blinded password."""
    client = opaque.Client(vector["password"], hexed(vector, "randomness of the client"))
    seed, upload = hexed(vector, "server setup")[:64], hexed(vector, "RegistrationUpload")
    answer = hexed(vector, "KE2" if "KE2" in vector else "RegistrationResponse")
    assert opaque.evaluated(seed, vector["address"], client.blinded) == answer[:32]
    if "KE2" not in vector:
        assert client.blinded == hexed(vector, "RegistrationRequest")
        assert client.register(answer) == (upload, hexed(vector, "export_key"))
        return
    assert client.start() == hexed(vector, "KE1")
    context_of = hexed(vector, "context")
    last, session, _ = client.finish(answer, context_of)
    assert (last, session) == (hexed(vector, "KE3"), hexed(vector, "session_key"))
    # A byte of each part: evaluation, nonce, masked key and envelope, the server's nonce, share and proof.
    for at in (3, 40, 70, 150, 200, 230, 300):
        bent = bytes(byte ^ (at == here) for here, byte in enumerate(answer))
        assert refused(client.finish, bent, context_of) == "unreadable", at
        held["tampered"] += 1
    assert refused(client.finish, answer, b"mysafe/2/opaque") == "unreadable"


def unwired(value, inside=""):
    """Returns a value from JSON as CBOR has it: base64url becomes bytes."""
    if isinstance(value, dict):
        return {name: unwired(of, name) for name, of in value.items()}
    if isinstance(value, list):
        return [unwired(of, inside) for of in value]
    return base64.urlsafe_b64decode(value + "==") if isinstance(value, str) else value


def named(value):
    """Returns a value of CBOR with signed bodies as maps, as JSON has them."""
    if isinstance(value, list):
        pair = len(value) == 2 and all(isinstance(part, bytes) for part in value)
        return dict(zip(("body", "signature"), value)) if pair else [named(of) for of in value]
    return {name: named(of) for name, of in value.items()} if isinstance(value, dict) else value


def check_wire(vector):
    said = unwired(json.loads(vector["json"]))
    assert said == named(decode(hexed(vector, "cbor")))
    device = Device(hexed(vector, "account_key"), vector["address"])
    for state in said.get("items", [said] if "owner" in said else []):
        assert refused(accept, device, state) == "forged"
        fitting = {**state, "item": reader.revision(state["revision"])[1], "list": None}
        assert accept(device, fitting)[2][1] == "Ação 🔑"
    if "operation" in said:
        verify("sign/revision", said["revision"], device.sign_pk(device.user))


def holding(state):
    """Returns what a device holds after it accepted a state."""
    body = reader.revision(state["revision"])
    held = {"owner": state["owner"], "epoch": body[2], "revision": body[3], "list": body.get(4)}
    return {**held, "hash": sha256(state["revision"]["body"]), "deleted": body[6] == 2}


def answer(device, case, state, states):
    holds = case["held"] and holding(states[case["held"]])
    between = [states[name]["revision"] for name in case["between"]]
    try:
        body, _, overview, _ = accept(device, state, holds, between)
    except Refused as code:
        return str(code)
    return "deleted" if body[6] == 2 else overview[1] if overview else "unreadable"


def check_accept(vector):
    part = lambda kind: {name.removeprefix(kind): of for name, of in vector.items() if name.startswith(kind)}
    people = [unwired(json.loads(of)) for of in part("bundle of ").values()]
    keys, addresses = part("account_key of "), part("address of ")
    devices = {name: Device(bytes.fromhex(key), addresses[name], people) for name, key in keys.items()}
    states = {name: unwired(json.loads(of)) for name, of in part("state ").items()}
    for name, line in part("case: ").items():
        case = json.loads(line)
        device, state = devices[case["by"]], {**states[case["state"]], "key": hexed(vector, case["key"])}
        said = answer(device, case, state, states)
        assert said == case["answer"], f"{name}: {said}"
        held["cases"] += 1
        if said == "one":
            for field in ("overview", "details", "key"):
                tamper(state[field], lambda bent: accept(device, {**state, field: bent}))
        if name == "a viewer goes on from the revision before":
            parts = [(field, of) for field in ("revision", "list") for of in ("body", "signature")]
            for field, of in parts:
                bend = lambda bent: {**state, field: {**state[field], of: bent}}
                tamper(state[field][of], lambda bent: accept(device, bend(bent), holding(states["two"])), 3)


def check_refuse(vector):
    for name, line in vector.items():
        if not name.startswith("case: "):
            continue
        texts = {"purpose", "code"}
        given = json.loads(line).items()
        case = {field: of if field in texts else bytes.fromhex(of) for field, of in given}
        assert refused(refusal, vector, case) == case["code"], name
        held["cases"] += 1


def refusal(vector, case):
    """Does with a value what a client does that is to refuse it."""
    purpose = case.get("purpose", vector["purpose"])
    if purpose == "item/envelope":
        seed = derive(hexed(vector, "account_key of the recipient"), context("key/kem", {}))
        return disclose(seed, context(purpose, values(vector)), case["blob"])
    if "blob" in case:
        place = context(purpose, values(vector))
        return open_seal(hexed(vector, "item_key"), place, case["blob"], LEAST[purpose])
    read = {"sign/bundle": reader.bundle, "sign/list": reader.access_list, "sign/revision": reader.revision}
    read[purpose](case)
    return verify(purpose, case, case.get("sign_pk") or hexed(vector, "sign_pk"))


def check_account(recorded):
    """Everything that a server sends to two people, and everything that their devices keep."""
    people = [unwired(recorded[name]["bundle"]) for name in ("ana", "bea")]
    for one in (recorded["ana"], recorded["bea"]):
        device = Device(hexed(one, "account_key"), one["address"], people)
        changes, stores = unwired(one["changes"]), {place: bytes.fromhex(of) for place, of in one["stores"].items()}
        record = decode(stores.pop("device account"))
        key = reader.argon2id(one["password"], record[5])
        wrapped = context("wrap/device", {"user": device.user})
        assert open_seal(key, wrapped, record[6]) == device.account_key and record[1] == device.user
        assert named(decode(stores.pop("device record"))) == changes["account"]
        check_stores(device, stores, changes)
        for state in changes["items"]:
            name = base64.urlsafe_b64encode(state["item"]).decode().rstrip("=")
            answers = [unwired(one[answer][name]) for answer in ("revisions", "history")]
            check_item(device, state, one["opened"][name], *answers)


def check_stores(device, stores, changes):
    items = {state["item"]: state for state in changes["items"]}
    for place, blob in stores.items():
        store, name = place.split(" ", 1)
        if store == "items":
            state = named(decode(blob))
            assert state == items[state["item"]]
            continue
        where = context("device/" + store.removesuffix("s"), {"user": device.user, "name": name})
        opened_all(device.account_key, where, blob)
    account = changes["account"]
    where = context("account", {"user": device.user, "version": account["version"]})
    decode(opened_all(device.account_key, where, account["blob"], 256))
    for use in changes["uses"]:
        where = context("use", {"user": device.user, "item": use["item"]})
        assert set(decode(opened_all(device.account_key, where, use["blob"]))) == {1, 2}


def opened_all(key, place, blob, least=0):
    """Opens a blob, and refuses it with any byte of a sample changed."""
    tamper(blob, lambda bent: open_seal(key, place, bent, least), 8)
    held["opened"] += 1
    return open_seal(key, place, blob, least)


def check_item(device, state, opened, revisions, history):
    bodies = revisions["revisions"]
    first = holding({"owner": state["owner"], "revision": bodies[0]})
    for holds, between in ((None, []), (first, bodies[1:]), (holding(state), [])):
        newest, _, overview, details = accept(device, state, holds, between)
        assert [overview.get(1), details.get(1)] == (opened or [None, None])
    if len(bodies) > 2:
        assert refused(accept, device, state, first, []) == "incomplete"
        assert refused(accept, device, state, first, bodies[2:]) == "forked"
    parts = ["overview", "details"] if opened else []
    for field in parts + ["key"]:
        step = 97 if len(state[field]) == 1169 else 4
        tamper(state[field], lambda bent: accept(device, {**state, field: bent}), step)
    for field in ["revision"] + (["list"] if state.get("list") else []):
        for of in ("body", "signature"):
            bend = lambda bent: {**state, field: {**state[field], of: bent}}
            tamper(state[field][of], lambda bent: accept(device, bend(bent)), 5)
    keys = {epoch["epoch"]: epoch["key"] for epoch in history.get("keys", [])} | {newest[2]: state["key"]}
    for signed in revisions.get("lists", []):
        verify("sign/list", signed, device.sign_pk(state["owner"]))
        assert reader.access_list(signed)[1] == state["item"]
    for version in history["versions"]:
        body = device.body(state["item"], version["revision"])
        assert sha256(context("item/content", version)) == body[5]
        if body[6] == 2 or body[2] not in keys:
            continue
        place = {"item": state["item"], "epoch": body[2], "revision": body[3]}
        key = device.item_key({**state, "key": keys[body[2]]}, body[2])
        for part, least in (("overview", 256), ("details", 128)):
            decode(opened_all(key, context("item/" + part, place), version[part], least))


CHECKS = {"derive": check_derive, "hash": check_hash, "seal": check_seal, "sign": check_sign, "wire": check_wire}
CHECKS |= {"opaque": check_opaque, "plaintext": check_plaintext, "device": check_device}
CHECKS |= {"accept": check_accept, "refuse": check_refuse}


def main():
    for path in sorted(VECTORS.glob("*.json")):
        try:
            CHECKS[path.stem.split("-")[0]](load(path))
        except (AssertionError, Refused, KeyError) as error:
            sys.exit(f"{path.name}: {type(error).__name__} {error}")
        held["vectors"] += 1
    try:
        check_account(load(VECTORS / "recorded/account.json"))
    except (AssertionError, Refused, KeyError) as error:
        raise SystemExit("the recorded account is read otherwise") from error
    print(json.dumps(held))


if __name__ == "__main__":
    main()
