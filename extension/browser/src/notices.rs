//! The notices that the user did not close yet, with all that their sentences name.

use mysafe::crypto::SystemRandom;
use mysafe::model::{AccountRecordBody, line};
use mysafe::protocol::bodies::AccessList;
use mysafe::protocol::{ItemId, UserId, limits};
use mysafe::sync::{LATE, Local, Notice, Reports};
use mysafe::vault::{Right, Store, keys};

use crate::history::Older;
use crate::item::{OpenError, SaveError, Saved};
use crate::open::Open;
use crate::people::PersonView;
use crate::store::StoreError;

/// A notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// The name of its item, if one is known.
    pub name: Option<String>,
    /// The people that it is about.
    pub people: Vec<PersonView>,
    /// The item is the user's own.
    pub own: bool,
    /// Others have access to the user's own item.
    pub shared: bool,
    /// The owner of an item of somebody else.
    pub owner: Option<PersonView>,
    /// Those of the people whom the owner can remove: they are in the list of an own item.
    pub removable: Vec<UserId>,
}

impl Open {
    /// Returns the notices that the user did not close.
    pub async fn notices(&self) -> Vec<NoticeView> {
        let stored = self.stored_notices().await;
        if stored.is_empty() {
            return Vec::new();
        }
        // The sentences have names of items and people.
        self.whole().await;
        let contacts = self.contacts().await.unwrap_or_else(|_| AccountRecordBody::first());
        let mut views = Vec::with_capacity(stored.len());
        for notice in stored {
            let listed = match notice.item.filter(|_| !notice.people.is_empty()) {
                Some(item) => self.named_in_list(&item).await,
                None => Vec::new(),
            };
            let person = |user: &UserId| self.with_vault(|v| PersonView::of(v, &contacts, user));
            let entry = self.with_vault(|vault| {
                let entry = vault.entry(notice.item.as_ref()?)?;
                Some((line(&entry.overview.name, limits::NAME), entry.access))
            });
            let (name, access) = entry.unzip();
            let owner = access.and_then(|access| access.owner);
            let kept = || notice.name.as_deref().map(|name| line(name, limits::NAME));
            let name = name.filter(|name| !name.is_empty()).or_else(kept);
            let own = access.is_some_and(|access| access.right == Right::Own);
            let of_list = notice.people.iter().copied().filter(|user| listed.contains(user));
            views.push(NoticeView {
                name,
                people: notice.people.iter().map(person).collect(),
                own,
                shared: access.is_some_and(|access| access.shared),
                owner: owner.as_ref().map(person),
                removable: of_list.filter(|_| own).collect(),
                notice,
            });
        }
        views
    }

    pub(crate) async fn stored_notices(&self) -> Vec<Notice> {
        let Ok(Some(blob)) = self.device.get(Store::State, keys::REPORTS).await else {
            return Vec::new();
        };
        self.with_vault(|vault| vault.open_reports(&blob))
            .map(|reports| reports.0)
            .unwrap_or_default()
    }

    /// Returns the people whom the list of an item names.
    async fn named_in_list(&self, item: &ItemId) -> Vec<UserId> {
        let Ok(local) = self.local(item).await else { return Vec::new() };
        let list = self.with_vault(|vault| vault.access(&local).ok().flatten());
        list.iter().flat_map(AccessList::users).collect()
    }

    /// The user closed a notice.
    pub async fn dismiss(&self, notice: &Notice) -> Result<(), StoreError> {
        let _guard = self.lock().await?;
        let mut notices = self.stored_notices().await;
        notices.retain(|kept| kept != notice);
        let put = self.with_vault(|vault| vault.seal_reports(&Reports(notices), &mut SystemRandom));
        self.device.apply(vec![put]).await
    }

    /// Writes the newest version of before these people's changes over what is there now, and closes the
    /// notice that told of them. `None` if no such version can be read.
    pub async fn use_version_before(&self, notice: &Notice) -> Result<Option<Saved>, SaveError> {
        debug_assert_eq!(notice.code, LATE);
        let Some(id) = notice.item else { return Ok(None) };
        let failed = |error| match error {
            OpenError::Locked => SaveError::Locked,
            OpenError::Gone => SaveError::Gone,
            OpenError::Damaged => SaveError::Store(StoreError::Damaged),
            OpenError::Store(error) => SaveError::Store(error),
        };
        let mut history = self.history(id).await.map_err(failed)?;
        let place = loop {
            match history.before(&notice.people) {
                Some(place) => break place,
                None if history.older != Older::More => return Ok(None),
                None => history = self.older(&history).await.map_err(failed)?,
            }
        };
        let saved = self.restore(&history, place).await?;
        self.dismiss(notice).await.map_err(SaveError::Store)?;
        Ok(Some(saved))
    }
}
