//! Making an account and entering it again, with OPAQUE's other side in memory; the device's
//! own copy of the key; what a lying server sends instead.

use mysafe_protocol::wire::{RecoveryStartResponse, SessionResponse};
use mysafe_protocol::{Bytes, UserId};

use super::damaged;
use super::opaque_server::OpaqueServer;
use crate::crypto::{AccountKey, ExportKey, Identity, OpaqueError, RecoveryCode, SystemRandom};
use crate::vault::{
    Created, DeviceRecord, EnterError, UnlockError, Vault, create, enter, recover, recovery_secret,
};

const ADDRESS: &str = "ana@example.com";
const PASSWORD: &str = "canção do exílio, minha terra";
/// The same, typed on a system that decomposes.
const DECOMPOSED: &str = "canc\u{327}a\u{303}o do exi\u{301}lio, minha terra";

fn session(created: &Created) -> SessionResponse {
    SessionResponse {
        token: "token".into(),
        expires: 9,
        user: created.identity.user(),
        name: "Ana".into(),
        administrator: false,
        bundle: created.bundle.clone(),
        wrap: created.wrap.clone(),
    }
}

fn code() -> RecoveryCode {
    RecoveryCode::generate(&mut SystemRandom)
}

fn signed_up() -> (OpaqueServer, Created) {
    let mut server = OpaqueServer::new();
    let (_, export) = server.sign_up(ADDRESS, PASSWORD);
    (server, create(ADDRESS, &export, &code(), &mut SystemRandom))
}

fn device_record(created: &Created) -> DeviceRecord {
    let Created { account, identity, .. } = created;
    DeviceRecord::make(account, identity, "Ana", "http://s", PASSWORD, &mut SystemRandom)
}

#[test]
fn an_account_is_made_entered_and_unlocked_offline() {
    let (server, created) = signed_up();
    let export = server.sign_in(ADDRESS, DECOMPOSED).unwrap();
    let (account, identity) = enter(&session(&created), ADDRESS, &export).ok().unwrap();
    assert_eq!(*account.to_session(), *created.account.to_session());
    assert_eq!(identity.user(), created.identity.user());
    assert_eq!(identity.signed_bundle(), created.bundle, "keys are derived, so they are the same");

    let record = device_record(&created);
    let stored = DeviceRecord::decode(&record.encode()).unwrap();
    assert_eq!(stored, record);
    let unlocked = stored.unlock(DECOMPOSED).ok().unwrap();
    assert_eq!(*unlocked.to_session(), *account.to_session());
    assert!(Vault::open(unlocked, &record.user, ADDRESS).is_ok());
    assert_eq!(stored.unlock("another password").err(), Some(UnlockError::WrongPassword));
}

#[test]
fn without_a_wrap_the_error_is_another_than_with_a_wrong_password() {
    let (_, created) = signed_up();
    let record = device_record(&created);
    let revoked = DeviceRecord { wrap: None, ..record.clone() };
    let stored = DeviceRecord::decode(&revoked.encode()).unwrap();
    assert_eq!(stored.unlock(PASSWORD).err(), Some(UnlockError::NoWrap));

    // The record itself is not sealed: whatever stands in it, no other account opens.
    let other_address = DeviceRecord { address: "eve@example.com".into(), ..record.clone() };
    assert_eq!(other_address.unlock(PASSWORD).err(), Some(UnlockError::Forged));
    let other_user = DeviceRecord { user: UserId([1; 32]), ..record.clone() };
    assert_eq!(other_user.unlock(PASSWORD).err(), Some(UnlockError::WrongPassword));
    let (_, blob) = record.wrap.clone().unwrap();
    let other_salt = DeviceRecord { wrap: Some(([1; 16], blob)), ..record };
    assert_eq!(other_salt.unlock(PASSWORD).err(), Some(UnlockError::WrongPassword));
}

#[test]
fn wrong_credentials_are_all_alike() {
    let (server, _) = signed_up();
    let wrong = Some(OpaqueError::WrongCredentials);
    assert_eq!(server.sign_in(ADDRESS, "another password").err(), wrong);
    assert_eq!(server.sign_in("eve@example.com", PASSWORD).err(), wrong);
    assert_eq!(OpaqueServer::new().sign_in(ADDRESS, PASSWORD).err(), wrong, "no such account");
    // The server's key is in what was registered: an impostor's answer does not pass.
    let mut impostor = OpaqueServer::new();
    impostor.sign_up(ADDRESS, "another password");
    assert_eq!(impostor.sign_in(ADDRESS, PASSWORD).err(), wrong);
}

#[test]
fn an_answer_changed_on_its_way_does_not_pass() {
    let (server, _) = signed_up();
    // One byte in each part of CredentialResponse (RFC 9807 section 6.3.2) and of KE2 behind it.
    for at in [0, 33, 70, 150, 200, 240, 300] {
        let changed = server.sign_in_over(ADDRESS, PASSWORD, |answer| answer[at] ^= 1);
        assert!(changed.is_err(), "byte {at}");
    }
    for length in [0, 1, 31, 32, 100, 319] {
        let cut = server.sign_in_over(ADDRESS, PASSWORD, |answer| answer.truncate(length));
        assert_eq!(cut.err(), Some(OpaqueError::Forged), "{length} bytes");
    }
}

#[test]
fn what_does_not_belong_to_the_account_is_refused_at_sign_in() {
    let (server, created) = signed_up();
    let export = server.sign_in(ADDRESS, PASSWORD).unwrap();
    let other = create(ADDRESS, &export, &code(), &mut SystemRandom);
    let elsewhere = create("eve@example.com", &export, &code(), &mut SystemRandom);
    let honest = session(&created);
    let check = |session: &SessionResponse, address: &str, why: &str| {
        assert_eq!(enter(session, address, &export).err(), Some(EnterError::Forged), "{why}");
    };
    assert!(enter(&honest, ADDRESS, &export).is_ok());
    let user = other.identity.user();
    check(&SessionResponse { user, ..honest.clone() }, ADDRESS, "another user id");
    let bundle = other.bundle.clone();
    check(&SessionResponse { bundle, ..honest.clone() }, ADDRESS, "another's bundle");
    let wrap = other.wrap.clone();
    check(&SessionResponse { wrap, ..honest.clone() }, ADDRESS, "another's wrap");
    let mixed = SessionResponse { bundle: honest.bundle.clone(), ..session(&other) };
    check(&mixed, ADDRESS, "another account with this bundle");
    check(&session(&elsewhere), ADDRESS, "an account of another address");
    check(&honest, "eve@example.com", "entered as another address");

    // A wrap that opens, but to another account key than the bundle's.
    let impostor = AccountKey::generate(&mut SystemRandom);
    let wrap = impostor.wrap(&created.identity.user(), &export, &mut SystemRandom);
    check(&SessionResponse { wrap: Bytes(wrap), ..honest.clone() }, ADDRESS, "another key");

    for (why, wrap) in damaged(&honest.wrap) {
        check(&SessionResponse { wrap: Bytes(wrap), ..honest.clone() }, ADDRESS, &why);
    }
    for (why, signature) in damaged(&honest.bundle.signature) {
        let mut session = honest.clone();
        session.bundle.signature = Bytes(signature);
        check(&session, ADDRESS, &why);
    }
}

#[test]
fn the_export_key_opens_the_wrap_and_nothing_else_does() {
    let (mut server, created) = signed_up();
    let user = created.identity.user();
    let opens = |export: &ExportKey| AccountKey::unwrap(&user, export, &created.wrap).is_ok();
    assert!(opens(&server.sign_in(ADDRESS, PASSWORD).unwrap()));
    // The same password registered anew gives another export key.
    let (_, anew) = server.sign_up(ADDRESS, PASSWORD);
    assert!(!opens(&anew));
}

#[test]
fn a_vault_opens_for_its_own_user_only() {
    let (_, created) = signed_up();
    let session = created.account.to_session();
    let open = |user: &UserId, address: &str| {
        let account = AccountKey::from_session(&session).unwrap();
        Vault::open(account, user, address).map(|vault| vault.user())
    };
    let user = created.identity.user();
    assert_eq!(open(&user, ADDRESS), Ok(user));
    let other = Identity::of(&AccountKey::generate(&mut SystemRandom), ADDRESS).user();
    assert_eq!(open(&other, ADDRESS), Err(crate::vault::OpenError::OtherAccount));
    assert_eq!(open(&user, "eve@example.com"), Err(crate::vault::OpenError::OtherAccount));
}

/// The server's answer to who has the code of this account.
fn recovery(created: &Created) -> RecoveryStartResponse {
    RecoveryStartResponse {
        user: created.identity.user(),
        bundle: created.bundle.clone(),
        wrap: created.recovery.wrap.clone(),
        registration_response: Bytes(Vec::new()),
    }
}

#[test]
fn the_recovery_code_opens_the_account_and_a_new_one_takes_its_place() {
    let (mut server, old) = (OpaqueServer::new(), code());
    let (_, export) = server.sign_up(ADDRESS, PASSWORD);
    let created = create(ADDRESS, &export, &old, &mut SystemRandom);
    assert_eq!(created.recovery.verifier_hash, old.verifier_hash());
    let (account, identity) = recover(&recovery(&created), ADDRESS, &old).ok().unwrap();
    assert_eq!(*account.to_session(), *created.account.to_session());

    let new = code();
    let user = identity.user();
    let secret = recovery_secret(&account, &user, &new, &mut SystemRandom);
    assert_ne!(secret.verifier_hash, created.recovery.verifier_hash);
    let answer = RecoveryStartResponse { wrap: secret.wrap, ..recovery(&created) };
    let (again, _) = recover(&answer, ADDRESS, &new).ok().unwrap();
    assert_eq!(*again.to_session(), *created.account.to_session());
    assert_eq!(recover(&answer, ADDRESS, &old).err(), Some(EnterError::Forged));
}

#[test]
fn what_does_not_belong_to_the_account_is_refused_at_recovery() {
    let (mut server, mine) = (OpaqueServer::new(), code());
    let (_, export) = server.sign_up(ADDRESS, PASSWORD);
    let created = create(ADDRESS, &export, &mine, &mut SystemRandom);
    // Another account under the same code: everything of it opens, nothing of it is mine.
    let other = create(ADDRESS, &export, &mine, &mut SystemRandom);
    let honest = recovery(&created);
    assert!(recover(&honest, ADDRESS, &mine).is_ok());
    let check = |answer: RecoveryStartResponse, address: &str, why: &str| {
        assert_eq!(recover(&answer, address, &mine).err(), Some(EnterError::Forged), "{why}");
    };
    let user = other.identity.user();
    check(RecoveryStartResponse { user, ..honest.clone() }, ADDRESS, "another user id");
    let bundle = other.bundle.clone();
    check(RecoveryStartResponse { bundle, ..honest.clone() }, ADDRESS, "another's bundle");
    let wrap = other.recovery.wrap.clone();
    check(RecoveryStartResponse { wrap, ..honest.clone() }, ADDRESS, "another's wrap");
    let wrap = created.wrap.clone();
    check(RecoveryStartResponse { wrap, ..honest.clone() }, ADDRESS, "the password's wrap");
    check(honest.clone(), "eve@example.com", "recovered as another address");
    for (how, bad) in damaged(&honest.wrap) {
        check(RecoveryStartResponse { wrap: Bytes(bad), ..honest.clone() }, ADDRESS, &how);
    }
}

#[test]
fn an_answer_to_a_registration_that_is_none_is_refused() {
    for answer in [vec![], vec![0; 31], vec![0; 64], vec![0xff; 64], vec![1; 65]] {
        let (started, _) = crate::crypto::SignUp::start(PASSWORD, &mut SystemRandom);
        let refused = started.finish(&answer, &mut SystemRandom);
        assert_eq!(refused.err(), Some(OpaqueError::Forged), "{} bytes", answer.len());
    }
}
