//! Whether bytes are the one encoding of a value.

use minicbor::Decoder;
use minicbor::data::Type;

use super::Malformed;

pub(super) const LARGEST_INTEGER: u64 = (1 << 53) - 1;
const DEEPEST: usize = 8;

/// Refuses everything but the one encoding of one value.
pub fn check(bytes: &[u8]) -> Result<(), Malformed> {
    let mut from = Decoder::new(bytes);
    check_next(&mut from, 0)?;
    if from.position() == bytes.len() { Ok(()) } else { Err(Malformed) }
}

fn check_next(from: &mut Decoder<'_>, depth: usize) -> Result<(), Malformed> {
    if depth > DEEPEST {
        return Err(Malformed);
    }
    let start = from.position();
    match from.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => {
            let number = from.u64()?;
            shortest(from, start, number)
        }
        Type::Bytes => {
            let content = from.bytes()?.len();
            headed(from, start, content)
        }
        Type::String => {
            let content = from.str()?.len();
            headed(from, start, content)
        }
        Type::Bool => from.bool().map(drop).map_err(Into::into),
        Type::Array => {
            let length = from.array()?.ok_or(Malformed)?;
            shortest(from, start, length)?;
            (0..length).try_for_each(|_| check_next(from, depth + 1))
        }
        Type::Map => {
            let length = from.map()?.ok_or(Malformed)?;
            shortest(from, start, length)?;
            let mut before = None;
            for _ in 0..length {
                let start = from.position();
                let key = from.u64()?;
                shortest(from, start, key)?;
                if before.is_some_and(|before| before >= key) {
                    return Err(Malformed);
                }
                before = Some(key);
                check_next(from, depth + 1)?;
            }
            Ok(())
        }
        _ => Err(Malformed),
    }
}

/// The head that was read from `start` on says this number in as few bytes as it takes.
fn shortest(from: &Decoder<'_>, start: usize, number: u64) -> Result<(), Malformed> {
    let fewest = match number {
        0..=0x17 => 1,
        0x18..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        0x1_0000_0000..=LARGEST_INTEGER => 9,
        _ => return Err(Malformed),
    };
    if from.position() - start == fewest { Ok(()) } else { Err(Malformed) }
}

/// The same for a head with so many bytes behind it.
fn headed(from: &Decoder<'_>, start: usize, content: usize) -> Result<(), Malformed> {
    let head = from.position().checked_sub(content).ok_or(Malformed)? - start;
    let fewest = match content {
        0..=0x17 => 1,
        0x18..=0xff => 2,
        0x100..=0xffff => 3,
        _ => 5,
    };
    if head == fewest { Ok(()) } else { Err(Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_head_alone_is_accepted() {
        for length in [0, 0x17, 0x18, 0xff, 0x100, 0xffff, 0x1_0000] {
            let text = "x".repeat(length);
            for value in [
                minicbor::to_vec(&text).unwrap(),
                minicbor::to_vec(minicbor::bytes::ByteVec::from(text.clone().into_bytes()))
                    .unwrap(),
                minicbor::to_vec(length as u64).unwrap(),
            ] {
                assert_eq!(check(&value), Ok(()), "{length}");
                let kind = value[0] & 0xe0;
                let (long, head): (Vec<u8>, usize) = match value[0] & 0x1f {
                    small @ 0..=0x17 => (vec![kind | 0x18, small], 1),
                    0x18 => (vec![kind | 0x19, 0, value[1]], 2),
                    0x19 => (vec![kind | 0x1a, 0, 0, value[1], value[2]], 3),
                    _ => ([&[kind | 0x1b, 0, 0, 0, 0], &value[1..5]].concat(), 5),
                };
                let longer = [&long, &value[head..]].concat();
                assert_eq!(check(&longer), Err(Malformed), "{length}, {:x}", value[0]);
            }
        }
        let largest = minicbor::to_vec(LARGEST_INTEGER).unwrap();
        assert_eq!(check(&largest), Ok(()));
    }

    #[test]
    fn no_number_is_negative() {
        for number in [-1, -24, -25, -256, -257, -65_537, -(LARGEST_INTEGER as i64)] {
            assert_eq!(check(&minicbor::to_vec(number).unwrap()), Err(Malformed), "{number}");
            assert_eq!(check(&minicbor::to_vec([number]).unwrap()), Err(Malformed), "[{number}]");
        }
    }
}
