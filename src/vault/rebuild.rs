//! Making the cache again from what is stored, for one that does not open.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::entry::{Entry, SecretPresence};
use super::local::{Put, Store, keys};
use super::open::Vault;
use super::refusal::Refusal;
use crate::crypto::Random;
use crate::model::Overview;
use crate::sync::Local;

impl Vault {
    /// Makes the cache again from the items and writes on the device, each checked as when it
    /// came; what fails stays listed as damaged. For a cache that does not open.
    pub async fn rebuild<L: Local>(
        &mut self,
        local: &L,
        random: &mut impl Random,
    ) -> Result<Vec<Put>, L::Error> {
        self.empty();
        let record = local.get(Store::Device, keys::RECORD).await?;
        if let Some(contacts) = record.and_then(|record| self.read_record(&record).ok()) {
            self.meet(&contacts);
        }
        let mut items: Vec<ItemId> =
            local.keys(Store::Items).await?.iter().filter_map(|key| key.parse().ok()).collect();
        let waiting = local.keys(Store::Outbox).await?;
        items.extend(
            waiting.iter().filter_map(|key| key.strip_prefix("item/")?.parse::<ItemId>().ok()),
        );
        items.sort_unstable();
        items.dedup();
        for item in items {
            let state = local.get(Store::Items, &keys::item(&item)).await?;
            let pending = local.get(Store::Outbox, &keys::write(&item)).await?;
            let local = self.local(&item, state.as_deref(), pending.as_deref());
            let deleted = local.as_ref().ok().and_then(|local| self.deletion(&item, local));
            if let Some(entry) = deleted {
                self.entries.insert(item, entry);
                continue;
            }
            let access = local.as_ref().map(|local| self.access_here(local)).unwrap_or_default();
            let opened = local.and_then(|local| self.open_item(&item, &local));
            let entry = match opened {
                Ok(open) => Entry {
                    id: item,
                    revision: open.revision.revision,
                    status: open.revision.status,
                    overview: open.overview,
                    waiting: pending.is_some(),
                    last_use: 0,
                    later_use: Default::default(),
                    secret: SecretPresence::Unknown,
                    trouble: None,
                    access,
                },
                Err(_) => Entry {
                    id: item,
                    revision: 0,
                    status: Status::Active,
                    overview: Overview::default(),
                    waiting: pending.is_some(),
                    last_use: 0,
                    later_use: Default::default(),
                    secret: SecretPresence::Unknown,
                    trouble: Some(Refusal::Unreadable.code().to_owned()),
                    access,
                },
            };
            self.entries.insert(item, entry);
        }
        Ok(self.cache(random))
    }
}
