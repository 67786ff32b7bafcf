//! Where an address is, as a number: what is of the same host or registrable domain has the same.

use super::site::Site;

/// The number of the registrable domain of an address, or of its host; `None` if it is no web address.
/// Stored with the items: the hash is FNV-1a in 64 bits. Others may have the same number, so what is
/// found by it is still to be matched.
pub(crate) fn house(address: &str) -> Option<u64> {
    let site = Site::of(address)?;
    let name = site.registrable.as_deref().unwrap_or(&site.host);
    let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    Some(name.bytes().fold(0xcbf2_9ce4_8422_2325, add))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // http://www.isthe.com/chongo/src/fnv/test_fnv.c, "foobar".
        assert_eq!(house("https://foobar/a"), Some(0x8594_4171_f739_67e8));
    }

    #[test]
    fn a_house_has_one_number_and_no_other_the_same() {
        let same = ["https://a.example.com/x", "http://example.com:8080", "https://EXAMPLE.com./"];
        assert!(same.iter().all(|address| house(address) == house(same[0])));
        for other in ["https://example.org", "https://example.com.br", "https://localhost"] {
            assert_ne!(house(other), house(same[0]), "{other}");
        }
        assert_eq!(house("mailto:a@example.com"), None);
    }
}
