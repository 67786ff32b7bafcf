//! The HTTP method that calls an API (RFC 9110 section 9, RFC 5789).

use std::fmt;
use std::str::FromStr;

/// A method; "none" is the absence of one.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// HEAD
    Head,
    /// OPTIONS
    Options,
    /// A method that this version does not know: it is kept, and shown as text.
    Other(Box<str>),
}

impl Method {
    /// In the order of the form.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head, Self::Options];

    /// As written on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No method is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no method is named")]
pub struct NotAMethod;

impl FromStr for Method {
    type Err = NotAMethod;
    fn from_str(text: &str) -> Result<Self, NotAMethod> {
        if text.is_empty() {
            return Err(NotAMethod);
        }
        let known = Self::ALL.into_iter().find(|method| method.as_str() == text);
        Ok(known.unwrap_or_else(|| Self::Other(text.into())))
    }
}
