//! HPKE (RFC 9180) with exactly our suite: X-Wing, HKDF-SHA-256 and AES-256-GCM. No public file has it,
//! so the answers were made once by `tests/second`, which has no line and no library in common with
//! this, and are frozen.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use serde_json::Value;

use super::{Given, unhex};
use crate::vectors::ensure;

const ANSWERS: &str = include_str!("../../../vectors/public/hpke-x-wing.json");

pub(super) fn run() -> Result<u32, String> {
    let file: Value = serde_json::from_str(ANSWERS).map_err(|error| error.to_string())?;
    let vectors = file["vectors"].as_array().ok_or("no vectors of HPKE")?;
    for (at, vector) in vectors.iter().enumerate() {
        let what = |part: &str| format!("HPKE {at}: {part}");
        let bytes = |name: &str| unhex(vector[name].as_str().unwrap_or_default());
        let private = <XWing as Kem>::PrivateKey::from_bytes(&bytes("skRm"));
        let private = private.map_err(|_| what("skRm"))?;
        let public = XWing::sk_to_pk(&private);
        ensure(public.to_bytes()[..] == bytes("pkRm")[..], what("pkRm"))?;
        let (info, aad, plaintext) = (bytes("info"), bytes("aad"), bytes("pt"));
        let random = &mut Given::new(&bytes("ierand"));
        let sent = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
            &OpModeS::Base,
            &public,
            &info,
            &plaintext,
            &aad,
            random,
        );
        let (enc, ciphertext) = sent.map_err(|_| what("seal"))?;
        ensure(random.used_up(), what("ierand"))?;
        ensure(enc.to_bytes()[..] == bytes("enc")[..], what("enc"))?;
        ensure(ciphertext == bytes("ct"), what("ct"))?;
        let open = |info: &[u8], aad: &[u8]| {
            hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
                &OpModeR::Base,
                &private,
                &enc,
                info,
                &ciphertext,
                aad,
            )
        };
        ensure(open(&info, &aad) == Ok(plaintext), what("open"))?;
        ensure(open(&[&info[..], &[0]].concat(), &aad).is_err(), what("another info opens"))?;
        ensure(open(&info, &[&aad[..], &[0]].concat()).is_err(), what("another aad opens"))?;
    }
    ensure(vectors.len() >= 8, "too few vectors of HPKE")?;
    Ok(vectors.len() as u32)
}
