//! Limits that an account tries to get around. Each is a rule of `docs/server.md`.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{Permission, Revision, Signed, Status};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{
    ErrorCode, HistoryResponse, ItemState, ItemVersion, ItemWriteResponse, Reason,
    RevisionsResponse, WriteAgainRequest,
};

use crate::settings::Limits;
use crate::testing::{Call, Member, Server, Writing, lost, reached, sealed};
use crate::{items, mail, mailboxes};

async fn confirmed(server: &Server, name: &str) -> Member {
    let member = Member::new(server, &format!("{name}@example.com")).await;
    let mut transaction = server.state.database.write().await.unwrap();
    mailboxes::confirm(&mut transaction, &member.person.address, 1).await.unwrap();
    transaction.commit().await.unwrap();
    member
}

async fn with(change: impl FnOnce(&mut Limits)) -> (Server, Member, Member) {
    let server = Server::with(|settings| {
        settings.open_signups = true;
        change(&mut settings.limits);
    })
    .await;
    let (ana, bea) = (confirmed(&server, "ana").await, confirmed(&server, "bea").await);
    (server, ana, bea)
}

async fn put(server: &Server, who: &Member, writing: &Writing) {
    who.put(server, writing).await.ok::<ItemWriteResponse>();
}

/// Returns the bytes and items that the server counts of an account.
async fn stored(server: &Server, who: &Member) -> (i64, i64) {
    sqlx::query_as("SELECT bytes, items FROM storage WHERE owner = $1")
        .bind(&who.person.user().0[..])
        .fetch_optional(&mut *server.state.database.read().await.unwrap())
        .await
        .unwrap()
        .unwrap_or_default()
}

fn large(who: &Member, mut writing: Writing, bytes: usize) -> Writing {
    writing.request.details = sealed(limits::SEAL + bytes);
    who.sign_again(&mut writing);
    writing
}

fn parts(writing: &Writing) -> ItemVersion {
    ItemVersion {
        revision: writing.request.revision.clone(),
        overview: writing.request.overview.clone(),
        details: writing.request.details.clone(),
    }
}

/// A revision of this number over one, beside others perhaps.
fn over(who: &Member, before: &Writing, number: u64, also: Option<&Signed>) -> Writing {
    let mut writing = who.next(before);
    writing.revision.revision = number;
    writing.revision.epoch = before.revision.epoch;
    writing.revision.list = before.revision.list;
    writing.revision.also = also.map(Signed::hash);
    who.sign_again(&mut writing);
    writing
}

#[tokio::test]
async fn an_epoch_that_swaps_two_people_is_no_way_around_the_quotas() {
    let (server, ana, bea) = with(|limits| {
        limits.account_bytes = 300_000;
        limits.item_revisions = 5;
    })
    .await;
    let cai = confirmed(&server, "cai").await;
    let mut last = ana.add(&server).await;
    for round in 0..30 {
        let with = if round % 2 == 0 { &bea } else { &cai };
        let next = ana.share(&last, &[(with, Permission::View, None)]);
        let next = large(&ana, next, 100_000);
        let reply = ana.put(&server, &next).await;
        if !reply.status.is_success() {
            assert_eq!(reply.code(), ErrorCode::QuotaExceeded);
            return;
        }
        last = next;
    }
    panic!(
        "30 revisions of at most 5, and stored of at most 300000: {:?}",
        stored(&server, &ana).await
    );
}

#[tokio::test]
async fn deleted_items_that_were_shared_come_back_only_where_there_is_room() {
    let (server, ana, bea) = with(|limits| limits.account_items = 2).await;
    let mut deleted = Vec::new();
    for _ in 0..6 {
        let item = ana.add(&server).await;
        let shared = ana.share(&item, &[(&bea, Permission::View, None)]);
        put(&server, &ana, &shared).await;
        let gone = ana.set(&shared, Status::Deleted);
        put(&server, &ana, &gone).await;
        deleted.push(gone);
    }
    let mut refused = 0;
    for mut gone in deleted {
        gone.revision.status = Status::Active;
        let back = ana.put(&server, &ana.share(&gone, &[])).await;
        refused += u32::from(!back.status.is_success());
    }
    assert_eq!(refused, 4, "items of at most 2: {:?}", stored(&server, &ana).await);
}

#[tokio::test]
async fn a_deletion_brings_no_content_past_the_quota() {
    let (server, ana, _) = with(|limits| limits.account_bytes = 200_000).await;
    let one = ana.add(&server).await;
    let mut chain = vec![one.clone()];
    for _ in 0..12 {
        chain.push(large(&ana, ana.next(chain.last().unwrap()), 100_000));
    }
    chain.push(ana.set(chain.last().unwrap(), Status::Deleted));
    let sent: Vec<&Writing> = chain[1..].iter().collect();
    let mut request = lost(1, &sent);
    request.parts = chain[1..13].iter().map(parts).collect();
    let call = Call::put(format!("/v1/items/{}/again", one.item)).token(&ana.token);
    server.send(call.cbor(&request)).await.ok::<ItemWriteResponse>();
    let full = stored(&server, &ana).await;
    assert!((100_000..220_000).contains(&full.0), "stored of at most 200000: {full:?}");
    // More bodies than an honest device has to give back are no way around it either.
    let one = ana.add(&server).await;
    let mut chain = vec![one.clone()];
    for _ in 0..150 {
        chain.push(ana.next(chain.last().unwrap()));
    }
    chain.push(ana.set(chain.last().unwrap(), Status::Deleted));
    let sent: Vec<&Writing> = chain[1..].iter().collect();
    let reply = ana.again(&server, &lost(1, &sent), &one).await;
    assert_eq!(reply.error().reason, Some(Reason::AccountBytes));
    let gone = ana.set(&one, Status::Deleted);
    put(&server, &ana, &gone).await;
    // A second one deletes nothing more.
    for _ in 0..200 {
        if ana.put(&server, &ana.new_item()).await.status != 200 {
            break;
        }
    }
    let mut last = gone;
    for _ in 0..20 {
        let mut again = ana.share(&last, &[]);
        again.request.overview = last.request.overview.clone();
        again.request.details = last.request.details.clone();
        ana.sign_again(&mut again);
        let reply = ana.put(&server, &again).await;
        if !reply.status.is_success() {
            assert_eq!(reply.error().reason, Some(Reason::AccountBytes));
            return;
        }
        last = again;
    }
    panic!("deletions of what is deleted go on: {:?}", stored(&server, &ana).await);
}

#[tokio::test]
async fn revisions_that_are_sent_again_count_each() {
    let (server, ana, bea) = with(|limits| limits.item_revisions = 5).await;
    let item = ana.add(&server).await;
    let shared = ana.share(&item, &[(&bea, Permission::Edit, None)]);
    put(&server, &ana, &shared).await;
    let mut chain = vec![shared.clone()];
    for number in 3..103 {
        chain.push(over(&bea, chain.last().unwrap(), number, None));
    }
    let sent: Vec<&Writing> = chain[1..].iter().collect();
    let reply = bea.again(&server, &lost(2, &sent), &item).await;
    assert_eq!(reply.error().reason, Some(Reason::ItemRevisions), "100 revisions of at most 5");
    // A restored server gets back from the owner what it lost.
    ana.again(&server, &lost(2, &sent), &item).await.ok::<ItemWriteResponse>();
    let path = format!("/v1/items/{}/revisions", item.item);
    let bodies = ana.get(&server, &path).await.ok::<RevisionsResponse>();
    assert_eq!(bodies.revisions.len(), 102);
}

#[tokio::test]
async fn an_editor_fills_an_item_and_not_the_account_of_its_owner() {
    let (server, ana, bea) = with(|limits| limits.item_bytes = 300_000).await;
    let item = ana.add(&server).await;
    let mut last = ana.share(&item, &[(&bea, Permission::Edit, None)]);
    put(&server, &ana, &last).await;
    let before = reached(&server, "item_bytes").await;
    for number in 3..5 {
        last = large(&bea, over(&bea, &last, number, None), 120_000);
        put(&server, &bea, &last).await;
    }
    let more = large(&bea, over(&bea, &last, 5, None), 120_000);
    assert_eq!(bea.put(&server, &more).await.error().reason, Some(Reason::AccountBytes));
    assert!(reached(&server, "item_bytes").await > before);
    put(&server, &ana, &ana.new_item()).await;
    // The owner takes the item back, and what was erased of it makes room.
    let alone = ana.share(&last, &[]);
    put(&server, &ana, &alone).await;
    put(&server, &ana, &ana.set(&alone, Status::Deleted)).await;
    server.wait(items::RESTORABLE);
    crate::serve::sweep(&server.state).await.unwrap();
    let bytes: i64 = sqlx::query_scalar("SELECT bytes FROM items WHERE id = $1")
        .bind(&item.item.0[..])
        .fetch_one(&mut *server.state.database.read().await.unwrap())
        .await
        .unwrap();
    assert!((4_000..12_000).contains(&bytes), "{bytes}");
}

#[tokio::test]
async fn no_answer_of_a_history_is_larger_than_a_page() {
    let (server, ana, _) = with(|_| {}).await;
    let one = ana.add(&server).await;
    let mut head = one.clone();
    for _ in 0..8 {
        let base = head.revision.revision;
        let mut between = Vec::new();
        let mut sealed_parts = Vec::new();
        for step in 1..=10 {
            let beside = large(&ana, over(&ana, &one, 2, None), 128_000);
            let also = beside.request.revision.clone();
            head = over(&ana, &head, base.max(2) + step, Some(&also));
            between.extend([also, head.request.revision.clone()]);
            sealed_parts.push(parts(&beside));
        }
        between.pop();
        let mut write = head.request.clone();
        write.base = base;
        let request =
            WriteAgainRequest { parts: sealed_parts, ..WriteAgainRequest::new(write, between) };
        let call = Call::put(format!("/v1/items/{}/again", one.item)).token(&ana.token);
        server.send(call.cbor(&request)).await.ok::<ItemWriteResponse>();
    }
    let path = |query: String| format!("/v1/items/{}/history?{query}", one.item);
    let (mut query, mut hashes) = ("before=3".to_owned(), BTreeSet::new());
    for page in 0.. {
        let reply = ana.get(&server, &path(query)).await;
        // JSON takes four thirds of it.
        assert!(reply.body.len() < 6 << 20, "{} bytes in one answer", reply.body.len());
        let HistoryResponse { versions, more, rest, .. } = reply.ok();
        let last = &versions.last().unwrap().revision;
        let number = Revision::read(last).unwrap().revision;
        query = format!("before={}&after={}", number + 1, last.hash());
        hashes.extend(versions.iter().map(|version| version.revision.hash()));
        assert_eq!((rest, number), (more && number == 2, 2 - u64::from(!more)), "page {page}");
        if !more {
            assert!(page > 1, "several pages");
            break;
        }
    }
    // With the first version, which is of number 1.
    assert_eq!(hashes.len(), 81, "each comes once");
}

/// Delivers all letters; and which of them were to somebody, in their order.
async fn letters(server: &Server) -> Vec<String> {
    let folder = server.settings.data.join("mails");
    let mut letters = Vec::new();
    loop {
        mail::deliver(&server.state).await.unwrap();
        let texts: Vec<String> = std::fs::read_dir(&folder)
            .map(|mails| mails.map(|mail| mail.unwrap().path()).collect::<Vec<_>>())
            .unwrap_or_default()
            .into_iter()
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap();
                std::fs::remove_file(path).unwrap();
                text
            })
            .collect();
        if texts.is_empty() {
            return letters;
        }
        letters.extend(texts);
    }
}

/// Shares another item.
async fn share_new(server: &Server, ana: &Member, with: &Member) -> Writing {
    let item = ana.add(server).await;
    let shared = ana.share(&item, &[(with, Permission::View, None)]);
    put(server, ana, &shared).await;
    shared
}

#[tokio::test]
async fn a_flood_of_letters_of_one_account_does_not_delay_the_codes_of_others() {
    let (server, ana, bea) = with(|_| {}).await;
    for _ in 0..50 {
        share_new(&server, &ana, &bea).await;
    }
    let dora = Member::new(&server, "dora@example.com").await;
    server.wait(1);
    let ask = Call::post("/v1/mailbox/code").token(&dora.token);
    assert_eq!(server.send(ask).await.status, 204);
    let letters = letters(&server).await;
    let at = letters.iter().position(|letter| letter.contains("dora@example.com"));
    assert_eq!((at, letters.len()), (Some(0), 51));
}

#[tokio::test]
async fn a_person_is_mailed_of_an_item_once_a_day() {
    let (server, mut ana, bea) = with(|_| {}).await;
    let mut last = share_new(&server, &ana, &bea).await;
    for expected in [1, 0, 0] {
        assert_eq!(letters(&server).await.len(), expected);
        last = ana.share(&last, &[]);
        put(&server, &ana, &last).await;
        last = ana.share(&last, &[(&bea, Permission::View, None)]);
        put(&server, &ana, &last).await;
    }
    share_new(&server, &ana, &bea).await;
    assert_eq!(letters(&server).await.len(), 1, "another item");
    server.wait(24 * 60 * 60);
    ana.token = ana.person.sign_in(&server).await.token;
    last = ana.share(&last, &[]);
    put(&server, &ana, &last).await;
    put(&server, &ana, &ana.share(&last, &[(&bea, Permission::View, None)])).await;
    assert_eq!(letters(&server).await.len(), 1, "another day");
    crate::serve::sweep(&server.state).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM notices")
        .fetch_one(&mut *server.state.database.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(kept, 1, "days that are over are forgotten");
}

#[tokio::test]
async fn a_sender_has_so_many_letters_a_day_and_shares_all_the_same() {
    let (server, ana, bea) = with(|limits| limits.share_letters = 3).await;
    let before = reached(&server, "share_letters").await;
    for _ in 0..5 {
        let shared = share_new(&server, &ana, &bea).await;
        bea.get(&server, &format!("/v1/items/{}", shared.item)).await.ok::<ItemState>();
    }
    assert_eq!(letters(&server).await.len(), 3);
    assert!(reached(&server, "share_letters").await >= before + 2);
    share_new(&server, &bea, &ana).await;
    assert_eq!(letters(&server).await.len(), 1, "a neighbour has their own");
    server.wait(24 * 60 * 60);
    share_new(&server, &ana, &bea).await;
    assert_eq!(letters(&server).await.len(), 1);
}

#[tokio::test]
async fn an_editor_who_fills_an_item_can_be_made_a_viewer() {
    let (server, ana, bea) = with(|limits| limits.item_revisions = 5).await;
    let item = ana.add(&server).await;
    let mut last = ana.share(&item, &[(&bea, Permission::Edit, None)]);
    put(&server, &ana, &last).await;
    for number in 3..6 {
        last = over(&bea, &last, number, None);
        put(&server, &bea, &last).await;
    }
    let viewer = ana.share(&last, &[(&bea, Permission::View, None)]);
    assert_eq!(ana.put(&server, &viewer).await.status, 200);
}

#[tokio::test]
async fn only_what_is_stored_counts() {
    let (server, ana, bea) = with(|_| {}).await;
    let mut counted = Vec::new();
    for times in [1, 10] {
        let before = stored(&server, &ana).await.0;
        let item = ana.add(&server).await;
        let shared = ana.share(&item, &[(&bea, Permission::Edit, None)]);
        put(&server, &ana, &shared).await;
        let second = large(&bea, over(&bea, &shared, 3, None), 100_000);
        let third = over(&bea, &second, 4, None);
        let mut request = lost(2, &[&second, &third]);
        request.parts = vec![parts(&second); times];
        let call = Call::put(format!("/v1/items/{}/again", item.item)).token(&bea.token);
        server.send(call.cbor(&request)).await.ok::<ItemWriteResponse>();
        counted.push(stored(&server, &ana).await.0 - before);
    }
    assert_eq!(counted[0], counted[1]);
}

#[tokio::test]
async fn an_item_that_goes_back_leaves_nothing_of_itself_in_the_count() {
    let (server, ana, bea) = with(|_| {}).await;
    let cai = confirmed(&server, "cai").await;
    put(&server, &bea, &bea.new_item()).await;
    let before = stored(&server, &bea).await;
    let first = ana.new_item();
    let mut taken = bea.new_item();
    taken.item = first.item;
    taken.revision.item = first.item;
    bea.sign_again(&mut taken);
    put(&server, &bea, &taken).await;
    put(&server, &bea, &bea.share(&taken, &[(&cai, Permission::View, None)])).await;
    ana.again(&server, &lost(0, &[&first]), &first).await.ok::<ItemWriteResponse>();
    assert_eq!(stored(&server, &bea).await, before);
}
