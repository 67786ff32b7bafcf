//! Vectors of suite 1, the same natively and in WebAssembly: our own, frozen, one for every
//! composition for one person, and public ones (RFCs, drafts, Wycheproof) for the libraries that
//! the compositions stand on.
//!
//! Vectors are added, never regenerated. To add one: write its composition, make an empty file
//! for it in `tests/vectors`, and run the ignored test `missing_vectors_are_made`. It also writes a
//! value that an older file lacks, before the values that stay. Each file stands alone: keys, inputs
//! and randomness are in it, and a reader in another language opens all of them (`tests/second`).

mod acceptance;
mod accounts;
mod before;
mod counting;
mod frozen;
pub mod independent;
mod items;
mod notation;
mod on_device;
mod opaque;
mod padding;
mod people;
mod public;
mod refusals;
mod sheet;
mod wire;

pub use frozen::make_missing;

/// Runs all of them: how many held, or the first that did not.
pub fn run() -> Result<u32, String> {
    Ok(frozen::run()? + before::run()? + public::run()?)
}

/// For Node: how many held; throws the first that did not.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn run_vectors() -> Result<u32, wasm_bindgen::JsError> {
    run().map_err(|error| wasm_bindgen::JsError::new(&error))
}

/// `Err` with what is wrong unless a condition holds.
fn ensure(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}
