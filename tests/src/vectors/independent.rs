//! The design once more, written from its text with the libraries alone and nothing of the core:
//! what the core makes must be what this makes.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, OpModeR, aead::AesGcm256, kdf::HkdfSha256};
use mysafe_protocol::{ItemId, UserId};
use sha2::{Digest, Sha256};

/// A field of a Context.
pub enum Field<'a> {
    /// As they are.
    Bytes(&'a [u8]),
    /// As eight bytes.
    Number(u64),
}
use Field::{Bytes, Number};

/// Context(purpose, fields).
pub fn context(purpose: &str, fields: &[Field<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut add = |bytes: &[u8]| {
        out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    add(format!("mysafe/1/{purpose}").as_bytes());
    for field in fields {
        match field {
            Bytes(bytes) => add(bytes),
            Number(number) => add(&number.to_be_bytes()),
        }
    }
    out
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// derive(key, context).
pub fn derive<const N: usize>(key: &[u8], context: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    Hkdf::<Sha256>::new(None, key).expand(context, &mut out).expect("short");
    out
}

/// The plaintext of seal(key, context, plaintext), padding still on it.
pub fn open(key: &[u8], context: &[u8], blob: &[u8]) -> Result<Vec<u8>, String> {
    if blob.len() < 33 || blob[0] != 1 {
        return Err("not a sealed blob".into());
    }
    let mut okm = [0; 44];
    Hkdf::<Sha256>::new(Some(&blob[1..17]), key).expand(context, &mut okm).expect("short");
    let nonce: [u8; 12] = okm[32..].try_into().expect("12 bytes");
    let aad = [&[1], context].concat();
    Aes256Gcm::new_from_slice(&okm[..32])
        .expect("32 bytes")
        .decrypt(&Nonce::from(nonce), Payload { msg: &blob[17..], aad: &aad })
        .map_err(|_| "does not open".into())
}

/// seal(key, context, plaintext) with this salt, of a plaintext that has its padding.
pub fn seal(key: &[u8], context: &[u8], plaintext: &[u8], salt: &[u8; 16]) -> Vec<u8> {
    let mut okm = [0; 44];
    Hkdf::<Sha256>::new(Some(salt), key).expand(context, &mut okm).expect("short");
    let nonce: [u8; 12] = okm[32..].try_into().expect("12 bytes");
    let aad = [&[1], context].concat();
    let payload = Payload { msg: plaintext, aad: &aad };
    let cipher = Aes256Gcm::new_from_slice(&okm[..32]).expect("32 bytes");
    let sealed = cipher.encrypt(&Nonce::from(nonce), payload).expect("short");
    [&[1], &salt[..], &sealed].concat()
}

/// The item key of an epoch out of an envelope to a person, by their account key.
pub fn disclose(
    account: &[u8],
    (item, epoch): (&ItemId, u64),
    to: &UserId,
    blob: &[u8],
) -> Result<Vec<u8>, String> {
    if blob.len() != 1_169 || blob[0] != 1 {
        return Err("not an envelope".into());
    }
    let seed: [u8; 32] = derive(account, &context("key/kem", &[]));
    let private = <XWing as Kem>::PrivateKey::from_bytes(&seed).map_err(|e| e.to_string())?;
    let enc = <XWing as Kem>::EncappedKey::from_bytes(&blob[1..1_121]);
    let fields = [Bytes(&item.0), Number(epoch), Number(0), Bytes(&to.0), Number(0)];
    hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
        &OpModeR::Base,
        &private,
        &enc.map_err(|error| error.to_string())?,
        &context("item/envelope", &fields),
        &blob[1_121..],
        &[],
    )
    .map_err(|error| error.to_string())
}

/// Padded to a power of two, at least `least`.
pub fn padded(plaintext: &[u8], least: usize) -> Vec<u8> {
    let mut out = plaintext.to_vec();
    out.push(0x80);
    let mut length = least;
    while length < out.len() {
        length *= 2;
    }
    out.resize(length, 0);
    out
}

/// Argon2id v1.3, 64 MiB, 3 passes, 4 lanes, 32 bytes.
pub fn argon2id(password: &str, salt: &[u8]) -> [u8; 32] {
    use argon2::{Algorithm, Argon2, Params, Version};
    let params = Params::new(65_536, 3, 4, Some(32)).expect("in bounds");
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut out)
        .expect("in bounds");
    out
}
