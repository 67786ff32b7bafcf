//! One account does not take the time and the places of others.

use std::time::Duration;

use mysafe_protocol::bytes::UserId;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::events::Feed;
use crate::settings::Limits;
use crate::testing::{Call, Member, Server, soon, until};

/// Rows that the one connection that writes has changed.
async fn changed(on: &mut sqlx::AnyConnection) -> i64 {
    sqlx::query_scalar("SELECT total_changes()").fetch_one(on).await.unwrap()
}

#[tokio::test]
async fn renewals_of_one_session_wait_for_their_turn() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    server.wait(2 * 60 * 60);
    let mut held = server.state.database.write().await.unwrap();
    let before = changed(&mut held).await;
    let flood: Vec<_> = (0..60)
        .map(|_| {
            let request = Call::get("/v1/changes").token(&ana.token).request();
            tokio::spawn(server.router().oneshot(request))
        })
        .collect();
    until(|| server.state.turns.inside(&ana.person.user()) == 60).await;
    drop(held);
    for one in flood {
        assert_eq!(soon(one).await.unwrap().unwrap().status(), 200);
    }
    let mut after = server.state.database.write().await.unwrap();
    let renewals = changed(&mut after).await - before;
    let turns = i64::from(server.settings.limits.account_requests);
    assert!((1..=turns).contains(&renewals), "{renewals} writes of one moment");
}

#[tokio::test]
async fn one_stream_makes_room_and_no_more() {
    let limits = Limits { event_streams: 4, ..Limits::of(|_| None).unwrap() };
    let feed = Feed::new(&limits);
    let (_keep, stop) = watch::channel(false);
    let (ana, bea) = (UserId([1; 32]), UserId([2; 32]));
    let mut streams: Vec<_> = (0..4).map(|_| feed.listen(ana, stop.clone()).unwrap()).collect();
    let _newcomer = feed.listen(bea, stop).unwrap();
    let mut ended = 0;
    for stream in &mut streams {
        let woken = stream.wait(Duration::from_millis(20)).await;
        ended += u32::from(format!("{woken:?}") == "Stop");
    }
    assert_eq!(ended, 1, "streams ended for one newcomer");
}

#[tokio::test]
async fn an_address_with_a_port_in_the_proxy_s_header_is_that_address() {
    let server = Server::with(|settings| {
        settings.base_url = "https://safe.example.com".into();
        settings.limits.client_burst = 3;
        settings.limits.client_per_minute = 1;
    })
    .await;
    let call = |from: &str| {
        let call = Call::post("/v1/sessions/start").json(&serde_json::json!({"x": 1}));
        call.header("x-forwarded-for", from)
    };
    for _ in 0..10 {
        server.send(call("192.0.2.1:50001")).await;
    }
    assert_eq!(server.send(call("198.51.100.7:443")).await.status, 400, "somebody else");
}
