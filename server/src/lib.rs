//! The MySafe server: it stores what it cannot open. One folder for each feature (accounts,
//! sessions, items), each with its routes, its queries and its tests; `app` puts them together.
//! The server verifies what it can see (signatures, hashes, numbers, sizes) before it stores.

// The server goes on after a panic in one request: `cargo build --profile server`.
#[cfg(all(panic = "abort", not(test)))]
compile_error!("a panic in one request would end the server: build it with --profile server");

mod accounts;
mod app;
mod checks;
pub mod cli;
mod clock;
mod connections;
mod database;
mod error;
mod events;
mod gate;
mod items;
mod keys;
mod mail;
mod mailboxes;
mod metrics;
mod observe;
mod openapi;
mod pages;
mod panics;
mod peer;
mod rates;
mod secrets;
mod serve;
mod server;
mod sessions;
mod settings;
mod state;
mod turns;
mod wire;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use app::app;
pub use clock::Clock;
pub use serve::serve;
pub use settings::Settings;
pub use state::{AppState, StartError};
