//! While the present list names somebody whose access ended, only its owner's next epoch goes on.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::{ErrorCode, ItemWriteResponse, Left};

use super::restored::united;
use super::sharing::{EDIT, VIEW, changes, good, read, shared, three};
use crate::testing::{Call, Member, Server, Writing, lost};

async fn leave(server: &Server, who: &Member, item: &Writing) {
    let call = Call::new("DELETE", format!("/v1/items/{}/access", item.item)).token(&who.token);
    assert_eq!(server.send(call).await.status, 204);
}

#[tokio::test]
async fn nobody_writes_in_a_stale_epoch_and_the_owner_begins_the_next() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let hers = bea.set(&second, Status::Active);
    good(&server, bea, &hers).await;
    leave(&server, cho, &second).await;
    for who in [ana, bea] {
        for status in [Status::Active, Status::Inactive] {
            let reply = who.put(&server, &who.set(&hers, status)).await;
            assert_eq!(reply.code(), ErrorCode::OwnerFirst);
        }
    }
    let gone = ana.set(&hers, Status::Deleted);
    assert_eq!(ana.put(&server, &gone).await.code(), ErrorCode::OwnerFirst);
    // A list that goes on naming who left was made by who did not know.
    let kept = ana.share(&hers, &[(bea, EDIT, None), (cho, VIEW, None)]);
    assert_eq!(ana.put(&server, &kept).await.code(), ErrorCode::OwnerFirst);
    let next = ana.share(&hers, &[(bea, EDIT, None)]);
    good(&server, ana, &next).await;
    good(&server, bea, &bea.set(&next, Status::Active)).await;
}

#[tokio::test]
async fn in_a_stale_epoch_revisions_come_again_as_they_were_signed_but_are_not_united() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let lost_one = ana.set(&second, Status::Active);
    let beside = bea.set(&second, Status::Active);
    good(&server, bea, &beside).await;
    leave(&server, cho, &second).await;
    for who in [ana, bea] {
        let both = united(who, &lost_one, &beside);
        let request = lost(3, &[&lost_one, &both]);
        let reply = who.again(&server, &request, &second).await;
        assert_eq!(reply.code(), ErrorCode::OwnerFirst);
    }
    let hers = bea.set(&beside, Status::Active);
    bea.again(&server, &lost(3, &[&hers]), &second).await.ok::<ItemWriteResponse>();
    let own = ana.set(&hers, Status::Active);
    ana.again(&server, &lost(4, &[&own]), &second).await.ok::<ItemWriteResponse>();
    // Bea united two and knew nothing of it; the owner sends it as she signed it.
    let both = united(bea, &lost_one, &own);
    let request = lost(5, &[&lost_one, &both]);
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
}

#[tokio::test]
async fn a_list_that_comes_again_brings_nobody_back_whose_access_ended() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let third = ana.share(&second, &[(bea, VIEW, None), (cho, EDIT, None)]);
    leave(&server, cho, &second).await;
    let request = lost(2, &[&third]);
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound));
    let left = changes(&server, ana, 0).await.left;
    assert_eq!(left, [Left { item: second.item, user: cho.person.user() }]);
    let edit = ana.set(&third, Status::Active);
    assert_eq!(ana.put(&server, &edit).await.code(), ErrorCode::OwnerFirst);
    // A list between took them off: the next one, which names them again, meant it.
    let fourth = ana.share(&third, &[(bea, VIEW, None)]);
    let fifth = ana.share(&fourth, &[(cho, VIEW, None)]);
    let mut request = lost(3, &[&fourth, &fifth]);
    request.epochs = vec![super::restored::earlier(&fourth)];
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
    assert_eq!(read(&server, cho, &second).await.unwrap().list, fifth.request.list);
    assert_eq!(read(&server, bea, &second).await, Err(ErrorCode::NotFound));
    assert!(changes(&server, ana, 0).await.left.is_empty());
}

#[tokio::test]
async fn a_list_that_comes_again_may_name_somebody_whose_time_passed() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let first = ana.add(&server).await;
    let until = Some(server.state.clock.now().unsigned_abs() + 60);
    let second = ana.share(&first, &[(bea, EDIT, None), (cho, VIEW, until)]);
    server.wait(60);
    assert_eq!(ana.put(&server, &second).await.code(), ErrorCode::Malformed);
    ana.again(&server, &lost(1, &[&second]), &first).await.ok::<ItemWriteResponse>();
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound));
    assert_eq!(changes(&server, ana, 0).await.left.len(), 1);
    read(&server, bea, &second).await.unwrap();
    good(&server, ana, &ana.share(&second, &[(bea, EDIT, None)])).await;
}
