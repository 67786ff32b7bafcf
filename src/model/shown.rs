//! Texts of items as screens show them. An item of somebody else holds whatever its author sealed; it is not
//! refused for that, but shown within the bounds that a form keeps to.

use mysafe_protocol::limits;

use super::{Method, Overview};

/// The overview as it is shown: each text on one line but the notes, without controls and marks that turn
/// the direction of what stands around it, at most as long and as many as a form allows.
pub fn shown(overview: &Overview) -> Overview {
    let addresses = overview.addresses.iter().take(limits::FURTHER);
    Overview {
        name: line(&overview.name, limits::NAME),
        url: line(&overview.url, limits::URL),
        addresses: addresses.map(|address| line(address, limits::URL)).collect(),
        client_id: line(&overview.client_id, limits::CLIENT_ID),
        identifier: line(&overview.identifier, limits::IDENTIFIER),
        method: shown_method(overview),
        tags: shown_tags(overview),
        notes: clamp(&overview.notes, limits::NOTES, |c| c == '\n' || c == '\t'),
        ..overview.clone()
    }
}

/// The tags as they are shown.
pub fn shown_tags(overview: &Overview) -> Vec<String> {
    let tags = overview.tags.iter().filter(|tag| !tag.trim().is_empty());
    tags.take(limits::TAGS).map(|tag| line(tag, limits::TAG)).collect()
}

/// The method as it is shown.
pub fn shown_method(overview: &Overview) -> Option<Method> {
    match overview.method.as_ref()? {
        Method::Other(text) => line(text, limits::TAG).parse().ok(),
        known => Some(known.clone()),
    }
}

/// A text of one line as it is shown.
pub fn line(text: &str, most: usize) -> String {
    clamp(text, most, |_| false)
}

fn clamp(text: &str, most: usize, keeps: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * most));
    for (count, c) in text.chars().enumerate() {
        if count == most {
            shown.push('…');
            break;
        }
        match c {
            c if keeps(c) => shown.push(c),
            // A blank stands where a line would break.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => shown.push(' '),
            c if turns(c) => {}
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a character changes the direction of others (Unicode Standard Annex 9, `Bidi_Control`). Letters
/// keep their own direction.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_stores_is_shown_as_it_is() {
        let overview = Overview {
            name: "Ação 🔑 שלום".into(),
            url: "https://api.example.com/v1".into(),
            addresses: vec!["https://docs.example.com".into(); 2],
            client_id: "client".into(),
            identifier: "own".into(),
            method: Some(Method::Other("QUERY".into())),
            tags: vec!["a b".into(), "ü".into()],
            notes: "two\n\tlines".into(),
            ..Default::default()
        };
        assert_eq!(shown(&overview), overview);
    }

    #[test]
    fn what_an_author_overdoes_is_clamped() {
        let overview = Overview {
            name: "pay\r\npal\u{2028}x\u{202e}gnp.exe\u{2066}\u{61c}\u{0}".into(),
            url: format!("javascript:{}", "x".repeat(limits::URL)),
            addresses: vec!["a\nb".into(); 5_000],
            client_id: "c\u{200f}".repeat(9_000),
            identifier: "i".repeat(limits::IDENTIFIER + 1),
            method: Some(Method::Other("GET\n\u{202e}".repeat(900).into())),
            tags: (0..9_000).map(|n| format!("{n}\n{}", "t".repeat(100))).collect(),
            notes: "\u{202e}a\nb\u{7}".repeat(9_000),
            ..Default::default()
        };
        let shown = shown(&overview);
        assert_eq!(shown.name, "pay  pal xgnp.exe ");
        assert_eq!(shown.addresses, vec!["a b"; limits::FURTHER]);
        assert_eq!(shown.tags.len(), limits::TAGS);
        assert!(shown.tags.iter().all(|tag| tag.chars().count() == limits::TAG + 1));
        let method = shown.method.unwrap().to_string();
        assert!(method.starts_with("GET GET ") && method.ends_with('…'), "{method}");
        assert!(shown.tags[0].starts_with("0 tt") && shown.tags[0].ends_with('…'));
        for (text, most) in [
            (&shown.url, limits::URL),
            (&shown.client_id, limits::CLIENT_ID),
            (&shown.identifier, limits::IDENTIFIER),
            (&shown.notes, limits::NOTES),
        ] {
            assert!(text.chars().count() <= most + 1 && text.ends_with('…'), "{text}");
            assert!(!text.contains(turns), "{text}");
        }
        assert!(shown.notes.contains('\n') && !shown.url.contains('\n'));
    }
}
