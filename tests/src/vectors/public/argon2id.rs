//! Argon2id: RFC 9106 section 5.3.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};

use super::unhex;
use crate::vectors::ensure;

pub(super) fn run() -> Result<u32, String> {
    let text = |error: argon2::Error| error.to_string();
    let data = AssociatedData::new(&[4; 12]).map_err(text)?;
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(data)
        .output_len(32)
        .build()
        .map_err(text)?;
    let secret = [3; 8];
    let argon2 = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params)
        .map_err(text)?;
    let mut tag = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).map_err(text)?;
    let expected = unhex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    ensure(tag[..] == expected[..], "RFC 9106 5.3")?;
    Ok(1)
}
