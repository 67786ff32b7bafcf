//! Sync against a server in memory: what happens to edits when networks, stores, other devices
//! and servers do their worst.

mod accepting;
mod access_again;
mod access_crashes;
mod attack_editors;
mod attack_limits;
mod attack_others;
mod bundles;
mod contexts;
mod crashes;
mod damaged;
mod deleted;
mod deleted_again;
mod device;
mod disk;
mod editors;
mod ended;
mod epoch_lies;
mod exposed;
mod finding;
mod former_editors;
mod forms;
mod found_lies;
mod full;
mod full_unions;
mod given_again;
mod gone;
mod hand;
mod history_answers;
mod hostile;
mod joined;
mod keyring;
mod largest;
mod left;
mod lies;
mod life;
mod line;
mod local_history;
mod noise;
mod nothing_readable;
mod nothing_united;
mod owned_lies;
mod page_lies;
mod plaintexts;
mod progress;
mod random;
mod random_restored;
mod random_shared;
mod received;
mod received_lies;
mod recorded;
mod reminders;
mod replaced;
mod restored;
mod restored_lies;
mod restored_people;
mod restored_record;
mod restored_young;
mod routes;
mod scenes;
mod seeds;
mod server;
mod server_answers;
mod server_shares;
mod sharing;
mod shown_names;
mod stops_nothing;
mod stored;
mod stories;
mod strangers;
mod taken_ids;
mod trouble;
mod two_contexts;
mod two_devices;
mod uniting_again;
mod unsent_deletions;
mod uses;
mod waiting_unions;
mod ways;
mod young_devices;
mod young_devices_gaps;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs what never waits: everything here answers at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store or server in memory does not wait"),
    }
}
