//! Sealing: AES-256-GCM (NIST SP 800-38D) with a key and nonce for each write, both from
//! HKDF-SHA-256 (RFC 5869) over a random salt and the context. The context is authenticated
//! twice: as HKDF's info and as associated data.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use mysafe_protocol::Context;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::random::Random;

const VERSION: u8 = 0x01;
const SALT: usize = 16;
const TAG: usize = 16;

/// A sealed value cannot be opened here: another key, purpose, place or version, or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unreadable")]
pub struct SealError;

/// An opened plaintext, wiped when dropped.
pub type Opened = Zeroizing<Vec<u8>>;

/// How a plaintext's length is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Not at all: the length is fixed or says nothing.
    None,
    /// 0x80 and zeros up to a power of two, at least so many bytes.
    PowerOfTwo(usize),
}

impl Padding {
    /// Overview, account record, snapshot.
    pub const USUAL: Self = Self::PowerOfTwo(256);
    /// Details.
    pub const DETAILS: Self = Self::PowerOfTwo(128);

    fn add(self, plaintext: &[u8]) -> Opened {
        match self {
            Self::None => Zeroizing::new(plaintext.to_vec()),
            Self::PowerOfTwo(least) => {
                let length = (plaintext.len() + 1).next_power_of_two().max(least);
                let mut padded = Zeroizing::new(Vec::with_capacity(length));
                padded.extend_from_slice(plaintext);
                padded.push(0x80);
                padded.resize(length, 0);
                padded
            }
        }
    }

    fn remove(self, mut padded: Opened) -> Result<Opened, SealError> {
        if let Self::PowerOfTwo(least) = self {
            let content = padded.iter().rposition(|byte| *byte != 0).ok_or(SealError)?;
            let expected = (content + 1).next_power_of_two().max(least);
            if padded[content] != 0x80 || padded.len() != expected {
                return Err(SealError);
            }
            padded.truncate(content);
        }
        Ok(padded)
    }
}

/// 32 bytes derived from `key` for `context`: HKDF-SHA-256 without salt.
pub(super) fn derive<const N: usize>(key: &[u8], context: &Context) -> Zeroizing<[u8; N]> {
    let mut output = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(None, key)
        .expand(context.as_bytes(), output.as_mut())
        .expect("at most 255 hashes long");
    output
}

/// AES-256-GCM for one message, all but the work itself: a browser's own implementation (Web
/// Cryptography API) does it many times faster than ours in WebAssembly, which counts where much is
/// sealed at once.
#[derive(Clone, PartialEq, Eq)]
pub struct AesGcm {
    key: Zeroizing<[u8; 32]>,
    /// The nonce (`iv` in the Web Cryptography API).
    pub nonce: [u8; 12],
    /// The associated data.
    pub associated_data: Vec<u8>,
}

impl AesGcm {
    fn new(key: &[u8], salt: &[u8], context: &Context) -> Self {
        let mut okm = Zeroizing::new([0; 44]);
        Hkdf::<Sha256>::new(Some(salt), key)
            .expand(context.as_bytes(), okm.as_mut())
            .expect("at most 255 hashes long");
        let (mut key, mut nonce) = (Zeroizing::new([0; 32]), [0; 12]);
        key.copy_from_slice(&okm[..32]);
        nonce.copy_from_slice(&okm[32..]);
        let associated_data = [&[VERSION], context.as_bytes()].concat();
        Self { key, nonce, associated_data }
    }

    /// The key of this message alone. The browser gets it: it must open or seal with it.
    pub fn message_key(&self) -> &[u8; 32] {
        &self.key
    }

    fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        let cipher = Aes256Gcm::new_from_slice(&*self.key).expect("32 bytes");
        let payload = Payload { msg: plaintext, aad: &self.associated_data };
        cipher.encrypt(&Nonce::from(self.nonce), payload).expect("shorter than AES-GCM's limit")
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Opened, SealError> {
        let cipher = Aes256Gcm::new_from_slice(&*self.key).expect("32 bytes");
        let payload = Payload { msg: ciphertext, aad: &self.associated_data };
        let opened = cipher.decrypt(&Nonce::from(self.nonce), payload).map_err(|_| SealError)?;
        Ok(Zeroizing::new(opened))
    }
}

/// A value that is still to be sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealing {
    salt: [u8; SALT],
    cipher: AesGcm,
    padded: Opened,
}

impl Sealing {
    pub(super) fn new(
        key: &[u8],
        context: &Context,
        padding: Padding,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Self {
        let salt = random.array();
        let cipher = AesGcm::new(key, &salt, context);
        Self { salt, cipher, padded: padding.add(plaintext) }
    }

    /// How to encrypt it.
    pub fn cipher(&self) -> &AesGcm {
        &self.cipher
    }

    /// What to encrypt.
    pub fn plaintext(&self) -> &[u8] {
        &self.padded
    }

    /// `0x01 ‖ salt ‖ ciphertext ‖ tag`, of what [`Sealing::cipher`] made of the plaintext.
    pub fn sealed(&self, ciphertext: &[u8]) -> Vec<u8> {
        [&[VERSION], &self.salt[..], ciphertext].concat()
    }

    /// Seals it here.
    pub fn seal(&self) -> Vec<u8> {
        self.sealed(&self.cipher.encrypt(&self.padded))
    }
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Sealing of {} bytes", self.padded.len())
    }
}

/// A sealed value that is still to be opened.
pub struct Opening<'b> {
    cipher: AesGcm,
    ciphertext: &'b [u8],
    padding: Padding,
}

impl<'b> Opening<'b> {
    pub(super) fn new(
        key: &[u8],
        context: &Context,
        padding: Padding,
        blob: &'b [u8],
    ) -> Result<Self, SealError> {
        if blob.len() < 1 + SALT + TAG || blob[0] != VERSION {
            return Err(SealError);
        }
        let (salt, ciphertext) = blob[1..].split_at(SALT);
        Ok(Self { cipher: AesGcm::new(key, salt, context), ciphertext, padding })
    }

    /// How to decrypt it.
    pub fn cipher(&self) -> &AesGcm {
        &self.cipher
    }

    /// What to decrypt, the tag at its end.
    pub fn ciphertext(&self) -> &'b [u8] {
        self.ciphertext
    }

    /// The value, of what [`Opening::cipher`] made of the ciphertext.
    pub fn opened(&self, padded: Opened) -> Result<Opened, SealError> {
        self.padding.remove(padded)
    }

    /// Opens it here.
    pub fn open(&self) -> Result<Opened, SealError> {
        self.opened(self.cipher.decrypt(self.ciphertext)?)
    }
}

/// `0x01 ‖ salt ‖ ciphertext ‖ tag`.
pub(super) fn seal(
    key: &[u8],
    context: &Context,
    padding: Padding,
    plaintext: &[u8],
    random: &mut impl Random,
) -> Vec<u8> {
    Sealing::new(key, context, padding, plaintext, random).seal()
}

/// The plaintext of a blob that was sealed with this key for this context and padding.
pub(super) fn open(
    key: &[u8],
    context: &Context,
    padding: Padding,
    blob: &[u8],
) -> Result<Opened, SealError> {
    Opening::new(key, context, padding, blob)?.open()
}

/// Opens a sealed key of 32 bytes.
pub(super) fn open_key(
    key: &[u8],
    context: &Context,
    blob: &[u8],
) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let opened = open(key, context, Padding::None, blob)?;
    let mut bytes: [u8; 32] = opened.as_slice().try_into().map_err(|_| SealError)?;
    let key = Zeroizing::new(bytes);
    bytes.zeroize();
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SystemRandom;
    use mysafe_protocol::ItemId;

    fn context() -> Context {
        Context::item_overview(&ItemId([1; 16]), 1, 2)
    }

    #[test]
    fn each_byte_and_each_length_is_authenticated() {
        let blob = seal(&[9; 32], &context(), Padding::USUAL, b"text", &mut SystemRandom);
        assert_eq!(blob.len(), 1 + 16 + 256 + 16);
        assert_eq!(*open(&[9; 32], &context(), Padding::USUAL, &blob).unwrap(), b"text");
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            assert_eq!(open(&[9; 32], &context(), Padding::USUAL, &changed), Err(SealError));
            assert_eq!(open(&[9; 32], &context(), Padding::USUAL, &blob[..at]), Err(SealError));
        }
    }

    #[test]
    fn another_key_place_or_padding_does_not_open() {
        let blob = seal(&[9; 32], &context(), Padding::USUAL, b"text", &mut SystemRandom);
        let elsewhere = Context::item_overview(&ItemId([1; 16]), 1, 3);
        let details = Context::item_details(&ItemId([1; 16]), 1, 2);
        assert!(open(&[8; 32], &context(), Padding::USUAL, &blob).is_err());
        assert!(open(&[9; 32], &elsewhere, Padding::USUAL, &blob).is_err());
        assert!(open(&[9; 32], &details, Padding::USUAL, &blob).is_err());
        assert!(open(&[9; 32], &context(), Padding::PowerOfTwo(512), &blob).is_err());
    }

    #[test]
    fn only_the_shortest_padding_is_accepted() {
        for (plaintext, why) in [
            (vec![0; 256], "no mark"),
            ([&[1; 9][..], &[0x80], &[0; 502]].concat(), "longer than needed"),
            ([&[1; 9][..], &[0x80], &[0; 100]].concat(), "shorter than allowed"),
            ([&[1; 9][..], &[0x81], &[0; 246]].concat(), "another mark"),
        ] {
            let blob = seal(&[9; 32], &context(), Padding::None, &plaintext, &mut SystemRandom);
            assert!(open(&[9; 32], &context(), Padding::USUAL, &blob).is_err(), "{why}");
        }
    }

    #[test]
    fn padding_hides_the_length() {
        for (length, padded) in [(0, 256), (255, 256), (256, 512), (511, 512), (512, 1024)] {
            let blob =
                seal(&[9; 32], &context(), Padding::USUAL, &vec![5; length], &mut SystemRandom);
            assert_eq!(blob.len(), 33 + padded, "{length}");
        }
    }
}
