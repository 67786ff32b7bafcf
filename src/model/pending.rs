//! Shares that wait for somebody who has no account yet: nothing is given before they have keys and
//! the owner has accepted them.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::{Permission, is_address};
use mysafe_protocol::cbor::{Fields, Malformed};

use super::AccountRecordBody;

/// A share with an address that has no keys yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// The item.
    pub item: ItemId,
    /// Mail address.
    pub address: String,
    /// What is to be given.
    pub permission: Permission,
    /// Until when, Unix seconds; for ever if absent.
    pub until: Option<u64>,
}

impl Pending {
    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.item.0);
        fields.put(2, &self.address);
        fields.put(3, u64::from(self.permission == Permission::Edit));
        if let Some(until) = self.until {
            fields.put(4, until);
        }
        fields
    }

    fn of(mut fields: Fields) -> Result<Self, Malformed> {
        Ok(Self {
            item: ItemId(fields.need_array(1)?),
            address: fields.need(2)?,
            permission: match fields.need::<u64>(3)? {
                0 => Permission::View,
                1 => Permission::Edit,
                _ => return Err(Malformed),
            },
            until: fields.take(4)?,
        })
    }
}

/// The record's key for pending shares.
const PENDING: u64 = 2;

impl AccountRecordBody {
    /// The shares that wait, as far as this version can read them.
    pub fn pending(&self) -> Vec<Pending> {
        let waiting = self.list(PENDING).into_iter().filter_map(|fields| Pending::of(fields).ok());
        waiting.filter(|pending| is_address(&pending.address)).collect()
    }

    /// A share waits from now on, in place of one of the same item and address.
    pub fn invite(&mut self, pending: &Pending) {
        self.uninvite(&pending.item, &pending.address);
        let mut list = self.list(PENDING);
        list.push(pending.fields());
        self.set_list(PENDING, &list);
    }

    /// These shares wait too, where none of the same item and address does.
    pub(super) fn wait_for(&mut self, others: Vec<Pending>) {
        for other in others {
            let same =
                |pending: &Pending| pending.item == other.item && pending.address == other.address;
            if !self.pending().iter().any(same) {
                self.invite(&other);
            }
        }
    }

    /// A share waits no more.
    pub fn uninvite(&mut self, item: &ItemId, address: &str) {
        let mut list = self.list(PENDING);
        let here = |fields: &Fields| {
            Pending::of(fields.clone())
                .is_ok_and(|pending| pending.item == *item && pending.address == address)
        };
        if list.iter().any(here) {
            list.retain(|fields| !here(fields));
            self.set_list(PENDING, &list);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_that_wait_are_united_and_those_here_stay_as_they_are() {
        let here = Pending {
            item: ItemId([1; 16]),
            address: "ana@example.com".into(),
            permission: Permission::View,
            until: None,
        };
        let there = Pending { permission: Permission::Edit, ..here.clone() };
        let other = Pending { item: ItemId([2; 16]), ..there.clone() };
        let (mut mine, mut theirs) = (AccountRecordBody::first(), AccountRecordBody::first());
        mine.invite(&here);
        theirs.invite(&there);
        theirs.invite(&other);
        mine.unite(&theirs);
        assert_eq!(mine.pending(), [here, other]);
    }

    #[test]
    fn a_share_waits_once_for_an_address_and_others_stay() {
        let mut record = AccountRecordBody::first();
        let first = record.clone();
        let ana = Pending {
            item: ItemId([1; 16]),
            address: "ana@example.com".into(),
            permission: Permission::View,
            until: None,
        };
        let eva = Pending { address: "eva@example.com".into(), ..ana.clone() };
        let until = Pending { permission: Permission::Edit, until: Some(7), ..ana.clone() };
        record.invite(&ana);
        record.invite(&eva);
        record.invite(&until);
        assert_eq!(record.pending(), [eva.clone(), until.clone()]);
        let read = AccountRecordBody::decode(&record.encode()).unwrap();
        assert_eq!(read.pending(), [eva, until]);
        record.uninvite(&ItemId([2; 16]), "eva@example.com");
        assert_eq!(record.pending().len(), 2);
        record.uninvite(&ana.item, "eva@example.com");
        record.uninvite(&ana.item, "ana@example.com");
        assert_eq!(record, first);
    }
}
