//! How many requests of one account are worked on at once. The others of that account wait, so that a
//! neighbour's request has at most so many of each account before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use mysafe_protocol::bytes::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;
use crate::metrics;

/// Requests of one account that wait; each holds a connection.
const WAITING: usize = 64;
/// How long whoever has more waiting is asked to wait.
const LATER: Duration = Duration::from_secs(1);

/// Gives turns; cheap to clone.
#[derive(Clone)]
pub struct Turns {
    at_once: usize,
    accounts: Arc<Mutex<HashMap<UserId, Account>>>,
}

struct Account {
    turns: Arc<Semaphore>,
    /// Requests that have a turn or wait for one.
    inside: usize,
}

impl Turns {
    /// Gives so many turns at once to each account.
    pub fn new(at_once: u32) -> Self {
        Self { at_once: at_once as usize, accounts: Arc::default() }
    }

    /// Waits for a turn of an account, unless too many do.
    pub async fn wait(&self, user: UserId) -> Result<Turn, Error> {
        let place = self.enter(user)?;
        let turns = Arc::clone(&self.accounts().get(&user).expect("this one is inside").turns);
        let permit = turns.acquire_owned().await.expect("nobody closes it");
        Ok(Turn { _permit: permit, _place: place })
    }

    fn enter(&self, user: UserId) -> Result<Place, Error> {
        let mut accounts = self.accounts();
        let account = accounts.entry(user).or_insert_with(|| Account {
            turns: Arc::new(Semaphore::new(self.at_once)),
            inside: 0,
        });
        if account.inside >= self.at_once + WAITING {
            metrics::limit_reached("account_requests");
            return Err(Error::TooManyTries(LATER));
        }
        account.inside += 1;
        Ok(Place { turns: self.clone(), user })
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<UserId, Account>> {
        self.accounts.lock().expect("nothing panics while it holds this")
    }

    /// Returns how many requests of an account have a turn or wait for one.
    #[cfg(test)]
    pub fn inside(&self, user: &UserId) -> usize {
        self.accounts().get(user).map_or(0, |account| account.inside)
    }

    /// Returns how many accounts are known.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.accounts().len()
    }
}

/// A turn, until it is dropped.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

/// A place among the requests of an account.
struct Place {
    turns: Turns,
    user: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut accounts = self.turns.accounts();
        if let Some(account) = accounts.get_mut(&self.user) {
            account.inside -= 1;
            if account.inside == 0 {
                accounts.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{soon, until};

    #[tokio::test]
    async fn an_account_has_so_many_turns_and_so_many_wait() {
        let turns = Turns::new(2);
        let (ana, bea) = (UserId([1; 32]), UserId([2; 32]));
        let turn = async || soon(turns.wait(ana)).await.unwrap();
        let held = (turn().await, turn().await);
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let turns = turns.clone();
                tokio::spawn(async move { turns.wait(ana).await.map(drop) })
            })
            .collect();
        until(|| turns.inside(&ana) == 2 + WAITING).await;
        let refused = soon(turns.wait(ana)).await;
        assert!(matches!(refused, Err(Error::TooManyTries(LATER))));
        soon(turns.wait(bea)).await.unwrap();
        assert!(waiting.iter().all(|waits| !waits.is_finished()));
        drop(held);
        for waits in waiting {
            soon(waits).await.unwrap().unwrap();
        }
        assert_eq!(turns.len(), 0, "nothing is kept of accounts without requests");
    }
}
