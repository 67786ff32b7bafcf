//! Which items a list shows, and in which order.

use mysafe_protocol::UserId;
use mysafe_protocol::bodies::Status;

use super::fold::fold;
use crate::vault::{Access, Entry};

/// Items by whether they are in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum StatusFilter {
    /// Those in use and those that were disabled.
    #[default]
    All,
    /// Those in use.
    Active,
    /// Those that were disabled.
    Inactive,
}

/// Items by when their user last showed, copied or filled them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LastUse {
    /// At any time, or never.
    #[default]
    Any,
    /// Within the last so many days.
    Within(u16),
    /// Before that, or never.
    NotWithin(u16),
    /// Never.
    Never,
}

/// Items by whether more than one person has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SharedFilter {
    /// Shared or not.
    #[default]
    All,
    /// Others have access to one's own, or it is somebody else's.
    Yes,
    /// Nobody else has access.
    No,
}

/// Items by whose they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OwnerFilter {
    /// Anybody's.
    #[default]
    Anyone,
    /// The user's own.
    Me,
    /// This person's.
    One(UserId),
}

/// What an item must be to be listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filters {
    /// In use or not.
    pub status: StatusFilter,
    /// All of these tags.
    pub tags: Vec<String>,
    /// This stands in one of its addresses.
    pub url: String,
    /// When it was last used.
    pub last_use: LastUse,
    /// Shared or not.
    pub shared: SharedFilter,
    /// Whose it is.
    pub owner: OwnerFilter,
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

impl Filters {
    /// How many there are: each tag is one.
    pub fn count(&self) -> usize {
        usize::from(self.status != StatusFilter::All)
            + self.tags.len()
            + usize::from(!self.url.trim().is_empty())
            + usize::from(self.last_use != LastUse::Any)
            + usize::from(self.shared != SharedFilter::All)
            + usize::from(self.owner != OwnerFilter::Anyone)
    }

    /// The places of the entries that pass; `now` in Unix milliseconds.
    pub fn pass<'e>(&self, entries: impl Iterator<Item = &'e Entry>, now: u64) -> Vec<usize> {
        let tags: Vec<String> = self.tags.iter().map(|tag| fold(tag)).collect();
        let url = fold(self.url.trim());
        let passes = |entry: &Entry| {
            self.has_status(entry.status)
                && self.used(entry.last_use, now)
                && self.is_shared(&entry.access)
                && self.is_of(entry.access.owner)
                && tags.iter().all(|tag| entry.overview.tags.iter().any(|own| fold(own) == *tag))
                && (url.is_empty() || leads_to(entry, &url))
        };
        entries.enumerate().filter(|(_, entry)| passes(entry)).map(|(place, _)| place).collect()
    }

    fn has_status(&self, status: Status) -> bool {
        match self.status {
            StatusFilter::All => true,
            StatusFilter::Active => status == Status::Active,
            StatusFilter::Inactive => status == Status::Inactive,
        }
    }

    fn is_shared(&self, access: &Access) -> bool {
        let shared = access.shared || access.owner.is_some();
        self.shared == SharedFilter::All || shared == (self.shared == SharedFilter::Yes)
    }

    fn is_of(&self, owner: Option<UserId>) -> bool {
        match self.owner {
            OwnerFilter::Anyone => true,
            OwnerFilter::Me => owner.is_none(),
            OwnerFilter::One(user) => owner == Some(user),
        }
    }

    fn used(&self, last_use: u64, now: u64) -> bool {
        // A clock that was set back makes a use lie ahead: that is recent.
        let within =
            |days: u16| last_use > 0 && now.saturating_sub(last_use) <= u64::from(days) * DAY_MS;
        match self.last_use {
            LastUse::Any => true,
            LastUse::Within(days) => within(days),
            LastUse::NotWithin(days) => !within(days),
            LastUse::Never => last_use == 0,
        }
    }
}

/// Whether a folded text stands in an address of an item, as stored or, with a name in another script,
/// as it is read.
fn leads_to(entry: &Entry, text: &str) -> bool {
    let mut addresses = std::iter::once(&entry.overview.url).chain(&entry.overview.addresses);
    addresses.any(|address| {
        fold(address).contains(text)
            || address.contains("xn--") && fold(&as_read(address)).contains(text)
    })
}

/// An address with its host as people read it.
fn as_read(address: &str) -> String {
    let Some(host) = address.split('/').nth(2).filter(|host| host.contains("xn--")) else {
        return address.to_owned();
    };
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let read = idna::domain_to_unicode(name).0;
    let read = if port.is_empty() { read } else { format!("{read}:{port}") };
    address.replacen(host, &read, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Overview, Stamp};
    use crate::search::Order;
    use crate::vault::SecretPresence;
    use mysafe_protocol::ItemId;

    const NOW: u64 = 1_000 * DAY_MS;
    const BEA: UserId = UserId([2; 32]);
    const CHO: UserId = UserId([3; 32]);

    fn entries() -> Vec<Entry> {
        let stamp = |time| Some(Stamp { user: UserId([1; 32]), time });
        type Columns = (&'static str, &'static str, &'static [&'static str], u64, u64, bool);
        let table: [Columns; 6] = [
            ("Beta", "https://api.example.com/v1", &["Prod", "pay"], NOW - DAY_MS, 30, true),
            (
                "alpha",
                "https://xn--bcher-kva.example:8443/v2",
                &["prod"],
                NOW - 7 * DAY_MS,
                10,
                true,
            ),
            ("Álamo", "https://example.org", &[], 0, 40, true),
            ("gamma", "http://10.0.0.1:8080", &["ação"], NOW - 91 * DAY_MS, 20, false),
            ("Delta", "https://www.example.com", &["pay"], NOW + DAY_MS, 0, true),
            ("delta", "https://other.net", &["pay"], 0, 50, false),
        ];
        let entry =
            |(number, (name, url, tags, last_use, changed, active)): (usize, Columns)| Entry {
                id: ItemId([u8::try_from(number).unwrap(); 16]),
                revision: 1,
                status: if active { Status::Active } else { Status::Inactive },
                overview: Overview {
                    name: name.into(),
                    url: url.into(),
                    addresses: if number == 5 {
                        vec!["https://extra.example.com".into()]
                    } else {
                        vec![]
                    },
                    tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                    changed: if changed == 0 { None } else { stamp(changed) },
                    ..Default::default()
                },
                waiting: false,
                last_use,
                later_use: Default::default(),
                secret: SecretPresence::Unknown,
                trouble: None,
                access: match number {
                    0 => Access { shared: true, ..Access::default() },
                    1 | 3 => Access { owner: Some(BEA), ..Access::default() },
                    4 => Access { owner: Some(CHO), ..Access::default() },
                    _ => Access::default(),
                },
            };
        table.into_iter().enumerate().map(entry).collect()
    }

    #[test]
    fn only_what_passes_every_filter_is_listed() {
        let all = Filters::default();
        let status = |status| Filters { status, ..Filters::default() };
        let tags = |tags: &[&str]| Filters {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Filters::default()
        };
        let url = |url: &str| Filters { url: url.into(), ..Filters::default() };
        let used = |last_use| Filters { last_use, ..Filters::default() };
        let shared = |shared| Filters { shared, ..Filters::default() };
        let owner = |owner| Filters { owner, ..Filters::default() };
        let one = OwnerFilter::One;
        let table: [(Filters, &[usize], usize); 32] = [
            (all.clone(), &[0, 1, 2, 3, 4, 5], 0),
            (status(StatusFilter::Active), &[0, 1, 2, 4], 1),
            (status(StatusFilter::Inactive), &[3, 5], 1),
            (tags(&["prod"]), &[0, 1], 1),
            (tags(&["PROD", "Pay"]), &[0], 2),
            (tags(&["acao"]), &[3], 1),
            (tags(&["pro"]), &[], 1),
            (url("example.com"), &[0, 4, 5], 1),
            (url("EXAMPLE.com/V1"), &[0], 1),
            (url(" 8080 "), &[3], 1),
            (url("http://"), &[3], 1),
            (url("bücher"), &[1], 1),
            (url("xn--bcher"), &[1], 1),
            (url("https://bücher.example"), &[1], 1),
            (url("BÜCHER.example:8443/v"), &[1], 1),
            (url("  "), &[0, 1, 2, 3, 4, 5], 0),
            (used(LastUse::Within(1)), &[0, 4], 1),
            (used(LastUse::Within(7)), &[0, 1, 4], 1),
            (used(LastUse::Within(90)), &[0, 1, 4], 1),
            (used(LastUse::NotWithin(90)), &[2, 3, 5], 1),
            (used(LastUse::Never), &[2, 5], 1),
            (shared(SharedFilter::Yes), &[0, 1, 3, 4], 1),
            (shared(SharedFilter::No), &[2, 5], 1),
            (owner(OwnerFilter::Me), &[0, 2, 5], 1),
            (owner(one(BEA)), &[1, 3], 1),
            (owner(one(UserId([9; 32]))), &[], 1),
            (Filters { shared: SharedFilter::Yes, ..owner(OwnerFilter::Me) }, &[0], 2),
            (Filters { shared: SharedFilter::No, ..owner(one(BEA)) }, &[], 2),
            (Filters { owner: one(BEA), ..status(StatusFilter::Active) }, &[1], 2),
            (Filters { last_use: LastUse::Never, ..status(StatusFilter::Inactive) }, &[5], 2),
            (Filters { url: "example".into(), ..tags(&["pay"]) }, &[0, 4, 5], 2),
            (Filters { url: "other.org".into(), ..tags(&["pay"]) }, &[], 2),
        ];
        for (filters, expected, count) in table {
            assert_eq!(filters.pass(entries().iter(), NOW), expected, "{filters:?}");
            assert_eq!(filters.count(), count, "{filters:?}");
        }
    }

    #[test]
    fn items_stand_in_the_order_asked_for_and_inactive_ones_last() {
        for (order, expected) in [
            (Order::Name, [2, 1, 0, 4, 5, 3]),
            (Order::LastUse, [4, 0, 1, 2, 3, 5]),
            (Order::Changed, [2, 0, 1, 4, 5, 3]),
        ] {
            assert_eq!(order.of(entries().iter()), expected, "{order:?}");
        }
    }
}
