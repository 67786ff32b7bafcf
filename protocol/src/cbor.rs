//! Deterministic CBOR (RFC 8949 section 4.2.1), narrowed to what MySafe signs and seals: maps
//! with ascending integer keys, integers from 0 to 2^53 - 1, byte strings, text, arrays and
//! booleans. Every value has exactly one encoding; any other is refused.

mod check;

use std::collections::BTreeMap;

use minicbor::{Decode, Decoder, Encode, Encoder};

pub use check::check;

/// The bytes are not the one encoding of a value this format knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed")]
pub struct Malformed;

impl From<minicbor::decode::Error> for Malformed {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

/// A map by integer keys, each value still encoded. What nobody takes out stays in, so that a
/// value written by a later version survives being read and written by this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<u64, Vec<u8>>);

impl Fields {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a map; refuses any other encoding than the one [`Fields::encode`] gives.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        check(bytes)?;
        Self::read(&mut Decoder::new(bytes))
    }

    /// Reads a map within something that is known to be well formed.
    pub fn read(from: &mut Decoder<'_>) -> Result<Self, Malformed> {
        let mut fields = Self::new();
        for _ in 0..from.map()?.ok_or(Malformed)? {
            let key = from.u64()?;
            fields.keep(key, from)?;
        }
        Ok(fields)
    }

    /// The map, keys ascending.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Encoder::new(Vec::new());
        infallible(to.map(self.0.len() as u64));
        for (key, value) in &self.0 {
            infallible(to.u64(*key));
            to.writer_mut().extend_from_slice(value);
        }
        to.into_writer()
    }

    /// Takes the value of `key` out; `None` if there is none.
    pub fn take<T: for<'b> Decode<'b, ()>>(&mut self, key: u64) -> Result<Option<T>, Malformed> {
        match self.0.remove(&key) {
            None => Ok(None),
            Some(raw) => Ok(Some(minicbor::decode(&raw)?)),
        }
    }

    /// Takes the value of `key` out; refuses a map without it.
    pub fn need<T: for<'b> Decode<'b, ()>>(&mut self, key: u64) -> Result<T, Malformed> {
        self.take(key)?.ok_or(Malformed)
    }

    /// Takes a byte string out.
    pub fn take_bytes(&mut self, key: u64) -> Result<Option<Vec<u8>>, Malformed> {
        Ok(self.take::<minicbor::bytes::ByteVec>(key)?.map(Into::into))
    }

    /// Takes a byte string of a fixed length out; refuses a map without it.
    pub fn need_array<const N: usize>(&mut self, key: u64) -> Result<[u8; N], Malformed> {
        self.take_bytes(key)?.ok_or(Malformed)?.try_into().map_err(|_| Malformed)
    }

    /// Takes a nested map out.
    pub fn take_fields(&mut self, key: u64) -> Result<Option<Fields>, Malformed> {
        self.0.remove(&key).map(|raw| Fields::decode(&raw)).transpose()
    }

    /// Takes an array of maps out.
    pub fn take_list(&mut self, key: u64) -> Result<Option<Vec<Fields>>, Malformed> {
        let Some(raw) = self.0.remove(&key) else { return Ok(None) };
        let mut from = Decoder::new(&raw);
        let length = from.array()?.ok_or(Malformed)?;
        let mut list = Vec::new();
        for _ in 0..length {
            let start = from.position();
            from.skip()?;
            list.push(Fields::decode(&raw[start..from.position()])?);
        }
        Ok(Some(list))
    }

    /// Sets `key`.
    pub fn put<T: Encode<()>>(&mut self, key: u64, value: T) {
        self.0.insert(key, infallible(minicbor::to_vec(value)));
    }

    /// Sets `key` to a byte string.
    pub fn put_bytes(&mut self, key: u64, bytes: &[u8]) {
        self.put(key, minicbor::bytes::ByteVec::from(bytes.to_vec()));
    }

    /// Sets `key` to a nested map.
    pub fn put_fields(&mut self, key: u64, fields: &Fields) {
        self.0.insert(key, fields.encode());
    }

    /// Sets `key` to an array of maps.
    pub fn put_list<'f>(&mut self, key: u64, list: impl ExactSizeIterator<Item = &'f Fields>) {
        let mut to = Encoder::new(Vec::new());
        infallible(to.array(list.len() as u64));
        for fields in list {
            to.writer_mut().extend_from_slice(&fields.encode());
        }
        self.0.insert(key, to.into_writer());
    }

    /// Keeps the value of `key` that a decoder stands at as it is encoded.
    pub fn keep(&mut self, key: u64, from: &mut Decoder<'_>) -> Result<(), Malformed> {
        let start = from.position();
        from.skip()?;
        self.0.insert(key, from.input()[start..from.position()].to_vec());
        Ok(())
    }

    /// Takes over the fields of another map that this one does not have.
    pub fn adopt(&mut self, other: &Self) {
        for (key, value) in &other.0 {
            self.0.entry(*key).or_insert_with(|| value.clone());
        }
    }

    /// Nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For bodies that are signed: refuses a map that still holds something.
    pub fn nothing_else(&self) -> Result<(), Malformed> {
        if self.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

fn infallible<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("writing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_encoding() {
        for (bytes, why) in [
            (&[0x18, 0x01][..], "an integer in more bytes than needed"),
            (&[0xa2, 0x02, 0x01, 0x01, 0x01], "keys that descend"),
            (&[0xa2, 0x01, 0x01, 0x01, 0x01], "a key twice"),
            (&[0xa1, 0x61, 0x61, 0x01], "a text key"),
            (&[0xbf, 0x01, 0x01, 0xff], "a map without length"),
            (&[0x5f, 0x41, 0x01, 0xff], "bytes without length"),
            (&[0xf6], "null"),
            (&[0xfa, 0, 0, 0, 0], "a float"),
            (&[0xc0, 0x01], "a tag"),
            (&[0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0], "2^53"),
            (&[0x01, 0x01], "something behind it"),
            (&[0x41], "a cut"),
            (&[0x61, 0xff], "text that is not UTF-8"),
            (&[], "nothing"),
        ] {
            assert_eq!(check(bytes), Err(Malformed), "{why}");
        }
        assert_eq!(check(&[0xa1, 0x01, 0x82, 0xf5, 0x17]), Ok(()));
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = [vec![0x81; 4000], vec![0x01]].concat();
        assert_eq!(check(&deep), Err(Malformed));
    }

    #[test]
    fn what_nobody_takes_survives() {
        let mut later = Fields::new();
        later.put(1, "name");
        later.put(99, vec!["new".to_owned()]);
        let mut read = Fields::decode(&later.encode()).unwrap();
        assert_eq!(read.need::<String>(1).unwrap(), "name");
        assert_eq!(read.nothing_else(), Err(Malformed));
        read.put(1, "other");
        let mut again = Fields::decode(&read.encode()).unwrap();
        assert_eq!(again.need::<Vec<String>>(99).unwrap(), ["new"]);
    }
}

#[cfg(test)]
mod properties;
