//! The form of what clients send, as far as the server can see it: sizes, the version byte of
//! sealed blobs, addresses, names.

use mysafe_protocol::bodies::{Signed, Status, is_address};
use mysafe_protocol::bytes::Bytes;
use mysafe_protocol::limits;
use mysafe_protocol::wire::ErrorCode;

/// The version every sealed blob starts with.
const SUITE: u8 = 0x01;

/// A sealed blob of at most `most` bytes.
pub fn sealed(blob: &Bytes, most: usize) -> Result<(), ErrorCode> {
    if blob.len() > most {
        Err(ErrorCode::TooLarge)
    } else if blob.len() < limits::SEAL || blob[0] != SUITE {
        Err(ErrorCode::Malformed)
    } else {
        Ok(())
    }
}

/// A sealed key of 32 bytes.
pub fn sealed_key(blob: &Bytes) -> Result<(), ErrorCode> {
    sealed(blob, limits::SEALED_KEY)?;
    if blob.len() == limits::SEALED_KEY { Ok(()) } else { Err(ErrorCode::Malformed) }
}

/// Checks the sealed parts of a revision: a deletion has two empty ones.
pub fn parts(status: Status, overview: &Bytes, details: &Bytes) -> Result<(), ErrorCode> {
    if status == Status::Deleted {
        let empty = overview.is_empty() && details.is_empty();
        return if empty { Ok(()) } else { Err(ErrorCode::Malformed) };
    }
    sealed(overview, limits::SEAL + limits::OVERVIEW)?;
    sealed(details, limits::SEAL + limits::DETAILS)
}

/// A signed body is not larger than bodies are.
pub fn signed(signed: &Signed) -> Result<(), ErrorCode> {
    if signed.body.len() > limits::BODY { Err(ErrorCode::TooLarge) } else { Ok(()) }
}

/// A mail address in its one form: ASCII, lower case, one `@` with something on both sides.
pub fn address(address: &str) -> Result<(), ErrorCode> {
    if address.len() > limits::ADDRESS {
        return Err(ErrorCode::TooLarge);
    }
    if is_address(address) { Ok(()) } else { Err(ErrorCode::Malformed) }
}

/// A line that people read: without blanks around it, not empty, no control characters, at most
/// `most` characters.
pub fn line(text: &str, most: usize) -> Result<&str, ErrorCode> {
    let text = text.trim();
    if text.chars().count() > most {
        Err(ErrorCode::TooLarge)
    } else if text.is_empty() || text.chars().any(char::is_control) {
        Err(ErrorCode::Malformed)
    } else {
        Ok(text)
    }
}

/// A number that the database can hold.
pub fn number(number: u64) -> Result<i64, ErrorCode> {
    i64::try_from(number).map_err(|_| ErrorCode::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for good in ["a@b", "ana.souza+x@example.com", "a@localhost"] {
            assert_eq!(address(good), Ok(()), "{good}");
        }
        for bad in ["", "a", "@", "a@", "@b", "a@b@c", "A@b", "a b@c", "a@b\n", "é@b"] {
            assert_eq!(address(bad), Err(ErrorCode::Malformed), "{bad}");
        }
        let longest = format!("{}@b", "a".repeat(limits::ADDRESS - 2));
        assert_eq!(address(&longest), Ok(()));
        assert_eq!(address(&format!("a{longest}")), Err(ErrorCode::TooLarge));
    }

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(line("  Ana Souza ", 100), Ok("Ana Souza"));
        assert_eq!(line(&"ç".repeat(100), 100).map(str::len), Ok(200));
        assert_eq!(line(&"ç".repeat(101), 100), Err(ErrorCode::TooLarge));
        for bad in ["", "  ", "a\nb", "a\u{7f}"] {
            assert_eq!(line(bad, 100), Err(ErrorCode::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn a_sealed_blob_states_its_version() {
        let blob = |first: u8, length: usize| {
            let mut bytes = vec![7; length];
            if let Some(byte) = bytes.first_mut() {
                *byte = first;
            }
            Bytes(bytes)
        };
        assert_eq!(sealed(&blob(1, limits::SEAL), 100), Ok(()));
        assert_eq!(sealed(&blob(1, 100), 100), Ok(()));
        assert_eq!(sealed(&blob(1, 101), 100), Err(ErrorCode::TooLarge));
        assert_eq!(sealed(&blob(2, 100), 100), Err(ErrorCode::Malformed));
        assert_eq!(sealed(&blob(1, limits::SEAL - 1), 100), Err(ErrorCode::Malformed));
        assert_eq!(sealed(&blob(1, 0), 100), Err(ErrorCode::Malformed));
        assert_eq!(sealed_key(&blob(1, limits::SEALED_KEY)), Ok(()));
        assert_eq!(sealed_key(&blob(1, limits::SEALED_KEY - 1)), Err(ErrorCode::Malformed));
        assert_eq!(sealed_key(&blob(1, limits::SEALED_KEY + 1)), Err(ErrorCode::TooLarge));
    }
}
