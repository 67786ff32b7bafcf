//! What everybody sees beside the items themselves: their own log, its events, people, pages.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::{
    ChangesResponse, ErrorCode, ItemState, ItemWriteResponse, PeopleResponse, Reason,
};

use super::Scene;
use super::table::{ROLES, Role, STATES, State};
use crate::pages::PAGES;
use crate::testing::{Call, Member, lost};

/// What somebody's log says of an item.
#[derive(PartialEq, Debug)]
enum Logged {
    Nothing,
    There,
    Ended,
}

#[tokio::test]
async fn everybodys_log_has_what_they_have_and_what_ended() {
    let scene = Scene::new().await;
    for state in STATES {
        let last = scene.item(state).await;
        for role in ROLES {
            let who = scene.who(role);
            let mut call = Call::get("/v1/changes");
            if role != Role::SignedOut {
                call = call.token(&who.token);
            }
            let reply = scene.server.send(call).await;
            match role {
                Role::SignedOut => assert_eq!(reply.code(), ErrorCode::NotSignedIn),
                Role::Revoked => assert_eq!(reply.code(), ErrorCode::SessionRevoked),
                _ => {
                    let page: ChangesResponse = reply.ok();
                    let named = page.left.iter().any(|left| left.item == last.item);
                    let logged = match (
                        page.items.iter().any(|item| item.item == last.item),
                        page.ended.contains(&last.item),
                    ) {
                        (false, false) => Logged::Nothing,
                        (true, false) => Logged::There,
                        (false, true) => Logged::Ended,
                        (true, true) => panic!("{role:?}, {state:?}: both"),
                    };
                    let private = state == State::Private;
                    let expected = match role {
                        Role::Owner => Logged::There,
                        Role::Editor | Role::Viewer if !private => Logged::There,
                        // What is over has ended at once, noticed or not.
                        Role::Former | Role::Left | Role::Expired if !private => Logged::Ended,
                        _ => Logged::Nothing,
                    };
                    assert_eq!(logged, expected, "{role:?}, {state:?}");
                    let told = matches!(state, State::Waiting | State::Noticed);
                    assert_eq!(named, told && role == Role::Owner, "{role:?}, {state:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn only_who_has_a_confirmed_mailbox_shares() {
    let scene = Scene::new().await;
    for role in ROLES.into_iter().filter(|role| !matches!(role, Role::SignedOut | Role::Revoked)) {
        let who = scene.who(role);
        let first = who.add(&scene.server).await;
        let shared = who.share(&first, &[(&scene.guest, Permission::View, None)]);
        let again = who.again(&scene.server, &lost(1, &[&shared]), &first).await;
        let allowed = role != Role::Invited;
        assert_eq!(again.status.is_success(), allowed, "{role:?}");
        if allowed {
            continue;
        }
        for reply in [again, who.put(&scene.server, &shared).await] {
            assert_eq!(reply.code(), ErrorCode::NotAllowed);
            assert_eq!(reply.error().reason, Some(Reason::MailboxNotConfirmed));
        }
        let path = format!("/v1/items/{}", first.item);
        let state: ItemState = who.get(&scene.server, &path).await.ok();
        assert_eq!(state.revision, first.request.revision);
        assert_eq!(scene.guest.get(&scene.server, &path).await.code(), ErrorCode::NotFound);
        assert!(letters_of(&scene, who).await.is_empty());
        // A new epoch for oneself alone gives nobody access.
        who.put(&scene.server, &who.share(&first, &[])).await.ok::<ItemWriteResponse>();
    }
    scene.item(State::Active).await;
    assert!(!letters_of(&scene, scene.who(Role::Owner)).await.is_empty());
}

/// The letters in the outbox that name somebody's address.
async fn letters_of(scene: &Scene, who: &Member) -> Vec<String> {
    let mut connection = scene.server.state.database.read().await.unwrap();
    let letters: Vec<String> =
        sqlx::query_scalar("SELECT letter FROM mails").fetch_all(&mut *connection).await.unwrap();
    letters.into_iter().filter(|letter| letter.contains(&who.person.address)).collect()
}

#[tokio::test]
async fn events_and_people_are_for_whoever_is_signed_in() {
    let scene = Scene::new().await;
    for role in ROLES {
        let who = scene.who(role);
        let call = |path: &str| match role {
            Role::SignedOut => Call::get(path),
            _ => Call::get(path).token(&who.token),
        };
        let refused = match role {
            Role::SignedOut => Some(ErrorCode::NotSignedIn),
            Role::Revoked => Some(ErrorCode::SessionRevoked),
            _ => None,
        };
        if let Some(code) = refused {
            for path in ["/v1/events", "/v1/users?search=ed", "/v1/users?search=in"] {
                assert_eq!(scene.server.send(call(path)).await.code(), code, "{role:?} {path}");
            }
            continue;
        }
        let found = async |text: &str| {
            let path = format!("/v1/users?search={text}");
            let found: PeopleResponse = scene.server.send(call(&path)).await.ok();
            found.people.len()
        };
        assert_eq!(found("editor@").await, usize::from(role != Role::Editor), "{role:?}");
        assert_eq!(found("invited@").await, 0, "{role:?}: no confirmed mailbox");
        // One's own log, and nobody else's moves it.
        let mut events = scene.server.listen(call("/v1/events")).await;
        assert!(events.next().await.unwrap().starts_with("data: "), "{role:?}");
        if role != Role::Owner {
            scene.item(State::Private).await;
            assert!(events.is_quiet().await, "{role:?}: of what is not theirs nothing is told");
        }
    }
}

#[tokio::test]
async fn pages_are_the_same_for_everybody_and_every_item() {
    let scene = Scene::new().await;
    let items = [scene.item(State::Active).await.item, scene.item(State::Deleted).await.item];
    for (path, _, text) in PAGES {
        for role in ROLES {
            for item in items {
                let call = Call::get(path.replace("{item}", &item.to_string()));
                let call = match role {
                    Role::SignedOut => call,
                    _ => call.token(&scene.who(role).token),
                };
                let reply = scene.server.send(call).await;
                assert_eq!((reply.status.as_u16(), &*reply.body), (200, text.as_bytes()), "{path}");
            }
        }
    }
}
