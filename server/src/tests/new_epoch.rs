//! The command after a restore: what it ends, and what it tells the operator.

use mysafe_protocol::wire::{ConfirmRequest, ErrorCode};

use crate::mail::deliver;
use crate::server::{confirmed_last, new_epoch};
use crate::testing::{Call, Member, PASSWORD, Server};
use crate::{mailboxes, sessions};

#[tokio::test]
async fn a_new_epoch_ends_sessions_as_expired_and_all_that_was_begun() {
    let (server, receiver) = Server::with_mail().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    while deliver(&server.state).await.unwrap() > 0 {}
    let mails = receiver.mails();
    let code = mails.iter().find(|mail| mail.to == "ana@example.com").unwrap().code();
    let mut transaction = server.state.database.write().await.unwrap();
    mailboxes::confirm(&mut transaction, "bea@example.com", 1_800_000_000).await.unwrap();
    sessions::revoke(&mut transaction, &bea.person.user(), None).await.unwrap();
    transaction.commit().await.unwrap();
    let begun = ana.person.proof(&server, PASSWORD).await.unwrap();
    new_epoch(&server.state.database).await.unwrap();
    let told = confirmed_last(&server.state.database).await.unwrap();
    assert_eq!(told, [("bea@example.com".to_owned(), 1_800_000_000)]);

    let server = server.restart().await;
    let current = "/v1/sessions/current";
    assert_eq!(ana.get(&server, current).await.code(), ErrorCode::NotSignedIn);
    assert_eq!(bea.get(&server, current).await.code(), ErrorCode::SessionRevoked);
    let reply = server.send(Call::post("/v1/sessions/finish").json(&begun)).await;
    assert_eq!(reply.code(), ErrorCode::NotSignedIn);
    let token = ana.person.sign_in(&server).await.token;
    let request = Call::put("/v1/mailbox").token(&token).json(&ConfirmRequest { code });
    assert_eq!(server.send(request).await.code(), ErrorCode::WrongCode);
}
