//! Requests and answers, in JSON and CBOR, as server and client read them.

use mysafe_protocol::wire::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

type Read = fn(Format, &[u8]) -> bool;

const REQUEST_TYPES: [Read; 16] = [
    both::<ItemWriteRequest>,
    both::<WriteAgainRequest>,
    both::<UseRequest>,
    both::<ChangesQuery>,
    both::<SignUpStartRequest>,
    both::<SignUpFinishRequest>,
    both::<RecordWriteRequest>,
    both::<ConfirmRequest>,
    both::<PeopleQuery>,
    both::<PasswordStartRequest>,
    both::<SecretsRequest>,
    both::<RecoveryStartRequest>,
    both::<RecoveryFinishRequest>,
    both::<SignInStartRequest>,
    both::<SignInFinishRequest>,
    both::<AccountRecord>,
];

const ANSWER_TYPES: [Read; 14] = [
    both::<ErrorResponse>,
    both::<ItemWriteResponse>,
    both::<ItemState>,
    both::<RevisionsResponse>,
    both::<HistoryResponse>,
    both::<ChangesResponse>,
    both::<SignUpFinishResponse>,
    both::<PeopleResponse>,
    both::<BundleResponse>,
    both::<ServerResponse>,
    both::<RecoveryStartResponse>,
    both::<SignInStartResponse>,
    both::<SessionResponse>,
    both::<CurrentSessionResponse>,
];

/// How many requests are read.
pub(super) const REQUESTS: u8 = REQUEST_TYPES.len() as u8;
/// How many answers are read.
pub(super) const ANSWERS: u8 = ANSWER_TYPES.len() as u8;

/// Bodies to begin with, of which the frozen vectors have none.
pub(super) const TEXTS: &[&str] = &[
    r#"{"address":"ana@example.com","admission":"code","registration_request":"AAEC"}"#,
    r#"{"address":"ana@example.com","name":"Ana","admission":null,"registration_upload":"AA","bundle":{"body":"oA","signature":"AA"},"wrap":"AA","recovery":{"verifier_hash":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","wrap":"AA"},"record":{"version":1,"blob":"AA"}}"#,
    r#"{"base":1,"base_hash":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","record":{"version":2,"blob":"AA"}}"#,
    r#"{"code":"12345678"}"#,
    r#"{"search":"an"}"#,
    r#"{"epoch":"BwcHBwcHBwcHBwcHBwcHBw","position":7,"limit":500}"#,
    r#"{"blob":"AA"}"#,
    r#"{"registration_request":"AAEC"}"#,
    r#"{"attempt":"AA","credential_finalization":"AA","password":{"registration_upload":"AA","wrap":"AA"},"recovery":null}"#,
    r#"{"address":"a@b.c","verifier":"AA","mailed_code":"1","registration_request":"AA"}"#,
    r#"{"address":"a@b.c","verifier":"AA","password":{"registration_upload":"AA","wrap":"AA"},"recovery":{"verifier_hash":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","wrap":"AA"}}"#,
    r#"{"address":"a@b.c","credential_request":"AA"}"#,
    r#"{"attempt":"AA","credential_finalization":"AA","app":"Firefox"}"#,
    r#"{"write":{"operation":"BwcHBwcHBwcHBwcHBwcHBw","base":0,"revision":{"body":"oA","signature":"AA"},"overview":"AA","details":"AA","key":"AA","identifier":"BwcHBwcHBwcHBwcHBwcHBw"},"between":[],"parts":[],"epochs":[{"epoch":1,"key":"AA"}],"bundles":[]}"#,
    r#"{"code":"too_many_tries","retry_after":7,"reason":"mailbox_not_confirmed"}"#,
    r#"{"position":7}"#,
    r#"{"revisions":[{"body":"oA","signature":"AA"}],"lists":[]}"#,
    r#"{"versions":[{"revision":{"body":"oA","signature":"AA"},"overview":"AA","details":"AA"}],"keys":[{"epoch":1,"key":"AA"}],"more":true}"#,
    r#"{"user":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","administrator":true}"#,
    r#"{"people":[{"user":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","address":"a@b.c","name":"A","bundle":{"body":"oA","signature":"AA"}}]}"#,
    r#"{"bundle":{"body":"oA","signature":"AA"},"confirmed":true}"#,
    r#"{"product":"mysafe","version":"1","interface":1,"signups":"first_with_code"}"#,
    r#"{"user":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","bundle":{"body":"oA","signature":"AA"},"wrap":"AA","registration_response":"AA"}"#,
    r#"{"attempt":"AA","credential_response":"AA"}"#,
    r#"{"token":"t","expires":7,"user":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","name":"A","administrator":false,"bundle":{"body":"oA","signature":"AA"},"wrap":"AA"}"#,
    r#"{"user":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","name":"A","administrator":false,"confirmed":true,"mails":true,"app":"x","expires":7}"#,
];

/// Reads bytes as a server does.
pub(super) fn requests(bytes: &[u8]) -> bool {
    read_one(&REQUEST_TYPES, bytes)
}

/// Reads bytes as a client does.
pub(super) fn answers(bytes: &[u8]) -> bool {
    read_one(&ANSWER_TYPES, bytes)
}

/// The first byte says which type, and in its lowest bit which format.
fn read_one(types: &[Read], bytes: &[u8]) -> bool {
    let Some((kind, body)) = bytes.split_first() else { return false };
    let format = if kind & 1 == 0 { Format::Json } else { Format::Cbor };
    types.get(usize::from(kind >> 1)).is_some_and(|read| read(format, body))
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Json,
    Cbor,
}

impl Format {
    fn read<T: DeserializeOwned>(self, bytes: &[u8]) -> Option<T> {
        match self {
            Self::Json => serde_json::from_slice(bytes).ok(),
            Self::Cbor => {
                let mut from = minicbor_serde::Deserializer::new(bytes);
                let value = T::deserialize(&mut from).ok()?;
                (from.decoder().position() == bytes.len()).then_some(value)
            }
        }
    }

    fn write<T: Serialize>(self, value: &T) -> Vec<u8> {
        match self {
            Self::Json => serde_json::to_vec(value).expect("each type is written as JSON"),
            Self::Cbor => minicbor_serde::to_vec(value).expect("each type is written as CBOR"),
        }
    }
}

/// Asserts that a value of one format is written in both, in a size that its own bounds, and read the same.
fn both<T: Serialize + DeserializeOwned>(format: Format, bytes: &[u8]) -> bool {
    let Some(value) = format.read::<T>(bytes) else { return false };
    let written = [Format::Json, Format::Cbor].map(|format| (format, format.write(&value)));
    for (format, text) in &written {
        assert!(text.len() <= 8 * bytes.len() + 256, "{format:?} grows to {}", text.len());
        let again = format.read::<T>(text);
        let again = again.unwrap_or_else(|| panic!("{format:?} is not read as it was written"));
        for (other, expected) in &written {
            assert!(other.write(&again) == *expected, "{other:?} after {format:?}");
        }
    }
    true
}
