//! The rules that hold after each act, whoever lies. Held numbers are the fake disk's to check.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{Grant, Permission, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::{Revision, UserId};

use super::acts::Act;
use super::ledger::grant;
use super::world::World;

/// The versions that a device knew before it acted.
pub(super) struct Before {
    /// The versions that it held, and those that these come from.
    known: BTreeSet<Hash>,
}

impl World {
    pub(super) fn before(&self, seat: usize) -> Before {
        let heads = &self.seats[seat].heads;
        let known: BTreeSet<Hash> =
            heads.iter().flat_map(|head| self.ledger.reached(*head)).collect();
        Before { known }
    }

    /// Looks at all that the act brought about.
    pub(super) fn after(&mut self, seat: usize, act: Act, before: &Before) -> Result<(), String> {
        let new = self.ledger.collect(&self.server.data.borrow());
        let given = match act {
            Act::ShareView(who) | Act::ShareEdit(who) | Act::ShareUntil(who) => {
                Some(self.other(who).user())
            }
            _ => None,
        };
        for hash in &new {
            if let Some(user) = given
                && self.ledger.versions[hash].request.key.is_some()
                && self.ledger.permission(hash, &user).is_some()
            {
                self.ledger.shared.insert((*hash, user));
            }
        }
        let me = self.seats[seat].device().line.user;
        // Noise is made by hand: no client answers for it.
        for hash in new.iter().filter(|_| act != Act::Noise) {
            let told =
                |error: String| format!("{act:?}: {error}, {:?}", self.ledger.revision(hash));
            if self.ledger.revision(hash).author == me {
                let error = self.who_opens(hash, before, given);
                let error = error.or_else(|| self.who_was_added(hash, given));
                let error = error.or_else(|| self.epoch_again(hash, before));
                let error = error.or_else(|| self.content_lost(hash, act));
                if let Some(error) = error {
                    return Err(format!("{act:?}: {error}, {:?}", self.ledger.revision(hash)));
                }
            } else {
                return Err(told("a version of somebody else's".into()));
            }
        }
        let held = self.remember_heads();
        self.nothing_foreign_is_held(&held)
    }

    /// Nobody opens what was written after they were removed, by a device that knew it.
    fn who_opens(&mut self, hash: &Hash, before: &Before, given: Option<UserId>) -> Option<String> {
        let Revision { author, prev, also, .. } = *self.ledger.revision(hash);
        let parents = prev.into_iter().chain(also);
        let mut known = before.known.clone();
        known.extend(parents.flat_map(|parent| self.ledger.reached(parent)));
        let users: Vec<UserId> = self.others.iter().map(|other| other.user()).collect();
        for user in users.iter().filter(|user| Some(**user) != given && **user != author) {
            if !self.ledger.is_removed(&known, user) {
                continue;
            }
            if let Some(content) = self.ledger.opened_by(hash, user) {
                return Some(format!("{user} was removed and opens {content:?}"));
            }
        }
        None
    }

    /// No act of a client by itself gives anybody more than the list before; over another branch, nobody more
    /// than either list, unless the other branch's list is one of those before.
    fn who_was_added(&self, hash: &Hash, given: Option<UserId>) -> Option<String> {
        let ledger = &self.ledger;
        ledger.versions[hash].request.key.as_ref()?;
        let Revision { prev, also, .. } = *ledger.revision(hash);
        let grants = &ledger.epoch_of(hash).grants;
        let own = prev.filter(|prev| ledger.versions.contains_key(prev));
        let beside = also.filter(|also| {
            let list = ledger.revision(also).list;
            let mut before = own.into_iter().flat_map(|own| ledger.reached(own));
            before.all(|known| ledger.revision(&known).list != list)
        });
        for base in own.into_iter().chain(beside) {
            let base = &ledger.epoch_of(&base).grants;
            let added = grants.iter().find(|grant| !allows(base, grant, given));
            if let Some(added) = added {
                return Some(format!("{added:?} is more than {base:?}"));
            }
        }
        None
    }

    /// An epoch is begun once, above all that the device knew.
    fn epoch_again(&self, hash: &Hash, before: &Before) -> Option<String> {
        self.ledger.versions[hash].request.key.as_ref()?;
        let Revision { epoch, prev, also, .. } = *self.ledger.revision(hash);
        let parents = prev.into_iter().chain(also);
        let known = parents.filter(|one| self.ledger.versions.contains_key(one));
        let mut known = known.chain(before.known.iter().copied());
        let again = known.find(|known| self.ledger.revision(known).epoch >= epoch)?;
        Some(format!("an epoch again, after {:?}", self.ledger.revision(&again)))
    }

    /// A united version has the content of both branches if everybody beside may edit, else of its own alone.
    fn content_lost(&self, hash: &Hash, act: Act) -> Option<String> {
        let ledger = &self.ledger;
        let Revision { prev: Some(prev), also: Some(also), .. } = *ledger.revision(hash) else {
            return None;
        };
        let deleted = |hash: &Hash| ledger.revision(hash).status == Status::Deleted;
        if deleted(hash) || deleted(&prev) || deleted(&also) || matches!(act, Act::Accept { .. }) {
            return None;
        }
        // Of noise, a device shows the newest version that it still finds.
        if [prev, also].iter().any(|side| ledger.content(side).is_none()) {
            return None;
        }
        let own = ledger.reached(prev);
        let beside: BTreeSet<Hash> = ledger.reached(also).difference(&own).copied().collect();
        let may = |hash: &Hash| {
            ledger.permission(&prev, &ledger.revision(hash).author) == Some(Permission::Edit)
        };
        let trusted = beside.iter().all(may);
        let tags = |content: Option<(crate::model::Overview, String)>| -> BTreeSet<String> {
            content.map(|(overview, _)| overview.tags.into_iter().collect()).unwrap_or_default()
        };
        let (mine, theirs) = (tags(ledger.readable(&prev)), tags(ledger.readable(&also)));
        let Some(content) = ledger.content(hash) else { return Some("it does not open".into()) };
        let got = tags(Some(content));
        let stranger = theirs.difference(&mine).find(|tag| got.contains(*tag));
        let lost = mine.union(&theirs).find(|tag| !got.contains(*tag));
        match (trusted, stranger, lost) {
            (false, Some(tag), _) => Some(format!("{tag} of a branch of strangers")),
            (true, _, Some(tag)) if !self.takes_tags => Some(format!("{tag} is lost")),
            _ => None,
        }
    }

    /// Every version that a device holds is by somebody who might write it, under a list of the owner's.
    fn nothing_foreign_is_held(&self, held: &[(usize, Hash, Option<Hash>)]) -> Result<(), String> {
        for (number, hash, list) in held {
            if !self.ledger.versions.contains_key(hash) {
                return Err(format!("device {number} holds a version that nobody uploaded"));
            }
            if !self.ledger.has_list(*list) {
                return Err(format!("device {number} holds a list that the owner did not sign"));
            }
            let author = self.ledger.revision(hash).author;
            if self.ledger.permission(hash, &author) != Some(Permission::Edit) {
                return Err(format!(
                    "device {number} holds a version of somebody who may not edit"
                ));
            }
        }
        Ok(())
    }
}

/// Whether a list gave as much as this grant, or the user gives it now.
fn allows(base: &[Grant], now: &Grant, given: Option<UserId>) -> bool {
    use mysafe_protocol::bodies::Grantee;
    let Grantee::User(user) = now.to else { return false };
    let Some(before) = grant(base, &user) else { return Some(user) == given };
    let edits = |grant: &Grant| grant.permission == Permission::Edit;
    let ends = |grant: &Grant| grant.until.unwrap_or(u64::MAX);
    Some(user) == given || (edits(before) >= edits(now) && ends(before) >= ends(now))
}
