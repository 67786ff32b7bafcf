//! Client IDs and client secrets that nobody gave out, in the forms in which providers write them.
//! The same API always gets the same ones, so that pictures of the demonstration stay alike.

use mysafe::model::{ApiSecretForm, Method};

use crate::apis::Api;

/// The filled form for an API.
pub fn form(api: &Api, owner: &str) -> ApiSecretForm {
    let mut letters = Letters::of(&format!("{} {} {owner}", api.name, api.url));
    let short = api.provider.split('.').next().unwrap_or(&api.provider).to_lowercase();
    let environment = ["live", "test", "staging"][letters.below(3)];
    let mut tags: Vec<String> = Vec::new();
    for tag in api.tags.iter().map(|tag| tag.replace('_', " ")).chain([environment.to_owned()]) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    ApiSecretForm {
        name: api.name.split_whitespace().collect::<Vec<_>>().join(" "),
        url: api.url.clone(),
        client_id: client_id(&short, environment, &mut letters),
        // Some providers know public clients, which have none.
        client_secret: if letters.below(12) == 0 {
            String::new()
        } else {
            client_secret(&mut letters)
        }
        .into(),
        identifier: String::new(),
        method: method(api),
        tags,
        notes: notes(api),
    }
}

fn client_id(short: &str, environment: &str, letters: &mut Letters) -> String {
    match letters.below(4) {
        0 => letters.uuid(),
        1 => format!("{short}-{environment}-{}", letters.take(HEX, 8)),
        2 => letters.take(DIGITS, 12),
        _ => letters.take(ALPHANUMERIC, 24),
    }
}

fn client_secret(letters: &mut Letters) -> String {
    match letters.below(3) {
        0 => letters.take(HEX, 64),
        1 => letters.take(BASE64URL, 43),
        _ => letters.take(ALPHANUMERIC, 32),
    }
}

/// The API's only method; one that has several gets none.
fn method(api: &Api) -> Option<Method> {
    match &*api.methods {
        [only] => only.parse().ok(),
        _ => None,
    }
}

fn notes(api: &Api) -> String {
    let mut notes = String::from("Made up for the demonstration.");
    if let Some(token) = api.token_url.first().filter(|url| url.starts_with("https://")) {
        notes += &format!("\nToken URL: {token}");
    }
    notes
}

const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Letters that look random and depend on a text alone (splitmix64). They protect nothing.
struct Letters(u64);

impl Letters {
    fn of(text: &str) -> Self {
        // FNV-1a.
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn take(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// Version 4, RFC 9562 section 5.4.
    fn uuid(&mut self) -> String {
        let parts = [8, 4, 3, 3, 12].map(|count| self.take(HEX, count));
        let variant = self.take(b"89ab", 1);
        format!("{}-{}-4{}-{variant}{}-{}", parts[0], parts[1], parts[2], parts[3], parts[4])
    }
}
