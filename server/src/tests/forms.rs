//! The form of requests and answers: unknown fields, JSON and CBOR, what is neither.

use mysafe_protocol::Bytes;
use mysafe_protocol::limits;
use mysafe_protocol::wire::{
    AccountRecord, ChangesResponse, ConfirmRequest, ErrorCode, ItemState, ItemWriteResponse,
    PasswordStartRequest, PasswordStartResponse, RecordWriteRequest, RecoveryFinishRequest,
    RecoveryStartRequest, SecretsRequest, WriteAgainRequest,
};
use serde_json::{Value, json};

use super::described;
use crate::mailboxes::codes::{self, Purpose};
use crate::testing::{Call, Member, PASSWORD, Person, Server, VERIFIER, recovery, sealed};

#[tokio::test]
async fn unknown_fields_are_refused_in_every_request() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Person::new("bea@example.com");
    let cho = Person::new("cho@example.com");
    let item = ana.add(&server).await;
    let next = ana.next(&item);
    let after = ana.next(&next);
    let (sign_in, _) = ana.person.knock(b"x");
    let registration_request = ana.person.start(None).0.registration_request;
    let password = ana.person.register(b"y", async |registration_request| {
        let request = PasswordStartRequest { registration_request };
        let call = Call::post("/v1/accounts/password/start").token(&ana.token).json(&request);
        server.send(call).await.ok::<PasswordStartResponse>().registration_response
    });
    let password = password.await;
    let proof = ana.person.proof(&server, PASSWORD).await.unwrap();
    let joined = AccountRecord { version: 1, blob: sealed(limits::SEAL + 256) };
    let requests: Vec<(Call, Value)> = vec![
        (Call::post("/v1/accounts/start"), value(&bea.start(None).0)),
        (Call::post("/v1/accounts/finish"), value(&cho.started(&server, None).await)),
        (Call::post("/v1/sessions/start"), value(&sign_in)),
        (
            Call::post("/v1/sessions/finish"),
            json!({"attempt": "AA", "credential_finalization": "AA", "app": "x"}),
        ),
        (
            Call::post("/v1/accounts/password/start").token(&ana.token),
            value(&PasswordStartRequest { registration_request: registration_request.clone() }),
        ),
        (
            Call::put("/v1/accounts/secrets").token(&ana.token),
            value(&SecretsRequest {
                attempt: proof.attempt,
                credential_finalization: proof.credential_finalization,
                password: Some(password.clone()),
                recovery: Some(recovery(VERIFIER)),
            }),
        ),
        (
            Call::put("/v1/accounts/record").token(&ana.token),
            value(&RecordWriteRequest {
                base: 1,
                base_hash: joined.hash(),
                record: AccountRecord { version: 2, blob: sealed(limits::SEAL + 256) },
            }),
        ),
        (ana.call(&next), value(&next.request)),
        (
            Call::put(format!("/v1/items/{}/again", after.item)).token(&ana.token),
            value(&WriteAgainRequest::new(after.request, vec![])),
        ),
        (
            Call::put(format!("/v1/items/{}/use", item.item)).token(&ana.token),
            json!({"blob": base64_of(&sealed(limits::USE))}),
        ),
        (
            Call::put("/v1/mailbox").token(&ana.token),
            value(&ConfirmRequest { code: mailbox_code(&server, &ana).await }),
        ),
        (
            Call::post("/v1/recovery/start"),
            value(&RecoveryStartRequest {
                mailed_code: None,
                address: ana.person.address.clone(),
                verifier: Bytes(VERIFIER.to_vec()),
                registration_request,
            }),
        ),
        // The last: it ends every session.
        (
            Call::post("/v1/recovery/finish"),
            value(&RecoveryFinishRequest {
                mailed_code: None,
                address: ana.person.address.clone(),
                verifier: Bytes(VERIFIER.to_vec()),
                password,
                recovery: recovery([9; 32]),
            }),
        ),
    ];
    let described = described();
    let bodies =
        described.iter().filter(|(_, _, operation)| operation.get("requestBody").is_some());
    assert_eq!(bodies.count(), requests.len(), "every route with a body is here");
    for (call, good) in requests {
        let mut places: Vec<String> = vec![String::new()];
        let nested = good.as_object().unwrap().iter().filter(|(_, inner)| inner.is_object());
        places.extend(nested.map(|(name, _)| format!("/{name}")));
        for place in places {
            let mut bad = good.clone();
            let into = bad.pointer_mut(&place).unwrap().as_object_mut().unwrap();
            into.insert("unknown".to_owned(), json!(1));
            let reply = server.send(call.clone().json(&bad)).await;
            assert_eq!(reply.code(), ErrorCode::Malformed, "{place}");
        }
        for missing in good.as_object().unwrap().keys() {
            let either = ["password", "recovery"].contains(&missing.as_str());
            if ["admission", "key", "identifier"].contains(&missing.as_str())
                || either && good.get("attempt").is_some()
            {
                continue;
            }
            let mut bad = good.clone();
            bad.as_object_mut().unwrap().remove(missing);
            let reply = server.send(call.clone().json(&bad)).await;
            let code = reply.code();
            // The first requests of a sign-up and a sign-in count tries before they read on.
            assert!([ErrorCode::Malformed, ErrorCode::TooManyTries].contains(&code), "{missing}");
        }
        if good.get("app").is_none() {
            let reply = server.send(call.json(&good)).await;
            assert!(reply.status.is_success(), "the request itself is good: {reply:?}");
        }
    }
}

/// The code that was mailed to confirm a mailbox.
async fn mailbox_code(server: &Server, ana: &Member) -> String {
    let now = server.state.clock.now();
    let (keys, user) = (&server.state.keys, ana.person.user());
    let mut transaction = server.state.database.write().await.unwrap();
    let code = codes::make(&mut transaction, keys, &user, Purpose::Confirm, now).await.unwrap();
    transaction.commit().await.unwrap();
    code
}

fn value(request: &impl serde::Serialize) -> Value {
    serde_json::to_value(request).unwrap()
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn json_and_cbor_say_the_same() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.new_item();
    let call = ana.call(&first).header("accept", "application/json, application/cbor;q=0.9");
    let reply = server.send(call.cbor(&first.request)).await;
    assert_eq!(reply.headers["content-type"], "application/cbor");
    reply.ok::<ItemWriteResponse>();
    let second = ana.next(&first);
    let reply = ana.put(&server, &second).await;
    assert_eq!(reply.headers["content-type"], "application/json");
    reply.ok::<ItemWriteResponse>();

    for path in ["/v1/changes".to_owned(), format!("/v1/items/{}", first.item)] {
        let call = Call::get(path.as_str()).token(&ana.token);
        let json = server.send(call.clone()).await;
        let cbor = server.send(call.header("accept", "application/cbor")).await;
        assert!(cbor.body.len() < json.body.len());
        if path == "/v1/changes" {
            assert_eq!(json.ok::<ChangesResponse>(), cbor.ok::<ChangesResponse>());
        } else {
            assert_eq!(json.ok::<ItemState>(), cbor.ok::<ItemState>());
        }
    }
    // Refusals too, with what they carry.
    let stale = ana.next(&first);
    let call = ana.call(&stale).header("accept", "application/cbor").json(&stale.request);
    let reply = server.send(call).await;
    assert_eq!(reply.headers["content-type"], "application/cbor");
    assert_eq!(reply.error().current.unwrap().revision, second.request.revision);
}

#[tokio::test]
async fn a_body_of_another_form_is_refused() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let writing = ana.new_item();
    let call = ana.call(&writing);
    let json = serde_json::to_vec(&writing.request).unwrap();
    let cbor = minicbor_serde::to_vec(&writing.request).unwrap();
    let behind = |bytes: &[u8]| [bytes, b"1"].concat();
    for (content_type, body) in [
        ("text/plain", json.clone()),
        ("", json.clone()),
        ("application/json", cbor.clone()),
        ("application/cbor", json.clone()),
        ("application/json", behind(&json)),
        ("application/cbor", behind(&cbor)),
        ("application/cbor", cbor[..cbor.len() - 1].to_vec()),
        ("application/json", vec![]),
        ("application/cbor", vec![]),
        ("application/cbor", vec![0x9f; 100_000]),
        ("application/cbor", vec![0x81; 100_000]),
        ("application/cbor", vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("application/json", vec![b'['; 100_000]),
    ] {
        let reply = server.send(call.clone().raw(content_type, body)).await;
        assert_eq!(reply.code(), ErrorCode::Malformed, "{content_type}");
    }
    let huge = call.clone().raw("application/json", vec![b' '; limits::REQUEST + 1]);
    assert_eq!(server.send(huge).await.code(), ErrorCode::TooLarge);
    let good = call.raw("Application/JSON; charset=utf-8", json);
    server.send(good).await.ok::<ItemWriteResponse>();
}
