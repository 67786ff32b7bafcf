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
#[derive(Debug, Clone, PartialEq, Default)]
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

    /// For another module: score, whether it is long enough, place of the warning, places of what would
    /// help.
    pub fn to_bytes(&self) -> Vec<u8> {
        let warning = self.warning.map_or(NO_WARNING, |warning| warning as u8);
        let mut bytes = vec![self.score, self.long_enough.into(), warning];
        bytes.extend(self.suggestions.iter().map(|suggestion| *suggestion as u8));
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let [score, long_enough, warning, suggestions @ ..] = bytes else { return None };
        let warning = match *warning {
            NO_WARNING => None,
            place => Some(*WARNINGS.get(usize::from(place))?),
        };
        let suggestion = |place: &u8| SUGGESTIONS.get(usize::from(*place)).copied();
        Some(Self {
            score: *score,
            long_enough: *long_enough == 1,
            warning,
            suggestions: suggestions.iter().map(suggestion).collect::<Option<_>>()?,
        })
    }
}

const NO_WARNING: u8 = u8::MAX;

/// All of zxcvbn's warnings, each at its place.
const WARNINGS: [Warning; 14] = [
    Warning::StraightRowsOfKeysAreEasyToGuess,
    Warning::ShortKeyboardPatternsAreEasyToGuess,
    Warning::RepeatsLikeAaaAreEasyToGuess,
    Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
    Warning::ThisIsATop10Password,
    Warning::ThisIsATop100Password,
    Warning::ThisIsACommonPassword,
    Warning::ThisIsSimilarToACommonlyUsedPassword,
    Warning::SequencesLikeAbcAreEasyToGuess,
    Warning::RecentYearsAreEasyToGuess,
    Warning::AWordByItselfIsEasyToGuess,
    Warning::DatesAreOftenEasyToGuess,
    Warning::NamesAndSurnamesByThemselvesAreEasyToGuess,
    Warning::CommonNamesAndSurnamesAreEasyToGuess,
];

/// All of its suggestions.
const SUGGESTIONS: [Suggestion; 13] = [
    Suggestion::UseAFewWordsAvoidCommonPhrases,
    Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters,
    Suggestion::AddAnotherWordOrTwo,
    Suggestion::CapitalizationDoesntHelpVeryMuch,
    Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase,
    Suggestion::ReversedWordsArentMuchHarderToGuess,
    Suggestion::PredictableSubstitutionsDontHelpVeryMuch,
    Suggestion::UseALongerKeyboardPatternWithMoreTurns,
    Suggestion::AvoidRepeatedWordsAndCharacters,
    Suggestion::AvoidSequences,
    Suggestion::AvoidRecentYears,
    Suggestion::AvoidYearsThatAreAssociatedWithYou,
    Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou,
];

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
    fn a_rating_survives_the_way_to_another_module() {
        assert!(WARNINGS.iter().enumerate().all(|(place, warning)| *warning as usize == place));
        assert!(SUGGESTIONS.iter().enumerate().all(|(place, one)| *one as usize == place));
        for password in ["password1234", "qwertyuiop", "1990", "granite otter folds maps", "aaa"] {
            let strength = strength(password, &[]);
            assert_eq!(Strength::read(&strength.to_bytes()), Some(strength));
        }
        assert_eq!(Strength::read(&[4, 1]), None);
        assert_eq!(Strength::read(&[4, 1, 14]), None);
        assert_eq!(Strength::read(&[4, 1, 255, 13]), None);
        assert!(!Strength::default().accepted());
    }

    #[test]
    fn length_and_class_are_both_needed() {
        assert!(!strength("Tr0ub4dor&3", &[]).accepted(), "11 characters");
        assert!(!strength("password1234", &[]).accepted(), "guessable");
        assert!(!strength("anasilvaexample", &["Ana Silva", "ana.silva@example.com"]).accepted());
        assert!(strength("granite otter folds maps", &[]).accepted());
    }
}
