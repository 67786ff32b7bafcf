//! X-Wing: the vectors of draft-connolly-cfrg-xwing-kem, through HPKE's KEM.

use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, Serializable};
use serde_json::Value;

use super::{Given, unhex};
use crate::vectors::ensure;

const DRAFT: &str = include_str!("../../../vectors/public/x-wing-draft.json");

pub(super) fn run() -> Result<u32, String> {
    let vectors: Vec<Value> = serde_json::from_str(DRAFT).map_err(|error| error.to_string())?;
    for (at, vector) in vectors.iter().enumerate() {
        let what = |part: &str| format!("X-Wing {at}: {part}");
        let bytes = |name: &str| unhex(vector[name].as_str().unwrap_or_default());
        let private = <XWing as Kem>::PrivateKey::from_bytes(&bytes("sk"));
        let private = private.map_err(|_| what("sk"))?;
        let public = XWing::sk_to_pk(&private);
        ensure(public.to_bytes()[..] == bytes("pk")[..], what("pk"))?;
        let sent = XWing::encap_with_rng(&public, None, &mut Given::new(&bytes("eseed")));
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
