//! How access ends, and what is mailed when it begins.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::{ErrorCode, Left};

use super::sharing::{EDIT, VIEW, changes, good, read, shared, three};
use crate::serve::sweep;
use crate::testing::{Call, Member, Server};

#[tokio::test]
async fn access_until_ends_by_itself_and_then_the_owner_writes_first() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let first = ana.add(&server).await;
    let until = Some(server.state.clock.now().unsigned_abs() + 60);
    let second = ana.share(&first, &[(bea, EDIT, None), (cho, VIEW, until)]);
    good(&server, ana, &second).await;
    server.wait(59);
    sweep(&server.state).await.unwrap();
    read(&server, cho, &second).await.unwrap();
    assert_eq!(changes(&server, cho, 0).await.items.len(), 1);

    server.wait(1);
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound), "at once");
    assert_eq!(changes(&server, cho, 0).await.items.len(), 0);
    let edit = bea.set(&second, Status::Active);
    assert_eq!(bea.put(&server, &edit).await.code(), ErrorCode::OwnerFirst);
    // The round that the server makes every minute tells both.
    let mut events = server.listen(Call::get("/v1/events").token(&cho.token)).await;
    assert_eq!(events.next().await.unwrap(), "data: 2\n\n");
    sweep(&server.state).await.unwrap();
    assert_eq!(events.next().await.unwrap(), "data: 3\n\n");
    assert_eq!(changes(&server, cho, 2).await.ended, [second.item]);
    let page = changes(&server, ana, 3).await;
    assert_eq!(page.left, [Left { item: second.item, user: cho.person.user() }]);
    assert_eq!(page.items.len(), 1);
    sweep(&server.state).await.unwrap();
    assert!(events.is_quiet().await, "once");

    let third = ana.share(&second, &[(bea, EDIT, None)]);
    good(&server, ana, &third).await;
    assert_eq!(changes(&server, ana, 0).await.left, []);
    good(&server, bea, &bea.set(&third, Status::Active)).await;
}

#[tokio::test]
async fn a_member_leaves_and_the_owner_is_told() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let leave = |who: &Member| {
        let path = format!("/v1/items/{}/access", second.item);
        Call::new("DELETE", path).token(&who.token)
    };
    assert_eq!(server.send(leave(ana)).await.code(), ErrorCode::NotAllowed);
    assert_eq!(server.send(leave(cho)).await.status, 204);
    assert_eq!(server.send(leave(cho)).await.code(), ErrorCode::NotFound);
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound));
    assert_eq!(changes(&server, cho, 2).await.ended, [second.item]);
    let page = changes(&server, ana, 3).await;
    assert_eq!(page.left, [Left { item: second.item, user: cho.person.user() }]);
    let edit = bea.set(&second, Status::Active);
    assert_eq!(bea.put(&server, &edit).await.code(), ErrorCode::OwnerFirst);
    // A list that still names them was made by who did not know: it brings nobody back, mails nobody.
    let kept = ana.share(&second, &[(bea, EDIT, None), (cho, VIEW, None)]);
    assert_eq!(ana.put(&server, &kept).await.code(), ErrorCode::OwnerFirst);
    assert_eq!(read(&server, cho, &second).await, Err(ErrorCode::NotFound));
    let third = ana.share(&second, &[(bea, EDIT, None)]);
    good(&server, ana, &third).await;
    // Now it is meant.
    let fourth = ana.share(&third, &[(bea, EDIT, None), (cho, VIEW, None)]);
    good(&server, ana, &fourth).await;
    read(&server, cho, &fourth).await.unwrap();
}

#[tokio::test]
async fn an_owner_ends_an_access_at_once_and_no_write_delays_it() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let end = |by: &Member, whom: &Member| {
        let path = format!("/v1/items/{}/access/{}", second.item, whom.person.user());
        Call::new("DELETE", path).token(&by.token)
    };
    for by in [bea, cho] {
        assert_eq!(server.send(end(by, cho)).await.code(), ErrorCode::NotAllowed);
    }
    let dan = Member::new(&server, "dan@example.com").await;
    assert_eq!(server.send(end(ana, &dan)).await.code(), ErrorCode::NotFound, "never named");
    assert_eq!(server.send(end(&dan, bea)).await.code(), ErrorCode::NotFound);
    // Bea's writes win every race: what Ana knows is never the newest.
    let (mut newest, mut known) = (second.clone(), second.clone());
    for _ in 0..5 {
        let hers = bea.set(&newest, Status::Active);
        good(&server, bea, &hers).await;
        let without = ana.share(&known, &[(cho, VIEW, None)]);
        assert_eq!(ana.put(&server, &without).await.code(), ErrorCode::Stale);
        (known, newest) = (newest, hers);
    }
    let before = changes(&server, ana, 0).await.position;
    assert_eq!(server.send(end(ana, bea)).await.status, 204);
    assert_eq!(
        bea.put(&server, &bea.set(&newest, Status::Active)).await.code(),
        ErrorCode::NotFound
    );
    assert_eq!(read(&server, bea, &second).await, Err(ErrorCode::NotFound));
    assert_eq!(changes(&server, bea, 0).await.ended, [second.item]);
    let page = changes(&server, ana, before).await;
    assert_eq!(page.left, [Left { item: second.item, user: bea.person.user() }]);
    assert_eq!(page.items.len(), 1);
    // Once more changes nothing.
    assert_eq!(server.send(end(ana, bea)).await.status, 204);
    assert_eq!(changes(&server, ana, 0).await.position, page.position);
    // Nobody writes before the next epoch, which names all but her.
    assert_eq!(
        ana.put(&server, &ana.set(&newest, Status::Active)).await.code(),
        ErrorCode::OwnerFirst
    );
    let kept = ana.share(&newest, &[(bea, EDIT, None), (cho, VIEW, None)]);
    assert_eq!(ana.put(&server, &kept).await.code(), ErrorCode::OwnerFirst);
    let without = ana.share(&newest, &[(cho, VIEW, None)]);
    good(&server, ana, &without).await;
    assert!(changes(&server, ana, 0).await.left.is_empty());
    assert_eq!(server.send(end(ana, bea)).await.status, 204, "removed before");
    good(&server, ana, &ana.set(&without, Status::Active)).await;
}

#[tokio::test]
async fn nobody_joins_an_item_that_is_not_active() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let first = ana.add(&server).await;
    let second = ana.share(&first, &[(bea, VIEW, None)]);
    good(&server, ana, &second).await;
    let third = ana.set(&second, Status::Inactive);
    good(&server, ana, &third).await;
    let more = ana.share(&third, &[(bea, VIEW, None), (cho, VIEW, None)]);
    assert_eq!(ana.put(&server, &more).await.code(), ErrorCode::NotAllowed);
    good(&server, ana, &ana.share(&third, &[])).await;
    assert_eq!(changes(&server, bea, 0).await.ended, [first.item]);
}

#[tokio::test]
async fn a_deletion_reaches_everyone_and_restoring_gives_it_to_the_owner_alone() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, _] = &people;
    let second = shared(&server, &people).await;
    let gone = ana.set(&second, Status::Deleted);
    good(&server, ana, &gone).await;
    let page = changes(&server, bea, 2).await;
    assert_eq!(page.items[0].revision, gone.request.revision);
    assert!(page.items[0].overview.is_empty());
    let back = ana.next_epoch(&gone);
    good(&server, ana, &back).await;
    assert_eq!(changes(&server, bea, 3).await.ended, [second.item]);
}

#[tokio::test]
async fn each_recipient_gets_one_letter_which_names_no_item() {
    let (server, receiver) = Server::with_mail().await;
    let people = three(&server).await;
    let [ana, bea, _] = &people;
    let second = shared(&server, &people).await;
    let edit = ana.share(&second, &[(bea, EDIT, None)]);
    good(&server, ana, &edit).await;
    while crate::mail::deliver(&server.state).await.unwrap() > 0 {}
    let mut mails = receiver.mails();
    mails.retain(|mail| mail.text.contains("An API secret was shared with you"));
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    // None for another permission.
    let [hers, his] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!((&*hers.to, &*his.to), ("bea@example.com", "cho@example.com"));
    for mail in [hers, his] {
        assert!(mail.text.contains("ana@example.com shared an API secret with you"));
        assert!(mail.text.contains(&format!("/item/{}", second.item)), "{}", mail.text);
    }
}
