//! Whether a value of an item may go into a page. Every fill, from wherever it is asked for, goes
//! through [`decide`]; what is in the page's field is for the script that fills.

use mysafe_protocol::bodies::Status;
use url::Url;

use crate::matching::Site;
use crate::vault::{Entry, SecretPresence};

/// Which value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum What {
    /// The client ID.
    ClientId,
    /// The client secret.
    ClientSecret,
}

/// What the user did to have it filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gesture {
    /// Nothing: something else asks.
    None,
    /// Chose it in our own popup or panel, which can ask back.
    Screen,
    /// Chose it in the browser's menu, or pressed its shortcut.
    Command,
}

/// What the user said to "Fill on this page?".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The origin that was asked about.
    pub origin: String,
    /// Fill there from now on.
    pub always: bool,
}

/// A wish to fill.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'w> {
    /// Which value.
    pub what: What,
    /// The address of the tab: of its top frame.
    pub page: &'w str,
    /// The field is in the top frame.
    pub top: bool,
    /// What the user did.
    pub gesture: Gesture,
    /// What the user answered, if asked.
    pub answer: Option<&'w Answer>,
}

/// What is to be done about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Fill, in a document of this origin and no other.
    Allowed {
        /// The origin, as a document names its own.
        origin: String,
    },
    /// Ask first: this is not the item's address.
    Ask {
        /// The origin the question is about.
        origin: String,
        /// Its host, with the port if it is not the scheme's own.
        host: String,
    },
    /// Never.
    Refused(Refusal),
}

/// Why nothing is filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// No user asked for it.
    NoGesture,
    /// The field is in a frame within the page.
    SubFrame,
    /// The item is inactive, or deleted.
    Inactive,
    /// The person whose item it is was not accepted.
    NotAccepted,
    /// The item has no such value.
    NoValue(What),
    /// Not a web page.
    NoWebPage,
    /// The item is https, the page is http.
    NotSecure,
}

/// Decides. It does not look at what the page contains.
pub fn decide(entry: &Entry, wish: &Wish<'_>) -> Decision {
    if wish.gesture == Gesture::None {
        return Decision::Refused(Refusal::NoGesture);
    }
    if !wish.top {
        return Decision::Refused(Refusal::SubFrame);
    }
    if entry.status != Status::Active {
        return Decision::Refused(Refusal::Inactive);
    }
    if !entry.access.is_usable() {
        return Decision::Refused(Refusal::NotAccepted);
    }
    let missing = match wish.what {
        What::ClientId => entry.overview.client_id.is_empty(),
        What::ClientSecret => entry.secret == SecretPresence::Missing,
    };
    if missing {
        return Decision::Refused(Refusal::NoValue(wish.what));
    }
    let Some((page, origin)) = read(wish.page) else {
        return Decision::Refused(Refusal::NoWebPage);
    };
    let addresses = std::iter::once(&entry.overview.url).chain(&entry.overview.addresses);
    let sites: Vec<Site> = addresses.filter_map(|address| Site::of(address)).collect();
    // What can be read on the way goes nowhere that https was promised for.
    let safe = page.secure || page.is_loopback();
    if sites.iter().any(|site| is_of(site, &page) && (safe || !site.secure)) {
        return Decision::Allowed { origin };
    }
    if !safe && sites.iter().any(|site| site.secure) {
        return Decision::Refused(Refusal::NotSecure);
    }
    // Only a screen can ask, and an answer is about the page it was given for.
    let agreed = wish.gesture == Gesture::Screen
        && wish.answer.is_some_and(|answer| answer.origin == origin);
    if agreed {
        return Decision::Allowed { origin };
    }
    Decision::Ask { host: page.authority(), origin }
}

/// A page's site and origin.
fn read(page: &str) -> Option<(Site, String)> {
    let url = Url::parse(page).ok()?;
    let site = Site::of(page)?;
    Some((site, url.origin().ascii_serialization()))
}

/// Same host and port. http and https on their default ports are one service.
fn is_of(site: &Site, page: &Site) -> bool {
    let ports = site.port == page.port || site.is_default_port() && page.is_default_port();
    site.host == page.host && ports
}

#[cfg(test)]
mod tests;
