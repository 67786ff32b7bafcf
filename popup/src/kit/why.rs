//! Why a row stands in the list: how it matches the page, or the field it was found by.

use mysafe_browser::{Field, Reason};

use crate::t;

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
    pub fn text(self) -> Option<String> {
        Some(match self {
            Self::Match(Reason::ExactAddress) => t!("exact-address"),
            Self::Match(Reason::SameHost) => t!("same-host"),
            Self::Match(Reason::SameDomain) => t!("same-domain"),
            Self::Match(Reason::FoundOnPage) => t!("found-on-page"),
            Self::NotSecure => t!("not-secure"),
            Self::Found(Field::Url) => t!("url"),
            Self::Found(Field::ClientId) => t!("client-id"),
            Self::Found(Field::Identifier) => t!("identifier"),
            Self::Found(Field::Method) => t!("method"),
            Self::Found(Field::Tags) => t!("tags"),
            Self::Found(Field::Notes) => t!("notes"),
            Self::Found(Field::Name | Field::ClientSecret | Field::Expires) => return None,
        })
    }
}
