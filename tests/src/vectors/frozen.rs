//! Our own vectors: each composition computed again and compared with its file.

use super::sheet::Sheet;
use super::{accounts, items, on_device, opaque, padding, people, wire};

type Composition = fn(&mut Sheet) -> Result<(), String>;

macro_rules! frozen {
    ($($name:literal: $composition:path;)*) => {
        /// Name, file and computation of each.
        const FROZEN: &[(&str, &str, Composition)] = &[
            $(($name, include_str!(concat!("../../vectors/", $name, ".json")), $composition)),*
        ];
    };
}

frozen! {
    "derive-key-sign": accounts::key_sign;
    "derive-key-kem": accounts::key_kem;
    "derive-item-commit": items::commit;
    "derive-item-identifier": items::identifier;
    "hash-user": accounts::user;
    "hash-item-content": items::content;
    "seal-wrap-password": accounts::wrap_password;
    "derive-recovery-code": accounts::recovery_code;
    "seal-wrap-recovery": accounts::wrap_recovery;
    "seal-wrap-device": accounts::wrap_device;
    "seal-account": accounts::record;
    "seal-use": items::use_record;
    "seal-item-key": items::key;
    "seal-item-envelope": people::envelope;
    "derive-safety-number": people::number;
    "plaintext-contacts": people::contacts;
    "plaintext-reminders": people::reminders;
    "wire-item-write-shared": people::write_shared;
    "plaintext-held-shared": people::held;
    "plaintext-held-apart": people::held_apart;
    "seal-item-overview": items::overview;
    "seal-item-details": items::details;
    "seal-device-session": on_device::session;
    "seal-device-session-bound": on_device::session_bound;
    "seal-device-state": on_device::state;
    "seal-device-cache": on_device::cache;
    "seal-device-cache-piece": on_device::cache_piece;
    "seal-device-outbox": on_device::outbox;
    "seal-device-draft": on_device::draft;
    "seal-device-draft-over": on_device::draft_over;
    "seal-padding": padding::edges;
    "sign-bundle": accounts::bundle;
    "sign-revision-first": items::revision_first;
    "sign-revision-next": items::revision_next;
    "sign-revision-deleted": items::revision_deleted;
    "sign-revision-later-epoch": items::revision_later_epoch;
    "sign-revision-united": items::revision_united;
    "sign-list": items::access_list;
    "plaintext-account": accounts::record_plaintext;
    "plaintext-overview": items::overview_plaintext;
    "plaintext-details": items::details_plaintext;
    "plaintext-use": items::use_plaintext;
    "plaintext-held": on_device::held;
    "plaintext-held-epoch": on_device::held_epoch;
    "plaintext-token": on_device::token;
    "plaintext-reports": on_device::reports;
    "plaintext-reports-people": on_device::reports_people;
    "device-record": on_device::device_record;
    "opaque-registration": opaque::registration;
    "opaque-login": opaque::login;
    "wire-item-state": wire::item_state;
    "wire-item-state-listed": wire::item_state_listed;
    "wire-item-write-request": wire::item_write_request;
    "wire-changes-response": wire::changes_response;
    "wire-account-record": wire::account_record;
}

fn compute(name: &str, composition: Composition) -> Result<Sheet, String> {
    let mut sheet = Sheet::default();
    composition(&mut sheet).map_err(|error| format!("{name}: {error}"))?;
    Ok(sheet)
}

/// How many held.
pub(super) fn run() -> Result<u32, String> {
    for (name, stored, composition) in FROZEN {
        let sheet = compute(name, *composition)?;
        sheet.compare(stored).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(FROZEN.len() as u32)
}

/// The vectors whose files are still empty: name and content.
pub fn make_missing() -> Result<Vec<(&'static str, String)>, String> {
    FROZEN
        .iter()
        .filter(|(_, stored, _)| stored.trim().is_empty())
        .map(|(name, _, composition)| Ok((*name, compute(name, *composition)?.to_json())))
        .collect()
}
