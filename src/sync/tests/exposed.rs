//! Who could have read the client secret of one's own item since when.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::RevisionsResponse;
use mysafe_protocol::{ItemId, UserId};

use super::device::Device;
use super::now;
use super::sharing::{Scene, pin, scene};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::{Exposed, ExposedError, Notice};
use crate::vault::{Refusal, Share, ShareError};

const CHO: &str = "cho@example.com";

/// Access is changed at this time.
fn change(device: &mut Device, at: u64, item: &ItemId, with: &[UserId], from: &[UserId]) {
    let share = |user: &UserId| Share { user: *user, permission: Permission::View, until: None };
    let with: Vec<Share> = with.iter().map(share).collect();
    let changed: Result<(), ShareError> = device
        .with(|sync| {
            sync.now = at;
            now(sync.change_access(item, &with, from))
        })
        .unwrap();
    changed.unwrap();
}

fn exposed(
    device: &mut Device,
    item: &ItemId,
    users: &[UserId],
) -> Result<Vec<Exposed>, ExposedError> {
    device.with(|sync| now(sync.exposed(item, users))).unwrap()
}

/// Bea had access from 10 to 20, Cho has it since 20 and again since 40 after 30.
fn story() -> (Scene, Identity) {
    let mut scene = scene();
    let Scene { one, bea, item, .. } = &mut scene;
    let cho = Identity::of(&AccountKey::generate(&mut SystemRandom), CHO);
    one.line.server.data.borrow_mut().people.insert(cho.user(), cho.signed_bundle());
    pin(one, &bea.user()).unwrap();
    one.with(|sync| now(sync.pin(&cho.user(), CHO))).unwrap().unwrap();
    let (bea, cho_id) = (bea.user(), cho.user());
    change(one, 10, item, &[bea], &[]);
    one.rename(item, "b");
    one.sync_well();
    change(one, 20, item, &[cho_id], &[bea]);
    change(one, 30, item, &[], &[cho_id]);
    change(one, 40, item, &[cho_id], &[]);
    (scene, cho)
}

#[test]
fn the_owner_sees_since_when_until_when_and_whether_the_secret_was_changed_since() {
    let (Scene { mut one, mut two, bea, item }, cho) = story();
    let (user, cho) = (bea.user(), cho.user());
    let hers = Exposed { user, since: 10, until: Some(20), rotated: false, complete: true };
    let chos = Exposed { user: cho, since: 20, until: None, rotated: false, complete: true };
    let mut all = [hers, chos];
    all.sort_by_key(|one| one.user);
    two.sync_well();
    for device in [&mut one, &mut two] {
        assert_eq!(exposed(device, &item, &[]).unwrap(), all);
        assert_eq!(exposed(device, &item, &[user]).unwrap(), [hers]);
        assert_eq!(exposed(device, &item, &[UserId([9; 32])]).unwrap(), []);
    }
    // In several answers.
    one.line.server.data.borrow_mut().bodies_in_one = 1;
    assert_eq!(exposed(&mut one, &item, &[]).unwrap(), all);
    one.line.server.data.borrow_mut().bodies_in_one = 1_000;

    // Changed here, and not yet on the server: what is there is still what she read.
    one.edit(&item, |form| *form.client_secret = "new".into());
    assert_eq!(exposed(&mut one, &item, &[user]).unwrap(), [hers]);
    one.sync_well();
    assert_eq!(exposed(&mut one, &item, &[user]).unwrap(), [Exposed { rotated: true, ..hers }]);
    // Whoever has access reads the new one.
    assert_eq!(exposed(&mut one, &item, &[cho]).unwrap(), [chos]);
    // The old one is put back.
    one.edit(&item, |form| *form.client_secret = "secret of a".into());
    one.sync_well();
    assert_eq!(exposed(&mut one, &item, &[user]).unwrap(), [hers]);
}

#[test]
fn over_many_versions_too() {
    let (Scene { mut one, bea, item, .. }, _) = story();
    for number in 0..45 {
        one.edit(&item, |form| *form.client_secret = format!("secret {number}"));
        one.sync_well();
    }
    let told = exposed(&mut one, &item, &[bea.user()]).unwrap();
    assert_eq!((told[0].since, told[0].until, told[0].rotated), (10, Some(20), true));
}

#[test]
fn what_a_server_withholds_is_said_or_refused_and_no_list_is_invented() {
    let (Scene { mut one, bea, item, .. }, _) = story();
    type Lie = Box<dyn Fn(&mut RevisionsResponse)>;
    let told = exposed(&mut one, &item, &[bea.user()]).unwrap();
    let lists: [(&str, Lie); 3] = [
        ("no lists", Box::new(|answer| answer.lists.clear())),
        ("not hers", Box::new(|answer| drop(answer.lists.remove(0)))),
        ("a bent one", Box::new(|answer| answer.lists[0].body.0[40] ^= 1)),
    ];
    for (lie, twist) in lists {
        *one.line.between.borrow_mut() = Some(Box::new(move |answer| {
            let mut answer = answer.unwrap();
            if !answer.revisions.is_empty() {
                twist(&mut answer);
            }
            Ok(answer)
        }));
        let all = exposed(&mut one, &item, &[]).unwrap();
        assert!(all.iter().all(|one| !one.complete && one.user != bea.user()), "{lie}: {all:?}");
        assert_eq!(one.notices(), [], "{lie}");
    }
    let signature = |answer: &mut RevisionsResponse| answer.lists[0].signature.0[3] ^= 1;
    let bodies: [(&str, Refusal, Lie); 3] = [
        ("a list nobody signed", Refusal::Forged, Box::new(signature)),
        ("a body less", Refusal::Incomplete, Box::new(|answer| drop(answer.revisions.remove(1)))),
        ("a bent body", Refusal::Incomplete, Box::new(|answer| answer.revisions[1].body.0[9] ^= 1)),
    ];
    for (lie, refusal, twist) in bodies {
        *one.line.between.borrow_mut() = Some(Box::new(move |answer| {
            let mut answer = answer.unwrap();
            if !answer.revisions.is_empty() {
                twist(&mut answer);
            }
            Ok(answer)
        }));
        let refused = exposed(&mut one, &item, &[bea.user()]);
        assert_eq!(refused, Err(ExposedError::Refused(refusal)), "{lie}");
        let code = refusal.code().to_owned();
        assert!(
            one.notices().contains(&Notice { code, item: Some(item), name: None, people: vec![] }),
            "{lie}"
        );
    }
    *one.line.between.borrow_mut() = None;
    assert_eq!(exposed(&mut one, &item, &[bea.user()]).unwrap(), told);
    assert_eq!(exposed(&mut one, &ItemId([9; 16]), &[]), Err(ExposedError::Gone));
}
