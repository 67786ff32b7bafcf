//! The decision as a table: what changes one thing at a time, and then every combination against
//! the rules that no fill may break.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::*;
use crate::model::Overview;

/// An active item with both values at these addresses.
fn entry(addresses: &[&str]) -> Entry {
    let mut addresses = addresses.iter().map(|address| (*address).to_owned());
    Entry {
        id: ItemId([7; 16]),
        revision: 1,
        status: Status::Active,
        overview: Overview {
            name: "Ledger".into(),
            url: addresses.next().unwrap_or_default(),
            addresses: addresses.collect(),
            client_id: "ledger-client".into(),
            ..Default::default()
        },
        waiting: false,
        last_use: 0,
        later_use: Default::default(),
        secret: SecretPresence::Stored,
        trouble: None,
        access: Default::default(),
    }
}

fn wish(page: &str) -> Wish<'_> {
    Wish { what: What::ClientSecret, page, top: true, gesture: Gesture::Screen, answer: None }
}

fn word(decision: &Decision) -> String {
    match decision {
        Decision::Allowed { origin } => format!("allowed {origin}"),
        Decision::Ask { origin, host } => format!("ask {host} {origin}"),
        Decision::Refused(why) => format!("{why:?}"),
    }
}

#[test]
fn the_pages_address_decides() {
    const TABLE: [(&[&str], &str, &str); 42] = [
        (&["https://api.a.com"], "https://api.a.com/", "allowed https://api.a.com"),
        (&["https://api.a.com/v1"], "https://api.a.com/docs?x#y", "allowed https://api.a.com"),
        (&["https://api.a.com"], "https://API.A.com:443/", "allowed https://api.a.com"),
        (&["https://api.a.com"], "https://api.a.com./", "allowed https://api.a.com."),
        (
            &["https://api.a.com"],
            "https://api.a.com:8443/",
            "ask api.a.com:8443 https://api.a.com:8443",
        ),
        (&["https://api.a.com:8443"], "https://api.a.com/", "ask api.a.com https://api.a.com"),
        (&["https://api.a.com:8443"], "https://api.a.com:8443/x", "allowed https://api.a.com:8443"),
        (&["https://api.a.com"], "https://docs.a.com/", "ask docs.a.com https://docs.a.com"),
        (&["https://api.a.com"], "https://a.com/", "ask a.com https://a.com"),
        (&["https://api.a.com"], "https://x.api.a.com/", "ask x.api.a.com https://x.api.a.com"),
        (
            &["https://api.a.com"],
            "https://api.a.com.evil.test/",
            "ask api.a.com.evil.test https://api.a.com.evil.test",
        ),
        (&["https://api.a.com"], "https://api.a.com@evil.test/", "ask evil.test https://evil.test"),
        (
            &["https://api.a.com"],
            "https://api.a.com%2eevil.test/",
            "ask api.a.com.evil.test https://api.a.com.evil.test",
        ),
        (&["https://api.a.com"], "https://xn--pi-8ka.a.com/", "NoWebPage"),
        (
            &["https://pay.a.com"],
            "https://раy.a.com/",
            "ask xn--y-7sb1c.a.com https://xn--y-7sb1c.a.com",
        ),
        (&["https://api.a.com"], "http://api.a.com/", "NotSecure"),
        (&["https://api.a.com:8443"], "http://api.a.com:8443/", "NotSecure"),
        (&["https://api.a.com"], "http://docs.a.com/", "NotSecure"),
        (&["https://api.a.com", "http://old.a.com"], "http://api.a.com/", "NotSecure"),
        (
            &["https://api.a.com", "http://old.a.com"],
            "http://old.a.com/",
            "allowed http://old.a.com",
        ),
        (&["http://api.a.com"], "http://api.a.com/", "allowed http://api.a.com"),
        (&["http://api.a.com"], "https://api.a.com/", "allowed https://api.a.com"),
        (&["http://api.a.com:8080"], "https://api.a.com:8080/", "allowed https://api.a.com:8080"),
        (&["http://api.a.com"], "http://docs.a.com/", "ask docs.a.com http://docs.a.com"),
        // Without TLS a name with a dot at its end may be another machine.
        (&["http://api.a.com"], "http://api.a.com./", "ask api.a.com. http://api.a.com."),
        (&["http://api.a.com."], "http://api.a.com/", "ask api.a.com http://api.a.com"),
        (&["http://build"], "http://build./", "ask build. http://build."),
        (&["http://build."], "http://build./", "allowed http://build."),
        (&["https://localhost:8080"], "http://localhost:8080/x", "allowed http://localhost:8080"),
        (&["https://127.0.0.1"], "http://127.0.0.1/", "allowed http://127.0.0.1"),
        (&["https://[::1]:9"], "http://[::1]:9/", "allowed http://[::1]:9"),
        (
            &["https://api.a.com"],
            "http://localhost:3000/",
            "ask localhost:3000 http://localhost:3000",
        ),
        (&["https://localhost"], "http://localhost.evil.test/", "NotSecure"),
        (
            &["https://api.a.com", "https://docs.a.com"],
            "https://docs.a.com/",
            "allowed https://docs.a.com",
        ),
        (&["https://api.a.com"], "data:text/html,<input>", "NoWebPage"),
        (&["https://api.a.com"], "blob:https://api.a.com/1-2", "NoWebPage"),
        (&["https://api.a.com"], "javascript:alert(1)", "NoWebPage"),
        (&["https://api.a.com"], "about:blank", "NoWebPage"),
        (&["https://api.a.com"], "file:///api.a.com", "NoWebPage"),
        (&["https://api.a.com"], "chrome-extension://api.a.com/", "NoWebPage"),
        (&["https://api.a.com"], "view-source:https://api.a.com/", "NoWebPage"),
        (&[""], "https://api.a.com/", "ask api.a.com https://api.a.com"),
    ];
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(addresses, page, expected)| {
            let decided = word(&decide(&entry(addresses), &wish(page)));
            (decided != *expected).then(|| format!("{addresses:?} on {page}: {decided}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_item_lacks_is_told() {
    let page = wish("https://api.a.com/");
    for (change, what, expected) in [
        ((|entry| entry.status = Status::Inactive) as fn(&mut Entry), What::ClientId, "Inactive"),
        (|entry| entry.status = Status::Deleted, What::ClientSecret, "Inactive"),
        (
            |entry| entry.secret = SecretPresence::Missing,
            What::ClientSecret,
            "NoValue(ClientSecret)",
        ),
        (
            |entry| entry.secret = SecretPresence::Missing,
            What::ClientId,
            "allowed https://api.a.com",
        ),
        (
            |entry| entry.secret = SecretPresence::Unknown,
            What::ClientSecret,
            "allowed https://api.a.com",
        ),
        (|entry| entry.overview.client_id.clear(), What::ClientId, "NoValue(ClientId)"),
    ] {
        let mut entry = entry(&["https://api.a.com"]);
        change(&mut entry);
        assert_eq!(word(&decide(&entry, &Wish { what, ..page })), expected, "{what:?}");
    }
}

#[test]
fn no_combination_breaks_a_rule() {
    let (here, there) = ("https://docs.a.com", "https://evil.test");
    let answers = [None, Some((here, false)), Some((here, true)), Some((there, true))];
    let pages = ["https://api.a.com/", "https://docs.a.com/", "http://api.a.com/", "data:,x"];
    let mut allowed = 0;
    for status in [Status::Active, Status::Inactive, Status::Deleted] {
        for secret in [SecretPresence::Unknown, SecretPresence::Stored, SecretPresence::Missing] {
            for what in [What::ClientId, What::ClientSecret] {
                for gesture in [Gesture::None, Gesture::Screen, Gesture::Command] {
                    for (top, page) in pages.iter().flat_map(|page| [(true, page), (false, page)]) {
                        for answer in answers {
                            let answer = answer
                                .map(|(origin, always)| Answer { origin: origin.into(), always });
                            let mut entry = entry(&["https://api.a.com"]);
                            (entry.status, entry.secret) = (status, secret);
                            let wish = Wish { what, page, top, gesture, answer: answer.as_ref() };
                            let decision = decide(&entry, &wish);
                            let Decision::Allowed { origin } = decision else { continue };
                            allowed += 1;
                            assert!(top && gesture != Gesture::None && status == Status::Active);
                            assert!(what == What::ClientId || secret != SecretPresence::Missing);
                            assert!(page.starts_with(&origin) && origin.starts_with("https://"));
                            let asked = gesture == Gesture::Screen
                                && wish.answer.is_some_and(|answer| answer.origin == origin);
                            assert!(origin == "https://api.a.com" || asked, "{wish:?}");
                        }
                    }
                }
            }
        }
    }
    // 5 of value and presence: on its own page 2 gestures with 4 answers, elsewhere 2 answers.
    assert_eq!(allowed, 5 * (2 * 4 + 2));
}
