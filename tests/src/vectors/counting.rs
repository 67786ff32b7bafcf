//! "Randomness" that anyone can repeat: 00 01 02 ... ff 00 and so on.

use mysafe::crypto::Random;
use opaque_ke::rand::{CryptoRng, Error, RngCore};

/// Counts up from a first byte.
pub(super) struct Counting(pub(super) u8);

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
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
