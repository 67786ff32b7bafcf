//! Each limit: what the client gets, that others go on, and what the operator sees.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use mysafe_protocol::bodies::{Permission, Status};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ErrorCode, ItemState, ItemWriteResponse, Reason};
use serde_json::json;
use tower::ServiceExt as _;

use crate::app::around;
use crate::items;
use crate::mailboxes;
use crate::settings::Limits;
use crate::testing::{Call, Member, Server, Writing, lost, reached, sealed, soon, until};

pub(super) async fn with(change: impl FnOnce(&mut Limits)) -> (Server, Member, Member) {
    let server = Server::with(|settings| {
        settings.open_signups = true;
        change(&mut settings.limits);
    })
    .await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let mut transaction = server.state.database.write().await.unwrap();
    for member in [&ana, &bea] {
        mailboxes::confirm(&mut transaction, &member.person.address, 1).await.unwrap();
    }
    transaction.commit().await.unwrap();
    (server, ana, bea)
}

/// Writes that must go well.
pub(super) async fn put(server: &Server, who: &Member, writing: &Writing) {
    who.put(server, writing).await.ok::<ItemWriteResponse>();
}

/// A write that is refused for want of room, with nothing stored.
async fn full(server: &Server, who: &Member, writing: &Writing, of: Reason, limit: &str) {
    let before = reached(server, limit).await;
    let refused = who.put(server, writing).await;
    assert_eq!((refused.code(), refused.error().reason), (ErrorCode::QuotaExceeded, Some(of)));
    assert!(reached(server, limit).await > before);
    // A day's end is told, and nothing else has one.
    let wait = refused.error().retry_after;
    assert_eq!(wait.is_some(), of == Reason::ItemRevisions);
    assert!(wait.is_none_or(|wait| wait <= 24 * 60 * 60));
}

#[tokio::test]
async fn an_account_has_so_many_items_and_a_deletion_makes_room() {
    let (server, ana, bea) = with(|limits| limits.account_items = 2).await;
    let one = ana.add(&server).await;
    let two = ana.add(&server).await;
    let three = ana.new_item();
    full(&server, &ana, &three, Reason::AccountItems, "account_items").await;
    bea.add(&server).await;
    let deleted = ana.set(&one, Status::Deleted);
    put(&server, &ana, &deleted).await;
    put(&server, &ana, &three).await;
    // An edit is no new item, and what is deleted comes back only where there is room.
    put(&server, &ana, &ana.next(&two)).await;
    let mut restored = deleted.clone();
    restored.revision.status = Status::Active;
    let restored = ana.share(&restored, &[]);
    full(&server, &ana, &restored, Reason::AccountItems, "account_items").await;
}

#[tokio::test]
async fn an_account_has_so_many_bytes_whoever_writes_and_erased_content_comes_back() {
    let (server, mut ana, bea) = with(|limits| limits.account_bytes = 200_000).await;
    let item = ana.add(&server).await;
    let shared = ana.share(&item, &[(&bea, Permission::Edit, None)]);
    put(&server, &ana, &shared).await;
    let large = |who: &Member, before: &Writing| {
        let mut writing = who.next(before);
        writing.revision.epoch = before.revision.epoch;
        writing.revision.list = before.revision.list;
        writing.request.details = sealed(limits::SEAL + 64 * 1024);
        who.sign_again(&mut writing);
        writing
    };
    // The editor fills the account of the owner.
    let second = large(&bea, &shared);
    put(&server, &bea, &second).await;
    let third = large(&bea, &second);
    put(&server, &bea, &third).await;
    full(&server, &bea, &large(&bea, &third), Reason::AccountBytes, "account_bytes").await;
    full(&server, &ana, &large(&ana, &third), Reason::AccountBytes, "account_bytes").await;
    // The editor's own account has all its room, and the owner removes the editor all the same.
    put(&server, &bea, &bea.new_item()).await;
    let end = format!("/v1/items/{}/access/{}", item.item, bea.person.user());
    assert_eq!(server.send(Call::new("DELETE", end).token(&ana.token)).await.status, 204);
    let mut alone = ana.share(&third, &[]);
    alone.request.details = sealed(limits::SEAL + 64 * 1024);
    ana.sign_again(&mut alone);
    put(&server, &ana, &alone).await;
    // A write that frees nothing is refused again, and a deletion never is.
    full(&server, &ana, &ana.share(&alone, &[]), Reason::AccountBytes, "account_bytes").await;
    put(&server, &ana, &ana.set(&alone, Status::Deleted)).await;
    full(&server, &ana, &ana.new_item(), Reason::AccountBytes, "account_bytes").await;
    server.wait(items::RESTORABLE);
    crate::serve::sweep(&server.state).await.unwrap();
    crate::serve::sweep(&server.state).await.unwrap();
    ana.token = ana.person.sign_in(&server).await.token;
    put(&server, &ana, &ana.new_item()).await;
    let used: i64 = sqlx::query_scalar("SELECT bytes FROM storage WHERE owner = $1")
        .bind(&ana.person.user().0[..])
        .fetch_one(&mut *server.state.database.read().await.unwrap())
        .await
        .unwrap();
    assert!((2_000..12_000).contains(&used), "{used}");
}

#[tokio::test]
async fn an_item_has_so_many_revisions_a_day_and_a_removal_is_none_too_many() {
    let (server, ana, bea) = with(|limits| limits.item_revisions = 5).await;
    let item = ana.add(&server).await;
    let mut last = ana.share(&item, &[(&bea, Permission::Edit, None)]);
    put(&server, &ana, &last).await;
    let next = |who: &Member, last: &Writing| who.set(last, Status::Active);
    for _ in 0..3 {
        last = next(&bea, &last);
        put(&server, &bea, &last).await;
    }
    full(&server, &bea, &next(&bea, &last), Reason::ItemRevisions, "item_revisions").await;
    full(&server, &ana, &next(&ana, &last), Reason::ItemRevisions, "item_revisions").await;
    ana.add(&server).await;
    let alone = ana.share(&last, &[]);
    put(&server, &ana, &alone).await;
    full(&server, &ana, &next(&ana, &alone), Reason::ItemRevisions, "item_revisions").await;
    server.wait(24 * 60 * 60);
    put(&server, &ana, &next(&ana, &alone)).await;
}

#[tokio::test]
async fn writes_in_a_row_wait_and_removals_and_neighbours_do_not() {
    let (server, ana, bea) = with(|limits| {
        limits.write_burst = 20;
        limits.writes_per_minute = 1;
    })
    .await;
    let item = ana.add(&server).await;
    let shared = ana.share(&item, &[(&bea, Permission::Edit, None)]);
    put(&server, &ana, &shared).await;
    let before = reached(&server, "writes").await;
    for _ in 0..19 {
        ana.add(&server).await;
    }
    let late = ana.new_item();
    let refused = ana.put(&server, &late).await;
    assert_eq!(refused.code(), ErrorCode::TooManyTries);
    assert!((1..=61).contains(&refused.error().retry_after.unwrap()));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(reached(&server, "writes").await, before + 1);
    let path = format!("/v1/items/{}", late.item);
    assert_eq!(ana.get(&server, &path).await.code(), ErrorCode::NotFound);
    // A removal goes on, in both its requests, and so does a neighbour.
    let end = format!("/v1/items/{}/access/{}", item.item, bea.person.user());
    assert_eq!(server.send(Call::new("DELETE", end).token(&ana.token)).await.status, 204);
    put(&server, &ana, &ana.share(&shared, &[])).await;
    bea.add(&server).await;
}

#[tokio::test]
async fn a_neighbour_has_four_requests_of_a_flooding_account_before_its_own() {
    let (server, ana, bea) = with(|_| {}).await;
    let item = bea.add(&server).await;
    // Nobody writes meanwhile, and all that is sent waits.
    let held = server.state.database.write().await.unwrap();
    let flood: Vec<_> = (0..60)
        .map(|_| tokio::spawn(server.router().oneshot(ana.put_request(&ana.new_item()))))
        .collect();
    until(|| server.state.turns.inside(&ana.person.user()) == 60).await;
    // Reading waits for nobody.
    bea.get(&server, &format!("/v1/items/{}", item.item)).await.ok::<ItemState>();
    bea.get(&server, "/v1/changes").await.ok::<mysafe_protocol::wire::ChangesResponse>();
    let own = tokio::spawn(server.router().oneshot(bea.put_request(&bea.new_item())));
    until(|| server.state.turns.inside(&bea.person.user()) == 1).await;
    drop(held);
    assert_eq!(soon(own).await.unwrap().unwrap().status(), 200);
    let done = flood.iter().filter(|one| one.is_finished()).count();
    assert!(done <= 10, "{done} of the flood came before the neighbour");
    for one in flood {
        assert_eq!(soon(one).await.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_body_is_refused_by_its_head_where_nobody_is_signed_in() {
    let server = Server::open().await;
    let before = reached(&server, "request_bytes").await;
    let large = vec![b' '; limits::REQUEST_SIGNED_OUT + 1];
    for path in
        ["accounts/start", "sessions/start", "sessions/finish", "recovery/start", "recovery/finish"]
    {
        let call = Call::post(format!("/v1/{path}"));
        let told = call.clone().header("content-length", "2097152").raw("application/json", vec![]);
        assert_eq!(server.send(told).await.code(), ErrorCode::TooLarge, "{path}");
        // Also where the head says nothing.
        let untold = call.raw("application/json", large.clone());
        assert_eq!(server.send(untold).await.code(), ErrorCode::TooLarge, "{path}");
    }
    assert!(reached(&server, "request_bytes").await >= before + 5);
    let record = Call::post("/v1/accounts/finish").raw("application/json", large);
    assert_eq!(server.send(record).await.code(), ErrorCode::Malformed, "it has an account record");
}

#[tokio::test]
async fn a_client_that_tries_too_often_is_refused_before_its_body_is_read() {
    let server = Server::with(|settings| {
        settings.limits.client_burst = 3;
        settings.limits.client_per_minute = 1;
    })
    .await;
    let call = |from: &str| {
        Call::post("/v1/sessions/start").header("x-forwarded-for", from).json(&json!({"x": 1}))
    };
    for _ in 0..3 {
        assert_eq!(server.send(call("192.0.2.1")).await.code(), ErrorCode::Malformed);
    }
    let refused = server.send(call("192.0.2.1")).await;
    assert_eq!(refused.code(), ErrorCode::TooManyTries);
    assert!(refused.error().retry_after.is_some());
    assert_eq!(server.send(call("192.0.2.2")).await.code(), ErrorCode::Malformed);
    assert!(reached(&server, "client").await > 0);
}

#[tokio::test]
async fn a_proxy_that_does_not_say_for_whom_it_asks_is_told_of_once() {
    let server = Server::with(|settings| settings.base_url = "https://safe.example.com".into());
    let server = server.await;
    let ask = async |connected: [u8; 4], forwarded: Option<&str>| {
        let mut call = Call::post("/v1/sessions/start").json(&json!({"x": 1}));
        if let Some(forwarded) = forwarded {
            call = call.header("x-forwarded-for", forwarded);
        }
        let mut request = call.request();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((connected, 1))));
        server.router().oneshot(request).await.unwrap();
        reached(&server, "proxy_without_client").await
    };
    assert_eq!(ask([127, 0, 0, 1], Some("192.0.2.1")).await, 0);
    assert_eq!(ask([192, 0, 2, 1], None).await, 0);
    assert_eq!(ask([127, 0, 0, 1], None).await, 1);
    assert_eq!(ask([127, 0, 0, 1], None).await, 1);
}

#[tokio::test]
async fn a_panic_ends_its_request_alone_and_tells_nothing() {
    let server = Server::open().await;
    async fn fault() -> &'static str {
        panic!("planted-text")
    }
    let routes = Router::new().route("/fault", get(fault));
    let router = around(routes, server.state.clone());
    let ask = || {
        let request = axum::http::Request::get("/fault").header("accept", "application/cbor");
        request.body(axum::body::Body::empty()).unwrap()
    };
    for _ in 0..2 {
        let response = router.clone().oneshot(ask()).await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/cbor");
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("planted"));
    }
    let text = String::from_utf8(server.send(Call::get("/metrics")).await.body).unwrap();
    let counted = text.lines().find_map(|line| line.strip_prefix("mysafe_panics_total "));
    assert!(counted.is_some_and(|count| count.parse::<u64>().unwrap() >= 2), "{text}");
    assert!(text.contains("route=\"/fault\",status=\"500\""), "it is logged as a request");
}

#[tokio::test]
async fn the_next_round_of_work_comes_after_one_that_panicked() {
    let fault = async { panic!("planted") };
    assert_eq!(crate::panics::contain::<()>(fault).await, None);
    assert_eq!(crate::panics::contain(async { 7 }).await, Some(7));
}

#[tokio::test]
async fn an_item_comes_back_to_its_owner_from_a_stranger() {
    let (server, ana, bea) = with(|_| {}).await;
    let first = ana.new_item();
    let second = ana.next(&first);
    // The server was restored, and somebody whom the item was shown to once is the first to send its id.
    let mut taken = bea.new_item();
    taken.item = first.item;
    taken.revision.item = first.item;
    bea.sign_again(&mut taken);
    put(&server, &bea, &taken).await;
    put(&server, &bea, &bea.next(&taken)).await;
    ana.again(&server, &lost(0, &[&first, &second]), &first).await.ok::<ItemWriteResponse>();
    let path = format!("/v1/items/{}", first.item);
    let state: ItemState = ana.get(&server, &path).await.ok();
    assert_eq!((state.owner, state.revision), (ana.person.user(), second.request.revision.clone()));
    let history: mysafe_protocol::wire::RevisionsResponse =
        ana.get(&server, &format!("{path}/revisions")).await.ok();
    assert_eq!(history.revisions.len(), 2, "nothing of the stranger stays");
    assert_eq!(bea.get(&server, &path).await.code(), ErrorCode::NotFound);
    // The stranger does not get it again, and their account has its room back.
    assert_eq!(bea.put(&server, &taken).await.status, 200, "done before, and not again");
    assert_eq!(bea.put(&server, &bea.next(&taken)).await.code(), ErrorCode::NotFound);
    let stored: (i64, i64) = sqlx::query_as("SELECT bytes, items FROM storage WHERE owner = $1")
        .bind(&bea.person.user().0[..])
        .fetch_one(&mut *server.state.database.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(stored.1, 0);
    assert!((0..1_000).contains(&stored.0), "{stored:?}");
}

#[tokio::test]
async fn an_item_of_former_times_or_of_its_owner_is_taken_by_nobody() {
    let (server, ana, bea) = with(|_| {}).await;
    let own = ana.add(&server).await;
    let mut former = ana.new_item();
    former.item = mysafe_protocol::ItemId(crate::state::random());
    former.revision.item = former.item;
    ana.sign_again(&mut former);
    put(&server, &ana, &former).await;
    for item in [own, former] {
        let mut taken = bea.new_item();
        taken.item = item.item;
        taken.revision.item = item.item;
        bea.sign_again(&mut taken);
        assert_eq!(bea.put(&server, &taken).await.code(), ErrorCode::NotFound);
        let again = bea.again(&server, &lost(0, &[&taken]), &taken).await;
        assert_eq!(again.code(), ErrorCode::NotFound);
        let path = format!("/v1/items/{}", item.item);
        let state: ItemState = ana.get(&server, &path).await.ok();
        assert_eq!(state.revision, item.request.revision);
    }
}

#[tokio::test]
async fn a_web_page_needs_the_set_up_code_for_the_first_account() {
    let server = Server::with(|settings| settings.limits.address_burst = 1_000).await;
    let person = crate::testing::Person::new("ana@example.com");
    let (start, _) = person.start(None);
    let call = || Call::post("/v1/accounts/start").json(&start);
    let about = |name, value: &str| Call::get("/v1/server").header(name, value);
    for (name, value) in [
        ("origin", "https://evil.example.com"),
        ("origin", "http://127.0.0.1:8787"),
        ("origin", "null"),
        ("origin", "http://chrome-extension://a"),
        ("x-forwarded-for", "192.0.2.1"),
    ] {
        let refused = server.send(call().header(name, value)).await;
        assert_eq!(refused.code(), ErrorCode::NeedsSetupCode, "{value}");
        let text = String::from_utf8(server.send(about(name, value)).await.body).unwrap();
        assert!(text.contains("first_with_code"), "{value}: {text}");
        // In both requests.
        let upload = person.started(&server, None).await;
        let finish = Call::post("/v1/accounts/finish").json(&upload).header(name, value);
        assert_eq!(server.send(finish).await.code(), ErrorCode::NeedsSetupCode, "{value}");
    }
    let (with_code, _) = person.start(Some(server.state.keys.setup_code()));
    let page = Call::post("/v1/accounts/start").json(&with_code);
    assert_eq!(server.send(page.header("origin", "https://evil.example.com")).await.status, 200);
    for origin in ["chrome-extension://abcdef", "moz-extension://01234567-89ab"] {
        assert_eq!(server.send(call().header("origin", origin)).await.status, 200, "{origin}");
    }
}
