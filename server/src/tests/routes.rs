//! Who may call which route, and what every answer carries.

use std::collections::BTreeSet;

use mysafe_protocol::wire::ErrorCode;

use super::described;
use crate::testing::{Call, Member, Server};

/// Every route, and whether it is served without a token.
const ROUTES: &[(&str, &str, bool)] = &[
    ("DELETE", "/v1/sessions/current", false),
    ("DELETE", "/v1/items/{item}/access", false),
    ("DELETE", "/v1/items/{item}/access/{user}", false),
    ("GET", "/healthz", true),
    ("GET", "/metrics", true),
    ("GET", "/openapi.json", true),
    ("GET", "/readyz", true),
    ("GET", "/v1/changes", false),
    ("GET", "/v1/events", false),
    ("GET", "/v1/items/{item}", false),
    ("GET", "/v1/items/{item}/history", false),
    ("GET", "/v1/items/{item}/revisions", false),
    ("GET", "/v1/server", true),
    ("GET", "/v1/sessions/current", false),
    ("GET", "/v1/users", false),
    ("GET", "/v1/users/{user}/bundle", false),
    ("POST", "/v1/accounts/finish", true),
    ("POST", "/v1/accounts/password/start", false),
    ("POST", "/v1/accounts/start", true),
    ("POST", "/v1/mailbox/code", false),
    ("POST", "/v1/recovery/finish", true),
    ("POST", "/v1/recovery/start", true),
    ("POST", "/v1/sessions/finish", true),
    ("POST", "/v1/sessions/start", true),
    ("PUT", "/v1/accounts/record", false),
    ("PUT", "/v1/accounts/secrets", false),
    ("PUT", "/v1/items/{item}", false),
    ("PUT", "/v1/items/{item}/again", false),
    ("PUT", "/v1/items/{item}/use", false),
    ("PUT", "/v1/mailbox", false),
];

#[test]
fn the_description_lists_every_route_and_no_other() {
    let described = described();
    let described: BTreeSet<_> =
        described.iter().map(|(method, path, _)| (*method, path.as_str())).collect();
    let expected: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(described, expected);
}

#[tokio::test]
async fn every_route_but_the_public_ones_needs_a_token() {
    let server = Server::open().await;
    for (method, path, operation) in described() {
        let public = ROUTES.iter().any(|(m, p, public)| *m == method && *p == path && *public);
        assert_eq!(operation.get("security").is_some(), public, "{method} {path}: its description");
        // Neither ids nor bodies are looked at before the token.
        for call in [Call::new(method, path.clone()), Call::new(method, path.clone()).token("x")] {
            let reply = server.send(call).await;
            assert_eq!(reply.status == 401, !public, "{method} {path}");
            if !public {
                assert_eq!(reply.code(), ErrorCode::NotSignedIn);
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_a_route_is_not_found() {
    let server = Server::open().await;
    for call in [Call::get("/"), Call::get("/v1/nothing"), Call::post("/v1/server")] {
        assert_eq!(server.send(call).await.code(), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn any_origin_may_ask_and_nothing_is_kept() {
    let server = Server::open().await;
    let preflight = Call::new("OPTIONS", "/v1/items/x")
        .header("origin", "chrome-extension://abc")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "authorization,content-type");
    let reply = server.send(preflight).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
    assert_eq!(reply.headers["access-control-allow-methods"], "GET,PUT,POST,DELETE");
    assert_eq!(reply.headers["access-control-allow-headers"], "authorization,content-type,accept");
    assert!(!reply.headers.contains_key("access-control-allow-credentials"));
    for (path, status) in [("/v1/server", 200), ("/v1/changes", 401), ("/nothing", 404)] {
        let reply = server.send(Call::get(path).header("origin", "moz-extension://abc")).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        assert!(!reply.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn a_server_that_stops_is_not_ready() {
    let server = Server::open().await;
    assert_eq!(server.send(Call::get("/healthz")).await.status, 204);
    assert_eq!(server.send(Call::get("/readyz")).await.status, 204);
    server.state.stopping.send_replace(true);
    assert_eq!(server.send(Call::get("/readyz")).await.code(), ErrorCode::Unavailable);
    assert_eq!(server.send(Call::get("/healthz")).await.status, 204);
}

#[tokio::test]
async fn metrics_count_requests_by_route() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let item = ana.add(&server).await;
    let reply = server.send(Call::get("/metrics")).await;
    let text = String::from_utf8(reply.body).unwrap();
    let line = "mysafe_requests_total{method=\"PUT\",route=\"/v1/items/{item}\",status=\"200\"}";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("mysafe_sign_ins_total{result=\"good\"}"), "{text}");
    assert!(!text.contains(&item.item.to_string()) && !text.contains("ana@"));
}
