//! The stream of events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::events::BEAT;
use crate::events::feed::{Listener, Woken};
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::{items, sessions};

/// The route of events.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// One event of the stream.
#[derive(ToSchema)]
#[allow(dead_code, reason = "for the description: events are written by hand")]
struct Moved {
    /// The position at which the user's log of changes ends now: a whole number.
    #[schema(pattern = "^[0-9]{1,19}$")]
    data: String,
}

/// Where the user's log of changes ends: once at the beginning, then whenever it moves, as
/// `data: POSITION`. Ends with the session.
#[utoipa::path(get, path = "/v1/events", tag = "items",
    responses((status = 200, body = inline(Moved), content_type = "text/event-stream")))]
async fn events(
    signed_in: SignedIn,
    State(state): State<AppState>,
) -> Result<impl IntoResponse, Error> {
    // Listening begins before the position is read: nothing falls between.
    let listener = state.feed.listen(signed_in.user, state.stopping.subscribe())?;
    let mut connection = state.database.read().await?;
    let position = items::last_position(&mut connection, &signed_in.user).await?;
    drop(connection);
    let told = Told { state, token_hash: signed_in.token_hash, listener, position };
    // Proxies like nginx are not to collect events.
    Ok(([("x-accel-buffering", "no")], Sse::new(told.stream(BEAT))))
}

/// What one stream has told.
pub(super) struct Told {
    pub(super) state: AppState,
    pub(super) token_hash: [u8; 32],
    pub(super) listener: Listener,
    pub(super) position: i64,
}

type One = Result<Event, Infallible>;

impl Told {
    /// The position, then all that follow; a comment after each `beat` in which none did.
    pub(super) fn stream(self, beat: Duration) -> impl Stream<Item = One> + Send {
        stream::unfold((self, true), move |(mut told, first)| async move {
            let event = if first { told.event() } else { told.next(beat).await? };
            Some((Ok(event), (told, false)))
        })
    }

    async fn next(&mut self, beat: Duration) -> Option<Event> {
        loop {
            let woken = self.listener.wait(beat).await;
            if woken == Woken::Stop || !self.is_signed_in().await {
                return None;
            }
            match woken {
                Woken::Told(position) if position > self.position => {
                    self.position = position;
                    return Some(self.event());
                }
                Woken::Told(_) | Woken::Stop => {}
                Woken::Quiet => return Some(Event::default().comment("")),
            }
        }
    }

    fn event(&self) -> Event {
        Event::default().data(self.position.to_string())
    }

    async fn is_signed_in(&self) -> bool {
        let valid = async {
            let mut connection = self.state.database.read().await?;
            let now = self.state.clock.now();
            sessions::is_valid(&mut connection, &self.token_hash, now).await
        };
        // Whoever cannot be checked comes again.
        valid.await.unwrap_or(false)
    }
}
