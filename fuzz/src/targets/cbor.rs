//! The one encoding of what is signed or sealed, against `ciborium`.

use ciborium::Value;
use mysafe_protocol::cbor::{Fields, check};

/// As RFC 8949 section 4.2.1 and `mysafe_protocol::cbor` narrow it.
const LARGEST: i128 = (1 << 53) - 1;
const DEEPEST: usize = 8;

/// `check` accepts what an independent reader reads, knows the types of, and writes as the same bytes; it
/// accepts nothing else. A map is read into fields and written as it was.
pub(super) fn values(bytes: &[u8]) -> bool {
    let accepted = check(bytes).is_ok();
    assert_eq!(accepted, is_the_one_encoding(bytes), "both readers agree");
    let fields = Fields::decode(bytes);
    assert_eq!(fields.is_ok(), accepted && bytes[0] >> 5 == 5, "a map alone is one of fields");
    if let Ok(fields) = fields {
        assert_eq!(fields.encode(), bytes, "a map is written as it was read");
        fields_within(&fields);
    }
    accepted
}

fn fields_within(fields: &Fields) {
    for key in 0..24 {
        let mut rest = fields.clone();
        if let Ok(Some(inner)) = rest.take_fields(key) {
            rest.put_fields(key, &inner);
            assert_eq!(rest, *fields, "a nested map is put back as it was");
        }
        let mut rest = fields.clone();
        if let Ok(Some(list)) = rest.take_list(key) {
            rest.put_list(key, list.iter());
            assert_eq!(rest, *fields, "a list is put back as it was");
        }
        let mut rest = fields.clone();
        if let Ok(Some(inner)) = rest.take_bytes(key) {
            rest.put_bytes(key, &inner);
            assert_eq!(rest, *fields, "bytes are put back as they were");
        }
    }
}

fn is_the_one_encoding(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Ok(value) = ciborium::from_reader::<Value, _>(&mut rest) else { return false };
    let mut written = Vec::new();
    ciborium::into_writer(&value, &mut written).expect("writing to memory cannot fail");
    written == bytes && is_known(&value, 0)
}

fn is_known(value: &Value, depth: usize) -> bool {
    let known = match value {
        Value::Integer(number) => (0..=LARGEST).contains(&i128::from(*number)),
        Value::Bytes(_) | Value::Text(_) | Value::Bool(_) => true,
        Value::Array(values) => values.iter().all(|value| is_known(value, depth + 1)),
        Value::Map(pairs) => {
            let keys: Option<Vec<u64>> = pairs
                .iter()
                .map(|(key, _)| u64::try_from(i128::from(key.as_integer()?)).ok())
                .collect();
            keys.is_some_and(|keys| keys.is_sorted_by(|a, b| a < b))
                && pairs.iter().all(|pair| is_known(&pair.0, 0) && is_known(&pair.1, depth + 1))
        }
        _ => false,
    };
    known && depth <= DEEPEST
}
