//! What a server can lie about of people who are searched for and accepted.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::{PeopleResponse, Person};

use super::device::Device;
use super::now;
use super::received::shared;
use super::sharing::{Scene, pin, scene, share};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::{ContactError, Notice};
use crate::vault::{Refusal, ShareError};

const BEA: &str = "bea@example.com";
const MALLORY: &str = "mallory@example.com";

fn find(device: &mut Device, text: &str) -> Vec<Person> {
    device.with(|sync| now(sync.find(text))).unwrap()
}

fn forged() -> Notice {
    Notice::general("forged")
}

/// Somebody who is as real as Bea, and known to the server.
fn mallory(device: &Device) -> Identity {
    let mallory = Identity::of(&AccountKey::generate(&mut SystemRandom), MALLORY);
    let people = &mut device.line.server.data.borrow_mut().people;
    people.insert(mallory.user(), mallory.signed_bundle());
    mallory
}

#[test]
fn whoever_is_found_has_keys_that_fit_id_and_address() {
    let Scene { mut one, bea, .. } = scene();
    let mallory = mallory(&one);
    let honest = find(&mut one, "bea");
    assert_eq!(honest.iter().map(|person| person.user).collect::<Vec<_>>(), [bea.user()]);
    type Lie = Box<dyn Fn(&mut Person)>;
    let (id, bundle) = (mallory.user(), mallory.signed_bundle());
    let lies: [(&str, Lie); 6] = [
        ("her id under Bea's address", {
            let bundle = bundle.clone();
            Box::new(move |person| (person.user, person.bundle) = (id, bundle.clone()))
        }),
        ("her id with Bea's keys", Box::new(move |person| person.user = id)),
        ("her keys under Bea's id", Box::new(move |person| person.bundle = bundle.clone())),
        ("another address", Box::new(|person| person.address = "bea@example.org".into())),
        ("an address in capitals", Box::new(|person| person.address = "Bea@example.com".into())),
        ("keys that nobody signed", Box::new(|person| person.bundle.signature.0[5] ^= 1)),
    ];
    for (lie, twist) in lies {
        *one.line.people.borrow_mut() = Some(Box::new(move |found| {
            let mut people = found.unwrap().people;
            people.iter_mut().filter(|person| person.address == BEA).for_each(&twist);
            Ok(PeopleResponse { people })
        }));
        assert_eq!(find(&mut one, "bea"), [], "{lie}");
        assert_eq!(one.notices(), [forged()], "{lie}");
        assert_eq!(find(&mut one, "mal").len(), 1, "{lie}: others are found");
    }
    *one.line.people.borrow_mut() = None;
    assert_eq!(find(&mut one, "bea"), honest);
    assert_eq!(one.line.server.data.borrow().record.1.version, 1, "a search pins nobody");
    assert_eq!(*one.line.uploads.borrow(), [one.vault.entries().next().unwrap().id]);
}

#[test]
fn a_name_is_the_servers_word_and_says_nothing_of_keys() {
    let Scene { mut one, item, .. } = scene();
    let mallory = mallory(&one);
    *one.line.people.borrow_mut() = Some(Box::new(|found| {
        let mut people = found.unwrap().people;
        people.iter_mut().for_each(|person| person.name = "Bea".into());
        Ok(PeopleResponse { people })
    }));
    let found = find(&mut one, "mal");
    assert_eq!((&*found[0].address, found[0].user), (MALLORY, mallory.user()));
    assert_eq!(one.vault.name(&mallory.user()), Some("Bea"));
    assert_eq!(one.context().vault.name(&mallory.user()), Some("Bea"), "it is stored");
    assert_eq!(share(&mut one, &item, mallory.user()), Err(ShareError::NotMet(mallory.user())));
}

#[test]
fn whoever_is_accepted_has_the_address_that_the_user_saw() {
    let Scene { mut one, bea, item, .. } = scene();
    let mallory = mallory(&one);
    one.line.uploads.borrow_mut().clear();
    let refused = Err(ContactError::Refused(Refusal::Forged));
    // It was shown as Bea's, which it is not.
    assert_eq!(pin(&mut one, &mallory.user()), refused);
    let verified = one.with(|sync| now(sync.verify(&mallory.user(), BEA))).unwrap();
    assert_eq!(verified, refused);
    assert_eq!(one.notices(), [forged()]);
    assert_eq!(one.line.server.data.borrow().record.1.version, 1);
    assert_eq!(share(&mut one, &item, mallory.user()), Err(ShareError::NotMet(mallory.user())));
    assert_eq!(*one.line.uploads.borrow(), []);
    pin(&mut one, &bea.user()).unwrap();
    let contact = one.with(|sync| now(sync.contacts())).unwrap().pinned(BEA).unwrap();
    assert_eq!(contact.user, bea.user());
}

#[test]
fn whose_items_come_is_asked_by_name_once() {
    let mut scene = shared(Permission::View);
    let owner = scene.ana.line.user;
    let bea = &mut scene.bea;
    assert!(bea.vault.name(&owner).is_some(), "the first sync asked");
    // Another answer would tell another name: nobody asks for one that was told.
    *bea.line.people.borrow_mut() = Some(Box::new(|_| panic!("asked again")));
    bea.sync_well();
}
