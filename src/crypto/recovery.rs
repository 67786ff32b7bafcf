//! The recovery code: 160 random bits that open an account without its password. Written in
//! Crockford's base32 (<https://www.crockford.com/base32.html>) with its check symbol, in groups of
//! four.

use data_encoding::{Encoding, Specification};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::{Bytes, Context, UserId};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::keys::AccountKey;
use super::random::Random;
use super::seal::{Padding, SealError, derive, open_key, seal};

/// The 32 digits, then what only the check symbol can be (modulo 37).
const SYMBOLS: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/// Digits of a code without its check symbol.
const DIGITS: usize = 32;

/// What was typed is not a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// Another number of symbols than 33.
    #[error("not 33 symbols but {0}")]
    Length(usize),
    /// A character that no code has.
    #[error("no such symbol")]
    Symbol,
    /// The check symbol does not fit: a symbol is wrong, or two are swapped.
    #[error("check symbol")]
    Check,
}

/// A recovery code. Wiped when dropped.
pub struct RecoveryCode(Zeroizing<[u8; 20]>);

impl RecoveryCode {
    /// A new one.
    pub fn generate(random: &mut impl Random) -> Self {
        let mut bits = Zeroizing::new([0; 20]);
        random.fill(bits.as_mut());
        Self(bits)
    }

    /// As a person typed it: upper or lower case, with or without hyphens and blanks, `O` for 0, `I`
    /// and `L` for 1.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let symbols: Zeroizing<Vec<char>> = Zeroizing::new(symbols(text).chars().collect());
        if symbols.iter().any(|symbol| !symbol.is_ascii() || !SYMBOLS.contains(&(*symbol as u8))) {
            return Err(NotACode::Symbol);
        }
        if symbols.len() != DIGITS + 1 {
            return Err(NotACode::Length(symbols.len()));
        }
        let digits: Zeroizing<String> = Zeroizing::new(symbols[..DIGITS].iter().collect());
        let decoded = encoding().decode(digits.as_bytes()).map_err(|_| NotACode::Symbol)?;
        let decoded = Zeroizing::new(decoded);
        let code =
            Self(Zeroizing::new(decoded.as_slice().try_into().map_err(|_| NotACode::Symbol)?));
        if code.check_symbol() == symbols[DIGITS] { Ok(code) } else { Err(NotACode::Check) }
    }

    /// As it is shown: eight groups of four symbols, and the check symbol.
    pub fn groups(&self) -> Vec<Zeroizing<String>> {
        let mut digits = Zeroizing::new(encoding().encode(self.0.as_slice()));
        digits.push(self.check_symbol());
        digits
            .as_bytes()
            .chunks(4)
            .map(|group| Zeroizing::new(String::from_utf8_lossy(group).into_owned()))
            .collect()
    }

    /// The number modulo 37.
    fn check_symbol(&self) -> char {
        let rest =
            self.0.iter().fold(0, |rest: usize, byte| (rest * 256 + usize::from(*byte)) % 37);
        char::from(SYMBOLS[rest])
    }

    /// What proves to the server that one has the code.
    pub fn verifier(&self) -> Bytes {
        Bytes(derive::<32>(&*self.0, &Context::recovery_verifier()).to_vec())
    }

    /// What the server keeps of the proof.
    pub fn verifier_hash(&self) -> Hash {
        Hash(Sha256::digest(&self.verifier().0).into())
    }

    /// The account key, sealed under the code (`wrap/recovery`).
    pub fn wrap(&self, account: &AccountKey, user: &UserId, random: &mut impl Random) -> Vec<u8> {
        let context = Context::wrap_recovery(user);
        seal(&*self.0, &context, Padding::None, account.bytes(), random)
    }

    /// Opened from the server's copy.
    pub fn unwrap(&self, user: &UserId, blob: &[u8]) -> Result<AccountKey, SealError> {
        open_key(&*self.0, &Context::wrap_recovery(user), blob).map(AccountKey::of)
    }
}

/// The symbols of what a person typed, each in its one form.
pub fn symbols(text: &str) -> Zeroizing<String> {
    let symbols = text
        .chars()
        .filter(|symbol| !symbol.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}".contains(*symbol))
        .map(|symbol| match symbol.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    Zeroizing::new(symbols.collect())
}

fn encoding() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().expect("32 symbols")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SystemRandom;

    fn shown(code: &RecoveryCode) -> String {
        code.groups().iter().map(|group| group.as_str()).collect::<Vec<_>>().join("-")
    }

    #[test]
    fn what_is_shown_is_read_however_it_is_typed() {
        for _ in 0..200 {
            let code = RecoveryCode::generate(&mut SystemRandom);
            let text = shown(&code);
            let groups = code.groups();
            assert_eq!(groups.len(), 9);
            assert!(groups[..8].iter().all(|group| group.len() == 4) && groups[8].len() == 1);
            for typed in [
                text.clone(),
                text.to_lowercase(),
                text.replace('-', ""),
                text.replace('-', "  \n"),
                text.replace('0', "o").replace('1', "l"),
                text.replace('0', "O").replace('1', "I"),
            ] {
                assert_eq!(RecoveryCode::parse(&typed).unwrap().0, code.0, "{typed}");
            }
        }
    }

    #[test]
    fn a_wrong_symbol_and_two_swapped_ones_are_seen() {
        let code = RecoveryCode::generate(&mut SystemRandom);
        let text: Vec<char> = shown(&code).replace('-', "").chars().collect();
        for at in 0..DIGITS {
            let mut wrong = text.clone();
            wrong[at] = if wrong[at] == '7' { '8' } else { '7' };
            assert_eq!(RecoveryCode::parse(&String::from_iter(wrong)).err(), Some(NotACode::Check));
            let mut swapped = text.clone();
            swapped.swap(at, (at + 1) % DIGITS);
            if swapped != text {
                let found = RecoveryCode::parse(&String::from_iter(swapped)).err();
                assert_eq!(found, Some(NotACode::Check));
            }
        }
    }

    #[test]
    fn what_is_no_code_says_why() {
        assert_eq!(RecoveryCode::parse("").err(), Some(NotACode::Length(0)));
        assert_eq!(RecoveryCode::parse("ABCD-EF").err(), Some(NotACode::Length(6)));
        assert_eq!(RecoveryCode::parse("ABCD-EFçH").err(), Some(NotACode::Symbol));
        assert_eq!(RecoveryCode::parse("ABCD!").err(), Some(NotACode::Symbol));
    }

    #[test]
    fn it_opens_the_account_of_its_user_only() {
        let code = RecoveryCode::generate(&mut SystemRandom);
        let account = AccountKey::generate(&mut SystemRandom);
        let user = UserId([7; 32]);
        let blob = code.wrap(&account, &user, &mut SystemRandom);
        assert_eq!(code.unwrap(&user, &blob).unwrap().bytes(), account.bytes());
        assert!(code.unwrap(&UserId([8; 32]), &blob).is_err());
        assert!(RecoveryCode::generate(&mut SystemRandom).unwrap(&user, &blob).is_err());
    }
}
