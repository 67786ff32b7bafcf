//! An address that was never confirmed is free again after seven days.

use std::sync::Arc;

use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::{
    BundleResponse, ChangesResponse, ConfirmRequest, CurrentSessionResponse, ErrorCode,
    PeopleResponse, SignUpFinishResponse,
};

use super::{accounts, finish, finish_all};
use crate::accounts::{invitations, release};
use crate::mail::deliver;
use crate::mailboxes;
use crate::testing::{Call, Member, PASSWORD, Person, Server};

const ADDRESS: &str = "bea@example.com";

async fn confirm(server: &Server, address: &str) {
    let mut transaction = server.state.database.write().await.unwrap();
    assert!(mailboxes::confirm(&mut transaction, address, 1).await.unwrap());
    transaction.commit().await.unwrap();
}

/// A server with its administrator, and somebody who did not confirm their mailbox.
async fn scene() -> (Server, Member, Member) {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let former = Member::new(&server, ADDRESS).await;
    (server, ana, former)
}

#[tokio::test]
async fn who_signs_up_with_it_gets_the_address_and_nothing_else_of_the_former() {
    let (server, ana, former) = scene().await;
    let item = former.add(&server).await;
    let begun = former.person.proof(&server, PASSWORD).await.unwrap();
    server.wait(release::LIFE - 1);
    let bea = Person::new(ADDRESS);
    assert_eq!(bea.sign_up(&server, None).await.code(), ErrorCode::AddressTaken);
    former.get(&server, "/v1/changes").await.ok::<ChangesResponse>();
    server.wait(1);
    let begun_late = former.person.proof(&server, PASSWORD).await.unwrap();
    let mut events = server.listen(Call::get("/v1/events").token(&former.token)).await;
    events.next().await.unwrap();
    let bea = bea.join(&server).await;
    assert_eq!(events.next().await, None, "the stream ends with the session");

    // The former account is expired, not revoked: its browsers keep what they have.
    let late = former.get(&server, "/v1/changes").await;
    assert_eq!(late.code(), ErrorCode::NotSignedIn);
    for proof in [begun, begun_late] {
        let reply = server.send(Call::post("/v1/sessions/finish").json(&proof)).await;
        assert_eq!(reply.code(), ErrorCode::NotSignedIn);
    }
    let session = bea.person.sign_in(&server).await;
    assert_eq!((session.user, session.administrator), (bea.person.user(), false));
    // The former's items are in nobody's way.
    let page: ChangesResponse = bea.get(&server, "/v1/changes").await.ok();
    assert!(page.items.is_empty() && page.position == 1);
    let path = format!("/v1/items/{}", item.item);
    assert_eq!(bea.get(&server, &path).await.code(), ErrorCode::NotFound);

    // Both bundles are there, and nobody finds the former.
    for user in [former.person.user(), bea.person.user()] {
        let path = format!("/v1/users/{user}/bundle");
        assert!(!ana.get(&server, &path).await.ok::<BundleResponse>().confirmed);
    }
    confirm(&server, ADDRESS).await;
    for (search, found) in [("bea", vec![bea.person.user()]), ("released", vec![])] {
        let reply = ana.get(&server, &format!("/v1/users?search={search}")).await;
        let people = reply.ok::<PeopleResponse>().people;
        let users: Vec<UserId> = people.iter().map(|person| person.user).collect();
        assert_eq!(users, found, "{search}");
    }
    let again = Person::new(ADDRESS).sign_up(&server, None).await;
    assert_eq!(again.code(), ErrorCode::AddressTaken, "now it is confirmed");
}

#[tokio::test]
async fn a_confirmed_address_and_the_administrators_are_never_free() {
    let (server, ana, bea) = scene().await;
    confirm(&server, ADDRESS).await;
    server.wait(10 * release::LIFE);
    for member in [&ana, &bea] {
        let other = Person::new(&member.person.address);
        assert_eq!(other.sign_up(&server, None).await.code(), ErrorCode::AddressTaken);
        assert_eq!(member.person.sign_in(&server).await.user, member.person.user());
    }
}

#[tokio::test]
async fn whoever_confirms_first_keeps_it() {
    let (server, _, former) = scene().await;
    server.wait(release::LIFE);
    let upload = Person::new(ADDRESS).started(&server, None).await;
    confirm(&server, ADDRESS).await;
    assert_eq!(finish(&server, &upload).await.code(), ErrorCode::AddressTaken);
    former.get(&server, "/v1/changes").await.ok::<ChangesResponse>();
}

#[tokio::test]
async fn the_formers_code_confirms_nothing_any_more() {
    let (server, receiver) = Server::with_mail().await;
    Member::new(&server, "ana@example.com").await;
    let former = Member::new(&server, ADDRESS).await;
    server.wait(release::LIFE);
    while deliver(&server.state).await.unwrap() > 0 {}
    server.send(Call::post("/v1/mailbox/code").token(&former.token)).await;
    deliver(&server.state).await.unwrap();
    let code = receiver.mails().pop().unwrap().code();
    // A second one is still on its way.
    server.send(Call::post("/v1/mailbox/code").token(&former.token)).await;
    let before = receiver.mails().len();
    let bea = Member::new(&server, ADDRESS).await;
    let confirm = |code: String, token: &str| {
        Call::put("/v1/mailbox").token(token).json(&ConfirmRequest { code })
    };
    let reply = server.send(confirm(code.clone(), &bea.token)).await;
    assert_eq!(reply.code(), ErrorCode::WrongCode);
    let reply = server.send(confirm(code, &former.token)).await;
    assert_eq!(reply.code(), ErrorCode::NotSignedIn);
    while deliver(&server.state).await.unwrap() > 0 {}
    let mails = receiver.mails();
    assert_eq!(mails.len(), before + 1, "the new account's only");
    let code = mails.last().unwrap().code();
    assert_eq!(server.send(confirm(code, &bea.token)).await.status, 204);
    let current: CurrentSessionResponse = bea.get(&server, "/v1/sessions/current").await.ok();
    assert!(current.confirmed);
}

#[tokio::test]
async fn the_same_keys_are_no_new_account() {
    let (server, _, former) = scene().await;
    server.wait(release::LIFE);
    let upload = former.person.started(&server, None).await;
    assert_eq!(finish(&server, &upload).await.code(), ErrorCode::AddressTaken);
    // Nothing was released.
    former.get(&server, "/v1/changes").await.ok::<ChangesResponse>();
    assert_eq!(former.person.sign_in(&server).await.user, former.person.user());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_sign_up_with_it_one_gets_it() {
    let (server, _, _) = scene().await;
    server.wait(release::LIFE);
    let server = Arc::new(server);
    let mut uploads = vec![];
    for _ in 0..6 {
        uploads.push(Person::new(ADDRESS).started(&server, None).await);
    }
    let replies = finish_all(&server, uploads).await;
    let (made, refused): (Vec<_>, Vec<_>) =
        replies.iter().partition(|reply| reply.status.is_success());
    assert_eq!(made.len(), 1);
    assert!(refused.iter().all(|reply| reply.code() == ErrorCode::AddressTaken));
    assert_eq!(accounts(&server).await, 3);
}

#[tokio::test]
async fn the_rules_of_admission_and_the_answers_are_those_of_an_unknown_address() {
    let server = Server::with(|_| {}).await;
    Member::new(&server, "ana@example.com").await;
    let invite = async |address: &str| {
        let now = server.state.clock.now();
        invitations::invite(&server.state.database, address, now).await.unwrap()
    };
    let token = invite(ADDRESS).await;
    Person::new(ADDRESS).sign_up(&server, Some(&token)).await.ok::<SignUpFinishResponse>();
    server.wait(release::LIFE);
    let free = Person::new(ADDRESS);
    let unknown = Person::new("dan@example.com");
    for admission in [None, Some("x"), Some(token.as_str())] {
        let [one, other] =
            [free.sign_up(&server, admission).await, unknown.sign_up(&server, admission).await];
        assert_eq!((one.status, &one.body), (other.status, &other.body), "{admission:?}");
    }
    let start = async |person: &Person| {
        let token = invite(&person.address).await;
        let (request, _) = person.start(Some(&token));
        let reply = server.send(Call::post("/v1/accounts/start").json(&request)).await;
        (reply.status, reply.body.len())
    };
    assert_eq!(start(&free).await, start(&unknown).await);
    let token = invite(ADDRESS).await;
    free.sign_up(&server, Some(&token)).await.ok::<SignUpFinishResponse>();
}
