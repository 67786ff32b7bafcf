//! Who may sign up, and what a sign-up must consist of.

use std::sync::Arc;

use mysafe_protocol::bodies::Signed;
use mysafe_protocol::wire::{
    BundleResponse, ErrorCode, ServerResponse, SignUpFinishResponse, Signups,
};
use mysafe_protocol::{Bytes, limits};
use tokio::task::JoinSet;

use crate::accounts::invitations;
use crate::server;
use crate::testing::{Call, Member, Person, Reply, Server, Upload, sealed};

mod released;

async fn finish(server: &Server, upload: &Upload) -> Reply {
    server.send(Call::post("/v1/accounts/finish").json(upload)).await
}

async fn signups(server: &Server) -> Signups {
    server.send(Call::get("/v1/server")).await.ok::<ServerResponse>().signups
}

async fn accounts(server: &Server) -> i64 {
    server::accounts(&mut server.state.database.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_first_account_is_the_administrator() {
    let server = Server::open().await;
    assert_eq!(signups(&server).await, Signups::First);
    let ana = Person::new("ana@example.com");
    let made: SignUpFinishResponse = ana.sign_up(&server, None).await.ok();
    assert!(made.administrator);
    assert_eq!(made.user, ana.user());
    assert_eq!(signups(&server).await, Signups::Open);
    let made: SignUpFinishResponse =
        Person::new("bea@example.com").sign_up(&server, None).await.ok();
    assert!(!made.administrator);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_the_first() {
    let server = Arc::new(Server::open().await);
    let mut uploads = vec![];
    for number in 0..8 {
        uploads.push(Person::new(&format!("p{number}@b")).started(&server, None).await);
    }
    let administrators = finish_all(&server, uploads)
        .await
        .iter()
        .filter(|reply| reply.ok::<SignUpFinishResponse>().administrator)
        .count();
    assert_eq!(administrators, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_taken_once() {
    let server = Arc::new(Server::open().await);
    let mut uploads = vec![];
    for _ in 0..8 {
        uploads.push(Person::new("ana@example.com").started(&server, None).await);
    }
    let replies = finish_all(&server, uploads).await;
    let (made, refused): (Vec<_>, Vec<_>) =
        replies.iter().partition(|reply| reply.status.is_success());
    assert_eq!(made.len(), 1);
    assert!(refused.iter().all(|reply| reply.code() == ErrorCode::AddressTaken));
    assert_eq!(accounts(&server).await, 1);
    let again = Person::new("ana@example.com").sign_up(&server, None).await;
    assert_eq!(again.code(), ErrorCode::AddressTaken);
}

/// Sends all at once.
async fn finish_all(server: &Arc<Server>, uploads: Vec<Upload>) -> Vec<Reply> {
    let mut sending = JoinSet::new();
    for upload in uploads {
        let server = server.clone();
        sending.spawn(async move { finish(&server, &upload).await });
    }
    sending.join_all().await
}

#[tokio::test]
async fn on_a_public_address_the_first_needs_the_set_up_code() {
    let server = Server::with(|settings| settings.listen = "0.0.0.0:8787".parse().unwrap()).await;
    assert_eq!(signups(&server).await, Signups::FirstWithCode);
    let ana = Person::new("ana@example.com");
    assert_eq!(ana.sign_up(&server, None).await.code(), ErrorCode::NeedsSetupCode);
    assert_eq!(ana.sign_up(&server, Some("WRONG")).await.code(), ErrorCode::BadSetupCode);
    let code = server.state.keys.setup_code().to_lowercase();
    let mut upload = ana.started(&server, Some(&code)).await;
    upload.admission = Some("WRONG".to_owned());
    assert_eq!(finish(&server, &upload).await.code(), ErrorCode::BadSetupCode);
    upload.admission = None;
    assert_eq!(finish(&server, &upload).await.code(), ErrorCode::NeedsSetupCode);
    assert_eq!(accounts(&server).await, 0);
    assert!(ana.sign_up(&server, Some(&code)).await.ok::<SignUpFinishResponse>().administrator);
    // It was for the first only.
    let bea = Person::new("bea@example.com").sign_up(&server, Some(&code)).await;
    assert_eq!(bea.code(), ErrorCode::BadInvitation);
}

#[tokio::test]
async fn an_invitation_is_for_one_address_one_time_and_one_week() {
    let server = Server::with(|_| {}).await;
    Person::new("ana@example.com").sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    assert_eq!(signups(&server).await, Signups::Invite);
    let invite = async |address| {
        let now = server.state.clock.now();
        invitations::invite(&server.state.database, address, now).await.unwrap()
    };
    let bea = Person::new("bea@example.com");
    assert_eq!(bea.sign_up(&server, None).await.code(), ErrorCode::NeedsInvitation);
    assert_eq!(bea.sign_up(&server, Some("x")).await.code(), ErrorCode::BadInvitation);
    let others = invite("cho@example.com").await;
    assert_eq!(bea.sign_up(&server, Some(&others)).await.code(), ErrorCode::BadInvitation);

    let late = invite("bea@example.com").await;
    server.wait(7 * 24 * 60 * 60);
    assert_eq!(bea.sign_up(&server, Some(&late)).await.code(), ErrorCode::BadInvitation);

    let good = invite("bea@example.com").await;
    let upload = bea.started(&server, Some(&good)).await;
    finish(&server, &upload).await.ok::<SignUpFinishResponse>();
    assert_eq!(finish(&server, &upload).await.code(), ErrorCode::BadInvitation);
}

#[tokio::test]
async fn who_is_not_admitted_does_not_learn_which_addresses_have_accounts() {
    let server = Server::with(|_| {}).await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    for admission in [None, Some("x")] {
        let known = ana.sign_up(&server, admission).await;
        let unknown = Person::new("bea@example.com").sign_up(&server, admission).await;
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    }
}

/// A change to a good sign-up, and what it is refused as.
type Change<'a> = (&'a str, ErrorCode, &'a dyn Fn(&mut Upload));

#[tokio::test]
async fn a_sign_up_is_checked_as_a_whole() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    let good = ana.started(&server, None).await;
    let other = Person::new("bea@example.com");
    let long = "x".repeat(limits::PERSON + 1);
    let bent = |signed: &Signed, at: usize| {
        let mut signed = signed.clone();
        signed.signature.0[at] ^= 1;
        signed
    };
    let mut malleable = ana.bundle.clone();
    malleable.kem_pk[0] ^= 1;
    let changes: &[Change] = &[
        ("a signature bent", ErrorCode::Forged, &|u| u.bundle = bent(&u.bundle, 0)),
        ("a signature cut", ErrorCode::Forged, &|u| u.bundle.signature.0.truncate(63)),
        ("a body bent", ErrorCode::Forged, &|u| u.bundle.body = Bytes(malleable.encode())),
        ("another's bundle", ErrorCode::Forged, &|u| u.bundle = other.sign_bundle(&other.bundle)),
        ("signed by another", ErrorCode::Forged, &|u| u.bundle = other.sign_bundle(&ana.bundle)),
        ("not a body", ErrorCode::Malformed, &|u| u.bundle.body = Bytes(vec![0xa0])),
        ("a huge body", ErrorCode::TooLarge, &|u| u.bundle.body = sealed(limits::BODY + 1)),
        ("a short wrap", ErrorCode::Malformed, &|u| u.wrap.0.truncate(limits::SEALED_KEY - 1)),
        ("a long wrap", ErrorCode::TooLarge, &|u| u.wrap.0.push(0)),
        ("a wrap of suite 2", ErrorCode::Malformed, &|u| u.wrap.0[0] = 2),
        ("record version 0", ErrorCode::Malformed, &|u| u.record.version = 0),
        ("record version 2", ErrorCode::Malformed, &|u| u.record.version = 2),
        ("a record of suite 2", ErrorCode::Malformed, &|u| u.record.blob.0[0] = 2),
        ("a large record", ErrorCode::TooLarge, &|u| {
            u.record.blob = sealed(limits::SEAL + limits::ACCOUNT + 1);
        }),
        ("no name", ErrorCode::Malformed, &|u| u.name = "  ".to_owned()),
        ("a name of two lines", ErrorCode::Malformed, &|u| u.name = "a\nb".to_owned()),
        ("a long name", ErrorCode::TooLarge, &|u| u.name.clone_from(&long)),
        ("no OPAQUE record", ErrorCode::Malformed, &|u| u.registration_upload = Bytes(vec![])),
        ("an OPAQUE record cut", ErrorCode::Malformed, &|u| {
            u.registration_upload.0.pop();
        }),
        ("upper case", ErrorCode::Malformed, &|u| u.address = "Ana@example.com".to_owned()),
        ("not an address", ErrorCode::Malformed, &|u| u.address = "ana".to_owned()),
        ("another address", ErrorCode::Forged, &|u| u.address = "cho@example.com".to_owned()),
    ];
    for (what, code, change) in changes {
        // A server of its own for each: tries of one address are counted.
        let server = Server::open().await;
        let mut upload = good.clone();
        change(&mut upload);
        assert_eq!(finish(&server, &upload).await.code(), *code, "{what}");
        assert_eq!(accounts(&server).await, 0, "{what}");
    }
    let mut largest = good;
    largest.record.blob = sealed(limits::SEAL + limits::ACCOUNT);
    largest.name = format!("  {}  ", "ç".repeat(limits::PERSON));
    finish(&server, &largest).await.ok::<SignUpFinishResponse>();
    assert_eq!(stored_name(&server, &ana).await, "ç".repeat(limits::PERSON));
}

async fn stored_name(server: &Server, person: &Person) -> String {
    let mut connection = server.state.database.read().await.unwrap();
    sqlx::query_scalar("SELECT name FROM users WHERE id = $1")
        .bind(person.user().0.to_vec())
        .fetch_one(&mut *connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn too_many_tries_with_an_address_have_to_wait() {
    let server = Server::with(|_| {}).await;
    let member = Member::new(&server, "ana@example.com").await;
    let tries = async |address: &str| {
        let mut codes = vec![];
        for _ in 0..=10 {
            let reply = Person::new(address).sign_up(&server, Some("guess")).await;
            codes.push(reply.code());
        }
        codes
    };
    let mut expected = vec![ErrorCode::BadInvitation; 10];
    expected.push(ErrorCode::TooManyTries);
    assert_eq!(tries("bea@example.com").await, expected);
    let reply = Person::new("bea@example.com").sign_up(&server, Some("guess")).await;
    let seconds = reply.error().retry_after.unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert_eq!(reply.headers["retry-after"], seconds.to_string());
    // Whoever is signed in goes on.
    member.get(&server, "/v1/changes").await.ok::<serde_json::Value>();
}

#[tokio::test]
async fn second_requests_of_a_sign_up_are_counted_too() {
    let server = Server::with(|_| {}).await;
    Member::new(&server, "ana@example.com").await;
    let open = Server::open().await;
    // As another server would take it: here an invitation is missing.
    let upload = Person::new("bea@example.com").started(&open, None).await;
    for _ in 0..10 {
        assert_eq!(finish(&server, &upload).await.code(), ErrorCode::NeedsInvitation);
    }
    assert_eq!(finish(&server, &upload).await.code(), ErrorCode::TooManyTries);
}

#[tokio::test]
async fn people_find_each_others_bundles_by_id() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let path = format!("/v1/users/{}/bundle", bea.person.user());
    let answer: BundleResponse = ana.get(&server, &path).await.ok();
    assert_eq!(mysafe_protocol::Bundle::accept(&answer.bundle).unwrap(), bea.person.bundle);
    assert!(!answer.confirmed);
    let nobody = format!("/v1/users/{}/bundle", Person::new("x@y").user());
    assert_eq!(ana.get(&server, &nobody).await.code(), ErrorCode::NotFound);
    assert_eq!(ana.get(&server, "/v1/users/x/bundle").await.code(), ErrorCode::Malformed);
}
