//! The key file, beside the database and never in it: whoever steals the database or a backup of
//! it alone cannot try passwords. Mode 0600.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mysafe_protocol::opaque::Suite1;
use opaque_ke::ServerSetup;
use rand_core_06::OsRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The key file in the data folder.
pub const FILE: &str = "mysafe.key";

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file cannot be read or written.
    #[error("the key file: {0}")]
    File(#[from] io::Error),
    /// The file does not hold keys.
    #[error("the key file does not hold the keys of a MySafe server")]
    Form,
    /// There is a database but not its key file; nobody could sign in.
    #[error("the key file of this database is missing: put mysafe.key back beside it")]
    Missing,
    /// The database was made with other keys; nobody could sign in.
    #[error("the key file is not the one this database was made with: put the right one back")]
    OtherDatabase,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    opaque: String,
    setup_code: String,
    /// Missing in files of servers that did not mail codes yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    codes: Option<String>,
}

/// The server's own secrets.
pub struct Keys {
    /// OPAQUE's server setup: OPRF seed and key pair.
    pub opaque: ServerSetup<Suite1>,
    setup_code: String,
    codes: [u8; 32],
}

impl Keys {
    /// Reads the key file of a data folder, if there is one.
    pub fn read(data: &Path) -> Result<Option<Self>, KeysError> {
        let path = data.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if fs::metadata(&path)?.permissions().mode() & 0o077 != 0 {
            tracing::warn!("others than its owner may read the key file: chmod 600 it");
        }
        let (keys, whole) = Self::parse(&text)?;
        if !whole {
            keys.write(data)?;
        }
        Ok(Some(keys))
    }

    /// Makes the key file of a data folder.
    pub fn create(data: &Path) -> Result<Self, KeysError> {
        let keys = Self {
            opaque: ServerSetup::new(&mut OsRng),
            setup_code: new_setup_code(),
            codes: crate::state::random(),
        };
        keys.write(data)?;
        Ok(keys)
    }

    fn write(&self, data: &Path) -> Result<(), KeysError> {
        let form = Form {
            opaque: URL_SAFE_NO_PAD.encode(self.opaque.serialize()),
            setup_code: self.setup_code.clone(),
            codes: Some(URL_SAFE_NO_PAD.encode(self.codes)),
        };
        let text = format!(
            "# The secrets of this MySafe server. Without this file nobody can sign in.\n\
             # Keep a copy, apart from the copies of the database.\n{}",
            toml::to_string(&form).map_err(|_| KeysError::Form)?
        );
        // Written under another name first: a half-written key file must never be read.
        let new = data.join("mysafe.key.new");
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, data.join(FILE))?;
        fs::File::open(data)?.sync_all()?;
        Ok(())
    }

    /// The keys, and whether all of them stood there.
    fn parse(text: &str) -> Result<(Self, bool), KeysError> {
        let form: Form = toml::from_str(text).map_err(|_| KeysError::Form)?;
        let opaque = URL_SAFE_NO_PAD.decode(&form.opaque).map_err(|_| KeysError::Form)?;
        let opaque = ServerSetup::deserialize(&opaque).map_err(|_| KeysError::Form)?;
        if form.setup_code.is_empty() {
            return Err(KeysError::Form);
        }
        let codes = match &form.codes {
            None => crate::state::random(),
            Some(codes) => {
                let codes = URL_SAFE_NO_PAD.decode(codes).map_err(|_| KeysError::Form)?;
                codes.try_into().map_err(|_| KeysError::Form)?
            }
        };
        Ok((Self { opaque, setup_code: form.setup_code, codes }, form.codes.is_some()))
    }

    /// HMAC-SHA-256 (RFC 2104) of a mailed code and what it is for.
    pub fn code_mac(&self, message: &[u8]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.codes).expect("any length is a key");
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    }

    /// An OPAQUE record (RFC 9807 section 5) of nobody: decoding it takes as long as decoding one of the
    /// database.
    pub fn decoy_record(&self) -> Vec<u8> {
        const MASKING_KEY_AND_ENVELOPE: usize = 64 + 32 + 64;
        let public = self.opaque.keypair().public().serialize();
        [&public[..], &[0; MASKING_KEY_AND_ENVELOPE]].concat()
    }

    /// What the database remembers of its keys: enough to notice other ones, and nothing else.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.opaque.keypair().public().serialize()).into()
    }

    /// The code that the first sign-up needs where others than this machine reach the server.
    pub fn setup_code(&self) -> &str {
        &self.setup_code
    }

    /// Whether this is the set-up code, however it was typed: case and dashes do not count.
    pub fn is_setup_code(&self, typed: &str) -> bool {
        let plain = |code: &str| code.replace(['-', ' '], "").to_ascii_uppercase();
        plain(&self.setup_code).as_bytes().ct_eq(plain(typed).as_bytes()).into()
    }
}

/// 100 random bits as 20 characters of Crockford's base32, in groups of five.
fn new_setup_code() -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bytes: [u8; 20] = crate::state::random();
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    let groups: Vec<String> =
        bytes.chunks(5).map(|group| group.iter().map(letter).collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_file_is_its_owners_and_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Keys::read(folder.path()).unwrap().is_none());
        let first = Keys::create(folder.path()).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = Keys::read(folder.path()).unwrap().unwrap();
        assert_eq!(first.opaque.serialize(), again.opaque.serialize());
        assert_eq!(first.setup_code(), again.setup_code());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_an_earlier_server_gets_what_it_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::create(folder.path()).unwrap();
        let path = folder.path().join(FILE);
        let text = fs::read_to_string(&path).unwrap();
        let (before, _) = text.split_once("codes = ").unwrap();
        fs::write(&path, before).unwrap();
        let second = Keys::read(folder.path()).unwrap().unwrap();
        assert_eq!(first.opaque.serialize(), second.opaque.serialize());
        let third = Keys::read(folder.path()).unwrap().unwrap();
        assert_eq!(second.code_mac(b"x"), third.code_mac(b"x"));
        assert_ne!(first.code_mac(b"x"), second.code_mac(b"x"));
    }

    #[test]
    fn a_file_that_is_something_else_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "opaque = \"AAAA\"\nsetup_code = \"x\"\n").unwrap();
        assert!(matches!(Keys::read(folder.path()), Err(KeysError::Form)));
        assert!(fs::read_to_string(&path).unwrap().contains("AAAA"));
    }

    #[test]
    fn the_decoy_record_decodes() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::create(folder.path()).unwrap();
        let record = keys.decoy_record();
        let decoded = opaque_ke::ServerRegistration::<Suite1>::deserialize(&record).unwrap();
        assert_eq!(decoded.serialize().to_vec(), record);
    }

    #[test]
    fn the_set_up_code_may_be_typed_in_any_case() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::create(folder.path()).unwrap();
        let code = keys.setup_code().to_owned();
        assert_eq!(code.len(), 23);
        assert!(keys.is_setup_code(&code));
        assert!(keys.is_setup_code(&code.to_lowercase().replace('-', " ")));
        assert!(!keys.is_setup_code(&code[1..]));
        assert!(!keys.is_setup_code(""));
    }
}
