//! Filters and an order as one line of text, for a host to keep while the user is away.

use url::form_urlencoded::{Serializer, parse};

use super::filter::{Filters, LastUse, OwnerFilter, SharedFilter, StatusFilter};
use super::order::Order;

/// The user, among owners.
const ME: &str = "me";

/// The text; empty for a list as it is at first.
pub fn remember(filters: &Filters, order: Order) -> String {
    let mut text = Serializer::new(String::new());
    let mut put = |key, value: &str| {
        text.append_pair(key, value);
    };
    match filters.status {
        StatusFilter::All => {}
        StatusFilter::Active => put("status", "active"),
        StatusFilter::Inactive => put("status", "inactive"),
    }
    filters.tags.iter().for_each(|tag| put("tag", tag));
    if !filters.url.is_empty() {
        put("url", &filters.url);
    }
    if let Some(code) = filters.last_use.code() {
        put("used", &code);
    }
    match filters.shared {
        SharedFilter::All => {}
        SharedFilter::Yes => put("shared", "yes"),
        SharedFilter::No => put("shared", "no"),
    }
    match filters.owner {
        OwnerFilter::Anyone => {}
        OwnerFilter::Me => put("owner", ME),
        OwnerFilter::One(user) => put("owner", &user.to_string()),
    }
    match order {
        Order::Name => {}
        Order::LastUse => put("order", "used"),
        Order::Changed => put("order", "changed"),
    }
    text.finish()
}

/// What a text says; what it does not say, or in words nobody knows, is as at first.
pub fn recall(text: &str) -> (Filters, Order) {
    let (mut filters, mut order) = (Filters::default(), Order::default());
    for (key, value) in parse(text.as_bytes()) {
        match (&*key, &*value) {
            ("status", "active") => filters.status = StatusFilter::Active,
            ("status", "inactive") => filters.status = StatusFilter::Inactive,
            ("tag", _) => filters.tags.push(value.into_owned()),
            ("url", _) => filters.url = value.into_owned(),
            ("used", code) => filters.last_use = LastUse::of(code),
            ("shared", "yes") => filters.shared = SharedFilter::Yes,
            ("shared", "no") => filters.shared = SharedFilter::No,
            ("owner", ME) => filters.owner = OwnerFilter::Me,
            ("owner", user) => {
                filters.owner = user.parse().map_or(OwnerFilter::Anyone, OwnerFilter::One);
            }
            ("order", "used") => order = Order::LastUse,
            ("order", "changed") => order = Order::Changed,
            _ => {}
        }
    }
    (filters, order)
}

impl LastUse {
    /// A word for it; none for any time.
    pub fn code(self) -> Option<String> {
        Some(match self {
            Self::Any => return None,
            Self::Within(days) => format!("within-{days}"),
            Self::NotWithin(days) => format!("before-{days}"),
            Self::Never => "never".to_owned(),
        })
    }

    /// What a word stands for; any time for one that nobody knows.
    pub fn of(code: &str) -> Self {
        let days = |prefix| code.strip_prefix(prefix).and_then(|days: &str| days.parse().ok());
        match (code, days("within-"), days("before-")) {
            ("never", ..) => Self::Never,
            (_, Some(days), _) => Self::Within(days),
            (_, _, Some(days)) => Self::NotWithin(days),
            _ => Self::Any,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mysafe_protocol::UserId;

    #[test]
    fn what_was_remembered_is_recalled() {
        let last_uses = [LastUse::Any, LastUse::Within(7), LastUse::NotWithin(90), LastUse::Never];
        let orders = [Order::Name, Order::LastUse, Order::Changed];
        for status in [StatusFilter::All, StatusFilter::Active, StatusFilter::Inactive] {
            for last_use in last_uses {
                for order in orders {
                    let tags = vec!["a&b=c".to_owned(), "ação\n+%".to_owned()];
                    let url = "x y?&#".to_owned();
                    let filters = Filters { status, tags, url, last_use, ..Filters::default() };
                    let text = remember(&filters, order);
                    assert!(!text.contains('\n'));
                    assert_eq!(recall(&text), (filters, order), "{text}");
                }
            }
        }
    }

    #[test]
    fn whose_items_and_whether_shared_is_remembered_too() {
        let one = OwnerFilter::One(UserId([7; 32]));
        for shared in [SharedFilter::All, SharedFilter::Yes, SharedFilter::No] {
            for owner in [OwnerFilter::Anyone, OwnerFilter::Me, one] {
                let filters = Filters { shared, owner, ..Filters::default() };
                let text = remember(&filters, Order::Name);
                assert_eq!(recall(&text), (filters, Order::Name), "{text}");
            }
        }
    }

    #[test]
    fn a_list_as_at_first_is_nothing_to_remember() {
        assert_eq!(remember(&Filters::default(), Order::Name), "");
        let unknown =
            "status=gone&used=within-x&used=maybe&shared=some&owner=nobody&order=size&color=red&%";
        for text in ["", unknown] {
            assert_eq!(recall(text), (Filters::default(), Order::Name), "{text}");
        }
    }
}
