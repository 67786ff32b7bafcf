//! The table, and the people in it.

use std::rc::Rc;

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Status};
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bundle, Bytes, Context, Revision, Signed, UserId};

use super::super::device::Device;
use super::super::now;
use super::super::received::{Scene as Two, accepted};
use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};
use crate::model::{Details, Secret, Stamp};
use crate::vault::Share;

/// Bea may edit an item of Ana, as Eva may; Cho may view it; Dan could edit it in the epoch before. An
/// edit of Bea waits.
pub(in crate::sync::tests) struct Scene {
    pub(in crate::sync::tests) two: Two,
    pub(in crate::sync::tests) cho: Identity,
    pub(in crate::sync::tests) dan: Identity,
    pub(in crate::sync::tests) eva: Identity,
    /// What Bea held in the epoch before.
    old: ItemState,
    pub(in crate::sync::tests) held: ItemState,
}

pub(in crate::sync::tests) fn scene() -> Scene {
    let mut two = accepted(Permission::Edit);
    let server = Rc::clone(&two.ana.line.server);
    let [cho, dan, eva] = ["cho", "dan", "eva"].map(|name| {
        let key = AccountKey::generate(&mut SystemRandom);
        Device::of(&key, &format!("{name}@example.com"), &server).identity()
    });
    let rights = [(&cho, Permission::View), (&dan, Permission::Edit), (&eva, Permission::Edit)];
    let with = rights.map(|(who, permission)| Share { user: who.user(), permission, until: None });
    for (who, _) in &rights {
        let pinned = two.ana.with(|sync| now(sync.pin(&who.user(), who.address())));
        pinned.unwrap().unwrap();
    }
    let item = two.item;
    two.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    two.bea.sync_well();
    let old = two.bea.state(&item).unwrap();
    two.ana.with(|sync| now(sync.revoke(&item, &[dan.user()]))).unwrap().unwrap();
    two.bea.sync_well();
    let held = two.bea.state(&item).unwrap();
    two.bea.edit(&item, |form| form.notes = "mine".into());
    Scene { two, cho, dan, eva, old, held }
}

impl Scene {
    fn key(&self) -> ItemKey {
        ItemKey::disclose(&self.two.bea.identity(), &self.two.item, 4, &self.held.key).unwrap()
    }

    /// A revision over the held one, by whoever: somebody gave them the key.
    pub(in crate::sync::tests) fn by(
        &self,
        author: &Identity,
        change: impl FnOnce(&mut Revision),
    ) -> ItemState {
        self.signed(author, self.key(), change)
    }

    fn signed(
        &self,
        author: &Identity,
        key: ItemKey,
        change: impl FnOnce(&mut Revision),
    ) -> ItemState {
        let mut revision = Revision::read(&self.held.revision).unwrap();
        revision.revision += 1;
        revision.prev = Some(self.held.revision.hash());
        revision.author = author.user();
        change(&mut revision);
        let mut overview = self.two.bea.entry(&self.two.item).overview.clone();
        overview.changed = Some(Stamp { user: revision.author, time: 1 });
        let details = Details::new(Secret::new("theirs")).encode();
        let (item, epoch, number) = (&self.two.item, revision.epoch, revision.revision);
        let random = &mut SystemRandom;
        let overview = key.seal_overview(item, epoch, number, &overview.encode(), random);
        let details = key.seal_details(item, epoch, number, &details, random);
        let deleted = revision.status == Status::Deleted;
        let (overview, details) = if deleted { Default::default() } else { (overview, details) };
        revision.content = Context::item_content(&overview, &details).hash();
        ItemState {
            revision: author.sign_revision(&revision),
            overview: Bytes(overview),
            details: Bytes(details),
            ..self.held.clone()
        }
    }

    /// An epoch that somebody begins, with everybody in it.
    pub(in crate::sync::tests) fn epoch(
        &self,
        signer: &Identity,
        epoch: u64,
        owner: UserId,
    ) -> ItemState {
        let (item, random) = (self.two.item, &mut SystemRandom);
        let key = ItemKey::generate(random);
        let users = [self.two.bea.line.user, self.dan.user(), self.eva.user()];
        let grant = |user| {
            let to = Grantee::User(user);
            Grant { to, permission: Permission::Edit, until: None }
        };
        let mut grants: Vec<Grant> =
            users.into_iter().filter(|user| *user != owner).map(grant).collect();
        AccessList::sort(&mut grants);
        let list = AccessList { item, epoch, owner, commit: key.commit(&item, epoch), grants };
        let list = signer.sign_list(&list);
        let bea = Bundle::accept(&self.two.bea.identity().signed_bundle()).unwrap();
        let envelope = key.enclose(&bea, &item, epoch, random).unwrap();
        let state = self.signed(signer, key, |revision| {
            revision.epoch = epoch;
            revision.list = Some(list.hash());
        });
        ItemState { key: Bytes(envelope), list: Some(list), owner, ..state }
    }
}

fn flipped(signed: &Signed, body: bool) -> Signed {
    let mut bent = signed.clone();
    let bytes = if body { &mut bent.body.0 } else { &mut bent.signature.0 };
    let at = bytes.len() - 1;
    bytes[at] ^= 1;
    bent
}

/// What it says, the code it is refused with, and what the server gives.
pub(in crate::sync::tests) type Lie = (&'static str, &'static str, fn(&Scene) -> ItemState);

pub(in crate::sync::tests) const LIES: &[Lie] = &[
    ("the epoch before", "went_back", |s| s.old.clone()),
    ("the list of the epoch before", "incomplete", |s| ItemState {
        list: s.old.list.clone(),
        ..s.by(&s.eva, |_| {})
    }),
    ("no list", "incomplete", |s| ItemState { list: None, ..s.by(&s.eva, |_| {}) }),
    ("a byte of the list", "forged", |s| {
        let list = s.held.list.as_ref().map(|list| flipped(list, true));
        ItemState { list, ..s.by(&s.eva, |_| {}) }
    }),
    ("a byte of the list's signature", "forged", |s| {
        let list = s.held.list.as_ref().map(|list| flipped(list, false));
        ItemState { list, ..s.by(&s.eva, |_| {}) }
    }),
    ("a list by an editor, with a former one in it again", "forged", |s| {
        s.epoch(&s.eva, 5, s.held.owner)
    }),
    ("a list by the former editor", "forged", |s| s.epoch(&s.dan, 5, s.held.owner)),
    ("another list of the same epoch", "forged", |s| {
        s.epoch(&s.two.ana.identity(), 4, s.held.owner)
    }),
    ("an editor as owner", "forged", |s| s.epoch(&s.eva, 5, s.eva.user())),
    ("oneself as owner", "forged", |s| ItemState { owner: s.two.bea.line.user, ..s.held.clone() }),
    ("another owner of the same list", "forged", |s| ItemState {
        owner: s.eva.user(),
        ..s.by(&s.eva, |_| {})
    }),
    ("a viewer's revision", "forged", |s| s.by(&s.cho, |_| {})),
    ("a viewer's revision as an editor's", "forged", |s| {
        s.by(&s.cho, |revision| revision.author = s.eva.user())
    }),
    ("a viewer's revision as the owner's", "forged", |s| {
        s.by(&s.cho, |revision| revision.author = s.held.owner)
    }),
    ("a former editor's late revision", "forged", |s| s.by(&s.dan, |_| {})),
    ("a former editor's revision of the epoch before", "incomplete", |s| {
        s.by(&s.dan, |revision| {
            revision.epoch = 3;
            revision.list = s.old.list.as_ref().map(Signed::hash);
        })
    }),
    ("a revision under the list of the epoch before", "incomplete", |s| {
        s.by(&s.eva, |revision| revision.list = s.old.list.as_ref().map(Signed::hash))
    }),
    ("a revision of the private epoch", "incomplete", |s| {
        s.by(&s.eva, |revision| (revision.epoch, revision.list) = (1, None))
    }),
    ("a status flipped", "forged", |s| {
        let mut state = s.by(&s.eva, |_| {});
        let mut revision = Revision::read(&state.revision).unwrap();
        revision.status = Status::Inactive;
        state.revision.body = Bytes(revision.encode());
        state
    }),
    ("an editor's deletion", "forged", |s| {
        s.by(&s.eva, |revision| revision.status = Status::Deleted)
    }),
    ("an editor's new epoch", "incomplete", |s| s.by(&s.eva, |revision| revision.epoch = 5)),
    ("the held revision with other bytes", "forged", |s| {
        s.by(&s.eva, |revision| {
            revision.revision -= 1;
            revision.prev = Some(s.old.revision.hash());
        })
    }),
    ("a revision that follows another", "incomplete", |s| {
        s.by(&s.eva, |revision| revision.prev = Some(s.old.revision.hash()))
    }),
    ("another item", "forged", |s| {
        s.by(&s.eva, |revision| revision.item = mysafe_protocol::ItemId([9; 16]))
    }),
];
