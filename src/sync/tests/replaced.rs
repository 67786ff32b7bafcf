//! Somebody on a list of one's own whose address has other keys now, which were accepted.

use mysafe_protocol::bodies::Permission;

use super::device::Device;
use super::now;
use super::sharing::{Scene, named, pin, scene, share};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::vault::{Share, ShareError};

const BEA: &str = "bea@example.com";
const CHO: &str = "cho@example.com";

fn known(device: &Device, address: &str) -> Identity {
    let somebody = Identity::of(&AccountKey::generate(&mut SystemRandom), address);
    let people = &mut device.line.server.data.borrow_mut().people;
    people.insert(somebody.user(), somebody.signed_bundle());
    somebody
}

#[test]
fn keys_that_were_replaced_get_nothing_more_until_they_are_taken_off_the_list() {
    let Scene { mut one, mut two, bea, item } = scene();
    pin(&mut one, &bea.user()).unwrap();
    share(&mut one, &item, bea.user()).unwrap();
    let (new, cho) = (known(&one, BEA), known(&one, CHO));
    one.with(|sync| now(sync.verify(&new.user(), BEA))).unwrap().unwrap();
    one.with(|sync| now(sync.pin(&cho.user(), CHO))).unwrap().unwrap();
    one.line.uploads.borrow_mut().clear();
    let stuck = Err(ShareError::KeyChanged(bea.user()));
    assert_eq!(share(&mut one, &item, cho.user()), stuck);
    assert_eq!(share(&mut one, &item, new.user()), stuck);
    assert_eq!(*one.line.uploads.borrow(), []);

    // In one change, on another browser too: the old keys off, the new ones on.
    two.sync_well();
    let with = [cho.user(), new.user()].map(|user| Share {
        user,
        permission: Permission::View,
        until: None,
    });
    let done = two.with(|sync| now(sync.change_access(&item, &with, &[bea.user()])));
    done.unwrap().unwrap();
    one.sync_well();
    let mut expected = [cho.user(), new.user()];
    expected.sort_unstable();
    assert_eq!((named(&one, &item), named(&two, &item)), (expected.into(), expected.into()));
    one.assert_settled();
}

#[test]
fn whoever_has_access_by_another_browser_is_known_here_once_it_asks() {
    let Scene { mut one, mut two, bea, item } = scene();
    pin(&mut one, &bea.user()).unwrap();
    share(&mut one, &item, bea.user()).unwrap();
    two.sync_well();
    assert_eq!((named(&two, &item), two.vault.person(&bea.user())), (vec![bea.user()], None));
    two.with(|sync| now(sync.know_all(&[bea.user()]))).unwrap();
    let context = two.context();
    assert_eq!(context.vault.person(&bea.user()).map(|bea| &*bea.address), Some(BEA));
}
