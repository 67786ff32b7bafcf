//! What everybody sees beside the items themselves: their own log, its events, people, pages.

use mysafe_protocol::wire::{ChangesResponse, ErrorCode, PeopleResponse};

use super::Scene;
use super::table::{ROLES, Role, STATES, State};
use crate::pages::PAGES;
use crate::testing::Call;

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
