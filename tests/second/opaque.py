"""OPAQUE (RFC 9807) with ristretto255-SHA512 (RFC 9496, RFC 9497), TripleDH and Argon2id, in Python alone but for
Argon2id: what a client computes, and the server's evaluation. Not for secrets: it takes no care of timing."""

import hashlib
import hmac

from argon2.low_level import Type, hash_secret_raw
from reader import need

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
SUITE = b"OPRFV1-\x00-ristretto255-SHA512"


# The group.


def absolute(x):
    return (P - x % P) if x % P & 1 else x % P


def sqrt_ratio(u, v):
    r = u * v**3 % P * pow(u * v**7 % P, (P - 5) // 8, P) % P
    check, u = v * r * r % P, u % P
    if check in (P - u, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u, P - u), absolute(r)


def decode(data):
    s = int.from_bytes(data, "little")
    u1, u2 = 1 - s * s, 1 + s * s
    v = (-D * u1 * u1 - u2 * u2) % P
    square, inverse = sqrt_ratio(1, v * u2 * u2 % P)
    x = absolute(2 * s * inverse * u2)
    y = u1 * inverse * inverse * u2 * v % P
    need(s < P and not s & 1 and square and not x * y % P & 1 and y % P, "unreadable")
    return x, y, 1, x * y % P


def encode(point):
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    _, inverse = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    zinv = den1 * den2 * t % P
    if t * zinv % P & 1:
        x, y, den2 = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if x * zinv % P & 1:
        y = -y
    return absolute(den2 * (z - y)).to_bytes(32, "little")


def add(one, two):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, two
    a, b, c, d = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2), 2 * t1 * D * t2, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    total = (0, 1, 1, 0)
    for bit in bin(scalar)[2:]:
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return total


def elligator(t):
    r = SQRT_M1 * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    s, c = (s, -1) if square else (-absolute(s * t), r)
    n = c * (r - 1) * (D - 1) ** 2 - v
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


# The oblivious pseudorandom function.


def expand_message(data, dst):
    """RFC 9380 section 5.3.1, SHA-512, 64 bytes."""
    dst += bytes([len(dst)])
    first = hashlib.sha512(bytes(128) + data + b"\0\x40\0" + dst).digest()
    return hashlib.sha512(first + b"\x01" + dst).digest()


def hash_to_group(data):
    wide = expand_message(data, b"HashToGroup-" + SUITE)
    halves = (int.from_bytes(half, "little") % 2**255 for half in (wide[:32], wide[32:]))
    return add(*map(elligator, halves))


def derive_scalar(seed, info):
    data = seed + len(info).to_bytes(2, "big") + info + b"\0"
    return int.from_bytes(expand_message(data, b"DeriveKeyPair" + SUITE), "little") % ORDER


def key_pair(seed):
    private = derive_scalar(seed, b"OPAQUE-DeriveDiffieHellmanKeyPair")
    return private, encode(times(private, BASE))


def expand(key, info, length=64):
    out, block = b"", b""
    for number in range(1, -(-length // 64) + 1):
        block = hmac.digest(key, block + info + bytes([number]), "sha512")
        out += block
    return out[:length]


def framed(data):
    return len(data).to_bytes(2, "big") + data


class Client:
    """One registration or sign-in: the randomness is 64 bytes of the blind, then what follows it."""

    def __init__(self, password, randomness):
        self.password = password.encode()
        self.blind, self.rest = int.from_bytes(randomness[:64], "little") % ORDER, randomness[64:]
        self.blinded = encode(times(self.blind, hash_to_group(self.password)))

    def open(self, evaluated):
        """Returns the randomized password: the function's output, stretched."""
        element = encode(times(pow(self.blind, -1, ORDER), decode(evaluated)))
        output = hashlib.sha512(framed(self.password) + framed(element) + b"Finalize").digest()
        stretched = hash_secret_raw(output, bytes(16), 3, 65536, 4, 64, Type.ID, 0x13)
        return hmac.digest(bytes(64), output + stretched, "sha512")

    def envelope(self, randomized, nonce, server_pk):
        """Returns private key, public key, envelope and export key."""
        private, public = key_pair(expand(randomized, nonce + b"PrivateKey", 32))
        tagged = nonce + server_pk + framed(server_pk) + framed(public)
        tag = hmac.digest(expand(randomized, nonce + b"AuthKey"), tagged, "sha512")
        return private, public, nonce + tag, expand(randomized, nonce + b"ExportKey")

    def register(self, response):
        """Returns upload and export key."""
        randomized = self.open(response[:32])
        _, public, envelope, export = self.envelope(randomized, self.rest[:32], response[32:])
        return public + expand(randomized, b"MaskingKey") + envelope, export

    def start(self):
        """Returns KE1."""
        self.secret, public = key_pair(self.rest[:32])
        self.message = self.blinded + self.rest[32:64] + public
        return self.message

    def finish(self, response, context):
        """Returns KE3, session key and export key."""
        randomized = self.open(response[:32])
        pad = expand(expand(randomized, b"MaskingKey"), response[32:64] + b"CredentialResponsePad", 128)
        opened = bytes(one ^ two for one, two in zip(pad, response[64:192]))
        private, public, envelope, export = self.envelope(randomized, opened[32:64], opened[:32])
        need(envelope == opened[32:], "unreadable")
        identities = framed(public) + self.message + framed(opened[:32])
        preamble = b"OPAQUEv1-" + framed(context) + identities + response[:256]
        keys = ((self.secret, response[224:256]), (self.secret, opened[:32]), (private, response[224:256]))
        shared = b"".join(encode(times(scalar, decode(point))) for scalar, point in keys)

        def secret(key, label, transcript):
            label = b"OPAQUE-" + label
            return expand(key, b"\0\x40" + bytes([len(label)]) + label + bytes([len(transcript)]) + transcript)

        prk, transcript = hmac.digest(bytes(64), shared, "sha512"), hashlib.sha512(preamble).digest()
        handshake = secret(prk, b"HandshakeSecret", transcript)
        mac = hmac.digest(secret(handshake, b"ServerMAC", b""), transcript, "sha512")
        need(mac == response[256:], "unreadable")
        transcript2 = hashlib.sha512(preamble + mac).digest()
        last = hmac.digest(secret(handshake, b"ClientMAC", b""), transcript2, "sha512")
        return last, secret(prk, b"SessionKey", transcript), export


def evaluated(oprf_seed, address, blinded):
    """What a server makes of a blinded password."""
    seed = expand(oprf_seed, address.encode() + b"OprfKey", 32)
    return encode(times(derive_scalar(seed, b"OPAQUE-DeriveKeyPair"), decode(blinded)))
