//! What a server can lie about once it says that it was restored.

use mysafe_protocol::ServerEpoch;
use mysafe_protocol::wire::{ChangesResponse, HistoryResponse, ItemVersion};

use super::lies::{Scene, all};
use super::restored::Story;
use crate::sync::{BOTH_CHANGED, Notice, RemoteError};
use crate::vault::{Store, keys};

/// Nobody but the user's own devices can make a revision: whatever else is in the answer is refused,
/// and what is held stays.
#[test]
fn a_lie_about_what_is_sent_again_is_refused() {
    for lie in all() {
        let mut scene = Scene::new();
        let item = scene.item;
        scene.device.disk.values.borrow_mut().remove(&(Store::Outbox, keys::write(&item)));
        let held = (scene.device.held(&item), scene.device.state(&item));
        let (state, between) = ((lie.state)(&scene), (lie.between)(&scene));
        // It says that it was restored and lost the item.
        *scene.device.line.page.borrow_mut() = Some(Box::new(|page| ChangesResponse {
            epoch: ServerEpoch([7; 16]),
            items: vec![],
            more: false,
            ..page
        }));
        *scene.device.line.between.borrow_mut() = Some(Box::new(move |_| between.clone()));
        *scene.device.line.item.borrow_mut() = Some(Box::new(move |_| Ok(state.clone())));
        scene.device.line.uploads.borrow_mut().clear();
        scene.device.sync().unwrap();
        assert_eq!((scene.device.held(&item), scene.device.state(&item)), held, "{}", lie.name);
        let code = scene.device.entry(&item).trouble.clone();
        assert_eq!(code.as_deref(), Some(lie.code), "{}", lie.name);
        assert!(scene.device.notices().contains(&Notice::of(lie.code, item)));
        let uploads = scene.device.line.uploads.borrow();
        assert!(!uploads.contains(&item), "{}: uploaded", lie.name);
    }
}

/// The revision from which two histories come is one that was accepted here before, or none.
#[test]
fn a_lie_about_the_shared_revision_is_not_believed() {
    type Lie = fn(Vec<ItemVersion>) -> Result<Vec<ItemVersion>, RemoteError>;
    let lies: &[(&str, Lie)] = &[
        ("withheld", |_| Ok(vec![])),
        ("denied", |_| Err(RemoteError::Malformed)),
        ("other content", |mut versions| {
            for version in &mut versions {
                version.overview.0[40] ^= 1;
            }
            Ok(versions)
        }),
        ("another revision's content", |mut versions| {
            versions[0].overview = versions[1].overview.clone();
            Ok(versions)
        }),
        ("another body", |mut versions| {
            for version in &mut versions {
                version.revision.body.0[3] ^= 1;
            }
            Ok(versions)
        }),
    ];
    for (name, lie) in lies {
        let mut story = Story::restored();
        let item = story.item;
        story.device(2).edit(&item, |form| form.tags.push("of three".into()));
        story.sync(2);
        let lie = *lie;
        *story.device(0).line.history.borrow_mut() = Some(Box::new(move |answer| {
            lie(answer?.versions).map(|versions| HistoryResponse {
                versions,
                keys: Vec::new(),
                more: false,
                rest: false,
            })
        }));
        story.sync(0);
        // Without it every difference counts as changed by both: ours is on top, and it is told.
        let told = Notice::of(BOTH_CHANGED, item);
        assert!(story.device(0).notices().contains(&told), "{name}");
        let form = story.device(0).form(&item);
        assert_eq!((&*form.name, form.tags.len()), ("d", 3), "{name}");
        story.device(0).assert_settled();
    }
}
