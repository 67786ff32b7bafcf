//! Somebody who may edit uploads a version that nobody can open, with a good signature. It counts as a
//! version, and that is all: the newest one that opens is shown, and the owner does everything over it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mysafe_protocol::bodies::{Permission, Status};
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{ItemId, Revision};

use super::device::{ADDRESS, Device};
use super::hand::{Hand, Parts};
use super::now;
use super::received::{Scene, accepted};
use super::sharing::named;
use crate::crypto::{AccountKey, ItemKey, Random, SystemRandom};
use crate::model::{Overview, Stamp};
use crate::vault::{History, Share};

const CHO: &str = "cho@example.com";
const GOOD: &str = "the good secret";

/// How a version is spoiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Noise {
    Details,
    Overview,
    /// The overview has a method that there is not.
    OverviewThatDoesNotDecode,
    /// The overview is not well-formed CBOR.
    MalformedOverview,
    /// The overview says that somebody else changed it.
    ChangedByAnother,
    /// The overview says nothing of who changed it.
    ChangedByNobody,
    /// The details are sealed with the key of the epoch before.
    KeyOfAnotherEpoch,
    /// The details are sealed for another number.
    OtherNumber,
    /// The details begin with a version byte that there is not.
    VersionByte,
    /// The details are not well-formed CBOR.
    MalformedDetails,
    /// Both parts are empty.
    Empty,
}

const ALL: [Noise; 11] = [
    Noise::Details,
    Noise::Overview,
    Noise::OverviewThatDoesNotDecode,
    Noise::MalformedOverview,
    Noise::ChangedByAnother,
    Noise::ChangedByNobody,
    Noise::KeyOfAnotherEpoch,
    Noise::OtherNumber,
    Noise::VersionByte,
    Noise::MalformedDetails,
    Noise::Empty,
];

/// Tries every noise, and names each that fails.
fn for_each_noise(test: impl Fn(Noise)) {
    let fails = |noise: &Noise| catch_unwind(AssertUnwindSafe(|| test(*noise))).is_err();
    let failed: Vec<Noise> = ALL.into_iter().filter(fails).collect();
    assert_eq!(failed, []);
}

/// Ana's item, which Bea may edit and Cho may view, in epoch 3; and Bea's key of epoch 2.
struct Noisy {
    scene: Scene,
    cho: Device,
    old: ItemKey,
}

impl Noisy {
    fn new() -> Self {
        let mut scene = accepted(Permission::Edit);
        let (item, server, owner) = (scene.item, scene.ana.line.server.clone(), scene.owner());
        let old = Hand::of(&scene.bea, &item).key;
        let account = AccountKey::generate(&mut SystemRandom);
        let mut cho = Device::of(&account, CHO, &server);
        let user = cho.line.user;
        scene.ana.with(|sync| now(sync.pin(&user, CHO))).unwrap().unwrap();
        let with = [Share { user, permission: Permission::View, until: None }];
        scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
        scene.ana.edit(&item, |form| *form.client_secret = GOOD.into());
        scene.ana.sync_well();
        cho.sync_well();
        cho.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
        scene.bea.sync_well();
        cho.sync_well();
        Self { scene, cho, old }
    }

    /// Bea uploads it.
    fn spoil(&self, noise: Noise) -> ItemWriteRequest {
        let (item, random) = (&self.scene.item, &mut SystemRandom);
        let hand = Hand::of(&self.scene.bea, item);
        let revision = hand.next();
        let Revision { epoch, revision: number, .. } = revision;
        let overview = Overview { name: "spoiled".into(), ..hand.overview() };
        let good = hand.seal(&revision, &overview, "spoiled");
        let seal = |plain: &[u8], random: &mut SystemRandom| {
            hand.key.seal_overview(item, epoch, number, plain, random)
        };
        let blob = |random: &mut SystemRandom| [&[1], &random.array::<160>()[..]].concat();
        let changed = |changed| Overview { changed, ..overview.clone() }.encode();
        let parts = match noise {
            Noise::Details => Parts { details: blob(random), ..good },
            Noise::Overview => Parts { overview: blob(random), ..good },
            Noise::OverviewThatDoesNotDecode => {
                let mut fields = Fields::decode(&overview.encode()).unwrap();
                fields.put(6, 7);
                Parts { overview: seal(&fields.encode(), random), ..good }
            }
            Noise::MalformedOverview => Parts { overview: seal(&[0xff], random), ..good },
            Noise::ChangedByAnother => {
                let ana = Stamp { user: self.scene.owner(), time: 9 };
                Parts { overview: seal(&changed(Some(ana)), random), ..good }
            }
            Noise::ChangedByNobody => Parts { overview: seal(&changed(None), random), ..good },
            Noise::KeyOfAnotherEpoch => {
                let details = [0xa0];
                let details = self.old.seal_details(item, epoch, number, &details, random);
                Parts { details, ..good }
            }
            Noise::OtherNumber => {
                let details = hand.key.seal_details(item, epoch, number + 1, &[0xa0], random);
                Parts { details, ..good }
            }
            Noise::VersionByte => {
                let mut details = good.details;
                details[0] = 2;
                Parts { details, ..good }
            }
            Noise::MalformedDetails => {
                let details = hand.key.seal_details(item, epoch, number, &[0xff], random);
                Parts { details, ..good }
            }
            Noise::Empty => Parts { overview: Vec::new(), details: Vec::new() },
        };
        hand.upload(&self.scene.ana.line.server, revision, parts).unwrap()
    }

    /// A device of somebody's that is new.
    fn new_device(&self, of: &Device, address: &str) -> Device {
        let mut device = Device::of(&of.account(), address, &self.scene.ana.line.server);
        device.sync().unwrap();
        device
    }
}

/// The good version before is shown, also where the details are opened.
fn assert_good(device: &Device, item: &ItemId, name: &str, noise: Noise) {
    let revealed = device.vault.reveal(item, &device.local(item)).ok();
    let secret = revealed.as_ref().map(|secret| secret.as_str());
    assert_eq!(secret, Some(GOOD), "{noise:?}: the good secret is shown");
    let form = device.vault.form(item, &device.local(item));
    assert_eq!(form.map(|form| form.name), Ok(name.into()), "{noise:?}: the form opens");
    assert_eq!(device.name(item), name, "{noise:?}");
}

/// The history as a screen asks for it.
fn history(device: &Device, item: &ItemId) -> Result<History, crate::vault::OpenError> {
    let local = device.local(item);
    let before = device.vault.newest_on_server(&local).unwrap();
    let answer = device.line.server.history_of(&device.line.user, item, before);
    device.vault.history(item, &local, &answer.versions, &answer.keys, answer.more)
}

#[test]
fn a_version_that_does_not_open_is_told_and_the_one_before_is_shown() {
    for_each_noise(|noise| {
        let mut noisy = Noisy::new();
        let item = noisy.scene.item;
        let hash = noisy.spoil(noise).revision.hash();
        noisy.scene.ana.sync().unwrap();
        noisy.scene.second.sync().unwrap();
        noisy.cho.sync().unwrap();
        let [ana, cho] = [(&noisy.scene.ana, ADDRESS), (&noisy.cho, CHO)]
            .map(|(device, address)| noisy.new_device(device, address));
        for device in [&noisy.scene.ana, &noisy.cho, &noisy.scene.second, &ana, &cho] {
            let told: Vec<_> =
                device.notices().into_iter().map(|told| (told.code, told.item)).collect();
            assert_eq!(told, [("unreadable".to_owned(), Some(item))], "{noise:?}");
            assert_eq!(device.held(&item).unwrap().hash, hash, "{noise:?}: the version counts");
            assert_good(device, &item, "CRM", noise);
        }
    });
}

#[test]
fn the_owner_removes_the_editor_in_one_step() {
    for_each_noise(|noise| {
        let mut noisy = Noisy::new();
        let (item, bea) = (noisy.scene.item, noisy.scene.bea.line.user);
        noisy.spoil(noise);
        let revoked = noisy.scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
        assert_eq!(revoked, Ok(Ok(())), "{noise:?}");
        noisy.cho.sync().unwrap();
        let [ana, cho] = [(&noisy.scene.ana, ADDRESS), (&noisy.cho, CHO)]
            .map(|(device, address)| noisy.new_device(device, address));
        for device in [&noisy.scene.ana, &noisy.cho, &ana, &cho] {
            assert_eq!(named(device, &item), [noisy.cho.line.user], "{noise:?}");
            assert_good(device, &item, "CRM", noise);
            assert_eq!(device.entry(&item).trouble, None, "{noise:?}");
        }
    });
}

#[test]
fn the_owner_edits_disables_and_deletes_over_a_version_that_does_not_open() {
    for_each_noise(|noise| {
        let mut noisy = Noisy::new();
        let item = noisy.scene.item;
        noisy.spoil(noise);
        let ana = &mut noisy.scene.ana;
        ana.sync().unwrap();
        ana.rename(&item, "CRM 2");
        ana.sync().unwrap();
        noisy.cho.sync().unwrap();
        for device in [&noisy.scene.ana, &noisy.cho] {
            assert_good(device, &item, "CRM 2", noise);
        }
        noisy.scene.bea.sync().unwrap();
        noisy.spoil(noise);
        let ana = &mut noisy.scene.ana;
        ana.sync().unwrap();
        ana.disable(&item);
        ana.sync().unwrap();
        noisy.cho.sync().unwrap();
        assert_eq!(noisy.cho.entry(&item).status, Status::Inactive, "{noise:?}");
        noisy.scene.ana.delete(&item);
        noisy.scene.ana.sync().unwrap();
        let newest = noisy.scene.ana.line.server.state(&item).revision;
        assert_eq!(Revision::read(&newest).unwrap().status, Status::Deleted, "{noise:?}");
    });
}

#[test]
fn an_edit_that_waits_goes_over_a_version_that_does_not_open() {
    for_each_noise(|noise| {
        let mut noisy = Noisy::new();
        let item = noisy.scene.item;
        noisy.scene.ana.rename(&item, "waiting");
        noisy.spoil(noise);
        noisy.scene.ana.sync().unwrap();
        noisy.scene.ana.sync().unwrap();
        assert!(!noisy.scene.ana.entry(&item).waiting, "{noise:?}");
        noisy.cho.sync().unwrap();
        for device in [&noisy.scene.ana, &noisy.cho] {
            assert_good(device, &item, "waiting", noise);
        }
    });
}

#[test]
fn the_history_goes_on_over_a_version_that_does_not_open() {
    for_each_noise(|noise| {
        let mut noisy = Noisy::new();
        let item = noisy.scene.item;
        noisy.spoil(noise);
        noisy.scene.ana.sync().unwrap();
        noisy.scene.ana.rename(&item, "CRM 2");
        noisy.scene.ana.sync().unwrap();
        let history = history(&noisy.scene.ana, &item);
        let history = history.unwrap_or_else(|error| panic!("{noise:?}: {error}"));
        assert_eq!((history.broken, history.more_before), (None, None), "{noise:?}");
        let names: Vec<_> =
            history.versions.iter().map(|version| version.overview.name.as_str()).collect();
        assert_eq!(names.len(), noisy.scene.ana.line.server.bodies(&item).len(), "{noise:?}");
        assert_eq!([names[0], names[2]], ["CRM 2", "CRM"], "{noise:?}");
        assert_ne!(names[1], "spoiled", "{noise:?}");
    });
}

#[test]
fn a_version_that_does_not_open_ends_no_whole_sync() {
    for_each_noise(|noise| {
        let mut noisy = Noisy::new();
        let item = noisy.scene.item;
        noisy.scene.ana.with(|sync| now(sync.remind(&item, Some(70)))).unwrap().unwrap();
        let other = noisy.scene.ana.add_named("other");
        noisy.spoil(noise);
        for _ in 0..2 {
            let done = noisy.scene.ana.sync().map(drop);
            assert_eq!(done, Ok(()), "{noise:?}");
        }
        assert!(!noisy.scene.ana.entry(&other).waiting, "{noise:?}");
        assert_eq!(
            noisy.scene.ana.vault.reminder(&item),
            Some(70),
            "{noise:?}: nothing rotated it"
        );
    });
}
