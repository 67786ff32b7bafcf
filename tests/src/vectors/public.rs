//! Public vectors for the libraries below suite 1, with the features and configurations that
//! MySafe uses.

mod argon2id;
mod ed25519;
mod gcm;
mod hkdf_sha256;
mod hpke_suite;
mod mlkem768;
mod x25519;
mod xwing;

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// How many held.
pub(super) fn run() -> Result<u32, String> {
    Ok(gcm::run()?
        + hkdf_sha256::run()?
        + ed25519::run()?
        + argon2id::run()?
        + x25519::run()?
        + mlkem768::run()?
        + xwing::run()?
        + hpke_suite::run()?
        + super::opaque::default_ksf_is_another()?)
}

/// The bytes of a hexadecimal text.
fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Gives the bytes of a vector where randomness is asked for.
struct Given(Vec<u8>);

impl Given {
    fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// Returns true if and only if every byte was asked for.
    fn used_up(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryRng for Given {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(())
    }
}

impl TryCryptoRng for Given {}
