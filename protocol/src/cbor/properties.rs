//! What holds for every value and every string of bytes.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::WithSource;

use super::check::LARGEST_INTEGER;
use super::*;

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(u64),
    Bytes(Vec<u8>),
    Text(String),
    Flag(bool),
    List(Vec<u64>),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop_oneof![0..30u64, 0..=LARGEST_INTEGER].prop_map(Value::Number),
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        "\\PC{0,30}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Flag),
        vec(0..=LARGEST_INTEGER, 0..30).prop_map(Value::List),
    ]
}

fn put(fields: &mut Fields, key: u64, value: &Value) {
    match value {
        Value::Number(number) => fields.put(key, number),
        Value::Bytes(bytes) => fields.put_bytes(key, bytes),
        Value::Text(text) => fields.put(key, text),
        Value::Flag(flag) => fields.put(key, flag),
        Value::List(list) => fields.put(key, list),
    }
}

fn take(fields: &mut Fields, key: u64, like: &Value) -> Option<Value> {
    match like {
        Value::Number(_) => fields.take(key).unwrap().map(Value::Number),
        Value::Bytes(_) => fields.take_bytes(key).unwrap().map(Value::Bytes),
        Value::Text(_) => fields.take(key).unwrap().map(Value::Text),
        Value::Flag(_) => fields.take(key).unwrap().map(Value::Flag),
        Value::List(_) => fields.take(key).unwrap().map(Value::List),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn fields_come_back_as_they_were(
        values in btree_map(prop_oneof![0..30u64, 0..=LARGEST_INTEGER], value(), 0..30),
    ) {
        let mut fields = Fields::new();
        // The order of writing does not matter.
        for (key, value) in values.iter().rev() {
            put(&mut fields, *key, value);
        }
        let bytes = fields.encode();
        prop_assert_eq!(check(&bytes), Ok(()));
        let mut read = Fields::decode(&bytes).unwrap();
        prop_assert_eq!(&read, &fields);
        prop_assert_eq!(read.encode(), bytes);
        for (key, value) in &values {
            let known = take(&mut read, *key, value);
            prop_assert_eq!(known.as_ref(), Some(value));
        }
        prop_assert!(read.is_empty());
    }

    #[test]
    fn any_bytes_are_refused_or_the_one_encoding(bytes in vec(any::<u8>(), 0..60)) {
        if let Ok(fields) = Fields::decode(&bytes) {
            prop_assert_eq!(fields.encode(), bytes);
        } else {
            let _ = check(&bytes);
        }
    }

    #[test]
    fn a_changed_encoding_is_another_value_or_none(
        values in btree_map(0..30u64, value(), 1..6),
        at in any::<prop::sample::Index>(),
        bit in 0..8u32,
    ) {
        let mut fields = Fields::new();
        for (key, value) in &values {
            put(&mut fields, *key, value);
        }
        let mut bytes = fields.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(read) = Fields::decode(&bytes) {
            prop_assert_ne!(&read, &fields);
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
