//! Public vectors for the libraries below suite 1, with the features and configurations that
//! MySafe uses.

mod argon2id;
mod ed25519;
mod gcm;
mod hkdf_sha256;
mod xwing;

/// How many held.
pub(super) fn run() -> Result<u32, String> {
    Ok(gcm::run()?
        + hkdf_sha256::run()?
        + ed25519::run()?
        + argon2id::run()?
        + xwing::run()?
        + super::opaque::default_ksf_is_another()?)
}

/// The bytes of a hexadecimal text.
fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
