//! What is searched, folded once per change of the vault, and how well an item fits a query. Every
//! word must be found somewhere, without regard to case and accents; the best field is named.

use std::cmp::Reverse;
use std::ops::Range;

use memchr::memmem::Finder;
use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::fold::{fold, fold_to, letters_of};
use super::place::{Fuzzy, WHOLE, place};
use crate::model::{Field, Method, Overview};
use crate::vault::Entry;

/// A word may be guessed in all of a text.
const WHOLLY: usize = usize::MAX;

/// An item that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The item.
    pub item: ItemId,
    /// Its place among the entries the search was made of.
    pub place: usize,
    /// The field that made it so good.
    pub field: Field,
}

/// Every searched text of every item.
#[derive(Default)]
pub struct Search {
    items: Vec<Item>,
    texts: Vec<Text>,
    /// The folded texts, one after the other.
    folded: String,
}

struct Item {
    id: ItemId,
    /// Where it stands among equal ones.
    rank: u32,
    /// What letters its texts have together.
    letters: u64,
    texts: Range<usize>,
}

struct Text {
    field: Field,
    /// What a place in it is worth.
    weight: u32,
    letters: u64,
    at: Range<usize>,
    /// In how much of it a word may be guessed: all, none, or the host of an address.
    guessed: usize,
}

struct Word<'w> {
    text: &'w str,
    letters: u64,
    finder: Finder<'w>,
}

/// How well an item fits: with fewer words guessed is better, then with more points.
struct Fit {
    guessed: u32,
    points: u32,
    field: Field,
}

/// A search being made: of ten thousand entries it takes longer than a page may answer to nothing.
#[derive(Default)]
pub struct Making {
    search: Search,
    order: Vec<(bool, Reverse<u64>, usize)>,
}

impl Making {
    /// Adds an entry. Equal ones stand by last use, then as they were added; inactive ones after the
    /// others.
    pub fn add(&mut self, entry: &Entry) {
        self.order.push((
            entry.status != Status::Active,
            Reverse(entry.last_use),
            self.order.len(),
        ));
        self.search.add(entry);
    }

    /// The search, of all that were added.
    pub fn done(mut self) -> Search {
        self.order.sort_unstable();
        for (rank, (_, _, place)) in self.order.into_iter().enumerate() {
            self.search.items[place].rank = u32::try_from(rank).expect("a vault has fewer items");
        }
        self.search
    }
}

impl Search {
    /// Prepares `entries`, as [`Making`] adds them.
    pub fn of<'e>(entries: impl Iterator<Item = &'e Entry>) -> Self {
        let mut making = Making::default();
        entries.for_each(|entry| making.add(entry));
        making.done()
    }

    fn add(&mut self, entry: &Entry) {
        let nothing = Overview::default();
        // Of somebody who was not accepted nothing is found.
        let overview = if entry.access.is_usable() { &entry.overview } else { &nothing };
        let first = self.texts.len();
        // By weight: the first that nothing after it can surpass ends the search in an item.
        self.put(Field::Name, 100, WHOLLY, &overview.name);
        self.put_address(60, &overview.url);
        for address in &overview.addresses {
            self.put_address(50, address);
        }
        self.put(Field::Identifier, 50, WHOLLY, &overview.identifier);
        for tag in &overview.tags {
            self.put(Field::Tags, 45, WHOLLY, tag);
        }
        self.put(Field::ClientId, 40, 0, &overview.client_id);
        self.put(Field::Notes, 20, 0, &overview.notes);
        self.put(Field::Method, 10, 0, overview.method.as_ref().map_or("", Method::as_str));
        let letters = self.texts[first..].iter().fold(0, |all, text| all | text.letters);
        let texts = first..self.texts.len();
        self.items.push(Item { id: entry.id, rank: 0, letters, texts });
    }

    fn put(&mut self, field: Field, weight: u32, guessed: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let from = self.folded.len();
        fold_to(text, &mut self.folded);
        let at = from..self.folded.len();
        let letters = letters_of(&self.folded[at.clone()]);
        self.texts.push(Text { field, weight, letters, guessed: guessed.min(at.len()), at });
    }

    /// An address without its scheme, which every item has; a name in another script also as it
    /// is read.
    fn put_address(&mut self, weight: u32, address: &str) {
        let rest = without_scheme(address).unwrap_or(address);
        let host = rest.split('/').next().unwrap_or(rest);
        // In a path anything looks like anything.
        let guessed = if host.is_ascii() { host.len() } else { 0 };
        self.put(Field::Url, weight, guessed, rest);
        if host.contains("xn--") {
            let (name, _) = idna::domain_to_unicode(host);
            self.put(Field::Url, weight, WHOLLY, &name);
        }
    }

    /// The items in which every word of `query` occurs, best first. An empty query finds nothing.
    pub fn find(&self, query: &str) -> Vec<Found> {
        let folded: Vec<String> = query.split_whitespace().map(fold).collect();
        let words: Vec<Word<'_>> = folded.iter().filter_map(|word| Word::of(word)).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let phrase = folded.join(" ");
        let phrase = Word::of(&phrase).filter(|_| words.len() > 1);
        let all = words.iter().fold(0, |all, word| all | word.letters);
        let mut fuzzy = None;
        let mut found = Vec::new();
        for (place, item) in self.items.iter().enumerate() {
            if all & !item.letters == 0
                && let Some(fit) = self.fit(item, &words, phrase.as_ref(), &mut fuzzy)
            {
                let order = (fit.guessed, Reverse(fit.points), item.rank);
                found.push((order, Found { item: item.id, place, field: fit.field }));
            }
        }
        found.sort_unstable_by_key(|(order, _)| *order);
        found.into_iter().map(|(_, found)| found).collect()
    }

    fn fit<'t>(
        &'t self,
        item: &Item,
        words: &[Word<'t>],
        phrase: Option<&Word<'t>>,
        fuzzy: &mut Option<Fuzzy<'t>>,
    ) -> Option<Fit> {
        let texts = &self.texts[item.texts.clone()];
        let mut fit = Fit { guessed: 0, points: 0, field: Field::Name };
        let mut most = 0;
        for word in words {
            let (points, field) = match self.as_typed(texts, word) {
                Some(best) => best,
                None => {
                    fit.guessed += 1;
                    self.guess(texts, word, fuzzy.get_or_insert_with(Fuzzy::new))?
                }
            };
            fit.points += points;
            if points > most {
                (most, fit.field) = (points, field);
            }
        }
        // Words that stand together as typed.
        if let Some(phrase) = phrase.filter(|_| fit.guessed == 0) {
            fit.points += self.as_typed(texts, phrase).map_or(0, |(points, _)| points);
        }
        Some(fit)
    }

    /// The best place of a word, as typed.
    fn as_typed(&self, texts: &[Text], word: &Word<'_>) -> Option<(u32, Field)> {
        let mut best: Option<(u32, Field)> = None;
        for text in texts.iter().filter(|text| word.letters & !text.letters == 0) {
            if best.is_some_and(|(points, _)| points >= WHOLE * text.weight) {
                break;
            }
            if let Some(place) = place(&self.folded[text.at.clone()], &word.finder) {
                let points = place * text.weight;
                if best.is_none_or(|(before, _)| points > before) {
                    best = Some((points, text.field));
                }
            }
        }
        best
    }

    /// The best place of a word with letters left out.
    fn guess<'t>(
        &'t self,
        texts: &[Text],
        word: &Word<'t>,
        fuzzy: &mut Fuzzy<'t>,
    ) -> Option<(u32, Field)> {
        let mut best: Option<(u32, Field)> = None;
        let may_hold = |text: &&Text| text.guessed > 0 && word.letters & !text.letters == 0;
        for text in texts.iter().filter(may_hold) {
            let start = text.at.start;
            if let Some(place) = fuzzy.place(&self.folded[start..start + text.guessed], word.text) {
                let points = place * text.weight / 100;
                if best.is_none_or(|(before, _)| points > before) {
                    best = Some((points, text.field));
                }
            }
        }
        best
    }
}

impl<'q> Word<'q> {
    /// A word to look for; an address that was pasted is looked for without its scheme.
    fn of(folded: &'q str) -> Option<Self> {
        let address = without_scheme(folded).map(|rest| rest.trim_end_matches('/'));
        let text = address.filter(|rest| !rest.is_empty()).unwrap_or(folded);
        let finder = Finder::new(text);
        (!text.is_empty()).then(|| Self { text, letters: letters_of(text), finder })
    }
}

/// What follows `https://` or `http://`.
fn without_scheme(text: &str) -> Option<&str> {
    text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))
}
