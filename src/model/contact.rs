//! Contacts: which keys an address has, as this account first saw it and for ever after.

use mysafe_protocol::UserId;
use mysafe_protocol::bodies::is_address;
use mysafe_protocol::cbor::{Fields, Malformed};

use super::AccountRecordBody;

/// How far an address's keys are trusted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trust {
    /// Met; taken as the server gave it.
    Seen,
    /// The safety number was compared.
    Verified,
    /// The address has other keys now, and the user accepted those.
    Replaced,
}

/// An address with the id it was pinned to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// Who.
    pub user: UserId,
    /// Mail address.
    pub address: String,
    /// How far.
    pub trust: Trust,
}

/// The address is pinned to somebody else: nothing goes to or comes from this id until the user
/// compared and accepted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key_changed")]
pub struct KeyChanged {
    /// Who has the address as far as this account knows.
    pub pinned: UserId,
}

impl Contact {
    fn fields(&self, kept: Fields) -> Fields {
        let mut fields = kept;
        fields.put_bytes(1, &self.user.0);
        fields.put(2, &self.address);
        fields.put(3, self.trust as u64);
        fields
    }

    /// The contact and what a later version wrote beside it.
    fn of(mut fields: Fields) -> Result<(Self, Fields), Malformed> {
        let contact = Self {
            user: UserId(fields.need_array(1)?),
            address: fields.need(2)?,
            trust: match fields.need::<u64>(3)? {
                0 => Trust::Seen,
                1 => Trust::Verified,
                2 => Trust::Replaced,
                _ => return Err(Malformed),
            },
        };
        Ok((contact, fields))
    }
}

impl AccountRecordBody {
    /// Refuses a record without contacts, or with one that does not decode.
    pub(super) fn check_contacts(&self) -> Result<(), Malformed> {
        // An entry without an address is of a later version, and kept.
        let has_address = |fields: &Fields| !matches!(fields.clone().take::<String>(2), Ok(None));
        let mut contacts = self.need_list(CONTACTS)?.into_iter().filter(has_address);
        contacts.try_for_each(|fields| Contact::of(fields).map(drop))
    }

    /// Everybody met, as far as this version can read it. A pin of what is no address of MySafe's is kept and
    /// holds for nobody: no bundle has such an address.
    pub fn contacts(&self) -> Vec<Contact> {
        let read = |fields| Contact::of(fields).ok().map(|(contact, _)| contact);
        let contacts = self.list(CONTACTS).into_iter().filter_map(read);
        contacts.filter(|contact| is_address(&contact.address)).collect()
    }

    /// Who has this address.
    pub fn pinned(&self, address: &str) -> Option<Contact> {
        let here =
            |contact: &Contact| contact.address == address && contact.trust != Trust::Replaced;
        self.contacts().into_iter().find(here)
    }

    /// Pins an address never seen before to an id, which is the user's act.
    pub fn pin(&mut self, user: UserId, address: &str) -> Result<(), KeyChanged> {
        match self.pinned(address) {
            Some(contact) if contact.user == user => Ok(()),
            Some(contact) => Err(KeyChanged { pinned: contact.user }),
            None => {
                let address = address.to_owned();
                self.set(Contact { user, address, trust: Trust::Seen });
                Ok(())
            }
        }
    }

    /// The user compared the safety number with whoever has this address now, and it is this id:
    /// another pin is replaced.
    pub fn verify(&mut self, user: UserId, address: &str) {
        if let Some(old) = self.pinned(address).filter(|old| old.user != user) {
            self.set(Contact { trust: Trust::Replaced, ..old });
        }
        self.set(Contact { user, address: address.to_owned(), trust: Trust::Verified });
    }

    /// Unites with what another device wrote later: everybody whom either met. Of two that were
    /// pinned to one address the older one, which is here, stays.
    pub fn unite(&mut self, later: &Self) {
        let before = self.contacts();
        let known = |user: UserId| before.iter().find(|contact| contact.user == user);
        // First those known here: what became of them makes room for whoever replaced them.
        for contact in later.contacts() {
            if let Some(here) = known(contact.user)
                && contact.trust > here.trust
            {
                self.set(contact);
            }
        }
        for contact in later.contacts().into_iter().filter(|contact| known(contact.user).is_none())
        {
            let beside = self.pinned(&contact.address).is_some();
            if !beside || contact.trust == Trust::Replaced {
                self.set(contact);
            }
        }
        self.wait_for(later.pending());
        self.adopt(later);
    }

    fn set(&mut self, contact: Contact) {
        let mut list = self.list(CONTACTS);
        let here = |fields: &Fields| {
            Contact::of(fields.clone()).is_ok_and(|(other, _)| other.user == contact.user)
        };
        match list.iter_mut().find(|fields| here(fields)) {
            Some(fields) => {
                let kept = Contact::of(fields.clone()).map(|(_, kept)| kept).unwrap_or_default();
                *fields = contact.fields(kept);
            }
            None => list.push(contact.fields(Fields::new())),
        }
        self.set_list(CONTACTS, &list);
    }
}

/// The record's key for contacts.
const CONTACTS: u64 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: &str = "ana@example.com";

    fn id(byte: u8) -> UserId {
        UserId([byte; 32])
    }

    fn trusts(record: &AccountRecordBody) -> Vec<(u8, Trust)> {
        record.contacts().iter().map(|contact| (contact.user.0[0], contact.trust)).collect()
    }

    #[test]
    fn a_record_whose_contacts_do_not_decode_knows_nobody_and_is_refused() {
        let mut record = AccountRecordBody::first();
        record.pin(id(1), ANA).unwrap();
        assert!(AccountRecordBody::decode(&record.encode()).is_ok());
        let mut fields = Fields::decode(&record.encode()).unwrap();
        let mut contacts = fields.take_list(CONTACTS).unwrap().unwrap();
        assert!(AccountRecordBody::decode(&fields.encode()).is_err(), "no contacts at all");
        contacts[0].put(3, 7u64);
        fields.put_list(CONTACTS, contacts.iter());
        assert!(AccountRecordBody::decode(&fields.encode()).is_err(), "another trust");
        fields.put(CONTACTS, "none");
        assert!(AccountRecordBody::decode(&fields.encode()).is_err(), "a text");
    }

    #[test]
    fn a_pin_of_what_is_no_address_holds_for_nobody_and_stays() {
        let mut record = AccountRecordBody::first();
        for (id, address) in [(1, ANA), (2, "Ana@example.com"), (3, "\u{430}na@example.com")] {
            record.set(Contact {
                user: UserId([id; 32]),
                address: address.into(),
                trust: Trust::Seen,
            });
        }
        let read = AccountRecordBody::decode(&record.encode()).unwrap();
        assert_eq!(trusts(&read), [(1, Trust::Seen)]);
        assert_eq!(read.pinned("Ana@example.com"), None);
        assert_eq!(read.list(CONTACTS).len(), 3, "nothing is lost");
        let mut here = AccountRecordBody::first();
        here.unite(&read);
        assert_eq!(trusts(&here), [(1, Trust::Seen)]);
    }

    #[test]
    fn an_address_is_pinned_once() {
        let mut record = AccountRecordBody::first();
        assert_eq!(record.pinned(ANA), None);
        record.pin(id(1), ANA).unwrap();
        record.pin(id(1), ANA).unwrap();
        assert_eq!(record.pin(id(2), ANA), Err(KeyChanged { pinned: id(1) }));
        assert_eq!(trusts(&record), [(1, Trust::Seen)]);
        let read = AccountRecordBody::decode(&record.encode()).unwrap();
        assert_eq!(read.pinned(ANA), record.pinned(ANA));
        record.verify(id(1), ANA);
        assert_eq!(trusts(&record), [(1, Trust::Verified)]);
    }

    #[test]
    fn other_keys_are_accepted_by_comparing_and_the_old_ones_are_never_taken_again() {
        let mut record = AccountRecordBody::first();
        record.pin(id(1), ANA).unwrap();
        record.verify(id(2), ANA);
        assert_eq!(trusts(&record), [(1, Trust::Replaced), (2, Trust::Verified)]);
        assert_eq!(record.pinned(ANA).map(|contact| contact.user), Some(id(2)));
        assert_eq!(record.pin(id(1), ANA), Err(KeyChanged { pinned: id(2) }));
    }

    #[test]
    fn two_devices_unite_what_they_met_and_the_older_pin_stays() {
        let mut start = AccountRecordBody::first();
        start.pin(id(1), ANA).unwrap();
        let (mut here, mut there) = (start.clone(), start.clone());
        here.pin(id(3), "cho@example.com").unwrap();
        there.pin(id(4), "cho@example.com").unwrap();
        there.pin(id(5), "eva@example.com").unwrap();
        there.verify(id(1), ANA);
        here.unite(&there);
        let expected = [(1, Trust::Verified), (3, Trust::Seen), (5, Trust::Seen)];
        assert_eq!(trusts(&here), expected);

        // A changed key that was accepted there holds here.
        let mut there = start.clone();
        there.verify(id(2), ANA);
        start.unite(&there);
        assert_eq!(trusts(&start), [(1, Trust::Replaced), (2, Trust::Verified)]);
    }

    #[test]
    fn what_a_later_version_wrote_of_a_contact_stays() {
        let mut record = AccountRecordBody::first();
        record.pin(id(1), ANA).unwrap();
        let mut list = record.list(CONTACTS);
        list[0].put(9, "later");
        record.set_list(CONTACTS, &list);
        record.verify(id(1), ANA);
        let mut list = record.list(CONTACTS);
        assert_eq!(list[0].take::<String>(9), Ok(Some("later".to_owned())));
        // And what is no contact to this version is kept as it is.
        let mut unreadable = Fields::new();
        unreadable.put(3, 7u64);
        record.set_list(CONTACTS, &[unreadable.clone()]);
        record.pin(id(1), ANA).unwrap();
        assert_eq!(record.list(CONTACTS)[0], unreadable);
        assert_eq!(record.contacts().len(), 1);
    }
}
