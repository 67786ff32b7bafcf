//! The permission table: everybody there is, with every route, with an item in every state. A route
//! without a row fails.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{Permission, Status};
use mysafe_protocol::bytes::IdentifierTag;
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ErrorCode, ItemState, ItemWriteResponse, WriteAgainRequest};
use serde_json::json;

use super::described;
use crate::items;
use crate::mailboxes;
use crate::testing::{Call, Member, Reply, Server, Writing, sealed};
use table::{About, Act, ROLES, ROWS, Role, STATES, State, expected};

mod seen;
mod table;

struct Scene {
    server: Server,
    /// In the order of [`ROLES`].
    people: Vec<Member>,
    guest: Member,
}

impl Scene {
    async fn new() -> Self {
        let server = Server::open().await;
        let mut people: Vec<Member> = Vec::new();
        // Whoever comes first is the administrator.
        let first = Member::new(&server, "administrator@example.com").await;
        for role in ROLES.into_iter().filter(|role| *role != Role::Administrator) {
            let address = format!("{role:?}@example.com").to_lowercase();
            people.push(Member::new(&server, &address).await);
        }
        people.insert(7, first);
        let guest = Member::new(&server, "guest@example.com").await;
        let mut transaction = server.state.database.write().await.unwrap();
        for member in people_but_invited(&people).chain([&guest]) {
            let address = &member.person.address;
            mailboxes::confirm(&mut transaction, address, 1).await.unwrap();
        }
        let user = people.last().unwrap().person.user();
        crate::sessions::revoke(&mut transaction, &user, None).await.unwrap();
        transaction.commit().await.unwrap();
        Self { server, people, guest }
    }

    fn who(&self, role: Role) -> &Member {
        let at = ROLES.iter().position(|known| *known == role).unwrap();
        &self.people[at]
    }

    async fn put(&self, writing: &Writing) {
        let owner = self.who(Role::Owner);
        owner.put(&self.server, writing).await.ok::<ItemWriteResponse>();
    }

    /// A new item in a state; gives its newest write.
    async fn item(&self, state: State) -> Writing {
        let owner = self.who(Role::Owner);
        let until = Some(self.server.state.clock.now().unsigned_abs() + 60);
        let (view, edit) = (Permission::View, Permission::Edit);
        let [editor, viewer, former, left, expired] =
            [Role::Editor, Role::Viewer, Role::Former, Role::Left, Role::Expired]
                .map(|role| self.who(role));
        let stay = [(editor, edit, None), (viewer, view, None)];
        let going = [(left, edit, None), (expired, edit, until)];
        let first = owner.new_item();
        self.put(&first).await;
        if state == State::Private {
            return first;
        }
        let all = [&stay[..], &going[..], &[(former, edit, None)]].concat();
        let shared = owner.share(&first, &all);
        self.put(&shared).await;
        let without_former = owner.share(&shared, &[&stay[..], &going[..]].concat());
        self.put(&without_former).await;
        let leave = Call::new("DELETE", format!("/v1/items/{}/access", first.item));
        assert_eq!(self.server.send(leave.token(&left.token)).await.status, 204);
        self.server.wait(60);
        match state {
            State::Waiting => return without_former,
            State::Noticed => {
                items::end_expired(&self.server.state).await.unwrap();
                return without_former;
            }
            _ => {}
        }
        let active = owner.share(&without_former, &stay);
        self.put(&active).await;
        let status = match state {
            State::Inactive => Status::Inactive,
            State::Deleted | State::Erased => Status::Deleted,
            _ => return active,
        };
        let last = owner.set(&active, status);
        self.put(&last).await;
        if state == State::Erased {
            let later = self.server.state.clock.now() + items::RESTORABLE;
            let mut transaction = self.server.state.database.write().await.unwrap();
            items::erase(&mut transaction, later).await.unwrap();
            transaction.commit().await.unwrap();
        }
        last
    }

    async fn act(&self, act: Act, role: Role, last: &Writing) -> Reply {
        let who = self.who(role);
        let path = format!("/v1/items/{}", last.item);
        let next = |status| who.set(last, status);
        let live = if last.revision.status == Status::Deleted {
            Status::Inactive
        } else {
            last.revision.status
        };
        let [editor, viewer] = [Role::Editor, Role::Viewer].map(|role| self.who(role));
        let rekey = |with: &[(&Member, Permission, Option<u64>)]| {
            let mut before = last.clone();
            before.revision.status = live;
            who.share(&before, with)
        };
        let view = Permission::View;
        let put = |writing: Writing| Call::put(path.as_str()).json(&writing.request);
        let call = match act {
            Act::Read => Call::get(path.as_str()),
            Act::Revisions => Call::get(format!("{path}/revisions")),
            Act::Lists => Call::get(format!("{path}/revisions?lists=true")),
            Act::History => Call::get(format!("{path}/history?before=99")),
            Act::Use => {
                Call::put(format!("{path}/use")).json(&json!({"blob": sealed(limits::USE)}))
            }
            Act::Edit => put(next(live)),
            Act::Disable => put(next(Status::Inactive)),
            Act::Enable => put(next(Status::Active)),
            Act::Identifier => {
                let mut writing = next(live);
                writing.request.identifier = Some(IdentifierTag(crate::state::random()));
                put(writing)
            }
            Act::Delete => put(next(Status::Deleted)),
            Act::Share => {
                let people =
                    [(editor, view, None), (viewer, view, None), (&self.guest, view, None)];
                put(rekey(&people))
            }
            Act::Change => {
                let until = Some(self.server.state.clock.now().unsigned_abs() + 3_600);
                put(rekey(&[(editor, view, until), (viewer, Permission::Edit, None)]))
            }
            Act::Remove => put(rekey(&[(viewer, view, None)])),
            Act::Restore => put(rekey(&[])),
            Act::Again => {
                let write = next(live).request;
                let request = WriteAgainRequest::new(write, vec![]);
                Call::put(format!("{path}/again")).json(&request)
            }
            Act::Leave => Call::new("DELETE", format!("{path}/access")),
            Act::End => Call::new("DELETE", format!("{path}/access/{}", editor.person.user())),
        };
        let call = if role == Role::SignedOut { call } else { call.token(&who.token) };
        self.server.send(call).await
    }
}

fn people_but_invited(people: &[Member]) -> impl Iterator<Item = &Member> {
    people.iter().filter(|member| !member.person.address.starts_with("invited"))
}

#[test]
fn every_route_has_a_row() {
    let described = described();
    let described: BTreeSet<_> =
        described.iter().map(|(method, path, _)| (*method, path.as_str())).collect();
    let rows: BTreeSet<_> = ROWS.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(described, rows);
    for (_, path, about) in ROWS {
        assert_eq!(path.contains("{item}"), matches!(about, About::Item(_)), "{path}");
    }
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let scene = Scene::new().await;
    let acts: Vec<Act> = ROWS
        .iter()
        .filter_map(|(_, _, about)| match about {
            About::Item(acts) => Some(acts.iter().copied()),
            About::Public | About::Oneself => None,
        })
        .flatten()
        .collect();
    for state in STATES {
        let mut last = scene.item(state).await;
        for role in ROLES {
            for act in &acts {
                let cell = format!("{role:?}, {act:?}, {state:?}");
                let reply = scene.act(*act, role, &last).await;
                let known = match reply.status.is_success() {
                    true => Ok(()),
                    false => Err(reply.code()),
                };
                assert_eq!(known, expected(*act, role, state), "{cell}");
                let reads = matches!(
                    act,
                    Act::Read | Act::Revisions | Act::Lists | Act::History | Act::Use
                );
                if known.is_ok() && !reads {
                    last = scene.item(state).await;
                    continue;
                }
                // What was refused changed nothing.
                let path = format!("/v1/items/{}", last.item);
                let state: ItemState = scene.who(Role::Owner).get(&scene.server, &path).await.ok();
                assert_eq!(state.revision, last.request.revision, "{cell}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_ones_own_needs_oneself() {
    let scene = Scene::new().await;
    for (method, path, about) in ROWS.iter().filter(|(_, _, about)| *about != About::Public) {
        let call = || Call::new(method, path.replace("{item}", "AAAAAAAAAAAAAAAAAAAAAA"));
        let out = scene.server.send(call()).await;
        assert_eq!(out.code(), ErrorCode::NotSignedIn, "{method} {path} {about:?}");
        let revoked = scene.server.send(call().token(&scene.who(Role::Revoked).token)).await;
        assert_eq!(revoked.code(), ErrorCode::SessionRevoked, "{method} {path}");
    }
}
