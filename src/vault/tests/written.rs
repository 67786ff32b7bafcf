//! Items written as a client writes them, rule by rule as a test wants them.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Context, ItemId, Revision};

use super::blob;
use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};
use crate::model::{Details, Overview, Secret};
use crate::vault::{Accepted, Held, Known, People, Reader, Refusal, accept};

pub(super) const ITEM: ItemId = ItemId([5; 16]);

/// An account that writes and accepts.
pub(super) struct Author {
    pub(super) account: AccountKey,
    pub(super) identity: Identity,
    key: ItemKey,
    people: People,
}

impl Author {
    pub(super) fn new() -> Self {
        let random = &mut SystemRandom;
        let account = AccountKey::generate(random);
        let identity = Identity::of(&account, "ana@example.com");
        Self { account, identity, key: ItemKey::generate(random), people: People::default() }
    }

    /// The revision after `before`, or the first, changed before it is sealed and signed.
    pub(super) fn write(
        &self,
        before: Option<&ItemState>,
        change: impl FnOnce(&mut Revision),
    ) -> ItemState {
        let last = before.map(|state| Revision::read(&state.revision).unwrap());
        let mut revision = Revision {
            item: ITEM,
            epoch: 1,
            revision: last.map_or(1, |last| last.revision + 1),
            list: None,
            content: Hash([0; 32]),
            status: Status::Active,
            author: self.identity.user(),
            time: 9,
            prev: before.map(|state| state.revision.hash()),
            also: None,
        };
        change(&mut revision);
        let (random, user) = (&mut SystemRandom, self.identity.user());
        let Revision { epoch, revision: number, .. } = revision;
        let overview = Overview { name: "name".into(), ..Default::default() }.encode();
        let details = Details::new(Secret::new("secret")).encode();
        let (overview, details) = match revision.status {
            Status::Deleted => (Vec::new(), Vec::new()),
            _ => (
                self.key.seal_overview(&ITEM, epoch, number, &overview, random),
                self.key.seal_details(&ITEM, epoch, number, &details, random),
            ),
        };
        revision.content = Context::item_content(&overview, &details).hash();
        ItemState {
            item: ITEM,
            owner: user,
            revision: self.identity.sign_revision(&revision),
            overview: blob(overview),
            details: blob(details),
            key: blob(self.key.wrap(&self.account, &user, &ITEM, epoch, random)),
            list: None,
        }
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { account: &self.account, identity: &self.identity, people: &self.people }
    }

    /// So many revisions, each after the one before.
    pub(super) fn history(&self, length: usize) -> Vec<ItemState> {
        let mut states: Vec<ItemState> = Vec::new();
        for _ in 0..length {
            states.push(self.write(states.last(), |_| {}));
        }
        states
    }

    pub(super) fn accept(
        &self,
        held: Option<&Held>,
        state: &ItemState,
        between: &[&ItemState],
    ) -> Result<Accepted, Refusal> {
        let between: Vec<_> = between.iter().map(|state| state.revision.clone()).collect();
        accept(&self.reader(), &ITEM, held.map(Known::of), state, &between)
    }

    pub(super) fn refusal(
        &self,
        held: Option<&Held>,
        state: &ItemState,
        between: &[&ItemState],
    ) -> Option<Refusal> {
        self.accept(held, state, between).err()
    }
}

/// What is held once a state is accepted.
pub(super) fn held(state: &ItemState) -> Held {
    Held::of(&Revision::read(&state.revision).unwrap(), state.revision.hash())
}
