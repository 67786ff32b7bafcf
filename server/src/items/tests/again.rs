//! After a restore: what the server lost comes again, as it was signed.

use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{
    ChangesResponse, ErrorCode, HistoryResponse, ItemState, ItemWriteResponse, RevisionsResponse,
    WriteAgainRequest,
};
use mysafe_protocol::{Bytes, limits};

use crate::server::new_epoch;
use crate::testing::{Member, Server, lost, sealed};

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
async fn the_owner_gives_back_the_bodies_that_lead_to_the_newest() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let one = ana.new_item();
    let two = ana.next(&one);
    let three = ana.next(&two);
    let four = ana.next(&three);
    // A device that knows no more sent the newest two.
    ana.again(&server, &lost(0, &[&three, &four]), &one).await.ok::<ItemWriteResponse>();
    let log = async || {
        let changes: ChangesResponse = ana.get(&server, "/v1/changes").await.ok();
        changes.position
    };
    let before = log().await;
    let path = format!("/v1/items/{}/revisions", one.item);
    let there = async || {
        let bodies: RevisionsResponse = ana.get(&server, &path).await.ok();
        bodies.revisions
    };
    let stranger = ana.next(&ana.new_item());
    let junk = ana.again(&server, &lost(4, &[&one, &ana.next(&one), &three, &four]), &one).await;
    assert_eq!(junk.code(), ErrorCode::Forged, "a body on no way");
    let other = ana.again(&server, &lost(4, &[&stranger, &three, &four]), &one).await;
    assert_eq!(other.code(), ErrorCode::Forged, "a body of another item");
    assert_eq!(there().await.len(), 2);
    assert_eq!(log().await, before);

    let whole = lost(4, &[&one, &two, &three, &four]);
    ana.again(&server, &whole, &one).await.ok::<ItemWriteResponse>();
    let all = [&one, &two, &three, &four].map(|writing| writing.request.revision.clone());
    assert_eq!(there().await, all);
    assert!(log().await > before, "other devices look again");
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
    let (forged, malformed, stale) = (ErrorCode::Forged, ErrorCode::Malformed, ErrorCode::Stale);
    let beside = ana.next(&one);
    let changes: &[Change] = &[
        ("a body left out", stale, &|r| r.between.clear()),
        ("a body on no way", forged, &|r| r.between.push(beside.request.revision.clone())),
        ("another base", stale, &|r| r.write.base = 2),
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
    assert_eq!(reply.code(), ErrorCode::Stale);
    // The item moved on along this way: the body that the server has does not disturb.
    ana.put(&server, &two).await.ok::<ItemWriteResponse>();
    assert_eq!(ana.again(&server, &good, &one).await.code(), stale, "the base is another now");
    let mut request = lost(2, &[&two, &two, &three, &three]);
    request.between.push(one.request.revision.clone());
    ana.again(&server, &request, &one).await.ok::<ItemWriteResponse>();
    let state: ItemState = ana.get(&server, &format!("/v1/items/{}", one.item)).await.ok();
    assert_eq!(state.revision, three.request.revision);
    // It moved on beside it: as with every write the answer says to where.
    let reply = ana.again(&server, &lost(1, &[&beside]), &one).await;
    assert_eq!((reply.code(), reply.error().current), (stale, Some(state)));
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
    let ana = Member { token: ana.person.sign_in(&server).await.token, ..ana };
    let page: ChangesResponse = ana.get(&server, &since).await.ok();
    assert_ne!(page.epoch, held.epoch);
    assert_eq!(page.items, held.items);
    // It stays the same from then on.
    let server = server.restart().await;
    assert_eq!(ana.get(&server, &since).await.ok::<ChangesResponse>().epoch, page.epoch);
}
