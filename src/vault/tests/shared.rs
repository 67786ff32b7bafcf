//! Ana, who owns an item, and Bea and Cho, with whom she shares it; nothing between them but what
//! they write.

use mysafe_protocol::bodies::{Permission, Status};
use mysafe_protocol::wire::{Envelope, ItemState, ItemWriteRequest};
use mysafe_protocol::{Revision, UserId};

use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};
use crate::model::{AccountRecordBody, ApiSecretForm};
use crate::vault::{Held, LocalItem, Share, Vault, state_of};

pub(super) const VIEW: Permission = Permission::View;
pub(super) const EDIT: Permission = Permission::Edit;

pub(super) fn now() -> u64 {
    1_800_000_000_000
}

/// One person's device.
pub(super) struct Side {
    pub(super) vault: Vault,
    pub(super) identity: Identity,
    pub(super) contacts: AccountRecordBody,
    /// What the server has of the person's items.
    pub(super) items: Vec<ItemState>,
}

pub(super) struct People3 {
    pub(super) ana: Side,
    pub(super) bea: Side,
    pub(super) cho: Side,
    /// The envelopes of the last change of access.
    pub(super) envelopes: Vec<Envelope>,
}

pub(super) fn share(with: &Side, permission: Permission) -> Share {
    Share { user: with.vault.user(), permission, until: None }
}

impl Side {
    fn new(address: &str) -> Self {
        let account = AccountKey::generate(&mut SystemRandom);
        let identity = Identity::of(&account, address);
        let vault = Vault::open(account, &identity.user(), address).unwrap();
        Self { vault, identity, contacts: AccountRecordBody::first(), items: Vec::new() }
    }

    /// Learns and pins somebody.
    pub(super) fn meet(&mut self, other: &Side) {
        let user = other.vault.user();
        self.vault.know(&user, &other.identity.signed_bundle()).unwrap();
        self.contacts.pin(user, other.vault.address()).unwrap();
        self.vault.meet(&self.contacts);
    }

    pub(super) fn local(state: &ItemState) -> LocalItem {
        LocalItem::confirmed(state.clone())
    }

    pub(super) fn pending(state: &ItemState, write: &ItemWriteRequest) -> LocalItem {
        LocalItem { pending: Some(write.clone()), ..LocalItem::confirmed(state.clone()) }
    }

    /// What the server has once it took a write over this state.
    pub(super) fn confirmed(&self, state: &ItemState, write: &ItemWriteRequest) -> ItemState {
        state_of(&state.item, state.owner, &Self::local(state), write).unwrap()
    }

    /// Accepts an item as new, which must go well.
    pub(super) fn hold(&self, state: &ItemState) -> Held {
        self.vault.accept(&state.item, None, state, &[]).ok().unwrap().held
    }

    /// The item key out of what is here.
    pub(super) fn key(&self, state: &ItemState) -> ItemKey {
        let epoch = Revision::read(&state.revision).unwrap().epoch;
        self.vault.reader().item_key(&state.owner, &state.item, epoch, &state.key).ok().unwrap()
    }

    /// The write that changes the item's name.
    pub(super) fn rename(&mut self, state: &ItemState, name: &str) -> ItemWriteRequest {
        let local = Self::local(state);
        let accepted = self.vault.accept(&state.item, None, state, &[]).ok().unwrap();
        self.vault.confirm(accepted, &crate::vault::Readable::Newest);
        let form =
            ApiSecretForm { name: name.into(), ..self.vault.form(&state.item, &local).unwrap() };
        let change = self.vault.edit(&state.item, &form, &local, now(), &mut SystemRandom);
        self.written(change.unwrap())
    }

    /// The write that disables, enables or deletes, whoever may.
    pub(super) fn set_status(&self, state: &ItemState, status: Status) -> ItemWriteRequest {
        self.write(state, |revision| revision.status = status)
    }

    /// A write over a state, with its revision changed before it is sealed and signed.
    pub(super) fn write(
        &self,
        state: &ItemState,
        change: impl FnOnce(&mut Revision),
    ) -> ItemWriteRequest {
        let mut open = self.vault.open_item(&state.item, &Self::local(state)).unwrap();
        let stamp = crate::model::Stamp { user: self.vault.user(), time: now() };
        open.overview.changed = Some(stamp);
        open.revision.prev = Some(state.revision.hash());
        open.revision.revision += 1;
        open.revision.author = self.vault.user();
        change(&mut open.revision);
        let base = Revision::read(&state.revision).unwrap().revision;
        self.vault.write(base, &open, &mut SystemRandom)
    }

    fn written(&self, change: crate::vault::Change) -> ItemWriteRequest {
        let key = crate::vault::keys::write(&change.item);
        let put = change.puts.into_iter().find(|put| put.key == key).unwrap();
        let local = self.vault.local(&change.item, None, put.into_bytes().as_deref()).unwrap();
        local.pending.unwrap()
    }
}

impl People3 {
    /// They know each other; Ana has one item.
    pub(super) fn new() -> Self {
        let [mut ana, mut bea, mut cho] =
            ["ana", "bea", "cho"].map(|name| Side::new(&format!("{name}@example.com")));
        ana.meet(&bea);
        ana.meet(&cho);
        bea.meet(&ana);
        bea.meet(&cho);
        cho.meet(&ana);
        cho.meet(&bea);
        let form = ApiSecretForm {
            name: "CRM".into(),
            url: "https://api.example.com".into(),
            client_id: "id".into(),
            client_secret: String::from("s3cret").into(),
            ..Default::default()
        };
        let change = ana.vault.add(&form, 1_000, &mut SystemRandom).unwrap();
        let write = ana.written(change);
        let item = Revision::read(&write.revision).unwrap().item;
        let nothing = LocalItem { pending: Some(write.clone()), ..LocalItem::none() };
        ana.items.push(state_of(&item, ana.vault.user(), &nothing, &write).unwrap());
        Self { ana, bea, cho, envelopes: Vec::new() }
    }

    /// Ana shares her item; gives what she sees of it then.
    pub(super) fn share(&mut self, with: &[Share]) -> ItemState {
        let (state, ana) = (&self.ana.items[0], &self.ana);
        let (local, random) = (Side::local(state), &mut SystemRandom);
        let write = ana.vault.share(&state.item, &local, with, &ana.contacts, now(), random);
        self.took(write.unwrap())
    }

    /// Ana takes somebody's access away.
    pub(super) fn revoke(&mut self, user: &UserId) -> ItemState {
        let (state, ana) = (&self.ana.items[0], &self.ana);
        let (local, random) = (Side::local(state), &mut SystemRandom);
        let write = ana.vault.revoke(&state.item, &local, &[*user], &ana.contacts, now(), random);
        self.took(write.unwrap())
    }

    fn took(&mut self, write: ItemWriteRequest) -> ItemState {
        let state = self.ana.confirmed(&self.ana.items[0], &write);
        self.envelopes = write.envelopes;
        self.ana.items[0] = state.clone();
        state
    }

    /// The same state as an honest server gives it to somebody else.
    pub(super) fn seen_by(&self, side: &Side, state: &ItemState) -> ItemState {
        if side.vault.user() == state.owner {
            return state.clone();
        }
        let mine = |envelope: &&Envelope| envelope.user == side.vault.user();
        let envelope = self.envelopes.iter().find(mine);
        let key = envelope.map(|envelope| envelope.blob.clone()).unwrap_or_default();
        ItemState { key, ..state.clone() }
    }
}
