//! People: found on the server, known by their keys, accepted by the user.

use mysafe::crypto::{SystemRandom, safety_number};
use mysafe::model::{AccountRecordBody, Trust, line};
use mysafe::protocol::{UserId, limits};
use mysafe::sync::{ContactError, Local, Remote, Sync, strangers};
use mysafe::vault::{Store, Vault, keys};

use crate::events::announce_change;
use crate::now;
use crate::open::Open;
use crate::remote::SignedIn;
use crate::session::{self, Session};
use crate::sharing::SharingError;
use crate::standing::open_vault;
use crate::store::StoreError;

/// How far somebody's keys are trusted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PersonTrust {
    /// It is the user.
    Me,
    /// The address was never seen: accept the person first.
    First,
    /// Accepted as the server gave them.
    Seen,
    /// The safety number was compared.
    Verified,
    /// The address has other keys than the ones accepted: compare the safety number first.
    KeyChanged,
}

/// Somebody.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PersonView {
    /// The id.
    pub user: UserId,
    /// Mail address; empty if their keys are not here.
    pub address: String,
    /// The name as the server tells it, if it did; never shown without the address.
    pub name: Option<String>,
    /// How far their keys are trusted.
    pub trust: PersonTrust,
    /// What both compare: twelve groups of five digits, the same on both sides.
    pub safety_number: [String; 12],
}

impl PersonView {
    pub(crate) fn of(vault: &Vault, contacts: &AccountRecordBody, user: &UserId) -> Self {
        let address = match vault.person(user) {
            _ if *user == vault.user() => vault.address().to_owned(),
            Some(person) => person.address.clone(),
            None => String::new(),
        };
        Self::at(vault, contacts, user, address)
    }

    pub(crate) fn at(
        vault: &Vault,
        contacts: &AccountRecordBody,
        user: &UserId,
        address: String,
    ) -> Self {
        let trust = match contacts.pinned(&address) {
            _ if *user == vault.user() => PersonTrust::Me,
            _ if address == vault.address() => PersonTrust::KeyChanged,
            None => PersonTrust::First,
            Some(contact) if contact.user != *user => PersonTrust::KeyChanged,
            Some(contact) if contact.trust == Trust::Verified => PersonTrust::Verified,
            Some(_) => PersonTrust::Seen,
        };
        let name = vault.name(user).map(|name| line(name, limits::PERSON));
        let safety_number = safety_number(&vault.user(), user);
        Self { user: *user, address, name, trust, safety_number }
    }
}

/// A vault beside the one that is drawn from, and the server: what is done with the server at once.
pub(crate) struct Online {
    pub(crate) vault: Vault,
    pub(crate) remote: SignedIn,
    random: SystemRandom,
}

impl Online {
    pub(crate) fn sync<'o>(
        &'o mut self,
        open: &'o Open,
    ) -> Sync<'o, crate::store::Device, SignedIn, SystemRandom> {
        let Self { vault, remote, random } = self;
        Sync { vault, local: &open.device, remote, random, now: now() }
    }
}

impl Open {
    pub(crate) async fn online(&self) -> Result<Online, SharingError> {
        let Session::Open(key) = session::read().await.map_err(SharingError::Store)? else {
            return Err(SharingError::Locked);
        };
        let remote = self.signed_in().await.ok_or(SharingError::SignInEnded)?;
        let vault = open_vault(&self.device, self.record(), key).await;
        Ok(Online { vault: vault.map_err(SharingError::Store)?, remote, random: SystemRandom })
    }

    /// What was done is taken over here and told.
    pub(crate) async fn done(&self) -> Result<(), SharingError> {
        self.refresh().await.map_err(SharingError::Store)?;
        announce_change();
        Ok(())
    }

    /// People whose address, or a word of whose name, begins with a text of at least two characters;
    /// at most twenty. Only confirmed mailboxes are found, and not the user's own. Whose keys do not
    /// fit what the server says is left out, and a notice tells it.
    pub async fn find_people(&self, text: &str) -> Result<Vec<PersonView>, SharingError> {
        let mut online = self.online().await?;
        let found = online.sync(self).find(text).await?;
        let contacts = online.sync(self).contacts().await?;
        let people = found.into_iter();
        Ok(people
            .map(|person| PersonView::at(&online.vault, &contacts, &person.user, person.address))
            .collect())
    }

    /// The contact card of somebody: with the server it has the keys and name, without it what is known.
    pub async fn person(&self, user: UserId) -> Result<PersonView, SharingError> {
        let mut online = match self.online().await {
            Ok(online) => online,
            Err(SharingError::SignInEnded) => return self.known(user).await,
            Err(error) => return Err(error),
        };
        match online.sync(self).know(&user).await {
            Ok(Ok(())) | Err(mysafe::sync::SyncError::Remote(_)) => {}
            Ok(Err(error)) => return Err(error.into()),
            Err(error) => return Err(error.into()),
        }
        let contacts = online.sync(self).contacts().await?;
        let person = PersonView::of(&online.vault, &contacts, &user);
        if !person.address.is_empty() {
            // Without the server the name stays as it was told before.
            let _ = online.sync(self).find(&person.address).await;
        }
        self.refresh().await.map_err(SharingError::Store)?;
        Ok(PersonView::of(&online.vault, &contacts, &user))
    }

    /// Asks the server whether somebody's mailbox is confirmed. `None` without an answer.
    pub async fn is_confirmed(&self, user: UserId) -> Option<bool> {
        let remote = self.signed_in().await?;
        remote.bundle(&user).await.ok().map(|answer| answer.confirmed)
    }

    async fn known(&self, user: UserId) -> Result<PersonView, SharingError> {
        let contacts = self.contacts().await?;
        Ok(PersonView::of(&self.vault.borrow(), &contacts, &user))
    }

    /// Whom the user met, as the accepted account record says.
    pub(crate) async fn contacts(&self) -> Result<AccountRecordBody, SharingError> {
        let stored = self.device.get(Store::Device, keys::RECORD).await;
        let stored = stored.map_err(SharingError::Store)?;
        let damaged = SharingError::Store(StoreError::Damaged);
        self.whole().await;
        let Some(stored) = stored else { return Ok(AccountRecordBody::first()) };
        self.vault.borrow().read_record(&stored).map_err(|_| damaged)
    }

    /// The user accepts somebody met for the first time, as the screen shows them: their items are found
    /// and matched from now on, and items can be shared with them. Refused if the keys are not of the
    /// address that was shown.
    pub async fn accept_person(&self, person: &PersonView) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).pin(&person.user, &person.address).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }

    /// The user compared the safety number: these are the person's keys, in place of others that were
    /// accepted for the address.
    pub async fn accept_compared(&self, person: &PersonView) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).verify(&person.user, &person.address).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }

    /// People whose items are held back because their addresses are pinned to other keys. Works without
    /// the server.
    pub async fn changed_keys(&self) -> Result<Vec<PersonView>, SharingError> {
        self.refresh().await.map_err(SharingError::Store)?;
        let contacts = self.contacts().await?;
        let aside = self.device.get(Store::State, keys::STRANGERS).await;
        let aside = aside.map_err(SharingError::Store)?;
        let vault = self.vault.borrow();
        let damaged = |_| SharingError::Store(StoreError::Damaged);
        let strangers = strangers(&vault, aside.as_deref()).map_err(damaged)?;
        Ok(strangers.iter().map(|user| PersonView::of(&vault, &contacts, user)).collect())
    }
}

impl From<ContactError> for SharingError {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::KeyChanged(user) => Self::KeyChanged(user),
            ContactError::Nobody => Self::Nobody,
            ContactError::Refused(refusal) => Self::Refused(refusal.code()),
            ContactError::Busy => Self::Busy,
        }
    }
}
