//! Texts, in Fluent. English is compiled in; `t!` formats one message.

use std::collections::HashMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

const ENGLISH: [&str; 7] = [
    include_str!("../locales/en/main.ftl"),
    include_str!("../locales/en/finding.ftl"),
    include_str!("../locales/en/account.ftl"),
    include_str!("../locales/en/deleting.ftl"),
    include_str!("../locales/en/browser.ftl"),
    include_str!("../locales/en/filling.ftl"),
    include_str!("../locales/en/sharing.ftl"),
];

thread_local! {
    static BUNDLE: FluentBundle<FluentResource> = bundle();
    static PLAIN: HashMap<&'static str, &'static str> = plain();
}

/// The messages of one line without arguments: read without the grammar, which would take longer than
/// all else that the first paint needs of them.
fn plain() -> HashMap<&'static str, &'static str> {
    let lines = || ENGLISH.iter().flat_map(|text| text.lines());
    let message = |(line, next): (&'static str, Option<&str>)| {
        let (key, text) = line.split_once(" = ")?;
        let whole = next.is_none_or(|next| !next.starts_with([' ', '.']));
        let is_message = key.starts_with(|first: char| first.is_ascii_lowercase());
        (is_message && whole && !text.contains(['{', '}'])).then_some((key, text.trim_end()))
    };
    lines().zip(lines().skip(1).map(Some).chain([None])).filter_map(message).collect()
}

fn bundle() -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec!["en".parse().expect("a language")]);
    // Names get their direction from `dir="auto"`; marks would become part of accessible names.
    bundle.set_use_isolating(false);
    for text in ENGLISH {
        let resource = FluentResource::try_new(text.to_owned())
            .unwrap_or_else(|_| panic!("the texts are well formed: a test reads them"));
        bundle.add_resource(resource).expect("no key stands twice: a test reads it");
    }
    bundle
}

/// The text of a message of one line without arguments, without all that the others need.
pub fn plain_text(key: &str) -> &'static str {
    PLAIN.with(|plain| plain.get(key).copied()).unwrap_or_default()
}

/// The text of a message.
pub fn text(key: &str, args: &FluentArgs<'_>) -> String {
    if let Some(plain) = PLAIN.with(|plain| plain.get(key).copied()) {
        return plain.to_owned();
    }
    BUNDLE.with(|bundle| {
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(args), &mut errors).into_owned()
    })
}

/// `t!("key")`, `t!("key", name = value)`.
#[macro_export]
macro_rules! t {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        #[allow(unused_mut)]
        let mut args = fluent_bundle::FluentArgs::new();
        $(args.set(stringify!($name), $value);)*
        $crate::text::text($key, &args)
    }};
}

/// `plain_t!("key")`: the same for a message of one line without arguments. The first part of the module
/// has no other texts.
#[macro_export]
macro_rules! plain_t {
    ($key:literal) => {
        $crate::text::plain_text($key)
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn sources(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                into.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    fn code() -> String {
        let mut code = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
        code
    }

    /// The keys that the templates of the page name.
    fn templates() -> Vec<String> {
        let page = include_str!("../index.html");
        let named = ["data-text=\"", "data-placeholder=\""].map(|name| page.split(name).skip(1));
        let keys = named.into_iter().flatten().filter_map(|rest| rest.split('"').next());
        keys.map(str::to_owned).collect()
    }

    #[test]
    fn every_text_used_is_defined_and_every_text_defined_is_used() {
        let code = code();
        let templates = templates();
        // What ends in another word's "t!" (format!, assert!) is no text.
        let used: BTreeSet<&str> = code
            .match_indices("t!(")
            .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '"'))
            .filter_map(|(at, call)| {
                code[at + call.len()..].trim_start().strip_prefix('"')?.split('"').next()
            })
            .filter(|key| *key != "key")
            .chain(templates.iter().map(String::as_str))
            .collect();
        let defined: BTreeSet<&str> = ENGLISH
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split(" =").next())
            .collect();
        assert_eq!(used.difference(&defined).collect::<Vec<_>>(), Vec::<&&str>::new());
        assert_eq!(defined.difference(&used).collect::<Vec<_>>(), Vec::<&&str>::new());
        bundle();
    }

    #[test]
    fn a_plain_message_is_what_the_grammar_reads() {
        let (plain, bundle) = (plain(), bundle());
        assert!(plain.len() > 200, "{}", plain.len());
        for (key, text) in plain {
            let pattern = bundle.get_message(key).and_then(|message| message.value()).unwrap();
            let mut errors = Vec::new();
            assert_eq!(bundle.format_pattern(pattern, None, &mut errors), text, "{key}");
            assert!(errors.is_empty());
        }
    }

    #[test]
    fn a_text_of_the_first_part_is_plain() {
        let (code, templates) = (code(), templates());
        let plain = plain();
        let used = code.split("plain_t!(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let is_key = |key: &&str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let used = used.filter(is_key).filter(|key| *key != "key");
        let used: Vec<&str> = used.chain(templates.iter().map(String::as_str)).collect();
        assert!(used.len() > 20, "{used:?}");
        for key in used {
            assert!(plain.contains_key(key), "{key} is not plain");
        }
    }

    #[test]
    fn a_text_takes_its_arguments() {
        assert_eq!(t!("saved", name = "Ação"), "“Ação” saved.");
    }
}
