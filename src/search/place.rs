//! How well a word stands in a text: as typed, or else with letters left out.

use std::collections::HashMap;

use memchr::memmem::Finder;
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The text is the word.
pub(super) const WHOLE: u32 = 8;
/// The text begins with the word.
const START: u32 = 6;
/// A word of the text begins with it.
const WORD_START: u32 = 4;
/// It stands within a word.
const WITHIN: u32 = 2;
/// More, if a word of the text also ends there.
const WORD_END: u32 = 1;

/// How well a word stands in a text, as typed.
pub(super) fn place(text: &str, word: &Finder<'_>) -> Option<u32> {
    let length = word.needle().len();
    if text.len() == length {
        return (text.as_bytes() == word.needle()).then_some(WHOLE);
    }
    let mut best = None;
    for at in word.find_iter(text.as_bytes()) {
        // A folded word begins and ends with whole characters, so these lie between two.
        let (before, after) = (&text[..at], &text[at + length..]);
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let start = match at {
            0 => START,
            _ if !inside(before.chars().next_back()) => WORD_START,
            _ => WITHIN,
        };
        let end = if start == WITHIN || inside(after.chars().next()) { 0 } else { WORD_END };
        best = best.max(Some(start + end));
        // What follows can at best be a word of its own.
        if start + end >= WORD_START + WORD_END {
            break;
        }
    }
    best
}

/// The shortest word that may have letters left out.
const SHORTEST: usize = 3;
/// What a word with letters left out must reach of what all of it would get, in hundredths.
const SEEN: u32 = 80;

/// Finds words with letters left out: `strp` and `ghapi` in "Stripe" and "GitHub API".
pub(super) struct Fuzzy<'t> {
    matcher: Matcher,
    text: Vec<char>,
    word: Vec<char>,
    /// Many items have the same tags and hosts.
    known: HashMap<(&'t str, &'t str), Option<u32>>,
}

impl<'t> Fuzzy<'t> {
    pub(super) fn new() -> Self {
        let mut config = Config::DEFAULT;
        // Both sides are folded.
        (config.normalize, config.ignore_case) = (false, false);
        let matcher = Matcher::new(config);
        Self { matcher, text: Vec::new(), word: Vec::new(), known: HashMap::new() }
    }

    /// How well, up to 100; `None` if too little of the word stands together for a person to see it.
    pub(super) fn place(&mut self, text: &'t str, word: &'t str) -> Option<u32> {
        if let Some(known) = self.known.get(&(text, word)) {
            return *known;
        }
        let place = self.look(text, word);
        self.known.insert((text, word), place);
        place
    }

    fn look(&mut self, text: &str, word: &str) -> Option<u32> {
        let word = Utf32Str::new(word, &mut self.word);
        if word.len() < SHORTEST {
            return None;
        }
        let length = u32::try_from(word.len()).ok()?;
        let text = Utf32Str::new(text, &mut self.text);
        let score = u32::from(self.matcher.fuzzy_match(text, word)?);
        // What the word would get at the start of a text: 16 a letter, 8 for standing at or going
        // on from the start, twice that for the first letter.
        let whole = 24 * length + 8;
        let hundredths = (100 * score / whole).min(100);
        (hundredths >= SEEN).then_some(hundredths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand() {
        for (text, word, expected) in [
            ("stripe", "stripe", Some(WHOLE)),
            ("stripe live", "stripe", Some(START + WORD_END)),
            ("stripes", "stripe", Some(START)),
            ("my stripe", "stripe", Some(WORD_START + WORD_END)),
            ("my stripes, my stripe", "stripe", Some(WORD_START + WORD_END)),
            ("api.stripe.com", "stripe", Some(WORD_START + WORD_END)),
            ("api.stripes.com", "stripe", Some(WORD_START)),
            ("mystripe", "stripe", Some(WITHIN)),
            ("mystripe stripes", "stripe", Some(WORD_START)),
            ("açai çai", "çai", Some(WORD_START + WORD_END)),
            ("a-b", "-", Some(WITHIN)),
            ("strip", "stripe", None),
            ("stripf", "stripe", None),
            ("", "a", None),
        ] {
            assert_eq!(place(text, &Finder::new(word)), expected, "{word} in {text}");
        }
    }

    #[test]
    fn letters_may_be_left_out_where_one_sees_it() {
        let mut fuzzy = Fuzzy::new();
        for (text, word) in [
            ("stripe", "strp"),
            ("github api", "ghapi"),
            ("github api", "githubapi"),
            ("google maps platform", "gmaps"),
            ("sea wall guard", "swg"),
            ("twilio", "twlio"),
            ("production billing", "prodbill"),
            ("ação social", "açsoc"),
        ] {
            assert!(fuzzy.place(text, word).is_some(), "{word} in {text}");
        }
        for (text, word) in [
            ("stripe", "se"),
            ("stripe", "ste x"),
            ("short term insurance pipeline", "stripe"),
            ("customer relations", "tel"),
            ("stripe", "strpx"),
            ("st", "stripe"),
        ] {
            assert_eq!(fuzzy.place(text, word), None, "{word} in {text}");
        }
    }
}
