//! The coloured tile of an item: one or two letters, the colour by registrable domain.

use leptos::prelude::*;

const HUES: [u16; 8] = [20, 55, 95, 145, 190, 235, 280, 330];

/// The hue of a domain: the same everywhere, for ever (FNV-1a).
pub fn hue(domain: &str) -> u16 {
    let hash = domain
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    HUES[(hash % 8) as usize]
}

/// The first letters of the first two words.
pub fn letters(name: &str) -> String {
    let mut words =
        name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    let first = words.next().or_else(|| name.chars().next()).unwrap_or('?');
    let second = words.next();
    [Some(first), second].into_iter().flatten().flat_map(char::to_uppercase).take(2).collect()
}

/// The tile.
#[component]
pub fn Tile(
    /// The item's name.
    #[prop(into)]
    name: Signal<String>,
    /// Its registrable domain or host.
    #[prop(into)]
    domain: Signal<String>,
    /// 40 pixels instead of 32.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <span class="tile" class:large=large data-hue=move || domain.with(|domain| hue(domain)) aria-hidden="true">
            {move || name.with(|name| letters(name))}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_the_first_of_two_words() {
        for (name, expected) in [
            ("Stripe live", "SL"),
            ("ação", "A"),
            ("GitHub – CI", "GC"),
            ("🔑", "🔑"),
            ("", "?"),
            ("ß x", "SS"),
        ] {
            assert_eq!(letters(name), expected);
        }
        assert_eq!(hue("example.com"), hue("example.com"));
    }
}
