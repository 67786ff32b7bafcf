//! What a sync tells: what it did, and what it refused. Refusals are kept, sealed, until the
//! user closes them.

use std::collections::BTreeSet;

use minicbor::{Decoder, Encoder};
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{ItemId, UserId};

use super::host::{Local, Remote};
use super::push::Done;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Entry, Put, Refusal, keys};

/// The code of a notice that nothing was refused: two browsers changed the same field of an item,
/// and both values are kept, one of them in the history.
pub const BOTH_CHANGED: &str = "both_changed";

/// The code of a notice that nothing was refused: an item that was deleted here was changed on
/// another browser meanwhile, and stays.
pub const NOT_DELETED: &str = "not_deleted";

/// The code of a notice that nothing was refused: the server was restored from a backup, and gets
/// again what it lost.
pub const RESTORED: &str = "restored";

/// The code of a notice that nothing was refused: the access to an item of somebody else ended, and
/// it left this device. What was not sent is a draft.
pub const ACCESS_ENDED: &str = "access_ended";

/// The code of a notice that nothing was refused: somebody else deleted an item of theirs. What was not
/// sent is a draft.
pub const DELETED: &str = "deleted";

/// The code of a notice that nothing was refused: an own item was deleted on another browser while a
/// change of it waited here. What was not sent is the draft of a new item.
pub const UNSENT_DELETED: &str = "unsent_deleted";

/// The code of a notice that nothing was refused: an item of somebody else can only be viewed from
/// now on. What was not sent is a draft.
pub const VIEW_ONLY: &str = "view_only";

/// The code of a notice that the newest version of an own item is by somebody, named, whose access had ended
/// when it came.
pub const LATE: &str = "late";

/// The code of a notice that the server lacks parts of versions of an item.
pub const LACKS_PARTS: &str = "lacks_parts";

/// The code of a notice that people, named, have no access to an own item any more: two histories of it were
/// united, and only one of them gave it to them.
pub const FELL_OFF: &str = "fell_off";

/// The code of a notice that a person, named, is removed from an own item again: another device's list had them
/// still, or a list that shows that they were given it again is lost.
pub const REMOVED_AGAIN: &str = "removed_again";

/// The code of a notice that this user's account stores as many bytes as it may.
pub const ACCOUNT_FULL: &str = "account_full";

/// The code of a notice that this user's account has as many items as it may.
pub const TOO_MANY_ITEMS: &str = "too_many_items";

/// The code of a notice that the account of an item's owner, who is somebody else, is full.
pub const OWNER_FULL: &str = "owner_full";

/// The code of a notice that an item was changed as often as it may be in a day.
pub const CHANGED_TOO_OFTEN: &str = "changed_too_often";

/// The code of a notice that a change of an own item waits until this user has confirmed their mailbox.
pub const MAILBOX_FIRST: &str = "mailbox_first";

/// The code of a notice that a change of an item of somebody else waits until its owner has confirmed their
/// mailbox.
pub const OWNER_MAILBOX_FIRST: &str = "owner_mailbox_first";

/// The codes whose reason may hold for thousands of items, of an import or after a restore: one notice tells it.
pub(super) const ONE_FOR_ALL: [&str; 6] = [
    ACCOUNT_FULL,
    TOO_MANY_ITEMS,
    OWNER_FULL,
    CHANGED_TOO_OFTEN,
    MAILBOX_FIRST,
    OWNER_MAILBOX_FIRST,
];

/// Whether a code says that a write waits and is tried again in each sync.
fn is_of_waiting(code: &str) -> bool {
    ONE_FOR_ALL.contains(&code) || ["identifier_taken", "too_large", "refused"].contains(&code)
}

/// Something the user must see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// A stable code: `forged`, `went_back`, `forked`, `incomplete`, `unreadable` (of its author),
    /// `key_changed`, [`LATE`], [`LACKS_PARTS`], [`FELL_OFF`], [`REMOVED_AGAIN`],
    /// [`BOTH_CHANGED`], [`NOT_DELETED`], [`RESTORED`], [`ACCESS_ENDED`],
    /// [`DELETED`], [`UNSENT_DELETED`], [`VIEW_ONLY`], [`ACCOUNT_FULL`], [`TOO_MANY_ITEMS`], [`OWNER_FULL`],
    /// [`CHANGED_TOO_OFTEN`], [`MAILBOX_FIRST`], [`OWNER_MAILBOX_FIRST`], or one of the server's.
    pub code: String,
    /// About which item, if about one.
    pub item: Option<ItemId>,
    /// The name of one that is not here any more.
    pub name: Option<String>,
    /// The people that the code is about.
    pub people: Vec<UserId>,
}

impl Notice {
    /// A notice about an item.
    pub fn of(code: &str, item: ItemId) -> Self {
        Self { item: Some(item), ..Self::general(code) }
    }

    /// A notice about no item.
    pub fn general(code: &str) -> Self {
        Self { code: code.to_owned(), item: None, name: None, people: Vec::new() }
    }
}

const WRITTEN: &str = "writing to memory cannot fail";

/// The notices not closed yet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reports(pub Vec<Notice>);

impl Reports {
    /// Adds a notice once.
    pub fn add(&mut self, notice: Notice) {
        if !self.0.contains(&notice) {
            self.0.push(notice);
        }
    }

    /// The plaintext of `device/state` for reports.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Encoder::new(Vec::new());
        to.array(self.0.len() as u64).expect(WRITTEN);
        for Notice { code, item, name, people } in &self.0 {
            let item = item.as_ref().map_or(&[][..], |item| &item.0);
            let length = match (people.is_empty(), name) {
                (false, _) => 4,
                (true, Some(_)) => 3,
                (true, None) => 2,
            };
            to.array(length).and_then(|to| to.str(code)?.bytes(item)).expect(WRITTEN);
            if length > 2 {
                to.str(name.as_deref().unwrap_or_default()).expect(WRITTEN);
            }
            if length > 3 {
                to.array(people.len() as u64).expect(WRITTEN);
                people.iter().try_for_each(|user| to.bytes(&user.0).map(drop)).expect(WRITTEN);
            }
        }
        to.into_writer()
    }

    /// Reads the plaintext of `device/state` for reports.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Decoder::new(bytes);
        let mut reports = Self::default();
        for _ in 0..from.array()?.ok_or(Malformed)? {
            let length = from.array()?.ok_or(Malformed)?;
            let code = from.str()?.to_owned();
            let item = ItemId::try_from(from.bytes()?).ok();
            let name = if length > 2 { Some(from.str()?.to_owned()) } else { None };
            // Of people, an empty name is none.
            let name = name.filter(|name| length == 3 || !name.is_empty());
            let mut people = Vec::new();
            for _ in 0..if length > 3 { from.array()?.ok_or(Malformed)? } else { 0 } {
                people.push(UserId::try_from(from.bytes()?).map_err(|_| Malformed)?);
            }
            reports.0.push(Notice { code, item, name, people });
        }
        if reports.encode() == bytes { Ok(reports) } else { Err(Malformed) }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Of an item whose record here cannot be read nothing is sent or taken; everything else goes on.
    pub(super) async fn refuse_damaged(
        &mut self,
        item: &ItemId,
        error: SyncError<L::Error>,
        outcome: &mut Outcome,
    ) -> Done<L> {
        match error {
            SyncError::Damaged => self.refuse(item, Refusal::Damaged.code(), outcome).await,
            error => Err(error),
        }
    }

    /// Keeps what is held and all edits; marks the row and leaves a notice, in a sync one for all items where
    /// the reason is the same.
    pub(super) async fn refuse(
        &mut self,
        item: &ItemId,
        code: &str,
        outcome: &mut Outcome,
    ) -> Done<L> {
        let is_told = outcome.notices.iter().any(|notice| notice.code == code);
        if is_told && ONE_FOR_ALL.contains(&code) {
            let is_marked = self.vault.trouble(item) == Some(code);
            return if is_marked { Ok(()) } else { self.mark_row(item, code).await };
        }
        self.report(Notice::of(code, *item), outcome).await
    }

    /// Leaves a notice, on the item's row too if it is about one.
    pub(super) async fn report(&mut self, notice: Notice, outcome: &mut Outcome) -> Done<L> {
        let _guard = self.lock().await?;
        self.reload().await?;
        // The user may have closed it: the same is not told again as long as it waits.
        let is_told = is_of_waiting(&notice.code)
            && notice.item.is_some_and(|item| self.vault.trouble(&item) == Some(&notice.code));
        if !is_told {
            let mut reports = self.reports().await?;
            if let Some(item) = &notice.item {
                self.vault.mark(item, Some(&notice.code));
                if is_of_waiting(&notice.code) {
                    // It waits for something else now.
                    self.drop_waiting(&mut reports, item);
                }
            }
            let has_one = reports.0.iter().any(|told| told.code == notice.code);
            if !(has_one && ONE_FOR_ALL.contains(&&*notice.code)) {
                reports.add(notice.clone());
            }
            let mut puts = vec![self.vault.seal_reports(&reports, self.random)];
            puts.extend(self.vault.cache(self.random));
            self.local.apply(puts).await.map_err(SyncError::Store)?;
        }
        // Sent twice in one sync, refused twice.
        if !outcome.notices.contains(&notice) {
            outcome.notices.push(notice);
        }
        Ok(())
    }

    /// Stores a notice of a write before it is sent: its answer may be lost. Returns whether it is new.
    pub(super) async fn announce(&mut self, notice: &Notice) -> Result<bool, SyncError<L::Error>> {
        let _guard = self.lock().await?;
        let new = !self.reports().await?.0.contains(notice);
        let put = self.reports_with(std::slice::from_ref(notice)).await?;
        self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
        Ok(new)
    }

    /// Takes a notice back: the server refused the write.
    pub(super) async fn withdraw(&mut self, notice: &Notice) -> Done<L> {
        let _guard = self.lock().await?;
        let mut reports = self.reports().await?;
        reports.0.retain(|told| told != notice);
        let put = self.vault.seal_reports(&reports, self.random);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// The stored notices, as far as they can be read.
    pub(super) async fn reports(&self) -> Result<Reports, SyncError<L::Error>> {
        let stored = unless_damaged(self.state(keys::REPORTS).await)?.flatten();
        Ok(stored.and_then(|bytes| Reports::decode(&bytes).ok()).unwrap_or_default())
    }

    /// The stored notices without those that say why a write of an item waits, to store if there are any.
    pub(super) async fn reports_without_waiting(
        &mut self,
        item: &ItemId,
    ) -> Result<Option<Put>, SyncError<L::Error>> {
        let mut reports = self.reports().await?;
        let changed = self.drop_waiting(&mut reports, item);
        Ok(changed.then(|| self.vault.seal_reports(&reports, self.random)))
    }

    /// Drops the notices that say why a write of an item waits. One for all goes over to the next item that
    /// waits for the same. Whether there were any.
    fn drop_waiting(&self, reports: &mut Reports, item: &ItemId) -> bool {
        let is_over = |notice: &Notice| notice.item == Some(*item) && is_of_waiting(&notice.code);
        let over: Vec<Notice> = reports.0.extract_if(.., |notice| is_over(notice)).collect();
        for code in
            over.iter().map(|notice| &*notice.code).filter(|code| ONE_FOR_ALL.contains(code))
        {
            let same = |entry: &&Entry| entry.id != *item && entry.trouble.as_deref() == Some(code);
            if let Some(next) = self.vault.entries().find(same) {
                reports.add(Notice::of(code, next.id));
            }
        }
        !over.is_empty()
    }

    /// The stored notices with more of them, to store.
    pub(super) async fn reports_with(
        &mut self,
        notices: &[Notice],
    ) -> Result<Put, SyncError<L::Error>> {
        let mut reports = self.reports().await?;
        for notice in notices {
            reports.add(notice.clone());
        }
        Ok(self.vault.seal_reports(&reports, self.random))
    }
}

/// What a sync did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Writes the server has now.
    pub sent: u32,
    /// Items taken from the server.
    pub taken: u32,
    /// Refused, by the client or by the server; already stored as reports.
    pub notices: Vec<Notice>,
    /// The server takes no more for so many seconds: what waits goes with a later sync.
    pub wait: Option<u64>,
    /// Items that the server got again as they were signed: once in a sync.
    pub(super) sent_again: BTreeSet<ItemId>,
    /// The people for whom the server refused a list in this sync: it does not know them any more.
    pub(super) unknown: BTreeSet<UserId>,
}
