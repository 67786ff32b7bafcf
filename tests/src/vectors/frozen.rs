//! Our own vectors: each composition computed again and compared with its file.

use super::sheet::Sheet;
use super::{acceptance, accounts, items, on_device, opaque, padding, people, refusals, wire};

type Composition = fn(&mut Sheet) -> Result<(), String>;

/// A vector.
struct Frozen {
    name: &'static str,
    /// The rule that it shows, for a reader of the file.
    shows: &'static str,
    /// The file.
    stored: &'static str,
    composition: Composition,
}

macro_rules! frozen {
    ($($name:literal: $composition:path, $shows:literal;)*) => {
        const FROZEN: &[Frozen] = &[$(Frozen {
            name: $name,
            shows: $shows,
            stored: include_str!(concat!("../../vectors/", $name, ".json")),
            composition: $composition,
        }),*];
    };
}

frozen! {
    "derive-key-sign": accounts::key_sign,
        "The Ed25519 key of an account, derived from its account key.";
    "derive-key-kem": accounts::key_kem,
        "The X-Wing key of an account: 32 bytes derived from its account key are the private key.";
    "derive-item-commit": items::commit,
        "The commitment to an item key that an access list signs.";
    "derive-item-identifier": items::identifier,
        "The tag of an Identifier: NFC, lower case, NFC. Each name below is as typed.";
    "hash-user": accounts::user,
        "A user id commits to the address and both public keys.";
    "hash-item-id": items::id,
        "An item id: 6 random bytes, and the first 10 of the hash of its owner and these 6.";
    "hash-item-content": items::content,
        "The hash that a revision signs of the two sealed parts; a deletion signs two empty parts.";
    "seal-wrap-password": accounts::wrap_password,
        "The account key, sealed for the server under OPAQUE's export key of the vector opaque-registration.";
    "derive-recovery-code": accounts::recovery_code,
        "A recovery code as it is shown, and the proof of having it, of which the server keeps the SHA-256.";
    "seal-wrap-recovery": accounts::wrap_recovery,
        "The account key, sealed for the server under the bytes of the recovery code.";
    "seal-wrap-device": accounts::wrap_device,
        "The account key, sealed for a device under Argon2id of the password in NFC.";
    "seal-account": accounts::record,
        "The account record as it is made at sign-up, padded to 256 bytes.";
    "seal-use": items::use_record,
        "When somebody last used an item, sealed without padding.";
    "seal-item-key": items::key,
        "An item key, sealed for the item's owner.";
    "seal-item-envelope": people::envelope,
        "An item key in an envelope to a person; the randomness is that of X-Wing's encapsulation.";
    "derive-safety-number": people::number,
        "The number by which two people compare their keys: the smaller id comes first.";
    "plaintext-contacts": people::contacts,
        "Contacts in an account record, in each of their three states.";
    "plaintext-reminders": people::reminders,
        "Reminders in the settings of an account record.";
    "wire-item-write-shared": people::write_shared,
        "A write with a list and envelopes, in both notations. Its envelopes are no real ones.";
    "plaintext-held-shared": people::held,
        "The state that a device holds of an item of somebody else.";
    "plaintext-held-apart": people::held_apart,
        "The same with two states held apart, after the user accepted the server's state twice.";
    "seal-item-overview": items::overview,
        "An overview with every field, sealed with padding to 256 bytes.";
    "seal-item-details": items::details,
        "Details, sealed with padding to 128 bytes.";
    "seal-device-session": on_device::session,
        "The token of a device's session.";
    "seal-device-session-bound": on_device::session_bound,
        "The token of a device's session and the server that it is for.";
    "seal-device-state": on_device::state,
        "One of the values by which a device remembers what it accepted: its notices.";
    "seal-device-cache": on_device::cache,
        "The head of a device's cache.";
    "seal-device-cache-piece": on_device::cache_piece,
        "A piece of a device's cache.";
    "seal-device-outbox": on_device::outbox,
        "A write that waits on a device.";
    "seal-device-draft": on_device::draft,
        "A form that is not saved yet.";
    "seal-device-draft-over": on_device::draft_over,
        "A form opened over revision 300, with a tag half typed.";
    "seal-padding": padding::edges,
        "Padding at its edges: the length and SHA-256 of the sealed blob. Each plaintext is bytes 70; of details of two bytes and more the last two are 80 00.";
    "sign-bundle": accounts::bundle,
        "A bundle: address and public keys, signed by themselves.";
    "sign-revision-first": items::revision_first,
        "The first revision of a private item.";
    "sign-revision-next": items::revision_next,
        "A later revision: disabled, and naming the one before.";
    "sign-revision-deleted": items::revision_deleted,
        "A deletion: the content is that of two empty parts.";
    "sign-revision-later-epoch": items::revision_later_epoch,
        "A revision of the second epoch, which names its list.";
    "sign-revision-united": items::revision_united,
        "A revision that unites two histories: also names the one beside.";
    "sign-list": items::access_list,
        "An access list with a person who may view, one who may edit for a time, and a group.";
    "plaintext-account": accounts::record_plaintext,
        "Account records: as made at sign-up, and with fields of a later version, which are kept.";
    "plaintext-overview": items::overview_plaintext,
        "Overviews: empty, full, with a field of a later version, and with each method.";
    "plaintext-details": items::details_plaintext,
        "Details: empty, with a client secret, and with a field of a later version.";
    "plaintext-use": items::use_plaintext,
        "Use records at both ends of their range.";
    "plaintext-held": on_device::held,
        "The state that a device holds of a private item, alive and deleted.";
    "plaintext-held-epoch": on_device::held_epoch,
        "The state that a device holds of an own item in its second epoch.";
    "plaintext-token": on_device::token,
        "The token of a session and when it expires.";
    "plaintext-reports": on_device::reports,
        "Notices that are not closed yet: none, and two.";
    "plaintext-reports-people": on_device::reports_people,
        "Notices that name people.";
    "device-record": on_device::device_record,
        "What a device keeps in clear and the sealed account key; the last is made as at sign-in.";
    "opaque-registration": opaque::registration,
        "OPAQUE: the messages of a registration, with the randomness of the client.";
    "opaque-login": opaque::login,
        "OPAQUE: the messages of a sign-in to that registration, with the randomness of both sides.";
    "wire-item-state": wire::item_state,
        "The form of a private item as a server sends it, in both notations. Its id is not the one of its revision.";
    "wire-item-state-listed": wire::item_state_listed,
        "The form of an item with an access list, in both notations. The list belongs to another item, and the revision too.";
    "wire-item-write-request": wire::item_write_request,
        "A write of a private item, in both notations.";
    "wire-changes-response": wire::changes_response,
        "The form of a page of changes, in both notations. The id of its item is not the one of the revision.";
    "accept-chain": acceptance::chain,
        "The life of one shared item: what each of three people answers to states of it, most of them refused.";
    "refuse-sealed": refusals::sealed,
        "Blobs that do not open as the overview of this item, epoch and revision under this key.";
    "refuse-envelopes": refusals::envelopes,
        "Envelopes that do not open for this person, item and epoch.";
    "refuse-bodies": refusals::bodies,
        "Signed bodies that are not accepted; the signature is good unless the case says otherwise.";
    "wire-account-record": wire::account_record,
        "An account record on the wire, in both notations. Its blob is no real one.";
}

fn compute(frozen: &Frozen) -> Result<Sheet, String> {
    let mut sheet = Sheet::default();
    sheet.text("shows", frozen.shows);
    (frozen.composition)(&mut sheet).map_err(|error| format!("{}: {error}", frozen.name))?;
    Ok(sheet)
}

/// How many held.
pub(super) fn run() -> Result<u32, String> {
    for frozen in FROZEN {
        let sheet = compute(frozen)?;
        sheet.compare(frozen.stored).map_err(|error| format!("{}: {error}", frozen.name))?;
    }
    Ok(FROZEN.len() as u32)
}

/// Returns the name and content of each vector whose file is empty, or lacks a value that is computed
/// today. A stored value never changes: one that is computed otherwise is an error.
pub fn make_missing() -> Result<Vec<(&'static str, String)>, String> {
    let mut missing = Vec::new();
    for frozen in FROZEN {
        let sheet = compute(frozen)?;
        if sheet.adds_to(frozen.stored).map_err(|error| format!("{}: {error}", frozen.name))? {
            missing.push((frozen.name, sheet.to_json()));
        }
    }
    Ok(missing)
}
