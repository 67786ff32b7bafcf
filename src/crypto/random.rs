//! The one source of randomness: passed to whatever needs it, so that a test can pass its own.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};

/// Gives random bytes.
pub trait Random {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);

    /// `N` random bytes.
    fn array<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// The operating system's generator; in a browser `crypto.getRandomValues`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("without randomness nothing may be sealed");
    }
}

/// What `opaque-ke` (rand_core 0.6) takes.
pub(crate) struct ForOpaque<'r, R: Random>(pub &'r mut R);

impl<R: Random> rand_core_06::RngCore for ForOpaque<'_, R> {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(self.0.array())
    }
    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(self.0.array())
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core_06::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl<R: Random> rand_core_06::CryptoRng for ForOpaque<'_, R> {}

/// What `hpke` (rand_core 0.10) takes.
pub(super) struct ForHpke<'r, R: Random>(pub(super) &'r mut R);

impl<R: Random> TryRng for ForHpke<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.0.array()))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.0.array()))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl<R: Random> TryCryptoRng for ForHpke<'_, R> {}
