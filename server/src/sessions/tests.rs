//! Signing in, what a token is good for and for how long.

use mysafe_protocol::wire::{
    CurrentSessionResponse, ErrorCode, SessionResponse, SignInFinishRequest, SignInStartResponse,
    SignUpFinishResponse,
};
use mysafe_protocol::{Bytes, limits};

use crate::serve::sweep;
use crate::sessions::queries;
use crate::testing::{Call, Member, PASSWORD, Person, Reply, Server, cheap};

const DAY: i64 = 24 * 60 * 60;

async fn start(
    server: &Server,
    person: &Person,
    password: &[u8],
) -> (SignInStartResponse, Option<SignInFinishRequest>) {
    let (request, state) = person.knock(password);
    let answer = server.send(Call::post("/v1/sessions/start").json(&request)).await;
    let answer: SignInStartResponse = answer.ok();
    let proof = person.prove(state, password, &answer, &cheap());
    (answer, proof)
}

async fn finish(server: &Server, request: &SignInFinishRequest) -> Reply {
    server.send(Call::post("/v1/sessions/finish").json(request)).await
}

/// The proof for another attempt: what someone sends who does not know the password.
fn guess(attempt: &Bytes) -> SignInFinishRequest {
    SignInFinishRequest {
        attempt: attempt.clone(),
        credential_finalization: Bytes(vec![7; 64]),
        app: "app".to_owned(),
    }
}

async fn current(server: &Server, token: &str) -> Reply {
    server.send(Call::get("/v1/sessions/current").token(token)).await
}

#[tokio::test]
async fn the_right_password_gives_a_session() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    // Once with the real key stretching; the other tests take a cheap one.
    let ksf = mysafe_protocol::opaque::ksf();
    let (request, state) = ana.start(None);
    let answer = server.send(Call::post("/v1/accounts/start").json(&request)).await;
    let upload = ana.upload(state, &answer.ok(), &ksf, None);
    let reply = server.send(Call::post("/v1/accounts/finish").json(&upload)).await;
    reply.ok::<SignUpFinishResponse>();

    let (request, state) = ana.knock(PASSWORD);
    let answer = server.send(Call::post("/v1/sessions/start").json(&request)).await;
    let proof = ana.prove(state, PASSWORD, &answer.ok(), &ksf).unwrap();
    let session: SessionResponse = finish(&server, &proof).await.ok();
    assert_eq!(session.user, ana.user());
    assert_eq!(session.name, "Ana Souza");
    assert!(session.administrator);
    assert_eq!(session.bundle, upload.bundle);
    assert_eq!(session.wrap, upload.wrap);
    assert_eq!(session.token.len(), 43);
    assert_eq!(session.expires.cast_signed(), server.state.clock.now() + 30 * DAY);

    let current: CurrentSessionResponse = current(&server, &session.token).await.ok();
    assert_eq!(current.user, ana.user());
    assert_eq!((current.app.as_str(), current.expires), (proof.app.as_str(), session.expires));
}

#[tokio::test]
async fn a_wrong_password_gives_nothing() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    let (answer, proof) = start(&server, &ana, b"another password").await;
    assert!(proof.is_none(), "the client sees it first");
    let reply = finish(&server, &guess(&answer.attempt)).await;
    assert_eq!(reply.code(), ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn an_unknown_address_looks_like_a_known_one() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    let bea = Person::new("bea@example.com");
    let (known, no_proof) = start(&server, &ana, b"wrong").await;
    let (unknown, no_proof_either) = start(&server, &bea, b"wrong").await;
    assert!(no_proof.is_none() && no_proof_either.is_none());
    assert_eq!(known.attempt.len(), unknown.attempt.len());
    assert_eq!(known.credential_response.len(), unknown.credential_response.len());

    let known = finish(&server, &guess(&known.attempt)).await;
    let unknown = finish(&server, &guess(&unknown.attempt)).await;
    assert_eq!(known.code(), ErrorCode::NotSignedIn);
    assert_eq!((known.status, known.body), (unknown.status, unknown.body));

    // The same blinded password is answered with the same evaluation, account or not: nobody
    // tells a made-up record by asking twice (RFC 9807 section 10.9).
    for person in [&ana, &bea] {
        let (request, _) = person.knock(b"wrong");
        let mut seen = vec![];
        for _ in 0..2 {
            let call = Call::post("/v1/sessions/start").json(&request);
            let answer: SignInStartResponse = server.send(call).await.ok();
            seen.push(answer.credential_response[..32].to_vec());
        }
        assert_eq!(seen[0], seen[1]);
    }
}

/// For the time alone, the row of a neighbour is read where nobody has the address.
#[tokio::test]
async fn a_neighbours_row_is_read_and_good_for_nothing() {
    let server = Server::open().await;
    let before_anybody = Person::new("ana@example.com");
    let (answer, _) = start(&server, &before_anybody, PASSWORD).await;
    let reply = finish(&server, &guess(&answer.attempt)).await;
    assert_eq!(reply.code(), ErrorCode::NotSignedIn);

    for address in ["bea@example.com", "dan@example.com"] {
        Person::new(address).sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    }
    for (address, neighbour) in [
        ("ana@example.com", "bea@example.com"),
        ("cho@example.com", "dan@example.com"),
        ("eva@example.com", "bea@example.com"),
    ] {
        let mut on = server.state.database.write().await.unwrap();
        let known = queries::credentials(&mut on, neighbour).await.unwrap().unwrap();
        let nearest = queries::credentials(&mut on, address).await.unwrap().unwrap();
        assert!(known.fits && !nearest.fits, "{address}");
        assert!(known.user == nearest.user, "{address}: {neighbour} is next");
        let (id, state) = ([7; 32], [1, 2, 3]);
        queries::insert_attempt(&mut on, &id, Some(&nearest), &state, 1).await.unwrap();
        let taken = queries::take_attempt(&mut on, &id, 0).await.unwrap().unwrap();
        assert_eq!((taken.owner, taken.fits), (Some(known.user), false), "{address}");
        assert_eq!(taken.state, state);
    }
}

#[tokio::test]
async fn an_attempt_is_good_once_and_for_two_minutes() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();

    let (_, proof) = start(&server, &ana, PASSWORD).await;
    let proof = proof.unwrap();
    finish(&server, &proof).await.ok::<SessionResponse>();
    assert_eq!(finish(&server, &proof).await.code(), ErrorCode::NotSignedIn);

    // A wrong proof uses it up too.
    let (answer, proof) = start(&server, &ana, PASSWORD).await;
    assert_eq!(finish(&server, &guess(&answer.attempt)).await.code(), ErrorCode::NotSignedIn);
    assert_eq!(finish(&server, &proof.unwrap()).await.code(), ErrorCode::NotSignedIn);

    let (_, proof) = start(&server, &ana, PASSWORD).await;
    server.wait(2 * 60);
    assert_eq!(finish(&server, &proof.unwrap()).await.code(), ErrorCode::NotSignedIn);

    let nothing = guess(&Bytes(vec![]));
    assert_eq!(finish(&server, &nothing).await.code(), ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn a_sign_in_outlives_the_process_it_began_in() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    let (_, proof) = start(&server, &ana, PASSWORD).await;
    let server = server.restart().await;
    let session: SessionResponse = finish(&server, &proof.unwrap()).await.ok();
    let server = server.restart().await;
    current(&server, &session.token).await.ok::<CurrentSessionResponse>();
}

#[tokio::test]
async fn a_session_lives_thirty_days_after_it_was_last_used() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let idle = ana.person.sign_in(&server).await.token;
    let expires = async |token: &str| {
        current(&server, token).await.ok::<CurrentSessionResponse>().expires.cast_signed()
    };
    let begin = server.state.clock.now();
    server.wait(3_599);
    assert_eq!(expires(&ana.token).await, begin + 30 * DAY, "not renewed within the hour");
    server.wait(1);
    assert_eq!(expires(&ana.token).await, begin + 3_600 + 30 * DAY);
    server.wait(30 * DAY - 3_600);
    assert_eq!(current(&server, &idle).await.code(), ErrorCode::NotSignedIn);
    assert_eq!(expires(&ana.token).await, begin + 60 * DAY);
    sweep(&server.state).await.unwrap();
    assert_eq!(expires(&ana.token).await, begin + 60 * DAY);
    server.wait(30 * DAY);
    assert_eq!(current(&server, &ana.token).await.code(), ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn signing_out_ends_this_session_only() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let other = ana.person.sign_in(&server).await.token;
    let sign_out = Call::new("DELETE", "/v1/sessions/current").token(&ana.token);
    assert_eq!(server.send(sign_out.clone()).await.status, 204);
    assert_eq!(server.send(sign_out).await.code(), ErrorCode::NotSignedIn);
    assert_eq!(current(&server, &ana.token).await.code(), ErrorCode::NotSignedIn);
    current(&server, &other).await.ok::<CurrentSessionResponse>();
}

#[tokio::test]
async fn only_the_whole_token_is_good() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    for bad in ["", &ana.token[1..], &format!("{}A", ana.token), &ana.token.to_lowercase()] {
        assert_eq!(current(&server, bad).await.code(), ErrorCode::NotSignedIn);
    }
    let with = |value: String| {
        server.send(Call::get("/v1/sessions/current").header("authorization", &value))
    };
    assert_eq!(with(format!("Basic {}", ana.token)).await.code(), ErrorCode::NotSignedIn);
    assert_eq!(with(ana.token.clone()).await.code(), ErrorCode::NotSignedIn);
    with(format!("bearer {}", ana.token)).await.ok::<CurrentSessionResponse>();
}

#[tokio::test]
async fn the_database_holds_neither_tokens_nor_attempts() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let (answer, _) = start(&server, &ana.person, PASSWORD).await;
    server.state.database.close().await;
    let mut stored = vec![];
    for file in std::fs::read_dir(&server.settings.data).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |bytes: &[u8]| stored.windows(bytes.len()).any(|window| window == bytes);
    assert!(holds(b"ana@example.com"), "what is searched holds the database");
    assert!(!holds(ana.token.as_bytes()));
    assert!(!holds(&answer.attempt));
}

#[tokio::test]
async fn an_app_has_a_name_of_reasonable_length() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    let (_, proof) = start(&server, &ana, PASSWORD).await;
    let mut proof = proof.unwrap();
    proof.app = "x".repeat(limits::APP + 1);
    assert_eq!(finish(&server, &proof).await.code(), ErrorCode::TooLarge);
    proof.app = " ".to_owned();
    assert_eq!(finish(&server, &proof).await.code(), ErrorCode::Malformed);
    proof.app = "x".repeat(limits::APP);
    finish(&server, &proof).await.ok::<SessionResponse>();
}

#[tokio::test]
async fn guessing_has_to_wait_account_or_not() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    ana.sign_up(&server, None).await.ok::<SignUpFinishResponse>();
    for person in [ana, Person::new("bea@example.com")] {
        let (request, _) = person.knock(b"wrong");
        for _ in 0..10 {
            let call = Call::post("/v1/sessions/start").json(&request);
            server.send(call).await.ok::<SignInStartResponse>();
        }
        let reply = server.send(Call::post("/v1/sessions/start").json(&request)).await;
        assert_eq!(reply.code(), ErrorCode::TooManyTries);
        assert!(reply.error().retry_after.is_some_and(|seconds| (1..=30).contains(&seconds)));
    }
}

#[tokio::test]
async fn a_message_that_is_not_opaque_is_refused() {
    let server = Server::open().await;
    let ana = Person::new("ana@example.com");
    let (mut request, _) = ana.knock(PASSWORD);
    request.credential_request.0.pop();
    let reply = server.send(Call::post("/v1/sessions/start").json(&request)).await;
    assert_eq!(reply.code(), ErrorCode::Malformed);
    let mut proof = guess(&Bytes(vec![7; 32]));
    proof.credential_finalization.0.pop();
    assert_eq!(finish(&server, &proof).await.code(), ErrorCode::Malformed);
}
