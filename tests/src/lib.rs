//! What the tests that cross crates are made of: the two browsers, the display they stand on, the
//! real server, a client without a browser, the recorded traffic, and the search for planted values.
//!
//! Nothing here retries. A step waits for its condition until a deadline, then panics with what it
//! saw; the caller's line is the one that is reported.

#[cfg(target_arch = "wasm32")]
pub mod bench;
pub mod big;
#[cfg(not(target_arch = "wasm32"))]
pub mod browser;
#[cfg(not(target_arch = "wasm32"))]
pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod display;
pub mod memory;
#[cfg(not(target_arch = "wasm32"))]
pub mod process;
#[cfg(not(target_arch = "wasm32"))]
pub mod recorder;
#[cfg(not(target_arch = "wasm32"))]
pub mod scan;
#[cfg(not(target_arch = "wasm32"))]
pub mod server_process;
#[cfg(not(target_arch = "wasm32"))]
pub mod smtp_receiver;
#[cfg(not(target_arch = "wasm32"))]
pub mod timing;
pub mod vectors;
#[cfg(not(target_arch = "wasm32"))]
pub mod wait;
#[cfg(not(target_arch = "wasm32"))]
pub mod website;
#[cfg(not(target_arch = "wasm32"))]
pub mod workspace;
