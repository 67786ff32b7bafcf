//! What a server can invent when it is asked for people: ids, addresses and names. Whoever is accepted
//! is known by their own signed bundle, whatever the search said.

use mysafe_protocol::UserId;

use super::now;
use super::sharing::{Scene, named, pin, pin_at, scene, share};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::ContactError;
use crate::vault::{Refusal, ShareError};

const BEA: &str = "bea@example.com";

#[test]
fn an_invented_id_is_nobody_whatever_keys_are_given_for_it() {
    let Scene { mut one, bea, item, .. } = scene();
    let invented = UserId([7; 32]);
    assert_eq!(pin(&mut one, &invented), Err(ContactError::Nobody));
    assert_eq!(share(&mut one, &item, invented), Err(ShareError::NoKeys(invented)));
    // The server gives somebody's keys for it.
    let bundle = bea.signed_bundle();
    *one.line.bundle.borrow_mut() = Some(Box::new(move |_| Ok(bundle.clone())));
    one.line.uploads.borrow_mut().clear();
    assert_eq!(pin(&mut one, &invented), Err(ContactError::Refused(Refusal::Forged)));
    let refused = ShareError::Refused(Refusal::Forged);
    assert_eq!(share(&mut one, &item, invented), Err(refused));
    assert_eq!(*one.line.uploads.borrow(), []);
}

#[test]
fn under_another_ones_address_somebody_is_pinned_to_their_own() {
    let Scene { mut one, bea, item, .. } = scene();
    // The search says that this id is Bea's.
    let eve = AccountKey::generate(&mut SystemRandom);
    let eve = Identity::of(&eve, "eve@example.com");
    one.line.server.data.borrow_mut().people.insert(eve.user(), eve.signed_bundle());
    assert_eq!(pin(&mut one, &eve.user()), Err(ContactError::Refused(Refusal::Forged)));
    pin_at(&mut one, &eve.user(), "eve@example.com").unwrap();
    let contacts = one.with(|sync| now(sync.contacts())).unwrap();
    assert_eq!(contacts.pinned(BEA), None, "the address stays free for its owner");
    assert_eq!(contacts.pinned("eve@example.com").unwrap().user, eve.user());
    assert_eq!(one.vault.person(&eve.user()).unwrap().address, "eve@example.com");
    pin(&mut one, &bea.user()).unwrap();
    share(&mut one, &item, bea.user()).unwrap();
    assert_eq!(named(&one, &item), [bea.user()]);
}

#[test]
fn an_invented_name_changes_nobodys_address() {
    let Scene { mut one, bea, .. } = scene();
    pin(&mut one, &bea.user()).unwrap();
    let names = [(bea.user(), "Ana, your boss <ana@example.com>".to_owned())];
    one.vault.learn_names(names, &mut SystemRandom);
    assert_eq!(one.vault.person(&bea.user()).unwrap().address, BEA);
    let contacts = one.with(|sync| now(sync.contacts())).unwrap();
    assert_eq!(contacts.pinned(BEA).unwrap().user, bea.user());
}
