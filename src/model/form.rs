//! The form of an API secret: eight fields as typed, and what is wrong with each.

use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::limits;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::address::{AddressError, complete};
use super::method::Method;
use super::parts::{Details, Overview, Secret};

/// The fields of an API secret, in the form's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Name to identify the API secret.
    Name,
    /// Base address of the API.
    Url,
    /// The OAuth 2.0 client identifier (RFC 6749 section 2.2).
    ClientId,
    /// The client's password (RFC 6749 section 2.3.1).
    ClientSecret,
    /// The owner's own unique code.
    Identifier,
    /// HTTP method.
    Method,
    /// Keywords.
    Tags,
    /// Anything else.
    Notes,
    /// When it expires. No form shows it yet.
    Expires,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// A mandatory field is empty.
    Missing,
    /// More than so many characters.
    TooLong {
        /// The limit.
        max: usize,
    },
    /// More than so many tags.
    TooManyTags {
        /// The limit.
        max: usize,
    },
    /// Not an address of an API.
    Url(AddressError),
    /// Another of the owner's items has this Identifier.
    Taken,
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldError {
    /// Where.
    pub field: Field,
    /// What.
    pub problem: Problem,
}

/// The form as typed. Dropping it wipes the client secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiSecretForm {
    /// Mandatory.
    pub name: String,
    /// Mandatory.
    pub url: String,
    /// Mandatory.
    pub client_id: String,
    /// May have several lines; never trimmed.
    pub client_secret: Zeroizing<String>,
    /// Unique among the owner's items.
    pub identifier: String,
    /// None is allowed.
    pub method: Option<Method>,
    /// In the order typed.
    pub tags: Vec<String>,
    /// Free text.
    pub notes: String,
}

impl ApiSecretForm {
    /// Nothing was typed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The form filled with an item.
    pub fn of(overview: &Overview, details: &Details) -> Self {
        Self {
            name: overview.name.clone(),
            url: overview.url.clone(),
            client_id: overview.client_id.clone(),
            client_secret: Zeroizing::new(details.client_secret().to_owned()),
            identifier: overview.identifier.clone(),
            method: overview.method.clone(),
            tags: overview.tags.clone(),
            notes: overview.notes.clone(),
        }
    }

    /// Writes the form's fields into an overview; leaves what the form does not show.
    /// Call only when [`check`] found nothing.
    pub(crate) fn apply(&self, overview: &mut Overview) {
        overview.name = self.name.trim().to_owned();
        overview.url = complete(&self.url).map(|address| address.url).unwrap_or_default();
        overview.client_id = self.client_id.trim().to_owned();
        overview.identifier = self.identifier.trim().nfc().collect();
        overview.method = self.method.clone();
        overview.tags = tidy(&self.tags);
        overview.notes = self.notes.clone();
    }

    /// The fields of a draft: everything as typed, by the form's order from 1.
    pub(crate) fn put_into(&self, fields: &mut Fields) {
        fields.put(1, &self.name);
        fields.put(2, &self.url);
        fields.put(3, &self.client_id);
        fields.put(4, self.client_secret.as_str());
        fields.put(5, &self.identifier);
        fields.put(6, self.method.as_ref().map_or("", Method::as_str));
        fields.put(7, &self.tags);
        fields.put(8, &self.notes);
    }

    /// Takes them out again.
    pub(crate) fn take_from(fields: &mut Fields) -> Result<Self, Malformed> {
        Ok(Self {
            name: fields.need(1)?,
            url: fields.need(2)?,
            client_id: fields.need(3)?,
            client_secret: Zeroizing::new(fields.need(4)?),
            identifier: fields.need(5)?,
            method: fields.need::<String>(6)?.parse().ok(),
            tags: fields.need(7)?,
            notes: fields.need(8)?,
        })
    }

    /// The client secret as it will be sealed.
    pub(crate) fn secret(&self) -> Secret {
        Secret::new(&self.client_secret)
    }
}

/// Tags trimmed, none empty, none twice (compared without case).
fn tidy(tags: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if !kept.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            kept.push(tag.to_owned());
        }
    }
    kept
}

/// Everything that is wrong, in the form's order.
pub fn check(form: &ApiSecretForm) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |field, problem| errors.push(FieldError { field, problem });
    let too_long = |text: &str, max: usize| text.chars().count() > max;

    let name = form.name.trim();
    if name.is_empty() {
        wrong(Field::Name, Problem::Missing);
    } else if too_long(name, limits::NAME) {
        wrong(Field::Name, Problem::TooLong { max: limits::NAME });
    }
    if form.url.trim().is_empty() {
        wrong(Field::Url, Problem::Missing);
    } else {
        match complete(&form.url) {
            Err(AddressError::TooLong) => {
                wrong(Field::Url, Problem::TooLong { max: limits::URL });
            }
            Err(error) => wrong(Field::Url, Problem::Url(error)),
            Ok(_) => {}
        }
    }
    let client_id = form.client_id.trim();
    if client_id.is_empty() {
        wrong(Field::ClientId, Problem::Missing);
    } else if too_long(client_id, limits::CLIENT_ID) {
        wrong(Field::ClientId, Problem::TooLong { max: limits::CLIENT_ID });
    }
    if too_long(&form.client_secret, limits::CLIENT_SECRET) {
        wrong(Field::ClientSecret, Problem::TooLong { max: limits::CLIENT_SECRET });
    }
    if too_long(form.identifier.trim(), limits::IDENTIFIER) {
        wrong(Field::Identifier, Problem::TooLong { max: limits::IDENTIFIER });
    }
    let tags = tidy(&form.tags);
    if tags.len() > limits::TAGS {
        wrong(Field::Tags, Problem::TooManyTags { max: limits::TAGS });
    } else if tags.iter().any(|tag| too_long(tag, limits::TAG)) {
        wrong(Field::Tags, Problem::TooLong { max: limits::TAG });
    }
    if too_long(&form.notes, limits::NOTES) {
        wrong(Field::Notes, Problem::TooLong { max: limits::NOTES });
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_fields_are_mandatory() {
        let blank = ApiSecretForm { name: " ".into(), ..Default::default() };
        let fields: Vec<_> = check(&blank).into_iter().map(|e| (e.field, e.problem)).collect();
        assert_eq!(
            fields,
            [Field::Name, Field::Url, Field::ClientId].map(|field| (field, Problem::Missing))
        );
    }

    #[test]
    fn each_field_has_its_limit_in_characters() {
        let form = ApiSecretForm {
            name: "ç".repeat(201),
            url: "a.b".into(),
            client_id: "x".repeat(513),
            client_secret: Zeroizing::new("🔑".repeat(16_385)),
            identifier: "i".repeat(201),
            method: None,
            tags: (0..31).map(|n| n.to_string()).collect(),
            notes: "n".repeat(10_001),
        };
        let fields: Vec<_> = check(&form).into_iter().map(|error| error.field).collect();
        use Field::*;
        assert_eq!(fields, [Name, ClientId, ClientSecret, Identifier, Tags, Notes]);
        let full = ApiSecretForm {
            name: "ç".repeat(200),
            client_id: "x".repeat(512),
            client_secret: Zeroizing::new("🔑".repeat(16_384)),
            identifier: "i".repeat(200),
            tags: (0..30).map(|n| format!("{n:>050}")).collect(),
            notes: "n".repeat(10_000),
            ..form
        };
        assert_eq!(check(&full), []);
    }

    #[test]
    fn a_client_secret_is_never_trimmed_and_tags_are_a_set() {
        let form = ApiSecretForm {
            client_secret: Zeroizing::new(" two\nlines ".into()),
            tags: vec![" pay ".into(), "PAY".into(), "".into(), "eu".into()],
            ..Default::default()
        };
        assert_eq!(form.secret().as_str(), " two\nlines ");
        let mut overview = Overview::default();
        form.apply(&mut overview);
        assert_eq!(overview.tags, ["pay", "eu"]);
    }
}
