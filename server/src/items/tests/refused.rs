//! Writes that say something untrue, or too much.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::{Hash, ItemId};
use mysafe_protocol::wire::{ErrorCode, ItemState, ItemWriteResponse, UseRequest};
use mysafe_protocol::{Bytes, limits};

use crate::testing::{Call, Member, Reply, Server, Writing, sealed};

/// A change to a good second revision, and what it is refused as. `true`: signed again after it.
type Change<'a> = (&'a str, ErrorCode, bool, &'a dyn Fn(&mut Writing));

#[tokio::test]
async fn whatever_is_not_true_is_refused() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let first = ana.add(&server).await;
    let before: ItemState = ana.get(&server, &format!("/v1/items/{}", first.item)).await.ok();

    let (forged, malformed, stale) = (ErrorCode::Forged, ErrorCode::Malformed, ErrorCode::Stale);
    let changes: &[Change] = &[
        ("another author", forged, true, &|w| w.revision.author = bea.person.user()),
        ("another item", forged, true, &|w| w.revision.item = ItemId([1; 16])),
        ("another revision before", stale, true, &|w| w.revision.prev = Some(Hash([1; 32]))),
        ("no revision before", malformed, true, &|w| w.revision.prev = None),
        ("a revision beside that nobody has", stale, true, &|w| {
            w.revision.also = Some(Hash([1; 32]));
        }),
        ("a revision before that nobody has", forged, true, &|w| {
            w.revision.also = w.revision.prev.replace(Hash([1; 32]));
        }),
        ("another base", forged, false, &|w| w.request.base = 2),
        ("the number of the base", malformed, true, &|w| w.revision.revision = 1),
        ("too large a gap", forged, true, &|w| w.revision.revision = 2 + limits::GAP),
        ("a later epoch without key and list", malformed, true, &|w| {
            w.revision.epoch = 2;
            w.revision.list = Some(Hash([1; 32]));
        }),
        ("epoch 2 without list", malformed, true, &|w| w.revision.epoch = 2),
        ("a list in epoch 1", malformed, true, &|w| w.revision.list = Some(Hash([1; 32]))),
        ("deleted", malformed, true, &|w| w.revision.status = Status::Deleted),
        ("another overview", forged, false, &|w| w.request.overview.0[40] ^= 1),
        ("other details", forged, false, &|w| w.request.details.0[40] ^= 1),
        ("parts swapped", forged, false, &|w| {
            std::mem::swap(&mut w.request.overview, &mut w.request.details);
        }),
        ("a signature bent", forged, false, &|w| w.request.revision.signature.0[0] ^= 1),
        ("no signature", forged, false, &|w| w.request.revision.signature = Bytes(vec![])),
        ("signed by another", forged, false, &|w| {
            w.request.revision = bea.sign(&w.revision);
        }),
        ("a body bent", forged, false, &|w| {
            let last = w.request.revision.body.len() - 1;
            w.request.revision.body.0[last] ^= 1;
        }),
        ("a body cut", malformed, false, &|w| {
            w.request.revision.body.0.pop();
        }),
        ("a key again", malformed, false, &|w| w.request.key = Some(sealed(limits::SEALED_KEY))),
        ("a base out of bounds", malformed, false, &|w| w.request.base = u64::MAX),
        ("an overview of suite 2", malformed, false, &|w| w.request.overview.0[0] = 2),
        ("details of suite 2", malformed, false, &|w| w.request.details.0[0] = 2),
        ("no overview", malformed, false, &|w| w.request.overview = Bytes(vec![])),
    ];
    for (what, code, sign_again, change) in changes {
        let mut writing = ana.next(&first);
        change(&mut writing);
        if *sign_again {
            ana.sign_again(&mut writing);
        }
        assert_eq!(ana.put(&server, &writing).await.code(), *code, "{what}");
    }
    let after: ItemState = ana.get(&server, &format!("/v1/items/{}", first.item)).await.ok();
    assert_eq!(before, after);

    let mut widest = ana.next(&first);
    widest.revision.revision = 1 + limits::GAP;
    widest.revision.status = Status::Inactive;
    ana.sign_again(&mut widest);
    ana.put(&server, &widest).await.ok::<ItemWriteResponse>();
}

#[tokio::test]
async fn a_first_revision_follows_nothing_and_brings_the_key() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let mut no_key = ana.new_item();
    no_key.request.key = None;
    assert_eq!(ana.put(&server, &no_key).await.code(), ErrorCode::Malformed);
    let mut short_key = ana.new_item();
    short_key.request.key = Some(sealed(limits::SEALED_KEY - 1));
    assert_eq!(ana.put(&server, &short_key).await.code(), ErrorCode::Malformed);
    let mut follows = ana.new_item();
    follows.revision.prev = Some(Hash([1; 32]));
    ana.sign_again(&mut follows);
    assert_eq!(ana.put(&server, &follows).await.code(), ErrorCode::Malformed);
    let mut base = ana.new_item();
    base.request.base = 1;
    assert_eq!(ana.put(&server, &base).await.code(), ErrorCode::Forged);
    let mut far = ana.new_item();
    far.revision.revision = limits::GAP + 1;
    ana.sign_again(&mut far);
    assert_eq!(ana.put(&server, &far).await.code(), ErrorCode::Malformed);
    let mut zero = ana.new_item();
    zero.revision.revision = 0;
    ana.sign_again(&mut zero);
    assert_eq!(ana.put(&server, &zero).await.code(), ErrorCode::Malformed);
    // The path says another item than the body.
    let writing = ana.new_item();
    let elsewhere = Call::put(format!("/v1/items/{}", ItemId([1; 16]))).token(&ana.token);
    let reply = server.send(elsewhere.json(&writing.request)).await;
    assert_eq!(reply.code(), ErrorCode::Forged);
    let nowhere = Call::put("/v1/items/x").token(&ana.token).json(&writing.request);
    assert_eq!(server.send(nowhere).await.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn everything_has_a_largest_size() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let overview = limits::SEAL + limits::OVERVIEW;
    let details = limits::SEAL + limits::DETAILS;
    let of = |overview: usize, details: usize| {
        let mut writing = ana.new_item();
        writing.request.overview = sealed(overview);
        writing.request.details = sealed(details);
        ana.sign_again(&mut writing);
        writing
    };
    ana.put(&server, &of(overview, details)).await.ok::<ItemWriteResponse>();
    assert_eq!(ana.put(&server, &of(overview + 1, 100)).await.code(), ErrorCode::TooLarge);
    assert_eq!(ana.put(&server, &of(100, details + 1)).await.code(), ErrorCode::TooLarge);
    let mut body = ana.new_item();
    body.request.revision.body = sealed(limits::BODY + 1);
    assert_eq!(ana.put(&server, &body).await.code(), ErrorCode::TooLarge);
    let mut key = ana.new_item();
    key.request.key = Some(sealed(limits::SEALED_KEY + 1));
    assert_eq!(ana.put(&server, &key).await.code(), ErrorCode::TooLarge);
    let huge = of(limits::REQUEST, 100);
    assert_eq!(ana.put(&server, &huge).await.code(), ErrorCode::TooLarge);
}

impl Member {
    /// Says that an item was used now.
    pub async fn set_use(&self, server: &Server, writing: &Writing) -> Reply {
        self.set_use_to(server, writing, sealed(limits::USE)).await
    }

    /// Says when an item was used.
    pub async fn set_use_to(&self, server: &Server, writing: &Writing, blob: Bytes) -> Reply {
        let call = Call::put(format!("/v1/items/{}/use", writing.item)).token(&self.token);
        server.send(call.json(&UseRequest { blob })).await
    }
}

#[tokio::test]
async fn a_use_record_is_sealed_and_small() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let item = ana.add(&server).await;
    assert_eq!(ana.set_use(&server, &item).await.status, 204);
    let with = |blob| ana.set_use_to(&server, &item, blob);
    assert_eq!(with(sealed(limits::USE + 1)).await.code(), ErrorCode::TooLarge);
    assert_eq!(with(sealed(limits::SEAL - 1)).await.code(), ErrorCode::Malformed);
    assert_eq!(with(Bytes(vec![2; limits::USE])).await.code(), ErrorCode::Malformed);
    assert_eq!(ana.set_use(&server, &ana.new_item()).await.code(), ErrorCode::NotFound);
}
