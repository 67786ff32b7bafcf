//! The extractor that is the authentication: a handler that takes [`SignedIn`] serves nobody
//! without a valid token.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::ErrorCode;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::sessions::queries::{self, Session};
use crate::sessions::{LIFE, RENEWAL};
use crate::state::AppState;
use crate::turns::Turn;

/// Whoever sent a valid bearer token (RFC 6750 section 2.1).
pub struct SignedIn {
    /// The user.
    pub user: UserId,
    /// The key that the user's revisions are signed with.
    pub sign_pk: [u8; 32],
    /// What names the session in the database.
    pub token_hash: [u8; 32],
    /// Others of the account wait meanwhile.
    _turn: Turn,
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let token_hash = token(parts).map(hash).ok_or(ErrorCode::NotSignedIn)?;
        let mut session = session(state, &token_hash).await?;
        let turn = state.turns.wait(session.user).await?;
        let now = state.clock.now();
        if now - session.seen >= RENEWAL {
            // Another request may have renewed it, or ended it, while this one waited.
            session = self::session(state, &token_hash).await?;
        }
        if now - session.seen >= RENEWAL {
            let mut transaction = state.database.write().await?;
            queries::renew(&mut transaction, &token_hash, now, now + LIFE).await?;
            transaction.commit().await?;
        }
        Ok(Self { user: session.user, sign_pk: session.sign_pk, token_hash, _turn: turn })
    }
}

/// Returns the session of a token, which is valid now.
async fn session(state: &AppState, token_hash: &[u8; 32]) -> Result<Session, Error> {
    let now = state.clock.now();
    let found = queries::session(&mut *state.database.read().await?, token_hash, now).await?;
    let session = found.ok_or(ErrorCode::NotSignedIn)?;
    if session.revoked { Err(ErrorCode::SessionRevoked.into()) } else { Ok(session) }
}

fn token(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// What is stored of a token.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
