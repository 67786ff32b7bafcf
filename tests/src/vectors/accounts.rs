//! What an account consists of.

use ed25519_dalek::SigningKey;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, Serializable};
use mysafe::crypto::{AccountKey, DeviceKey, Identity, RecoveryCode};
use mysafe::model::AccountRecordBody;
use mysafe_protocol::{Bundle, UserId};

use super::counting::Counting;
use super::ensure;
use super::independent::Field::{Bytes, Number};
use super::independent::{self, context};
use super::sheet::Sheet;

pub(super) const ADDRESS: &str = "ana@example.com";

/// 00 01 ... 1f.
pub(super) fn account_key() -> (AccountKey, [u8; 32]) {
    let mut bytes = [0; 32];
    mysafe::crypto::Random::fill(&mut Counting::from(0), &mut bytes);
    (AccountKey::generate(&mut Counting::from(0)), bytes)
}

/// The user of that key and address.
pub(super) fn identity() -> Identity {
    Identity::of(&account_key().0, ADDRESS)
}

fn published() -> Result<Bundle, String> {
    Bundle::accept(&identity().signed_bundle()).map_err(|error| error.to_string())
}

pub(super) fn key_sign(sheet: &mut Sheet) -> Result<(), String> {
    let (_, key) = account_key();
    let seed: [u8; 32] = independent::derive(&key, &context("key/sign", &[]));
    let sign_pk = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    sheet.text("purpose", "key/sign");
    sheet.bytes("account_key", key).bytes("seed", seed).bytes("sign_pk", sign_pk);
    ensure(published()?.sign_pk == sign_pk, "another public key")
}

pub(super) fn key_kem(sheet: &mut Sheet) -> Result<(), String> {
    let (_, key) = account_key();
    let seed: [u8; 32] = independent::derive(&key, &context("key/kem", &[]));
    let private = <XWing as Kem>::PrivateKey::from_bytes(&seed).map_err(|e| e.to_string())?;
    let kem_pk = XWing::sk_to_pk(&private).to_bytes();
    sheet.text("purpose", "key/kem");
    sheet.bytes("account_key", key).bytes("seed", seed).bytes("kem_pk", &kem_pk[..]);
    ensure(published()?.kem_pk[..] == kem_pk[..], "another public key")
}

pub(super) fn user(sheet: &mut Sheet) -> Result<(), String> {
    let bundle = published()?;
    let fields = [Bytes(ADDRESS.as_bytes()), Bytes(&bundle.sign_pk), Bytes(&bundle.kem_pk)];
    let user = independent::sha256(&context("user", &fields));
    sheet.text("purpose", "user");
    sheet.text("address", ADDRESS).bytes("sign_pk", bundle.sign_pk);
    sheet.bytes("kem_pk", bundle.kem_pk).bytes("user", user);
    ensure(identity().user().0 == user, "another id")
}

pub(super) fn bundle(sheet: &mut Sheet) -> Result<(), String> {
    let signed = identity().signed_bundle();
    sheet.text("purpose", "sign/bundle").bytes("account_key", account_key().1);
    sheet.text("address", ADDRESS).bytes("body", &*signed.body);
    sheet.bytes("signature", &*signed.signature);
    let bundle = Bundle::accept(&signed).map_err(|error| error.to_string())?;
    ensure(bundle.user() == identity().user(), "another user")
}

pub(super) fn wrap_password(sheet: &mut Sheet) -> Result<(), String> {
    let (account, key) = account_key();
    let user = identity().user();
    let (export, export_bytes) = super::opaque::export_key()?;
    let blob = account.wrap(&user, &export, &mut Counting::from(0x80));
    sheet.sealed("wrap/password", &blob);
    sheet.bytes("user", user.0).bytes("export_key", &export_bytes);
    sheet.bytes("account_key", key).bytes("blob", &blob);
    let opened =
        independent::open(&export_bytes, &context("wrap/password", &[Bytes(&user.0)]), &blob)?;
    ensure(opened == key, "another plaintext")?;
    let back = AccountKey::unwrap(&user, &export, &blob).map_err(|error| error.to_string())?;
    ensure(*back.to_session() == *account.to_session(), "another key")
}

/// Its bits are 40 41 ... 53.
pub(super) fn recovery_code(sheet: &mut Sheet) -> Result<(), String> {
    let code = RecoveryCode::generate(&mut Counting::from(0x40));
    let bits: [u8; 20] = std::array::from_fn(|at| 0x40 + at as u8);
    let shown: Vec<String> = code.groups().iter().map(|group| group.to_string()).collect();
    let shown = shown.join("-");
    let verifier: [u8; 32] = independent::derive(&bits, &context("recovery/verifier", &[]));
    sheet.text("purpose", "recovery/verifier");
    sheet.bytes("bits", bits).text("shown", &shown);
    sheet.bytes("verifier", verifier).bytes("verifier_hash", independent::sha256(&verifier));
    ensure(code.verifier().0 == verifier, "another verifier")?;
    ensure(code.verifier_hash().0 == independent::sha256(&verifier), "another hash")?;
    let back = RecoveryCode::parse(&shown.to_lowercase()).map_err(|error| error.to_string())?;
    ensure(back.verifier().0 == verifier, "another code")
}

pub(super) fn wrap_recovery(sheet: &mut Sheet) -> Result<(), String> {
    let (account, key) = account_key();
    let user = identity().user();
    let code = RecoveryCode::generate(&mut Counting::from(0x40));
    let bits: [u8; 20] = std::array::from_fn(|at| 0x40 + at as u8);
    let blob = code.wrap(&account, &user, &mut Counting::from(0x80));
    sheet.sealed("wrap/recovery", &blob);
    sheet.bytes("user", user.0).bytes("code", bits).bytes("account_key", key);
    sheet.bytes("blob", &blob);
    let opened = independent::open(&bits, &context("wrap/recovery", &[Bytes(&user.0)]), &blob)?;
    ensure(opened == key, "another plaintext")?;
    let back = code.unwrap(&user, &blob).map_err(|error| error.to_string())?;
    ensure(*back.to_session() == *account.to_session(), "another key")
}

pub(super) fn wrap_device(sheet: &mut Sheet) -> Result<(), String> {
    let (account, key) = account_key();
    let (user, salt) = (UserId([0x33; 32]), [0x55; 16]);
    // Composed; the same password decomposed gives the same key.
    let (password, decomposed) = ("canção do exílio", "canc\u{327}a\u{303}o do exi\u{301}lio");
    let device_key = independent::argon2id(password, &salt);
    let blob = account.wrap_device(
        &user,
        &DeviceKey::derive(decomposed, &salt),
        &mut Counting::from(0x80),
    );
    sheet.sealed("wrap/device", &blob);
    sheet.text("password", password).bytes("salt", salt).bytes("argon2id", device_key);
    sheet.bytes("user", user.0).bytes("account_key", key).bytes("blob", &blob);
    let opened = independent::open(&device_key, &context("wrap/device", &[Bytes(&user.0)]), &blob)?;
    ensure(opened == key, "another plaintext")
}

pub(super) fn record(sheet: &mut Sheet) -> Result<(), String> {
    let (account, key) = account_key();
    let (user, version) = (UserId([0x33; 32]), 7);
    let plaintext = AccountRecordBody::first().encode();
    let blob = account.seal_record(&user, version, &plaintext, &mut Counting::from(0x80));
    sheet.sealed("account", &blob);
    sheet.bytes("account_key", key).bytes("user", user.0).text("version", version);
    sheet.bytes("plaintext", &plaintext).bytes("blob", &blob);
    let place = context("account", &[Bytes(&user.0), Number(version)]);
    let opened = independent::open(&key, &place, &blob)?;
    ensure(opened == independent::padded(&plaintext, 256), "another plaintext")?;
    let opened = account.open_record(&user, version, &blob).map_err(|error| error.to_string())?;
    ensure(*opened == plaintext, "another plaintext")
}

pub(super) fn record_plaintext(sheet: &mut Sheet) -> Result<(), String> {
    let first = AccountRecordBody::first();
    sheet.plaintext("as made at sign-up", first.encode());
    // A contact, a pending share and a setting, as a later version writes them: kept as they are.
    let later = b"\xa3\x01\x81\xa2\x01\x42\x05\x06\x03\x01\x02\x81\xa1\x04\x09\x03\xa1\x01\xf5";
    let read = AccountRecordBody::decode(later).map_err(|error| error.to_string())?;
    sheet.plaintext("of a later version", later);
    ensure(read.encode() == later, "a later version's record changed")
}
