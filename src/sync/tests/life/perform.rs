//! How each act is done. An act that is not possible where it stands does nothing.

use mysafe_protocol::bodies::{Permission, Status};

use super::acts::Act;
use super::calls;
use super::world::World;
use crate::crypto::{Random, SystemRandom};
use crate::sync::tests::hand::{Hand, Parts};
use crate::sync::tests::now;

impl World {
    /// Does one act and looks whether the rules hold.
    pub(super) fn perform(&mut self, number: usize, act: Act) -> Result<(), String> {
        let seat = self.seat_of(number, act);
        self.step += 1;
        self.show_view(self.seats[seat].view);
        if act == Act::Install {
            // A device without held state knows nothing.
            self.install(seat);
            self.seats[seat].heads.clear();
        }
        let before = self.before(seat);
        self.act(seat, act)?;
        self.after(seat, act, &before)
    }

    /// Returns the seat whose device acts: some acts are the owner's, some are everybody else's.
    fn seat_of(&self, number: usize, act: Act) -> usize {
        match act {
            Act::Delete
            | Act::Undelete
            | Act::ShareView(_)
            | Act::ShareEdit(_)
            | Act::ShareUntil(_)
            | Act::Revoke(_) => number % 2,
            Act::Leave | Act::Noise => 2 + number % (self.seats.len() - 2),
            _ => number % self.seats.len(),
        }
    }

    fn act(&mut self, seat: usize, act: Act) -> Result<(), String> {
        let (item, step, random) = (self.item, self.step, &mut SystemRandom);
        let device = self.seats[seat].device_mut();
        match act {
            Act::Tag => calls::edit(device, &item, |form| form.tags.push(format!("t{step}"))),
            Act::Rotate => {
                calls::edit(device, &item, |form| *form.client_secret = format!("s{step}"));
            }
            Act::Disable | Act::Enable => {
                let active = act == Act::Enable;
                let _ = device.change(&item, |vault, local| {
                    vault.set_active(&item, active, local, 3, random)
                });
            }
            Act::Delete => {
                let _ = device
                    .change(&item, |vault, local| vault.set_active(&item, false, local, 3, random));
                let _ = device.change(&item, |vault, local| vault.delete(&item, local, 4, random));
            }
            Act::Undelete => {
                let status = device.vault.entry(&item).map(|entry| entry.status);
                if status == Some(Status::Deleted) && device.state(&item).is_some() {
                    let _ = device.undelete(&item);
                }
            }
            Act::RestoreVersion => {
                self.takes_tags = true;
                calls::restore_version(self.seats[seat].device_mut(), &item);
            }
            Act::ShareView(_) | Act::ShareEdit(_) | Act::ShareUntil(_) => {
                self.share(seat, act)?;
            }
            Act::Revoke(who) => {
                let user = self.other(who).user();
                calls::change_access(self.seats[seat].device_mut(), &item, &[], &[user])?;
            }
            Act::Leave => {
                if self.seats[seat].view > 0 {
                    self.left.insert(seat);
                }
                let device = self.seats[seat].device_mut();
                let left = device.with(|sync| now(sync.leave(&item)));
                left.map(drop).map_err(|error| format!("leaving ends in {error}"))?;
            }
            Act::Clock => {
                self.time += 7_200;
                self.set_clocks();
            }
            Act::Sync => calls::sync(device)?,
            Act::Accept { mine } => calls::accept(device, &item, mine)?,
            Act::Noise => self.noise(seat),
            Act::Backup => {
                self.show_view(0);
                self.backup = self.server.backup();
            }
            Act::Restore { announced } => {
                self.show_view(0);
                self.server.restore(&self.backup, announced);
                self.set_clocks();
            }
            // Signing in brings the account record.
            Act::Install => calls::sync(device)?,
            Act::Split => self.split(seat),
            Act::Join => self.seats[seat].view = 0,
            Act::Show(number) => self.show_earlier(seat, number),
            Act::Forge(who, forged) => self.forge(seat, who, forged),
        }
        Ok(())
    }

    fn share(&mut self, seat: usize, act: Act) -> Result<(), String> {
        let (who, permission, until) = match act {
            Act::ShareView(who) => (who, Permission::View, None),
            Act::ShareUntil(who) => (who, Permission::Edit, Some(self.time + 3_600)),
            Act::ShareEdit(who) => (who, Permission::Edit, None),
            _ => return Ok(()),
        };
        let share = calls::share(self.other(who).user(), permission, until);
        calls::change_access(self.seats[seat].device_mut(), &self.item, &[share], &[])
    }

    /// Somebody uploads details that nobody opens, if they may edit.
    fn noise(&self, seat: usize) {
        let device = self.seats[seat].device();
        if self.server.item_of(&device.line.user, &self.item).is_err() {
            return;
        }
        let hand = Hand::of(device, &self.item);
        let revision = hand.next();
        let overview = hand.try_overview().unwrap_or_default();
        let good = hand.seal(&revision, &overview, "");
        let details = [&[1], &SystemRandom.array::<160>()[..]].concat();
        // The server refuses it of who may only view, and in a stale epoch.
        let _ = hand.upload(&self.server, revision, Parts { details, ..good });
    }
}
