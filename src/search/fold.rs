//! How texts are compared: case, accents and compatibility forms do not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text as it is compared.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_to(text, &mut folded);
    folded
}

/// Adds the text as it is compared.
pub(super) fn fold_to(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let from = folded.len();
        folded.push_str(text);
        folded[from..].make_ascii_lowercase();
        return;
    }
    for c in text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)) {
        match letters(c) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
}

/// Letters that are written with others where a keyboard has no key for them, and that Unicode
/// does not take apart.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// Which letters, digits and signs stand in a folded text, a bit each; some share one. A text
/// without a bit of a word does not hold the word.
pub(super) fn letters_of(text: &str) -> u64 {
    text.bytes().fold(0, |all, byte| all | BITS[usize::from(byte)])
}

/// The bit of each byte.
const BITS: [u64; 256] = {
    let mut bits = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        bits[byte] = 1
            << match byte as u8 {
                letter @ b'a'..=b'z' => letter - b'a',
                digit @ b'0'..=b'9' => 26 + digit - b'0',
                sign @ 0..=0x7f => 36 + sign % 12,
                part => 48 + part % 16,
            };
        byte += 1;
    }
    bits
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_forms_do_not_matter() {
        for (text, folded) in [
            ("Stripe Live", "stripe live"),
            ("Ação SOCIAL", "acao social"),
            ("Ａｐｉ ﬁn ①", "api fin 1"),
            ("STRASSE Straße ẞ", "strasse strasse ss"),
            ("Łódź Ærø Þór", "lodz aero thor"),
            ("İstanbul ısı", "istanbul isi"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Việt", "viet"),
            ("食狮", "食狮"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_text_has_the_letters_of_what_it_holds() {
        for (text, word) in [("stripe live", "ve"), ("a-b.c/1", "b.c"), ("食狮 api", "狮")] {
            assert_eq!(letters_of(word) & !letters_of(text), 0, "{word}");
        }
        assert_ne!(letters_of("x") & !letters_of("stripe"), 0);
    }
}
