//! Where the server mails people, a recovery needs the digits mailed to the address too.

use mysafe_protocol::Bytes;
use mysafe_protocol::wire::{
    ErrorCode, RecoveryFinishRequest, RecoveryStartRequest, RecoveryStartResponse,
};

use super::{NEW, NEW_VERIFIER, finish, signs_in};
use crate::mail::deliver;
use crate::testing::{Call, Member, PASSWORD, Receiver, Reply, Server, VERIFIER, recovery};

fn request(ana: &Member, code: Option<&str>, registration_request: Bytes) -> RecoveryStartRequest {
    RecoveryStartRequest {
        address: ana.person.address.clone(),
        verifier: Bytes(VERIFIER.to_vec()),
        mailed_code: code.map(str::to_owned),
        registration_request,
    }
}

async fn start(server: &Server, ana: &Member, code: Option<&str>, token: Option<&str>) -> Reply {
    let request = request(ana, code, ana.person.start(None).0.registration_request);
    let call = Call::post("/v1/recovery/start").json(&request);
    let call = token.into_iter().fold(call, Call::token);
    let reply = server.send(call).await;
    deliver(&server.state).await.unwrap();
    reply
}

/// A recovery up to its second request, by the token of its owner if there is no code.
async fn finishing(server: &Server, ana: &Member, code: Option<&str>) -> RecoveryFinishRequest {
    let password = ana.person.register(NEW, async |first| {
        let request = request(ana, code, first);
        let call = Call::post("/v1/recovery/start").token(&ana.token).json(&request);
        server.send(call).await.ok::<RecoveryStartResponse>().registration_response
    });
    RecoveryFinishRequest {
        address: ana.person.address.clone(),
        verifier: Bytes(VERIFIER.to_vec()),
        mailed_code: code.map(str::to_owned),
        password: password.await,
        recovery: recovery(NEW_VERIFIER),
    }
}

/// A member whose sign-up's mail is read.
async fn member(server: &Server, receiver: &Receiver) -> Member {
    let ana = Member::new(server, "ana@example.com").await;
    deliver(&server.state).await.unwrap();
    receiver.mails();
    ana
}

#[tokio::test]
async fn recovery_needs_the_mailed_digits_and_says_so_afterwards() {
    let (server, receiver) = Server::with_mail().await;
    let ana = member(&server, &receiver).await;
    let asked = start(&server, &ana, None, None).await;
    assert_eq!(asked.code(), ErrorCode::NeedsMailedCode);
    let mail = receiver.mails().pop().unwrap();
    assert!(mail.text.contains("Subject: Your code to recover your MySafe account"));
    let code = mail.code();
    let request = finishing(&server, &ana, Some(&code)).await;
    let without = RecoveryFinishRequest { mailed_code: None, ..request.clone() };
    assert_eq!(finish(&server, &without).await.code(), ErrorCode::NeedsMailedCode);
    deliver(&server.state).await.unwrap();
    // It mailed another one, and that counts from now on.
    assert_eq!(finish(&server, &request).await.code(), ErrorCode::WrongCode);
    let code = receiver.mails().pop().unwrap().code();
    assert!(signs_in(&server, &ana.person, PASSWORD).await, "nothing changed so far");
    let request = RecoveryFinishRequest { mailed_code: Some(code.clone()), ..request };
    assert_eq!(finish(&server, &request).await.status, 204);
    assert!(signs_in(&server, &ana.person, NEW).await);
    deliver(&server.state).await.unwrap();
    let notice = receiver.mails().pop().unwrap();
    assert!(notice.text.contains("Subject: Your MySafe account was recovered"), "{notice:?}");
}

#[tokio::test]
async fn a_wrong_code_counts_and_a_wrong_recovery_code_mails_nothing() {
    let (server, receiver) = Server::with_mail().await;
    let ana = member(&server, &receiver).await;
    assert_eq!(start(&server, &ana, None, None).await.code(), ErrorCode::NeedsMailedCode);
    let code = receiver.mails().pop().unwrap().code();
    for _ in 0..5 {
        let reply = start(&server, &ana, Some("no digits"), None).await;
        assert_eq!(reply.code(), ErrorCode::WrongCode);
    }
    assert_eq!(start(&server, &ana, Some(&code), None).await.code(), ErrorCode::WrongCode);
    let mut request = request(&ana, None, ana.person.start(None).0.registration_request);
    request.verifier = Bytes(NEW_VERIFIER.to_vec());
    let reply = server.send(Call::post("/v1/recovery/start").json(&request)).await;
    assert_eq!(reply.code(), ErrorCode::NotSignedIn);
    deliver(&server.state).await.unwrap();
    assert!(receiver.mails().is_empty());
}

#[tokio::test]
async fn who_is_signed_in_looks_without_a_mailed_code_and_nobody_else() {
    let (server, receiver) = Server::with_mail().await;
    let ana = member(&server, &receiver).await;
    let bea = Member::new(&server, "bea@example.com").await;
    let own = start(&server, &ana, None, Some(&ana.token)).await;
    assert_eq!(own.ok::<RecoveryStartResponse>().user, ana.person.user());
    let other = start(&server, &ana, None, Some(&bea.token)).await;
    assert_eq!(other.code(), ErrorCode::NeedsMailedCode);
    // And not to the end.
    let request = finishing(&server, &ana, None).await;
    assert_eq!(finish(&server, &request).await.code(), ErrorCode::NeedsMailedCode);
}
