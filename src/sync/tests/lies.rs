//! The lies a server can tell about one item, each breaking one rule of acceptance. Some need
//! the user's own key, so no server could make them: they show that the rule itself is checked.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ItemState, RevisionsResponse};
use mysafe_protocol::{Bytes, Context, ItemId, Revision, limits};

use super::device::{ADDRESS, Device, account};
use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};

/// A device that holds revision 2 of an item, with an edit and a use that wait, and another item.
pub(super) struct Scene {
    pub(super) device: Device,
    pub(super) item: ItemId,
    pub(super) other: ItemId,
    /// The item's first revision.
    first: ItemState,
    /// What is held.
    held: ItemState,
    /// Honest revisions after the held one, not on the server.
    third: ItemState,
    fourth: ItemState,
    stranger: AccountKey,
}

/// One lie, the code it is refused with, and what the server says about the bodies between.
pub(super) struct Lie {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) state: fn(&Scene) -> ItemState,
    pub(super) between: fn(&Scene) -> Between,
}

pub(super) type Between = Result<RevisionsResponse, crate::sync::RemoteError>;

impl Scene {
    pub(super) fn new() -> Self {
        let (account, server) = account();
        let mut device = Device::new(&account, &server);
        let item = device.add_named("one");
        let other = device.add_named("other");
        device.sync_well();
        let first = server.state(&item);
        device.rename(&item, "two");
        device.sync_well();
        let held = server.state(&item);
        device.edit(&item, |form| form.notes = "mine".into());
        device.used(&item, 5);
        let stranger = AccountKey::generate(&mut SystemRandom);
        let (third, fourth) = (held.clone(), held.clone());
        let mut scene = Self { device, item, other, first, held, third, fourth, stranger };
        scene.third = scene.written(|_| {});
        scene.fourth = scene.over(&scene.third, |_| {});
        scene
    }

    /// A new item of a state, signed and sealed as it must be, then changed.
    fn written(&self, change: impl FnOnce(&mut Revision)) -> ItemState {
        self.over(&self.held, change)
    }

    fn over(&self, before: &ItemState, change: impl FnOnce(&mut Revision)) -> ItemState {
        let (account, identity) = (self.device.account(), self.device.identity());
        let mut revision = Revision::read(&before.revision).unwrap();
        revision.revision += 1;
        revision.prev = Some(before.revision.hash());
        change(&mut revision);
        let key =
            ItemKey::unwrap(&account, &identity.user(), &before.item, 1, &before.key).unwrap();
        let (epoch, number) = (revision.epoch, revision.revision);
        let overview = &self.device.entry(&before.item).overview;
        let details = crate::model::Details::new(crate::model::Secret::new("theirs"));
        let random = &mut SystemRandom;
        let seal = |key: &ItemKey, random: &mut SystemRandom| {
            let item = &before.item;
            let overview = key.seal_overview(item, epoch, number, &overview.encode(), random);
            (overview, key.seal_details(item, epoch, number, &details.encode(), random))
        };
        let (overview, details) = seal(&key, random);
        revision.content = Context::item_content(&overview, &details).hash();
        ItemState {
            revision: identity.sign_revision(&revision),
            overview: Bytes(overview),
            details: Bytes(details),
            ..before.clone()
        }
    }

    fn stranger(&self) -> Identity {
        Identity::of(&self.stranger, ADDRESS)
    }

    /// An item of the stranger's, honest in itself.
    fn strangers_item(&self, item: ItemId) -> ItemState {
        let (owner, random) = (self.stranger(), &mut SystemRandom);
        let key = ItemKey::generate(random);
        let overview = Bytes(key.seal_overview(&item, 1, 1, &[0xa0], random));
        let details = Bytes(key.seal_details(&item, 1, 1, &[0xa0], random));
        let revision = Revision {
            item,
            epoch: 1,
            revision: 1,
            list: None,
            content: Context::item_content(&overview, &details).hash(),
            status: Status::Active,
            author: owner.user(),
            time: 1,
            prev: None,
            also: None,
        };
        ItemState {
            item,
            owner: revision.author,
            revision: owner.sign_revision(&revision),
            overview,
            details,
            key: Bytes(key.wrap(&self.stranger, &owner.user(), &item, 1, random)),
            list: None,
        }
    }
}

fn bodies(of: &[&ItemState]) -> Between {
    let revisions = of.iter().map(|state| state.revision.clone()).collect();
    Ok(RevisionsResponse { revisions, lists: vec![] })
}

fn honest(scene: &Scene) -> Between {
    Ok(scene.device.line.server.revisions_after(&scene.item, 2))
}

fn withheld(_: &Scene) -> Between {
    bodies(&[])
}

fn flipped(bytes: &Bytes, at: usize) -> Bytes {
    let mut changed = bytes.clone();
    changed.0[at] ^= 1;
    changed
}

fn cut(bytes: &Bytes) -> Bytes {
    Bytes(bytes[..bytes.len() - 1].to_vec())
}

macro_rules! lies {
    ($($name:literal, $code:expr, $state:expr $(, $between:expr)?;)*) => {
        &[$(lies!(@one $name, $code, $state $(, $between)?)),*]
    };
    (@one $name:literal, $code:expr, $state:expr) => {
        lies!(@one $name, $code, $state, honest)
    };
    (@one $name:literal, $code:expr, $state:expr, $between:expr) => {
        Lie { name: $name, code: $code, state: $state, between: $between }
    };
}

/// The code of lies that only somebody with the owner's key can tell: both histories are united.
pub(super) const SETTLED: &str = "settled";

/// The lies about one item that are refused.
pub(super) fn all() -> impl Iterator<Item = &'static Lie> {
    LIES.iter().filter(|lie| lie.code != SETTLED)
}

/// The others.
pub(super) fn settled() -> impl Iterator<Item = &'static Lie> {
    LIES.iter().filter(|lie| lie.code == SETTLED)
}

/// The table.
pub(super) const LIES: &[Lie] = lies! {
    "a byte of the overview", "forged", |s| {
        let state = s.third.clone();
        ItemState { overview: flipped(&state.overview, 40), ..state }
    };
    "a byte of the details", "forged", |s| {
        let state = s.third.clone();
        ItemState { details: flipped(&state.details, 40), ..state }
    };
    "a byte of the signature", "forged", |s| {
        let mut state = s.third.clone();
        state.revision.signature = flipped(&state.revision.signature, 3);
        state
    };
    "a byte of the body", "forged", |s| {
        let mut state = s.third.clone();
        let last = state.revision.body.len() - 1;
        state.revision.body = flipped(&state.revision.body, last);
        state
    }, withheld;
    "a cut overview", "forged", |s| {
        let state = s.third.clone();
        ItemState { overview: cut(&state.overview), ..state }
    };
    "cut details", "forged", |s| ItemState { details: cut(&s.third.details), ..s.third.clone() };
    "a cut body", "forged", |s| {
        let mut state = s.third.clone();
        state.revision.body = cut(&state.revision.body);
        state
    };
    "overview and details swapped", "forged", |s| {
        let state = s.third.clone();
        ItemState { overview: state.details, details: state.overview, ..state }
    };
    "the overview of the revision before", "forged", |s| {
        ItemState { overview: s.held.overview.clone(), ..s.third.clone() }
    };
    "the details of the revision before", "forged", |s| {
        ItemState { details: s.held.details.clone(), ..s.third.clone() }
    };
    "the parts of another item", "forged", |s| {
        let other = s.device.state(&s.other).unwrap();
        ItemState { overview: other.overview, details: other.details, ..s.third.clone() }
    };
    "the revision of another item", "forged", |s| {
        ItemState { item: s.item, ..s.over(&s.device.state(&s.other).unwrap(), |_| {}) }
    };
    "a revision that names another item", "forged", |s| s.written(|r| r.item = s.other);
    "the revision before the held one", SETTLED, |s| s.first.clone();
    "the held revision with other bytes", SETTLED, |s| {
        s.written(|r| {
            r.revision = 2;
            r.prev = Some(s.first.revision.hash());
        })
    };
    "a revision that follows another history", "incomplete",
        |s| s.written(|r| r.prev = Some(Hash([7; 32]))),
        |s| bodies(&[&s.written(|r| r.prev = Some(Hash([7; 32])))]);
    "a revision that follows the one before the held one", SETTLED,
        |s| s.written(|r| r.prev = Some(s.first.revision.hash())),
        |s| bodies(&[&s.written(|r| r.prev = Some(s.first.revision.hash()))]);
    "a revision that follows nothing", "forged", |s| s.written(|r| r.prev = None);
    "bodies between withheld", "incomplete", |s| s.fourth.clone(), withheld;
    "bodies between denied", "incomplete", |s| s.fourth.clone(),
        |_| Err(crate::sync::RemoteError::Refused(mysafe_protocol::wire::ErrorCode::NotFound));
    "a body between withheld", "incomplete", |s| s.fourth.clone(), |s| bodies(&[&s.fourth]);
    "the newest body withheld", "incomplete", |s| s.fourth.clone(),
        |s| bodies(&[&s.third]);
    "a body between of another item", "forged", |s| s.fourth.clone(),
        |s| bodies(&[&s.over(&s.device.state(&s.other).unwrap(), |r| r.revision = 3)]);
    "a body between by somebody else", "forged", |s| s.fourth.clone(), |s| {
        let revision = s.stranger().sign_revision(&Revision::read(&s.held.revision).unwrap());
        bodies(&[&ItemState { revision, ..s.third.clone() }])
    };
    "another owner", "forged", |s| ItemState { owner: s.stranger().user(), ..s.third.clone() };
    "an item of somebody else's", "forged", |s| s.strangers_item(s.item);
    "an item of somebody else's as mine", "forged", |s| {
        ItemState { owner: s.held.owner, ..s.strangers_item(s.item) }
    };
    "an item of somebody else's as mine, with my key", "forged", |s| {
        ItemState { owner: s.held.owner, key: s.held.key.clone(), ..s.strangers_item(s.item) }
    };
    "another author", "forged", |s| s.written(|r| r.author = s.stranger().user());
    "another signer", "forged", |s| {
        let mut state = s.third.clone();
        let body = Revision::read(&state.revision).unwrap();
        state.revision = s.stranger().sign_revision(&body);
        state
    };
    "a status changed without signature", "forged", |s| {
        let mut state = s.third.clone();
        let mut body = Revision::read(&state.revision).unwrap();
        body.status = Status::Inactive;
        state.revision.body = Bytes(body.encode());
        state
    };
    "a body in another encoding", "forged", |s| {
        let mut state = s.third.clone();
        // The map's nine keys announced in two bytes.
        state.revision.body = Bytes([&[0xb8, 8], &state.revision.body[1..]].concat());
        state
    };
    "a revision too far ahead", "forged", |s| s.written(|r| r.revision += limits::GAP);
    "another epoch without its list", "incomplete", |s| {
        let (account, user) = (s.device.account(), s.held.owner);
        let key = ItemKey::generate(&mut SystemRandom);
        let state = s.written(|r| {
            r.epoch = 2;
            r.list = Some(Hash([1; 32]));
        });
        let key = key.wrap(&account, &user, &s.item, 2, &mut SystemRandom);
        ItemState { key: Bytes(key), ..state }
    };
    "a deletion with content", "forged", |s| s.written(|r| r.status = Status::Deleted);
    "empty parts without deletion", "forged", |s| {
        ItemState { overview: Bytes(vec![]), details: Bytes(vec![]), ..s.third.clone() }
    };
};
