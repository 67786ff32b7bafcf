//! How much one account, one item, one client and one mail address may take. Each is a setting.

use super::SettingsError;

/// The largest value of a limit: it fits every type that counts.
const MOST: u64 = 1 << 40;
const LARGE: &str = "a whole number, at least 1 and at most 1099511627776";
/// The same of those that count in memory, whose multiples fit a u32.
const MOST_SMALL: u64 = (1 << 24) - 1;
const SMALL: &str = "a whole number, at least 1 and at most 16777215";

/// The limits, each at least 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes that are stored of the items of an account.
    pub account_bytes: u64,
    /// Items of an account, without those deleted.
    pub account_items: u64,
    /// Revisions of an item in a day (UTC), by whomever.
    pub item_revisions: u64,
    /// Bytes that are stored of an item.
    pub item_bytes: u64,
    /// Letters about items that an account shared, in a day (UTC).
    pub share_letters: u64,
    /// Writes of an account in a row.
    pub write_burst: u32,
    /// Writes of an account in a minute, after those in a row.
    pub writes_per_minute: u32,
    /// Requests of an account that are worked on at once; others wait.
    pub account_requests: u32,
    /// Connections at once.
    pub connections: u32,
    /// Streams of events of all accounts.
    pub event_streams: u32,
    /// Streams of events of an account.
    pub account_event_streams: u32,
    /// Tries of a client in a row: an IPv4 address, or an IPv6 /64.
    pub client_burst: u32,
    /// Tries of a client in a minute, after those in a row.
    pub client_per_minute: u32,
    /// Tries with a mail address from one network in a row.
    pub address_burst: u32,
    /// Tries with a mail address from one network in an hour, after those in a row.
    pub address_per_hour: u32,
    /// Tries with a mail address from all networks in a row.
    pub address_burst_all: u32,
    /// Tries with a mail address from all networks in an hour, after those in a row.
    pub address_per_hour_all: u32,
}

impl Limits {
    /// Reads the limits. `get` gives the text of a variable.
    pub fn of(mut get: impl FnMut(&'static str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut large = |name, default: u64, most: u64| match get(name) {
            None => Ok(default),
            Some(text) => {
                let number = text.trim().parse().ok().filter(|number| (1..=most).contains(number));
                let expected = if most == MOST { LARGE } else { SMALL };
                number.ok_or(SettingsError::Value { name, expected })
            }
        };
        let account_bytes = large("MYSAFE_ACCOUNT_BYTES", 1 << 30, MOST)?;
        let account_items = large("MYSAFE_ACCOUNT_ITEMS", 50_000, MOST)?;
        let item_revisions = large("MYSAFE_ITEM_REVISIONS_PER_DAY", 500, MOST)?;
        let item_bytes = large("MYSAFE_ITEM_BYTES", 64 << 20, MOST)?;
        let share_letters = large("MYSAFE_SHARE_LETTERS_PER_DAY", 500, MOST)?;
        let mut small = |name, default: u32| {
            let number = large(name, u64::from(default), MOST_SMALL)?;
            Ok(u32::try_from(number).expect("the most is one"))
        };
        Ok(Self {
            account_bytes,
            account_items,
            item_revisions,
            item_bytes,
            share_letters,
            write_burst: small("MYSAFE_WRITE_BURST", 3_000)?,
            writes_per_minute: small("MYSAFE_WRITES_PER_MINUTE", 1_200)?,
            account_requests: small("MYSAFE_ACCOUNT_REQUESTS", 4)?,
            connections: small("MYSAFE_CONNECTIONS", 900)?,
            event_streams: small("MYSAFE_EVENT_STREAMS", 500)?,
            account_event_streams: small("MYSAFE_ACCOUNT_EVENT_STREAMS", 20)?,
            client_burst: small("MYSAFE_CLIENT_BURST", 300)?,
            client_per_minute: small("MYSAFE_CLIENT_PER_MINUTE", 600)?,
            address_burst: small("MYSAFE_ADDRESS_BURST", 10)?,
            address_per_hour: small("MYSAFE_ADDRESS_PER_HOUR", 120)?,
            address_burst_all: small("MYSAFE_ADDRESS_BURST_ALL", 1_000)?,
            address_per_hour_all: small("MYSAFE_ADDRESS_PER_HOUR_ALL", 720)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_a_default_that_the_documents_name() {
        let document = include_str!("../../../docs/server.md");
        let mut names = Vec::new();
        let limits = Limits::of(|name| {
            names.push(name);
            None
        });
        let shown = format!("{:?}", limits.unwrap());
        let numbers: Vec<&str> = shown
            .split([':', ',', '}'])
            .map(str::trim)
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty())
            .collect();
        assert_eq!(names.len(), numbers.len());
        for (name, number) in names.iter().zip(numbers) {
            assert!(document.contains(&format!("| `{name}` | `{number}` |")), "{name} {number}");
        }
    }

    #[test]
    fn a_limit_that_is_none_is_named() {
        for bad in ["0", "-1", "many", "1.5", ""] {
            let refused = Limits::of(|name| (name == "MYSAFE_WRITE_BURST").then(|| bad.to_owned()));
            let why = refused.unwrap_err().to_string();
            assert!(why.starts_with("MYSAFE_WRITE_BURST: "), "{why}");
        }
    }

    #[test]
    fn a_limit_that_is_too_large_is_told_the_most() {
        for (name, most) in [("MYSAFE_WRITE_BURST", MOST_SMALL), ("MYSAFE_ACCOUNT_BYTES", MOST)] {
            let of = |number: u64| Limits::of(|asked| (asked == name).then(|| number.to_string()));
            of(most).unwrap();
            let why = of(most + 1).unwrap_err().to_string();
            assert!(why.starts_with(name) && why.ends_with(&format!("at most {most}")), "{why}");
        }
    }
}
