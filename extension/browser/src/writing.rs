//! Changing items in the unlocked vault: each change is stored here first; sync brings it to the
//! server.

use mysafe::crypto::SystemRandom;
use mysafe::model::Draft;
use mysafe::protocol::ItemId;
use mysafe::sync::{BOTH_CHANGED, Local, Notice, Reports};
use mysafe::vault::{Change, LocalItem, SaveError as CoreSave, Vault};

use crate::events::announce_change;
use crate::history::ItemHistory;
use crate::item::{OpenError, SaveError, Saved, Target};
use crate::now;
use crate::open::Open;
use crate::session::is_open;

impl Open {
    /// Saves what was typed, over whatever came since the form was filled. Where both changed a field,
    /// a notice says so.
    pub async fn save(&self, target: Target, draft: Draft) -> Result<Saved, SaveError> {
        self.change(target, |vault, local| match (target, local) {
            (Target::Item(id), Some(local)) => {
                vault.save(&id, &draft, local, now(), &mut SystemRandom)
            }
            _ => vault.add(&draft.whole(), now(), &mut SystemRandom),
        })
        .await
    }

    /// Disables or enables an item.
    pub async fn set_active(&self, id: ItemId, active: bool) -> Result<Saved, SaveError> {
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.set_active(&id, active, local, now(), &mut SystemRandom)
        })
        .await
    }

    /// Adds a further address to an item.
    pub async fn add_address(&self, id: ItemId, address: &str) -> Result<Saved, SaveError> {
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.add_address(&id, address, local, now(), &mut SystemRandom)
        })
        .await
    }

    /// Takes a further address away from an item.
    pub async fn remove_address(&self, id: ItemId, address: &str) -> Result<Saved, SaveError> {
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.remove_address(&id, address, local, now(), &mut SystemRandom)
        })
        .await
    }

    /// Writes an earlier version over what is there now.
    pub async fn restore(&self, history: &ItemHistory, place: usize) -> Result<Saved, SaveError> {
        let id = history.id;
        let version = history.version(place).ok_or(SaveError::Gone)?;
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.restore(&id, version, local, now(), &mut SystemRandom)
        })
        .await
    }

    /// Makes a change over what is stored now, and stores it.
    pub(crate) async fn change(
        &self,
        target: Target,
        make: impl FnOnce(&mut Vault, Option<&LocalItem>) -> Result<Change, CoreSave>,
    ) -> Result<Saved, SaveError> {
        if !is_open().await.map_err(SaveError::Store)? {
            return Err(SaveError::Locked);
        }
        let guard = self.lock().await.map_err(SaveError::Store)?;
        self.reload().await.map_err(SaveError::Store)?;
        let local = match target {
            Target::New => None,
            Target::Item(id) if self.vault.borrow().entry(&id).is_none() => {
                return Err(SaveError::Gone);
            }
            Target::Item(id) => Some(self.local(&id).await.map_err(|error| match error {
                OpenError::Store(error) => SaveError::Store(error),
                _ => SaveError::Damaged,
            })?),
        };
        let made = make(&mut self.vault.borrow_mut(), local.as_ref());
        let Change { item, mut puts, both } = made.map_err(|error| match error {
            CoreSave::Fields(errors) => SaveError::Fields(errors),
            CoreSave::TooManyAddresses => SaveError::TooManyAddresses,
            CoreSave::NotAllowed => SaveError::NotAllowed,
            CoreSave::NotAccepted => SaveError::NotAccepted,
            CoreSave::Gone => SaveError::Gone,
            CoreSave::Damaged => SaveError::Damaged,
        })?;
        if !both.is_empty() {
            let mut reports = Reports(self.stored_notices().await);
            let code = BOTH_CHANGED.to_owned();
            reports.add(Notice::of(&code, item));
            puts.push(self.vault.borrow().seal_reports(&reports, &mut SystemRandom));
        }
        if let Err(error) = self.device.apply(puts).await {
            // Memory must not show what is not stored.
            let _ = self.reload().await;
            return Err(SaveError::Store(error));
        }
        self.list_again();
        drop(guard);
        announce_change();
        Ok(Saved { id: item })
    }
}
