//! Keys as a person presses them: "Enter", "Control+k", "Shift+ArrowDown", or a single character.

/// A key with the modifiers held with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Control held.
    pub control: bool,
    /// Shift held.
    pub shift: bool,
    /// Alt held.
    pub alt: bool,
    /// The key, as `KeyboardEvent.key` names it.
    pub key: String,
}

/// Keys that are not characters: name, code of WebDriver, Windows virtual key.
const NAMED: [(&str, char, u32); 17] = [
    ("Enter", '\u{e007}', 13),
    ("Tab", '\u{e004}', 9),
    ("Escape", '\u{e00c}', 27),
    ("Backspace", '\u{e003}', 8),
    ("Delete", '\u{e017}', 46),
    ("ArrowUp", '\u{e013}', 38),
    ("ArrowDown", '\u{e015}', 40),
    ("ArrowLeft", '\u{e012}', 37),
    ("ArrowRight", '\u{e014}', 39),
    ("Home", '\u{e011}', 36),
    ("End", '\u{e010}', 35),
    ("PageUp", '\u{e00e}', 33),
    ("PageDown", '\u{e00f}', 34),
    ("Control", '\u{e009}', 17),
    ("Shift", '\u{e008}', 16),
    ("Alt", '\u{e00a}', 18),
    ("F5", '\u{e035}', 116),
];

impl Chord {
    /// Reads "Control+Shift+k". A bare "+" is the plus key.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        let mut chord = Self { control: false, shift: false, alt: false, key: String::new() };
        let mut rest = text;
        while let Some((modifier, after)) =
            rest.split_once('+').filter(|(_, after)| !after.is_empty())
        {
            match modifier {
                "Control" => chord.control = true,
                "Shift" => chord.shift = true,
                "Alt" => chord.alt = true,
                other => panic!("unknown modifier {other:?} in {text:?}"),
            }
            rest = after;
        }
        chord.key = rest.to_owned();
        assert!(chord.named().is_some() || rest.chars().count() == 1, "unknown key {rest:?}");
        chord
    }

    /// The keys that type this text, one for each character; a line break is Enter.
    pub fn typing(text: &str) -> Vec<Self> {
        let key = |c: char| if c == '\n' { "Enter".to_owned() } else { c.to_string() };
        text.chars()
            .map(|c| Self { control: false, shift: false, alt: false, key: key(c) })
            .collect()
    }

    /// The character that WebDriver knows the key by.
    pub fn webdriver(&self) -> String {
        self.named().map_or_else(|| self.key.clone(), |(_, code, _)| code.to_string())
    }

    /// The modifiers held, as WebDriver's characters.
    pub fn webdriver_modifiers(&self) -> impl Iterator<Item = &'static str> {
        [(self.control, "\u{e009}"), (self.shift, "\u{e008}"), (self.alt, "\u{e00a}")]
            .into_iter()
            .filter_map(|(held, code)| held.then_some(code))
    }

    /// The modifiers as the DevTools protocol counts them.
    pub fn devtools_modifiers(&self) -> u32 {
        u32::from(self.alt) + 2 * u32::from(self.control) + 8 * u32::from(self.shift)
    }

    /// The Windows virtual key, 0 where there is none.
    pub fn virtual_key(&self) -> u32 {
        match self.named() {
            Some((_, _, code)) => code,
            None => self.letter().map_or(0, u32::from),
        }
    }

    /// `KeyboardEvent.code`, empty where no key of a US keyboard has the character.
    pub fn code(&self) -> String {
        match (self.named(), self.letter()) {
            (Some((name, _, _)), _) if matches!(name, "Control" | "Shift" | "Alt") => {
                format!("{name}Left")
            }
            (Some((name, _, _)), _) => name.to_owned(),
            (None, Some(c)) if c.is_ascii_digit() => format!("Digit{c}"),
            (None, Some(b' ')) => "Space".to_owned(),
            (None, Some(c)) => format!("Key{}", char::from(c)),
            (None, None) => String::new(),
        }
    }

    /// The text that the key types, if it types any.
    pub fn text(&self) -> Option<&str> {
        match self.key.as_str() {
            _ if self.control || self.alt => None,
            "Enter" => Some("\r"),
            key if self.named().is_none() => Some(key),
            _ => None,
        }
    }

    fn named(&self) -> Option<(&'static str, char, u32)> {
        NAMED.into_iter().find(|(name, _, _)| *name == self.key)
    }

    fn letter(&self) -> Option<u8> {
        let c = self.key.chars().next().filter(|c| c.is_ascii_alphanumeric() || *c == ' ')?;
        u8::try_from(c.to_ascii_uppercase()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_has_its_modifiers_and_its_key() {
        let chord = Chord::parse("Control+Shift+k");
        assert_eq!(
            (chord.control, chord.shift, chord.alt, chord.key.as_str()),
            (true, true, false, "k")
        );
        assert_eq!(
            (chord.devtools_modifiers(), chord.virtual_key(), chord.code().as_str()),
            (10, 75, "KeyK")
        );
        assert_eq!(chord.text(), None);
    }

    #[test]
    fn plus_and_slash_are_keys() {
        assert_eq!(Chord::parse("+").key, "+");
        assert_eq!(Chord::parse("Control++").key, "+");
        assert_eq!(Chord::parse("/").text(), Some("/"));
    }

    #[test]
    fn typing_presses_one_key_for_each_character() {
        let keys: Vec<_> = Chord::typing("a ü\n").iter().map(Chord::webdriver).collect();
        assert_eq!(keys, ["a", " ", "ü", "\u{e007}"]);
    }
}
