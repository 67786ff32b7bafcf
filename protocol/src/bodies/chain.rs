//! How the revisions of an item follow each other: numbers, epochs, lists and references. Clients and
//! servers ask here, so that neither takes what the other refuses.

use std::collections::{BTreeMap, BTreeSet};

use super::{Revision, Status};
use crate::bytes::{Hash, UserId};
use crate::limits;

/// Whether a revision may follow another, as the one before or the one beside, in an item of `owner`.
///
/// Numbers rise and epochs never fall, both by at most [`limits::GAP`]; the number of a revision that unites two
/// is that near to the higher of both, which [`Chain`] checks. Only the owner begins an epoch, and
/// only an epoch brings another list. Only the owner deletes, and only a new epoch follows a deletion.
pub fn follows(before: &Revision, after: &Revision, owner: &UserId) -> bool {
    let numbers = after.revision > before.revision
        && (after.also.is_some() || is_near(before.revision, after.revision))
        && is_near(before.epoch, after.epoch);
    let by_owner = after.author == *owner;
    let epoch = if after.epoch == before.epoch {
        after.list == before.list && before.status != Status::Deleted
    } else {
        by_owner
    };
    let deletes = after.status != Status::Deleted || by_owner;
    numbers && epoch && deletes && after.item == before.item
}

fn is_near(before: u64, after: u64) -> bool {
    after.checked_sub(before).is_some_and(|gap| gap <= limits::GAP)
}

/// Whether a revision that unites two is near to the higher of them. The owner may unite what is not here, and of
/// that nobody knows the number; anybody else's is measured from what is here.
fn is_near_both<'b>(
    after: &Revision,
    owner: &UserId,
    body: impl Fn(&Hash) -> Option<&'b Revision>,
) -> bool {
    let here: Vec<u64> =
        after.parents().filter_map(|parent| body(&parent)).map(|before| before.revision).collect();
    let unknown = after.author == *owner && here.len() < after.parents().count();
    let highest = here.into_iter().max().filter(|_| after.also.is_some() && !unknown);
    highest.is_none_or(|highest| is_near(highest, after.revision))
}

/// Bodies of one item by their hashes. Each was signed by its author; that is the caller's to check.
#[derive(Clone, Default, Debug)]
pub struct Chain(BTreeMap<Hash, Revision>);

/// The places to which the ways from a revision lead.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Way {
    /// The bodies on the ways, the first one included.
    pub seen: BTreeSet<Hash>,
    /// The ends that a caller named and the ways reached.
    pub reached: BTreeSet<Hash>,
    /// References to bodies that are not here.
    pub missing: BTreeSet<Hash>,
    /// A step breaks the rules.
    pub broken: bool,
    /// A reference leads to a body that is not here, of a body that neither an end nor a uniting revision of the
    /// owner leads to. What these lead to was accepted, also bodies that a server lost for ever.
    pub unvouched: bool,
    /// The same of a revision by which somebody else than the owner unites two, or of a body below it.
    pub half_seen: bool,
    /// The same of a body below no revision of the owner, whose clients had accepted what these lead to.
    pub unknown: bool,
}

/// The answer of a server to a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replacement {
    /// The write takes the place of the newest revision.
    Replaces,
    /// The write names another revision than the newest.
    Stale,
    /// A step breaks the rules, or leads nowhere.
    Forged,
}

impl Chain {
    /// Adds a body.
    pub fn insert(&mut self, hash: Hash, revision: Revision) {
        self.0.insert(hash, revision);
    }

    /// Returns the body of a hash.
    pub fn get(&self, hash: &Hash) -> Option<&Revision> {
        self.0.get(hash)
    }

    /// Whether there are no bodies.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns every body with its hash.
    pub fn iter(&self) -> impl Iterator<Item = (&Hash, &Revision)> {
        self.0.iter()
    }

    /// Walks every way back from `tip` along prev and also. A way ends at a body for which `ends` gives what
    /// is known of it, at a first revision, and at a body that is not here.
    pub fn walk<'e>(
        &self,
        tip: Hash,
        owner: &UserId,
        ends: impl Fn(&Hash) -> Option<&'e Revision>,
    ) -> Way {
        let (mut way, mut ends_open, mut below) = (Way::default(), Vec::new(), Vec::new());
        let mut open = vec![tip];
        while let Some(hash) = open.pop() {
            if !way.seen.insert(hash) {
                continue;
            }
            let Some(after) = self.get(&hash) else {
                way.seen.remove(&hash);
                way.missing.insert(hash);
                continue;
            };
            let known = |parent: &Hash| ends(parent).or_else(|| self.get(parent));
            way.broken |= !is_near_both(after, owner, known);
            for parent in after.parents() {
                let end = ends(&parent);
                let Some(before) = end.or_else(|| self.get(&parent)) else {
                    way.missing.insert(parent);
                    ends_open.push(hash);
                    continue;
                };
                if !follows(before, after, owner) {
                    way.broken = true;
                } else if end.is_some() {
                    way.reached.insert(parent);
                    below.extend(before.parents().chain([parent]));
                } else {
                    open.push(parent);
                }
            }
        }
        let with_all_below = |which: &dyn Fn(&Revision) -> bool, below: Vec<Hash>| {
            let bodies = way.seen.iter().filter(|hash| self.get(hash).is_some_and(which));
            self.with_all_below(bodies.copied().chain(below).collect())
        };
        let unites = |body: &Revision| body.also.is_some();
        let by_owner = |body: &Revision| body.author == *owner;
        let vouched = with_all_below(&|body| unites(body) && by_owner(body), below);
        let united = with_all_below(&|body| unites(body) && !by_owner(body), Vec::new());
        let owners = with_all_below(&by_owner, Vec::new());
        ends_open.retain(|hash| !vouched.contains(hash));
        way.unvouched = !ends_open.is_empty();
        way.half_seen = ends_open.iter().any(|hash| united.contains(hash));
        way.unknown = ends_open.iter().any(|hash| !owners.contains(hash));
        way
    }

    /// Returns these bodies, and all that they lead to here.
    fn with_all_below(&self, mut open: Vec<Hash>) -> BTreeSet<Hash> {
        let mut all = BTreeSet::new();
        while let Some(hash) = open.pop() {
            if all.insert(hash) {
                open.extend(self.get(&hash).into_iter().flat_map(Revision::parents));
            }
        }
        all
    }

    /// Returns the hashes of `tip` and of all that is reached from it by steps that [`follows`] allows, each
    /// body here. Any other step counts for nothing.
    pub fn reached(&self, tip: Hash, owner: &UserId) -> BTreeSet<Hash> {
        let (mut reached, mut open) = (BTreeSet::new(), vec![tip]);
        while let Some(hash) = open.pop() {
            let Some(after) = self.get(&hash) else { continue };
            if !reached.insert(hash) || !is_near_both(after, owner, |parent| self.get(parent)) {
                continue;
            }
            let allowed = |parent: &Hash| {
                self.get(parent).is_some_and(|before| follows(before, after, owner))
            };
            open.extend(after.parents().filter(allowed));
        }
        reached
    }

    /// Decides whether a write replaces `head`, the newest revision that a server has; none if it does not
    /// know the item. `self` holds the bodies that come with the write, the newest among them, and `known`
    /// gives bodies that the server has. `by_owner`: the owner sends it, whose bodies may begin anywhere.
    pub fn replaces<'k>(
        &self,
        newest: Hash,
        head: Option<Hash>,
        owner: &UserId,
        by_owner: bool,
        known: impl Fn(&Hash) -> Option<&'k Revision>,
    ) -> Replacement {
        let way = self.walk(newest, owner, known);
        let Some(revision) = self.get(&newest) else { return Replacement::Forged };
        // A step onto the newest that breaks the rules names it all the same.
        let names = |head: Hash| {
            let bodies = way.seen.iter().filter_map(|hash| self.get(hash));
            bodies.flat_map(Revision::parents).any(|parent| parent == head)
        };
        if !head.map_or(by_owner, names) {
            return Replacement::Stale;
        }
        let begins = |hash: &Hash| {
            self.get(hash).is_some_and(|body| body.prev.is_none() && body.author != *owner)
        };
        let strangers = way.seen.iter().any(begins);
        let junk = way.seen.len() != self.0.len();
        // A united revision of somebody else than the owner leads to bodies that are here, both ways.
        let nowhere = !way.missing.is_empty() && !by_owner;
        if way.broken || strangers || junk || nowhere || revision.item != self.item() {
            Replacement::Forged
        } else {
            Replacement::Replaces
        }
    }

    fn item(&self) -> crate::ItemId {
        self.0.values().next().map_or(crate::ItemId([0; 16]), |revision| revision.item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ItemId;

    const OWNER: UserId = UserId([1; 32]);
    const EDITOR: UserId = UserId([2; 32]);

    /// A body; its hash is its place among those of a test.
    fn body(epoch: u64, revision: u64, author: UserId, parents: [Option<u8>; 2]) -> Revision {
        let [prev, also] = parents.map(|parent| parent.map(|place| Hash([place; 32])));
        let list = (epoch > 1).then(|| Hash([100 + u8::try_from(epoch).unwrap(); 32]));
        let status = Status::Active;
        let item = ItemId([9; 16]);
        let content = Hash([0; 32]);
        Revision { item, epoch, revision, list, content, status, author, time: 0, prev, also }
    }

    fn chain(bodies: &[(u8, &Revision)]) -> Chain {
        let mut chain = Chain::default();
        for (place, revision) in bodies {
            chain.insert(Hash([*place; 32]), (*revision).clone());
        }
        chain
    }

    #[test]
    fn a_step_keeps_numbers_epochs_lists_and_deletions() {
        let before = body(3, 7, EDITOR, [Some(1), None]);
        let after = |change: &dyn Fn(&mut Revision)| {
            let mut after = body(3, 8, EDITOR, [Some(2), None]);
            change(&mut after);
            follows(&before, &after, &OWNER)
        };
        assert!(after(&|_| {}));
        assert!(after(&|r| r.revision = 7 + limits::GAP));
        assert!(!after(&|r| r.revision = 8 + limits::GAP));
        assert!(!after(&|r| r.revision = 7), "the same number");
        assert!(!after(&|r| r.epoch = 2), "an earlier epoch");
        assert!(!after(&|r| r.list = Some(Hash([8; 32]))), "another list in an epoch");
        assert!(!after(&|r| r.status = Status::Deleted), "an editor deletes");
        let owners = |epoch| after(&|r| (r.author, r.epoch) = (OWNER, epoch));
        assert!(owners(4) && owners(3 + limits::GAP) && !owners(4 + limits::GAP));
        assert!(!after(&|r| r.epoch = 4), "an editor begins an epoch");
        let deletion = Revision { status: Status::Deleted, author: OWNER, ..before.clone() };
        let owner = body(3, 8, OWNER, [Some(2), None]);
        assert!(!follows(&deletion, &owner, &OWNER), "nothing follows a deletion in its epoch");
        assert!(follows(&deletion, &body(4, 8, OWNER, [Some(2), None]), &OWNER));
    }

    #[test]
    fn a_revision_that_unites_two_is_near_to_the_higher_of_both() {
        let held = body(1, 1, OWNER, [None, None]);
        let jumped = body(1, 2 + limits::GAP, EDITOR, [Some(9), None]);
        let walk = |author, number, here: &[(u8, &Revision)]| {
            let both = body(1, number, author, [Some(1), Some(2)]);
            let all = chain(&[here, &[(3, &both)]].concat());
            (
                all.walk(Hash([3; 32]), &OWNER, |_| None).broken,
                all.reached(Hash([3; 32]), &OWNER).len(),
            )
        };
        let whole = [(1, &held), (2, &jumped)];
        for author in [OWNER, EDITOR] {
            assert_eq!(walk(author, 3 + limits::GAP, &whole), (false, 3), "far above the held one");
            assert_eq!(walk(author, 2 + 2 * limits::GAP, &whole), (false, 3));
            assert_eq!(walk(author, 3 + 2 * limits::GAP, &whole), (true, 1), "too far above both");
            assert_eq!(walk(author, 2 + limits::GAP, &whole), (true, 2), "not above one of them");
        }
        let half = &whole[..1];
        assert_eq!(walk(OWNER, 3 + 2 * limits::GAP, half), (false, 2), "of the other nobody knows");
        assert_eq!(walk(EDITOR, 3 + 2 * limits::GAP, half), (true, 1));
    }

    #[test]
    fn a_body_below_an_end_is_vouched_for_and_no_other() {
        let lost = body(2, 3, EDITOR, [Some(8), Some(9)]);
        let held = body(2, 4, OWNER, [Some(1), None]);
        let again = body(2, 5, EDITOR, [Some(1), Some(2)]);
        let all = chain(&[(1, &lost), (2, &held), (3, &again)]);
        let walk = |end: Option<&Revision>| {
            let way = all.walk(Hash([3; 32]), &OWNER, |hash| end.filter(|_| hash.0[0] == 2));
            (way.unvouched, way.half_seen)
        };
        assert_eq!(walk(Some(&held)), (false, false), "what is held leads to it");
        let bare = body(2, 4, OWNER, [None, None]);
        assert_eq!(walk(Some(&bare)), (false, false), "its own body is here");
        assert_eq!(walk(None), (true, true), "nothing of it was accepted");
        let beside = chain(&[(1, &lost), (3, &again)]);
        let way = beside.walk(Hash([3; 32]), &OWNER, |hash| (hash.0[0] == 2).then_some(&bare));
        assert!(way.half_seen, "what is held leads elsewhere");
    }

    #[test]
    fn what_is_hidden_deep_below_an_editors_uniting_revision_is_half_seen() {
        let side = body(2, 4, EDITOR, [Some(9), None]);
        let deep = body(2, 5, EDITOR, [Some(2), None]);
        let held = body(2, 4, OWNER, [Some(1), None]);
        let walk = |last: &[(u8, &Revision)]| {
            let all = chain(&[&[(2, &side), (3, &deep)], last].concat());
            let way = all.walk(Hash([5; 32]), &OWNER, |hash| (hash.0[0] == 4).then_some(&held));
            (way.unvouched, way.half_seen, way.unknown)
        };
        let both = |author| body(2, 6, author, [Some(3), Some(4)]);
        assert_eq!(walk(&[(5, &both(EDITOR))]), (true, true, true));
        assert_eq!(walk(&[(5, &both(OWNER))]), (false, false, false), "the owner had seen it");
        let plain = body(2, 6, EDITOR, [Some(3), None]);
        assert_eq!(walk(&[(5, &plain)]), (true, false, true), "nothing is united");
        let plain = body(2, 6, OWNER, [Some(3), None]);
        assert_eq!(walk(&[(5, &plain)]), (true, false, false), "the owner had accepted it");
    }

    #[test]
    fn an_editors_step_to_another_list_counts_for_nothing() {
        let first = body(2, 2, OWNER, [Some(9), None]);
        let removed = body(3, 3, OWNER, [Some(1), None]);
        let poison = body(2, 4, EDITOR, [Some(1), Some(2)]);
        let all = chain(&[(1, &first), (2, &removed), (3, &poison)]);
        let hash = |place: u8| Hash([place; 32]);
        assert_eq!(all.reached(hash(3), &OWNER), [hash(1), hash(3)].into());
        assert!(all.walk(hash(3), &OWNER, |_| None).broken);
    }

    #[test]
    fn a_write_replaces_the_newest_that_it_names_and_no_other() {
        let (first, held) = (body(1, 1, OWNER, [None, None]), body(1, 2, OWNER, [Some(1), None]));
        let (beside, lost) =
            (body(1, 2, OWNER, [Some(1), None]), body(1, 3, OWNER, [Some(2), None]));
        let united = body(1, 4, OWNER, [Some(4), Some(3)]);
        let bodies = [&first, &held, &beside, &lost];
        let known = |places: &'static [u8]| {
            move |hash: &Hash| {
                let place = hash.0[0];
                places.contains(&place).then(|| bodies[usize::from(place) - 1])
            }
        };
        let decide = |newest: u8, sent: &[(u8, &Revision)], head: Option<u8>, owner, here| {
            let head = head.map(|place| Hash([place; 32]));
            chain(sent).replaces(Hash([newest; 32]), head, &OWNER, owner, known(here))
        };
        use Replacement::{Forged, Replaces, Stale};
        assert_eq!(decide(2, &[(2, &held)], Some(1), true, &[1]), Replaces);
        assert_eq!(
            decide(2, &[(2, &held)], Some(3), true, &[1, 3]),
            Stale,
            "another is the newest"
        );
        assert_eq!(
            decide(2, &[(2, &held)], None, true, &[]),
            Replaces,
            "the owner begins anywhere"
        );
        assert_eq!(decide(2, &[(2, &held)], None, false, &[]), Stale, "nobody else does");
        let both = [(5, &united), (4, &lost), (2, &held)];
        assert_eq!(decide(5, &both, Some(3), false, &[1, 3]), Replaces);
        assert_eq!(decide(5, &both[..2], Some(3), false, &[1, 3]), Forged, "a way leads nowhere");
        assert_eq!(decide(5, &both[..2], Some(3), true, &[1, 3]), Replaces, "but the owner's");
        assert_eq!(decide(5, &both, Some(9), true, &[1, 3]), Stale, "another is the newest");
        let junk = [(2, &held), (3, &beside)];
        assert_eq!(decide(2, &junk, Some(1), true, &[1]), Forged, "a body on no way");
        let low = body(1, 2, OWNER, [Some(4), Some(3)]);
        let low = [(5, &low), (4, &lost), (2, &held)];
        assert_eq!(decide(5, &low, Some(3), true, &[1, 3]), Forged, "below what it unites");
    }
}
