//! Streams of events: what they say, when they end, how many there may be.

use std::pin::pin;
use std::time::Duration;

use axum::response::{IntoResponse as _, Sse};
use futures_util::StreamExt as _;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::{
    ErrorCode, ItemWriteResponse, RecoveryFinishRequest, RecoveryStartRequest,
    RecoveryStartResponse,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use super::feed::{Feed, Woken};
use super::routes::Told;
use crate::error::Error;
use crate::settings::Limits;
use crate::testing::{Call, Listening, Member, PASSWORD, Server, VERIFIER, recovery, soon};

async fn listen(server: &Server, token: &str) -> Listening {
    server.listen(Call::get("/v1/events").token(token)).await
}

#[tokio::test]
async fn a_stream_says_where_the_log_is_and_each_time_it_moves() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let mut events = listen(&server, &ana.token).await;
    assert_eq!(events.headers["content-type"], "text/event-stream");
    assert_eq!(events.headers["cache-control"], "no-store");
    assert_eq!(events.headers["x-accel-buffering"], "no");
    // The position and nothing else.
    assert_eq!(events.next().await.unwrap(), "data: 1\n\n");
    let item = ana.add(&server).await;
    assert_eq!(events.next().await.unwrap(), "data: 2\n\n");
    ana.set_use(&server, &item).await;
    assert_eq!(events.next().await.unwrap(), "data: 3\n\n");
    // Neither what others do, nor a write that was refused, nor one that was done before.
    bea.add(&server).await;
    assert_eq!(ana.put(&server, &item).await.status, 200);
    let mut forged = ana.next(&item);
    forged.request.revision.signature.0[0] ^= 1;
    assert_eq!(ana.put(&server, &forged).await.code(), ErrorCode::Forged);
    assert!(events.is_quiet().await);
    ana.put(&server, &ana.next(&item)).await.ok::<ItemWriteResponse>();
    assert_eq!(events.next().await.unwrap(), "data: 4\n\n");
}

#[tokio::test]
async fn every_browser_hears_and_who_is_slow_hears_the_newest() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let other = ana.person.sign_in(&server).await.token;
    let mut quick = listen(&server, &ana.token).await;
    let mut slow = listen(&server, &other).await;
    for events in [&mut quick, &mut slow] {
        assert_eq!(events.next().await.unwrap(), "data: 1\n\n");
    }
    for position in 2..5 {
        ana.add(&server).await;
        assert_eq!(quick.next().await.unwrap(), format!("data: {position}\n\n"));
    }
    assert_eq!(slow.next().await.unwrap(), "data: 4\n\n");
    assert!(slow.is_quiet().await);
    // What was missed while no stream was open is in the first event of the next.
    drop(slow);
    ana.add(&server).await;
    assert_eq!(listen(&server, &other).await.next().await.unwrap(), "data: 5\n\n");
}

#[tokio::test]
async fn a_stream_ends_when_its_session_is_signed_out() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let other = ana.person.sign_in(&server).await.token;
    let mut leaving = listen(&server, &ana.token).await;
    let mut staying = listen(&server, &other).await;
    leaving.next().await.unwrap();
    staying.next().await.unwrap();
    let sign_out = Call::new("DELETE", "/v1/sessions/current").token(&ana.token);
    assert_eq!(server.send(sign_out).await.status, 204);
    assert_eq!(leaving.next().await, None);
    assert!(staying.is_quiet().await);
    let again = Call::get("/v1/events").token(&ana.token);
    assert_eq!(server.send(again).await.code(), ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn a_stream_ends_when_its_session_is_revoked() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let mut events = listen(&server, &ana.token).await;
    events.next().await.unwrap();
    let address = ana.person.address.clone();
    let ask = async |registration_request| {
        let verifier = VERIFIER.to_vec().into();
        let request =
            RecoveryStartRequest { address, verifier, mailed_code: None, registration_request };
        let answer = server.send(Call::post("/v1/recovery/start").json(&request)).await;
        answer.ok::<RecoveryStartResponse>().registration_response
    };
    let password = ana.person.register(PASSWORD, ask).await;
    let request = RecoveryFinishRequest {
        mailed_code: None,
        address: ana.person.address.clone(),
        verifier: VERIFIER.to_vec().into(),
        password,
        recovery: recovery([9; 32]),
    };
    let done = server.send(Call::post("/v1/recovery/finish").json(&request)).await;
    assert_eq!(done.status, 204);
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_quiet_stream_beats_until_its_session_expires() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let told = Told {
        state: server.state.clone(),
        token_hash: Sha256::digest(&ana.token).into(),
        listener: server
            .state
            .feed
            .listen(ana.person.user(), server.state.stopping.subscribe())
            .unwrap(),
        position: 1,
    };
    let events = Sse::new(told.stream(Duration::from_millis(20))).into_response();
    let mut events = pin!(events.into_body().into_data_stream());
    assert_eq!(events.next().await.unwrap().unwrap(), "data: 1\n\n");
    assert_eq!(events.next().await.unwrap().unwrap(), ": \n\n");
    ana.add(&server).await;
    let ends = async {
        while let Some(event) = events.next().await {
            match &event.unwrap()[..] {
                b": \n\n" => {}
                event => {
                    assert_eq!(event, b"data: 2\n\n");
                    server.wait(31 * 24 * 60 * 60);
                }
            }
        }
    };
    soon(ends).await;
    assert_eq!(server.state.feed.listeners(), (0, 0));
}

#[tokio::test]
async fn one_user_has_so_many_streams() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let mut open = vec![];
    for _ in 0..server.settings.limits.account_event_streams {
        open.push(listen(&server, &ana.token).await);
    }
    let refused = server.send(Call::get("/v1/events").token(&ana.token)).await.error();
    assert_eq!(refused.code, ErrorCode::TooManyTries);
    assert!(refused.retry_after.is_some());
    listen(&server, &bea.token).await.next().await.unwrap();
    // Whoever goes makes room.
    open.pop();
    listen(&server, &ana.token).await.next().await.unwrap();
    drop(open);
    assert_eq!(server.state.feed.listeners(), (0, 0), "and nothing is kept of them");
}

fn feed() -> Feed {
    Feed::new(&Limits::of(|_| None).unwrap())
}

fn user(number: u16) -> UserId {
    let mut user = UserId([0; 32]);
    user.0[..2].copy_from_slice(&number.to_be_bytes());
    user
}

#[test]
fn all_users_have_so_many_streams() {
    let feed = feed();
    let stop = watch::Sender::new(false);
    let listeners: Vec<_> =
        (0..500).map(|number| feed.listen(user(number), stop.subscribe()).unwrap()).collect();
    assert!(matches!(
        feed.listen(user(0), stop.subscribe()),
        Err(Error::Code(ErrorCode::Unavailable))
    ));
    drop(listeners);
    feed.listen(user(0), stop.subscribe()).unwrap();
    assert_eq!(feed.listeners(), (0, 0));
}

#[tokio::test]
async fn accounts_that_take_all_they_get_leave_streams_for_others() {
    let feed = feed();
    let stop = watch::Sender::new(false);
    let listen = |number| feed.listen(user(number), stop.subscribe());
    let mut greedy: Vec<_> = (0..500).map(|at| listen(at % 25).unwrap()).collect();
    assert!(matches!(listen(0), Err(Error::TooManyTries(_))));
    let others: Vec<_> = (1_000..1_400).map(|number| listen(number).unwrap()).collect();
    // Each of them makes one of the greedy streams end; which have nothing to say otherwise.
    let mut ended = 0;
    for _ in 0..20 {
        let mut stay = Vec::new();
        for mut listener in greedy {
            match listener.wait(Duration::ZERO).await {
                Woken::Stop => ended += 1,
                _ => stay.push(listener),
            }
        }
        greedy = stay;
    }
    assert_eq!((ended, greedy.len()), (400, 100));
    assert_eq!(feed.listeners(), (500, 425));
    // Those who were many before come again in vain.
    assert!(matches!(listen(0), Err(Error::Code(ErrorCode::Unavailable))));
    drop((greedy, others));
    assert_eq!(feed.listeners(), (0, 0));
    listen(0).unwrap();
}

#[tokio::test]
async fn positions_never_go_back() {
    let feed = feed();
    let stop = watch::Sender::new(false);
    let user = UserId([1; 32]);
    feed.changed(&user, 9);
    let mut listener = feed.listen(user, stop.subscribe()).unwrap();
    let beat = Duration::from_millis(10);
    assert_eq!(listener.wait(beat).await, Woken::Quiet);
    feed.changed(&user, 3);
    feed.changed(&user, 2);
    assert_eq!(listener.wait(beat).await, Woken::Told(3));
    feed.changed(&user, 2);
    assert_eq!(listener.wait(beat).await, Woken::Quiet);
}

#[tokio::test]
async fn a_server_that_stops_ends_all_streams() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let mut events = listen(&server, &ana.token).await;
    events.next().await.unwrap();
    server.state.stopping.send_replace(true);
    assert_eq!(events.next().await, None);
    let again = server.send(Call::get("/v1/events").token(&ana.token)).await;
    assert_eq!(again.code(), ErrorCode::Unavailable);
}
