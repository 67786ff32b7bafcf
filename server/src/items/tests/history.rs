//! Reading what an item was: whole numbers in one answer, and whether there is more.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::limits;
use mysafe_protocol::wire::{HistoryResponse, ItemWriteResponse, RevisionsResponse};

use super::restored::{united, version};
use crate::items::LISTED;
use crate::testing::{Member, Server, Writing, lost};

async fn history(server: &Server, ana: &Member, item: &Writing, before: u64) -> HistoryResponse {
    ana.get(server, &format!("/v1/items/{}/history?before={before}", item.item)).await.ok()
}

#[tokio::test]
async fn more_says_exactly_whether_there_are_older_versions() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.add(&server).await;
    assert!(!history(&server, &ana, &first, 1).await.more);
    let mut newest = first.clone();
    for number in 2..=limits::HISTORY as u64 + 2 {
        newest = ana.next(&newest);
        ana.put(&server, &newest).await.ok::<ItemWriteResponse>();
        let page = history(&server, &ana, &first, number + 1).await;
        let most = limits::HISTORY as u64;
        assert_eq!(page.versions.len() as u64, number.min(most), "{number}");
        assert_eq!(page.more, number > most, "{number}");
    }
}

/// Ana's item, with `twins` revisions of number 2 beside the one that has a revision after it.
async fn with_twins(server: &Server, ana: &Member, twins: usize) -> (Writing, Vec<Writing>) {
    let first = ana.add(server).await;
    let mut beside = vec![ana.set(&first, Status::Active)];
    ana.put(server, &beside[0]).await.ok::<ItemWriteResponse>();
    let mut newest = beside[0].clone();
    for _ in 0..twins {
        let twin = ana.set(&first, Status::Active);
        let both = united(ana, &twin, &newest);
        let mut request = lost(newest.revision.revision, &[&twin, &both]);
        request.parts = vec![version(&twin)];
        ana.again(server, &request, &first).await.ok::<ItemWriteResponse>();
        beside.push(twin);
        newest = both;
    }
    (newest, beside)
}

#[tokio::test]
async fn all_revisions_of_one_number_come_together() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let (newest, beside) = with_twins(&server, &ana, limits::HISTORY).await;
    // Nineteen united ones, and then all twenty-one of number 2.
    let page = history(&server, &ana, &newest, newest.revision.revision).await;
    assert_eq!(page.versions.len(), limits::HISTORY - 1 + beside.len());
    assert!(beside.iter().all(|twin| page.versions.contains(&version(twin))));
    assert!(page.more);
    let page = history(&server, &ana, &newest, 2).await;
    assert_eq!((page.versions.len(), page.more), (1, false));
}

#[tokio::test]
async fn a_page_of_bodies_ends_behind_a_whole_number() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let twins = usize::try_from(LISTED).unwrap();
    let (newest, beside) = with_twins(&server, &ana, twins).await;
    let path = |after| format!("/v1/items/{}/revisions?after={after}&lists=true", newest.item);
    let page: RevisionsResponse = ana.get(&server, &path(0)).await.ok();
    assert_eq!(page.revisions.len(), 1 + beside.len(), "number 1, and all of number 2");
    let page: RevisionsResponse = ana.get(&server, &path(2)).await.ok();
    assert_eq!(page.revisions.len(), twins);
}
