//! How large things may be. Characters are Unicode scalar values; bytes are of the stored form.

/// Characters of an item's name.
pub const NAME: usize = 200;
/// Characters of an address of an API.
pub const URL: usize = 2_048;
/// Further addresses of an item.
pub const FURTHER: usize = 20;
/// Characters of a client ID.
pub const CLIENT_ID: usize = 512;
/// Characters of a client secret.
pub const CLIENT_SECRET: usize = 16_384;
/// Characters of an Identifier.
pub const IDENTIFIER: usize = 200;
/// Tags of an item.
pub const TAGS: usize = 30;
/// Characters of a tag.
pub const TAG: usize = 50;
/// Characters of the notes.
pub const NOTES: usize = 10_000;
/// Characters of a person's name.
pub const PERSON: usize = 100;
/// Bytes of a mail address (RFC 5321 section 4.5.3.1.3).
pub const ADDRESS: usize = 254;
/// Characters of the name an app gives itself.
pub const APP: usize = 100;

/// Bytes of an overview before it is sealed, padding included.
pub const OVERVIEW: usize = 64 * 1024;
/// Bytes of details before they are sealed, padding included.
pub const DETAILS: usize = 128 * 1024;
/// Bytes of an account record before it is sealed, padding included.
pub const ACCOUNT: usize = 1024 * 1024;
/// What sealing adds: version, salt, tag.
pub const SEAL: usize = 1 + 16 + 16;
/// Bytes of a sealed key of 32 bytes.
pub const SEALED_KEY: usize = SEAL + 32;
/// Bytes of an item key encapsulated for somebody: version, X-Wing ciphertext, key, tag.
pub const ENVELOPE: usize = 1 + 1_120 + 32 + 16;
/// Grants in one access list.
pub const GRANTS: usize = 200;
/// Bytes of a sealed use record.
pub const USE: usize = SEAL + 64;
/// Bytes of a signed body other than lists and groups.
pub const BODY: usize = 2_048;
/// Items in one page of changes.
pub const PAGE: u32 = 500;
/// The largest request the server reads, in bytes.
pub const REQUEST: usize = 2 * 1024 * 1024;
/// The largest request by somebody who is not signed in, but for the second one of a sign-up.
pub const REQUEST_SIGNED_OUT: usize = 16 * 1024;
/// The largest gap between an accepted revision and the next.
pub const GAP: u64 = 1 << 20;

/// People in one answer of a search.
pub const FOUND: usize = 20;
/// Earlier versions of an item in one answer.
pub const HISTORY: usize = 20;
/// Bodies that go with one revision that is sent again, and that a client keeps of an item.
pub const AGAIN: usize = 1_000;
/// Bytes of a signed access list.
pub const LIST: usize = 256 * 1024;
