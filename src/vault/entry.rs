//! What an unlocked vault has in memory of each item: the opened overview and a few marks. All
//! of them are one sealed value on the device, so that opening the vault is one decryption.

use minicbor::{Decoder, Encoder};
use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;
use mysafe_protocol::cbor::{Fields, Malformed};
use zeroize::Zeroizing;

use crate::model::Overview;

/// Whether an item has a client secret, as far as this device knows without opening it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SecretPresence {
    /// Not looked at on this device.
    #[default]
    Unknown,
    /// One is stored.
    Stored,
    /// None is stored.
    Missing,
}

/// An item in an unlocked vault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The item.
    pub id: ItemId,
    /// Its revision on this device.
    pub revision: u64,
    /// Whether it is in use.
    pub status: Status,
    /// Everything but the client secret.
    pub overview: Overview,
    /// A change of it is not on the server yet.
    pub waiting: bool,
    /// When it was last shown, copied or filled, Unix milliseconds; 0 if never.
    pub last_use: u64,
    /// Whether it has a client secret.
    pub secret: SecretPresence,
    /// It failed its check, or the server refused it: the code.
    pub trouble: Option<String>,
}

impl Entry {
    fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.id.0);
        fields.put(2, self.revision);
        fields.put(3, self.status.code());
        fields.put_fields(4, &self.overview.fields());
        fields.put(5, self.waiting);
        fields.put(6, self.last_use);
        fields.put(
            7,
            match self.secret {
                SecretPresence::Unknown => 0u8,
                SecretPresence::Stored => 1,
                SecretPresence::Missing => 2,
            },
        );
        if let Some(trouble) = &self.trouble {
            fields.put(8, trouble);
        }
        fields.encode()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self {
            id: ItemId(fields.need_array(1)?),
            revision: fields.need(2)?,
            status: Status::of(fields.need(3)?)?,
            overview: Overview::from_fields(fields.take_fields(4)?.ok_or(Malformed)?)?,
            waiting: fields.need(5)?,
            last_use: fields.need(6)?,
            secret: match fields.need::<u8>(7)? {
                0 => SecretPresence::Unknown,
                1 => SecretPresence::Stored,
                2 => SecretPresence::Missing,
                _ => return Err(Malformed),
            },
            trouble: fields.take(8)?,
        })
    }
}

/// The plaintext of `device/cache`: an array of entries.
pub(super) fn encode_all<'e>(
    entries: impl ExactSizeIterator<Item = &'e Entry>,
) -> Zeroizing<Vec<u8>> {
    let mut to = Encoder::new(Vec::new());
    to.array(entries.len() as u64).expect("writing to memory cannot fail");
    for entry in entries {
        to.writer_mut().extend_from_slice(&entry.encode());
    }
    Zeroizing::new(to.into_writer())
}

/// Reads the plaintext of `device/cache`.
pub(super) fn decode_all(bytes: &[u8]) -> Result<Vec<Entry>, Malformed> {
    let mut from = Decoder::new(bytes);
    let length = from.array()?.ok_or(Malformed)?;
    let mut entries = Vec::new();
    for _ in 0..length {
        let start = from.position();
        from.skip()?;
        entries.push(Entry::decode(&bytes[start..from.position()])?);
    }
    let mut header = Encoder::new(Vec::new());
    header.array(length).expect("writing to memory cannot fail");
    // The entries are checked each for itself.
    let one_encoding = bytes.starts_with(header.writer());
    if one_encoding && from.position() == bytes.len() { Ok(entries) } else { Err(Malformed) }
}
