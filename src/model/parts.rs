//! The two parts an item is sealed in: the overview, which is all but the client secret and is
//! open while the vault is, and the details, opened only to show, copy, fill or edit. Both keep
//! fields they do not know.

use minicbor::Decoder;
use mysafe_protocol::cbor::{self, Fields, Malformed};
use mysafe_protocol::{UserId, limits};
use zeroize::Zeroizing;

use super::method::Method;

/// Who did something and when (Unix milliseconds, by their clock, only shown).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Who.
    pub user: UserId,
    /// When.
    pub time: u64,
}

/// Everything of an API secret but the client secret. Text that is empty is not set.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Overview {
    /// Name.
    pub name: String,
    /// Base address.
    pub url: String,
    /// Further addresses.
    pub addresses: Vec<String>,
    /// Client ID.
    pub client_id: String,
    /// The owner's own code.
    pub identifier: String,
    /// HTTP method.
    pub method: Option<Method>,
    /// Keywords.
    pub tags: Vec<String>,
    /// When it expires, Unix seconds.
    pub expires: Option<u64>,
    /// Who made the item.
    pub created: Option<Stamp>,
    /// Who changed it last.
    pub changed: Option<Stamp>,
    /// Notes.
    pub notes: String,
    /// Fields of later versions.
    pub unknown: Fields,
}

impl Overview {
    /// The base address and the further ones.
    pub(crate) fn at(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.url).chain(&self.addresses)
    }

    /// Whether it has room in the largest overview, with a byte of padding.
    pub(crate) fn fits(&self) -> bool {
        self.encode().len() < limits::OVERVIEW
    }

    /// Takes over fields of later versions that only the other overview has, if there is room for them.
    pub(crate) fn adopt_unknown(&mut self, other: &Self) {
        let before = self.unknown.clone();
        self.unknown.adopt(&other.unknown);
        if !self.fits() {
            self.unknown = before;
        }
    }

    /// The plaintext of `item/overview`.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.fields().encode())
    }

    /// The fields by their keys: 1 name, 2 url, 3 further addresses, 4 client ID, 5 identifier,
    /// 6 method, 7 tags, 8 expires, 9 created, 10 changed, 11 notes.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = self.unknown.clone();
        let mut text = |key, text: &str| {
            if !text.is_empty() {
                fields.put(key, text);
            }
        };
        text(1, &self.name);
        text(2, &self.url);
        text(4, &self.client_id);
        text(5, &self.identifier);
        text(6, self.method.as_ref().map_or("", Method::as_str));
        text(11, &self.notes);
        for (key, list) in [(3, &self.addresses), (7, &self.tags)] {
            if !list.is_empty() {
                fields.put(key, list);
            }
        }
        if let Some(expires) = self.expires {
            fields.put(8, expires);
        }
        for (key, stamp) in [(9, self.created), (10, self.changed)] {
            if let Some(Stamp { user, time }) = stamp {
                fields.put(key, (minicbor::bytes::ByteArray::from(user.0), time));
            }
        }
        fields
    }

    /// Reads the plaintext of `item/overview`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        cbor::check(bytes)?;
        Self::read(&mut Decoder::new(bytes))
    }

    /// The same within something that is known to be well formed, value by value: a vault has
    /// thousands of them.
    pub(crate) fn read(from: &mut Decoder<'_>) -> Result<Self, Malformed> {
        let mut overview = Self::default();
        for _ in 0..from.map()?.ok_or(Malformed)? {
            match from.u64()? {
                1 => overview.name = text(from)?,
                2 => overview.url = text(from)?,
                3 => overview.addresses = from.decode()?,
                4 => overview.client_id = text(from)?,
                5 => overview.identifier = text(from)?,
                6 => overview.method = Some(from.str()?.parse().map_err(|_| Malformed)?),
                7 => overview.tags = from.decode()?,
                8 => overview.expires = Some(from.u64()?),
                9 => overview.created = Some(stamp(from)?),
                10 => overview.changed = Some(stamp(from)?),
                11 => overview.notes = text(from)?,
                key => overview.unknown.keep(key, from)?,
            }
        }
        Ok(overview)
    }
}

/// A text that is set: one that is empty is left out, so that each overview has one encoding.
fn text(from: &mut Decoder<'_>) -> Result<String, Malformed> {
    Some(from.decode::<String>()?).filter(|text| !text.is_empty()).ok_or(Malformed)
}

fn stamp(from: &mut Decoder<'_>) -> Result<Stamp, Malformed> {
    let (user, time) = from.decode::<(minicbor::bytes::ByteArray<32>, u64)>()?;
    Ok(Stamp { user: UserId(user.into()), time })
}

/// A client secret in the open, wiped when dropped. It cannot be printed or cloned.
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The client secret, and fields of later versions.
pub struct Details {
    client_secret: Secret,
    unknown: Fields,
}

impl Details {
    /// Details with this client secret; empty is none.
    pub fn new(client_secret: Secret) -> Self {
        Self { client_secret, unknown: Fields::new() }
    }

    /// The client secret; empty if there is none.
    pub fn client_secret(&self) -> &str {
        self.client_secret.as_str()
    }

    /// Replaces the client secret, keeps what this version does not know.
    pub fn replace(&mut self, client_secret: Secret) {
        self.client_secret = client_secret;
    }

    /// Takes over fields of later versions that only the other details have, if there is room for them.
    pub(crate) fn adopt_unknown(&mut self, other: &Self) {
        let before = self.unknown.clone();
        self.unknown.adopt(&other.unknown);
        if !self.fits() {
            self.unknown = before;
        }
    }

    /// Whether they have room in the largest details, with a byte of padding.
    fn fits(&self) -> bool {
        self.encode().len() < limits::DETAILS
    }

    /// Gives the client secret out, if there is one.
    pub fn into_secret(self) -> Option<Secret> {
        Some(self.client_secret).filter(|secret| !secret.as_str().is_empty())
    }

    /// The plaintext of `item/details`, without the fields of later versions if they leave too little room.
    pub(crate) fn encode_fitting(&self) -> Zeroizing<Vec<u8>> {
        if self.fits() { self.encode() } else { self.encode_with(Fields::new()) }
    }

    /// The plaintext of `item/details`: 1 client secret.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        self.encode_with(self.unknown.clone())
    }

    fn encode_with(&self, mut fields: Fields) -> Zeroizing<Vec<u8>> {
        if !self.client_secret().is_empty() {
            fields.put(1, self.client_secret());
        }
        Zeroizing::new(fields.encode())
    }

    /// Reads the plaintext of `item/details`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        let client_secret = fields.take::<String>(1)?.map(Zeroizing::new);
        if client_secret.as_ref().is_some_and(|secret| secret.is_empty()) {
            return Err(Malformed);
        }
        Ok(Self { client_secret: Secret(client_secret.unwrap_or_default()), unknown: fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overview() -> Overview {
        Overview {
            name: "Ação 🔑".into(),
            url: "https://api.example.com".into(),
            addresses: vec!["https://docs.example.com".into()],
            client_id: "id".into(),
            identifier: "own".into(),
            method: Some(Method::Post),
            tags: vec!["a".into(), "b".into()],
            expires: Some(1_900_000_000),
            created: Some(Stamp { user: UserId([1; 32]), time: 1 }),
            changed: Some(Stamp { user: UserId([2; 32]), time: 2 }),
            notes: "two\nlines".into(),
            unknown: Fields::new(),
        }
    }

    #[test]
    fn both_parts_come_back_as_written() {
        assert_eq!(Overview::decode(&overview().encode()).unwrap(), overview());
        assert_eq!(Overview::decode(&Overview::default().encode()).unwrap(), Overview::default());
        let details = Details::decode(&Details::new(Secret::new(" s\n")).encode()).unwrap();
        assert_eq!(details.client_secret(), " s\n");
        assert!(Details::new(Secret::new("")).into_secret().is_none());
    }

    #[test]
    fn no_text_that_is_set_is_empty() {
        for key in [1, 2, 4, 5, 6, 11] {
            let mut fields = overview().fields();
            fields.put(key, "");
            assert_eq!(Overview::decode(&fields.encode()), Err(Malformed), "{key}");
        }
        let mut fields = Fields::new();
        fields.put(1, "");
        assert!(Details::decode(&fields.encode()).is_err());
    }

    #[test]
    fn a_later_versions_method_survives_an_edit_by_this_one() {
        let mut fields = overview().fields();
        fields.put(6, "QUERY");
        let read = Overview::decode(&fields.encode()).unwrap();
        assert_eq!(read.method.as_ref().map(Method::as_str), Some("QUERY"));
        let form = crate::model::ApiSecretForm::of(&read, &Details::new(Secret::new("")));
        let mut edited = read.clone();
        form.apply(&mut edited);
        assert_eq!(edited.encode(), read.encode());
    }

    #[test]
    fn a_later_versions_fields_survive_an_edit_by_this_one() {
        let mut fields = overview().fields();
        fields.put(40, "later");
        let mut read = Overview::decode(&fields.encode()).unwrap();
        read.name = "new".into();
        let mut again = Fields::decode(&read.encode()).unwrap();
        assert_eq!(again.need::<String>(40).unwrap(), "later");

        let mut fields = Fields::new();
        fields.put(1, "secret");
        fields.put(2, "later");
        let mut details = Details::decode(&fields.encode()).unwrap();
        details.replace(Secret::new("other"));
        let mut again = Fields::decode(&details.encode()).unwrap();
        assert_eq!(again.need::<String>(2).unwrap(), "later");
    }
}
