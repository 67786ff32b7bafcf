//! The forms of binary values in the description of the interface. JSON has them as base64url text without
//! padding (RFC 4648 section 5): the patterns and lengths here are those of the text. The server's checks
//! decide; a pattern only tells beforehand what they take.

use std::borrow::Cow;

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::bytes::{Bytes, Hash, IdentifierTag, ItemId, OperationId, ServerEpoch, UserId};
use crate::limits;

/// A character of base64url.
const ANY: &str = "[A-Za-z0-9_-]";
/// The last character of a text whose last three bytes are two: its last two bits are zero.
const LAST_OF_TWO: &str = "[AEIMQUYcgkosw048]";
/// The last character of a text whose last three bytes are one: its last four bits are zero.
const LAST_OF_ONE: &str = "[AQgw]";
/// The first two characters of a value that begins with the byte of suite 1.
const SUITE: &str = "A[Q-Za-f]";

/// Characters of so many bytes.
const fn characters(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Exactly `bytes` of them, after `first`, which stands for two characters if it is not empty.
fn exactly(bytes: usize, first: &str) -> String {
    let last = ["", LAST_OF_ONE, LAST_OF_TWO][bytes % 3];
    let taken = 2 * usize::from(!first.is_empty()) + usize::from(!last.is_empty());
    format!("^{first}{ANY}{{{}}}{last}$", characters(bytes) - taken)
}

/// At least `bytes` of them, a multiple of three, after `first`.
fn at_least(bytes: usize, first: &str) -> String {
    let (first, whole) = match first {
        "" => (String::new(), bytes / 3),
        first => (format!("{first}{ANY}{{2}}"), bytes / 3 - 1),
    };
    format!("^{first}(?:{ANY}{{4}}){{{whole},}}(?:{ANY}{LAST_OF_ONE}|{ANY}{{2}}{LAST_OF_TWO})?$")
}

fn text(pattern: String, most: Option<usize>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("base64url".to_owned())))
        .pattern(Some(pattern))
        .max_length(most)
        .into()
}

macro_rules! form {
    ($($(#[$doc:meta])* $name:ident: $form:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;
        form!(of $name: $form);
    )*};
    (of $name:ident: $form:expr) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $form
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

form!(of Bytes: text(at_least(0, ""), None));
form!(of ItemId: text(exactly(16, ""), None));
form!(of OperationId: text(exactly(16, ""), None));
form!(of ServerEpoch: text(exactly(16, ""), None));
form!(of IdentifierTag: text(exactly(16, ""), None));
form!(of UserId: text(exactly(32, ""), None));
form!(of Hash: text(exactly(32, ""), None));

/// At most so many bytes, sealed.
fn sealed(most: usize) -> RefOr<Schema> {
    text(at_least(limits::SEAL, SUITE), Some(characters(most)))
}

form! {
    /// 32 random or derived bytes.
    Bytes32: text(exactly(32, ""), None);
    /// Ed25519, 64 bytes.
    Signature: text(exactly(64, ""), None);
    /// Deterministic CBOR that is signed.
    SignedBody: text(at_least(0, ""), Some(characters(limits::LIST)));
    /// A sealed key of 32 bytes.
    SealedKey: text(exactly(limits::SEALED_KEY, SUITE), None);
    /// A sealed overview. Of a deletion it is empty.
    SealedOverview: part(limits::OVERVIEW);
    /// Sealed details. Of a deletion they are empty.
    SealedDetails: part(limits::DETAILS);
    /// A sealed account record.
    SealedRecord: sealed(limits::SEAL + limits::ACCOUNT);
    /// A sealed use record.
    SealedUse: sealed(limits::USE);
    /// An item key encapsulated for somebody.
    EnvelopeBlob: text(exactly(limits::ENVELOPE, SUITE), None);
    /// OPAQUE RegistrationRequest: a ristretto255 element.
    RegistrationRequest: text(exactly(32, ""), None);
    /// OPAQUE RegistrationResponse: two ristretto255 elements.
    RegistrationResponse: text(exactly(64, ""), None);
    /// OPAQUE RegistrationUpload: public key, masking key, envelope.
    RegistrationUpload: text(exactly(192, ""), None);
    /// OPAQUE CredentialRequest with KE1.
    CredentialRequest: text(exactly(96, ""), None);
    /// OPAQUE CredentialResponse with KE2.
    CredentialResponse: text(exactly(320, ""), None);
    /// OPAQUE KE3.
    CredentialFinalization: text(exactly(64, ""), None);
    /// A mail address: ASCII, lower case, one `@` with something on both sides.
    Address: ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^[!-?\[-~]+@[!-?\[-~]+$"))
        .max_length(Some(limits::ADDRESS))
        .into();
    /// A person's name.
    PersonName: line(limits::PERSON);
    /// The name that an app gives itself.
    AppName: line(limits::APP);
    /// The text by which somebody searches people: at least two characters.
    SearchText: ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^{NO_CONTROL}*{NO_BLANK}{NO_CONTROL}*{NO_BLANK}{NO_CONTROL}*$")))
        .max_length(Some(limits::ADDRESS))
        .into();
}

/// Sealed, or empty.
fn part(most: usize) -> RefOr<Schema> {
    let sealed = at_least(limits::SEAL, SUITE);
    let sealed = sealed.trim_start_matches('^').trim_end_matches('$');
    text(format!("^(?:{sealed})?$"), Some(characters(limits::SEAL + most)))
}

/// A character that is no control character.
const NO_CONTROL: &str = r"[^\u0000-\u001f\u007f-\u009f]";
/// A character that is no blank either.
const NO_BLANK: &str = r"[^\s\u0000-\u001f\u007f-\u009f]";

/// A line that people read: not blank, no control characters.
fn line(most: usize) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^{NO_CONTROL}*{NO_BLANK}{NO_CONTROL}*$")))
        .max_length(Some(most))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_counts_the_characters_of_its_bytes() {
        assert_eq!(exactly(16, ""), format!("^{ANY}{{21}}{LAST_OF_ONE}$"));
        assert_eq!(exactly(32, ""), format!("^{ANY}{{42}}{LAST_OF_TWO}$"));
        assert_eq!(exactly(192, ""), format!("^{ANY}{{256}}$"));
        assert_eq!(
            exactly(limits::SEALED_KEY, SUITE),
            format!("^{SUITE}{ANY}{{84}}{LAST_OF_TWO}$")
        );
        let whole = format!("(?:{ANY}{{4}}){{10,}}");
        let end = format!("(?:{ANY}{LAST_OF_ONE}|{ANY}{{2}}{LAST_OF_TWO})?$");
        assert_eq!(at_least(33, SUITE), format!("^{SUITE}{ANY}{{2}}{whole}{end}"));
        assert_eq!(limits::SEAL % 3, 0, "the shortest sealed text ends with three bytes");
        assert_eq!(characters(limits::USE), 130);
    }
}
