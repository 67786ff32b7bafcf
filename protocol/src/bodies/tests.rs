//! Signed bodies: every byte counts, each has one encoding, and a signature is for one purpose.

use ed25519_dalek::{Signer, SigningKey};

use super::*;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn sign_pk() -> [u8; 32] {
    key().verifying_key().to_bytes()
}

fn signed(body: Vec<u8>, context: fn(&[u8]) -> Context) -> Signed {
    let signature = key().sign(context(&body).as_bytes()).to_bytes().to_vec();
    Signed { body: Bytes(body), signature: Bytes(signature) }
}

fn bundle() -> Bundle {
    Bundle { address: "ana@example.com".into(), sign_pk: sign_pk(), kem_pk: [9; KEM_PK] }
}

fn revision() -> Revision {
    Revision {
        item: ItemId([1; 16]),
        epoch: 2,
        revision: 300,
        list: Some(Hash([2; 32])),
        content: Hash([3; 32]),
        status: Status::Inactive,
        author: UserId([4; 32]),
        time: 1_700_000_000_000,
        prev: Some(Hash([5; 32])),
        also: Some(Hash([6; 32])),
    }
}

#[test]
fn a_bundle_has_an_address_of_lower_case_ascii() {
    let accept = |address: &str| {
        let bundle = Bundle { address: address.into(), ..bundle() };
        Bundle::accept(&signed(bundle.encode(), Context::sign_bundle)).map(|bundle| bundle.address)
    };
    for address in ["ana@example.com", "a@b", "ana+x@xn--bcher-kva.example"] {
        assert_eq!(accept(address), Ok(address.into()));
    }
    let long = format!("{}@example.com", "a".repeat(limits::ADDRESS));
    for address in [
        "Ana@example.com",
        "ana@Example.com",
        "\u{430}na@example.com",
        "ana\u{200b}@example.com",
        "ana@b\u{fc}cher.example",
        "ana @example.com",
        "ana@example.com\n",
        "ana@example.com@evil.example",
        "ana",
        "@example.com",
        "ana@",
        "",
        &long,
    ] {
        assert_eq!(accept(address), Err(NotAccepted::Malformed), "{address:?}");
    }
}

#[test]
fn the_first_revision_names_none_before_it_and_every_later_one_does() {
    let prev = Some(Hash([5; 32]));
    let read = |number, epoch, prev| {
        let list = (epoch > 1).then_some(Hash([2; 32]));
        let made = Revision { revision: number, epoch, list, prev, also: None, ..revision() };
        Revision::accept(&signed(made.encode(), Context::sign_revision), &sign_pk()).is_ok()
    };
    assert!(read(1, 1, None) && read(2, 1, prev) && read(2, 2, prev) && read(900, 1, prev));
    assert!(!read(1, 1, prev), "the first follows another");
    assert!(!read(2, 1, None) && !read(900, 1, None), "a later one follows none");
    assert!(!read(1, 2, prev) && !read(1, 2, None), "the first is private");
}

type Kind = (&'static str, Signed, fn(&Signed) -> bool);

/// One body of each kind, and its way in.
fn kinds() -> [Kind; 2] {
    [
        ("bundle", signed(bundle().encode(), Context::sign_bundle), |signed| {
            Bundle::accept(signed).is_ok()
        }),
        ("revision", signed(revision().encode(), Context::sign_revision), |signed| {
            Revision::accept(signed, &sign_pk()).is_ok()
        }),
    ]
}

#[test]
fn what_was_signed_is_read_back() {
    let [(_, bundle_signed, _), (_, revision_signed, _)] = kinds();
    assert_eq!(Bundle::accept(&bundle_signed), Ok(bundle()));
    assert_eq!(Revision::accept(&revision_signed, &sign_pk()), Ok(revision()));
    let first =
        Revision { epoch: 1, revision: 1, list: None, prev: None, also: None, ..revision() };
    let first_signed = signed(first.encode(), Context::sign_revision);
    assert_eq!(Revision::accept(&first_signed, &sign_pk()), Ok(first));
}

#[test]
fn each_byte_and_each_length_counts() {
    for (name, honest, accepts) in kinds() {
        assert!(accepts(&honest), "{name}");
        for at in 0..honest.body.len() {
            let mut changed = honest.clone();
            changed.body.0[at] ^= 1 << (at % 8);
            assert!(!accepts(&changed), "{name}: body byte {at}");
            let cut = Signed { body: Bytes(honest.body[..at].to_vec()), ..honest.clone() };
            assert!(!accepts(&cut), "{name}: body cut to {at}");
        }
        for at in 0..64 {
            for bit in 0..8 {
                let mut changed = honest.clone();
                changed.signature.0[at] ^= 1 << bit;
                assert!(!accepts(&changed), "{name}: signature byte {at}, bit {bit}");
            }
            let signature = Bytes(honest.signature[..at].to_vec());
            assert!(!accepts(&Signed { signature, ..honest.clone() }), "{name}: cut to {at}");
        }
        let signature = Bytes([&honest.signature[..], &[0]].concat());
        assert!(!accepts(&Signed { signature, ..honest.clone() }), "{name}: longer signature");
    }
}

#[test]
fn a_signature_is_for_one_purpose_and_one_key() {
    let wrong = signed(bundle().encode(), Context::sign_revision);
    assert_eq!(Bundle::accept(&wrong), Err(NotAccepted::Forged));
    let wrong = signed(revision().encode(), Context::sign_bundle);
    assert_eq!(Revision::accept(&wrong, &sign_pk()), Err(NotAccepted::Forged));
    let bare = key().sign(&revision().encode()).to_bytes().to_vec();
    let bare = Signed { body: Bytes(revision().encode()), signature: Bytes(bare) };
    assert_eq!(Revision::accept(&bare, &sign_pk()), Err(NotAccepted::Forged), "without context");

    let [(_, bundle, _), (_, revision, _)] = kinds();
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    assert_eq!(Revision::accept(&revision, &other), Err(NotAccepted::Forged));
    assert_eq!(Revision::accept(&bundle, &sign_pk()), Err(NotAccepted::Malformed));
    assert_eq!(Bundle::accept(&revision), Err(NotAccepted::Malformed));
}

#[test]
fn a_body_has_one_encoding_even_if_another_is_signed() {
    let contexts: [fn(&[u8]) -> Context; 2] = [Context::sign_bundle, Context::sign_revision];
    for ((name, honest, accepts), context) in kinds().into_iter().zip(contexts) {
        let (first, rest) = (honest.body[0], &honest.body[1..]);
        let count = first & 0x1f;
        let mut unknown = Fields::decode(&honest.body).unwrap();
        unknown.put(11, "later");
        for (why, body) in [
            ("length in two bytes", [&[0xb8, count], rest].concat()),
            ("no length", [&[0xbf], rest, &[0xff]].concat()),
            ("a key in two bytes", [&[first, 24], rest].concat()),
            ("something behind it", [&honest.body[..], &[0]].concat()),
            ("a key twice", [&[first + 1], rest, &[rest[0], 0]].concat()),
            ("a tag", [&[0xd9, 0xd9, 0xf7], &honest.body[..]].concat()),
            ("an unknown key", unknown.encode()),
        ] {
            assert!(!accepts(&signed(body, context)), "{name}: {why}");
        }
        // Each field is needed, but for those that say that something is not there.
        for key in 1..=u64::from(count) {
            let mut fields = Fields::decode(&honest.body).unwrap();
            without(&mut fields, key);
            let accepted = accepts(&signed(fields.encode(), context));
            assert_eq!(accepted, name == "revision" && key == 10, "{name} without {key}");
        }
    }
}

fn without(fields: &mut Fields, key: u64) {
    // Taken as whatever it is; an error takes it out too.
    let _ = fields.take::<bool>(key);
}

#[test]
fn fields_keep_their_kinds_and_bounds() {
    let change = |key: u64, put: &dyn Fn(&mut Fields)| {
        let mut fields = Fields::decode(&revision().encode()).unwrap();
        without(&mut fields, key);
        put(&mut fields);
        Revision::accept(&signed(fields.encode(), Context::sign_revision), &sign_pk())
    };
    for key in [1, 4, 5, 7, 9] {
        for length in [0, 15, 17, 31, 33] {
            let known = change(key, &|fields| fields.put_bytes(key, &vec![1; length]));
            assert_eq!(known, Err(NotAccepted::Malformed), "{length} bytes at {key}");
        }
        let known = change(key, &|fields| fields.put(key, "text"));
        assert_eq!(known, Err(NotAccepted::Malformed), "text at {key}");
    }
    for key in [2, 3, 6, 8] {
        let known = change(key, &|fields| fields.put(key, -1));
        assert_eq!(known, Err(NotAccepted::Malformed), "a negative number at {key}");
        let known = change(key, &|fields| fields.put(key, 1u64 << 53));
        assert_eq!(known, Err(NotAccepted::Malformed), "2^53 at {key}");
    }
    for (key, number) in [(2, 0u64), (2, 1), (3, 0), (6, 3)] {
        let known = change(key, &|fields| fields.put(key, number));
        assert_eq!(known, Err(NotAccepted::Malformed), "{number} at {key}");
    }
    assert_eq!(change(4, &|_| {}), Err(NotAccepted::Malformed), "a later epoch without its list");
}

/// RFC 8032 leaves room that `verify_strict` does not: keys of small order, under which one
/// signature fits many bodies, and numbers written in more than one way.
#[test]
fn signatures_are_verified_strictly() {
    let body = Bytes(revision().encode());
    let accept = |sign_pk: &[u8; 32], signature: [u8; 64]| {
        let signature = Bytes(signature.to_vec());
        Revision::accept(&Signed { body: body.clone(), signature }, sign_pk)
    };
    // The identity as key and as R, S = 0: fits every message under the cofactored equation.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut universal = [0; 64];
    universal[0] = 1;
    assert_eq!(accept(&identity, universal), Err(NotAccepted::Forged));
    for small in small_order_points() {
        for r in small_order_points() {
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&r);
            assert_eq!(accept(&small, signature), Err(NotAccepted::Forged));
        }
    }
    // S + L is the same number, written longer.
    let honest = signed(revision().encode(), Context::sign_revision);
    let mut longer: [u8; 64] = honest.signature[..].try_into().unwrap();
    let mut carry = 0;
    for (byte, order) in longer[32..].iter_mut().zip(GROUP_ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(accept(&sign_pk(), longer), Err(NotAccepted::Forged));
    // Not a point at all.
    let mut none = [0; 32];
    none[0] = 2;
    assert_eq!(accept(&none, honest.signature[..].try_into().unwrap()), Err(NotAccepted::Forged));
}

/// L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032 section 5.1).
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The points whose order divides 8, with the encodings that are not canonical.
fn small_order_points() -> Vec<[u8; 32]> {
    let point = |first: u8, middle: u8, last: u8| {
        let mut bytes = [middle; 32];
        bytes[0] = first;
        bytes[31] = last;
        bytes
    };
    let eight = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ];
    let mut other_sign = eight;
    other_sign[31] |= 0x80;
    vec![
        point(1, 0, 0),
        point(1, 0, 0x80),
        point(0, 0, 0),
        point(0, 0, 0x80),
        point(0xec, 0xff, 0x7f),
        point(0xec, 0xff, 0xff),
        point(0xed, 0xff, 0x7f),
        point(0xed, 0xff, 0xff),
        point(0xee, 0xff, 0x7f),
        point(0xee, 0xff, 0xff),
        eight,
        other_sign,
    ]
}

#[test]
fn a_body_is_read_as_an_array_and_as_it_was_stored_before() {
    let signed = signed(revision().encode(), Context::sign_revision);
    let array = minicbor_serde::to_vec(&signed).unwrap();
    assert_eq!(array[0], 0x82, "an array of two");
    let named = minicbor_serde::to_vec(Named { body: &signed.body, signature: &signed.signature });
    for form in [array, named.unwrap()] {
        assert_eq!(minicbor_serde::from_slice::<Signed>(&form).unwrap(), signed);
    }
    let json = serde_json::to_value(&signed).unwrap();
    assert!(json["signature"].is_string(), "{json}");
    assert_eq!(serde_json::from_value::<Signed>(json).unwrap(), signed);
    for other in [&[0x80][..], &[0x81, 0x40], &[0x83, 0x40, 0x40, 0x40], &[0xa1, 0x61, b'x', 0x40]]
    {
        assert!(minicbor_serde::from_slice::<Signed>(other).is_err(), "{other:?}");
    }
}
