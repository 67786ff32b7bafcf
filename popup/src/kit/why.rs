//! Why a row stands in the list: how it matches the page, or the field it was found by.

use mysafe_browser::{Field, Reason};

use crate::plain_t;

/// The reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It belongs to the page.
    Match(Reason),
    /// It would, but the page is http and it is https.
    NotSecure,
    /// What was searched for stands in this field.
    Found(Field),
}

impl Why {
    /// As the row says it; a name is seen anyway.
    pub fn text(self) -> Option<&'static str> {
        Some(match self {
            Self::Match(Reason::ExactAddress) => plain_t!("exact-address"),
            Self::Match(Reason::SameHost) => plain_t!("same-host"),
            Self::Match(Reason::SameDomain) => plain_t!("same-domain"),
            Self::Match(Reason::FoundOnPage) => plain_t!("found-on-page"),
            Self::NotSecure => plain_t!("not-secure"),
            Self::Found(Field::Url) => plain_t!("url"),
            Self::Found(Field::ClientId) => plain_t!("client-id"),
            Self::Found(Field::Identifier) => plain_t!("identifier"),
            Self::Found(Field::Method) => plain_t!("method"),
            Self::Found(Field::Tags) => plain_t!("tags"),
            Self::Found(Field::Notes) => plain_t!("notes"),
            Self::Found(Field::Name | Field::ClientSecret | Field::Expires) => return None,
        })
    }
}
