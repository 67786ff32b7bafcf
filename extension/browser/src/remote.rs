//! The server as sync sees it.

use gloo_net::http::Method;
use mysafe::protocol::wire::{
    BundleResponse, ChangesQuery, ChangesResponse, ErrorCode, HistoryResponse, ItemState,
    ItemWriteRequest, ItemWriteResponse, PasswordStartRequest, PasswordStartResponse,
    PeopleResponse, Reason, RecordWriteRequest, RevisionsResponse, SecretsRequest, UseRequest,
    WriteAgainRequest,
};
use mysafe::protocol::{ItemId, UserId};
use mysafe::sync::{Remote, RemoteError, whole_history};

use crate::http::{Endpoint, HttpError};

/// Seconds to wait where the server does not say how many.
const RETRY: u64 = 60;

/// A server with a session.
pub(crate) struct SignedIn {
    /// Base address.
    pub(crate) base: String,
    /// Bearer token.
    pub(crate) token: String,
}

impl SignedIn {
    pub(crate) fn endpoint(&self) -> Endpoint<'_> {
        Endpoint { base: &self.base, token: Some(&self.token) }
    }

    /// Opens the stream of events.
    pub(crate) async fn events(
        &self,
        signal: &web_sys::AbortSignal,
    ) -> Result<gloo_net::http::Response, HttpError> {
        self.endpoint().listen("/v1/events", signal).await
    }

    /// The first half of a new master password.
    pub(crate) async fn password_start(
        &self,
        request: &PasswordStartRequest,
    ) -> Result<PasswordStartResponse, HttpError> {
        self.endpoint().send(Method::POST, "/v1/accounts/password/start", request).await
    }

    /// A new master password or recovery code.
    pub(crate) async fn change_secrets(&self, request: &SecretsRequest) -> Result<(), HttpError> {
        self.endpoint().tell(Method::PUT, "/v1/accounts/secrets", request).await
    }

    /// Ends the session on the server.
    pub(crate) async fn sign_out(&self) -> Result<(), HttpError> {
        self.endpoint().act(Method::DELETE, "/v1/sessions/current").await
    }
}

impl From<HttpError> for RemoteError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NoAnswer => Self::Offline,
            HttpError::NotMySafe => Self::Malformed,
            HttpError::Refused(error) => match error.code {
                ErrorCode::NotAllowed if error.reason == Some(Reason::MailboxNotConfirmed) => {
                    Self::NotConfirmed
                }
                ErrorCode::NotSignedIn => Self::SignInEnded,
                ErrorCode::SessionRevoked => Self::Revoked,
                ErrorCode::Stale => Self::Stale(error.current.map(Box::new)),
                ErrorCode::Unavailable | ErrorCode::Internal => Self::Offline,
                ErrorCode::TooManyTries => Self::Busy(error.retry_after.unwrap_or(RETRY)),
                ErrorCode::QuotaExceeded => {
                    error.reason.map_or(Self::Refused(error.code), Self::Full)
                }
                code => Self::Refused(code),
            },
        }
    }
}

impl Remote for SignedIn {
    async fn write(
        &self,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        Ok(self.endpoint().send(Method::PUT, &format!("/v1/items/{item}"), request).await?)
    }

    async fn note_use(&self, item: &ItemId, request: &UseRequest) -> Result<(), RemoteError> {
        let path = format!("/v1/items/{item}/use");
        Ok(self.endpoint().tell(Method::PUT, &path, request).await?)
    }

    async fn changes(&self, query: &ChangesQuery) -> Result<ChangesResponse, RemoteError> {
        let mut path = String::from("/v1/changes?");
        if let (Some(epoch), Some(position)) = (query.epoch, query.position) {
            path += &format!("epoch={epoch}&position={position}&");
        }
        if let Some(limit) = query.limit {
            path += &format!("limit={limit}");
        }
        Ok(self.endpoint().get(&path).await?)
    }

    async fn revisions(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        Ok(self.endpoint().get(&format!("/v1/items/{item}/revisions?after={after}")).await?)
    }

    async fn listed(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        let path = format!("/v1/items/{item}/revisions?after={after}&lists=true");
        Ok(self.endpoint().get(&path).await?)
    }

    async fn history(&self, item: &ItemId, before: u64) -> Result<HistoryResponse, RemoteError> {
        let ask = async |query: String| {
            Ok(self.endpoint().get(&format!("/v1/items/{item}/history?{query}")).await?)
        };
        whole_history(before, ask).await
    }

    async fn write_again(
        &self,
        item: &ItemId,
        request: &WriteAgainRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        Ok(self.endpoint().send(Method::PUT, &format!("/v1/items/{item}/again"), request).await?)
    }

    async fn item(&self, item: &ItemId) -> Result<ItemState, RemoteError> {
        Ok(self.endpoint().get(&format!("/v1/items/{item}")).await?)
    }

    async fn leave(&self, item: &ItemId) -> Result<(), RemoteError> {
        Ok(self.endpoint().act(Method::DELETE, &format!("/v1/items/{item}/access")).await?)
    }

    async fn end_access(&self, item: &ItemId, user: &UserId) -> Result<(), RemoteError> {
        Ok(self.endpoint().act(Method::DELETE, &format!("/v1/items/{item}/access/{user}")).await?)
    }

    async fn bundle(&self, user: &UserId) -> Result<BundleResponse, RemoteError> {
        Ok(self.endpoint().get(&format!("/v1/users/{user}/bundle")).await?)
    }

    async fn people(&self, search: &str) -> Result<PeopleResponse, RemoteError> {
        let text = String::from(js_sys::encode_uri_component(search));
        match self.endpoint().get(&format!("/v1/users?search={text}")).await {
            // Who types fast waits; that is not to be without network.
            Err(HttpError::Refused(error)) if error.code == ErrorCode::TooManyTries => {
                Err(RemoteError::Refused(error.code))
            }
            answer => Ok(answer?),
        }
    }

    async fn write_record(&self, request: &RecordWriteRequest) -> Result<(), RemoteError> {
        Ok(self.endpoint().tell(Method::PUT, "/v1/accounts/record", request).await?)
    }
}
