//! Two small sealed bodies: the account record, and when an item was last used.

use mysafe_protocol::cbor::{Fields, Malformed};

/// The account record: contacts (key 1), pending shares (key 2) and settings (key 3). This
/// version writes them empty and keeps whatever a later one put there.
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

    /// Reads the plaintext of `account`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        Ok(Self { fields: Fields::decode(bytes)? })
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
        let mut fields = Fields::new();
        fields.put(1, self.last_use);
        fields.put(2, self.seen);
        fields.encode()
    }

    /// Reads the plaintext of `use`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self { last_use: fields.need(1)?, seen: fields.need(2)? })
    }

    /// Of two, the later use; seen stays seen.
    pub fn merge(self, other: Self) -> Self {
        Self { last_use: self.last_use.max(other.last_use), seen: self.seen || other.seen }
    }
}
