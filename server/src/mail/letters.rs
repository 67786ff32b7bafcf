//! What is written to people. A letter holds no name of an item and no secret but a code that is
//! good for ten minutes.

use serde::{Deserialize, Serialize};

/// What a mail is about; this is what the outbox keeps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case", deny_unknown_fields)]
pub enum Letter {
    /// The digits that show that someone reads the mail of an address.
    Confirm {
        /// Eight digits.
        code: String,
    },
    /// The digits that a recovery needs beside the recovery code.
    Recover {
        /// Eight digits.
        code: String,
    },
    /// The account was recovered.
    Recovered,
    /// Somebody shared an item.
    Shared {
        /// The address of its owner.
        from: String,
        /// The item's id.
        item: String,
    },
}

/// A letter in words.
pub struct Words {
    pub subject: &'static str,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// Returns true if somebody waits for it.
    pub fn is_urgent(&self) -> bool {
        !matches!(self, Self::Shared { .. })
    }

    /// In English, as text and as HTML.
    pub fn words(&self, base_url: &str) -> Words {
        let server = base_url.split_once("://").map_or(base_url, |(_, host)| host);
        let mut link = None;
        let before_shared;
        let (subject, before, code, after) = match self {
            Self::Confirm { code } => (
                "Confirm your email for MySafe",
                "Type this code in MySafe, under Settings, to confirm that this mailbox is yours:",
                Some(code),
                "It is good for 10 minutes. If you did not ask for it, you need not do anything.",
            ),
            Self::Recover { code } => (
                "Your code to recover your MySafe account",
                "Type this code in MySafe, beside your recovery code:",
                Some(code),
                "It is good for 10 minutes. If you did not ask for it, someone else has your \
                 recovery code: sign in to MySafe and make a new one, under Settings.",
            ),
            Self::Recovered => (
                "Your MySafe account was recovered",
                "A new master password and a new recovery code were set with your recovery code. \
                 All browsers have to sign in again.",
                None,
                "If this was not you, tell your administrator at once.",
            ),
            Self::Shared { from, item } => {
                before_shared = format!(
                    "{from} shared an API secret with you. It is in MySafe, under New items:"
                );
                link = Some(format!("{}/item/{item}", base_url.trim_end_matches('/')));
                let after = "If you do not know who this is, you need not do anything.";
                ("An API secret was shared with you in MySafe", before_shared.as_str(), None, after)
            }
        };
        let code = code.map(|code| in_two(code));
        let from = format!("MySafe, {server}");
        let mut text = format!("{before}\n\n");
        let mut html = format!("<p>{}</p>", escaped(before));
        if let Some(code) = code {
            text.push_str(&format!("    {code}\n\n"));
            html.push_str(&format!(
                "<p style=\"font:600 24px/32px monospace\">{}</p>",
                escaped(&code)
            ));
        }
        if let Some(link) = link {
            text.push_str(&format!("    {link}\n\n"));
            let link = escaped(&link);
            html.push_str(&format!("<p><a href=\"{link}\">{link}</a></p>"));
        }
        text.push_str(&format!("{after}\n\n{from}\n"));
        html.push_str(&format!("<p>{}</p><p>{}</p>", escaped(after), escaped(&from)));
        let html = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{subject}</title>\
             <body style=\"font:16px/24px sans-serif\">{html}</body></html>"
        );
        Words { subject, text, html }
    }
}

/// Two groups are easier to type.
fn in_two(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, rest)) if !rest.is_empty() => format!("{first} {rest}"),
        _ => code.to_owned(),
    }
}

/// As text in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
