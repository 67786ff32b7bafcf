//! Who is to hear of whose changes, in this process. With several servers on one PostgreSQL the
//! three calls `changed`, `sessions_ended` and `listen` are where NOTIFY and LISTEN belong; until
//! then the clients of another server hear at their next sync.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::ErrorCode;
use tokio::sync::watch;

use crate::error::Error;
use crate::events::{ALL, PER_USER};

/// How long whoever has too many streams is asked to wait.
const LATER: Duration = Duration::from_secs(60);

/// Tells listeners of changes; cheap to clone.
#[derive(Clone, Default)]
pub struct Feed(Arc<Mutex<ListenedTo>>);

#[derive(Default)]
struct ListenedTo {
    /// For each user the newest position that was told, 0 if none was. A listener that is slow
    /// misses what came between, which the newest stands for.
    users: HashMap<UserId, watch::Sender<i64>>,
    listeners: usize,
}

impl Feed {
    /// The user's log of changes ends at `position` now. To be called after the commit.
    pub fn changed(&self, user: &UserId, position: i64) {
        if let Some(told) = self.listened_to().users.get(user) {
            // Two commits may tell in the other order.
            told.send_if_modified(|told| {
                let newer = position > *told;
                *told = position.max(*told);
                newer
            });
        }
    }

    /// Sessions of the user ended: their streams look whether it was theirs.
    pub fn sessions_ended(&self, user: &UserId) {
        if let Some(told) = self.listened_to().users.get(user) {
            told.send_modify(|_| {});
        }
    }

    /// Begins to listen for a user until `stop`, unless too many do.
    pub fn listen(&self, user: UserId, stop: watch::Receiver<bool>) -> Result<Listener, Error> {
        let mut listened_to = self.listened_to();
        if *stop.borrow() || listened_to.listeners >= ALL {
            return Err(ErrorCode::Unavailable.into());
        }
        let told = listened_to.users.entry(user).or_insert_with(|| watch::Sender::new(0));
        if told.receiver_count() >= PER_USER {
            return Err(Error::TooManyTries(LATER));
        }
        let told = told.subscribe();
        listened_to.listeners += 1;
        metrics::gauge!("mysafe_event_streams").increment(1);
        Ok(Listener { feed: self.clone(), user, told, stop })
    }

    fn listened_to(&self) -> MutexGuard<'_, ListenedTo> {
        self.0.lock().expect("nothing panics while it holds this")
    }

    #[cfg(test)]
    pub fn listeners(&self) -> (usize, usize) {
        let listened_to = self.listened_to();
        (listened_to.listeners, listened_to.users.len())
    }
}

/// Hears of one user's changes until it is dropped.
pub struct Listener {
    feed: Feed,
    user: UserId,
    told: watch::Receiver<i64>,
    stop: watch::Receiver<bool>,
}

/// Why a listener woke.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Woken {
    /// A change, or an end of sessions. The newest position told so far.
    Told(i64),
    /// Nothing came for so long.
    Quiet,
    /// The server stops.
    Stop,
}

impl Listener {
    /// Waits for something to be told, at most for `beat`.
    pub async fn wait(&mut self, beat: Duration) -> Woken {
        tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => Woken::Stop,
            told = self.told.changed() => match told {
                Ok(()) => Woken::Told(*self.told.borrow_and_update()),
                Err(_) => Woken::Stop,
            },
            () = tokio::time::sleep(beat) => Woken::Quiet,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listened_to = self.feed.listened_to();
        listened_to.listeners -= 1;
        if listened_to.users.get(&self.user).is_some_and(|told| told.receiver_count() <= 1) {
            listened_to.users.remove(&self.user);
        }
        metrics::gauge!("mysafe_event_streams").decrement(1);
    }
}
