//! X-Wing: the vectors of draft-connolly-cfrg-xwing-kem, through HPKE's KEM.

use std::convert::Infallible;

use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, Serializable};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;

use super::unhex;
use crate::vectors::ensure;

const DRAFT: &str = include_str!("../../../vectors/public/x-wing-draft.json");

/// Gives the bytes of a vector where randomness is asked for.
struct Given(Vec<u8>);

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

pub(super) fn run() -> Result<u32, String> {
    let vectors: Vec<Value> = serde_json::from_str(DRAFT).map_err(|error| error.to_string())?;
    for (at, vector) in vectors.iter().enumerate() {
        let what = |part: &str| format!("X-Wing {at}: {part}");
        let bytes = |name: &str| unhex(vector[name].as_str().unwrap_or_default());
        let private = <XWing as Kem>::PrivateKey::from_bytes(&bytes("sk"));
        let private = private.map_err(|_| what("sk"))?;
        let public = XWing::sk_to_pk(&private);
        ensure(public.to_bytes()[..] == bytes("pk")[..], what("pk"))?;
        let sent = XWing::encap_with_rng(&public, None, &mut Given(bytes("eseed")));
        let (secret, ciphertext) = sent.map_err(|_| what("encapsulate"))?;
        ensure(secret.0[..] == bytes("ss")[..], what("ss"))?;
        ensure(ciphertext.to_bytes()[..] == bytes("ct")[..], what("ct"))?;
        let received = XWing::decap(&private, None, &ciphertext);
        let received = received.map_err(|_| what("decapsulate"))?;
        ensure(received.0[..] == bytes("ss")[..], what("decapsulated"))?;
    }
    ensure(vectors.len() >= 3, "too few vectors of X-Wing")?;
    Ok(vectors.len() as u32)
}
