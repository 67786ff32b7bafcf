//! A device: its stores in memory, and one context that has the vault open.

use std::cell::Cell;
use std::rc::Rc;

use mysafe_protocol::wire::{AccountRecord, ItemState, ItemWriteRequest};
use mysafe_protocol::{Bytes, ItemId, Revision, Status, UserId};
use zeroize::Zeroizing;

use super::disk::{Disk, Refused};
use super::line::Line;
use super::now;
use super::server::Server;
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::model::{AccountRecordBody, ApiSecretForm, Draft, Field};
use crate::sync::{BOTH_CHANGED, Local, Notice, Outcome, Reports, Sync, SyncError, strangers};
use crate::vault::{Change, Entry, Held, LocalItem, Put, SaveError, Store, Stored, Vault, keys};

pub(super) const ADDRESS: &str = "ana@example.com";

/// One context of a device. Others of the same device share the disk.
pub(super) struct Device {
    pub(super) disk: Rc<Disk>,
    pub(super) line: Rc<Line>,
    pub(super) vault: Vault,
    session: Zeroizing<String>,
    address: String,
    /// This device's clock, Unix milliseconds.
    pub(super) clock: Cell<u64>,
}

pub(super) type Synced = Result<Outcome, SyncError<Refused>>;

/// A new account on a new server.
pub(super) fn account() -> (AccountKey, Rc<Server>) {
    let account = AccountKey::generate(&mut SystemRandom);
    let identity = Identity::of(&account, ADDRESS);
    let user = identity.user();
    let record = sealed_record(&account, 1);
    (account, Rc::new(Server::new(user, *identity.sign_pk(), record)))
}

/// An account record of a version.
pub(super) fn sealed_record(account: &AccountKey, version: u64) -> AccountRecord {
    record_of(account, ADDRESS, version)
}

fn record_of(account: &AccountKey, address: &str, version: u64) -> AccountRecord {
    let user = Identity::of(account, address).user();
    let body = AccountRecordBody::first().encode();
    let blob = account.seal_record(&user, version, &body, &mut SystemRandom);
    AccountRecord { version, blob: Bytes(blob) }
}

impl Device {
    /// A device of the account, with empty stores.
    pub(super) fn new(account: &AccountKey, server: &Rc<Server>) -> Self {
        Self::entered(Line::new(server), account, ADDRESS)
    }

    /// A device of somebody else, whose account is made if there is none.
    pub(super) fn of(account: &AccountKey, address: &str, server: &Rc<Server>) -> Self {
        let identity = Identity::of(account, address);
        let user = identity.user();
        let data = &mut *server.data.borrow_mut();
        if !data.others.contains_key(&user) {
            data.people.insert(user, identity.signed_bundle());
            data.position += 1;
            let record = (data.position, record_of(account, address, 1));
            let uses = Default::default();
            data.others.insert(user, super::server_shares::Account { record, uses });
        }
        Self::entered(Line::of(server, user), account, address)
    }

    /// A device that has just entered an account.
    fn entered(line: Line, account: &AccountKey, address: &str) -> Self {
        let disk = Disk::default();
        disk.enter(&line.user, address);
        Self::on(Rc::new(disk), line, account.to_session(), address)
    }

    /// A device as it was stored, whose server is none.
    pub(super) fn stored(disk: Rc<Disk>, account: &AccountKey, address: &str) -> Self {
        let identity = Identity::of(account, address);
        let record = record_of(account, address, 1);
        let server = Rc::new(Server::new(identity.user(), *identity.sign_pk(), record));
        Self::on(disk, Line::new(&server), account.to_session(), address)
    }

    /// A context on a disk, opened from what is stored there.
    fn on(disk: Rc<Disk>, line: Line, session: Zeroizing<String>, address: &str) -> Self {
        let account = AccountKey::from_session(&session).unwrap();
        let mut vault = Vault::open(account, &line.user, address).unwrap();
        let opens = AccountKey::from_session(&session).unwrap();
        *disk.opens.borrow_mut() = Vault::open(opens, &line.user, address).ok();
        let stored = now(Stored::read(&*disk)).unwrap();
        now(vault.load(&*disk, &stored)).unwrap();
        let clock = Cell::new(1_000);
        Self { disk, line: Rc::new(line), vault, session, address: address.into(), clock }
    }

    /// Another context of this device, with a line of its own.
    pub(super) fn context(&self) -> Self {
        let line = Line::of(&self.line.server, self.line.user);
        let context = Self::on(Rc::clone(&self.disk), line, self.session.clone(), &self.address);
        context.clock.set(self.clock.get());
        context
    }

    /// The browser was killed and started again.
    pub(super) fn restarted(self) -> Self {
        self.disk.refuses.set(None);
        self.context()
    }

    pub(super) fn account(&self) -> AccountKey {
        AccountKey::from_session(&self.session).unwrap()
    }

    pub(super) fn identity(&self) -> Identity {
        Identity::of(&self.account(), &self.address)
    }

    /// Runs `act` on a sync of this context.
    pub(super) fn with<T>(
        &mut self,
        act: impl FnOnce(&mut Sync<'_, Disk, Line, SystemRandom>) -> T,
    ) -> T {
        let random = &mut SystemRandom;
        let (local, remote) = (&*self.disk, &*self.line);
        let now = self.clock.get();
        act(&mut Sync { vault: &mut self.vault, local, remote, random, now })
    }

    pub(super) fn sync(&mut self) -> Synced {
        self.with(|sync| now(sync.run()))
    }

    /// A sync in which nothing is refused.
    pub(super) fn sync_well(&mut self) -> Outcome {
        let outcome = self.sync().unwrap();
        let refused = outcome.notices.iter().filter(|notice| notice.code != BOTH_CHANGED);
        assert_eq!(refused.collect::<Vec<_>>(), Vec::<&Notice>::new());
        outcome
    }

    pub(super) fn add(&mut self, form: &ApiSecretForm) -> ItemId {
        let _guard = now(self.disk.lock());
        self.reload();
        let Ok(change) = self.vault.add(form, 1, &mut SystemRandom) else { panic!("not added") };
        now(self.disk.apply(change.puts)).unwrap();
        change.item
    }

    /// The writes of an item that were written over here before they were sent.
    pub(super) fn past(&self, item: &ItemId) -> Vec<ItemWriteRequest> {
        let values = self.disk.values.borrow();
        let own = values.iter().filter(|((store, key), _)| {
            *store == Store::State && key.starts_with(&keys::past_of(item))
        });
        own.map(|((_, key), blob)| self.vault.open_past(key, blob).unwrap()).collect()
    }

    /// Adds an item of this name.
    pub(super) fn add_named(&mut self, name: &str) -> ItemId {
        self.add(&form(name))
    }

    pub(super) fn edit(&mut self, item: &ItemId, change: impl FnOnce(&mut ApiSecretForm)) {
        let _guard = now(self.disk.lock());
        self.reload();
        let local = self.local(item);
        let mut form = self.vault.form(item, &local).unwrap();
        change(&mut form);
        let edited = self.vault.edit(item, &form, &local, 2, &mut SystemRandom);
        let Ok(change) = edited else { panic!("not edited") };
        now(self.disk.apply(change.puts)).unwrap();
    }

    /// Disables or enables an item.
    pub(super) fn set_active(&mut self, item: &ItemId, active: bool) {
        let _guard = now(self.disk.lock());
        self.reload();
        let local = self.local(item);
        let made = self.vault.set_active(item, active, &local, 3, &mut SystemRandom);
        now(self.disk.apply(made.unwrap().puts)).unwrap();
    }

    /// The form of an item is opened.
    pub(super) fn draft(&self, item: &ItemId) -> Draft {
        self.vault.draft(item, &self.local(item)).unwrap()
    }

    /// What was typed, some time ago perhaps, is saved. Gives the fields that were changed meanwhile, too.
    pub(super) fn save(&mut self, item: &ItemId, draft: &Draft) -> Vec<Field> {
        let _guard = now(self.disk.lock());
        self.reload();
        let local = self.local(item);
        let saved = self.vault.save(item, draft, &local, 2, &mut SystemRandom);
        let Ok(change) = saved else { panic!("not saved") };
        now(self.disk.apply(change.puts)).unwrap();
        change.both
    }

    pub(super) fn rename(&mut self, item: &ItemId, name: &str) {
        self.edit(item, |form| form.name = name.into());
    }

    /// A change as a screen makes it: over what is stored now.
    pub(super) fn change(
        &mut self,
        item: &ItemId,
        make: impl FnOnce(&mut Vault, &LocalItem) -> Result<Change, SaveError>,
    ) -> Result<(), SaveError> {
        let disk = Rc::clone(&self.disk);
        let _guard = now(disk.lock());
        self.reload();
        let local = self.local(item);
        let change = make(&mut self.vault, &local)?;
        now(self.disk.apply(change.puts)).unwrap();
        Ok(())
    }

    /// Stores what was changed in memory.
    pub(super) fn store(&self, puts: Vec<Put>) {
        let _guard = now(self.disk.lock());
        now(self.disk.apply(puts)).unwrap();
    }

    /// Show or Copy was pressed.
    pub(super) fn used(&mut self, item: &ItemId, at: u64) {
        let _guard = now(self.disk.lock());
        self.reload();
        let puts = self.vault.used(item, at, &mut SystemRandom);
        now(self.disk.apply(puts)).unwrap();
    }

    fn reload(&mut self) {
        let stored = now(Stored::read(&*self.disk)).unwrap();
        now(self.vault.load(&*self.disk, &stored)).unwrap();
    }

    pub(super) fn value(&self, store: Store, key: &str) -> Option<Vec<u8>> {
        now(self.disk.get(store, key)).unwrap()
    }

    pub(super) fn local(&self, item: &ItemId) -> LocalItem {
        let state = self.value(Store::Items, &keys::item(item));
        let pending = self.value(Store::Outbox, &keys::write(item));
        self.vault.local(item, state.as_deref(), pending.as_deref()).unwrap()
    }

    pub(super) fn state(&self, item: &ItemId) -> Option<ItemState> {
        self.local(item).state
    }

    pub(super) fn held(&self, item: &ItemId) -> Option<Held> {
        let key = keys::item(item);
        let blob = self.value(Store::State, &key)?;
        Some(Held::decode(&self.vault.open_state(&key, &blob).unwrap()).unwrap())
    }

    pub(super) fn form(&self, item: &ItemId) -> ApiSecretForm {
        self.vault.form(item, &self.local(item)).unwrap()
    }

    pub(super) fn entry(&self, item: &ItemId) -> &Entry {
        self.vault.entry(item).expect("listed")
    }

    pub(super) fn name(&self, item: &ItemId) -> &str {
        &self.entry(item).overview.name
    }

    /// The notices not closed yet.
    pub(super) fn notices(&self) -> Vec<Notice> {
        match self.value(Store::State, keys::REPORTS) {
            Some(blob) => self.vault.open_reports(&blob).unwrap().0,
            None => Vec::new(),
        }
    }

    /// The user closes all of them.
    pub(super) fn close_notices(&mut self) {
        let put = self.vault.seal_reports(&Reports::default(), &mut SystemRandom);
        let _guard = now(self.disk.lock()).unwrap();
        now(self.disk.apply(vec![put])).unwrap();
    }

    /// Whose items are held back, as a popup that opens now is told.
    pub(super) fn strangers(&self) -> Vec<UserId> {
        let context = self.context();
        strangers(&context.vault, self.value(Store::State, keys::STRANGERS).as_deref()).unwrap()
    }

    /// Nothing waits, and memory, stores and server say the same of every item.
    pub(super) fn assert_settled(&self) {
        let values = self.disk.values.borrow();
        let waiting: Vec<_> = values.keys().filter(|key| key.0 == Store::Outbox).collect();
        assert!(waiting.is_empty(), "waiting: {waiting:?} {:?}", self.notices());
        drop(values);
        let stored = self.context();
        assert!(stored.vault.entries().eq(self.vault.entries()), "memory and cache differ");
        let data = self.line.server.data.borrow();
        assert_eq!(self.vault.entries().len(), data.items.len());
        for (item, on_server) in &data.items {
            assert_eq!(self.state(item).as_ref(), Some(&on_server.state));
            let revision = Revision::read(&on_server.state.revision).unwrap();
            assert_eq!(self.held(item), Some(Held::of(&revision, on_server.state.revision.hash())));
            let entry = self.entry(item);
            assert_eq!(entry.revision, revision.revision);
            assert!(!entry.waiting && entry.trouble.is_none());
            if revision.status != Status::Deleted {
                assert_eq!(entry.overview.name, self.form(item).name);
            }
        }
    }
}

/// A form that may be saved.
pub(super) fn form(name: &str) -> ApiSecretForm {
    ApiSecretForm {
        name: name.into(),
        url: "https://api.example.com".into(),
        client_id: "client".into(),
        client_secret: Zeroizing::new(format!("secret of {name}")),
        tags: vec!["one".into(), "two".into()],
        ..Default::default()
    }
}
