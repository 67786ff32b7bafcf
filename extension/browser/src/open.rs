//! The unlocked vault in one context: what screens list, open, save and copy.

use std::cell::RefCell;
use std::rc::Rc;

use mysafe::crypto::SystemRandom;
use mysafe::model::{ApiSecretForm, FieldError, Secret, line, link, shown};
use mysafe::protocol::{ItemId, UserId, limits};
use mysafe::sync::{Local, has_account, position};
use mysafe::vault::{
    DeviceRecord, Glance, LocalItem, RevealError as CoreReveal, SecretPresence, Store, Stored,
    Vault, keys, opened,
};

use crate::events::announce_change;
use crate::finishing::Rest;
use crate::item::{ApiSecretView, OpenError, RevealError, Target, Use, When};
use crate::now;
use crate::remote::SignedIn;
use crate::rows::{Lists, OwnerView};
use crate::session::is_open;
use crate::store::{Device, Guard, StoreError};

/// The unlocked vault.
pub struct Open {
    pub(crate) device: Device,
    record: DeviceRecord,
    pub(crate) vault: RefCell<Vault>,
    pub(crate) lists: RefCell<Lists>,
    pub(crate) rest: RefCell<Option<Rest>>,
}

impl Open {
    pub(crate) fn new(
        device: Device,
        record: DeviceRecord,
        vault: Vault,
        lists: Lists,
        rest: Option<Glance>,
    ) -> Rc<Self> {
        let lists = RefCell::new(lists);
        let (vault, rest) = (RefCell::new(vault), RefCell::new(rest.map(Rest::from)));
        Rc::new(Self { device, record, vault, lists, rest })
    }

    /// Of a vault that has all its entries.
    pub(crate) fn whole_of(device: Device, record: DeviceRecord, vault: Vault) -> Rc<Self> {
        let lists = Lists::of(&vault);
        Self::new(device, record, vault, lists, None)
    }

    /// The account's mail address.
    pub fn address(&self) -> &str {
        &self.record.address
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// The server's base address.
    pub fn server(&self) -> &str {
        &self.record.server
    }

    /// What is wrong with a form, seen from this vault.
    pub fn check(&self, target: Target, form: &ApiSecretForm) -> Vec<FieldError> {
        self.vault.borrow().check(target.item(), form)
    }

    /// Takes the lock of the stores for a change; fails if the account was signed out of meanwhile.
    pub(crate) async fn lock(&self) -> Result<Guard, StoreError> {
        let guard = self.device.lock().await?;
        match has_account(&self.device, &self.record.user).await? {
            true => Ok(guard),
            false => Err(StoreError::Locked),
        }
    }

    /// Takes over what another context stored.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        // Nothing is changed here between reading it and showing it.
        let _guard = self.device.lock().await?;
        self.reload().await
    }

    /// The same for who holds the lock.
    pub(crate) async fn reload(&self) -> Result<(), StoreError> {
        let stored = Stored::read(&self.device).await?;
        let sealed = stored.sealed(&self.vault.borrow());
        let opened = opened(&self.device, sealed).await;
        let taken = self.vault.borrow_mut().take(&stored, opened);
        taken.map_err(|_| StoreError::Damaged)?;
        self.list_again();
        // It is whole now.
        self.rest.take();
        Ok(())
    }

    pub(crate) fn list_again(&self) {
        let lists = Lists::of(&self.vault.borrow());
        *self.lists.borrow_mut() = lists;
    }

    /// An item, all but its client secret.
    pub async fn view(&self, id: &ItemId) -> Result<ApiSecretView, OpenError> {
        self.awake().await?;
        let local = self.local(id).await?;
        let vault = self.vault.borrow();
        let entry = vault.entry(id).ok_or(OpenError::Gone)?;
        let secret = match entry.secret {
            SecretPresence::Unknown => match vault.form(id, &local) {
                Ok(form) if form.client_secret.is_empty() => SecretPresence::Missing,
                Ok(_) => SecretPresence::Stored,
                Err(_) => SecretPresence::Unknown,
            },
            known => known,
        };
        let row = self.row(id).ok_or(OpenError::Gone)?;
        let site = row.shown();
        let overview = shown(&entry.overview);
        let link = link(&entry.overview.url).map(str::to_owned);
        let when = |stamp: Option<mysafe::model::Stamp>| {
            stamp.map(|stamp| When { by: self.called(&vault, &stamp.user), at: stamp.time })
        };
        Ok(ApiSecretView {
            id: *id,
            name: row.name,
            url: row.url,
            link,
            addresses: overview.addresses,
            host: site.host,
            registrable: site.registrable,
            client_id: overview.client_id,
            secret,
            identifier: overview.identifier,
            method: row.method,
            tags: row.tags,
            notes: overview.notes,
            owner: self.owner(row.others.as_ref()),
            created: when(overview.created),
            changed: when(overview.changed),
            last_use: row.last_use,
            waiting: row.waiting,
            inactive: row.inactive,
            trouble: row.trouble,
            others: row.others,
            right: row.right,
            until: row.until,
            shared: row.shared,
            new: row.new,
            rotate: row.rotate,
        })
    }

    /// An owner's name and address.
    fn owner(&self, others: Option<&OwnerView>) -> String {
        match others {
            None => format!("{} ({})", self.record.name, self.record.address),
            Some(OwnerView { name: Some(name), address, .. }) => format!("{name} ({address})"),
            Some(OwnerView { address, .. }) => address.clone(),
        }
    }

    /// Somebody's address, the user's own name, or the start of an id whose keys are not here.
    pub(crate) fn called(&self, vault: &Vault, user: &UserId) -> String {
        match vault.person(user) {
            _ if *user == vault.user() => self.record.name.clone(),
            Some(person) => person.address.clone(),
            None => user.to_string().chars().take(8).collect(),
        }
    }

    /// The client ID, to copy it.
    pub async fn client_id(&self, id: &ItemId) -> Result<String, RevealError> {
        self.awake().await?;
        self.stored_client_id(id).ok_or(RevealError::Gone)
    }

    /// The client secret. Notes the use; one that is to be filled is used once it is.
    pub async fn reveal(&self, id: &ItemId, to: Use) -> Result<Secret, RevealError> {
        self.awake().await?;
        let local = self.local(id).await.map_err(|error| match error {
            OpenError::Store(error) => RevealError::Store(error),
            _ => RevealError::Damaged,
        })?;
        let revealed = self.vault.borrow().reveal(id, &local);
        match revealed {
            Ok(secret) => {
                if to != Use::Fill {
                    self.used(id).await;
                }
                Ok(secret)
            }
            Err(CoreReveal::NoSecret) => {
                if self.vault.borrow_mut().learn(id, SecretPresence::Missing) {
                    self.list_again();
                }
                Err(RevealError::NoSecret)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes that an item was used now. Failing to note it must not keep anyone from copying.
    pub async fn used(&self, id: &ItemId) {
        let noted: Result<(), StoreError> = async {
            let _guard = self.lock().await?;
            self.reload().await?;
            let puts = self.vault.borrow_mut().used(id, now(), &mut SystemRandom);
            self.device.apply(puts).await
        }
        .await;
        if noted.is_ok() {
            self.list_again();
            announce_change();
        }
    }

    /// The name of an item, if it is here.
    pub fn name_of(&self, id: &ItemId) -> Option<String> {
        self.vault.borrow().entry(id).map(|entry| line(&entry.overview.name, limits::NAME))
    }

    pub(crate) fn record(&self) -> &DeviceRecord {
        &self.record
    }

    pub(crate) fn with_vault<T>(&self, look: impl FnOnce(&Vault) -> T) -> T {
        look(&self.vault.borrow())
    }

    pub(crate) async fn signed_in(&self) -> Option<SignedIn> {
        let blob = self.device.get(Store::Session, keys::SESSION).await.ok()??;
        let token = self.vault.borrow().open_token(&blob, self.server()).ok()?;
        Some(SignedIn { base: self.record.server.clone(), token: token.token })
    }

    /// Where this device stands in the server's log of changes; `None` if nothing came yet.
    pub(crate) async fn position(&self) -> Option<u64> {
        let cursor = self.device.get(Store::State, keys::CURSOR).await.ok()??;
        position(&self.vault.borrow(), &cursor).ok()
    }

    pub(crate) async fn awake(&self) -> Result<(), OpenError> {
        match is_open().await {
            Ok(true) => {}
            Ok(false) => return Err(OpenError::Locked),
            Err(error) => return Err(OpenError::Store(error)),
        }
        self.whole().await;
        Ok(())
    }

    pub(crate) async fn local(&self, id: &ItemId) -> Result<LocalItem, OpenError> {
        self.whole().await;
        let store = |error| OpenError::Store(error);
        let state = self.device.get(Store::Items, &keys::item(id)).await.map_err(store)?;
        let pending = self.device.get(Store::Outbox, &keys::write(id)).await.map_err(store)?;
        self.vault
            .borrow()
            .local(id, state.as_deref(), pending.as_deref())
            .map_err(|_| OpenError::Damaged)
    }
}
