//! The end of a history: the server is honest again, everybody syncs, and where it is offered users accept
//! the server's state. Then all have the same.

use mysafe_protocol::bodies::Status;

use super::acts::Act;
use super::world::World;
use crate::vault::Entry;

/// How often everybody syncs, a day apart.
const ROUNDS: usize = 6;

impl World {
    pub(super) fn end_honestly(&mut self) -> Result<(), String> {
        for seat in &mut self.seats {
            seat.view = 0;
        }
        let mut same = Ok(());
        for _ in 0..ROUNDS {
            self.show_view(0);
            // Devices may stand behind what came again: a new epoch makes them read all.
            self.server.data.borrow_mut().epoch.0[2] += 1;
            self.time += 86_400;
            self.set_clocks();
            for seat in 0..self.seats.len() {
                self.perform(seat, Act::Sync)?;
                if self.is_apart(seat) {
                    self.perform(seat, Act::Accept { mine: true })?;
                }
            }
            same = self.all_have_the_same();
            if same.is_ok() {
                break;
            }
        }
        same
    }

    /// Whether the user is offered to accept the server's state.
    fn is_apart(&self, seat: usize) -> bool {
        let entry = self.seats[seat].device().vault.entry(&self.item);
        let trouble = entry.and_then(|entry| entry.trouble.as_deref());
        matches!(trouble, Some("forked" | "went_back"))
    }

    fn all_have_the_same(&self) -> Result<(), String> {
        let newest = self.server.state(&self.item).revision.hash();
        let status = self.ledger.revision(&newest).status;
        let content = self.ledger.content(&newest);
        for (number, seat) in self.seats.iter().enumerate() {
            let told = |what: String| Err(format!("in the end device {number} {what}"));
            let device = seat.device();
            let entry = device.vault.entry(&self.item);
            let here = entry.filter(|entry| entry.status != Status::Deleted);
            let gone = status == Status::Deleted;
            if gone || self.ledger.permission(&newest, &device.line.user).is_none() {
                // A server that lost a share cannot say that it ended: the item is kept, and that is told.
                let kept = |entry: &Entry| entry.trouble.as_deref() == Some("incomplete");
                if here.is_some_and(|entry| !kept(entry)) {
                    return told("has the item still".into());
                }
                continue;
            }
            // Somebody who had no access for a while, and whose lost write the owner never saw, waits.
            let held = device.held(&self.item).map(|held| held.hash);
            let lost = held.is_some_and(|held| !self.ledger.reached(newest).contains(&held));
            if here.is_none() && (lost || self.left.contains(&number)) {
                continue;
            }
            let Some(entry) = here else { return told("has no item".into()) };
            let held = device.held(&self.item).map(|held| held.hash);
            if held != Some(newest) || entry.waiting {
                let notices = device.notices();
                return told(format!("holds another version: {:?} {notices:?}", entry.trouble));
            }
            let Some((overview, secret)) = &content else { continue };
            if entry.trouble.is_some() {
                return told(format!("says {:?}", entry.trouble));
            }
            let form = device.vault.form(&self.item, &device.local(&self.item));
            let same =
                form.is_ok_and(|form| form.tags == overview.tags && *form.client_secret == *secret);
            if !same {
                return told("shows another content".into());
            }
        }
        Ok(())
    }
}
