//! Search over a small vault: what is found, by which field, in which order.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::Search;
use crate::model::{Field, Method, Overview};
use crate::vault::{Entry, SecretPresence};

fn entry(number: u8, overview: Overview) -> Entry {
    Entry {
        id: ItemId([number; 16]),
        revision: 1,
        status: Status::Active,
        overview,
        waiting: false,
        last_use: 0,
        later_use: Default::default(),
        secret: SecretPresence::Unknown,
        trouble: None,
        access: Default::default(),
    }
}

fn named(number: u8, name: &str) -> Entry {
    entry(number, Overview { name: name.into(), ..Default::default() })
}

fn entries() -> Vec<Entry> {
    vec![
        entry(
            1,
            Overview {
                name: "Stripe live".into(),
                url: "https://api.stripe.com/v1".into(),
                tags: vec!["payments".into()],
                ..Default::default()
            },
        ),
        entry(
            2,
            Overview {
                name: "Ação social".into(),
                url: "https://pay.example".into(),
                addresses: vec!["https://further.example.net/a".into()],
                client_id: "stripe-proxy".into(),
                method: Some(Method::Post),
                ..Default::default()
            },
        ),
        entry(
            3,
            Overview {
                name: "Weather".into(),
                url: "https://xn--bcher-kva.example".into(),
                identifier: "WX-1".into(),
                notes: "Ask Ana\nbefore use: super tricky in pipelines everywhere".into(),
                ..Default::default()
            },
        ),
    ]
}

fn find(entries: &[Entry], query: &str) -> Vec<(u8, Field)> {
    let search = Search::of(entries.iter());
    let found = search.find(query).into_iter();
    found
        .map(|found| {
            assert_eq!(entries[found.place].id, found.item);
            (found.item.0[0], found.field)
        })
        .collect()
}

fn check(query: &str, expected: &[(u8, Field)]) {
    assert_eq!(find(&entries(), query), expected, "{query}");
}

#[test]
fn every_field_but_the_secret_is_searched() {
    check("stripe", &[(1, Field::Name), (2, Field::ClientId)]);
    check("acao", &[(2, Field::Name)]);
    check("AÇÃO", &[(2, Field::Name)]);
    check("wx-1", &[(3, Field::Identifier)]);
    check("ana", &[(3, Field::Notes)]);
    check("post", &[(2, Field::Method)]);
    check("payments", &[(1, Field::Tags)]);
    check("pay.example", &[(2, Field::Url)]);
    check("further.example.net", &[(2, Field::Url)]);
    check("bücher", &[(3, Field::Url)]);
    check("xn--bcher", &[(3, Field::Url)]);
    check("nothing", &[]);
    check("  ", &[]);
    check("\u{301}", &[]);
}

#[test]
fn every_word_must_be_found() {
    check("stripe pay", &[(1, Field::Name), (2, Field::Url)]);
    check("stripe weather", &[]);
    check("social post stripe", &[(2, Field::Name)]);
}

#[test]
fn the_scheme_that_every_address_has_finds_nothing() {
    check("https", &[]);
    check("tps", &[]);
    check("https://api.stripe.com/v1/", &[(1, Field::Url)]);
    check("http://pay.example/", &[(2, Field::Url)]);
}

#[test]
fn letters_may_be_left_out_but_not_in_notes_paths_or_client_ids() {
    check("strp", &[(1, Field::Name)]);
    check("wther", &[(3, Field::Name)]);
    check("stripelive", &[(1, Field::Name)]);
    check("sprproxy", &[]);
    check("suptricky", &[]);
    check("strppay", &[]);
}

#[test]
fn the_better_a_word_stands_the_earlier_the_item_comes() {
    let entries = [
        named(1, "Guess: sales trips"),
        named(2, "Mystripe"),
        named(3, "Test stripe"),
        named(4, "Stripe live"),
        named(5, "Stripe"),
        named(6, "S-t-r-i-p-e"),
        entry(7, Overview { name: "x".into(), notes: "a stripe".into(), ..Default::default() }),
    ];
    let order: Vec<u8> = find(&entries, "stripe").into_iter().map(|(item, _)| item).collect();
    assert_eq!(order, [5, 4, 3, 2, 7, 6]);
}

#[test]
fn what_stands_together_comes_before_what_is_scattered() {
    let entries = [
        named(1, "Live data of stripe"),
        named(2, "My stripe live"),
        named(3, "Stripe live"),
        named(4, "Stripes livery"),
    ];
    let order: Vec<u8> = find(&entries, "stripe live").into_iter().map(|(item, _)| item).collect();
    assert_eq!(order, [3, 2, 1, 4]);
}

#[test]
fn equal_ones_stand_by_last_use_then_as_listed_inactive_ones_last() {
    let mut entries =
        [named(1, "Stripe a"), named(2, "Stripe b"), named(3, "Stripe c"), named(4, "Stripe d")];
    entries[2].last_use = 5;
    entries[0].last_use = 9;
    entries[0].status = Status::Inactive;
    let order: Vec<u8> = find(&entries, "stripe").into_iter().map(|(item, _)| item).collect();
    assert_eq!(order, [3, 2, 4, 1]);
}
