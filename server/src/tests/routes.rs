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
                assert_eq!(reply.headers["www-authenticate"], "Bearer");
                assert_eq!(reply.code(), ErrorCode::NotSignedIn);
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_a_route_is_not_found() {
    let server = Server::open().await;
    for call in [Call::get("/"), Call::get("/v1/nothing")] {
        assert_eq!(server.send(call).await.code(), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_is_told_with_those_it_has() {
    let server = Server::open().await;
    for (method, path, allowed) in [
        ("POST", "/v1/server", "GET,HEAD"),
        ("TRACE", "/v1/items/x", "GET,HEAD,PUT"),
        ("PATCH", "/v1/sessions/current", "GET,HEAD,DELETE"),
        ("GET", "/v1/accounts/start", "POST"),
    ] {
        let reply = server.send(Call::new(method, path)).await;
        assert_eq!(reply.code(), ErrorCode::NoSuchMethod, "{method} {path}");
        assert_eq!(reply.status, 405);
        assert_eq!(reply.headers["allow"], allowed, "{method} {path}");
    }
}

#[test]
fn every_operation_of_the_description_has_its_own_name_and_its_refusals() {
    let described = described();
    let names: BTreeSet<_> =
        described.iter().map(|(.., operation)| operation["operationId"].as_str()).collect();
    assert_eq!(names.len(), described.len());
    for (method, path, operation) in &described {
        let responses = operation["responses"].as_object().unwrap();
        let has_body = operation.get("requestBody").is_some();
        let public = operation.get("security").is_some();
        for (status, applies) in [("400", has_body), ("401", !public), ("500", true), ("503", true)]
        {
            assert!(responses.contains_key(status) || !applies, "{method} {path}: {status}");
        }
        assert!(!responses.keys().any(|status| status.contains('X')), "{method} {path}");
        let body = operation.pointer("/requestBody/content/application~1cbor");
        assert_eq!(body.is_some(), has_body, "{method} {path}");
    }
}

#[test]
fn the_description_bounds_what_it_takes() {
    let document = crate::openapi::document();
    let at = |pointer: &str| document.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
    let parameters = at("/paths/~1v1~1changes/get/parameters").as_array().unwrap();
    let schema = |name: &str| {
        &parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"]
    };
    assert_eq!(schema("position")["maximum"], i64::MAX);
    assert_eq!(schema("limit")["maximum"], u32::MAX);
    assert_eq!(schema("epoch")["$ref"], "#/components/schemas/ServerEpoch");
    assert_eq!(at("/components/schemas/Address/maxLength"), 254);
    assert_eq!(at("/components/schemas/SealedUse/maxLength"), 130);
    assert_eq!(at("/components/schemas/Signed/additionalProperties"), false);
    let event = at("/paths/~1v1~1events/get/responses/200/content/text~1event-stream/schema");
    assert_eq!(event["required"][0], "data");
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
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
async fn no_web_page_uses_up_the_tries_of_its_reader() {
    let server = Server::open().await;
    let sign_in = ["accounts/secrets", "sessions/start", "sessions/finish"];
    let tries = sign_in.into_iter().chain(["recovery/start", "recovery/finish"]);
    for path in tries.map(|path| format!("/v1/{path}")) {
        let method = if path.ends_with("secrets") { "PUT" } else { "POST" };
        let ask = |origin: &str| Call::new(method, path.clone()).header("origin", origin);
        for origin in ["https://example.com", "http://localhost:3000", "null"] {
            assert_eq!(server.send(ask(origin)).await.code(), ErrorCode::NotAllowed, "{path}");
        }
        for origin in ["chrome-extension://abc", "moz-extension://abc"] {
            assert_ne!(server.send(ask(origin)).await.code(), ErrorCode::NotAllowed, "{path}");
        }
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
