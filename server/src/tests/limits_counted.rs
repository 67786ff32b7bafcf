//! Each limit is counted where it should be, and nowhere else.

use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::bytes::{Hash, ItemId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{
    AccountRecord, EarlierEpoch, ErrorCode, ItemWriteResponse, RecordWriteRequest,
    RevisionsResponse, UseRequest,
};

use super::limits::{put, with};
use crate::serve::sweep;
use crate::testing::{Call, Member, Server, lost, sealed};

#[tokio::test]
async fn an_account_with_too_many_items_goes_on_with_those_it_has() {
    let (mut server, ana, _) = with(|_| {}).await;
    let one = ana.add(&server).await;
    ana.add(&server).await;
    server.settings.limits.account_items = 1;
    let server = server.restart().await;
    put(&server, &ana, &ana.next(&one)).await;
    assert_eq!(ana.put(&server, &ana.new_item()).await.code(), ErrorCode::QuotaExceeded);
}

#[tokio::test]
async fn every_kind_of_write_is_counted() {
    let (server, ana, _) = with(|limits| {
        limits.write_burst = 3;
        limits.writes_per_minute = 1;
    })
    .await;
    let item = ItemId::new(&ana.person.user(), [1; 16]);
    let path = |rest: &str| format!("/v1/items/{item}{rest}");
    let record = AccountRecord { version: 9, blob: sealed(limits::SEAL + 256) };
    let record = RecordWriteRequest { base: 8, base_hash: Hash([1; 32]), record };
    let writing = ana.new_item();
    let remove = format!("/access/{}", ana.person.user());
    let writes = [
        Call::put(path("/use")).json(&UseRequest { blob: sealed(limits::USE) }),
        Call::put("/v1/accounts/record").json(&record),
        Call::put(path("/again")).json(&lost(0, &[&writing])),
        Call::put(path("")).json(&writing.request),
        Call::new("DELETE", path("/access")),
        Call::new("DELETE", path(&remove)),
    ];
    for (at, call) in writes.into_iter().enumerate() {
        let member = Member::new(&server, &format!("member{at}@example.com")).await;
        let call = call.token(&member.token);
        for _ in 0..3 {
            let code = server.send(call.clone()).await.code();
            assert_ne!(code, ErrorCode::TooManyTries, "write {at}");
        }
        assert_eq!(server.send(call).await.code(), ErrorCode::TooManyTries, "write {at}");
    }
}

#[tokio::test]
async fn whoever_may_try_freely_again_is_forgotten_in_each_round() {
    let server = Server::with(|settings| {
        settings.limits.client_burst = 1;
        settings.limits.client_per_minute = (1 << 24) - 1;
    })
    .await;
    server.send(Call::post("/v1/sessions/start").json(&serde_json::json!({"x": 1}))).await;
    assert_eq!(server.state.rates.clients(), 1);
    sweep(&server.state).await.unwrap();
    assert_eq!(server.state.rates.clients(), 0);
}

#[tokio::test]
async fn an_owner_gives_back_bodies_that_a_stranger_gave_before() {
    let (server, ana, bea) = with(|_| {}).await;
    let first = ana.new_item();
    let second = ana.next(&first);
    let third = ana.next(&second);
    // A stranger who was shown the item once sends what they saw of it, and goes on as its owner.
    let taken = bea.next(&second);
    bea.again(&server, &lost(0, &[&second, &taken]), &first).await.ok::<ItemWriteResponse>();
    let request = lost(0, &[&first, &second, &third]);
    ana.again(&server, &request, &first).await.ok::<ItemWriteResponse>();
    let path = format!("/v1/items/{}/revisions", first.item);
    let bodies: RevisionsResponse = ana.get(&server, &path).await.ok();
    assert_eq!(bodies.revisions, [first, second, third].map(|writing| writing.request.revision));
}

#[tokio::test]
async fn epochs_that_are_sent_again_have_their_price() {
    let (server, ana, _) = with(|limits| limits.item_bytes = 300_000).await;
    let item = ana.add(&server).await;
    let mut next = ana.next_epoch(&item);
    let list = AccessList {
        item: item.item,
        epoch: 5_000,
        owner: ana.person.user(),
        commit: Hash([6; 32]),
        grants: vec![],
    };
    ana.with_list(&mut next, &list);
    let mut request = lost(1, &[&next]);
    let key = sealed(limits::SEALED_KEY);
    let epoch = |epoch| EarlierEpoch { epoch, key: key.clone(), list: None };
    // Their keys alone, which each answer of the history has, are a fourth of that.
    request.epochs = (2..1_002).map(epoch).collect();
    let refused = ana.again(&server, &request, &item).await;
    assert_eq!(refused.code(), ErrorCode::QuotaExceeded);
    request.epochs.truncate(100);
    ana.again(&server, &request, &item).await.ok::<ItemWriteResponse>();
}
