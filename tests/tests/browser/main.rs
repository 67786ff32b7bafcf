//! The browser tests: each runs on Chromium and on Firefox, headed, on a display of its own.
//! `--test-threads=1`: two browsers at once would starve each other on two cores.

mod computer;
mod fill;
mod finding;
mod first;
mod harness;
mod items;
mod journey;
mod locking;
mod lost;
mod many;
mod menu;
mod package;
mod planted;
mod screenshots;
mod sharing;
mod stage;
mod steps;
mod suggest;
