//! Two small sealed bodies: the account record, and when an item was last used.

use mysafe_protocol::cbor::{Fields, Malformed};

/// The account record: contacts (key 1), pending shares (key 2) and settings (key 3), of which this
/// version knows the reminders. Whatever a later one put there is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountRecordBody {
    fields: Fields,
}

impl AccountRecordBody {
    /// As made at sign-up.
    pub fn first() -> Self {
        let mut fields = Fields::new();
        fields.put(1, Vec::<u64>::new());
        fields.put(2, Vec::<u64>::new());
        fields.put_fields(3, &Fields::new());
        Self { fields }
    }

    /// The plaintext of `account`.
    pub fn encode(&self) -> Vec<u8> {
        self.fields.encode()
    }

    /// Reads the plaintext of `account`. A record whose contacts do not decode is refused: it must not pass
    /// for one that knows nobody.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let record = Self { fields: Fields::decode(bytes)? };
        record.check_contacts()?;
        Ok(record)
    }

    /// Returns the maps of an array; an error if there is no such array.
    pub(super) fn need_list(&self, key: u64) -> Result<Vec<Fields>, Malformed> {
        self.fields.clone().take_list(key)?.ok_or(Malformed)
    }

    /// An array of maps; empty if it is none.
    pub(super) fn list(&self, key: u64) -> Vec<Fields> {
        self.fields.clone().take_list(key).ok().flatten().unwrap_or_default()
    }

    pub(super) fn set_list(&mut self, key: u64, list: &[Fields]) {
        self.fields.put_list(key, list.iter());
    }

    /// A map; empty if it is none.
    pub(super) fn map(&self, key: u64) -> Fields {
        self.fields.clone().take_fields(key).ok().flatten().unwrap_or_default()
    }

    pub(super) fn set_map(&mut self, key: u64, map: &Fields) {
        self.fields.put_fields(key, map);
    }

    /// Takes over what another record has and this one does not.
    pub(super) fn adopt(&mut self, other: &Self) {
        self.fields.adopt(&other.fields);
    }
}

/// When its user last showed, copied or filled an item: {1 last use, 2 seen}.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UseBody {
    /// Unix milliseconds; 0 if never.
    pub last_use: u64,
    /// The item left "New items".
    pub seen: bool,
}

impl UseBody {
    /// The plaintext of `use`.
    pub fn encode(&self) -> Vec<u8> {
        self.encode_with(&Fields::new())
    }

    /// The same with the fields of a later version beside it.
    pub fn encode_with(&self, later: &Fields) -> Vec<u8> {
        let mut fields = later.clone();
        fields.put(1, self.last_use);
        fields.put(2, self.seen);
        fields.encode()
    }

    /// Reads the plaintext of `use`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::decode_with(bytes).map(|(body, _)| body)
    }

    /// Reads the plaintext of `use` and the fields of a later version.
    pub fn decode_with(bytes: &[u8]) -> Result<(Self, Fields), Malformed> {
        let mut fields = Fields::decode(bytes)?;
        let body = Self { last_use: fields.need(1)?, seen: fields.need(2)? };
        Ok((body, fields))
    }

    /// Of two, the later use; seen stays seen.
    pub fn merge(self, other: Self) -> Self {
        Self { last_use: self.last_use.max(other.last_use), seen: self.seen || other.seen }
    }
}
