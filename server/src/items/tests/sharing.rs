//! Items that others have access to: given, used, left, taken away, ended.

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Status};
use mysafe_protocol::bytes::{Hash, IdentifierTag, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{
    ChangesResponse, Envelope, ErrorCode, HistoryResponse, ItemState, ItemWriteResponse,
    RevisionsResponse,
};

use crate::mailboxes;
use crate::testing::{Call, Member, Server, Writing, sealed};

pub(super) const VIEW: Permission = Permission::View;
pub(super) const EDIT: Permission = Permission::Edit;

/// Somebody whose mailbox is confirmed.
pub(super) async fn member(server: &Server, name: &str) -> Member {
    let member = Member::new(server, &format!("{name}@example.com")).await;
    let mut transaction = server.state.database.write().await.unwrap();
    mailboxes::confirm(&mut transaction, &member.person.address, 1).await.unwrap();
    transaction.commit().await.unwrap();
    member
}

pub(super) async fn three(server: &Server) -> [Member; 3] {
    [member(server, "ana").await, member(server, "bea").await, member(server, "cho").await]
}

pub(super) async fn good(server: &Server, author: &Member, writing: &Writing) {
    author.put(server, writing).await.ok::<ItemWriteResponse>();
}

/// What Ana wrote, shared with Bea, who may edit, and Cho, who may view.
pub(super) async fn shared(server: &Server, [ana, bea, cho]: &[Member; 3]) -> Writing {
    let first = ana.add(server).await;
    let second = ana.share(&first, &[(bea, EDIT, None), (cho, VIEW, None)]);
    good(server, ana, &second).await;
    second
}

pub(super) async fn changes(server: &Server, member: &Member, after: u64) -> ChangesResponse {
    let epoch = server.state.epoch;
    member.get(server, &format!("/v1/changes?epoch={epoch}&position={after}")).await.ok()
}

pub(super) async fn read(
    server: &Server,
    member: &Member,
    writing: &Writing,
) -> Result<ItemState, ErrorCode> {
    let reply = member.get(server, &format!("/v1/items/{}", writing.item)).await;
    if reply.status.is_success() { Ok(reply.ok()) } else { Err(reply.code()) }
}

#[tokio::test]
async fn everyone_named_has_the_item_in_their_log_with_the_envelope_to_them() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let mut events = server.listen(Call::get("/v1/events").token(&bea.token)).await;
    assert_eq!(events.next().await.unwrap(), "data: 1\n\n");
    let first = ana.add(&server).await;
    let mut second = ana.share(&first, &[(bea, EDIT, None), (cho, VIEW, None)]);
    for (number, envelope) in second.request.envelopes.iter_mut().enumerate() {
        envelope.blob.0[1] = number as u8;
    }
    good(&server, ana, &second).await;
    assert_eq!(events.next().await.unwrap(), "data: 2\n\n");
    for who in [bea, cho] {
        let user = who.person.user();
        let page = changes(&server, who, 1).await;
        assert_eq!((page.position, page.more, page.items.len()), (2, false, 1));
        let [state] = &page.items[..] else { unreachable!() };
        let envelope = second.request.envelopes.iter().find(|envelope| envelope.user == user);
        assert_eq!(state.key, envelope.unwrap().blob);
        assert_eq!((state.owner, &state.list), (ana.person.user(), &second.request.list));
        assert_eq!(state.revision, second.request.revision);
        assert_eq!(read(&server, who, &second).await.as_ref(), Ok(state));
    }
    let own = read(&server, ana, &second).await.unwrap();
    assert_eq!(Some(own.key), second.request.key);
    // A first sync brings it too.
    assert_eq!(changes(&server, bea, 0).await.items.len(), 1);
}

#[tokio::test]
async fn who_may_edit_writes_for_all_and_the_identifier_stays() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let mut first = ana.new_item();
    first.request.identifier = Some(IdentifierTag([1; 16]));
    good(&server, ana, &first).await;
    let mut second = ana.share(&first, &[(bea, EDIT, None), (cho, VIEW, None)]);
    second.request.identifier = first.request.identifier;
    good(&server, ana, &second).await;

    let third = bea.set(&second, Status::Inactive);
    good(&server, bea, &third).await;
    for who in &people {
        let state = read(&server, who, &third).await.unwrap();
        assert_eq!(state.revision, third.request.revision);
        assert_eq!(changes(&server, who, 2).await.items.len(), 1);
    }
    let mut another = ana.new_item();
    another.request.identifier = first.request.identifier;
    assert_eq!(ana.put(&server, &another).await.code(), ErrorCode::IdentifierTaken);
    // Sent again it is answered again, with the editor's own position.
    let again = bea.put(&server, &third).await.ok::<ItemWriteResponse>();
    assert_eq!(again.position, changes(&server, bea, 0).await.position);
    // Over what is not the newest, the editor gets the newest as they see it.
    let late = bea.put(&server, &bea.set(&second, Status::Active)).await.error();
    assert_eq!(late.current, Some(read(&server, bea, &third).await.unwrap()));

    let mut tagged = bea.set(&third, Status::Active);
    tagged.request.identifier = Some(IdentifierTag([2; 16]));
    assert_eq!(bea.put(&server, &tagged).await.code(), ErrorCode::NotAllowed);
    let hers = cho.set(&third, Status::Active);
    assert_eq!(cho.put(&server, &hers).await.code(), ErrorCode::NotAllowed);
    let gone = bea.set(&third, Status::Deleted);
    assert_eq!(bea.put(&server, &gone).await.code(), ErrorCode::NotAllowed);
    let access = bea.share(&third, &[(cho, EDIT, None)]);
    assert_eq!(bea.put(&server, &access).await.code(), ErrorCode::NotAllowed);
    // In somebody else's name.
    let mut forged = cho.set(&third, Status::Active);
    forged.revision.author = bea.person.user();
    cho.sign_again(&mut forged);
    assert_eq!(cho.put(&server, &forged).await.code(), ErrorCode::Forged);
    assert_eq!(read(&server, ana, &third).await.unwrap().revision, third.request.revision);
}

#[tokio::test]
async fn whoever_is_removed_learns_that_and_nothing_else_any_more() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let third = ana.share(&second, &[(cho, VIEW, None)]);
    good(&server, ana, &third).await;
    let fourth = ana.set(&third, Status::Active);
    good(&server, ana, &fourth).await;

    let page = changes(&server, bea, 0).await;
    assert_eq!((page.items.len(), &page.ended), (0, &vec![second.item]));
    assert_eq!(page.position, 3, "the fourth revision is not in her log");
    assert_eq!(read(&server, bea, &second).await, Err(ErrorCode::NotFound));
    for path in ["revisions", "history?before=9"] {
        let path = format!("/v1/items/{}/{path}", second.item);
        assert_eq!(bea.get(&server, &path).await.code(), ErrorCode::NotFound);
    }
    let late = bea.set(&fourth, Status::Active);
    assert_eq!(bea.put(&server, &late).await.code(), ErrorCode::NotFound);

    // Cho goes on, and has the envelopes of both epochs.
    let page = changes(&server, cho, 0).await;
    assert_eq!((page.items.len(), page.ended.len()), (1, 0));
    let path = format!("/v1/items/{}/history?before=4", second.item);
    let history: HistoryResponse = cho.get(&server, &path).await.ok();
    assert_eq!(history.keys.len(), 1);
    assert_eq!((history.keys[0].epoch, history.keys[0].key.len()), (2, limits::ENVELOPE));
    // Named again, she has it again.
    let fifth = ana.share(&fourth, &[(bea, VIEW, None)]);
    good(&server, ana, &fifth).await;
    let page = changes(&server, bea, 3).await;
    assert_eq!((page.items.len(), page.ended.len()), (1, 0));
    assert_eq!(changes(&server, cho, 0).await.ended, [second.item]);
}

#[tokio::test]
async fn list_and_envelopes_name_the_same_people_who_can_be_found() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let dan = Member::new(&server, "dan@example.com").await;
    let first = ana.add(&server).await;
    let good_one = || ana.share(&first, &[(bea, EDIT, None), (cho, VIEW, None)]);
    type Change<'a> = (&'a str, ErrorCode, &'a dyn Fn(&mut Writing));
    let envelope = |user| Envelope { user, blob: sealed(limits::ENVELOPE) };
    let malformed = ErrorCode::Malformed;
    let changed: &[Change] = &[
        ("one too few", malformed, &|writing| drop(writing.request.envelopes.pop())),
        ("one too many", malformed, &|writing| {
            writing.request.envelopes.push(envelope(ana.person.user()));
        }),
        ("another order", malformed, &|writing| writing.request.envelopes.swap(0, 1)),
        ("somebody else", malformed, &|writing| {
            writing.request.envelopes[1].user = UserId([9; 32]);
        }),
        ("too short", malformed, &|writing| {
            writing.request.envelopes[0].blob.0.pop();
        }),
        ("too long", malformed, &|writing| writing.request.envelopes[0].blob.0.push(0)),
        ("another suite", malformed, &|writing| writing.request.envelopes[0].blob.0[0] = 2),
        ("far too many", ErrorCode::TooLarge, &|writing| {
            writing.request.envelopes = vec![envelope(ana.person.user()); limits::GRANTS + 1];
        }),
    ];
    for (why, code, change) in changed {
        let mut writing = good_one();
        change(&mut writing);
        assert_eq!(ana.put(&server, &writing).await.code(), *code, "{why}");
    }
    let mut without_list = ana.next(&first);
    without_list.request.envelopes = vec![envelope(bea.person.user())];
    assert_eq!(ana.put(&server, &without_list).await.code(), malformed);

    let unconfirmed = ana.share(&first, &[(&dan, VIEW, None)]);
    assert_eq!(ana.put(&server, &unconfirmed).await.code(), ErrorCode::NotFound);
    let now = server.state.clock.now().unsigned_abs();
    let over = ana.share(&first, &[(bea, VIEW, Some(now))]);
    assert_eq!(ana.put(&server, &over).await.code(), malformed);
    let mut strangers = good_one();
    let grants = |to| vec![Grant { to, permission: VIEW, until: None }];
    let (item, owner, commit) = (first.item, ana.person.user(), Hash([6; 32]));
    let list = |grants| AccessList { item, epoch: 2, owner, commit, grants };
    let nobody = UserId([9; 32]);
    strangers.request.envelopes = vec![envelope(nobody)];
    ana.with_list(&mut strangers, &list(grants(Grantee::User(nobody))));
    assert_eq!(ana.put(&server, &strangers).await.code(), ErrorCode::NotFound);
    strangers.request.envelopes = vec![];
    let group = Grantee::Group { id: Hash([8; 32]), epoch: 1 };
    ana.with_list(&mut strangers, &list(grants(group)));
    assert_eq!(ana.put(&server, &strangers).await.code(), ErrorCode::NotFound);
    // Nothing of all that happened.
    assert_eq!(changes(&server, bea, 0).await.position, 1);
    good(&server, ana, &good_one()).await;
}

#[tokio::test]
async fn the_lists_of_earlier_epochs_are_kept_and_given_to_the_owner_only() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let third = ana.share(&second, &[(cho, VIEW, None)]);
    good(&server, ana, &third).await;
    let fourth = ana.share(&third, &[(bea, EDIT, None)]);
    good(&server, ana, &fourth).await;
    let path = |after: u64| format!("/v1/items/{}/revisions?after={after}&lists=true", second.item);
    let answer: RevisionsResponse = ana.get(&server, &path(0)).await.ok();
    assert_eq!(answer.revisions.len(), 4);
    // The first epoch has none, the last is with the item itself.
    let lists = [second.request.list.clone().unwrap(), third.request.list.clone().unwrap()];
    assert_eq!(answer.lists, lists);
    let rest: RevisionsResponse = ana.get(&server, &path(2)).await.ok();
    assert_eq!((rest.revisions.len(), &rest.lists[..]), (2, &lists[1..]));
    let none: RevisionsResponse = ana.get(&server, &path(4)).await.ok();
    assert_eq!((none.revisions.len(), none.lists.len()), (0, 0));
    // Not asked for, not given.
    let plain = format!("/v1/items/{}/revisions?after=0", second.item);
    let answer: RevisionsResponse = ana.get(&server, &plain).await.ok();
    assert_eq!((answer.revisions.len(), answer.lists.len()), (4, 0));
    assert_eq!(bea.get(&server, &path(0)).await.code(), ErrorCode::NotAllowed);
    assert_eq!(cho.get(&server, &path(0)).await.code(), ErrorCode::NotFound);
}
