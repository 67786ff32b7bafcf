//! A hostile client with a real account, at the real server: Bea may edit an item, and uploads a version of
//! which one part is wrong. The server refuses it, or the others keep the version before and the owner
//! removes her in one step.

#[path = "hostile_client/hand.rs"]
mod hand;
#[path = "hostile_client/wrong.rs"]
mod wrong;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{ItemWriteRequest, UseRequest, WriteAgainRequest};

use self::hand::{Account, Hand, key_of, noise};
use self::wrong::{Answer, WRONG_DETAILS, WRONG_OVERVIEWS, WRONG_REVISIONS, Wrong};
use super::*;

const GOOD: &str = "the good secret";

/// An answer of the server to somebody who has nothing of an item.
const NOT_FOUND: RemoteError = RemoteError::Refused(ErrorCode::NotFound);

/// The three, and Bea's account as a client that is not ours uses it.
struct Hostile {
    stage: Stage,
    bea: Rc<Account>,
}

impl Hostile {
    fn new() -> Self {
        let (stage, _) = Stage::shared();
        let bea = Account::of(&stage.bea, &BEA);
        Self { stage, bea }
    }

    /// A new item of Ana's in its third epoch, which Bea may edit and Cho may view.
    fn item(&mut self) -> (ItemId, Hand) {
        let stage = &mut self.stage;
        let item = stage.ana.add("CRM");
        stage.ana.sync(&stage.at);
        stage.share(&item, &[stage.edit()]).expect("shared");
        let before = stage.seen(&stage.bea, &item).expect("hers too");
        stage.share(&item, &[stage.view()]).expect("shared");
        stage.ana.edit(&item, |form| *form.client_secret = GOOD.into());
        assert_eq!(stage.ana.sync(&stage.at), nothing());
        assert_eq!(stage.cho.sync(&stage.at), nothing());
        let over = stage.seen(&stage.bea, &item).expect("hers too");
        let (key, old) = (key_of(&self.bea, &over), key_of(&self.bea, &before));
        let (account, other) = (Rc::clone(&self.bea), stage.cho.vault.user());
        (item, Hand { account, key, old, over, other })
    }

    /// Returns a new device of Ana's and one of Cho's, after their first sync; none for a version that the
    /// server refused.
    fn new_devices(&self, taken: bool) -> Vec<Device> {
        let of = [&self.stage.ana, &self.stage.cho].into_iter().filter(|_| taken);
        of.map(|device| {
            let mut new = device.another();
            new.try_sync(&self.stage.at);
            new
        })
        .collect()
    }

    /// The server answers as it should, everybody shows the right version, and Bea is removed in one step.
    fn meet(&mut self, (answer, name, make): &Wrong) {
        let (item, hand) = self.item();
        let write = make(&hand);
        let remote = self.stage.bea.remote(&self.stage.at);
        let given = finish(remote.write(&item, &write));
        let expected = match answer {
            Answer::Unreadable | Answer::Readable => Ok(()),
            Answer::Refused(code) => Err(RemoteError::Refused(*code)),
            Answer::Stale => Err(RemoteError::Stale(Some(Box::new(hand.over.clone())))),
        };
        assert_eq!(given.map(drop), expected, "{name}");
        let newest = self.stage.seen(&self.stage.ana, &item).expect("hers").revision;
        let taken = newest == write.revision;
        assert_eq!(taken, expected.is_ok(), "{name}: stored");
        assert!(taken || newest == hand.over.revision, "{name}: nothing else is stored");

        let told = self.stage.cho.sync(&self.stage.at);
        let unreadable = *answer == Answer::Unreadable;
        let code: &[&str] = if unreadable { &["unreadable"] } else { &[] };
        assert_eq!(told, code, "{name}: Cho is told");
        let trouble = unreadable.then_some("unreadable");
        let of_bea = *answer == Answer::Readable;
        for device in self.new_devices(taken).iter().chain([&self.stage.cho]) {
            assert_shows(device, &item, name, of_bea, trouble);
        }

        // Ana's first browser did not see it yet: she removes her in one step all the same.
        let bea = self.stage.bea.vault.user();
        let removed =
            self.stage.ana.with(&self.stage.at, |sync| finish(sync.revoke(&item, &[bea])));
        assert_eq!(removed, Ok(Ok(())), "{name}: the removal");
        assert_eq!(self.stage.grants(&item), 1, "{name}: Cho alone is on the list");
        let newest = self.stage.seen(&self.stage.ana, &item).expect("hers").revision;
        let epoch = Revision::read(&newest).expect("signed").epoch;
        assert_eq!(epoch, hand.next().epoch + 1, "{name}: the item has a new key");
        assert_eq!(self.stage.cho.sync(&self.stage.at), nothing(), "{name}");
        let old = [&self.stage.ana, &self.stage.cho];
        for device in self.new_devices(taken).iter().chain(old) {
            assert_shows(device, &item, name, of_bea, None);
        }
        self.assert_bea_is_out(&item, &hand, &write, name);

        // Life goes on.
        self.stage.ana.edit(&item, |form| {
            form.name = "after".into();
            form.notes.clear();
            *form.client_secret = "rotated".into();
        });
        assert_eq!(self.stage.ana.sync(&self.stage.at), nothing(), "{name}");
        assert_eq!(self.stage.cho.sync(&self.stage.at), nothing(), "{name}");
        assert_eq!(*self.stage.cho.form(&item).client_secret, "rotated", "{name}");
    }

    /// Bea reads and writes nothing of it any more.
    #[track_caller]
    fn assert_bea_is_out(&self, item: &ItemId, hand: &Hand, write: &ItemWriteRequest, name: &str) {
        let stage = &self.stage;
        stage.assert_not_there(&stage.bea, item);
        let remote = stage.bea.remote(&stage.at);
        // Over the version that she has, and over the newest, whose body she may have seen elsewhere.
        let newest = stage.seen(&stage.ana, item).expect("hers");
        let over = Revision::read(&newest.revision).expect("signed");
        let mut later = hand.with_revision(|revision| {
            revision.revision = over.revision + 1;
            revision.prev = Some(newest.revision.hash());
        });
        later.base = over.revision;
        for write in [&hand.good(), &hand.with_details(noise(200)), &later] {
            assert_eq!(finish(remote.write(item, write)).err(), Some(NOT_FOUND), "{name}");
            let again = WriteAgainRequest::new(write.clone(), vec![hand.over.revision.clone()]);
            let answer = finish(remote.write_again(item, &again)).err();
            assert_eq!(answer, Some(NOT_FOUND), "{name}: again");
        }
        // The same once more writes nothing.
        drop(finish(remote.write(item, write)));
        let used = UseRequest { blob: Bytes(noise(97)) };
        assert_eq!(finish(remote.note_use(item, &used)), Err(NOT_FOUND), "{name}");
        assert_eq!(stage.seen(&stage.ana, item).expect("hers"), newest, "{name}: nothing came");
    }
}

/// A device shows the version before, or Bea's where that opens.
#[track_caller]
fn assert_shows(device: &Device, item: &ItemId, name: &str, of_bea: bool, trouble: Option<&str>) {
    let form = device.form(item);
    assert_eq!(*form.client_secret != GOOD, of_bea, "{name}: the secret");
    assert_eq!(form.name != "CRM", of_bea, "{name}: the name");
    let revealed = device.vault.reveal(item, &device.local(item));
    let revealed = revealed.unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(revealed.as_str(), &**form.client_secret, "{name}: Show");
    let entry = device.vault.entry(item).expect("listed");
    assert_eq!(entry.overview.name, form.name, "{name}: the list");
    assert_eq!(entry.trouble.as_deref(), trouble, "{name}");
}

#[test]
fn every_version_with_a_wrong_part_is_refused_or_ends_its_authors_access_in_one_step() {
    let mut hostile = Hostile::new();
    let kinds = [WRONG_DETAILS, WRONG_OVERVIEWS, WRONG_REVISIONS].concat();
    let mut failed = Vec::new();
    for kind in &kinds {
        let met = catch_unwind(AssertUnwindSafe(|| hostile.meet(kind)));
        failed.extend(met.is_err().then_some(kind.1));
    }
    assert_eq!(failed, Vec::<&str>::new());
    println!("hostile versions: {}", kinds.len());
}
