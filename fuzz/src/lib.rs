//! Targets of fuzzing guided by coverage: the code that reads bytes of others. `cargo xtask fuzz` runs them under
//! libFuzzer (`main.rs`); `tests/corpus.rs` runs them over `corpus/`, as ordinary tests. Nothing of it is
//! part of a product.
//!
//! A target asserts what holds for all bytes: that nothing panics, that what is read is written and read
//! the same, and that an independent reader agrees.

pub mod mutate;
pub mod seeds;
mod targets;

pub use targets::TARGETS;

/// A reader of bytes with its assertions.
#[derive(Debug)]
pub struct Target {
    /// The name, also of its file in `corpus/`.
    pub name: &'static str,
    /// Reads an input. Returns whether the reader accepted it; panics where an assertion fails.
    pub run: fn(&[u8]) -> bool,
    /// The inputs of a target begin with a byte below this number that chooses what is read; 0 where none
    /// does.
    pub kinds: u8,
    /// Texts to begin with, beside the frozen vectors.
    pub texts: &'static [&'static str],
}
