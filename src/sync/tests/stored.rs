//! A device's stores after somebody else had them: whatever was changed, cut or swapped there is
//! refused, or reads as it was. Nothing reads as something else.

use std::collections::BTreeMap;

use mysafe_protocol::ItemId;

use super::device::{Device, account};
use super::now;
use crate::crypto::SystemRandom;
use crate::model::ApiSecretForm;
use crate::sync::{Local, Notice};
use crate::vault::{Held, Store, Stored, Token, TokenError, Vault, keys};

const SERVER: &str = "https://mysafe.example.com";

/// A device with something in every store but the one that is not sealed.
fn full() -> (Device, Vec<ItemId>) {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let items: Vec<ItemId> = ["one", "two", "three"].map(|name| device.add_named(name)).into();
    device.sync_well();
    device.rename(&items[0], "one, renamed");
    device.rename(&items[1], "two, renamed");
    device.used(&items[0], 50);
    device.used(&items[1], 60);
    let random = &mut SystemRandom;
    let draft = super::device::form("draft").into();
    let other = super::device::form("another draft").into();
    let token = Token { token: "token".into(), expires: 9, server: Some(SERVER.into()) };
    let vault = &device.vault;
    let puts = vec![
        vault.seal_draft(None, &draft, random),
        vault.seal_draft(Some(&items[0]), &other, random),
        vault.seal_token(&token, random),
    ];
    {
        let _guard = now(device.disk.lock());
        now(device.disk.apply(puts)).unwrap();
    }
    // A refused item leaves a notice.
    *device.line.stale.borrow_mut() = Some(None);
    device.sync().unwrap();
    *device.line.stale.borrow_mut() = None;
    (device, items)
}

/// Everything that can be read, by what it is; what does not open is left out.
fn readable(device: &Device, items: &[ItemId]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut add = |name: String, text: Option<String>| {
        if let Some(text) = text {
            found.insert(name, text);
        }
    };
    let text = |form: ApiSecretForm| {
        format!("{} {} {:?} {}", form.name, form.client_id, form.tags, *form.client_secret)
    };
    let mut cached =
        Vault::open(device.account(), &device.line.server.owner, super::device::ADDRESS).unwrap();
    let stored = now(Stored::read(&*device.disk)).unwrap();
    let loaded = now(cached.load(&*device.disk, &stored));
    add(
        "cache".into(),
        loaded.ok().map(|()| format!("{:?}", cached.entries().collect::<Vec<_>>())),
    );
    let vault = &device.vault;
    for (at, item) in items.iter().enumerate() {
        let state = device.value(Store::Items, &keys::item(item));
        let pending = device.value(Store::Outbox, &keys::write(item));
        let local = vault.local(item, state.as_deref(), pending.as_deref()).ok();
        let form = local.as_ref().and_then(|local| vault.form(item, local).ok());
        add(format!("form {at}"), form.map(text));
        let secret = local.and_then(|local| vault.reveal(item, &local).ok());
        add(format!("secret {at}"), secret.map(|secret| secret.as_str().to_owned()));
        let key = keys::item(item);
        let held = device.value(Store::State, &key).and_then(|b| vault.open_state(&key, &b).ok());
        add(format!("held {at}"), held.map(|bytes| format!("{:?}", Held::decode(&bytes))));
        let used = device.value(Store::Outbox, &keys::used(item));
        let used = used.and_then(|blob| vault.open_use_write(item, &blob).ok());
        add(format!("use {at}"), used.map(|blob| format!("{:?}", &*blob)));
        let sent = device.value(Store::Outbox, &keys::sent(item));
        let sent = sent.and_then(|blob| vault.open_sent(item, &blob).ok());
        add(format!("sent {at}"), sent.map(|sent| format!("{:?}", sent[0].operation)));
        let draft = device.value(Store::Drafts, &keys::item(item));
        let draft = draft.and_then(|blob| vault.open_draft(Some(item), &blob).ok());
        let draft = draft.map(|draft| draft.form);
        add(format!("draft {at}"), draft.map(text));
    }
    let draft = device.value(Store::Drafts, keys::DRAFT_NEW);
    add(
        "draft".into(),
        draft.and_then(|b| vault.open_draft(None, &b).ok()).map(|draft| text(draft.form)),
    );
    let token = device.value(Store::Session, keys::SESSION);
    let token = token.and_then(|blob| vault.open_token(&blob, SERVER).ok());
    add("token".into(), token.map(|token| token.token));
    let reports = device.value(Store::State, keys::REPORTS);
    let reports = reports.and_then(|blob| vault.open_reports(&blob).ok());
    add("reports".into(), reports.map(|reports| format!("{:?}", reports.0)));
    for key in [keys::CURSOR, keys::ACCOUNT] {
        let state = device.value(Store::State, key).and_then(|b| vault.open_state(key, &b).ok());
        add(key.into(), state.map(|bytes| format!("{bytes:?}")));
    }
    found
}

/// Nothing reads as something else than in `before`.
fn assert_none_changed(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    what: &str,
) {
    for (name, text) in after {
        assert_eq!(before.get(name), Some(text), "{what}: {name}");
    }
}

#[test]
fn any_two_stored_values_swapped_are_refused() {
    let (device, items) = full();
    let before = readable(&device, &items);
    let notice = Notice::of("incomplete", items[0]);
    assert!(device.notices().contains(&notice));
    assert!(before.len() >= 20, "{before:?}");
    let stored = device.disk.values.borrow().clone();
    let names: Vec<_> = stored.keys().filter(|key| key.0 != Store::Device).collect();
    let mut tried = 0;
    for (at, one) in names.iter().enumerate() {
        for other in &names[at + 1..] {
            let mut values = stored.clone();
            values.insert((*one).clone(), stored[*other].clone());
            values.insert((*other).clone(), stored[*one].clone());
            *device.disk.values.borrow_mut() = values;
            let after = readable(&device, &items);
            let what = format!("{one:?} and {other:?}");
            assert_none_changed(&before, &after, &what);
            assert!(after.len() < before.len(), "{what}: everything reads as before");
            tried += 1;
        }
    }
    assert!(tried >= 100);
}

#[test]
fn each_stored_value_changed_or_cut_is_refused() {
    let (device, items) = full();
    let before = readable(&device, &items);
    let stored = device.disk.values.borrow().clone();
    for (key, value) in stored.iter().filter(|(key, _)| key.0 != Store::Device) {
        // Every byte of the bodies is tried elsewhere; here every stored value at some places.
        for at in (0..value.len()).step_by(value.len().div_ceil(12)) {
            let mut changed = value.clone();
            changed[at] ^= 1 << (at % 8);
            for (what, bytes) in [("changed at", changed), ("cut to", value[..at].to_vec())] {
                device.disk.values.borrow_mut().insert(key.clone(), bytes);
                let after = readable(&device, &items);
                assert_none_changed(&before, &after, &format!("{key:?} {what} {at}"));
            }
        }
        device.disk.values.borrow_mut().insert(key.clone(), value.clone());
    }
    assert_eq!(readable(&device, &items), before);
}

#[test]
fn parts_swapped_inside_stored_items_are_refused() {
    let (device, items) = full();
    let original = device.local(&items[2]);
    let state = original.state.clone().unwrap();
    let other = device.state(&items[0]).unwrap();
    let form = |change: &dyn Fn(&mut mysafe_protocol::wire::ItemState)| {
        let mut changed = state.clone();
        change(&mut changed);
        let local = crate::vault::LocalItem::confirmed(changed);
        device.vault.form(&items[2], &local).is_ok()
    };
    assert!(form(&|_| {}));
    assert!(!form(&|state| state.overview = other.overview.clone()), "overview");
    assert!(!form(&|state| state.details = other.details.clone()), "details");
    assert!(!form(&|state| std::mem::swap(&mut state.details, &mut state.overview)), "both");
    assert!(!form(&|state| state.key = other.key.clone()), "key");
    assert!(!form(&|state| state.revision = other.revision.clone()), "revision");
    assert!(!form(&|state| state.revision.signature.0[5] ^= 1), "signature");
    assert!(!form(&|state| *state = other.clone()), "all of another item");
}

#[test]
fn a_token_opens_for_the_server_that_gave_it_and_for_no_other() {
    let (account, server) = account();
    let device = Device::new(&account, &server);
    let random = &mut SystemRandom;
    let token = Token { token: "token".into(), expires: 9, server: Some(SERVER.into()) };
    let blob = device.vault.seal_token(&token, random).into_bytes().unwrap();
    let open =
        |blob: &[u8], server| device.vault.open_token(blob, server).map(|token| token.server);
    assert_eq!(open(&blob, SERVER), Ok(Some(SERVER.into())));
    for other in ["http://mysafe.example.com", "https://mysafe.example.com.evil.example", ""] {
        assert_eq!(open(&blob, other), Err(TokenError::OtherServer), "{other}");
    }
    // An earlier version sealed no address: it is read, to be sealed again with the one at hand.
    let before = Token { server: None, ..token };
    let blob = device.vault.seal_token(&before, random).into_bytes().unwrap();
    assert_eq!(open(&blob, SERVER), Ok(None));
    assert_eq!(open(&blob[1..], SERVER), Err(TokenError::Damaged));
}
