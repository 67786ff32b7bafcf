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
        let stored: Value = serde_json::from_str(stored).map_err(|error| error.to_string())?;
        let stored = stored.as_object().ok_or("not an object")?;
        for (name, value) in &self.0 {
            match stored.get(name) {
                Some(Value::String(known)) if known == value => {}
                Some(known) => return Err(format!("{name}: {known} is stored, {value} computed")),
                None => return Err(format!("{name} is not stored")),
            }
        }
        super::ensure(stored.len() == self.0.len(), "more is stored than computed")
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to memory cannot fail");
        text
    })
}
