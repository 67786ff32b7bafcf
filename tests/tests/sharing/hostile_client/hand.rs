//! A version made by hand: the account and the item key are real, and the client that would refuse to make
//! the version is not asked.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use hkdf::Hkdf;
use mysafe::crypto::{AccountKey, Identity, ItemKey, Random as _, SystemRandom};
use mysafe::model::{Overview, Stamp};
use mysafe::protocol::cbor::Fields;
use mysafe::protocol::wire::ItemWriteRequest;
use mysafe::protocol::{Bytes, Context, OperationId, Signed};
use sha2::Sha256;

use super::super::*;

/// The account of a person who makes versions by hand.
pub struct Account {
    pub identity: Identity,
    signing: SigningKey,
}

impl Account {
    /// Returns the account of a device of this person.
    pub fn of(device: &Device, person: &Person) -> Rc<Self> {
        let session = device.vault.to_session();
        let key = AccountKey::from_session(&session).expect("just made");
        let bytes = URL_SAFE_NO_PAD.decode(session.as_bytes()).expect("just made");
        let mut seed = [0; 32];
        Hkdf::<Sha256>::new(None, &bytes)
            .expand(Context::key_sign().as_bytes(), &mut seed)
            .expect("32 bytes are not too many");
        let identity = Identity::of(&key, person.address);
        let signing = SigningKey::from_bytes(&seed);
        assert_eq!(signing.verifying_key().as_bytes(), identity.sign_pk());
        Rc::new(Self { identity, signing })
    }

    /// Signs a body that need not be a revision.
    pub fn sign_bytes(&self, body: Vec<u8>) -> Signed {
        let context = Context::sign_revision(&body);
        let signature = self.signing.sign(context.as_bytes()).to_bytes().to_vec();
        Signed { body: Bytes(body), signature: Bytes(signature) }
    }
}

/// An editor with the key of the epoch, over the newest version.
pub struct Hand {
    pub account: Rc<Account>,
    pub key: ItemKey,
    /// The key of the epoch before.
    pub old: ItemKey,
    pub over: ItemState,
    /// Another member.
    pub other: UserId,
}

/// The two sealed parts of a version.
pub struct Parts {
    pub overview: Vec<u8>,
    pub details: Vec<u8>,
}

/// Returns the key that a state brings.
pub fn key_of(account: &Account, state: &ItemState) -> ItemKey {
    let epoch = Revision::read(&state.revision).expect("signed").epoch;
    ItemKey::disclose(&account.identity, &state.item, epoch, &state.key).expect("sealed for them")
}

/// Returns noise that begins with the right version byte.
pub fn noise(length: usize) -> Vec<u8> {
    let mut noise = vec![1; length];
    SystemRandom.fill(&mut noise[1..]);
    noise
}

/// Returns details with this client secret.
pub fn details(secret: &str) -> Vec<u8> {
    let mut fields = Fields::new();
    fields.put(1, secret);
    fields.encode()
}

impl Hand {
    pub fn user(&self) -> UserId {
        self.account.identity.user()
    }

    /// Returns the revision that follows.
    pub fn next(&self) -> Revision {
        let over = Revision::read(&self.over.revision).expect("signed");
        Revision {
            revision: over.revision + 1,
            author: self.user(),
            prev: Some(self.over.revision.hash()),
            also: None,
            ..over
        }
    }

    /// Returns the overview of the newest version, changed by this editor.
    pub fn overview(&self) -> Overview {
        let Revision { item, epoch, revision, .. } =
            Revision::read(&self.over.revision).expect("signed");
        let opened = self.key.open_overview(&item, epoch, revision, &self.over.overview);
        let opened = Overview::decode(&opened.expect("it opens")).expect("well formed");
        let changed = Some(Stamp { user: self.user(), time: 9 });
        Overview { name: "of the editor".into(), changed, ..opened }
    }

    /// Seals an overview for the next number.
    pub fn seal_overview(&self, plaintext: &[u8]) -> Vec<u8> {
        self.seal_overview_at(&self.next(), plaintext)
    }

    pub fn seal_overview_at(&self, at: &Revision, plaintext: &[u8]) -> Vec<u8> {
        let random = &mut SystemRandom;
        self.key.seal_overview(&at.item, at.epoch, at.revision, plaintext, random)
    }

    /// Seals details for the next number.
    pub fn seal_details(&self, plaintext: &[u8]) -> Vec<u8> {
        self.seal_details_at(&self.next(), plaintext)
    }

    pub fn seal_details_at(&self, at: &Revision, plaintext: &[u8]) -> Vec<u8> {
        let random = &mut SystemRandom;
        self.key.seal_details(&at.item, at.epoch, at.revision, plaintext, random)
    }

    /// Returns both parts as they should be, for a revision.
    pub fn parts(&self, at: &Revision) -> Parts {
        Parts {
            overview: self.seal_overview_at(at, &self.overview().encode()),
            details: self.seal_details_at(at, &details("of the editor")),
        }
    }

    /// Returns the write of a revision with these parts, signed.
    pub fn sign(&self, revision: Revision, parts: Parts) -> ItemWriteRequest {
        let Parts { overview, details } = parts;
        let content = Context::item_content(&overview, &details).hash();
        let revision = Revision { content, ..revision };
        let base = Revision::read(&self.over.revision).expect("signed").revision;
        ItemWriteRequest {
            operation: OperationId(SystemRandom.array()),
            base,
            revision: self.account.identity.sign_revision(&revision),
            overview: Bytes(overview),
            details: Bytes(details),
            key: None,
            identifier: None,
            list: None,
            envelopes: Vec::new(),
        }
    }

    /// Returns the write that follows, with another overview.
    pub fn with_overview(&self, overview: Vec<u8>) -> ItemWriteRequest {
        let revision = self.next();
        self.sign(revision.clone(), Parts { overview, ..self.parts(&revision) })
    }

    /// Returns the write that follows, with other details.
    pub fn with_details(&self, details: Vec<u8>) -> ItemWriteRequest {
        let revision = self.next();
        self.sign(revision.clone(), Parts { details, ..self.parts(&revision) })
    }

    /// Returns a good write of the revision that follows, with something of the revision changed.
    pub fn with_revision(&self, change: impl FnOnce(&mut Revision)) -> ItemWriteRequest {
        let mut revision = self.next();
        change(&mut revision);
        self.sign(revision.clone(), self.parts(&revision))
    }

    /// Returns a good write.
    pub fn good(&self) -> ItemWriteRequest {
        self.with_revision(|_| {})
    }
}
