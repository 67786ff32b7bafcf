//! Identity keys: Ed25519 (RFC 8032) to sign, X-Wing to receive. Both derived from the account
//! key, so none is stored; the user id commits to both and to the address.

use ed25519_dalek::{Signer, SigningKey};
use hpke::kem::{Kem as _, XWing};
use hpke::{Deserializable, Serializable};
use mysafe_protocol::bodies::KEM_PK;
use mysafe_protocol::{AccessList, Bundle, Bytes, Context, Revision, Signed, UserId};

use super::envelope::KemSk;
use super::keys::AccountKey;
use super::seal::derive;

/// Who an account is.
pub struct Identity {
    signing: SigningKey,
    kem_sk: KemSk,
    bundle: Bundle,
    user: UserId,
}

impl Identity {
    /// The identity of the account with this key and address.
    pub fn of(account: &AccountKey, address: &str) -> Self {
        let signing = SigningKey::from_bytes(&derive(account.bytes(), &Context::key_sign()));
        let seed = derive::<32>(account.bytes(), &Context::key_kem());
        let kem_sk = KemSk::from_bytes(seed.as_slice()).expect("an X-Wing seed is any 32 bytes");
        let mut kem_pk = [0; KEM_PK];
        kem_pk.copy_from_slice(&XWing::sk_to_pk(&kem_sk).to_bytes());
        let bundle = Bundle {
            address: address.to_owned(),
            sign_pk: signing.verifying_key().to_bytes(),
            kem_pk,
        };
        let user = bundle.user();
        Self { signing, kem_sk, bundle, user }
    }

    /// The id that address and keys make.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The mail address.
    pub fn address(&self) -> &str {
        &self.bundle.address
    }

    /// The public key that verifies what this identity signs.
    pub fn sign_pk(&self) -> &[u8; 32] {
        &self.bundle.sign_pk
    }

    /// Opens envelopes to this identity.
    pub(super) fn kem_sk(&self) -> &KemSk {
        &self.kem_sk
    }

    /// The bundle to publish.
    pub fn signed_bundle(&self) -> Signed {
        let body = self.bundle.encode();
        self.sign(Context::sign_bundle(&body), body)
    }

    /// Signs an access list.
    pub fn sign_list(&self, list: &AccessList) -> Signed {
        let body = list.encode();
        self.sign(Context::sign_list(&body), body)
    }

    /// Signs a revision.
    pub fn sign_revision(&self, revision: &Revision) -> Signed {
        let body = revision.encode();
        self.sign(Context::sign_revision(&body), body)
    }

    fn sign(&self, context: Context, body: Vec<u8>) -> Signed {
        let signature = self.signing.sign(context.as_bytes()).to_bytes().to_vec();
        Signed { body: Bytes(body), signature: Bytes(signature) }
    }
}
