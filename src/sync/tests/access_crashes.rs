//! Access changed while the store refuses or the line breaks, at every point one after the other; the
//! browser is killed there and started again. The act is done once, by itself or by doing it again.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, Status};

use super::device::Device;
use super::line::Break;
use super::now;
use super::received::{Scene, accepted};
use crate::sync::{LeaveError, SyncError};
use crate::vault::{Share, ShareError};

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    /// Ana gives Bea another permission.
    Share,
    Revoke,
    /// Bea gives it up.
    Leave,
    /// Ana deletes it, as after somebody took over.
    Delete,
}

const ACTS: [Act; 4] = [Act::Share, Act::Revoke, Act::Leave, Act::Delete];

impl Act {
    /// Whose device it happens on.
    fn device(self, scene: &mut Scene) -> &mut Device {
        match self {
            Self::Leave => &mut scene.bea,
            Self::Share | Self::Revoke | Self::Delete => &mut scene.ana,
        }
    }

    /// Before the act: nothing of it is on the server.
    fn scene(self) -> Scene {
        let mut scene = accepted(Permission::View);
        if self == Self::Delete {
            let item = scene.item;
            scene.ana.disable(&item);
            scene.ana.delete(&item);
        }
        scene
    }

    /// Does it once; whether it was hit.
    fn make(self, scene: &mut Scene) -> bool {
        let (item, user) = (scene.item, scene.bea.line.user);
        let with = [Share { user, permission: Permission::Edit, until: None }];
        let device = self.device(scene);
        match self {
            Self::Share => done(device.with(|sync| now(sync.share(&item, &with)))),
            Self::Revoke => done(device.with(|sync| now(sync.revoke(&item, &[user])))),
            Self::Leave => match device.with(|sync| now(sync.leave(&item))) {
                Ok(Ok(()) | Err(LeaveError::Gone)) => false,
                Ok(Err(error)) => panic!("{error}"),
                Err(_) => true,
            },
            Self::Delete => device.sync().is_err(),
        }
    }

    /// What must be there in the end.
    fn check(self, scene: &mut Scene, what: &str) {
        let item = scene.item;
        for device in [&mut scene.ana, &mut scene.bea, &mut scene.second] {
            device.sync().unwrap();
            device.sync().unwrap();
        }
        let state = scene.ana.state(&item).unwrap();
        let revision = Revision::read(&state.revision).unwrap();
        let grants = scene.ana.vault.access(&scene.ana.local(&item)).unwrap().unwrap().grants;
        let (epochs, listed, hers) = match self {
            Self::Share => (3, 1, true),
            Self::Revoke | Self::Leave => (3, 0, false),
            Self::Delete => (2, 1, true),
        };
        assert_eq!((revision.epoch, grants.len()), (epochs, listed), "{self:?}, {what}");
        for device in [&scene.bea, &scene.second] {
            let entry = device.vault.entry(&item);
            assert_eq!(entry.is_some(), hers, "{self:?}, {what}");
            if self == Self::Share {
                let name = device.form(&item).name;
                assert_eq!(name, "CRM", "{what}: the new key opens it");
            }
        }
        let gone = revision.status == Status::Deleted;
        assert_eq!(gone, self == Self::Delete, "{self:?}, {what}");
    }
}

fn done<E>(done: Result<Result<(), ShareError>, SyncError<E>>) -> bool {
    match done {
        Ok(Ok(()) | Err(ShareError::NoChange)) => false,
        Ok(Err(error)) => panic!("{error}"),
        Err(_) => true,
    }
}

fn at_every_point(what: &str, arm: impl Fn(&Device, u32)) {
    for act in ACTS {
        for point in 0.. {
            let mut scene = act.scene();
            arm(act.device(&mut scene), point);
            let hit = act.make(&mut scene);
            let place = act.device(&mut scene);
            *place = place.context();
            place.disk.refuses.set(None);
            // What is stored is enough to go on, with a sync before or without.
            if point % 2 == 0 {
                place.sync().unwrap();
            }
            assert!(!act.make(&mut scene), "{act:?}, {what} {point}");
            act.check(&mut scene, &format!("{what} {point}"));
            if !hit {
                assert!(point > 0, "{act:?}: nothing was hit");
                break;
            }
        }
    }
}

#[test]
fn the_store_refuses_at_each_transaction() {
    at_every_point("store", |device, point| device.disk.refuses.set(Some(point)));
}

#[test]
fn the_line_breaks_before_each_request() {
    at_every_point("before", |device, point| {
        device.line.breaks.set(Some((point, Break::Before)));
    });
}

#[test]
fn the_line_breaks_after_each_request() {
    at_every_point("after", |device, point| {
        device.line.breaks.set(Some((point, Break::After)));
    });
}
