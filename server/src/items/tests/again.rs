//! After a restore: what the server lost comes again, as it was signed.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::{Hash, OperationId};
use mysafe_protocol::wire::{
    ChangesResponse, ErrorCode, HistoryResponse, ItemState, ItemWriteResponse, RevisionsResponse,
    WriteAgainRequest,
};
use mysafe_protocol::{Bytes, limits};

use super::sharing::{shared, three};
use crate::server::new_epoch;
use crate::state::random;
use crate::testing::{Call, Member, Reply, Server, Writing, sealed};

impl Member {
    async fn again(&self, server: &Server, request: &WriteAgainRequest, item: &Writing) -> Reply {
        let call = Call::put(format!("/v1/items/{}/again", item.item)).token(&self.token);
        server.send(call.json(request)).await
    }
}

/// The last of these again over the one of number `base`, with all between.
fn lost(base: u64, of: &[&Writing]) -> WriteAgainRequest {
    let (last, before) = of.split_last().unwrap();
    let mut write = last.request.clone();
    write.operation = OperationId(random());
    write.base = base;
    if base == 0 {
        write.key = Some(sealed(limits::SEALED_KEY));
    }
    let between = before.iter().map(|writing| writing.request.revision.clone()).collect();
    WriteAgainRequest { write, between }
}

#[tokio::test]
async fn what_was_lost_comes_again_over_what_is_there() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let one = ana.add(&server).await;
    let two = ana.next(&one);
    let three = ana.next(&two);
    let request = lost(1, &[&two, &three]);
    let first = ana.again(&server, &request, &one).await.ok::<ItemWriteResponse>();
    // The same request is done once.
    assert_eq!(ana.again(&server, &request, &one).await.ok::<ItemWriteResponse>(), first);

    let path = format!("/v1/items/{}", one.item);
    let state: ItemState = ana.get(&server, &path).await.ok();
    assert_eq!(state.revision, three.request.revision);
    let bodies: RevisionsResponse = ana.get(&server, &format!("{path}/revisions")).await.ok();
    let all = [&one, &two, &three].map(|writing| writing.request.revision.clone());
    assert_eq!(bodies.revisions, all);
    // Only a body came of the second: there is nothing to show of it.
    let history: HistoryResponse = ana.get(&server, &format!("{path}/history?before=3")).await.ok();
    assert_eq!(history.versions.len(), 1);
    assert_eq!(history.versions[0].revision, all[0]);
    ana.put(&server, &ana.next(&three)).await.ok::<ItemWriteResponse>();
}

#[tokio::test]
async fn an_item_that_is_not_known_comes_again_even_without_its_beginning() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let one = ana.new_item();
    let two = ana.next(&one);
    let three = ana.next(&two);
    ana.again(&server, &lost(0, &[&two, &three]), &one).await.ok::<ItemWriteResponse>();
    let state: ItemState = ana.get(&server, &format!("/v1/items/{}", one.item)).await.ok();
    assert_eq!(state.revision, three.request.revision);
    // Nobody else finds it, nor makes it their own.
    let bea = Member::new(&server, "bea@example.com").await;
    let mut theirs = bea.new_item();
    theirs.item = one.item;
    theirs.revision.item = one.item;
    bea.sign_again(&mut theirs);
    let reply = bea.again(&server, &lost(0, &[&theirs]), &one).await;
    assert_eq!(reply.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_does_not_follow_does_not_come_again() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let one = ana.add(&server).await;
    let two = ana.next(&one);
    let three = ana.next(&two);
    let other = ana.next(&ana.next(&ana.add(&server).await));
    let bas = bea.next(&bea.new_item());
    let good = lost(1, &[&two, &three]);
    type Change<'a> = (&'a str, ErrorCode, &'a dyn Fn(&mut WriteAgainRequest));
    let (forged, malformed) = (ErrorCode::Forged, ErrorCode::Malformed);
    let changes: &[Change] = &[
        ("a body left out", forged, &|r| r.between.clear()),
        ("a body twice", forged, &|r| r.between.push(r.between[0].clone())),
        ("the newest among them", forged, &|r| r.between.push(r.write.revision.clone())),
        ("a body of another item", forged, &|r| r.between = vec![other.request.revision.clone()]),
        ("a body by somebody else", forged, &|r| r.between = vec![bas.request.revision.clone()]),
        ("a body that is none", malformed, &|r| r.between[0].body = Bytes(vec![0])),
        ("a signature bent", forged, &|r| r.between[0].signature.0[0] ^= 1),
        ("another overview", forged, &|r| r.write.overview.0[40] ^= 1),
        ("a key for an item that has one", malformed, &|r| {
            r.write.key = Some(sealed(limits::SEALED_KEY));
        }),
        ("too many", ErrorCode::TooLarge, &|r| {
            r.between = vec![r.between[0].clone(); limits::AGAIN + 1];
        }),
    ];
    for (what, code, change) in changes {
        let mut request = good.clone();
        change(&mut request);
        assert_eq!(ana.again(&server, &request, &one).await.code(), *code, "{what}");
    }
    // One that follows another history.
    let mut elsewhere = ana.next(&one);
    elsewhere.revision.prev = Some(Hash([7; 32]));
    ana.sign_again(&mut elsewhere);
    let reply = ana.again(&server, &lost(1, &[&elsewhere]), &one).await;
    assert_eq!(reply.code(), ErrorCode::Forged);
    // The item moved on: as with every write the answer says to where.
    ana.put(&server, &two).await.ok::<ItemWriteResponse>();
    let reply = ana.again(&server, &good, &one).await;
    assert_eq!(reply.code(), ErrorCode::Stale);
    let state: ItemState = ana.get(&server, &format!("/v1/items/{}", one.item)).await.ok();
    assert_eq!(state.revision, two.request.revision);
}

#[tokio::test]
async fn a_new_epoch_starts_the_log_from_the_beginning() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    ana.add(&server).await;
    let held: ChangesResponse = ana.get(&server, "/v1/changes").await.ok();
    let since = format!("/v1/changes?epoch={}&position={}", held.epoch, held.position);
    assert!(ana.get(&server, &since).await.ok::<ChangesResponse>().items.is_empty());
    new_epoch(&server.state.database).await.unwrap();
    let server = server.restart().await;
    let page: ChangesResponse = ana.get(&server, &since).await.ok();
    assert_ne!(page.epoch, held.epoch);
    assert_eq!(page.items, held.items);
    // It stays the same from then on.
    let server = server.restart().await;
    assert_eq!(ana.get(&server, &since).await.ok::<ChangesResponse>().epoch, page.epoch);
}

#[tokio::test]
async fn an_owner_gives_back_what_an_editor_wrote_and_nobody_else_does() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, _] = &people;
    let shared = shared(&server, &people).await;
    let hers = bea.set(&shared, Status::Active);
    let last = ana.set(&hers, Status::Active);
    let request = lost(2, &[&hers, &last]);
    let mine = bea.set(&hers, Status::Active);
    let by_bea = lost(2, &[&hers, &mine]);
    assert_eq!(bea.again(&server, &by_bea, &shared).await.code(), ErrorCode::NotAllowed);
    // Not as somebody else's.
    let mut forged = hers.clone();
    forged.revision.author = ana.person.user();
    forged.request.revision = bea.sign(&forged.revision);
    let after = ana.set(&forged, Status::Active);
    let lie = lost(2, &[&forged, &after]);
    assert_eq!(ana.again(&server, &lie, &shared).await.code(), ErrorCode::Forged);
    ana.again(&server, &request, &shared).await.ok::<ItemWriteResponse>();
    let path = format!("/v1/items/{}/revisions?after=2", shared.item);
    let bodies: RevisionsResponse = bea.get(&server, &path).await.ok();
    let all = [&hers, &last].map(|writing| writing.request.revision.clone());
    assert_eq!(bodies.revisions, all);
}
