//! The life of one shared item, and what a device answers to states of it: it accepts them, or refuses
//! them with a code.

use std::collections::BTreeMap;

use mysafe::crypto::{AccountKey, Identity, ItemKey};
use mysafe::model::{Overview, Stamp};
use mysafe::vault::{Held, Known, People, Reader, accept};
use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Signed, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bytes, Context, ItemId, Revision};
use serde_json::json;

use super::counting::Counting;
use super::ensure;
use super::sheet::Sheet;

mod cases;

const ITEM: ItemId = ItemId([0x44; 16]);
const OTHER: ItemId = ItemId([0x45; 16]);
/// Names, and the first bytes of their account keys.
const PEOPLE: [(&str, u8); 3] = [("ana", 0x00), ("bea", 0x20), ("cho", 0x60)];

/// A person with an account.
struct Person {
    account: AccountKey,
    identity: Identity,
}

impl Person {
    fn new(name: &str, first: u8) -> Self {
        let account = AccountKey::generate(&mut Counting::from(first));
        let identity = Identity::of(&account, &format!("{name}@example.com"));
        Self { account, identity }
    }
}

/// A version to be made.
struct Version<'s> {
    by: &'s str,
    epoch: u64,
    number: u64,
    /// The states before and beside.
    parents: &'s [&'s str],
    status: Status,
}

/// People, lists, and states by name, each with the key for its owner.
struct Scene {
    people: BTreeMap<&'static str, Person>,
    lists: BTreeMap<u64, Signed>,
    states: BTreeMap<String, ItemState>,
}

/// The item key of an epoch.
fn item_key(epoch: u64) -> ItemKey {
    ItemKey::generate(&mut Counting::from(0x40 + 0x20 * epoch as u8))
}

impl Scene {
    fn new() -> Self {
        let people = PEOPLE.map(|(name, first)| (name, Person::new(name, first))).into();
        let mut scene = Self { people, lists: BTreeMap::new(), states: BTreeMap::new() };
        let (edit, view) = (Permission::Edit, Permission::View);
        let list = |epoch, grants: &[(&str, Permission)]| scene.list("ana", epoch, grants);
        let second = list(2, &[("bea", edit), ("cho", view)]);
        let lists = [(2, second), (3, list(3, &[("cho", view)])), (4, list(4, &[("cho", view)]))];
        scene.lists = lists.into();
        scene
    }

    fn identity(&self, name: &str) -> &Identity {
        &self.people[name].identity
    }

    fn list(&self, by: &str, epoch: u64, grants: &[(&str, Permission)]) -> Signed {
        let grant = |&(name, permission): &(&str, Permission)| {
            let to = Grantee::User(self.identity(name).user());
            Grant { to, permission, until: None }
        };
        let mut grants: Vec<Grant> = grants.iter().map(grant).collect();
        AccessList::sort(&mut grants);
        let commit = item_key(epoch).commit(&ITEM, epoch);
        let owner = self.identity("ana").user();
        self.identity(by).sign_list(&AccessList { item: ITEM, epoch, owner, commit, grants })
    }

    /// The key of an epoch as a server gives it to somebody.
    fn key(&self, of: u64, as_epoch: u64, to: &str) -> Result<Vec<u8>, String> {
        let (key, person) = (item_key(of), &self.people[to]);
        let random = &mut Counting::from(0x90 + as_epoch as u8);
        if to == "ana" {
            return Ok(key.wrap(&person.account, &person.identity.user(), &ITEM, as_epoch, random));
        }
        let bundle = mysafe_protocol::Bundle::accept(&person.identity.signed_bundle());
        let bundle = bundle.map_err(|error| error.to_string())?;
        key.enclose(&bundle, &ITEM, as_epoch, random).map_err(|error| error.to_string())
    }

    /// Makes a version as a client of ours would, which says that `changed` wrote it.
    fn add(&mut self, name: &str, version: &Version<'_>, changed: &str) -> Result<(), String> {
        let &Version { epoch, number, status, .. } = version;
        let random = &mut Counting::from(number as u8);
        let (mut overview, mut details) = (Vec::new(), Vec::new());
        if status != Status::Deleted {
            let user = self.identity(changed).user();
            let changed = Some(Stamp { user, time: 1_763_900_000_000 + number });
            let opened = Overview { name: name.into(), changed, ..Overview::default() }.encode();
            overview = item_key(epoch).seal_overview(&ITEM, epoch, number, &opened, random);
            let mut secret = Fields::new();
            secret.put(1, format!("secret of {name}"));
            let secret = secret.encode();
            details = item_key(epoch).seal_details(&ITEM, epoch, number, &secret, random);
        }
        self.add_sealed(name, version, (overview, details))
    }

    fn add_sealed(
        &mut self,
        name: &str,
        version: &Version<'_>,
        (overview, details): (Vec<u8>, Vec<u8>),
    ) -> Result<(), String> {
        let hash = |at: usize| -> Option<Hash> {
            version.parents.get(at).map(|name| self.states[*name].revision.hash())
        };
        let list = self.lists.get(&version.epoch).cloned();
        let author = self.identity(version.by);
        let revision = author.sign_revision(&Revision {
            item: ITEM,
            epoch: version.epoch,
            revision: version.number,
            list: list.as_ref().map(Signed::hash),
            content: Context::item_content(&overview, &details).hash(),
            status: version.status,
            author: author.user(),
            time: 1_763_900_000_000 + version.number,
            prev: hash(0),
            also: hash(1),
        });
        let state = ItemState {
            item: ITEM,
            owner: self.identity("ana").user(),
            revision,
            overview: Bytes(overview),
            details: Bytes(details),
            key: Bytes(self.key(version.epoch, version.epoch, "ana")?),
            list,
        };
        ensure(self.states.insert(name.into(), state).is_none(), format!("{name} twice"))
    }

    /// A state that a server bends.
    fn bend(&mut self, name: &str, of: &str, bend: impl FnOnce(&mut ItemState, &Self)) {
        let mut state = self.states[of].clone();
        bend(&mut state, self);
        self.states.insert(name.into(), state);
    }
}

/// A state that a device is shown.
struct Case {
    /// The rule that it shows.
    shows: &'static str,
    by: &'static str,
    /// The state that it holds.
    held: Option<&'static str>,
    state: &'static str,
    /// The states whose bodies the server gives.
    between: &'static [&'static str],
    /// The key that the server gives: of an epoch, as that of an epoch; else the right one.
    key: Option<(u64, u64)>,
    /// The answer: a code, or the name in the accepted overview.
    answer: &'static str,
}

/// Returns the core's answer.
fn answered(scene: &Scene, case: &Case) -> Result<String, String> {
    let person = &scene.people[case.by];
    let mut people = People::default();
    for other in scene.people.values() {
        let known = people.add(&other.identity.user(), &other.identity.signed_bundle());
        known.map_err(|refusal| refusal.to_string())?;
    }
    let (account, identity) = (&person.account, &person.identity);
    let reader = Reader { account, identity, people: &people };
    let mut state = scene.states[case.state].clone();
    let epoch = Revision::read(&state.revision).map_err(|error| error.to_string())?.epoch;
    let (of, as_epoch) = case.key.unwrap_or((epoch, epoch));
    state.key = Bytes(scene.key(of, as_epoch, case.by)?);
    let held = case.held.map(|name| -> Result<Held, String> {
        let state = &scene.states[name];
        let revision = Revision::read(&state.revision).map_err(|error| error.to_string())?;
        let owner = (state.owner != identity.user()).then_some(state.owner);
        Ok(Held { owner, ..Held::of(&revision, state.revision.hash()) })
    });
    let held = held.transpose()?;
    let between: Vec<Signed> =
        case.between.iter().map(|name| scene.states[*name].revision.clone()).collect();
    let accepted = accept(&reader, &ITEM, held.as_ref().map(Known::of), &state, &between);
    Ok(match accepted {
        Err(refusal) => refusal.code().into(),
        Ok(accepted) if accepted.revision.status == Status::Deleted => "deleted".into(),
        Ok(accepted) => accepted.overview.map_or("unreadable".into(), |overview| overview.name),
    })
}

pub(super) fn chain(sheet: &mut Sheet) -> Result<(), String> {
    let scene = cases::scene()?;
    for (name, first) in PEOPLE {
        let person = &scene.people[name];
        let key: [u8; 32] = std::array::from_fn(|at| first + at as u8);
        sheet.bytes(&format!("account_key of {name}"), key);
        let bundle = json!(person.identity.signed_bundle());
        sheet.text(&format!("address of {name}"), person.identity.address());
        sheet.text(&format!("bundle of {name}"), bundle);
    }
    for (name, state) in &scene.states {
        sheet.text(&format!("state {name}"), json!(state));
    }
    let mut keys = BTreeMap::new();
    for case in cases::CASES {
        let epoch = Revision::read(&scene.states[case.state].revision);
        let epoch = epoch.map_err(|error| error.to_string())?.epoch;
        let (of, as_epoch) = case.key.unwrap_or((epoch, epoch));
        let name = format!("key {of} as {as_epoch} for {}", case.by);
        keys.insert(name.clone(), scene.key(of, as_epoch, case.by)?);
        let answer = answered(&scene, case).map_err(|error| format!("{}: {error}", case.shows))?;
        ensure(answer == case.answer, format!("{}: {answer}", case.shows))?;
        let (by, held, state, between) = (case.by, case.held, case.state, case.between);
        let line = json!({ "by": by, "held": held, "state": state, "between": between,
            "key": name, "answer": answer });
        sheet.text(&format!("case: {}", case.shows), line);
    }
    for (name, key) in keys {
        sheet.bytes(&name, key);
    }
    Ok(())
}
