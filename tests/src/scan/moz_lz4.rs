//! Firefox keeps what it remembers of its windows compressed: a magic number, the length as 32 bits
//! little-endian, one block of LZ4. A search needs what is in it.

const MAGIC: &[u8] = b"mozLz40\0";

/// What is in such a file; `None` if it is none.
pub fn open(file: &[u8]) -> Option<Vec<u8>> {
    let rest = file.strip_prefix(MAGIC)?;
    let (length, block) = rest.split_first_chunk::<4>()?;
    let bytes = unpack(block)?;
    (bytes.len() == u32::from_le_bytes(*length) as usize).then_some(bytes)
}

/// The LZ4 block format: literals, then a copy of what came before, again and again.
fn unpack(block: &[u8]) -> Option<Vec<u8>> {
    let mut input = block.iter().copied();
    let mut bytes = Vec::new();
    while let Some(token) = input.next() {
        for _ in 0..length(token >> 4, &mut input)? {
            bytes.push(input.next()?);
        }
        // The last sequence has literals only.
        let Some(low) = input.next() else { break };
        let back = usize::from(u16::from_le_bytes([low, input.next()?]));
        let from = bytes.len().checked_sub(back).filter(|_| back > 0)?;
        for at in from..from + length(token & 15, &mut input)? + 4 {
            bytes.push(bytes[at]);
        }
    }
    Some(bytes)
}

/// Four bits, and if they are full, bytes that are added until one is not.
fn length(bits: u8, input: &mut impl Iterator<Item = u8>) -> Option<usize> {
    let mut length = usize::from(bits);
    if bits == 15 {
        loop {
            let more = input.next()?;
            length += usize::from(more);
            if more < 255 {
                break;
            }
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_copies_are_unpacked() {
        // "abcabcabcabcabcabcabcabcXYZ": three literals, a copy of 21 bytes from 3 back, the rest.
        let block = b"\x3fabc\x03\x00\x02\x30XYZ";
        let file = [MAGIC, &27_u32.to_le_bytes(), block].concat();
        assert_eq!(open(&file).unwrap(), b"abcabcabcabcabcabcabcabcXYZ");
        assert_eq!(open(&file[1..]), None);
        assert_eq!(open(&file[..file.len() - 1]), None);
    }
}
