//! A refusal other than "not found" says nothing about an item or a person: no item leaves for it, and nobody
//! loses access.

use mysafe_protocol::wire::ErrorCode;

use super::*;
use crate::sync::RemoteError;

const BUSY: RemoteError = RemoteError::Refused(ErrorCode::TooManyTries);

#[test]
fn an_item_of_somebody_else_stays_though_the_server_refuses_to_show_it() {
    let mut removed = Removed::new(Permission::Edit);
    let item = removed.scene.item;
    let held = removed.cho.held(&item).unwrap();
    removed.restore(true);
    *removed.cho.line.item.borrow_mut() = Some(Box::new(|_| Err(BUSY)));
    removed.cho.sync().unwrap();
    assert_eq!(*removed.cho.form(&item).client_secret, "after the removal");
    assert_eq!(removed.cho.held(&item), Some(held));
    *removed.cho.line.item.borrow_mut() = None;
    removed.assert_all_have(&mut [], "after the removal");
}

#[test]
fn an_own_item_is_not_sent_to_a_server_that_refuses_to_show_it() {
    let mut removed = Removed::new(Permission::Edit);
    let item = removed.scene.item;
    removed.restore(true);
    *removed.scene.ana.line.item.borrow_mut() = Some(Box::new(|_| Err(BUSY)));
    let before = removed.scene.ana.line.server.state(&item);
    removed.scene.ana.sync().unwrap();
    assert_eq!(removed.scene.ana.line.server.state(&item), before);
    *removed.scene.ana.line.item.borrow_mut() = None;
    removed.assert_all_have(&mut [], "after the removal");
}

#[test]
fn nobody_falls_off_a_list_though_the_server_refuses_their_keys() {
    let mut removed = Removed::new(Permission::Edit);
    let (item, cho) = (removed.scene.item, removed.cho.line.user);
    removed.restore(true);
    let held = removed.scene.ana.held(&item).unwrap();
    removed.write_as_bea(held.revision + 1);
    *removed.scene.ana.line.bundle.borrow_mut() = Some(Box::new(|_| Err(BUSY)));
    removed.scene.ana.sync().unwrap();
    assert!(epoch(&removed.scene.ana, &item) > held.epoch, "the owner gives it a new key");
    assert_eq!(named(&removed.scene.ana, &item), [cho]);
    *removed.scene.ana.line.bundle.borrow_mut() = None;
    removed.assert_all_have(&mut [], "after the removal");
}
