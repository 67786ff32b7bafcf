//! Making an account, signing in and out.

use std::rc::Rc;

use gloo_net::http::Method;
use mysafe::crypto::{
    AccountKey, ExportKey, Identity, OpaqueError, RecoveryCode, SignIn, SignUp, SystemRandom,
};
use mysafe::protocol::wire::{
    AccountRecord, SessionResponse, SignInFinishRequest, SignInStartRequest, SignInStartResponse,
    SignUpFinishRequest, SignUpFinishResponse, SignUpStartRequest, SignUpStartResponse,
};
use mysafe::protocol::{Bytes, limits};
use mysafe::sync::Local;
use mysafe::vault::{DeviceRecord, Put, Store, Stored, Token, Vault, create, enter, keys};

use crate::chrome::version;
use crate::entering::{
    SignInDraft, SignInError, SignOutError, SignUpDraft, SignUpError, not_mysafe, sign_in_error,
    sign_up_error,
};
use crate::http::{Endpoint, HttpError};
use crate::open::Open;
use crate::record::device_record;
use crate::remote::SignedIn;
use crate::revoked;
use crate::server::Server;
use crate::session;
use crate::settings::{expect_account, expect_no_account, know_server};
use crate::standing::{Standing, standing};
use crate::store::{Device, StoreError};
use crate::strength::strength;

/// A mail address as the server knows it: ASCII, lower case (RFC 5321 section 4.1.2, narrowed).
pub(crate) fn mail_address(text: &str) -> Option<String> {
    let address = text.trim().to_ascii_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let ok = address.is_ascii()
        && address.len() <= limits::ADDRESS
        && !local.is_empty()
        && !local.contains('@')
        && !domain.is_empty()
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    ok.then_some(address)
}

/// A sign-up whose first request the server took: everything but the recovery code is settled.
/// Nothing is stored yet, neither here nor there.
pub struct SigningUp {
    draft: SignUpDraft,
    name: String,
    address: String,
    admission: Option<String>,
    upload: Vec<u8>,
    export: ExportKey,
}

/// Begins to make an account. Hashes the password.
pub async fn begin_sign_up(draft: SignUpDraft) -> Result<SigningUp, SignUpError> {
    let name = draft.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > limits::PERSON {
        return Err(SignUpError::NameInvalid);
    }
    let address = mail_address(&draft.address).ok_or(SignUpError::AddressInvalid)?;
    if !strength(&draft.password, &[&name, &address]).await.accepted() {
        return Err(SignUpError::WeakPassword);
    }
    let admission = draft
        .admission
        .as_deref()
        .map(|text| text.trim().rsplit('#').next().unwrap_or_default().to_owned())
        .filter(|text| !text.is_empty());
    let random = &mut SystemRandom;
    let endpoint = Endpoint { base: &draft.server.url, token: None };
    let (started, message) = SignUp::start(&draft.password, random);
    let answer: SignUpStartResponse = endpoint
        .send(
            Method::POST,
            "/v1/accounts/start",
            &SignUpStartRequest {
                address: address.clone(),
                admission: admission.clone(),
                registration_request: Bytes(message),
            },
        )
        .await
        .map_err(|error| sign_up_error(&draft.server, error))?;
    let (upload, export) = started
        .finish(&answer.registration_response, random)
        .map_err(|_| SignUpError::Server(not_mysafe(&draft.server)))?;
    Ok(SigningUp { draft, name, address, admission, upload, export })
}

/// Makes the account, whose owner has the recovery code, and signs in to it: what the server kept
/// is opened once before it is done.
pub async fn sign_up(begun: &SigningUp, code: &RecoveryCode) -> Result<Rc<Open>, SignUpError> {
    let SigningUp { draft, name, address, admission, upload, export } = begun;
    let refused = |error: HttpError| sign_up_error(&draft.server, error);
    let endpoint = Endpoint { base: &draft.server.url, token: None };
    let created = create(address, export, code, &mut SystemRandom);
    let record = created.record.clone();
    let _: SignUpFinishResponse = endpoint
        .send(
            Method::POST,
            "/v1/accounts/finish",
            &SignUpFinishRequest {
                address: address.clone(),
                name: name.clone(),
                admission: admission.clone(),
                registration_upload: Bytes(upload.clone()),
                bundle: created.bundle,
                wrap: created.wrap,
                recovery: created.recovery,
                record: created.record,
            },
        )
        .await
        .map_err(refused)?;
    let sign_in = SignInDraft {
        server: draft.server.clone(),
        address: address.clone(),
        password: draft.password.clone(),
    };
    enter_account(sign_in, Some(record)).await.map_err(|error| match error {
        SignInError::Store(error) => SignUpError::Store(error),
        error => SignUpError::SignIn(Box::new(error)),
    })
}

/// Signs in to an account.
pub async fn sign_in(draft: SignInDraft) -> Result<Rc<Open>, SignInError> {
    enter_account(draft, None).await
}

pub(crate) async fn enter_account(
    draft: SignInDraft,
    record: Option<AccountRecord>,
) -> Result<Rc<Open>, SignInError> {
    let address = mail_address(&draft.address).ok_or(SignInError::AddressInvalid)?;
    let device = Device::open().await.map_err(SignInError::Store)?;
    let present = device_record(&device).await.map_err(SignInError::Store)?;
    if present.as_ref().is_some_and(|present| present.address != address) {
        return Err(SignInError::OtherAccount);
    }
    let random = &mut SystemRandom;
    let (session, export) = exchange(&draft.server, &address, &draft.password).await?;
    let (account, identity) =
        enter(&session, &address, &export).map_err(|_| SignInError::Forged)?;
    if present.is_some_and(|present| present.user != identity.user()) {
        return Err(SignInError::Forged);
    }
    let name = &session.name;
    let server = &draft.server.url;
    let made = DeviceRecord::make(&account, &identity, name, server, &draft.password, random);
    let open = keep(device, made, account, &identity, &session, record)
        .await
        .map_err(SignInError::Store)?;
    know_server(server).await;
    Ok(open)
}

/// The two requests of signing in.
pub(crate) async fn exchange(
    server: &Server,
    address: &str,
    password: &str,
) -> Result<(SessionResponse, ExportKey), SignInError> {
    let (finish, export) = knock(server, address, password).await?;
    let endpoint = Endpoint { base: &server.url, token: None };
    let session = endpoint.send(Method::POST, "/v1/sessions/finish", &finish).await;
    Ok((session.map_err(|error| sign_in_error(server, error))?, export))
}

/// The first of them, and the proof for the second that one knows the password. Hashes it.
pub(crate) async fn knock(
    server: &Server,
    address: &str,
    password: &str,
) -> Result<(SignInFinishRequest, ExportKey), SignInError> {
    let endpoint = Endpoint { base: &server.url, token: None };
    let refused = |error: HttpError| sign_in_error(server, error);
    let (started, message) = SignIn::start(password, &mut SystemRandom);
    let start =
        SignInStartRequest { address: address.to_owned(), credential_request: Bytes(message) };
    let answer: SignInStartResponse =
        endpoint.send(Method::POST, "/v1/sessions/start", &start).await.map_err(refused)?;
    let (message, export) = started
        .finish(&answer.credential_response, &mut SystemRandom)
        .map_err(|error| match error {
            OpaqueError::WrongCredentials => SignInError::WrongCredentials,
            OpaqueError::Forged => SignInError::Server(not_mysafe(server)),
        })?;
    let finish = SignInFinishRequest {
        attempt: answer.attempt,
        credential_finalization: Bytes(message),
        app: app_name(),
    };
    Ok((finish, export))
}

/// Stores what this device needs from now on, and unlocks.
pub(crate) async fn keep(
    device: Device,
    record: DeviceRecord,
    account: AccountKey,
    identity: &Identity,
    session: &SessionResponse,
    account_record: Option<AccountRecord>,
) -> Result<Rc<Open>, StoreError> {
    let guard = device.lock().await?;
    // Another account may have signed in here meanwhile.
    if device_record(&device).await?.is_some_and(|present| present.user != identity.user()) {
        return Err(StoreError::Damaged);
    }
    let stored = Stored::read(&device).await?;
    let mut vault = Vault::open(account, &identity.user(), identity.address())
        .map_err(|_| StoreError::Damaged)?;
    vault.load(&device, &stored).await.map_err(|_| StoreError::Damaged)?;
    let server = Some(record.server.clone());
    let token = Token { token: session.token.clone(), expires: session.expires, server };
    let random = &mut SystemRandom;
    let mut puts = vec![
        Put::set(Store::Device, keys::DEVICE, record.encode()),
        vault.seal_token(&token, random),
        revoked::unmark(),
    ];
    if !stored.has_cache() {
        // It was erased, or never was: items and edits that stayed are listed again.
        puts.extend(vault.rebuild(&device, random).await?);
    }
    // What was held before stays: a sync takes what is newer, and gives back what a restored server lost.
    let holds = device.get(Store::State, keys::ACCOUNT).await?.is_some();
    if let Some(account_record) = account_record.filter(|_| !holds) {
        puts.extend(vault.hold_record(&account_record, random));
    }
    device.apply(puts).await?;
    expect_account().await?;
    drop(guard);
    session::begin(&vault.to_session()).await?;
    Ok(Open::whole_of(device, record, vault))
}

/// Signs out and removes everything of the account from this browser. Changes that are not on
/// the server yet and drafts stop it, unless `force`.
pub async fn sign_out(force: bool) -> Result<(), SignOutError> {
    let store = |error| SignOutError::Store(error);
    let device = Device::open().await.map_err(store)?;
    if !force {
        expect_nothing_unsent(&device).await?;
    }
    if let Ok(Standing::Open(open)) = standing().await
        && let Some(signed_in) = open.signed_in().await
    {
        // Without network the session ends on the server when it expires.
        let _ = SignedIn::sign_out(&signed_in).await;
    }
    // Another context that was about to store something finds no account once it has the lock.
    let guard = device.lock().await.map_err(store)?;
    if !force {
        // Other windows of this browser may have saved something since.
        expect_nothing_unsent(&device).await?;
    }
    // First: stores without an account expected are signed out of again, the reverse would alarm.
    expect_no_account().await.map_err(|error| store(error.into()))?;
    device.clear().await.map_err(store)?;
    drop(guard);
    session::lock(session::LockReason::Button).await.map_err(store)?;
    crate::events::announce_change();
    Ok(())
}

/// Fails if changes or drafts are on this device alone.
async fn expect_nothing_unsent(device: &Device) -> Result<(), SignOutError> {
    let waiting = device.keys(Store::Outbox).await.map_err(SignOutError::Store)?;
    let changes = waiting.iter().filter(|key| key.starts_with("item/")).count() as u32;
    let drafts = device.keys(Store::Drafts).await.map_err(SignOutError::Store)?.len() as u32;
    match changes + drafts {
        0 => Ok(()),
        _ => Err(SignOutError::Unsent { changes, drafts }),
    }
}

/// What connects, as the user will see it in the list of apps.
fn app_name() -> String {
    let agent = user_agent();
    let browser = ["Firefox", "Edg", "OPR", "Chrome"]
        .into_iter()
        .find(|name| agent.contains(name))
        .unwrap_or("Browser");
    let browser = match browser {
        "Edg" => "Edge",
        "OPR" => "Opera",
        name => name,
    };
    let system = ["Windows", "Mac OS", "Android", "CrOS", "Linux"]
        .into_iter()
        .find(|name| agent.contains(name))
        .unwrap_or("another system");
    format!("MySafe {} in {browser} on {system}", version())
}

fn user_agent() -> String {
    let navigator = crate::chrome::get(&js_sys::global(), "navigator");
    crate::chrome::get(&navigator, "userAgent").as_string().unwrap_or_default()
}
