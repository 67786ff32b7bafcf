//! Each route lies in each state, while everybody does their ordinary acts: `routes.txt` says which lies in
//! which state. The fake disk itself asserts that held numbers never go down.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use mysafe_protocol::bodies::{AccessList, Grantee, Permission};
use mysafe_protocol::wire::{
    ChangesQuery, ChangesResponse, ErrorCode, HistoryResponse, ItemState, PeopleResponse,
    RevisionsResponse,
};
use mysafe_protocol::{ItemId, Revision, Signed, UserId};

use super::device::{ADDRESS, Device};
use super::hand::Hand;
use super::now;
use super::received::{Scene, accepted};
use super::server::Server;
use crate::crypto::{AccountKey, SystemRandom};
use crate::model::Overview;
use crate::sync::{Remote, RemoteError, Side, SyncError};
use crate::vault::{Share, ShareError, Store};

/// The table, which `tests/tests/invariants/hostile.rs` reads too.
const ROUTES: &str = include_str!("routes.txt");

const STATES: [&str; 4] = ["Private", "Owned", "Received", "Restored"];
const DAN: &str = "dan@example.com";
const NOT_FOUND: RemoteError = RemoteError::Refused(ErrorCode::NotFound);

/// A lie of a route in a state.
type Cell = (&'static str, &'static str, &'static str);

/// Returns every cell of the table in which there is a lie.
fn cells() -> Vec<Cell> {
    let (mut route, mut cells) = ("", Vec::new());
    for line in ROUTES.lines().filter(|line| !line.starts_with('#') && !line.starts_with("not ")) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        match STATES.iter().find(|state| **state == first) {
            Some(state) => cells.extend(rest.split_whitespace().map(|lie| (route, *state, lie))),
            None => route = line,
        }
    }
    cells
}

/// Everybody, and the server as it was before.
struct Told {
    scene: Scene,
    /// Another browser of Ana's.
    second: Device,
    dan: UserId,
    eve: UserId,
    /// Another item of Ana's.
    other: ItemId,
    older: Rc<Server>,
    state: &'static str,
    /// The people from whom Ana took the item.
    removed: BTreeSet<UserId>,
}

impl Told {
    fn new(state: &'static str) -> Self {
        let mut scene = accepted(Permission::Edit);
        let server = Rc::clone(&scene.ana.line.server);
        let [dan, eve] = [DAN, "eve@example.com"].map(|address| {
            let account = AccountKey::generate(&mut SystemRandom);
            Device::of(&account, address, &server).line.user
        });
        let shared = scene.item;
        if state == "Private" {
            scene.item = scene.ana.add_named("private");
        }
        let item = scene.item;
        let other = scene.ana.add_named("other");
        scene.ana.sync_well();
        let mut second = Device::of(&scene.ana.account(), ADDRESS, &server);
        second.sync_well();
        let backup = server.backup();
        scene.ana.rename(&item, "named later");
        scene.ana.sync_well();
        scene.bea.sync_well();
        if state == "Restored" {
            scene.ana.rename(&shared, "lost");
            scene.ana.sync_well();
            scene.bea.sync_well();
            server.restore(&backup, true);
        } else {
            // The first browser has to ask for the bodies between.
            second.sync_well();
            for name in ["second", "third"] {
                second.rename(&item, name);
                second.sync_well();
            }
        }
        let older = Server {
            sign_pk: server.sign_pk,
            owner: server.owner,
            data: std::cell::RefCell::new(backup),
        };
        let older = Rc::new(older);
        Self { scene, second, dan, eve, other, older, state, removed: BTreeSet::new() }
    }

    /// The device to which the server lies.
    fn liar(&mut self) -> &mut Device {
        if self.state == "Received" { &mut self.scene.bea } else { &mut self.scene.ana }
    }

    /// From here on the route lies to that device.
    fn lie(&mut self, route: &'static str, lie: &str) {
        let (item, other, older) = (self.scene.item, self.other, Rc::clone(&self.older));
        let (server, eve) = (Rc::clone(&older), self.eve);
        let theirs = match self.state {
            "Received" => self.scene.ana.line.user,
            "Private" => eve,
            _ => self.scene.bea.line.user,
        };
        let line = Rc::clone(&self.liar().line);
        let (honest, user) = (Rc::clone(&line.server), line.user);
        let refuse = |error| *line.refuses.borrow_mut() = Some((route, error));
        // Another item is Ana's own: of a received one its server shows the other's state.
        let of_other = || honest.item_of(&honest.owner, &other).unwrap();
        let state = |lie: &str| match lie {
            "Bent" => honest.item_of(&user, &item).map(bent_state),
            "Swapped" => Ok(of_other()),
            "Older" => server.item_of(&user, &item),
            _ => honest.item_of(&theirs, &item),
        };
        match (lie, route) {
            ("Withheld", "GET /v1/changes") => {
                *line.page.borrow_mut() = Some(Box::new(|page| ChangesResponse {
                    items: vec![],
                    uses: vec![],
                    account: None,
                    ..page
                }));
            }
            ("Withheld", "GET /v1/users") => {
                *line.people.borrow_mut() =
                    Some(Box::new(|_| Ok(PeopleResponse { people: vec![] })));
            }
            ("Withheld", _) => refuse(NOT_FOUND),
            ("Malformed", _) => refuse(RemoteError::Malformed),
            ("NoEffect", _) => line.pretends.set(Some(route)),
            ("Older", "PUT /v1/accounts/record") => refuse(RemoteError::Stale(None)),
            (lie, "PUT /v1/items/{item}" | "PUT /v1/items/{item}/again") => {
                refuse(RemoteError::Stale(state(lie).ok().map(Box::new)));
            }
            (lie, "GET /v1/items/{item}") => {
                let answer = state(lie);
                *line.item.borrow_mut() = Some(Box::new(move |_| answer.clone()));
            }
            (lie, "GET /v1/changes") => {
                let all = ChangesQuery { epoch: None, position: None, limit: None };
                let (older, theirs) =
                    (older.changes_of(&user, &all), honest.changes_of(&theirs, &all));
                let lie = lie.to_owned();
                *line.page.borrow_mut() = Some(Box::new(move |mut page| match &*lie {
                    "Bent" => {
                        page.items = page.items.into_iter().map(bent_state).collect();
                        page
                    }
                    "Swapped" => {
                        page.items.iter_mut().for_each(|state| state.item = other);
                        page
                    }
                    "Older" => older.clone(),
                    _ => theirs.clone(),
                }));
            }
            (lie, "GET /v1/items/{item}/revisions") => {
                let lie = lie.to_owned();
                *line.between.borrow_mut() = Some(Box::new(move |answer| {
                    let RevisionsResponse { revisions, lists } = answer?;
                    Ok(match &*lie {
                        "Bent" => RevisionsResponse {
                            revisions: revisions.into_iter().map(bent).collect(),
                            lists: lists.into_iter().map(bent).collect(),
                        },
                        "Swapped" => honest.listed_after(&other, 0),
                        _ => older.listed_after(&item, 0),
                    })
                }));
            }
            (lie, "GET /v1/items/{item}/history") => {
                let lie = lie.to_owned();
                *line.history.borrow_mut() = Some(Box::new(move |answer| {
                    let HistoryResponse { mut versions, keys, more, rest } = answer?;
                    Ok(match &*lie {
                        "Bent" => {
                            for version in &mut versions {
                                version.overview.0.pop();
                                version.details.0.pop();
                            }
                            HistoryResponse { versions, keys, more, rest }
                        }
                        "Swapped" => honest.history_of(&honest.owner, &other, 99),
                        "Older" => older.history_of(&user, &item, 99),
                        _ => honest.history_of(&theirs, &item, 99),
                    })
                }));
            }
            (lie, "GET /v1/users/{user}/bundle") => {
                let swapped = honest.data.borrow().people[&eve].clone();
                let is_bent = lie == "Bent";
                *line.bundle.borrow_mut() = Some(Box::new(move |answer| {
                    answer.map(|bundle| if is_bent { bent(bundle) } else { swapped.clone() })
                }));
            }
            (lie, "GET /v1/users") => {
                let swapped = honest.data.borrow().people[&eve].clone();
                let is_bent = lie == "Bent";
                *line.people.borrow_mut() = Some(Box::new(move |answer| {
                    let mut found = answer?;
                    for person in &mut found.people {
                        let bundle = person.bundle.clone();
                        person.bundle = if is_bent { bent(bundle) } else { swapped.clone() };
                    }
                    Ok(found)
                }));
            }
            _ => panic!("{route} does not tell {lie}"),
        }
    }

    /// Everybody does what people do. Nothing that goes wrong is Damaged.
    fn live(&mut self, typed: &str) {
        let (item, dan) = (self.scene.item, self.dan);
        let (owner, bea) = (self.scene.owner(), self.scene.bea.line.user);
        let received = self.state == "Received";
        let liar = self.liar();
        liar.edit(&item, |form| form.tags.push(typed.into()));
        liar.used(&item, 77);
        sound(liar.sync());
        sound(liar.with(|sync| now(sync.find("d"))));
        sound(liar.with(|sync| now(sync.pin(&dan, DAN))));
        sound(liar.with(|sync| now(sync.server_state(&item))));
        let answer = now(liar.line.history(&item, 99));
        let local = liar.local(&item);
        if let Ok(answer) = answer {
            drop(liar.vault.history(&item, &local, &answer.versions, &answer.keys, answer.more));
        }
        sound(liar.with(|sync| now(sync.exposed(&item, &[]))));
        sound(liar.sync());
        if !received {
            let permission = Permission::View;
            let with = [Share { user: dan, permission, until: None }];
            sound(liar.with(|sync| now(sync.share(&item, &with))));
            if let Some(Ok(())) = sound(liar.with(|sync| now(sync.revoke(&item, &[bea])))) {
                self.removed.insert(bea);
                self.scene.ana.line.writes.borrow_mut().clear();
            }
        }
        let liar = self.liar();
        sound(liar.with(|sync| now(sync.accept_server(&item, Side::Mine))));
        sound(liar.sync());
        sound(self.second.sync());
        if received {
            let ana = &mut self.scene.ana;
            ana.edit(&item, |form| form.notes = "of Ana".into());
            sound(ana.sync());
            sound(self.scene.bea.sync());
            sound(self.scene.bea.with(|sync| now(sync.know(&owner))));
        } else {
            sound(self.scene.bea.sync());
        }
        self.assert_keys_stay();
    }

    /// Every uploaded envelope is for somebody whom the list of its write names, and nobody removed.
    fn assert_keys_stay(&self) {
        for device in [&self.scene.ana, &self.second, &self.scene.bea] {
            for write in &*device.line.writes.borrow() {
                let server = &device.line.server;
                let list = write.list.as_ref();
                let list = list.map(|list| AccessList::accept(list, &server.sign_pk).unwrap());
                for envelope in &write.envelopes {
                    let named = list.as_ref().and_then(|list| list.of(&envelope.user));
                    assert!(named.is_some(), "a key for somebody who is not on the list");
                    assert_ne!(envelope.user, self.eve, "a key for a stranger");
                    assert!(!self.removed.contains(&envelope.user), "a key for who was removed");
                }
                let named = list.into_iter().flat_map(|list| list.grants);
                assert!(named.into_iter().all(|grant| grant.to != Grantee::User(self.eve)));
            }
        }
    }
}

/// Returns true if a line of the local history of an item has this tag: the user chose another version.
fn has_line(device: &Device, item: &ItemId, tag: &str) -> bool {
    let key = Hand::of(device, item).key;
    device.past(item).iter().any(|line| {
        let Revision { epoch, revision, .. } = Revision::read(&line.revision).unwrap();
        let opened = key.open_overview(item, epoch, revision, &line.overview).ok();
        let overview = opened.and_then(|opened| Overview::decode(&opened).ok());
        overview.is_some_and(|overview| overview.tags.iter().any(|one| one == tag))
    })
}

/// Returns what was done, if it was: nothing on the device is damaged.
#[track_caller]
fn sound<T, E: PartialEq>(done: Result<T, SyncError<E>>) -> Option<T> {
    assert!(!matches!(done, Err(SyncError::Damaged)), "damaged");
    done.ok()
}

fn bent(mut signed: Signed) -> Signed {
    signed.body.0.pop();
    signed
}

fn bent_state(state: ItemState) -> ItemState {
    ItemState { revision: bent(state.revision.clone()), ..state }
}

impl Told {
    /// With an honest server all settles, and the typed word is there.
    fn settle(&mut self, typed: &str) {
        let (item, other) = (self.scene.item, self.other);
        let ana = self.scene.owner();
        for line in [&self.scene.ana.line, &self.second.line, &self.scene.bea.line] {
            line.end_lies();
        }
        for _ in 0..2 {
            sound(self.scene.ana.sync()).unwrap();
            sound(self.scene.bea.sync()).unwrap();
            sound(self.second.sync()).unwrap();
        }
        self.scene.ana.edit(&item, |form| form.identifier = "settled".into());
        self.scene.ana.edit(&other, |form| form.identifier = "too".into());
        for _ in 0..3 {
            sound(self.scene.ana.sync()).unwrap();
            sound(self.scene.bea.sync()).unwrap();
            sound(self.second.sync()).unwrap();
        }
        self.assert_keys_stay();
        for device in [&self.scene.ana, &self.second] {
            assert_eq!(device.form(&item).identifier, "settled");
            device.assert_settled();
        }
        let bea = &self.scene.bea;
        let found = self.scene.ana.form(&item).tags.iter().any(|tag| tag == typed);
        let draft = bea.disk.values.borrow().keys().any(|key| key.0 == Store::Drafts);
        let kept = || draft || has_line(bea, &item, typed);
        assert!(found || (self.state == "Received" && kept()), "{typed} is lost");
        if self.state == "Received" && bea.vault.entry(&item).is_some() {
            assert_eq!(bea.form(&item).notes, "of Ana");
            assert_eq!(bea.entry(&item).access.owner, Some(ana));
            assert_eq!(bea.entry(&item).trouble, None);
        }
        if matches!(self.state, "Owned" | "Restored") {
            let user = bea.line.user;
            let done = self.scene.ana.with(|sync| now(sync.revoke(&item, &[user]))).unwrap();
            assert!(matches!(done, Ok(()) | Err(ShareError::NoChange)), "{done:?}");
            sound(self.scene.bea.sync()).unwrap();
            assert!(self.scene.bea.vault.entry(&item).is_none(), "she is out");
        }
    }
}

#[test]
fn no_lie_of_any_route_lowers_or_loses_anything() {
    let cells = cells();
    let mut failed = Vec::new();
    for cell in &cells {
        let (route, state, lie) = *cell;
        let told = catch_unwind(AssertUnwindSafe(|| {
            let mut told = Told::new(state);
            told.lie(route, lie);
            let before = told.liar().line.asked.borrow().get(route).copied();
            told.live("typed");
            if route == "DELETE /v1/items/{item}/access" {
                let item = told.scene.item;
                sound(told.scene.bea.with(|sync| now(sync.leave(&item))));
                sound(told.scene.bea.sync());
            }
            let after = told.liar().line.asked.borrow().get(route).copied();
            assert!(after > before, "nobody asked");
            told.settle("typed");
        }));
        failed.extend(told.is_err().then_some(*cell));
    }
    assert!(cells.len() > 180, "the table is short: {}", cells.len());
    assert_eq!(failed, []);
}
