//! Compare and set, operations sent again, Identifiers, what is kept.

use mysafe_protocol::Bytes;
use mysafe_protocol::bytes::{IdentifierTag, OperationId};
use mysafe_protocol::wire::{ErrorCode, ItemState, ItemWriteResponse, RevisionsResponse};

use crate::serve::sweep;
use crate::testing::{Member, Server, Writing};

async fn read(server: &Server, member: &Member, writing: &Writing) -> ItemState {
    member.get(server, &format!("/v1/items/{}", writing.item)).await.ok()
}

async fn revisions(server: &Server, member: &Member, writing: &Writing, query: &str) -> Vec<Bytes> {
    let path = format!("/v1/items/{}/revisions{query}", writing.item);
    let answer: RevisionsResponse = member.get(server, &path).await.ok();
    answer.revisions.into_iter().map(|signed| signed.body).collect()
}

#[tokio::test]
async fn what_was_written_is_read_and_survives_a_restart() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.add(&server).await;
    let mut second = ana.next(&first);
    second.revision.revision += 40;
    ana.sign_again(&mut second);
    ana.put(&server, &second).await.ok::<ItemWriteResponse>();

    let server = server.restart().await;
    let state = read(&server, &ana, &first).await;
    assert_eq!(state.item, first.item);
    assert_eq!(state.owner, ana.person.user());
    assert_eq!(state.revision, second.request.revision);
    assert_eq!(state.overview, second.request.overview);
    assert_eq!(state.details, second.request.details);
    assert_eq!(Some(state.key), first.request.key);

    let bodies = [&first, &second].map(|writing| writing.request.revision.body.clone());
    assert_eq!(revisions(&server, &ana, &first, "").await, bodies);
    assert_eq!(revisions(&server, &ana, &first, "?after=1").await, bodies[1..]);
    assert_eq!(revisions(&server, &ana, &first, "?after=42").await, bodies[2..]);
}

#[tokio::test]
async fn every_revision_keeps_its_content() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.add(&server).await;
    let second = ana.next(&first);
    ana.put(&server, &second).await.ok::<ItemWriteResponse>();
    let mut connection = server.state.database.read().await.unwrap();
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT overview FROM revisions WHERE item = $1 ORDER BY revision")
            .bind(&first.item.0[..])
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    assert_eq!(kept, [first.request.overview.0, second.request.overview.0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_writers_of_one_base_exactly_one_wins() {
    let server = std::sync::Arc::new(Server::open().await);
    let ana = std::sync::Arc::new(Member::new(&server, "ana@example.com").await);
    let first = ana.add(&server).await;
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (server, ana, writing) = (server.clone(), ana.clone(), ana.next(&first));
        writers.spawn(async move { (ana.put(&server, &writing).await, writing) });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        writers.join_all().await.into_iter().partition(|(reply, _)| reply.status.is_success());
    assert_eq!(won.len(), 1);
    let state = read(&server, &ana, &first).await;
    assert_eq!(state.revision, won[0].1.request.revision);
    for (reply, _) in &lost {
        assert_eq!(reply.code(), ErrorCode::Stale);
        assert_eq!(reply.error().current.as_ref(), Some(&state));
    }
}

#[tokio::test]
async fn a_write_on_another_base_learns_the_present_state() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.add(&server).await;
    let second = ana.next(&first);
    ana.put(&server, &second).await.ok::<ItemWriteResponse>();

    let late = ana.put(&server, &ana.next(&first)).await;
    assert_eq!(late.code(), ErrorCode::Stale);
    assert_eq!(late.error().current, Some(read(&server, &ana, &first).await));

    let mut again_new = first.clone();
    again_new.request.operation = OperationId([9; 16]);
    assert_eq!(ana.put(&server, &again_new).await.code(), ErrorCode::Stale);

    // Nothing is there: nothing is shown.
    let early = ana.put(&server, &ana.next(&ana.new_item())).await;
    assert_eq!(early.code(), ErrorCode::Stale);
    assert_eq!(early.error().current, None);
}

#[tokio::test]
async fn the_same_operation_is_answered_again_and_done_once() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let writing = ana.new_item();
    let first: ItemWriteResponse = ana.put(&server, &writing).await.ok();
    let other: ItemWriteResponse = {
        let other = ana.new_item();
        ana.put(&server, &other).await.ok()
    };
    assert_ne!(first, other);
    // In CBOR it is the same request still, and after later writes, and after a restart.
    let server = server.restart().await;
    let again = server.send(ana.call(&writing).cbor(&writing.request)).await;
    assert_eq!(again.ok::<ItemWriteResponse>(), first);
    assert_eq!(revisions(&server, &ana, &writing, "").await.len(), 1);

    let mut changed = writing.clone();
    changed.request.identifier = Some(IdentifierTag([1; 16]));
    assert_eq!(ana.put(&server, &changed).await.code(), ErrorCode::Malformed);
    let mut elsewhere = ana.new_item();
    elsewhere.request.operation = writing.request.operation;
    assert_eq!(ana.put(&server, &elsewhere).await.code(), ErrorCode::Malformed);

    // Another user's operations are their own.
    let bea = Member::new(&server, "bea@example.com").await;
    let mut hers = bea.new_item();
    hers.request.operation = writing.request.operation;
    bea.put(&server, &hers).await.ok::<ItemWriteResponse>();

    // After a month it is forgotten: then the base no longer fits.
    server.wait(30 * 24 * 60 * 60 - 60);
    let token = ana.person.sign_in(&server).await.token;
    let ana = Member { token, ..ana };
    sweep(&server.state).await.unwrap();
    assert_eq!(ana.put(&server, &writing).await.ok::<ItemWriteResponse>(), first);
    server.wait(60);
    sweep(&server.state).await.unwrap();
    assert_eq!(ana.put(&server, &writing).await.code(), ErrorCode::Stale);
}

#[tokio::test]
async fn an_identifier_is_unique_per_owner() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let with = |member: &Member, tag: u8| {
        let mut writing = member.new_item();
        writing.request.identifier = Some(IdentifierTag([tag; 16]));
        writing
    };
    let first = with(&ana, 1);
    ana.put(&server, &first).await.ok::<ItemWriteResponse>();
    let second = with(&ana, 1);
    assert_eq!(ana.put(&server, &second).await.code(), ErrorCode::IdentifierTaken);
    bea.put(&server, &with(&bea, 1)).await.ok::<ItemWriteResponse>();

    // It stays with its item from revision to revision, and is free once the item has none.
    let mut kept = ana.next(&first);
    kept.request.identifier = Some(IdentifierTag([1; 16]));
    ana.put(&server, &kept).await.ok::<ItemWriteResponse>();
    assert_eq!(ana.put(&server, &second).await.code(), ErrorCode::IdentifierTaken);
    ana.put(&server, &ana.next(&kept)).await.ok::<ItemWriteResponse>();
    ana.put(&server, &second).await.ok::<ItemWriteResponse>();
    // Items without one do not get in each other's way.
    ana.add(&server).await;
    ana.add(&server).await;
}

#[tokio::test]
async fn an_item_of_someone_else_does_not_exist() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let hers = ana.add(&server).await;
    for path in ["", "/revisions"] {
        let path = format!("/v1/items/{}{path}", hers.item);
        assert_eq!(bea.get(&server, &path).await.code(), ErrorCode::NotFound);
    }
    // A revision of it, properly signed by Bea, with the right and the wrong base.
    let mut next = bea.next(&hers);
    assert_eq!(bea.put(&server, &next).await.code(), ErrorCode::NotFound);
    next = bea.new_item();
    next.item = hers.item;
    next.revision.item = hers.item;
    bea.sign_again(&mut next);
    assert_eq!(bea.put(&server, &next).await.code(), ErrorCode::NotFound);
    assert_eq!(bea.set_use(&server, &hers).await.code(), ErrorCode::NotFound);
    assert_eq!(read(&server, &ana, &hers).await.revision, hers.request.revision);
}
