//! The master password: what counts as strong enough, and the device key made of it.

use argon2::{Algorithm, Argon2, Params, Version};
use mysafe_protocol::opaque::ARGON2ID;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
pub use zxcvbn::feedback::{Suggestion, Warning};

/// The least number of characters.
pub const PASSWORD_MIN_CHARS: usize = 12;

/// A password as it is hashed: NFC, UTF-8.
pub fn normalized(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfc().collect())
}

/// Opens this device's copy of the account key: Argon2id v1.3 (RFC 9106), 64 MiB, 3 passes,
/// 4 lanes, over the master password and this device's salt.
pub struct DeviceKey(Zeroizing<[u8; 32]>);

impl DeviceKey {
    /// Takes a few hundred milliseconds, on purpose.
    pub fn derive(password: &str, salt: &[u8; 16]) -> Self {
        let (memory, passes, lanes) = ARGON2ID;
        let params = Params::new(memory, passes, lanes, Some(32)).expect("constants in bounds");
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(normalized(password).as_bytes(), salt, key.as_mut())
            .expect("salt and length are within bounds");
        Self(key)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// How strong a master password is.
#[derive(Debug, Clone, PartialEq)]
pub struct Strength {
    /// zxcvbn's class, 0 to 4.
    pub score: u8,
    /// At least [`PASSWORD_MIN_CHARS`] characters.
    pub long_enough: bool,
    /// What makes it weak, if anything.
    pub warning: Option<Warning>,
    /// What would help.
    pub suggestions: Vec<Suggestion>,
}

impl Strength {
    /// Whether it may guard an account: it alone guards a stolen device.
    pub fn accepted(&self) -> bool {
        self.long_enough && self.score == 4
    }
}

/// Rates a password; `known` is what a guesser would try first (name, address). Only the first
/// 100 characters are rated, which bounds the time.
pub fn strength(password: &str, known: &[&str]) -> Strength {
    let password = normalized(password);
    let long_enough = password.chars().count() >= PASSWORD_MIN_CHARS;
    let rated: Zeroizing<String> = Zeroizing::new(password.chars().take(100).collect());
    let entropy = zxcvbn::zxcvbn(&rated, known);
    Strength {
        score: entropy.score().into(),
        long_enough,
        warning: entropy.feedback().and_then(|feedback| feedback.warning()),
        suggestions: entropy
            .feedback()
            .map(|feedback| feedback.suggestions().to_vec())
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_however_it_was_typed() {
        let salt = [3; 16];
        let composed = DeviceKey::derive("canção do exílio", &salt);
        let decomposed = DeviceKey::derive("canc\u{327}a\u{303}o do exi\u{301}lio", &salt);
        assert_eq!(composed.bytes(), decomposed.bytes());
        assert_ne!(composed.bytes(), DeviceKey::derive("cancao do exilio", &salt).bytes());
    }

    #[test]
    fn length_and_class_are_both_needed() {
        assert!(!strength("Tr0ub4dor&3", &[]).accepted(), "11 characters");
        assert!(!strength("password1234", &[]).accepted(), "guessable");
        assert!(!strength("anasilvaexample", &["Ana Silva", "ana.silva@example.com"]).accepted());
        assert!(strength("granite otter folds maps", &[]).accepted());
    }
}
