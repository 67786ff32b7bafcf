//! The log of changes: pages, each thing once, nothing passed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use mysafe_protocol::bytes::ItemId;
use mysafe_protocol::wire::{ChangesResponse, ErrorCode, ItemWriteResponse};
use mysafe_protocol::{Bytes, ServerEpoch, limits};

use crate::testing::{Call, Member, Server, sealed};

async fn since(
    server: &Server,
    member: &Member,
    page: Option<&ChangesResponse>,
    limit: u32,
) -> ChangesResponse {
    let place = page
        .map_or(String::new(), |page| format!("&epoch={}&position={}", page.epoch, page.position));
    member.get(server, &format!("/v1/changes?limit={limit}{place}")).await.ok()
}

#[tokio::test]
async fn a_new_account_has_its_record_and_nothing_else() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let page = since(&server, &ana, None, 500).await;
    assert_eq!((page.position, page.more), (1, false));
    assert!(page.items.is_empty() && page.uses.is_empty());
    assert_eq!(page.account.as_ref().unwrap().version, 1);
    let next = since(&server, &ana, Some(&page), 500).await;
    assert_eq!((next.position, next.more, next.account), (1, false, None));
    // Each page says what time the server has.
    assert_eq!(next.time, Some(server.state.clock.now().unsigned_abs()));
    server.wait(7);
    assert_eq!(since(&server, &ana, Some(&page), 1).await.time, next.time.map(|time| time + 7));
}

#[tokio::test]
async fn a_position_that_the_database_cannot_hold_is_refused_whatever_the_epoch() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let (own, other) = (server.state.epoch, ServerEpoch([7; 16]));
    let beyond = i64::MAX.unsigned_abs() + 1;
    for epoch in [format!("&epoch={own}"), format!("&epoch={other}"), String::new()] {
        let reply = ana.get(&server, &format!("/v1/changes?position={beyond}{epoch}")).await;
        assert_eq!(reply.code(), ErrorCode::Malformed, "{epoch}");
        let path = format!("/v1/changes?position={}{epoch}", beyond - 1);
        ana.get(&server, &path).await.ok::<ChangesResponse>();
    }
}

#[tokio::test]
async fn each_thing_comes_once_in_its_newest_state() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.add(&server).await;
    let second = ana.add(&server).await;
    ana.set_use(&server, &first).await;
    let held = since(&server, &ana, None, 500).await;
    assert_eq!(held.items.len(), 2);

    let newest = ana.next(&first);
    ana.put(&server, &newest).await.ok::<ItemWriteResponse>();
    let later = sealed(limits::SEAL);
    ana.set_use_to(&server, &first, later.clone()).await;
    ana.set_use(&server, &second).await;
    ana.set_use_to(&server, &second, later).await;

    let page = since(&server, &ana, Some(&held), 500).await;
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].revision, newest.request.revision);
    assert_eq!(page.uses.len(), 2);
    assert!(page.uses.iter().all(|state| state.blob.len() == limits::SEAL));
    assert_eq!(page.account, None);
    let all = since(&server, &ana, None, 500).await;
    assert_eq!((all.items.len(), all.uses.len()), (2, 2));
    assert_eq!(all.position, page.position);
}

#[tokio::test]
async fn pages_hold_at_most_the_limit_and_miss_nothing() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    for _ in 0..5 {
        let item = ana.add(&server).await;
        ana.set_use(&server, &item).await;
        bea.add(&server).await;
    }
    for limit in [1, 2, 3, 11, 12] {
        let (mut seen, mut pages) = (0, 0);
        let mut page: Option<ChangesResponse> = None;
        loop {
            let next = since(&server, &ana, page.as_ref(), limit).await;
            let held = next.items.len() + next.uses.len() + usize::from(next.account.is_some());
            assert!(held <= limit as usize && (held > 0 || !next.more));
            assert!(next.items.iter().all(|item| item.owner == ana.person.user()));
            seen += held;
            pages += 1;
            let more = next.more;
            assert_eq!(next.total, more.then_some(5), "items, while there is more");
            page = Some(next);
            if !more {
                break;
            }
        }
        assert_eq!(seen, 11, "five items, five uses and the account record");
        assert_eq!(pages, 11_u32.div_ceil(limit), "limit {limit}");
    }
    // No limit, or too large a one, is the largest; none at all is one.
    let page: ChangesResponse = ana.get(&server, "/v1/changes").await.ok();
    assert_eq!((page.items.len(), page.more), (5, false));
    assert!(!since(&server, &ana, None, u32::MAX).await.more);
    assert!(since(&server, &ana, None, 0).await.account.is_some());
}

#[tokio::test]
async fn a_page_holds_at_most_four_megabytes() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    for _ in 0..25 {
        let mut writing = ana.new_item();
        writing.request.overview = sealed(limits::SEAL + limits::OVERVIEW);
        writing.request.details = sealed(limits::SEAL + limits::DETAILS);
        ana.sign_again(&mut writing);
        ana.put(&server, &writing).await.ok::<ItemWriteResponse>();
    }
    let call = Call::get("/v1/changes").token(&ana.token).header("accept", "application/cbor");
    let reply = server.send(call).await;
    assert!(reply.body.len() < 4_500_000, "{}", reply.body.len());
    let page: ChangesResponse = reply.ok();
    assert!(page.more);
    assert_eq!(page.items.len(), 21);
    let rest = since(&server, &ana, Some(&page), 500).await;
    assert_eq!((rest.items.len(), rest.more), (4, false));
}

#[tokio::test]
async fn another_epoch_starts_from_the_beginning() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    ana.add(&server).await;
    let page = since(&server, &ana, None, 500).await;
    let other = ChangesResponse { epoch: ServerEpoch([9; 16]), ..page.clone() };
    assert_eq!(since(&server, &ana, Some(&other), 500).await, page);
    // A position from a state of the database that is gone does too.
    let beyond = ChangesResponse { position: page.position + 1, ..page.clone() };
    assert_eq!(since(&server, &ana, Some(&beyond), 500).await, page);
    // Without an epoch a position means nothing.
    assert_eq!(ana.get(&server, "/v1/changes?position=2").await.ok::<ChangesResponse>(), page);

    let server = server.restart().await;
    assert_eq!(since(&server, &ana, None, 500).await.epoch, page.epoch);
    let stranger = Server::open().await;
    let bea = Member::new(&stranger, "bea@example.com").await;
    assert_ne!(since(&stranger, &bea, None, 500).await.epoch, page.epoch);
}

#[tokio::test]
async fn a_query_that_is_not_one_is_refused() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    for query in ["position=x", "position=-1", "epoch=x", "limit=x", "since=1", "limit=1&limit=1"] {
        let reply = ana.get(&server, &format!("/v1/changes?{query}")).await;
        assert_eq!(reply.code(), ErrorCode::Malformed, "{query}");
    }
    let page = since(&server, &ana, None, 1).await;
    let far = format!("/v1/changes?epoch={}&position={}", page.epoch, u64::MAX);
    assert_eq!(ana.get(&server, &far).await.code(), ErrorCode::Malformed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_among_writers_ends_with_everything() {
    const WRITERS: usize = 6;
    const WRITES: usize = 15;
    let server = Arc::new(Server::open().await);
    let ana = Arc::new(Member::new(&server, "ana@example.com").await);
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..WRITERS {
        let (server, ana) = (server.clone(), ana.clone());
        writers.spawn(async move {
            let mut writing = ana.add(&server).await;
            for turn in 0..WRITES {
                if turn % 5 == number % 5 {
                    ana.set_use(&server, &writing).await;
                }
                if turn % 3 == 0 {
                    ana.add(&server).await;
                }
                writing = ana.next(&writing);
                ana.put(&server, &writing).await.ok::<ItemWriteResponse>();
            }
        });
    }

    // What a client holds that applies page after page, as it comes.
    let mut held: BTreeMap<ItemId, Bytes> = BTreeMap::new();
    let mut page: Option<ChangesResponse> = None;
    let mut last_round = false;
    loop {
        let next = since(&server, &ana, page.as_ref(), 3).await;
        if let Some(page) = &page {
            assert!(next.position >= page.position);
        }
        for item in &next.items {
            held.insert(item.item, item.revision.body.clone());
        }
        let more = next.more;
        page = Some(next);
        if !more && last_round {
            break;
        }
        last_round = writers.is_empty();
        while let Some(done) = writers.try_join_next() {
            done.unwrap();
        }
    }
    let all = since(&server, &ana, None, 500).await;
    assert!(!all.more);
    let all: BTreeMap<ItemId, Bytes> =
        all.items.into_iter().map(|item| (item.item, item.revision.body)).collect();
    assert_eq!(all.len(), WRITERS * (1 + WRITES / 3));
    assert_eq!(held, all);
}
