//! What an unlocked vault has in memory of each item: the opened overview and a few marks. All
//! of them are one sealed value on the device, so that opening the vault is one decryption.

use minicbor::Decoder;
use mysafe_protocol::bodies::Status;
use mysafe_protocol::cbor::{self, Fields, Malformed};
use mysafe_protocol::{ItemId, UserId};

use super::right::{Access, Met, Right};
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
    /// Fields that a later version wrote into its use record.
    pub later_use: Fields,
    /// Whether it has a client secret.
    pub secret: SecretPresence,
    /// It failed its check, or the server refused it: the code.
    pub trouble: Option<String>,
    /// Whose it is, and what this user may do with it.
    pub access: Access,
}

impl Entry {
    pub(super) fn encode(&self) -> Vec<u8> {
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
        if !self.later_use.is_empty() {
            fields.put_fields(15, &self.later_use);
        }
        self.access.put(&mut fields);
        fields.encode()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        cbor::check(bytes)?;
        Self::read(&mut Decoder::new(bytes))
    }

    fn read(from: &mut Decoder<'_>) -> Result<Self, Malformed> {
        let (mut id, mut revision, mut status, mut overview) = (None, None, None, None);
        let (mut waiting, mut last_use, mut secret, mut trouble) = (None, None, None, None);
        let (mut access, mut later_use) = (Access::default(), Fields::new());
        for _ in 0..from.map()?.ok_or(Malformed)? {
            match from.u64()? {
                1 => id = Some(from.bytes()?.try_into().map_err(|_| Malformed)?),
                2 => revision = Some(from.u64()?),
                3 => status = Some(Status::of(from.decode()?)?),
                4 => overview = Some(Overview::read(from)?),
                5 => waiting = Some(from.bool()?),
                6 => last_use = Some(from.u64()?),
                7 => {
                    secret = Some(match from.u8()? {
                        0 => SecretPresence::Unknown,
                        1 => SecretPresence::Stored,
                        2 => SecretPresence::Missing,
                        _ => return Err(Malformed),
                    });
                }
                8 => trouble = Some(from.decode()?),
                9 => {
                    let owner = from.bytes()?.try_into().map_err(|_| Malformed)?;
                    access.owner = Some(UserId(owner));
                }
                10 => access.right = if from.bool()? { Right::Edit } else { Right::View },
                11 => access.until = Some(from.u64()?),
                12 => access.shared = from.bool()?,
                13 => access.seen = from.bool()?,
                14 => access.met = Met::of(from.u8()?).ok_or(Malformed)?,
                15 => later_use = Fields::read(from)?,
                _ => from.skip()?,
            }
        }
        Ok(Self {
            id: ItemId(id.ok_or(Malformed)?),
            revision: revision.ok_or(Malformed)?,
            status: status.ok_or(Malformed)?,
            overview: overview.ok_or(Malformed)?,
            waiting: waiting.ok_or(Malformed)?,
            last_use: last_use.ok_or(Malformed)?,
            later_use,
            secret: secret.ok_or(Malformed)?,
            trouble,
            access,
        })
    }
}
