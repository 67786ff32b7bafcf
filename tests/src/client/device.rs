//! A device of a person: the unlocked vault, and its stores in memory.

use mysafe::crypto::{AccountKey, SystemRandom};
use mysafe::model::ApiSecretForm;
use mysafe::protocol::{ItemId, UserId};
use mysafe::sync::{Local as _, Sync, joined};
use mysafe::vault::{LocalItem, Put, Store, Vault, keys};

use super::{Connection, Memory, Person, SignedIn, finish, sign_in, unix_millis};

/// A device of someone, with nothing on it before its first sync.
pub struct Device {
    /// Unlocked.
    pub vault: Vault,
    local: Memory,
    token: String,
}

impl Device {
    /// Signs in at `host:port`.
    #[track_caller]
    pub fn new(server: &str, person: &Person) -> Self {
        let mut connection = Connection::open(server).expect("it is there");
        let (vault, token) = sign_in(&mut connection, person).expect("signs in");
        Self { local: Memory::of(&vault), vault, token }
    }

    /// Signs in again, with all that the device has.
    #[track_caller]
    pub fn sign_in_again(&mut self, server: &str, person: &Person) {
        let mut connection = Connection::open(server).expect("it is there");
        (_, self.token) = sign_in(&mut connection, person).expect("signs in");
    }

    /// The same device, as a browser opens it that was closed meanwhile.
    pub fn again(&self) -> Self {
        let local = self.local.clone();
        let key = AccountKey::from_session(&self.vault.to_session()).expect("just made");
        let (user, address) = (self.vault.user(), self.vault.address());
        let mut vault = Vault::open(key, &user, address).expect("the same account");
        local.load(&mut vault).expect("opens");
        Self { vault, local, token: self.token.clone() }
    }

    /// Another device of this person, with nothing on it, in the same session.
    pub fn another(&self) -> Self {
        let key = AccountKey::from_session(&self.vault.to_session()).expect("just made");
        let (user, address) = (self.vault.user(), self.vault.address());
        let vault = Vault::open(key, &user, address).expect("the same account");
        Self { local: Memory::of(&vault), vault, token: self.token.clone() }
    }

    /// A whole sync; the codes of what it told.
    #[track_caller]
    pub fn sync(&mut self, server: &str) -> Vec<String> {
        let outcome = self.with(server, |sync| finish(sync.run())).expect("syncs");
        assert!(finish(self.local.keys(Store::Outbox)).expect("in memory").is_empty());
        outcome.notices.into_iter().map(|notice| notice.code).collect()
    }

    /// A whole sync that may leave something waiting.
    #[track_caller]
    pub fn try_sync(&mut self, server: &str) {
        self.with(server, |sync| finish(sync.run())).expect("syncs");
    }

    /// Stores what was changed in the vault.
    pub fn store(&self, puts: Vec<Put>) {
        self.local.store(puts);
    }

    /// Something that a sync does.
    #[track_caller]
    pub fn with<T>(
        &mut self,
        server: &str,
        act: impl FnOnce(&mut Sync<'_, Memory, SignedIn, SystemRandom>) -> T,
    ) -> T {
        let remote = self.remote(server);
        act(&mut Sync {
            vault: &mut self.vault,
            local: &self.local,
            remote: &remote,
            random: &mut SystemRandom,
            now: unix_millis(),
        })
    }

    /// What names its session.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The server as this device reaches it.
    #[track_caller]
    pub fn remote(&self, server: &str) -> SignedIn {
        Connection::open(server).expect("it is there").signed_in(self.token.clone())
    }

    /// Adds an item of that name.
    #[track_caller]
    pub fn add(&mut self, name: &str) -> ItemId {
        self.add_form(&ApiSecretForm {
            name: name.into(),
            url: "https://api.example.com".into(),
            client_id: "client".into(),
            client_secret: format!("secret of {name}").into(),
            ..Default::default()
        })
    }

    /// Adds an item as it was typed.
    #[track_caller]
    pub fn add_form(&mut self, form: &ApiSecretForm) -> ItemId {
        let change = self.vault.add(form, 1, &mut SystemRandom).expect("a good form");
        self.local.store(change.puts);
        change.item
    }

    /// An item as it is stored here.
    pub fn local(&self, item: &ItemId) -> LocalItem {
        let get = |store, key: String| finish(self.local.get(store, &key)).expect("in memory");
        let state = get(Store::Items, keys::item(item));
        let write = get(Store::Outbox, keys::write(item));
        self.vault.local(item, state.as_deref(), write.as_deref()).expect("whole")
    }

    /// The item whose name begins so.
    #[track_caller]
    pub fn item(&self, name: &str) -> ItemId {
        let mut named = self.vault.entries().filter(|item| item.overview.name.starts_with(name));
        let item = named.next().unwrap_or_else(|| panic!("no item {name}"));
        assert!(named.next().is_none(), "{name} is there twice");
        item.id
    }

    /// What is in an item.
    #[track_caller]
    pub fn form(&self, item: &ItemId) -> ApiSecretForm {
        self.vault.form(item, &self.local(item)).expect("opens")
    }

    /// Who has joined of those for whom shares wait, as the last sync found out.
    pub fn joined(&self) -> Vec<(ItemId, UserId)> {
        let get = |store, key| finish(self.local.get(store, key)).expect("in memory");
        let record = get(Store::Device, keys::RECORD).expect("it came");
        let contacts = self.vault.read_record(&record).expect("opens");
        let stored = get(Store::State, keys::JOINED);
        let joined = joined(&self.vault, &contacts, stored.as_deref()).expect("opens");
        joined.into_iter().map(|(pending, user)| (pending.item, user)).collect()
    }

    /// Changes something of an item.
    #[track_caller]
    pub fn edit(&mut self, item: &ItemId, change: impl FnOnce(&mut ApiSecretForm)) {
        let local = self.local(item);
        let mut form = self.form(item);
        change(&mut form);
        let changed =
            self.vault.edit(item, &form, &local, 2, &mut SystemRandom).expect("a good form");
        self.local.store(changed.puts);
    }

    /// Gives an item another name.
    #[track_caller]
    pub fn rename(&mut self, item: &ItemId, name: &str) {
        self.edit(item, |form| form.name = name.to_owned());
    }
}
