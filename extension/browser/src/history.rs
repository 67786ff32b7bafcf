//! The history of an item as a screen shows it.

use std::collections::{BTreeMap, BTreeSet};

use mysafe::model::{Field, Secret, shown};
use mysafe::protocol::bodies::Status;
use mysafe::protocol::wire::{EpochKey, ErrorCode, ItemVersion, ItemWriteRequest};
use mysafe::protocol::{ItemId, Revision, UserId};
use mysafe::sync::{Local, Remote, RemoteError};
use mysafe::vault::{History, Store, Version, keys};

use crate::item::{OpenError, RevealError, When};
use crate::open::Open;

/// A field of a version and of the one now: what is shown is text; a client secret is not.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Difference {
    /// The field.
    pub field: Field,
    /// As it was; a time in Unix seconds.
    pub then: String,
    /// As it is now.
    pub now: String,
}

/// A version, as it is listed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct VersionView {
    /// Its place in the history; 0 is the newest.
    pub place: usize,
    /// Written by whom and when.
    pub when: When,
    /// It waits here and is not on the server yet.
    pub waiting: bool,
    /// Nobody else has it: it was written over here before it was sent, or another history took its place.
    pub only_here: bool,
    /// Nothing of it but author and time can be read: its author sealed it wrongly.
    pub unreadable: bool,
    /// It was disabled.
    pub inactive: bool,
    /// The first of all.
    pub first: bool,
    /// What it changed over the version before, in the form's order.
    pub changed: Vec<Field>,
    /// It disabled or enabled the item.
    pub status_changed: bool,
    /// Where it differs from what is there now, the client secret without its value.
    pub differences: Vec<Difference>,
}

/// Why older versions are not shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Older {
    /// There are none: the first one is shown.
    None,
    /// They can be asked for.
    More,
    /// They are on the server, which does not answer.
    Offline,
    /// The server's answer failed its check, with this stable code.
    Refused(&'static str),
}

/// The history of an item, opened. Kept only while its screen shows it.
pub struct ItemHistory {
    /// The item.
    pub id: ItemId,
    /// What older versions there are.
    pub older: Older,
    history: History,
    earlier: Vec<ItemVersion>,
    keys: Vec<EpochKey>,
    /// The server has older ones than these, by its last answer.
    more: bool,
    /// Who wrote what, as it is shown.
    names: BTreeMap<UserId, String>,
}

impl ItemHistory {
    pub(crate) fn version(&self, place: usize) -> Option<&Version> {
        self.history.versions.get(place)
    }

    /// Returns the place of the newest version of before the changes of these people. What others made of
    /// such a change, as a new key of its owner, is no version of before it.
    pub(crate) fn before(&self, people: &[UserId]) -> Option<usize> {
        let versions = || self.history.versions.iter().enumerate();
        let sent = |version: &Version| !version.only_here && !version.waiting;
        let theirs = |version: &Version| sent(version) && people.contains(&version.author);
        let (changed, _) = versions().find(|(_, version)| theirs(version))?;
        let readable = |version: &Version| {
            sent(version) && !version.unreadable && version.status != Status::Deleted
        };
        let before = versions().skip(changed + 1);
        let mut before = before.filter(|(_, version)| readable(version) && !theirs(version));
        before.next().map(|(place, _)| place)
    }

    /// The versions, newest first.
    pub fn versions(&self) -> Vec<VersionView> {
        let versions = &self.history.versions;
        let Some(now) = versions.first() else { return Vec::new() };
        let view = |(place, version): (usize, &Version)| {
            let before = versions.get(place + 1);
            VersionView {
                place,
                when: When { by: self.name_of(version), at: version.time },
                waiting: version.waiting,
                only_here: version.only_here,
                unreadable: version.unreadable,
                inactive: version.status == Status::Inactive,
                first: version.revision == 1 && before.is_none(),
                changed: before.map(|before| version.changed(before)).unwrap_or_default(),
                status_changed: before.is_some_and(|before| version.status != before.status),
                differences: differences(version, now),
            }
        };
        versions.iter().enumerate().map(view).collect()
    }

    fn name_of(&self, version: &Version) -> String {
        self.names.get(&version.author).cloned().unwrap_or_default()
    }
}

fn differences(then: &Version, now: &Version) -> Vec<Difference> {
    let text = |version: &Version, field| {
        let overview = shown(&version.overview);
        match field {
            Field::Name => overview.name,
            Field::Url => {
                let further = overview.addresses.iter().map(|address| format!("\n{address}"));
                std::iter::once(overview.url).chain(further).collect()
            }
            Field::ClientId => overview.client_id,
            Field::ClientSecret => String::new(),
            Field::Identifier => overview.identifier,
            Field::Method => overview.method.as_ref().map(ToString::to_string).unwrap_or_default(),
            Field::Tags => overview.tags.join(", "),
            Field::Notes => overview.notes,
            Field::Expires => overview.expires.map(|at| at.to_string()).unwrap_or_default(),
        }
    };
    let difference = |field| Difference { field, then: text(then, field), now: text(now, field) };
    then.differs(now).into_iter().map(difference).collect()
}

impl Open {
    /// The history of an item: what this device has, and what the server says was before.
    pub async fn history(&self, id: ItemId) -> Result<ItemHistory, OpenError> {
        let none = ItemHistory {
            id,
            older: Older::More,
            history: History { versions: Vec::new(), broken: None, more_before: None },
            earlier: Vec::new(),
            keys: Vec::new(),
            more: false,
            names: BTreeMap::new(),
        };
        self.older(&none).await
    }

    /// What was saved here and written over before it was sent.
    pub(crate) async fn past(&self, id: &ItemId) -> Result<Vec<ItemWriteRequest>, OpenError> {
        let keys = self.device.keys(Store::State).await.map_err(OpenError::Store)?;
        let mut past = Vec::new();
        for key in keys.iter().filter(|key| key.starts_with(&keys::past_of(id))) {
            let blob = self.device.get(Store::State, key).await.map_err(OpenError::Store)?;
            let write =
                blob.and_then(|blob| self.with_vault(|vault| vault.open_past(key, &blob)).ok());
            past.extend(write);
        }
        Ok(past)
    }

    /// Asks for the keys of whoever wrote these, as far as they are not known: without the server, or
    /// if it does not tell, what they wrote is not shown.
    pub(crate) async fn know_authors(&self, versions: &[ItemVersion]) -> Result<(), OpenError> {
        let authors = versions
            .iter()
            .filter_map(|version| Some(Revision::read(&version.revision).ok()?.author));
        let known = |user: &UserId| {
            self.with_vault(|vault| *user == vault.user() || vault.person(user).is_some())
        };
        let unknown: BTreeSet<UserId> = authors.filter(|user| !known(user)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let Ok(mut online) = self.online().await else { return Ok(()) };
        for user in unknown {
            // Whose keys cannot be had, their versions are refused.
            let _ = online.sync(self).know(&user).await;
        }
        self.refresh().await.map_err(OpenError::Store)
    }

    /// The client secret of a version, to show. It is the same as using it.
    pub async fn reveal_version(
        &self,
        history: &ItemHistory,
        place: usize,
    ) -> Result<Secret, RevealError> {
        let failed = |error| match error {
            OpenError::Store(error) => RevealError::Store(error),
            OpenError::Locked => RevealError::Locked,
            _ => RevealError::Damaged,
        };
        self.awake().await.map_err(failed)?;
        let version = history.version(place).ok_or(RevealError::Gone)?;
        let revealed = self.with_vault(|vault| vault.reveal_version(&history.id, version));
        revealed.map_err(RevealError::from)
    }

    /// The same with the next older versions. Whoever shows it goes on showing it meanwhile.
    pub async fn older(&self, shown: &ItemHistory) -> Result<ItemHistory, OpenError> {
        self.awake().await?;
        let id = shown.id;
        let (mut earlier, mut keys) = (shown.earlier.clone(), shown.keys.clone());
        let mut more = shown.more;
        let local = self.local(&id).await?;
        let newest = self.with_vault(|vault| vault.newest_on_server(&local));
        let before = shown.history.more_before.or(newest);
        let mut unanswered = false;
        // What it is not shown for, if the server answered.
        let mut refused = None;
        if let Some(before) = before.filter(|before| *before > 1) {
            match self.signed_in().await {
                None => unanswered = true,
                Some(remote) => match remote.history(&id, before).await {
                    Err(RemoteError::Refused(ErrorCode::NotFound)) => refused = Some("incomplete"),
                    Err(RemoteError::Refused(_)) => refused = Some("refused"),
                    Err(RemoteError::Malformed) => refused = Some("malformed"),
                    Err(_) => unanswered = true,
                    Ok(page) => {
                        self.know_authors(&page.versions).await?;
                        // What is signed to be before is withheld.
                        refused = page.versions.is_empty().then_some("incomplete");
                        earlier.extend(page.versions);
                        keys = page.keys;
                        more = page.more;
                    }
                },
            }
        }
        let history = self.with_vault(|vault| vault.history(&id, &local, &earlier, &keys, more));
        let mut history = history.map_err(|_| OpenError::Damaged)?;
        let past = self.past(&id).await?;
        self.with_vault(|vault| vault.add_past(&id, &local, &mut history, past));
        let older = match (history.broken, history.more_before) {
            (Some(refusal), _) => Older::Refused(refusal.code()),
            (None, Some(_)) if unanswered => Older::Offline,
            (None, Some(_)) => refused.map_or(Older::More, Older::Refused),
            (None, None) => Older::None,
        };
        let authors = history.versions.iter().map(|version| version.author);
        let named = |user| self.with_vault(|vault| (user, self.called(vault, &user)));
        let names = authors.map(named).collect();
        Ok(ItemHistory { id, older, history, earlier, keys, more, names })
    }
}
