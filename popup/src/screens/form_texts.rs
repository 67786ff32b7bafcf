//! What is wrong with a field, in words.

use mysafe_browser::{AddressError, Field, FieldError, Problem};

use crate::t;

/// The id of a field's control.
pub fn control(field: Field) -> &'static str {
    match field {
        Field::Name => "f-name",
        Field::Url => "f-url",
        Field::ClientId => "f-client-id",
        Field::ClientSecret => "f-client-secret",
        Field::Identifier => "f-identifier",
        Field::Method => "f-method",
        Field::Tags => "f-tags",
        Field::Notes => "f-notes",
        Field::Expires => "f-expires",
    }
}

/// The name of a field.
pub fn label(field: Field) -> String {
    match field {
        Field::Name => t!("name"),
        Field::Url => t!("url"),
        Field::ClientId => t!("client-id"),
        Field::ClientSecret => t!("client-secret"),
        Field::Identifier => t!("identifier"),
        Field::Method => t!("method"),
        Field::Tags => t!("tags"),
        Field::Notes => t!("notes"),
        Field::Expires => t!("expires"),
    }
}

/// What is wrong with it.
pub fn problem(error: &FieldError) -> String {
    let field = label(error.field);
    match error.problem {
        Problem::Missing => t!("field-missing", field = field),
        Problem::TooLong { max } if error.field == Field::Tags => t!("tag-too-long", max = max),
        Problem::TooLong { max } => t!("field-too-long", field = field, max = max),
        Problem::TooManyTags { max } => t!("too-many-tags", max = max),
        Problem::Taken => t!("identifier-taken"),
        Problem::Url(AddressError::NotAUrl) => t!("url-invalid"),
        Problem::Url(AddressError::NotHttp) => t!("url-not-http"),
        Problem::Url(AddressError::UserInformation) => t!("url-user-information"),
        Problem::Url(AddressError::TooLong) => {
            t!("field-too-long", field = field, max = mysafe::protocol::limits::URL)
        }
    }
}
