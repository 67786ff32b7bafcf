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
use crate::metrics;
use crate::settings::Limits;

/// How long whoever has too many streams is asked to wait.
const LATER: Duration = Duration::from_secs(60);

/// Tells listeners of changes; cheap to clone.
#[derive(Clone)]
pub struct Feed {
    listened_to: Arc<Mutex<ListenedTo>>,
    /// Streams of all users.
    all: usize,
    /// Streams of one user: one for each of their browsers.
    per_user: usize,
}

#[derive(Default)]
struct ListenedTo {
    /// For each user the newest position that was told, 0 if none was. A listener that is slow
    /// misses what came between, which the newest stands for.
    users: HashMap<UserId, Told>,
    listeners: usize,
    /// Streams that are to end and have not yet.
    ending: usize,
}

struct Told {
    position: watch::Sender<i64>,
    /// Streams of this user that are to end and have not yet.
    ending: usize,
    /// How many of these know it.
    leaving: usize,
}

impl Told {
    fn new() -> Self {
        Self { position: watch::Sender::new(0), ending: 0, leaving: 0 }
    }

    /// Streams that stay.
    fn streams(&self) -> usize {
        self.position.receiver_count().saturating_sub(self.ending)
    }
}

impl ListenedTo {
    /// Ends one stream of whoever has most, if that is more than one more than this user has. Returns whether
    /// there is room then.
    fn make_room(&mut self, user: &UserId) -> bool {
        let own = self.users.get(user).map_or(0, Told::streams);
        let most = self.users.values_mut().max_by_key(|told| told.streams());
        let Some(most) = most.filter(|most| most.streams() > own + 1) else { return false };
        most.ending += 1;
        most.position.send_modify(|_| {});
        self.ending += 1;
        true
    }
}

impl Feed {
    /// Lets people listen, as many as these limits say.
    pub fn new(limits: &Limits) -> Self {
        let (all, per_user) =
            (limits.event_streams as usize, limits.account_event_streams as usize);
        Self { listened_to: Arc::default(), all, per_user }
    }

    /// The user's log of changes ends at `position` now. To be called after the commit.
    pub fn changed(&self, user: &UserId, position: i64) {
        if let Some(told) = self.listened_to().users.get(user) {
            // Two commits may tell in the other order.
            told.position.send_if_modified(|told| {
                let newer = position > *told;
                *told = position.max(*told);
                newer
            });
        }
    }

    /// Sessions of the user ended: their streams look whether it was theirs.
    pub fn sessions_ended(&self, user: &UserId) {
        if let Some(told) = self.listened_to().users.get(user) {
            told.position.send_modify(|_| {});
        }
    }

    /// Begins to listen for a user until `stop`, unless too many do.
    pub fn listen(&self, user: UserId, stop: watch::Receiver<bool>) -> Result<Listener, Error> {
        let mut listened_to = self.listened_to();
        if *stop.borrow() {
            return Err(ErrorCode::Unavailable.into());
        }
        let own = listened_to.users.get(&user).map_or(0, |told| told.position.receiver_count());
        if own >= self.per_user {
            metrics::limit_reached("account_event_streams");
            return Err(Error::TooManyTries(LATER));
        }
        if listened_to.listeners - listened_to.ending >= self.all {
            metrics::limit_reached("event_streams");
            if !listened_to.make_room(&user) {
                return Err(ErrorCode::Unavailable.into());
            }
        }
        let told = listened_to.users.entry(user).or_insert_with(Told::new);
        let told = told.position.subscribe();
        listened_to.listeners += 1;
        ::metrics::gauge!("mysafe_event_streams").increment(1);
        Ok(Listener { feed: self.clone(), user, told, stop, leaves: false })
    }

    fn listened_to(&self) -> MutexGuard<'_, ListenedTo> {
        self.listened_to.lock().expect("nothing panics while it holds this")
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
    /// This one makes room.
    leaves: bool,
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
        let woken = tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => Woken::Stop,
            told = self.told.changed() => match told {
                Ok(()) => Woken::Told(*self.told.borrow_and_update()),
                Err(_) => Woken::Stop,
            },
            () = tokio::time::sleep(beat) => Woken::Quiet,
        };
        if matches!(woken, Woken::Told(_)) && self.is_to_end() { Woken::Stop } else { woken }
    }

    /// Returns whether this stream is to make room: the first that asks does, and no more than are to.
    fn is_to_end(&mut self) -> bool {
        if !self.leaves
            && let Some(told) = self.feed.listened_to().users.get_mut(&self.user)
            && told.ending > told.leaving
        {
            told.leaving += 1;
            self.leaves = true;
        }
        self.leaves
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listened_to = self.feed.listened_to();
        listened_to.listeners -= 1;
        let mut ended = 0;
        if let Some(told) = listened_to.users.get_mut(&self.user) {
            // Whichever goes makes the room, unless others know already that they make it.
            ended = usize::from(self.leaves || told.ending > told.leaving);
            told.ending -= ended;
            told.leaving -= usize::from(self.leaves);
            if told.position.receiver_count() <= 1 {
                listened_to.users.remove(&self.user);
            }
        }
        listened_to.ending -= ended;
        ::metrics::gauge!("mysafe_event_streams").decrement(1);
    }
}
