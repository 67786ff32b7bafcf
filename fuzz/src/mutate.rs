//! Changes of CBOR as values: bytes that change one by one seldom keep their lengths right.

use ciborium::Value;
use ciborium::value::Integer;

/// Numbers drawn from a seed (xorshift64, G. Marsaglia 2003).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 32).expect("32 bits") % end.max(1)
    }
}

/// Returns the input with one value in it changed; none if it is no CBOR behind its first `skip` bytes.
pub fn value(input: &[u8], skip: usize, seed: u32) -> Option<Vec<u8>> {
    let (head, body) = input.split_at_checked(skip)?;
    let mut value: Value = ciborium::from_reader(body).ok()?;
    let mut draw = Draw(u64::from(seed) << 1 | 1);
    draw.below(1);
    let count = count(&value);
    let mut place = draw.below(count);
    change(&mut value, &mut place, &mut draw);
    let mut changed = head.to_vec();
    ciborium::into_writer(&value, &mut changed).ok()?;
    Some(changed)
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Map(pairs) => pairs.iter().map(|(key, value)| count(key) + count(value)).sum(),
        _ => 0,
    }
}

/// Changes the value that stands at a place, counted in the order of writing. Returns whether it was met.
fn change(value: &mut Value, place: &mut usize, draw: &mut Draw) -> bool {
    if *place == 0 {
        change_here(value, draw);
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(values) => values.iter_mut().any(|value| change(value, place, draw)),
        Value::Map(pairs) => pairs
            .iter_mut()
            .any(|(key, value)| change(key, place, draw) || change(value, place, draw)),
        _ => false,
    }
}

fn change_here(value: &mut Value, draw: &mut Draw) {
    match value {
        Value::Integer(number) => *number = integer(i128::from(*number), draw),
        Value::Bytes(bytes) => resize(bytes, draw),
        Value::Text(text) => {
            let mut bytes = std::mem::take(text).into_bytes();
            resize(&mut bytes, draw);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        Value::Bool(flag) => *flag = !*flag,
        Value::Array(values) => {
            let at = draw.below(values.len());
            match draw.below(4) {
                0 => values.push(simple(draw)),
                1 if at < values.len() => drop(values.remove(at)),
                2 if at < values.len() => values.insert(at, values[at].clone()),
                _ => values.reverse(),
            }
        }
        Value::Map(pairs) => {
            let at = draw.below(pairs.len());
            match draw.below(3) {
                0 => pairs.push((Value::from(draw.below(16) as u64), simple(draw))),
                1 if at < pairs.len() => drop(pairs.remove(at)),
                _ if at < pairs.len() => pairs[at].1 = simple(draw),
                _ => {}
            }
            // Most readers want ascending keys; a stable sort keeps two of one key.
            let key = |pair: &(Value, Value)| pair.0.as_integer().map(i128::from);
            pairs.sort_by_key(key);
        }
        other => *other = simple(draw),
    }
}

/// A number beside the old one or beside a power of two, of either sign.
fn integer(old: i128, draw: &mut Draw) -> Integer {
    let beside = draw.below(3) as i128 - 1;
    let power = 1_i128 << draw.below(65);
    let new = match draw.below(3) {
        0 => old + beside,
        1 => power + beside,
        _ => -power + beside,
    };
    Integer::try_from(new).unwrap_or_else(|_| Integer::from(0))
}

fn resize(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let at = draw.below(bytes.len());
    match draw.below(4) {
        0 => bytes.truncate(at),
        1 => bytes.resize([0, 1, 4, 12, 16, 31, 32, 33, 64][draw.below(9)], 0x2a),
        2 => bytes.insert(at, draw.below(256) as u8),
        _ if at < bytes.len() => bytes[at] ^= 1 << draw.below(8),
        _ => {}
    }
}

fn simple(draw: &mut Draw) -> Value {
    match draw.below(6) {
        0 => Value::Integer(integer(0, draw)),
        1 => Value::Bytes(vec![0x2a; [0, 4, 16, 32][draw.below(4)]]),
        2 => Value::Text("a".repeat(draw.below(4))),
        3 => Value::Bool(draw.below(2) == 1),
        4 => Value::Array(Vec::new()),
        _ => Value::Map(vec![(Value::from(1), Value::from(draw.below(4) as u64))]),
    }
}
