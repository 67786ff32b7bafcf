//! One vector: named values in the order they are written, as text or as bytes in hexadecimal.

use std::fmt::Write as _;

use serde_json::Value;

/// A vector as it is computed.
#[derive(Default)]
pub(super) struct Sheet(Vec<(String, String)>);

impl Sheet {
    /// A text, or a number as text.
    pub(super) fn text(&mut self, name: &str, text: impl ToString) -> &mut Self {
        assert!(self.0.iter().all(|(known, _)| known != name), "{name} twice");
        self.0.push((name.into(), text.to_string()));
        self
    }

    /// Bytes.
    pub(super) fn bytes(&mut self, name: &str, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.text(name, hex(bytes.as_ref()))
    }

    /// The purpose of a sealed blob and the randomness with which it was sealed: the salt in it.
    pub(super) fn sealed(&mut self, purpose: &str, blob: &[u8]) -> &mut Self {
        self.text("purpose", purpose).bytes("randomness", &blob[1..17])
    }

    /// CBOR in diagnostic notation, under the name of its bytes and "says".
    pub(super) fn diagnostic(&mut self, name: &str, cbor: &[u8]) -> &mut Self {
        let text = super::notation::diagnostic(cbor).expect("the core writes CBOR of these kinds");
        self.text(&format!("{name} says"), text)
    }

    /// CBOR, after the same in diagnostic notation.
    pub(super) fn plaintext(&mut self, name: &str, cbor: impl AsRef<[u8]>) -> &mut Self {
        self.diagnostic(name, cbor.as_ref()).bytes(name, cbor)
    }

    /// Bytes too many to read, by their number and SHA-256.
    pub(super) fn digest(&mut self, name: &str, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        let digest = super::independent::sha256(bytes);
        self.text(name, format!("{} bytes, SHA-256 {}", bytes.len(), hex(&digest)))
    }

    /// As it is stored.
    pub(super) fn to_json(&self) -> String {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| {
                format!("  {}: {}", Value::from(name.as_str()), Value::from(value.as_str()))
            })
            .collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// What differs from the stored one, if anything.
    pub(super) fn compare(&self, stored: &str) -> Result<(), String> {
        match self.missing(stored)?.first() {
            Some(name) => Err(format!("{name} is not stored")),
            None => Ok(()),
        }
    }

    /// Returns true if and only if values are computed that are not stored yet.
    pub(super) fn adds_to(&self, stored: &str) -> Result<bool, String> {
        let stored = if stored.trim().is_empty() { "{}" } else { stored };
        Ok(!self.missing(stored)?.is_empty())
    }

    /// Returns the names that are computed and not stored. Every stored value has to be computed alike.
    fn missing(&self, stored: &str) -> Result<Vec<&str>, String> {
        let stored: Value = serde_json::from_str(stored).map_err(|error| error.to_string())?;
        let stored = stored.as_object().ok_or("not an object")?;
        let mut missing = Vec::new();
        for (name, value) in &self.0 {
            match stored.get(name) {
                Some(Value::String(known)) if known == value => {}
                Some(known) => return Err(format!("{name}: {known} is stored, {value} computed")),
                None => missing.push(&**name),
            }
        }
        super::ensure(
            stored.len() + missing.len() == self.0.len(),
            "more is stored than computed",
        )?;
        Ok(missing)
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to memory cannot fail");
        text
    })
}
