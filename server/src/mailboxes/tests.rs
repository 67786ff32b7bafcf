//! Codes by mail: what they open, how often, for how long.

use mysafe_protocol::wire::{ConfirmRequest, CurrentSessionResponse, ErrorCode};

use super::codes::{self, Purpose};
use crate::mail::deliver;
use crate::testing::{Call, Member, Receiver, Reply, Server};

async fn ask(server: &Server, ana: &Member) -> Reply {
    let reply = server.send(Call::post("/v1/mailbox/code").token(&ana.token)).await;
    deliver(&server.state).await.unwrap();
    reply
}

async fn confirm(server: &Server, ana: &Member, code: &str) -> Reply {
    let request = ConfirmRequest { code: code.to_owned() };
    server.send(Call::put("/v1/mailbox").token(&ana.token).json(&request)).await
}

async fn current(server: &Server, ana: &Member) -> CurrentSessionResponse {
    ana.get(server, "/v1/sessions/current").await.ok()
}

async fn code_of(server: &Server, receiver: &Receiver) -> String {
    deliver(&server.state).await.unwrap();
    receiver.mails().pop().expect("a mail").code()
}

fn other_than(code: &str) -> String {
    let first = if code.starts_with('0') { "1" } else { "0" };
    format!("{first}{}", &code[1..])
}

#[tokio::test]
async fn the_code_mailed_at_sign_up_confirms_the_mailbox() {
    let (server, receiver) = Server::with_mail().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let before = current(&server, &ana).await;
    assert!(before.mails && !before.confirmed);
    let code = code_of(&server, &receiver).await;
    assert_eq!(code.len(), 8);
    assert_eq!(confirm(&server, &ana, &code).await.status, 204);
    assert!(current(&server, &ana).await.confirmed);
    // The same again, with its answer lost; and no mail more.
    assert_eq!(confirm(&server, &ana, &code).await.status, 204);
    assert_eq!(ask(&server, &ana).await.status, 204);
    assert!(receiver.mails().is_empty());
}

#[tokio::test]
async fn a_code_has_five_tries() {
    let (server, receiver) = Server::with_mail().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let code = code_of(&server, &receiver).await;
    for _ in 0..4 {
        let reply = confirm(&server, &ana, &other_than(&code)).await;
        assert_eq!(reply.code(), ErrorCode::WrongCode);
    }
    let fifth = confirm(&server, &ana, &other_than(&code)).await;
    assert_eq!(fifth.code(), ErrorCode::WrongCode);
    assert_eq!(confirm(&server, &ana, &code).await.code(), ErrorCode::WrongCode, "used up");
    assert_eq!(ask(&server, &ana).await.status, 204);
    let code = receiver.mails().pop().unwrap().code();
    assert_eq!(confirm(&server, &ana, &code).await.status, 204, "a new one has its own");
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_and_only_the_last_is() {
    let (server, receiver) = Server::with_mail().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = code_of(&server, &receiver).await;
    ask(&server, &ana).await;
    let second = receiver.mails().pop().unwrap().code();
    if first != second {
        assert_eq!(confirm(&server, &ana, &first).await.code(), ErrorCode::WrongCode);
    }
    server.wait(10 * 60);
    assert_eq!(confirm(&server, &ana, &second).await.code(), ErrorCode::WrongCode);
}

#[tokio::test]
async fn five_mails_an_hour() {
    let (server, receiver) = Server::with_mail().await;
    let ana = Member::new(&server, "ana@example.com").await;
    for _ in 0..4 {
        assert_eq!(ask(&server, &ana).await.status, 204);
    }
    let sixth = ask(&server, &ana).await;
    assert_eq!(sixth.code(), ErrorCode::TooManyTries);
    let wait = sixth.error().retry_after.unwrap();
    assert!((3_599..=3_601).contains(&wait), "{wait}");
    assert_eq!(receiver.mails().len(), 5);
    server.wait(60 * 60);
    assert_eq!(ask(&server, &ana).await.status, 204);
}

#[tokio::test]
async fn a_code_is_for_one_person_and_one_purpose() {
    let (server, _receiver) = Server::with_mail().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let now = server.state.clock.now();
    let mut transaction = server.state.database.write().await.unwrap();
    let on = &mut *transaction;
    let keys = &server.state.keys;
    let (user, other) = (ana.person.user(), bea.person.user());
    let code = codes::make(on, keys, &user, Purpose::Recover, now).await.unwrap();
    let mut check = async |user, purpose, code: &str| {
        codes::check(&mut *on, keys, user, purpose, code, now).await.unwrap().is_ok()
    };
    assert!(!check(&user, Purpose::Confirm, &code).await);
    assert!(!check(&other, Purpose::Recover, &code).await);
    assert!(!check(&user, Purpose::Recover, "").await);
    assert!(check(&user, Purpose::Recover, &code).await);
}

#[tokio::test]
async fn the_database_does_not_tell_a_code() {
    let (server, receiver) = Server::with_mail().await;
    Member::new(&server, "ana@example.com").await;
    let code = code_of(&server, &receiver).await;
    let mut connection = server.state.database.read().await.unwrap();
    let macs: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT mac FROM codes").fetch_all(&mut *connection).await.unwrap();
    assert_eq!(macs.len(), 1);
    assert!(!macs[0].windows(8).any(|window| window == code.as_bytes()));
    let mails: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM mails").fetch_one(&mut *connection).await.unwrap();
    assert_eq!(mails, 0, "delivered, and gone");
}
