//! Reminders to rotate client secrets at their providers. They lie in the settings of the account record,
//! where the owner's own devices have them, and not in the item, which everybody reads who has access.

use mysafe_protocol::ItemId;
use mysafe_protocol::cbor::{Fields, Malformed};
use sha2::{Digest, Sha256};

use super::AccountRecordBody;

/// A client secret that is to be rotated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reminder {
    /// Whose.
    pub item: ItemId,
    /// When, Unix milliseconds.
    pub due: u64,
    /// Which client secret, by [`mark`]: with another one it is done.
    pub mark: [u8; 32],
}

/// Tells one client secret of an item from another: SHA-256 of both. Kept under the same seal as the keys
/// that open the client secret itself.
pub fn mark(item: &ItemId, client_secret: &str) -> [u8; 32] {
    Sha256::new().chain_update(item.0).chain_update(client_secret).finalize().into()
}

impl Reminder {
    /// Over what a later version wrote beside it.
    fn fields(&self, kept: Fields) -> Fields {
        let mut fields = kept;
        fields.put_bytes(1, &self.item.0);
        fields.put(2, self.due);
        fields.put_bytes(3, &self.mark);
        fields
    }

    fn of(fields: Fields) -> Result<Self, Malformed> {
        Self::with_rest(fields).map(|(reminder, _)| reminder)
    }

    /// The reminder and what a later version wrote beside it.
    fn with_rest(mut fields: Fields) -> Result<(Self, Fields), Malformed> {
        let item = ItemId(fields.need_array(1)?);
        let reminder = Self { item, due: fields.need(2)?, mark: fields.need_array(3)? };
        Ok((reminder, fields))
    }
}

/// The record's key for settings, and theirs for reminders.
const SETTINGS: u64 = 3;
const REMINDERS: u64 = 1;

impl AccountRecordBody {
    /// The reminders, as far as this version can read them.
    pub fn reminders(&self) -> Vec<Reminder> {
        let list = self.map(SETTINGS).take_list(REMINDERS).ok().flatten().unwrap_or_default();
        list.into_iter().filter_map(|fields| Reminder::of(fields).ok()).collect()
    }

    /// One reminder from now on, in place of one of the same item. What a later version wrote beside that
    /// one stays.
    pub fn remind(&mut self, reminder: &Reminder) {
        let mut settings = self.map(SETTINGS);
        let mut list = settings.take_list(REMINDERS).ok().flatten().unwrap_or_default();
        let mut kept = Fields::new();
        list.retain(|fields| match Reminder::with_rest(fields.clone()) {
            Ok((before, rest)) if before.item == reminder.item => {
                kept.adopt(&rest);
                false
            }
            _ => true,
        });
        list.push(reminder.fields(kept));
        settings.put_list(REMINDERS, list.iter());
        self.set_map(SETTINGS, &settings);
    }

    /// None of this item any more.
    pub fn remind_not(&mut self, item: &ItemId) {
        let here = |fields: &Fields| {
            Reminder::of(fields.clone()).is_ok_and(|reminder| reminder.item == *item)
        };
        let mut settings = self.map(SETTINGS);
        let mut list = settings.take_list(REMINDERS).ok().flatten().unwrap_or_default();
        if !list.iter().any(here) {
            return;
        }
        list.retain(|fields| !here(fields));
        if !list.is_empty() {
            settings.put_list(REMINDERS, list.iter());
        }
        self.set_map(SETTINGS, &settings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_of_each_item_and_other_settings_stay() {
        let mut record = AccountRecordBody::first();
        let mut settings = Fields::new();
        settings.put(7, "later");
        record.set_map(SETTINGS, &settings);
        let first = record.clone();
        let one = Reminder { item: ItemId([1; 16]), due: 5, mark: [3; 32] };
        let two = Reminder { item: ItemId([2; 16]), ..one };
        let moved = Reminder { due: 9, ..one };
        for reminder in [&one, &two, &moved] {
            record.remind(reminder);
        }
        let read = AccountRecordBody::decode(&record.encode()).unwrap();
        assert_eq!(read.reminders(), [two, moved]);
        record.remind_not(&ItemId([3; 16]));
        assert_eq!(record.reminders().len(), 2);
        record.remind_not(&two.item);
        record.remind_not(&moved.item);
        assert_eq!(record, first);
    }

    #[test]
    fn what_a_later_version_wrote_beside_a_reminder_stays() {
        let mut record = AccountRecordBody::first();
        let reminder = Reminder { item: ItemId([1; 16]), due: 5, mark: [3; 32] };
        record.remind(&reminder);
        let mut settings = record.map(SETTINGS);
        let mut list = settings.take_list(REMINDERS).unwrap().unwrap();
        list[0].put(9, "later");
        settings.put_list(REMINDERS, list.iter());
        record.set_map(SETTINGS, &settings);
        let moved = Reminder { due: 9, ..reminder };
        record.remind(&moved);
        assert_eq!(record.reminders(), [moved]);
        let mut list = record.map(SETTINGS).take_list(REMINDERS).unwrap().unwrap();
        assert_eq!(list[0].take::<String>(9), Ok(Some("later".to_owned())));
    }

    #[test]
    fn another_client_secret_has_another_mark() {
        let item = ItemId([1; 16]);
        assert_eq!(mark(&item, "a"), mark(&item, "a"));
        assert_ne!(mark(&item, "a"), mark(&item, ""));
        assert_ne!(mark(&item, "a"), mark(&ItemId([2; 16]), "a"));
    }
}
