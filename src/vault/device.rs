//! What the device stores under its own seal, written and read back: waiting writes, drafts, the
//! session's token, notices, the account record.

use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::wire::{AccountRecord, ItemWriteRequest, WriteAgainRequest};
use mysafe_protocol::{Bytes, ItemId};
use zeroize::Zeroizing;

use super::account::{Token, TokenError};
use super::held::Held;
use super::local::{LocalItem, Put, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::{Opened, Random};
use crate::model::{AccountRecordBody, Draft};
use crate::sync::Reports;

impl Vault {
    /// An item as stored, its waiting write opened.
    pub fn local(
        &self,
        item: &ItemId,
        state: Option<&[u8]>,
        pending: Option<&[u8]>,
    ) -> Result<LocalItem, OpenError> {
        let state = state.map(LocalItem::decode_state).transpose();
        let state = state.map_err(|_| OpenError::Damaged)?;
        let (state, readable) = state.unzip();
        let pending = pending
            .map(|blob| {
                let opened = self.open_device(DeviceKind::Outbox, &keys::write(item), blob)?;
                minicbor_serde::from_slice::<ItemWriteRequest>(&opened)
                    .map_err(|_| OpenError::Damaged)
            })
            .transpose()?;
        Ok(LocalItem { state, pending, readable: readable.unwrap_or_default() })
    }

    /// Holds an account record: it is stored, and nothing behind it is accepted any more.
    pub fn hold_record(&self, record: &AccountRecord, random: &mut impl Random) -> Vec<Put> {
        let held = Held {
            apart: Vec::new(),
            epoch: 1,
            revision: record.version,
            hash: record.hash(),
            deleted: false,
            list: None,
            owner: None,
        };
        let bytes = minicbor_serde::to_vec(record).expect("writing to memory cannot fail");
        vec![
            self.seal_state(keys::ACCOUNT, &held.encode(), random),
            Put::set(Store::Device, keys::RECORD, bytes),
        ]
    }

    /// An account record of this version, to send.
    pub(crate) fn seal_record(
        &self,
        version: u64,
        body: &AccountRecordBody,
        random: &mut impl Random,
    ) -> AccountRecord {
        let blob = self.account.seal_record(&self.user(), version, &body.encode(), random);
        AccountRecord { version, blob: Bytes(blob) }
    }

    /// Opens an account record from the server.
    pub(crate) fn open_record(&self, record: &AccountRecord) -> Result<Opened, OpenError> {
        self.account
            .open_record(&self.user(), record.version, &record.blob)
            .map_err(|_| OpenError::Damaged)
    }

    /// What is in the account record as it is stored.
    pub fn read_record(&self, stored: &[u8]) -> Result<AccountRecordBody, OpenError> {
        let record: AccountRecord =
            minicbor_serde::from_slice(stored).map_err(|_| OpenError::Damaged)?;
        let opened = self.open_record(&record)?;
        AccountRecordBody::decode(&opened).map_err(|_| OpenError::Damaged)
    }

    /// Reads the notices not closed yet.
    pub fn open_reports(&self, blob: &[u8]) -> Result<Reports, OpenError> {
        let opened = self.open_state(keys::REPORTS, blob)?;
        Reports::decode(&opened).map_err(|_| OpenError::Damaged)
    }

    /// The notices not closed yet, to store.
    pub fn seal_reports(&self, reports: &Reports, random: &mut impl Random) -> Put {
        self.seal_state(keys::REPORTS, &reports.encode(), random)
    }

    /// The draft of a form, to store: `None` is the form for a new item.
    pub fn seal_draft(
        &self,
        item: Option<&ItemId>,
        draft: &Draft,
        random: &mut impl Random,
    ) -> Put {
        let key = draft_key(item);
        self.put_device(Store::Drafts, DeviceKind::Draft, &key, &draft.encode(), random)
    }

    /// Reads a draft.
    pub fn open_draft(&self, item: Option<&ItemId>, blob: &[u8]) -> Result<Draft, OpenError> {
        let opened = self.open_device(DeviceKind::Draft, &draft_key(item), blob)?;
        Draft::decode(&opened).map_err(|_| OpenError::Damaged)
    }

    /// The draft of a new item that waits its turn behind another, to store; `what` tells it from others.
    pub(crate) fn seal_kept_draft(
        &self,
        what: &impl std::fmt::Display,
        draft: &Draft,
        random: &mut impl Random,
    ) -> Put {
        let key = keys::draft_kept(what);
        self.put_device(Store::Drafts, DeviceKind::Draft, &key, &draft.encode(), random)
    }

    /// What to store so that a draft that waited its turn is the one of a new item.
    pub fn take_kept_draft(
        &self,
        key: &str,
        blob: &[u8],
        random: &mut impl Random,
    ) -> Result<[Put; 2], OpenError> {
        let opened = self.open_device(DeviceKind::Draft, key, blob)?;
        let draft = Draft::decode(&opened).map_err(|_| OpenError::Damaged)?;
        Ok([Put::remove(Store::Drafts, key), self.seal_draft(None, &draft, random)])
    }

    /// The session token, to store.
    pub fn seal_token(&self, token: &Token, random: &mut impl Random) -> Put {
        let plaintext = Zeroizing::new(token.encode());
        self.put_device(Store::Session, DeviceKind::Session, keys::SESSION, &plaintext, random)
    }

    /// Reads the session token for requests to this server, whose address stands in clear on the device.
    /// Fails if another server gave the token. One that names no server is to be sealed again with it.
    pub fn open_token(&self, blob: &[u8], server: &str) -> Result<Token, TokenError> {
        let opened = self.open_device(DeviceKind::Session, keys::SESSION, blob);
        let opened = opened.map_err(|_| TokenError::Damaged)?;
        let token = Token::decode(&opened).map_err(|_| TokenError::Damaged)?;
        match &token.server {
            Some(sealed) if sealed != server => Err(TokenError::OtherServer),
            _ => Ok(token),
        }
    }

    /// Something sealed for [`Store::State`].
    pub(crate) fn seal_state(&self, key: &str, plaintext: &[u8], random: &mut impl Random) -> Put {
        self.put_device(Store::State, DeviceKind::State, key, plaintext, random)
    }

    /// Opens something of [`Store::State`].
    pub(crate) fn open_state(&self, key: &str, blob: &[u8]) -> Result<Opened, OpenError> {
        self.open_device(DeviceKind::State, key, blob)
    }

    /// A write that waits, to store.
    pub(crate) fn seal_write(
        &self,
        item: &ItemId,
        write: &ItemWriteRequest,
        random: &mut impl Random,
    ) -> Put {
        let plaintext = minicbor_serde::to_vec(write).expect("writing to memory cannot fail");
        let key = keys::write(item);
        self.put_device(Store::Outbox, DeviceKind::Outbox, &key, &plaintext, random)
    }

    /// The writes of an item that were sent and not answered, to store.
    pub(crate) fn seal_sent(
        &self,
        item: &ItemId,
        sent: &[ItemWriteRequest],
        random: &mut impl Random,
    ) -> Put {
        let plaintext = minicbor_serde::to_vec(sent).expect("writing to memory cannot fail");
        let key = keys::sent(item);
        self.put_device(Store::Outbox, DeviceKind::Outbox, &key, &plaintext, random)
    }

    /// The writes of an item that were sent and not answered.
    pub(crate) fn open_sent(
        &self,
        item: &ItemId,
        blob: &[u8],
    ) -> Result<Vec<ItemWriteRequest>, OpenError> {
        let opened = self.open_device(DeviceKind::Outbox, &keys::sent(item), blob)?;
        minicbor_serde::from_slice(&opened).map_err(|_| OpenError::Damaged)
    }

    /// A uniting revision that waits, to store.
    pub(crate) fn seal_union(
        &self,
        item: &ItemId,
        request: &WriteAgainRequest,
        random: &mut impl Random,
    ) -> Put {
        let plaintext = minicbor_serde::to_vec(request).expect("writing to memory cannot fail");
        self.put_device(Store::Outbox, DeviceKind::Outbox, &keys::union(item), &plaintext, random)
    }

    /// Reads a uniting revision that waits.
    pub(crate) fn open_union(
        &self,
        item: &ItemId,
        blob: &[u8],
    ) -> Result<WriteAgainRequest, OpenError> {
        let opened = self.open_device(DeviceKind::Outbox, &keys::union(item), blob)?;
        minicbor_serde::from_slice(&opened).map_err(|_| OpenError::Damaged)
    }

    pub(super) fn put_device(
        &self,
        store: Store,
        kind: DeviceKind,
        key: &str,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Put {
        let blob = self.account.seal_device(kind, &self.user(), key, plaintext, random);
        Put::set(store, key, blob)
    }

    pub(super) fn open_device(
        &self,
        kind: DeviceKind,
        key: &str,
        blob: &[u8],
    ) -> Result<Opened, OpenError> {
        self.account.open_device(kind, &self.user(), key, blob).map_err(|_| OpenError::Damaged)
    }
}

fn draft_key(item: Option<&ItemId>) -> String {
    item.map_or_else(|| keys::DRAFT_NEW.to_owned(), keys::item)
}
