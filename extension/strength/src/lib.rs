//! Rates a master password. A module of its own, because the word lists of `zxcvbn` and what it searches
//! with are a quarter of all code of the screens, and whoever opens MySafe to copy a secret would wait for
//! them.

use mysafe::crypto::strength;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// The rating of a password, as [`mysafe::crypto::Strength::read`] reads it; `known` is what a guesser would
/// try first.
#[wasm_bindgen]
pub fn rate(password: String, known: Vec<String>) -> Vec<u8> {
    let password = Zeroizing::new(password);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    strength(&password, &known).to_bytes()
}
