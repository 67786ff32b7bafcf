//! Three people share items: the core on all sides, over real connections to the real server. Ana owns
//! them, Bea may edit, Cho may view.

#[path = "sharing/ended.rs"]
mod ended;
#[path = "sharing/hostile_client.rs"]
mod hostile_client;
#[path = "sharing/invited.rs"]
mod invited;
#[path = "sharing/planted.rs"]
mod planted;
#[path = "sharing/stored.rs"]
mod stored;

use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::protocol::bodies::Permission;
use mysafe::protocol::wire::{ErrorCode, ItemState, PeopleResponse};
use mysafe::protocol::{ItemId, Revision, UserId};
use mysafe::sync::{ACCESS_ENDED, BOTH_CHANGED, Remote as _, RemoteError};
use mysafe::vault::{LocalItem, Met, Right, SaveError, Share, ShareError};
use mysafe_tests::client::{Connection, Device, Person, finish, sign_up, unix_millis};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::built_program;

const ANA: Person = Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 quiet cellos",
};
const BEA: Person = Person {
    name: "Bea Lima",
    address: "bea@example.com",
    password: "seven amber kites over quiet harbours",
};
const CHO: Person = Person {
    name: "Cho Kim",
    address: "cho@example.com",
    password: "eleven brass owls count slow trains",
};

/// A server with the three of them, of whom only Ana's mailbox is confirmed: she shares.
struct Stage {
    data: PathBuf,
    at: String,
    ana: Device,
    bea: Device,
    cho: Device,
    _server: ServerProcess,
    _folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self::with(&[])
    }

    /// The same with further settings of the server.
    fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let server = ServerProcess::start(&data);
        let address = server.address();
        server.stop();
        let settings = [settings, &[("MYSAFE_SIGNUPS", "open")]].concat();
        let server = ServerProcess::start_at(&data, address, &settings);
        let at = address.to_string();
        let [ana, bea, cho] = [&ANA, &BEA, &CHO].map(|person| {
            sign_up(&mut Connection::open(&at).expect("it is there"), person).expect("signs up");
            Device::new(&at, person)
        });
        let mut stage = Self { data, at, ana, bea, cho, _server: server, _folder: folder };
        stage.confirm(&ANA);
        for device in [&mut stage.ana, &mut stage.bea, &mut stage.cho] {
            assert_eq!(device.sync(&stage.at), Vec::<String>::new());
        }
        stage
    }

    /// The same with confirmed mailboxes, and an item of Ana that the others have.
    fn shared() -> (Self, ItemId) {
        let mut stage = Self::new();
        stage.confirm(&BEA);
        stage.confirm(&CHO);
        let item = stage.ana.add("CRM");
        stage.ana.sync(&stage.at);
        let with = [stage.edit(), stage.view()];
        for (share, person) in with.iter().zip([&BEA, &CHO]) {
            let (user, address) = (&share.user, person.address);
            stage.ana.with(&stage.at, |sync| finish(sync.pin(user, address))).unwrap().unwrap();
        }
        stage.share(&item, &with).expect("shared");
        for device in [&mut stage.bea, &mut stage.cho] {
            assert_eq!(device.sync(&stage.at), Vec::<String>::new());
            let owner = stage.ana.vault.user();
            device.with(&stage.at, |sync| finish(sync.pin(&owner, ANA.address))).unwrap().unwrap();
        }
        (stage, item)
    }

    fn edit(&self) -> Share {
        Share { user: self.bea.vault.user(), permission: Permission::Edit, until: None }
    }

    fn view(&self) -> Share {
        Share { user: self.cho.vault.user(), permission: Permission::View, until: None }
    }

    fn confirm(&self, person: &Person) {
        let confirmed = Command::new(built_program("mysafe-server"))
            .args(["confirm", person.address])
            .env("MYSAFE_DATA", &self.data)
            .output()
            .expect("runs");
        assert!(confirmed.status.success(), "{}", String::from_utf8_lossy(&confirmed.stderr));
    }

    fn share(&mut self, item: &ItemId, with: &[Share]) -> Result<(), ShareError> {
        self.ana.with(&self.at, |sync| finish(sync.share(item, with))).expect("an answer")
    }

    fn revoke(&mut self, item: &ItemId, user: UserId) {
        self.ana.with(&self.at, |sync| finish(sync.revoke(item, &[user]))).unwrap().unwrap();
    }

    /// What somebody sees of an item; an error if it is none of theirs.
    fn seen(&self, device: &Device, item: &ItemId) -> Result<ItemState, RemoteError> {
        finish(device.remote(&self.at).item(item))
    }

    /// Neither the item nor what it was is there for somebody.
    fn assert_not_there(&self, device: &Device, item: &ItemId) {
        let remote = device.remote(&self.at);
        let not_found = RemoteError::Refused(ErrorCode::NotFound);
        assert_eq!(finish(remote.item(item)), Err(not_found.clone()));
        assert_eq!(finish(remote.history(item, 9)).err(), Some(not_found.clone()));
        assert_eq!(finish(remote.revisions(item, 0)).err(), Some(not_found));
    }

    fn grants(&self, item: &ItemId) -> usize {
        let list = self.ana.vault.access(&self.ana.local(item)).expect("opens");
        list.expect("a list").grants.len()
    }
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn whoever_is_found_is_shared_with_and_has_it_with_the_next_sync() {
    let mut stage = Stage::new();
    let (item, other) = (stage.ana.add("CRM"), stage.ana.add("other"));
    stage.ana.sync(&stage.at);
    let token = stage.ana.token().to_owned();
    let find = |stage: &Stage| -> PeopleResponse {
        let mut connection = Connection::open(&stage.at).expect("it is there");
        connection.authorize(&token);
        connection.get("/v1/users?search=bea").expect("an answer")
    };
    // Whoever did not confirm their mailbox is not found, and nothing is shared with them.
    assert_eq!(find(&stage).people, []);
    let (user, edit) = (stage.bea.vault.user(), stage.edit());
    assert_eq!(stage.share(&item, &[edit]), Err(ShareError::NotMet(user)));
    stage.ana.with(&stage.at, |sync| finish(sync.pin(&user, BEA.address))).unwrap().unwrap();
    let refused = stage.ana.with(&stage.at, |sync| finish(sync.share(&item, &[edit])));
    assert!(refused.is_err(), "{refused:?}");
    stage.confirm(&BEA);
    let found = find(&stage).people;
    assert_eq!((found[0].user, &*found[0].name), (user, BEA.name));
    stage.share(&item, &[edit]).expect("shared");
    assert_eq!(stage.share(&item, &[edit]), Err(ShareError::NoChange));

    assert_eq!(stage.bea.sync(&stage.at), nothing());
    assert_eq!(stage.bea.vault.entries().len(), 1, "the other one is Ana's alone");
    stage.assert_not_there(&stage.bea, &other);
    let access = stage.bea.vault.entry(&item).expect("listed").access;
    let owner = stage.ana.vault.user();
    assert_eq!((access.owner, access.right, access.met), (Some(owner), Right::Edit, Met::First));
    assert!(access.is_new());
    assert_eq!(&**stage.bea.form(&item).client_secret, "secret of CRM");
    stage.bea.with(&stage.at, |sync| finish(sync.pin(&owner, ANA.address))).unwrap().unwrap();
    // Another browser of hers has it as accepted.
    let mut second = Device::new(&stage.at, &BEA);
    assert_eq!(second.sync(&stage.at), nothing());
    assert_eq!(second.vault.entry(&item).expect("listed").access.met, Met::Accepted);
}

#[test]
fn owner_and_editor_write_and_a_viewer_reads() {
    let (mut stage, item) = Stage::shared();
    stage.ana.edit(&item, |form| form.notes = "of Ana".into());
    stage.bea.edit(&item, |form| *form.client_secret = "rotated".into());
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    for device in [&mut stage.bea, &mut stage.ana, &mut stage.cho] {
        assert_eq!(device.sync(&stage.at), nothing());
    }
    for device in [&stage.ana, &stage.bea, &stage.cho] {
        let form = device.form(&item);
        assert_eq!((&*form.notes, &**form.client_secret), ("of Ana", "rotated"));
        let state = device.local(&item).state.expect("there");
        assert_eq!(Revision::read(&state.revision).unwrap().author, stage.bea.vault.user());
    }
    // Both change one field: the later stays, and it is said.
    stage.ana.rename(&item, "Ana's");
    stage.bea.rename(&item, "Bea's");
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    assert_eq!(stage.bea.sync(&stage.at), [BOTH_CHANGED]);
    for device in [&mut stage.ana, &mut stage.cho] {
        assert_eq!(device.sync(&stage.at), nothing());
        assert_eq!(device.form(&item).name, "Bea's");
    }
    // One of Ana's browsers that never met Bea opens it too.
    let mut second = Device::new(&stage.at, &ANA);
    assert_eq!(second.sync(&stage.at), nothing());
    assert_eq!(second.form(&item).name, "Bea's");

    let (local, form) = (stage.cho.local(&item), stage.cho.form(&item));
    let renamed = ApiSecretForm { name: "Cho's".into(), ..form };
    let random = &mut SystemRandom;
    let refused = stage.cho.vault.edit(&item, &renamed, &local, 3, random).err();
    assert_eq!(refused, Some(SaveError::NotAllowed));
    let refused = stage.bea.vault.delete(&item, &stage.bea.local(&item), 3, random).err();
    assert_eq!(refused, Some(SaveError::Gone), "active");
    let refused = stage.bea.with(&stage.at, |sync| finish(sync.revoke(&item, &[])));
    assert_eq!(refused.unwrap(), Err(ShareError::NotOwner));

    // Cho makes one of her own of it: the others see nothing of that.
    let change = stage.cho.vault.copy(&item, &local, 4, random).expect("copied");
    let own = change.item;
    stage.cho.store(change.puts);
    assert_eq!(stage.cho.sync(&stage.at), nothing());
    assert_eq!(stage.cho.vault.entry(&own).expect("listed").access.owner, None);
    stage.assert_not_there(&stage.ana, &own);
    assert_eq!(stage.cho.form(&own).name, "Bea's");
}

#[test]
fn what_is_taken_back_opens_with_no_old_key() {
    let (mut stage, item) = Stage::shared();
    let before = stage.bea.local(&item);
    let old = before.state.clone().expect("there");
    stage.revoke(&item, stage.bea.vault.user());
    stage.ana.edit(&item, |form| *form.client_secret = "rotated".into());
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    assert_eq!(stage.cho.sync(&stage.at), nothing());
    stage.assert_not_there(&stage.bea, &item);

    // What Bea could read she can; what came after opens with nothing she has.
    assert_eq!(&**stage.bea.vault.form(&item, &before).unwrap().client_secret, "secret of CRM");
    let new = stage.seen(&stage.cho, &item).expect("still hers");
    for key in [old.key, new.key.clone()] {
        let stolen = LocalItem::confirmed(ItemState { key, ..new.clone() });
        assert!(stage.bea.vault.form(&item, &stolen).is_err());
    }
    assert_eq!(&**stage.cho.form(&item).client_secret, "rotated");

    // An edit she had not sent becomes a draft, and the item is gone.
    stage.bea.rename(&item, "Bea's");
    assert_eq!(stage.bea.sync(&stage.at), [ACCESS_ENDED]);
    assert!(stage.bea.vault.entry(&item).is_none());
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    assert_eq!(stage.ana.form(&item).name, "CRM");
}

#[test]
fn who_leaves_and_whose_time_is_over_is_taken_off_the_list() {
    let (mut stage, item) = Stage::shared();
    stage.cho.with(&stage.at, |sync| finish(sync.leave(&item))).unwrap().unwrap();
    assert!(stage.cho.vault.entry(&item).is_none());
    stage.assert_not_there(&stage.cho, &item);
    // Until Ana's browser gave a new key, Bea's edit waits and says so.
    stage.bea.rename(&item, "Bea's");
    stage.bea.try_sync(&stage.at);
    let entry = stage.bea.vault.entry(&item).expect("listed");
    assert_eq!((entry.waiting, entry.trouble.as_deref()), (true, Some("owner_first")));
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    assert_eq!(stage.grants(&item), 1);
    assert_eq!(stage.bea.sync(&stage.at), nothing());

    let until = Some(unix_millis() / 1_000 + 2);
    let share = Share { until, ..stage.edit() };
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    stage.share(&item, &[share]).expect("for a while");
    assert_eq!(stage.bea.sync(&stage.at), nothing());
    assert_eq!(stage.bea.vault.entry(&item).expect("listed").access.until, until);
    sleep(Duration::from_secs(3));
    stage.assert_not_there(&stage.bea, &item);
    // What she had not sent goes nowhere any more.
    stage.bea.rename(&item, "late");
    assert_eq!(stage.bea.sync(&stage.at), [ACCESS_ENDED]);
    assert!(stage.bea.vault.entry(&item).is_none());
    stage.ana.edit(&item, |form| form.notes = "later".into());
    assert_eq!(stage.ana.sync(&stage.at), nothing());
    assert_eq!(stage.grants(&item), 0);
    assert_eq!(stage.ana.form(&item).name, "Bea's");
}
