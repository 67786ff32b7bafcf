//! Signed bodies. The targets sign what they get, so that coverage goes on behind the signature.

use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};
use mysafe_protocol::bodies::{Grant, Grantee, NotAccepted};
use mysafe_protocol::{AccessList, Bundle, Bytes, Context, Revision, Signed, limits};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));
static PUBLIC: LazyLock<[u8; 32]> = LazyLock::new(|| KEY.verifying_key().to_bytes());

fn unsigned(body: &[u8]) -> Signed {
    Signed { body: Bytes(body.to_vec()), signature: Bytes(vec![0; 64]) }
}

fn signed(body: &[u8], context: &Context) -> Signed {
    let signature = KEY.sign(context.as_bytes()).to_bytes().to_vec();
    Signed { body: Bytes(body.to_vec()), signature: Bytes(signature) }
}

/// Whether a body has its form: it is refused for its signature only.
fn has_form<T: std::fmt::Debug>(unsigned: Result<T, NotAccepted>) -> bool {
    match unsigned {
        Ok(body) => panic!("accepted without a signature: {body:?}"),
        Err(NotAccepted::Forged) => true,
        Err(NotAccepted::Malformed) => false,
    }
}

/// A revision is accepted by the signature of its author for this purpose only, and written as it was.
pub(super) fn revision(body: &[u8]) -> bool {
    let read = Revision::read(&unsigned(body));
    let form = has_form(Revision::accept(&unsigned(body), &PUBLIC));
    assert_eq!(form, read.is_ok(), "both ways to read a revision agree");
    let Ok(read) = read else { return false };
    assert!(read.epoch > 0 && read.revision > 0, "numbers count from 1");
    assert_eq!(read.epoch == 1, read.list.is_none(), "the first epoch alone is private");
    assert_eq!(read.revision > 1, read.prev.is_some(), "the first number alone has none before");
    assert!(read.also.is_none() || read.prev.is_some(), "what unites follows");
    assert!(read.parents().count() < 2 || read.prev != read.also, "two parents are two");
    let accepted = Revision::accept(&signed(body, &Context::sign_revision(body)), &PUBLIC);
    let accepted = accepted.expect("it is signed");
    assert_eq!(accepted, read);
    assert_eq!(accepted.encode(), body, "a revision is written as it was read");
    let elsewhere = Revision::accept(&signed(body, &Context::sign_list(body)), &PUBLIC);
    assert_eq!(elsewhere, Err(NotAccepted::Forged), "signed for another purpose");
    assert!(body.len() <= limits::BODY, "a body within the limit");
    true
}

/// An access list is accepted by the signature of its owner only, written as it was, in its one order.
pub(super) fn access_list(body: &[u8]) -> bool {
    if !has_form(AccessList::accept(&unsigned(body), &PUBLIC)) {
        return false;
    }
    let list = AccessList::accept(&signed(body, &Context::sign_list(body)), &PUBLIC);
    let list = list.expect("it is signed");
    assert_eq!(list.encode(), body, "a list is written as it was read");
    let place = |grant: &Grant| match grant.to {
        Grantee::User(user) => (0, user.0),
        Grantee::Group { id, .. } => (1, id.0),
    };
    assert!(list.grants.is_sorted_by(|a, b| place(a) < place(b)), "in order, nobody twice");
    assert!(list.grants.len() <= limits::GRANTS && list.of(&list.owner).is_none());
    assert!(body.len() <= limits::LIST, "a list within the limit");
    true
}

/// A bundle is accepted by the key that it names only, and written as it was.
pub(super) fn bundle(body: &[u8]) -> bool {
    if !has_form(Bundle::accept(&unsigned(body))) {
        return false;
    }
    // The bundle's own key is needed, whomever it names.
    match Bundle::accept(&signed(body, &Context::sign_bundle(body))) {
        Ok(bundle) => {
            assert_eq!(bundle.sign_pk, *PUBLIC, "signed by another key");
            is_plain(&bundle.address);
            assert_eq!(bundle.encode(), body, "a bundle is written as it was read");
        }
        Err(why) => {
            assert_eq!(why, NotAccepted::Forged);
            ours(body);
        }
    }
    true
}

/// The same bundle with our key is accepted.
fn ours(body: &[u8]) {
    let fields = mysafe_protocol::cbor::Fields::decode(body);
    let mut fields = fields.expect("a bundle is a map");
    fields.put_bytes(2, &*PUBLIC);
    let body = fields.encode();
    let accepted = Bundle::accept(&signed(&body, &Context::sign_bundle(&body)));
    let accepted = accepted.expect("it is signed");
    is_plain(&accepted.address);
    assert_eq!(accepted.encode(), body);
}

/// An address has no look-alike: one `@` between two parts of printable lower-case ASCII.
fn is_plain(address: &str) {
    let plain = |c: char| matches!(c, '!'..='~') && !c.is_ascii_uppercase();
    assert!(address.chars().all(plain), "{address:?}");
    let parts: Vec<&str> = address.split('@').collect();
    assert!(parts.len() == 2 && parts.iter().all(|part| !part.is_empty()), "{address:?}");
}
