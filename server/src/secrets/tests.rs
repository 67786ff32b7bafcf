//! New passwords, new recovery codes, recovery: what changes, what ends, who is refused.

use mysafe_protocol::Bytes;
use mysafe_protocol::wire::{
    ErrorCode, PasswordSecret, PasswordStartRequest, PasswordStartResponse, RecoveryFinishRequest,
    RecoverySecret, RecoveryStartRequest, RecoveryStartResponse, SecretsRequest,
    SignInFinishRequest,
};

use crate::testing::{Call, Member, PASSWORD, Person, Reply, Server, VERIFIER, recovery, sealed};

mod by_mail;

const NEW: &[u8] = b"another long enough password";
const NEW_VERIFIER: [u8; 32] = [4; 32];

fn change(
    proof: SignInFinishRequest,
    password: Option<PasswordSecret>,
    recovery: Option<RecoverySecret>,
) -> SecretsRequest {
    SecretsRequest {
        attempt: proof.attempt,
        credential_finalization: proof.credential_finalization,
        password,
        recovery,
    }
}

async fn send(server: &Server, ana: &Member, request: &SecretsRequest) -> Reply {
    server.send(Call::put("/v1/accounts/secrets").token(&ana.token).json(request)).await
}

/// A registration of a new password by whoever is signed in.
async fn new_password(server: &Server, ana: &Member) -> PasswordSecret {
    ana.person
        .register(NEW, async |registration_request| {
            let request = PasswordStartRequest { registration_request };
            let call = Call::post("/v1/accounts/password/start").token(&ana.token).json(&request);
            server.send(call).await.ok::<PasswordStartResponse>().registration_response
        })
        .await
}

async fn start(server: &Server, address: &str, verifier: &[u8], first: Bytes) -> Reply {
    let request = RecoveryStartRequest {
        mailed_code: None,
        address: address.to_owned(),
        verifier: Bytes(verifier.to_vec()),
        registration_request: first,
    };
    server.send(Call::post("/v1/recovery/start").json(&request)).await
}

/// A recovery up to its second request.
async fn recovering(server: &Server, ana: &Person, verifier: [u8; 32]) -> RecoveryFinishRequest {
    let password = ana
        .register(NEW, async |first| {
            let answer = start(server, &ana.address, &verifier, first).await;
            let answer: RecoveryStartResponse = answer.ok();
            assert_eq!(answer.user, ana.user());
            assert_eq!(answer.bundle, ana.sign_bundle(&ana.bundle));
            answer.registration_response
        })
        .await;
    RecoveryFinishRequest {
        mailed_code: None,
        address: ana.address.clone(),
        verifier: Bytes(verifier.to_vec()),
        password,
        recovery: recovery(NEW_VERIFIER),
    }
}

async fn finish(server: &Server, request: &RecoveryFinishRequest) -> Reply {
    server.send(Call::post("/v1/recovery/finish").json(request)).await
}

async fn signs_in(server: &Server, person: &Person, password: &[u8]) -> bool {
    let Some(proof) = person.proof(server, password).await else { return false };
    server.send(Call::post("/v1/sessions/finish").json(&proof)).await.status.is_success()
}

#[tokio::test]
async fn a_new_password_takes_the_old_ones_place_and_ends_the_other_sessions() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let other = ana.person.sign_in(&server).await.token;
    let bea = Member::new(&server, "bea@example.com").await;
    let secret = new_password(&server, &ana).await;
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    let reply = send(&server, &ana, &change(proof, Some(secret.clone()), None)).await;
    assert_eq!(reply.status, 204);

    assert!(!signs_in(&server, &ana.person, PASSWORD).await);
    let proof = ana.person.proof(&server, NEW).await.unwrap();
    let session: mysafe_protocol::wire::SessionResponse =
        server.send(Call::post("/v1/sessions/finish").json(&proof)).await.ok();
    assert_eq!(session.wrap, secret.wrap);

    let current = "/v1/sessions/current";
    assert!(ana.get(&server, current).await.status.is_success(), "its own session goes on");
    assert!(bea.get(&server, current).await.status.is_success(), "others are not touched");
    let revoked = server.send(Call::get(current).token(&other)).await;
    assert_eq!(revoked.code(), ErrorCode::SessionRevoked);
    // Until it would have expired; then it is like any other.
    server.wait(31 * 24 * 60 * 60);
    let expired = server.send(Call::get(current).token(&other)).await;
    assert_eq!(expired.code(), ErrorCode::NotSignedIn);
    // The code is as it was.
    recovering(&server, &ana.person, VERIFIER).await;
}

#[tokio::test]
async fn a_new_code_takes_the_old_ones_place() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let other = ana.person.sign_in(&server).await.token;
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    let request = change(proof, None, Some(recovery(NEW_VERIFIER)));
    assert_eq!(send(&server, &ana, &request).await.status, 204);
    assert!(signs_in(&server, &ana.person, PASSWORD).await, "the password is as it was");
    let revoked = server.send(Call::get("/v1/sessions/current").token(&other)).await;
    assert_eq!(revoked.code(), ErrorCode::SessionRevoked);
    let request = recovering(&server, &ana.person, NEW_VERIFIER).await;
    let old = RecoveryFinishRequest { verifier: Bytes(VERIFIER.to_vec()), ..request };
    assert_eq!(finish(&server, &old).await.code(), ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn without_the_present_password_nothing_changes() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let secret = new_password(&server, &ana).await;
    // Another person's proof, good by itself.
    let proof = bea.person.proof(&server, PASSWORD).await.unwrap();
    let request = change(proof, Some(secret.clone()), Some(recovery(NEW_VERIFIER)));
    assert_eq!(send(&server, &ana, &request).await.code(), ErrorCode::WrongPassword);
    // One used before.
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    let used = change(proof.clone(), None, Some(recovery(VERIFIER)));
    assert_eq!(send(&server, &ana, &used).await.status, 204);
    let request = change(proof, Some(secret.clone()), None);
    assert_eq!(send(&server, &ana, &request).await.code(), ErrorCode::WrongPassword);
    // A guess.
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    let guess = SignInFinishRequest { credential_finalization: Bytes(vec![7; 64]), ..proof };
    let request = change(guess, Some(secret.clone()), None);
    assert_eq!(send(&server, &ana, &request).await.code(), ErrorCode::WrongPassword);
    // Too late.
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    server.wait(121);
    let request = change(proof, Some(secret.clone()), None);
    assert_eq!(send(&server, &ana, &request).await.code(), ErrorCode::WrongPassword);
    // Without a token.
    let call = Call::put("/v1/accounts/secrets").json(&request);
    assert_eq!(server.send(call).await.code(), ErrorCode::NotSignedIn);

    assert!(signs_in(&server, &ana.person, PASSWORD).await);
    recovering(&server, &ana.person, VERIFIER).await;
}

#[tokio::test]
async fn what_is_no_change_or_no_secret_is_refused() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let secret = new_password(&server, &ana).await;
    let wrong = [
        (None, None),
        (Some(PasswordSecret { wrap: sealed(64), ..secret.clone() }), None),
        (Some(PasswordSecret { registration_upload: Bytes(vec![1; 9]), ..secret.clone() }), None),
        (None, Some(RecoverySecret { wrap: Bytes(vec![2; 77]), ..recovery(NEW_VERIFIER) })),
    ];
    for (password, code) in wrong {
        let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
        let reply = send(&server, &ana, &change(proof, password, code)).await;
        assert!(matches!(reply.code(), ErrorCode::Malformed | ErrorCode::TooLarge));
    }
    assert!(signs_in(&server, &ana.person, PASSWORD).await);
}

#[tokio::test]
async fn the_code_gives_a_new_password_and_ends_every_session() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let request = recovering(&server, &ana.person, VERIFIER).await;
    assert!(signs_in(&server, &ana.person, PASSWORD).await, "the first request changes nothing");
    assert_eq!(finish(&server, &request).await.status, 204);

    assert!(!signs_in(&server, &ana.person, PASSWORD).await);
    assert!(signs_in(&server, &ana.person, NEW).await);
    let code = ana.get(&server, "/v1/sessions/current").await.code();
    assert_eq!(code, ErrorCode::SessionRevoked);
    // The answer was lost: the same again finds the old code worth nothing, and changes nothing.
    assert_eq!(finish(&server, &request).await.code(), ErrorCode::NotSignedIn);
    assert!(signs_in(&server, &ana.person, NEW).await);
    recovering(&server, &ana.person, NEW_VERIFIER).await;
}

#[tokio::test]
async fn unknown_addresses_and_wrong_codes_are_refused_alike() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await.person;
    let mut first = None;
    ana.register(NEW, async |bytes| {
        first = Some(bytes.clone());
        let answer = start(&server, &ana.address, &VERIFIER, bytes).await;
        answer.ok::<RecoveryStartResponse>().registration_response
    })
    .await;
    let first = first.unwrap();
    let wrong = start(&server, &ana.address, &NEW_VERIFIER, first.clone()).await;
    let unknown = start(&server, "nobody@example.com", &VERIFIER, first.clone()).await;
    assert_eq!(wrong.code(), ErrorCode::NotSignedIn);
    assert_eq!((unknown.status, &unknown.body), (wrong.status, &wrong.body));
    let short = start(&server, &ana.address, &VERIFIER[..31], first).await;
    assert_eq!(short.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn an_account_without_a_code_has_no_way_in() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await.person;
    let mut transaction = server.state.database.write().await.unwrap();
    // As one made before there were codes.
    sqlx::query("UPDATE users SET recovery_hash = NULL, recovery_wrap = NULL")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let (request, _) = ana.start(None);
    let reply = start(&server, &ana.address, &[0; 32], request.registration_request).await;
    assert_eq!(reply.code(), ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn tries_are_counted() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await.person;
    for _ in 0..10 {
        let (request, _) = ana.start(None);
        let first = request.registration_request;
        let reply = start(&server, &ana.address, &NEW_VERIFIER, first).await;
        assert_eq!(reply.code(), ErrorCode::NotSignedIn);
    }
    let (request, _) = ana.start(None);
    let reply = start(&server, &ana.address, &VERIFIER, request.registration_request).await;
    assert_eq!(reply.code(), ErrorCode::TooManyTries);
}

#[tokio::test]
async fn second_requests_are_counted_too() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await.person;
    let request = recovering(&server, &ana, VERIFIER).await;
    let wrong = RecoveryFinishRequest { verifier: Bytes(vec![9; 32]), ..request };
    for _ in 0..10 {
        assert_eq!(finish(&server, &wrong).await.code(), ErrorCode::NotSignedIn);
    }
    assert_eq!(finish(&server, &wrong).await.code(), ErrorCode::TooManyTries);
}

#[tokio::test]
async fn a_sign_in_begun_with_the_old_password_ends_with_it() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let secret = new_password(&server, &ana).await;
    let pending = ana.person.proof(&server, PASSWORD).await.unwrap();
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    assert_eq!(send(&server, &ana, &change(proof, Some(secret), None)).await.status, 204);
    let late = server.send(Call::post("/v1/sessions/finish").json(&pending)).await;
    assert_eq!(late.code(), ErrorCode::NotSignedIn, "changed password");
}

#[tokio::test]
async fn a_sign_in_begun_before_a_recovery_ends_with_it() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let pending = ana.person.proof(&server, PASSWORD).await.unwrap();
    let request = recovering(&server, &ana.person, VERIFIER).await;
    assert_eq!(finish(&server, &request).await.status, 204);
    let late = server.send(Call::post("/v1/sessions/finish").json(&pending)).await;
    assert_eq!(late.code(), ErrorCode::NotSignedIn, "recovered");
}
