//! What a host lends to a sync: the device's stores and the server.

#![allow(async_fn_in_trait)]

use mysafe_protocol::wire::{
    BundleResponse, ChangesQuery, ChangesResponse, HistoryResponse, ItemState, ItemWriteRequest,
    ItemWriteResponse, PeopleResponse, RecordWriteRequest, RevisionsResponse, UseRequest,
    WriteAgainRequest,
};
use mysafe_protocol::{ItemId, Revision, UserId};

use crate::crypto::{Opened, Opening, SealError};
use crate::vault::{Put, Store};

/// The stores of this device.
pub trait Local {
    /// What can go wrong with them.
    type Error;
    /// Held while a value is read, changed and written back; released when dropped.
    type Guard;

    /// Whether the vault is still unlocked on this device: asked before each request.
    async fn is_unlocked(&self) -> Result<bool, Self::Error>;
    /// Waits until no other context of this device writes.
    async fn lock(&self) -> Result<Self::Guard, Self::Error>;
    /// One value.
    async fn get(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, Self::Error>;
    /// Several values, in the order in which they are asked for.
    async fn get_all(
        &self,
        wanted: &[(Store, String)],
    ) -> Result<Vec<Option<Vec<u8>>>, Self::Error> {
        let mut values = Vec::with_capacity(wanted.len());
        for (store, key) in wanted {
            values.push(self.get(*store, key).await?);
        }
        Ok(values)
    }
    /// All keys of a store.
    async fn keys(&self, store: Store) -> Result<Vec<String>, Self::Error>;
    /// Opens values that may be large, in the order in which they are given.
    async fn open(&self, openings: &[Opening<'_>]) -> Result<Vec<Opened>, SealError> {
        openings.iter().map(Opening::open).collect()
    }
    /// Stores all of it or nothing.
    async fn apply(&self, puts: Vec<Put>) -> Result<(), Self::Error>;
    /// A page of changes is stored and more are to come; how far this is, if the server says it.
    async fn took_page(&self, _progress: Option<Progress>) {}
}

/// How far a sync of many pages is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Items that are here.
    pub done: u64,
    /// Items that the server says there are.
    pub total: u64,
}

/// Why the server did not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// No answer: no network, or no server there.
    #[error("offline")]
    Offline,
    /// The session expired, or the server does not know it.
    #[error("sign-in ended")]
    SignInEnded,
    /// The session was ended on purpose.
    #[error("sign-in revoked")]
    Revoked,
    /// The item is at another revision; this one, if there is one.
    #[error("stale")]
    Stale(Option<Box<ItemState>>),
    /// The server refuses it, with a stable code.
    #[error("refused")]
    Refused(mysafe_protocol::wire::ErrorCode),
    /// Too many requests for now: how many seconds to wait.
    #[error("busy")]
    Busy(u64),
    /// The account of the item's owner, or the item, is full: of what.
    #[error("full")]
    Full(mysafe_protocol::wire::Reason),
    /// The server refuses it until the user has confirmed their own mailbox.
    #[error("mailbox not confirmed")]
    NotConfirmed,
    /// The answer is not one of this interface.
    #[error("malformed")]
    Malformed,
}

/// Answers of a history that are put together: more than an item's versions of one number take.
const ANSWERS: usize = 16;

/// Asks for a part of an item's history, and for what did not fit of the last version's number. `ask` gets an
/// answer by its query.
pub async fn whole_history<E>(
    before: u64,
    ask: impl AsyncFn(String) -> Result<HistoryResponse, E>,
) -> Result<HistoryResponse, E> {
    let mut history = ask(format!("before={before}")).await?;
    for _ in 1..ANSWERS {
        let last = history.versions.last().filter(|_| history.rest).map(|last| &last.revision);
        let Some(last) = last else { break };
        let Ok(number) = Revision::read(last).map(|body| body.revision) else { break };
        let next =
            ask(format!("before={}&after={}", number.saturating_add(1), last.hash())).await?;
        (history.more, history.rest) = (next.more, next.rest && !next.versions.is_empty());
        history.versions.extend(next.versions);
    }
    Ok(history)
}

/// The server, signed in.
pub trait Remote {
    /// `PUT /v1/items/{item}`
    async fn write(
        &self,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<ItemWriteResponse, RemoteError>;
    /// `PUT /v1/items/{item}/use`
    async fn note_use(&self, item: &ItemId, request: &UseRequest) -> Result<(), RemoteError>;
    /// `GET /v1/changes`
    async fn changes(&self, query: &ChangesQuery) -> Result<ChangesResponse, RemoteError>;
    /// `GET /v1/items/{item}/revisions`
    async fn revisions(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError>;
    /// `GET /v1/items/{item}/revisions` with the lists
    async fn listed(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError>;
    /// `GET /v1/items/{item}/history`
    async fn history(&self, item: &ItemId, before: u64) -> Result<HistoryResponse, RemoteError>;
    /// `PUT /v1/items/{item}/again`
    async fn write_again(
        &self,
        item: &ItemId,
        request: &WriteAgainRequest,
    ) -> Result<ItemWriteResponse, RemoteError>;
    /// `GET /v1/items/{item}`
    async fn item(&self, item: &ItemId) -> Result<ItemState, RemoteError>;
    /// `DELETE /v1/items/{item}/access`
    async fn leave(&self, item: &ItemId) -> Result<(), RemoteError>;
    /// `DELETE /v1/items/{item}/access/{user}`
    async fn end_access(&self, item: &ItemId, user: &UserId) -> Result<(), RemoteError>;
    /// `GET /v1/users/{user}/bundle`
    async fn bundle(&self, user: &UserId) -> Result<BundleResponse, RemoteError>;
    /// `GET /v1/users`
    async fn people(&self, search: &str) -> Result<PeopleResponse, RemoteError>;
    /// `PUT /v1/accounts/record`
    async fn write_record(&self, request: &RecordWriteRequest) -> Result<(), RemoteError>;
}
