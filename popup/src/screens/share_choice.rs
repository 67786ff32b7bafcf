//! What is chosen on the Share screen and not done yet, and doing it.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use mysafe_browser::{
    AccessView, ItemId, Open, Permission, PersonView, Share, SharingError, UserId, now,
};

use crate::dates::end_of_day;
use crate::screens::person::called;
use crate::t;

/// Somebody who is to get access.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Chosen {
    /// Somebody in MySafe.
    Person(Box<PersonView>),
    /// An address that nobody has there yet.
    Invited(String),
}

impl Chosen {
    /// As a chip says it.
    pub fn name(&self) -> String {
        match self {
            Self::Person(person) => called(person),
            Self::Invited(address) => address.clone(),
        }
    }

    /// The address.
    pub fn address(&self) -> &str {
        match self {
            Self::Person(person) => &person.address,
            Self::Invited(address) => address,
        }
    }
}

/// All that is chosen.
#[derive(Clone, Copy)]
pub struct Choice {
    /// Who gets access.
    pub chosen: RwSignal<Vec<Chosen>>,
    /// What they may do.
    pub permission: RwSignal<Permission>,
    /// Until which day, as the date field has it; empty for ever.
    pub until: RwSignal<String>,
    /// Whose access is taken away.
    pub removed: RwSignal<BTreeSet<UserId>>,
    /// Who is not waited for any more.
    pub uninvited: RwSignal<BTreeSet<String>>,
    /// Who may do something else from now on.
    pub changed: RwSignal<BTreeMap<UserId, Permission>>,
}

/// How many there were of each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// Names of who got access.
    pub added: Vec<String>,
    /// Whose access was taken away.
    pub removed: Vec<UserId>,
    /// How many are not waited for any more.
    pub uninvited: usize,
}

impl Choice {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self {
            chosen: RwSignal::new(Vec::new()),
            permission: RwSignal::new(Permission::View),
            until: RwSignal::new(String::new()),
            removed: RwSignal::new(BTreeSet::new()),
            uninvited: RwSignal::new(BTreeSet::new()),
            changed: RwSignal::new(BTreeMap::new()),
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(self) -> bool {
        self.chosen.with(Vec::is_empty)
            && self.removed.with(BTreeSet::is_empty)
            && self.uninvited.with(BTreeSet::is_empty)
            && self.changed.with(BTreeMap::is_empty)
    }

    /// Until when, Unix seconds; an error for a day that is over.
    pub fn ends(self) -> Result<Option<u64>, String> {
        let date = self.until.get_untracked();
        if date.is_empty() {
            return Ok(None);
        }
        end_of_day(&date)
            .filter(|end| *end > now() / 1_000)
            .map(Some)
            .ok_or_else(|| t!("until-past"))
    }

    /// Does it: all who have keys in one change, one key and one mail each. What was done is not chosen
    /// any more, whatever follows.
    pub async fn apply(
        self,
        open: &Open,
        id: ItemId,
        access: &AccessView,
        until: Option<u64>,
    ) -> Result<Done, SharingError> {
        let permission = self.permission.get_untracked();
        let chosen = self.chosen.get_untracked();
        let mut with: Vec<Share> = Vec::new();
        let mut done = Done::default();
        for one in &chosen {
            if let Chosen::Person(person) = one {
                with.push(Share { user: person.user, permission, until });
            }
        }
        let removed = self.removed.get_untracked();
        for (user, permission) in self.changed.get_untracked() {
            let grant = access.people.iter().find(|grant| grant.person.user == user);
            if let Some(grant) = grant.filter(|_| !removed.contains(&user)) {
                with.push(Share { user, permission, until: grant.until });
            }
        }
        let from: Vec<UserId> = removed.into_iter().collect();
        if !with.is_empty() || !from.is_empty() {
            open.change_access(id, &with, &from).await?;
            let people = chosen.iter().filter(|one| matches!(one, Chosen::Person(_)));
            done.added.extend(people.map(Chosen::name));
            done.removed = from;
            self.chosen.update(|all| all.retain(|one| matches!(one, Chosen::Invited(_))));
            self.removed.set(BTreeSet::new());
            self.changed.set(BTreeMap::new());
        }
        for one in chosen {
            if let Chosen::Invited(address) = &one {
                open.invite(id, address, permission, until).await?;
                done.added.push(address.clone());
                self.chosen.update(|all| all.retain(|kept| *kept != one));
            }
        }
        for address in self.uninvited.get_untracked() {
            open.uninvite(id, &address).await?;
            done.uninvited += 1;
            self.uninvited.update(|all| {
                all.remove(&address);
            });
        }
        Ok(done)
    }
}

impl Done {
    /// What the notice says.
    pub fn text(&self, name: &str) -> String {
        let removed = self.removed.len() + self.uninvited;
        match (&self.added[..], removed) {
            ([], 0) => t!("access-set", name = name),
            ([who], 0) => t!("shared-with", name = name, who = who.as_str()),
            ([who, more @ ..], 0) => {
                t!("shared-with-more", name = name, who = who.as_str(), count = more.len())
            }
            ([], removed) => t!("access-removed", name = name, removed = removed),
            (added, removed) => {
                t!("access-changed", name = name, added = added.len(), removed = removed)
            }
        }
    }
}
