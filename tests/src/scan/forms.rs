//! The ways in which a program may write a value down.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// As what a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Form {
    Plain,
    Utf16,
    Base64,
    Base64Url,
    Hex,
    Url,
    Json,
}

/// What browsers leave as it is in a query.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Every form of a value, each byte sequence once: for plain ASCII many are the same.
pub fn all(value: &str) -> Vec<(Form, Vec<u8>)> {
    let bytes = value.as_bytes();
    let mut forms = vec![
        (Form::Plain, bytes.to_vec()),
        (Form::Utf16, value.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (Form::Utf16, value.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        (Form::Hex, hex(bytes).into_bytes()),
        (Form::Hex, hex(bytes).to_uppercase().into_bytes()),
    ];
    for position in 0..3 {
        forms.push((Form::Base64, base64_inside(&BASE64_STANDARD_NO_PAD, bytes, position)));
        forms.push((Form::Base64Url, base64_inside(&BASE64_URL_SAFE_NO_PAD, bytes, position)));
    }
    for set in [COMPONENT, STRICT, NON_ALPHANUMERIC] {
        let upper = utf8_percent_encode(value, set).to_string();
        forms.push((Form::Url, lower_escapes(&upper).into_bytes()));
        forms.push((Form::Url, upper.replace("%20", "+").into_bytes()));
        forms.push((Form::Url, upper.into_bytes()));
    }
    let json = serde_json::to_string(value).expect("text is JSON");
    let json = json[1..json.len() - 1].to_owned();
    forms.push((Form::Json, json_ascii(&json).into_bytes()));
    forms.push((Form::Json, json.replace('/', "\\/").into_bytes()));
    forms.push((Form::Json, json.into_bytes()));
    let mut seen = std::collections::HashSet::new();
    forms.retain(|(_, pattern)| seen.insert(pattern.clone()));
    forms
}

/// The characters of the base64 of `.. bytes ..` that do not depend on the neighbours, when `bytes`
/// begins at this position (0 to 2) of a group of three.
fn base64_inside(engine: &GeneralPurpose, bytes: &[u8], position: usize) -> Vec<u8> {
    let encoded = engine.encode([&[0; 2][..position], bytes].concat()).into_bytes();
    let from = [0, 2, 3][position];
    // The last character holds bits of the next byte unless the group is full.
    let to =
        if (position + bytes.len()).is_multiple_of(3) { encoded.len() } else { encoded.len() - 1 };
    encoded[from..to].to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `%C3` as `%c3`, the rest as it is.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        lower.push('%');
        lower.push_str(&part[..2].to_ascii_lowercase());
        lower.push_str(&part[2..]);
    }
    lower
}

/// JSON with everything beyond ASCII escaped.
fn json_ascii(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}
