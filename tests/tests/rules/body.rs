//! Signed bodies and access lists, interned: one number for each, as a hash names each of them.
//!
//! Two bodies with the same fields and the same parents are one number, whatever acts made them.
//! This is the canonical name by which the search recognises a state that it saw.

use std::collections::HashMap;
use std::rc::Rc;

use crate::bug::Bug;

/// The number of a body or a list. `NONE` stands for the absence of one.
pub(crate) type Id = u32;
/// No body.
pub(crate) const NONE: Id = 0;
/// The revision with which every history begins: (2,1), shared with C, D and Z.
pub(crate) const FIRST: Id = 1;

/// A set of edits: each edit changes a field of its own.
pub(crate) type Content = u32;

/// The people and devices that sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Author {
    /// The owner's first device.
    A,
    /// The owner's second device.
    B,
    /// An editor who stays.
    C,
    /// A viewer, who may be removed and added again.
    D,
    /// An editor who may be removed and then helps the server.
    Z,
}

impl Author {
    /// Returns true if the author is the owner.
    pub(crate) fn owns(self) -> bool {
        matches!(self, Author::A | Author::B)
    }

    /// Returns this person's bit in the grants of a list; the owner is never in a list.
    pub(crate) fn grant(self) -> u8 {
        match self {
            Author::A | Author::B => 0,
            Author::C => GRANT_C,
            Author::D => GRANT_D,
            Author::Z => GRANT_Z,
        }
    }

    /// Returns the edit with this count: six for each author.
    pub(crate) fn edit(self, count: u8) -> Content {
        assert!(count < 6, "an author makes at most six edits");
        1 << (u32::from(count) + 6 * self as u32)
    }
}

/// C may edit.
pub(crate) const GRANT_C: u8 = 1;
/// D may view.
pub(crate) const GRANT_D: u8 = 2;
/// Z may edit.
pub(crate) const GRANT_Z: u8 = 4;

/// An access list, signed by the owner, with the key of its epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct List {
    /// The epoch that the list begins.
    pub(crate) epoch: u8,
    /// Who has access.
    pub(crate) grants: u8,
    /// How often D was added again.
    pub(crate) sharing: u8,
    /// The device that drew the key.
    pub(crate) maker: Author,
    /// The parents of the body that began the epoch: they tell apart what would look the same.
    pub(crate) parents: (Id, Id),
}

/// A signed revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Body {
    /// The revision number.
    pub(crate) number: u8,
    /// The access list, which also gives the epoch.
    pub(crate) list: Id,
    /// The device that signed.
    pub(crate) author: Author,
    /// The revision before.
    pub(crate) prev: Id,
    /// The revision beside, united by this one.
    pub(crate) also: Id,
    /// The status "deleted".
    pub(crate) deleted: bool,
    /// The content, nothing if it is noise.
    pub(crate) content: Content,
    /// Whether overview and details open.
    pub(crate) readable: bool,
}

/// A body with what follows from it and its ancestors.
struct Known {
    body: Body,
    epoch: u8,
    chain: Rc<[Id]>,
    shown: Content,
    history: Content,
}

/// All bodies and lists that any state of a search names.
pub(crate) struct Table {
    bug: Option<Bug>,
    bodies: Vec<Known>,
    body_ids: HashMap<Body, Id>,
    lists: Vec<List>,
    list_ids: HashMap<List, Id>,
}

impl Table {
    /// Returns a table with the first revision.
    pub(crate) fn new(bug: Option<Bug>) -> Table {
        let mut table = Table {
            bug,
            bodies: Vec::new(),
            body_ids: HashMap::new(),
            lists: Vec::new(),
            list_ids: HashMap::new(),
        };
        let grants = GRANT_C | GRANT_D | GRANT_Z;
        let list = List { epoch: 2, grants, sharing: 0, maker: Author::A, parents: (NONE, NONE) };
        let list = table.list(list);
        let first = Body {
            number: 1,
            list,
            author: Author::A,
            prev: NONE,
            also: NONE,
            deleted: false,
            content: 0,
            readable: true,
        };
        // The place of NONE is taken by a body that nothing reaches.
        table.bodies.push(Known {
            body: first,
            epoch: 0,
            chain: Rc::new([]),
            shown: 0,
            history: 0,
        });
        assert_eq!(table.body(first), FIRST);
        table
    }

    /// Returns the number of a list.
    pub(crate) fn list(&mut self, list: List) -> Id {
        if let Some(id) = self.list_ids.get(&list) {
            return *id;
        }
        let id = Id::try_from(self.lists.len()).expect("fewer lists than numbers");
        self.lists.push(list);
        self.list_ids.insert(list, id);
        id
    }

    /// Returns the number of a body.
    pub(crate) fn body(&mut self, body: Body) -> Id {
        if let Some(id) = self.body_ids.get(&body) {
            return *id;
        }
        let id = Id::try_from(self.bodies.len()).expect("fewer bodies than numbers");
        let mut chain = vec![id];
        for (parent, is_also) in [(body.prev, false), (body.also, true)] {
            if parent != NONE && self.counts(&body, parent, is_also) {
                chain.extend_from_slice(&self.bodies[parent as usize].chain);
            }
        }
        chain.sort_unstable();
        chain.dedup();
        let before = &self.bodies.get(body.prev as usize);
        let (shown, history) = before.map_or((0, 0), |before| (before.shown, before.history));
        let shown = if body.readable && !body.deleted { body.content } else { shown };
        self.bodies.push(Known {
            body,
            epoch: self.lists[body.list as usize].epoch,
            chain: chain.into(),
            shown,
            history: history | shown,
        });
        self.body_ids.insert(body, id);
        id
    }

    /// Returns true if the step from a body to its parent counts in a chain that a device holds.
    fn counts(&self, body: &Body, parent: Id, is_also: bool) -> bool {
        (self.bug == Some(Bug::AlsoCounts) && is_also) || self.allowed(body, parent)
    }

    /// Returns true if step 5 allows the step from a body to its parent.
    pub(crate) fn allowed(&self, body: &Body, parent: Id) -> bool {
        let before = self.get(parent);
        let new_list = body.list != before.list;
        body.number > before.number
            && self.list_of(body).epoch >= self.epoch(parent)
            && (!new_list || body.author.owns())
            && (!before.deleted || new_list)
    }

    /// Returns the body with this number.
    pub(crate) fn get(&self, id: Id) -> &Body {
        assert_ne!(id, NONE, "a body");
        &self.bodies[id as usize].body
    }

    /// Returns the access list of a body.
    pub(crate) fn list_of(&self, body: &Body) -> &List {
        &self.lists[body.list as usize]
    }

    /// Returns the access list of the body with this number.
    pub(crate) fn access(&self, id: Id) -> &List {
        self.list_of(self.get(id))
    }

    /// Returns true if the list of this body names a person, or the person is the owner.
    pub(crate) fn names(&self, id: Id, person: Author) -> bool {
        person.owns() || self.access(id).grants & person.grant() != 0
    }

    /// Returns true if a person may edit by the list of this body.
    pub(crate) fn may_edit(&self, id: Id, person: Author) -> bool {
        person != Author::D && self.names(id, person)
    }

    /// Returns the epoch of a body.
    pub(crate) fn epoch(&self, id: Id) -> u8 {
        self.bodies[id as usize].epoch
    }

    /// Returns the chain of a held body, sorted: all that allowed steps reach, itself included.
    pub(crate) fn chain(&self, id: Id) -> Rc<[Id]> {
        Rc::clone(&self.bodies[id as usize].chain)
    }

    /// Returns true if allowed steps lead from one body to another.
    pub(crate) fn leads(&self, from: Id, to: Id) -> bool {
        self.bodies[from as usize].chain.binary_search(&to).is_ok()
    }

    /// Returns the content of the newest version along prev that opens.
    pub(crate) fn shown(&self, id: Id) -> Content {
        self.bodies[id as usize].shown
    }

    /// Returns every edit that the history along prev shows.
    pub(crate) fn history(&self, id: Id) -> Content {
        self.bodies[id as usize].history
    }

    /// Returns how many bodies there are.
    pub(crate) fn len(&self) -> usize {
        self.bodies.len() - 1
    }

    /// Returns the body in words: numbers, author and who has access.
    pub(crate) fn describe(&self, id: Id) -> String {
        let body = self.get(id);
        let list = self.list_of(body);
        let people: String = [(GRANT_C, 'C'), (GRANT_D, 'D'), (GRANT_Z, 'Z')]
            .iter()
            .filter_map(|(grant, name)| (list.grants & grant != 0).then_some(*name))
            .collect();
        let (epoch, number, author, maker) = (list.epoch, body.number, body.author, list.maker);
        format!("({epoch},{number}) of {author:?} under {maker:?}'s list of {people:?}, #{id}")
    }
}
