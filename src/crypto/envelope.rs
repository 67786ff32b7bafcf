//! Envelopes: a key for the holder of another key. HPKE (RFC 9180), base mode, single shot, with
//! X-Wing, HKDF-SHA-256 and AES-256-GCM. HPKE names no sender: who opens one checks the content
//! against something signed.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use mysafe_protocol::bodies::{Grantee, KEM_PK};
use mysafe_protocol::{Bundle, Context, ItemId, limits};
use zeroize::Zeroizing;

use super::identity::Identity;
use super::keys::ItemKey;
use super::random::{ForHpke, Random};
use super::seal::SealError;

/// The private half of an identity's X-Wing key.
pub(super) type KemSk = <XWing as Kem>::PrivateKey;

const VERSION: u8 = 0x01;
/// Bytes of X-Wing's ciphertext.
const ENC: usize = 1_120;

fn enclose(
    kem_pk: &[u8; KEM_PK],
    context: &Context,
    secret: &[u8],
    random: &mut impl Random,
) -> Result<Vec<u8>, SealError> {
    let to = <XWing as Kem>::PublicKey::from_bytes(kem_pk).map_err(|_| SealError)?;
    let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
        &OpModeS::Base,
        &to,
        context.as_bytes(),
        secret,
        &[],
        &mut ForHpke(random),
    )
    .map_err(|_| SealError)?;
    Ok([&[VERSION], &enc.to_bytes()[..], &ciphertext].concat())
}

fn disclose(
    kem_sk: &KemSk,
    context: &Context,
    blob: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    if blob.len() != limits::ENVELOPE || blob[0] != VERSION {
        return Err(SealError);
    }
    let (enc, ciphertext) = blob[1..].split_at(ENC);
    let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).map_err(|_| SealError)?;
    hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
        &OpModeR::Base,
        kem_sk,
        &enc,
        context.as_bytes(),
        ciphertext,
        &[],
    )
    .map(Zeroizing::new)
    .map_err(|_| SealError)
}

impl ItemKey {
    /// In an envelope to a person (`item/envelope`). Fails if the bundle's key is none.
    pub fn enclose(
        &self,
        to: &Bundle,
        item: &ItemId,
        epoch: u64,
        random: &mut impl Random,
    ) -> Result<Vec<u8>, SealError> {
        let context = Context::item_envelope(item, epoch, &Grantee::User(to.user()));
        enclose(&to.kem_pk, &context, self.bytes(), random)
    }

    /// Out of an envelope to this identity.
    pub fn disclose(
        identity: &Identity,
        item: &ItemId,
        epoch: u64,
        blob: &[u8],
    ) -> Result<Self, SealError> {
        let context = Context::item_envelope(item, epoch, &Grantee::User(identity.user()));
        let key = disclose(identity.kem_sk(), &context, blob)?;
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| SealError)?;
        Ok(Self::of(Zeroizing::new(key)))
    }
}
