//! Search as one types, over every field but the client secret. Every word must be found
//! somewhere, without regard to case and accents; the best field is named.

use mysafe_protocol::ItemId;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::{Field, Method};
use crate::vault::Entry;

/// An item that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The item.
    pub item: ItemId,
    /// The field that made it so good.
    pub field: Field,
    score: u32,
}

/// The items in which every word of `query` occurs, best first; equal ones by last use, then
/// name. An empty query finds nothing.
pub fn search<'e>(entries: impl Iterator<Item = &'e Entry>, query: &str) -> Vec<Found> {
    let words = query.split_whitespace().map(fold);
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(Found, &Entry)> =
        entries.filter_map(|entry| Some((rate(entry, &words)?, entry))).collect();
    found.sort_by(|(a, x), (b, y)| {
        b.score
            .cmp(&a.score)
            .then(y.last_use.cmp(&x.last_use))
            .then_with(|| x.overview.name.to_lowercase().cmp(&y.overview.name.to_lowercase()))
            .then(x.id.cmp(&y.id))
    });
    found.into_iter().map(|(found, _)| found).collect()
}

/// Case, accents and compatibility forms do not matter.
fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

fn rate(entry: &Entry, words: &[String]) -> Option<Found> {
    let overview = &entry.overview;
    let method = overview.method.map_or("", Method::as_str);
    let texts = [(Field::Name, 100, overview.name.as_str()), (Field::Url, 60, &overview.url)]
        .into_iter()
        .chain(overview.addresses.iter().map(|address| (Field::Url, 50, address.as_str())))
        .chain([
            (Field::ClientId, 40, overview.client_id.as_str()),
            (Field::Identifier, 50, &overview.identifier),
            (Field::Method, 10, method),
        ])
        .chain(overview.tags.iter().map(|tag| (Field::Tags, 45, tag.as_str())))
        .chain([(Field::Notes, 20, overview.notes.as_str())]);
    let fields: Vec<(Field, u32, String)> =
        texts.map(|(field, weight, text)| (field, weight, fold(text))).collect();
    let (mut score, mut best) = (0, (0, Field::Name));
    for word in words {
        let (points, field) = fields
            .iter()
            .filter_map(|(field, weight, text)| Some((place(text, word)? * weight, *field)))
            .max_by_key(|(points, _)| *points)?;
        score += points;
        if points > best.0 {
            best = (points, field);
        }
    }
    Some(Found { item: entry.id, field: best.1, score })
}

/// How well a word stands in a text: all of it, at its start, at a word's start, anywhere.
fn place(text: &str, word: &str) -> Option<u32> {
    if text == word {
        return Some(8);
    }
    let mut best = None;
    for (at, _) in text.match_indices(word) {
        let before = text[..at].chars().next_back();
        let points = match before {
            None => 6,
            Some(before) if !before.is_alphanumeric() => 4,
            Some(_) => 2,
        };
        best = best.max(Some(points));
        if points > 2 {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Overview;
    use crate::vault::SecretPresence;
    use mysafe_protocol::bodies::Status;

    fn entries() -> Vec<Entry> {
        let entry = |number: u8, overview| Entry {
            id: ItemId([number; 16]),
            revision: 1,
            status: Status::Active,
            overview,
            waiting: false,
            last_use: 0,
            secret: SecretPresence::Unknown,
            trouble: None,
        };
        vec![
            entry(
                1,
                Overview {
                    name: "Stripe live".into(),
                    url: "https://api.stripe.com".into(),
                    tags: vec!["payments".into()],
                    ..Default::default()
                },
            ),
            entry(
                2,
                Overview {
                    name: "Ação social".into(),
                    url: "https://pay.example".into(),
                    client_id: "stripe-proxy".into(),
                    method: Some(Method::Post),
                    ..Default::default()
                },
            ),
            entry(
                3,
                Overview {
                    name: "Weather".into(),
                    url: "https://w.example".into(),
                    identifier: "WX-1".into(),
                    notes: "Ask Ana\nbefore use".into(),
                    ..Default::default()
                },
            ),
        ]
    }

    fn check(query: &str, expected: &[(u8, Field)]) {
        let entries = entries();
        let found: Vec<_> = search(entries.iter(), query)
            .into_iter()
            .map(|found| (found.item.0[0], found.field))
            .collect();
        assert_eq!(found, expected, "{query}");
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
        check("w.example", &[(3, Field::Url)]);
        check("nothing", &[]);
        check("  ", &[]);
    }

    #[test]
    fn every_word_must_be_found() {
        check("stripe pay", &[(1, Field::Name), (2, Field::ClientId)]);
        check("stripe weather", &[]);
    }
}
