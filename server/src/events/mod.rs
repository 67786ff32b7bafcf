//! Live changes: whoever keeps a stream of events open (`text/event-stream`) hears at once that
//! their log of changes moved. An event says how far, nothing else; what changed is fetched as ever.

mod feed;
mod routes;
#[cfg(test)]
mod tests;

pub use feed::Feed;
pub use routes::routes;

use std::time::Duration;

/// A quiet stream is used so often: proxies keep it, and one whose session expired ends.
const BEAT: Duration = Duration::from_secs(20);
