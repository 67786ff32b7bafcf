//! The search for planted values: whether what a person typed occurs anywhere it must not, in any of
//! the ways a program may have written it.

mod forms;
mod moz_lz4;

use std::path::Path;

use aho_corasick::AhoCorasick;

pub use forms::Form;

/// A value that was typed somewhere and must not be found elsewhere.
#[derive(Clone, Debug)]
pub struct Planted {
    /// What it is, for the report: "client secret of Stripe".
    pub name: String,
    /// The value, of at least 6 bytes: shorter ones occur by chance.
    pub value: String,
}

/// Bytes to search in, and where they are from.
#[derive(Clone, Debug)]
pub struct Haystack {
    /// Where they are from: a file, a connection.
    pub place: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A planted value that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which value.
    pub name: String,
    /// As what it was written.
    pub form: Form,
    /// In which haystack.
    pub place: String,
    /// At which byte of it.
    pub offset: usize,
}

impl Planted {
    /// A value and what it is.
    pub fn new(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned() }
    }
}

/// Looks for each value in each haystack: as it is, in UTF-16, base64 and base64url (wherever it
/// stands in what was encoded), hexadecimal, URL-encoded, escaped in JSON. At most one hit is
/// reported for each value, form and haystack.
pub fn find_planted(values: &[Planted], haystacks: &[Haystack]) -> Vec<Hit> {
    let search = Search::new(values);
    haystacks.iter().flat_map(|haystack| search.hits(haystack)).collect()
}

/// The same in every file under a folder, their names included, and in what Firefox compressed.
pub fn find_planted_in_folder(values: &[Planted], folder: &Path) -> Vec<Hit> {
    let search = Search::new(values);
    let mut hits = Vec::new();
    visit(folder, &mut |file| {
        let place = file.display().to_string();
        // A socket or a lock that went away meanwhile holds nothing.
        let mut bytes =
            if file.is_file() { std::fs::read(file).unwrap_or_default() } else { Vec::new() };
        bytes.extend(moz_lz4::open(&bytes).unwrap_or_default());
        bytes.extend(place.as_bytes());
        hits.extend(search.hits(&Haystack { place, bytes }));
    });
    hits
}

/// All forms of all values in one automaton.
struct Search<'a> {
    values: &'a [Planted],
    forms: Vec<(usize, Form)>,
    automaton: AhoCorasick,
}

impl<'a> Search<'a> {
    fn new(values: &'a [Planted]) -> Self {
        let mut forms = Vec::new();
        let mut patterns = Vec::new();
        for (index, planted) in values.iter().enumerate() {
            assert!(planted.value.len() >= 6, "{:?} is too short to search for", planted.name);
            for (form, pattern) in forms::all(&planted.value) {
                forms.push((index, form));
                patterns.push(pattern);
            }
        }
        let automaton = AhoCorasick::new(patterns).expect("a few hundred short patterns");
        Self { values, forms, automaton }
    }

    fn hits(&self, haystack: &Haystack) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for found in self.automaton.find_overlapping_iter(&haystack.bytes) {
            let (value, form) = self.forms[found.pattern().as_usize()];
            let name = &self.values[value].name;
            if hits.iter().all(|hit| hit.name != *name || hit.form != form) {
                hits.push(Hit {
                    name: name.clone(),
                    form,
                    place: haystack.place.clone(),
                    offset: found.start(),
                });
            }
        }
        hits
    }
}

fn visit(path: &Path, see: &mut impl FnMut(&Path)) {
    if path.is_dir() && !path.is_symlink() {
        for entry in std::fs::read_dir(path).expect("the folder can be read").flatten() {
            visit(&entry.path(), see);
        }
    } else {
        see(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    const VALUE: &str = "sk_live/ü?\"x\"+7>~";

    fn forms_found(bytes: impl Into<Vec<u8>>) -> Vec<Form> {
        let values = [Planted::new("secret", VALUE), Planted::new("other", "not in there")];
        let hits = find_planted(&values, &[Haystack { place: "here".into(), bytes: bytes.into() }]);
        assert!(hits.iter().all(|hit| hit.name == "secret" && hit.place == "here"));
        let mut forms: Vec<_> = hits.into_iter().map(|hit| hit.form).collect();
        forms.dedup();
        forms
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn it_is_found_as_it_is_and_in_utf_16() {
        assert_eq!(forms_found(format!("a{VALUE}b")), [Form::Plain]);
        assert_eq!(forms_found(utf16(VALUE, u16::to_le_bytes)), [Form::Utf16]);
        assert_eq!(forms_found(utf16(VALUE, u16::to_be_bytes)), [Form::Utf16]);
    }

    #[test]
    fn it_is_found_in_base64_wherever_it_stands_in_the_encoded_bytes() {
        for before in 0..6 {
            for after in 0..6 {
                let bytes = format!("{}{VALUE}{}", "\u{7}".repeat(before), "z".repeat(after));
                assert!(
                    forms_found(BASE64_STANDARD.encode(&bytes)).contains(&Form::Base64),
                    "{before} {after}"
                );
                // Where neither of the two differing characters occurs, both alphabets are one form.
                assert!(
                    !forms_found(BASE64_URL_SAFE_NO_PAD.encode(&bytes)).is_empty(),
                    "{before} {after}"
                );
            }
        }
    }

    #[test]
    fn it_is_found_in_hexadecimal_of_either_case() {
        let hex = |upper: bool| -> String {
            VALUE
                .bytes()
                .map(|b| if upper { format!("{b:02X}") } else { format!("{b:02x}") })
                .collect()
        };
        assert_eq!(forms_found(hex(true)), [Form::Hex]);
        assert_eq!(forms_found(hex(false)), [Form::Hex]);
    }

    #[test]
    fn it_is_found_url_encoded_and_escaped_in_json() {
        assert_eq!(forms_found("q=sk_live%2F%C3%BC%3F%22x%22%2B7%3E~&"), [Form::Url]);
        assert_eq!(forms_found("q=sk_live%2f%c3%bc%3f%22x%22%2b7%3e%7e&"), [Form::Url]);
        assert_eq!(forms_found(r#"{"a":"sk_live/ü?\"x\"+7>~"}"#), [Form::Json]);
        assert_eq!(forms_found(r#"{"a":"sk_live/\u00fc?\"x\"+7>~"}"#), [Form::Json]);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(forms_found("sk_live/ü?\"x\"+7>"), []);
        assert_eq!(forms_found(vec![0; 1000]), []);
    }

    #[test]
    fn files_are_searched_with_their_names() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/a"), "x planted-value x").unwrap();
        std::fs::write(folder.path().join("planted-value.txt"), "").unwrap();
        let mut hits =
            find_planted_in_folder(&[Planted::new("it", "planted-value")], folder.path());
        hits.sort_by(|a, b| a.place.cmp(&b.place));
        assert_eq!(hits.len(), 2, "{hits:?}");
        assert!(hits[0].place.ends_with("deep/a") && hits[0].offset == 2);
    }
}
