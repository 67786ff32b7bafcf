//! Deleting, restoring within thirty days, and the epochs of an item's key.

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Status};
use mysafe_protocol::bytes::{Hash, IdentifierTag, ItemId, OperationId, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{
    Envelope, ErrorCode, HistoryResponse, ItemState, ItemWriteResponse, RevisionsResponse,
    WriteAgainRequest,
};

use crate::items::epochs::RESTORABLE;
use crate::serve::sweep;
use crate::state::random;
use crate::testing::{Call, Member, Server, Writing, sealed};

/// An item that was written, disabled and deleted.
async fn deleted(server: &Server, ana: &Member) -> [Writing; 3] {
    let first = ana.add(server).await;
    let inactive = ana.set(&first, Status::Inactive);
    ana.put(server, &inactive).await.ok::<ItemWriteResponse>();
    let gone = ana.set(&inactive, Status::Deleted);
    ana.put(server, &gone).await.ok::<ItemWriteResponse>();
    [first, inactive, gone]
}

async fn state(server: &Server, ana: &Member, item: &ItemId) -> ItemState {
    ana.get(server, &format!("/v1/items/{item}")).await.ok()
}

#[tokio::test]
async fn only_a_new_epoch_follows_a_deletion() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let [_, inactive, gone] = deleted(&server, &ana).await;
    let here = state(&server, &ana, &gone.item).await;
    assert_eq!((here.overview.len(), here.details.len()), (0, 0));
    assert_eq!(here.revision, gone.request.revision);
    for status in [Status::Active, Status::Inactive, Status::Deleted] {
        let mut after = ana.set(&gone, status);
        after.request.key = None;
        assert_eq!(ana.put(&server, &after).await.code(), ErrorCode::Forged, "{status:?}");
    }
    let mut filled = ana.set(&inactive, Status::Deleted);
    filled.request.overview = sealed(limits::SEAL + 256);
    ana.sign_again(&mut filled);
    assert_eq!(ana.put(&server, &filled).await.code(), ErrorCode::Malformed);
    // What it was is there to be restored.
    let path = format!("/v1/items/{}/history?before={}", gone.item, gone.revision.revision);
    let history: HistoryResponse = ana.get(&server, &path).await.ok();
    assert_eq!(history.versions[0].overview, inactive.request.overview);
    assert_eq!(history.keys, []);

    let again = ana.next_epoch(&gone);
    ana.put(&server, &again).await.ok::<ItemWriteResponse>();
    let here = state(&server, &ana, &gone.item).await;
    assert_eq!(here.list, again.request.list);
    assert_eq!(Some(here.key), again.request.key);
    let history: HistoryResponse = ana.get(&server, &path).await.ok();
    assert_eq!(history.keys.len(), 1);
    assert_eq!(history.keys[0].epoch, 1);
    // It goes on in its new epoch, and can be deleted once more.
    let next = ana.set(&again, Status::Inactive);
    ana.put(&server, &next).await.ok::<ItemWriteResponse>();
    let gone = ana.set(&next, Status::Deleted);
    ana.put(&server, &gone).await.ok::<ItemWriteResponse>();
    assert_eq!(state(&server, &ana, &gone.item).await.list, again.request.list);
}

#[tokio::test]
async fn the_identifier_of_a_deleted_item_is_free() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let mut first = ana.new_item();
    first.request.identifier = Some(IdentifierTag([1; 16]));
    ana.put(&server, &first).await.ok::<ItemWriteResponse>();
    let mut inactive = ana.set(&first, Status::Inactive);
    inactive.request.identifier = first.request.identifier;
    ana.put(&server, &inactive).await.ok::<ItemWriteResponse>();
    let mut gone = ana.set(&inactive, Status::Deleted);
    gone.request.identifier = first.request.identifier;
    assert_eq!(ana.put(&server, &gone).await.code(), ErrorCode::Malformed);
    gone.request.identifier = None;
    ana.put(&server, &gone).await.ok::<ItemWriteResponse>();
    let mut other = ana.new_item();
    other.request.identifier = first.request.identifier;
    ana.put(&server, &other).await.ok::<ItemWriteResponse>();
    let mut again = ana.next_epoch(&gone);
    again.request.identifier = first.request.identifier;
    assert_eq!(ana.put(&server, &again).await.code(), ErrorCode::IdentifierTaken);
}

#[tokio::test]
async fn after_thirty_days_only_the_signed_bodies_are_left() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let kept = ana.add(&server).await;
    let [first, inactive, gone] = deleted(&server, &ana).await;
    let path = format!("/v1/items/{}/history?before={}", gone.item, gone.revision.revision);
    let count = async || {
        sweep(&server.state).await.unwrap();
        // Its session ends meanwhile.
        let call = Call::get(&path).token(&ana.person.sign_in(&server).await.token);
        server.send(call).await.ok::<HistoryResponse>().versions.len()
    };
    server.wait(RESTORABLE - 1);
    assert_eq!(count().await, 2);
    server.wait(1);
    assert_eq!(count().await, 0);
    let ana = Member { token: ana.person.sign_in(&server).await.token, ..ana };
    let path = format!("/v1/items/{}/revisions", gone.item);
    let bodies: RevisionsResponse = ana.get(&server, &path).await.ok();
    let all = [&first, &inactive, &gone].map(|writing| writing.request.revision.clone());
    assert_eq!(bodies.revisions, all);
    let other = state(&server, &ana, &kept.item).await;
    assert_eq!(other.overview, kept.request.overview, "what was not deleted stays");
}

#[tokio::test]
async fn an_epoch_begins_with_its_own_list_and_key() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = Member::new(&server, "bea@example.com").await;
    let first = ana.add(&server).await;
    let good = ana.next_epoch(&first);
    let list = AccessList {
        item: first.item,
        epoch: 2,
        owner: ana.person.user(),
        commit: Hash([6; 32]),
        grants: vec![],
    };
    let (forged, malformed) = (ErrorCode::Forged, ErrorCode::Malformed);
    type Change<'a> = (&'a str, ErrorCode, &'a dyn Fn(&mut Writing));
    let changes: &[Change] = &[
        ("no key", malformed, &|w| w.request.key = None),
        ("no list", malformed, &|w| w.request.list = None),
        ("a list bent", forged, &|w| w.request.list.as_mut().unwrap().signature.0[0] ^= 1),
        ("a list that is none", malformed, &|w| w.request.list.as_mut().unwrap().body.0.clear()),
        ("a list signed by another", forged, &|w| bea.with_list(w, &list)),
        ("a list of another item", forged, &|w| {
            let other = AccessList { item: ItemId([1; 16]), ..list.clone() };
            ana.with_list(w, &other);
        }),
        ("a list of another owner", forged, &|w| {
            let other = AccessList { owner: UserId([1; 32]), ..list.clone() };
            ana.with_list(w, &other);
        }),
        ("a list of another epoch", forged, &|w| {
            let other = AccessList { epoch: 3, ..list.clone() };
            ana.with_list(w, &other);
            w.revision.epoch = 2;
            ana.sign_again(w);
        }),
        ("too many epochs left out", forged, &|w| {
            let other = AccessList { epoch: 2 + limits::GAP, ..list.clone() };
            ana.with_list(w, &other);
        }),
        ("the hash of another list", forged, &|w| {
            w.revision.list = Some(Hash([1; 32]));
            ana.sign_again(w);
        }),
        ("somebody who gets no envelope", malformed, &|w| {
            let to = Grantee::User(bea.person.user());
            let grant = Grant { to, permission: Permission::View, until: None };
            let other = AccessList { grants: vec![grant], ..list.clone() };
            ana.with_list(w, &other);
        }),
    ];
    for (what, code, change) in changes {
        let mut writing = good.clone();
        change(&mut writing);
        // Signed by somebody else is a revision of somebody else.
        assert_eq!(ana.put(&server, &writing).await.code(), *code, "{what}");
    }
    ana.put(&server, &good).await.ok::<ItemWriteResponse>();
    // The list stays as long as the epoch.
    let mut next = ana.set(&good, Status::Active);
    next.revision.list = Some(Hash([1; 32]));
    ana.sign_again(&mut next);
    assert_eq!(ana.put(&server, &next).await.code(), ErrorCode::Forged);
    let mut back = ana.set(&good, Status::Active);
    (back.revision.epoch, back.revision.list) = (1, None);
    ana.sign_again(&mut back);
    assert_eq!(ana.put(&server, &back).await.code(), ErrorCode::Forged);
    let mut again = ana.set(&good, Status::Active);
    again.request.list = good.request.list.clone();
    assert_eq!(ana.put(&server, &again).await.code(), ErrorCode::Malformed);
    // A new item begins in the private epoch.
    let mut new = ana.new_item();
    let list = AccessList { item: new.item, ..list };
    ana.with_list(&mut new, &list);
    assert_eq!(ana.put(&server, &new).await.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn epochs_may_have_gaps_and_a_deletion_may_begin_one() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let bea = super::sharing::member(&server, "bea").await;
    let first = ana.add(&server).await;
    let list = AccessList {
        item: first.item,
        epoch: 1 + limits::GAP,
        owner: ana.person.user(),
        commit: Hash([6; 32]),
        grants: vec![],
    };
    let mut far = ana.next_epoch(&first);
    ana.with_list(&mut far, &list);
    ana.put(&server, &far).await.ok::<ItemWriteResponse>();

    let mut gone = ana.set(&far, Status::Deleted);
    gone.request.key = Some(sealed(limits::SEALED_KEY));
    let list = AccessList { epoch: list.epoch + 7, ..list };
    ana.with_list(&mut gone, &list);
    let mut shared = gone.clone();
    let to = Grantee::User(bea.person.user());
    let grant = Grant { to, permission: Permission::View, until: None };
    let envelope = Envelope { user: bea.person.user(), blob: sealed(limits::ENVELOPE) };
    shared.request.envelopes = vec![envelope];
    ana.with_list(&mut shared, &AccessList { grants: vec![grant], ..list });
    assert_eq!(ana.put(&server, &shared).await.code(), ErrorCode::Malformed);
    ana.put(&server, &gone).await.ok::<ItemWriteResponse>();
    let here = state(&server, &ana, &first.item).await;
    assert_eq!(here.list, gone.request.list);
    assert!(here.overview.is_empty());
}

#[tokio::test]
async fn a_deletion_and_what_follows_come_again_after_a_restore() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let first = ana.add(&server).await;
    let inactive = ana.set(&first, Status::Inactive);
    let gone = ana.set(&inactive, Status::Deleted);
    let again = ana.next_epoch(&gone);
    let send = async |base: u64, between: &[&Writing], last: &Writing| {
        let mut write = last.request.clone();
        (write.operation, write.base) = (OperationId(random()), base);
        if base == 0 {
            write.key = Some(sealed(limits::SEALED_KEY));
        }
        let between = between.iter().map(|writing| writing.request.revision.clone()).collect();
        let call = Call::put(format!("/v1/items/{}/again", last.item)).token(&ana.token);
        server.send(call.json(&WriteAgainRequest::new(write, between))).await
    };
    let reply = send(1, &[&gone], &again).await;
    assert_eq!(reply.code(), ErrorCode::Stale, "a body left out");
    let revived = ana.set(&gone, Status::Inactive);
    let reply = send(1, &[&inactive, &gone], &revived).await;
    assert_eq!(reply.code(), ErrorCode::Stale, "nothing follows a deletion in its epoch");
    send(1, &[&inactive], &gone).await.ok::<ItemWriteResponse>();
    let here = state(&server, &ana, &first.item).await;
    assert_eq!(here.revision, gone.request.revision);
    send(3, &[], &again).await.ok::<ItemWriteResponse>();
    assert_eq!(state(&server, &ana, &first.item).await.list, again.request.list);

    // An item that is not known at all, in a later epoch.
    let other = ana.new_item();
    let later = ana.next_epoch(&other);
    let mut listless = later.clone();
    listless.request.list = None;
    assert_eq!(send(0, &[&other], &listless).await.code(), ErrorCode::Malformed);
    send(0, &[&other], &later).await.ok::<ItemWriteResponse>();
    assert_eq!(state(&server, &ana, &other.item).await.list, later.request.list);
}
