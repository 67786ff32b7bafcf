//! Somebody without an account is invited, joins, and has the item by one act of the owner.

use mysafe::model::Pending;
use mysafe::sync::CompleteError;

use super::*;

const DAN: Person = Person {
    name: "Dan Reis",
    address: "dan@example.com",
    password: "four marble clouds hum softly",
};

#[test]
fn whoever_was_invited_has_the_item_once_they_joined_and_the_owner_says_so() {
    let (mut stage, item) = Stage::shared();
    let at = stage.at.clone();
    let address = DAN.address.to_owned();
    let pending = Pending { item, address, permission: Permission::Edit, until: None };
    stage.ana.with(&at, |sync| finish(sync.invite(&pending))).unwrap().unwrap();
    assert_eq!(stage.ana.sync(&at), nothing());
    assert_eq!(stage.ana.joined(), []);
    sign_up(&mut Connection::open(&at).expect("it is there"), &DAN).expect("signs up");
    let mut dan = Device::new(&at, &DAN);
    assert_eq!(dan.sync(&at), nothing());
    // An account is not enough: the mailbox is confirmed first.
    assert_eq!(stage.ana.sync(&at), nothing());
    assert_eq!(stage.ana.joined(), []);
    stage.confirm(&DAN);
    assert_eq!(stage.ana.sync(&at), nothing());
    let user = dan.vault.user();
    assert_eq!(stage.ana.joined(), [(item, user)]);
    stage.assert_not_there(&dan, &item);

    let mut complete =
        || stage.ana.with(&at, |sync| finish(sync.complete(&item, DAN.address, &user)));
    complete().unwrap().unwrap();
    assert_eq!(complete().unwrap(), Err(CompleteError::NotPending));
    assert_eq!(stage.grants(&item), 3);
    assert_eq!(dan.sync(&at), nothing());
    assert_eq!(&**dan.form(&item).client_secret, "secret of CRM");
    assert_eq!(dan.vault.entry(&item).expect("listed").access.right, Right::Edit);
    for device in [&mut stage.ana, &mut stage.bea, &mut stage.cho] {
        assert_eq!(device.sync(&at), nothing());
    }
    assert_eq!(stage.ana.joined(), []);
}
