//! "Randomness" that anyone can repeat: 00 01 02 ... ff 00 and so on.

use mysafe::crypto::Random;
use opaque_ke::rand::{CryptoRng, Error, RngCore};

/// Counts up from a first byte, and keeps the bytes that it gave.
pub(super) struct Counting {
    next: u8,
    /// All bytes given so far, in order.
    pub(super) given: Vec<u8>,
}

impl Counting {
    /// Counts up from this byte.
    pub(super) fn from(first: u8) -> Self {
        Self { next: first, given: Vec::new() }
    }
}

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in &mut *bytes {
            *byte = self.next;
            self.next = self.next.wrapping_add(1);
        }
        self.given.extend_from_slice(bytes);
    }
}

impl RngCore for Counting {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }
    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.fill(bytes);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill(bytes);
        Ok(())
    }
}

impl CryptoRng for Counting {}
