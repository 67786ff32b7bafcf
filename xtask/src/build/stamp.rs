//! Skipping a step whose inputs did not change: the hash of all its inputs lies beside its result.

use std::fs;
use std::path::Path;

use anyhow::Result;
use sha2::{Digest, Sha256};

/// The hash of a step's inputs, in the order given.
pub fn of(inputs: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update((input.len() as u64).to_be_bytes());
        hash.update(input);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Does `step` unless `stamp` says that it was done with the same inputs. The stamp is written
/// last, so an interrupted step is done again.
pub fn unless_done(stamp: &Path, inputs: &str, step: impl FnOnce() -> Result<()>) -> Result<()> {
    if fs::read_to_string(stamp).is_ok_and(|was| was == inputs) {
        return Ok(());
    }
    let _ = fs::remove_file(stamp);
    step()?;
    fs::write(stamp, inputs)?;
    Ok(())
}
