//! "Accept the server's state" of an item: the user's act, and what no act of the user lets in.

use mysafe_protocol::Revision;
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::ErrorCode;

use super::device::{Device, account};
use super::lies::{Scene, all};
use super::now;
use super::received::{accepted, shared};
use crate::sync::{NotAccepted, RESTORED, RemoteError, Side};
use crate::vault::{Refusal, keys};

/// Two devices whose histories of an item went apart: the server has the second's.
fn apart() -> (Device, Device, mysafe_protocol::ItemId) {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    let item = one.add_named("first");
    one.sync_well();
    let mut two = Device::new(&account, &server);
    two.sync_well();
    let backup = server.backup();
    one.rename(&item, "of one");
    one.sync_well();
    server.restore(&backup, true);
    two.rename(&item, "of two");
    two.sync_well();
    (one, two, item)
}

/// The same, and the first device united histories as often as it may today.
fn forked() -> (Device, Device, mysafe_protocol::ItemId) {
    let (mut one, two, item) = apart();
    let times = minicbor::to_vec(vec![1_000_u64; 3]).unwrap();
    let put = one.vault.seal_state(&keys::united(&item), &times, &mut crate::crypto::SystemRandom);
    one.store(vec![put]);
    one.sync().unwrap();
    assert_eq!(one.entry(&item).trouble.as_deref(), Some("forked"));
    assert_eq!(one.name(&item), "of one", "what is held stays");
    (one, two, item)
}

fn accept(
    device: &mut Device,
    item: &mysafe_protocol::ItemId,
    side: Side,
) -> Result<(), NotAccepted> {
    device.with(|sync| now(sync.accept_server(item, side))).unwrap()
}

#[test]
fn histories_of_an_own_item_that_went_apart_are_united_without_a_question() {
    let (mut one, mut two, item) = apart();
    one.edit(&item, |form| form.notes = "unsent".into());
    one.sync().unwrap();
    two.sync().unwrap();
    for device in [&one, &two] {
        let form = device.form(&item);
        assert_eq!((&*form.name, &*form.notes), ("of one", "unsent"));
        device.assert_settled();
    }
    let lines = one.past(&item);
    assert_eq!(lines.len(), 1, "the other value is a line of local history");
    let told: Vec<String> = one.notices().into_iter().map(|notice| notice.code).collect();
    assert_eq!(told, ["both_changed", RESTORED]);
}

#[test]
fn the_user_chooses_whose_content_an_own_item_has() {
    for (side, name) in [(Side::Mine, "of one"), (Side::Theirs, "of two")] {
        let (mut one, mut two, item) = forked();
        let held = one.held(&item).unwrap();
        one.edit(&item, |form| form.notes = "unsent".into());
        one.sync().unwrap();
        assert_eq!(one.entry(&item).trouble.as_deref(), Some("forked"), "still");
        assert_eq!(accept(&mut one, &item, side), Ok(()));
        one.sync_well();
        two.sync_well();
        for device in [&one, &two] {
            let form = device.form(&item);
            assert_eq!((&*form.name, &*form.notes), (name, "unsent"));
            device.assert_settled();
        }
        let newest = Revision::read(&one.line.server.state(&item).revision).unwrap();
        assert_eq!(newest.epoch, 1);
        assert!(one.held(&item).unwrap().revision > held.revision);
        assert_eq!(one.past(&item).len(), 1, "the other side is a line of local history");
    }
}

#[test]
fn an_item_of_somebody_else_takes_no_edit_until_a_version_leads_back() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    scene.second.sync_well();
    let backup = scene.ana.line.server.backup();
    scene.bea.rename(&item, "of bea");
    scene.bea.sync_well();
    let lost = scene.bea.held(&item).unwrap();
    scene.ana.line.server.restore(&backup, true);
    scene.ana.rename(&item, "of ana");
    scene.ana.sync_well();
    scene.ana.rename(&item, "again of ana");
    scene.ana.sync_well();
    // Editors unite in one epoch by themselves; somebody who may view only waits.
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.entry(&item).trouble, None);
    assert_ne!(scene.bea.held(&item).unwrap().hash, lost.hash);
    scene.ana.sync().unwrap();
    scene.ana.assert_settled();
    // An epoch later, only the owner may unite.
    let backup = scene.ana.line.server.backup();
    scene.bea.rename(&item, "lost");
    scene.bea.sync_well();
    let lost = scene.bea.held(&item).unwrap();
    scene.ana.line.server.restore(&backup, true);
    scene.share(Permission::View);
    scene.share(Permission::Edit);
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.entry(&item).trouble.as_deref(), Some("forked"));
    assert_eq!(scene.bea.name(&item), "lost");
    let lines = scene.bea.past(&item).len();
    assert_eq!(accept(&mut scene.bea, &item, Side::Theirs), Ok(()));
    let held = scene.bea.held(&item).unwrap();
    assert!(held.remembers(&lost.head()), "all that was held is remembered");
    assert_eq!(scene.bea.past(&item).len(), lines + 1);
    // The accepted version leads back to one of the same epoch and list: edits go on.
    assert!(!held.is_apart());
    assert_eq!(scene.try_rename("x"), Ok(()));
}

/// The server has lost what somebody holds and denies the item's history.
#[test]
fn no_lie_is_accepted_by_that_act() {
    let mut tried = 0;
    for lie in all() {
        let mut scene = Scene::new();
        let (state, between) = ((lie.state)(&scene), (lie.between)(&scene));
        let item = scene.item;
        let held = scene.device.held(&item);
        *scene.device.line.item.borrow_mut() = Some(Box::new(move |_| Ok(state.clone())));
        *scene.device.line.between.borrow_mut() = Some(Box::new(move |_| between.clone()));
        let answer = accept(&mut scene.device, &item, Side::Theirs);
        if let Err(NotAccepted::Refused(refusal)) = answer {
            tried += 1;
            assert_eq!(scene.device.held(&item), held, "{}", lie.name);
            // Over the owner's revision both are united though bodies are withheld: the server shows another one then.
            let below = [
                "a body between withheld",
                "the newest body withheld",
                "a revision that follows another history",
            ];
            let united = below.contains(&lie.name) && refusal.code() == "forked";
            assert!(united || refusal.code() == lie.code, "{}: {refusal:?}", lie.name);
        } else {
            // An own revision beside is united, whichever it follows; an older one is sent again.
            assert!(["forked", "went_back"].contains(&lie.code), "{}: {answer:?}", lie.name);
        }
    }
    assert!(tried >= 24, "{tried}");
    let mut scene = shared(Permission::View);
    let withheld = |_| Err(RemoteError::Refused(ErrorCode::NotFound));
    *scene.bea.line.item.borrow_mut() = Some(Box::new(withheld));
    let item = scene.item;
    let answer = accept(&mut scene.bea, &item, Side::Theirs);
    assert_eq!(answer, Err(NotAccepted::Refused(Refusal::Incomplete)));
}
