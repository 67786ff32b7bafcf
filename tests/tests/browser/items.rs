//! The API secrets of the journey. Every text in them occurs nowhere else, so that a search for it
//! tells where it went.

use mysafe_tests::scan::Planted;

/// What a person types into the form. A method is one of seven words and cannot be searched for, so
/// two tags make up for it: each has eight values that can.
#[derive(Clone, Debug)]
pub struct ApiSecret {
    pub name: String,
    pub url: String,
    pub client_id: String,
    pub client_secret: String,
    pub identifier: String,
    pub method: &'static str,
    pub tags: Vec<String>,
    pub notes: String,
}

/// The words that tell one from the other.
const WORDS: [&str; 5] = ["Kestrel", "Marmot", "Osprey", "Tapir", "Wombat"];

/// The host of the first one's address: the test's own website answers under every name.
pub const HOST: &str = "api.kestrel-planted.example.com";

impl ApiSecret {
    /// The five; `origin` is that of the first one's website.
    pub fn planted(origin: &str) -> Vec<Self> {
        let mut all: Vec<_> = WORDS.iter().map(|word| Self::of(word)).collect();
        all[0].url = format!("{origin}/planted-path/{}", "v7-kq3");
        all
    }

    /// One about a word.
    pub fn of(word: &str) -> Self {
        let lower = word.to_lowercase();
        Self {
            name: format!("{word} ledger ünit qx71"),
            url: format!("https://{lower}-planted.example.net/qx72/{lower}"),
            client_id: format!("{lower}-client.qx73@apps"),
            client_secret: format!(
                "-----BEGIN {word} qx74-----\n {lower}/ü\"7+>~\\qx75== \n-----END {word} qx76-----"
            ),
            identifier: format!("{word}#Identifier-qx77"),
            method: "PATCH",
            tags: vec![format!("{lower}-tag-qx78"), format!("{lower} zweites qx79")],
            notes: format!("{word} note qx80: ask Åsa.\n{word} second line qx81 <b>&amp;"),
        }
    }

    /// Every line of every value, with what it is.
    pub fn values(&self) -> Vec<Planted> {
        let fields = [
            ("name", &self.name),
            ("url", &self.url),
            ("client ID", &self.client_id),
            ("client secret", &self.client_secret),
            ("identifier", &self.identifier),
            ("first tag", &self.tags[0]),
            ("second tag", &self.tags[1]),
            ("notes", &self.notes),
        ];
        let lines = fields.into_iter().flat_map(|(field, value)| {
            let name = format!("{field} of {}", self.name);
            value.lines().map(move |line| Planted::new(&name, line.trim())).collect::<Vec<_>>()
        });
        lines.collect()
    }
}
