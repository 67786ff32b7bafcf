//! New grantees of a list that comes along with a revision sent again: only those whom no list named before.

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::limits;
use mysafe_protocol::wire::{Envelope, ErrorCode, ItemWriteResponse};

use super::restored::{earlier, united};
use super::sharing::{EDIT, good, read, shared, three};
use crate::testing::{Member, Server, Writing, lost, sealed};

/// Begins an epoch above two branches, with a list that names one person.
fn rekeyed(ana: &Member, held: &Writing, beside: &Writing, with: &Member) -> Writing {
    let user = with.person.user();
    let mut over = united(ana, held, beside);
    over.request.key = Some(sealed(limits::SEALED_KEY));
    over.request.envelopes = vec![Envelope { user, blob: sealed(limits::ENVELOPE) }];
    let grant = Grant { to: Grantee::User(user), permission: Permission::View, until: None };
    let list = AccessList {
        item: held.item,
        epoch: held.revision.epoch.max(beside.revision.epoch) + 1,
        owner: ana.person.user(),
        commit: Hash([6; 32]),
        grants: vec![grant],
    };
    ana.with_list(&mut over, &list);
    over
}

async fn letters(server: &Server) -> i64 {
    let mut connection = server.state.database.read().await.unwrap();
    sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE letter LIKE '%hared%'")
        .fetch_one(&mut *connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_list_that_unites_two_branches_asks_new_people_only_for_their_mailboxes() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, _] = &people;
    let dan = Member::new(&server, "dan@example.com").await;
    let second = shared(&server, &people).await;
    let with_dan = ana.share(&second, &[(bea, EDIT, None), (&dan, Permission::View, None)]);
    let held = ana.share(&with_dan, &[(&dan, Permission::View, None)]);
    let beside = bea.set(&second, second.revision.status);
    good(&server, bea, &beside).await;
    let before = letters(&server).await;

    let over = rekeyed(ana, &held, &beside, &dan);
    let mut request = lost(3, &[&with_dan, &held, &over]);
    let reply = ana.again(&server, &request, &second).await;
    assert_eq!(reply.code(), ErrorCode::NotFound, "no confirmed mailbox, and new here");
    request.epochs = vec![earlier(&with_dan), earlier(&held)];
    ana.again(&server, &request, &second).await.ok::<ItemWriteResponse>();
    read(&server, &dan, &second).await.unwrap();
    assert_eq!(letters(&server).await, before, "no letter to who had access");
}

#[tokio::test]
async fn a_list_that_unites_two_branches_names_nobody_whose_access_ended() {
    let server = Server::open().await;
    let people = three(&server).await;
    let [ana, bea, cho] = &people;
    let second = shared(&server, &people).await;
    let held = ana.share(&second, &[(cho, EDIT, None)]);
    let beside = bea.set(&second, second.revision.status);
    good(&server, bea, &beside).await;
    let path = format!("/v1/items/{}/access/{}", second.item, cho.person.user());
    let end = crate::testing::Call::new("DELETE", path).token(&ana.token);
    assert_eq!(server.send(end).await.status, 204);
    let over = rekeyed(ana, &held, &beside, cho);
    let reply = ana.again(&server, &lost(3, &[&held, &over]), &second).await;
    assert_eq!(reply.code(), ErrorCode::OwnerFirst);
    let over = rekeyed(ana, &held, &beside, bea);
    ana.again(&server, &lost(3, &[&held, &over]), &second).await.ok::<ItemWriteResponse>();
}
