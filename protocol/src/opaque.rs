//! The OPAQUE configuration of suite 1 (RFC 9807): ristretto255-SHA512 for OPRF and group,
//! TripleDH, Argon2id as key stretching function. One configuration, never negotiated.

use opaque_ke::argon2::{Algorithm, Argon2, Params, Version};
use opaque_ke::{CipherSuite, Ristretto255, TripleDh};

/// Suite 1's OPAQUE.
#[derive(Debug)]
pub struct Suite1;

impl CipherSuite for Suite1 {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2_010::Sha512>;
    type Ksf = Argon2<'static>;
}

/// The application context both sides put into the key exchange.
pub const CONTEXT: &[u8] = b"mysafe/1/opaque";

/// Argon2id's memory in KiB, passes and lanes (RFC 9106 section 4, second recommended option).
pub const ARGON2ID: (u32, u32, u32) = (64 * 1024, 3, 4);

/// The key stretching function. The library's default is weaker, so this is always passed.
pub fn ksf() -> Argon2<'static> {
    let (memory, passes, lanes) = ARGON2ID;
    let params = Params::new(memory, passes, lanes, None).expect("constants within bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}
