//! The vault against everything but the network: what it accepts, what it opens, how an account
//! is entered, how edits merge.

mod acceptance;
mod bytes;
mod cached;
mod copied;
mod encodings;
mod entering;
mod glance;
mod history;
mod merging;
mod opaque_server;
mod opening;
mod sealed;
mod shared;
mod shared_lies;
mod sharing;
mod written;

use mysafe_protocol::Bytes;

/// Every byte of `bytes` changed, every truncation, and one byte more.
fn damaged(bytes: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> {
    let bytes = bytes.to_vec();
    let changed = {
        let bytes = bytes.clone();
        (0..bytes.len()).map(move |at| {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            (format!("byte {at} changed"), changed)
        })
    };
    let cut = {
        let bytes = bytes.clone();
        (0..bytes.len()).map(move |at| (format!("cut to {at}"), bytes[..at].to_vec()))
    };
    let longer = [(String::from("one byte more"), [&bytes[..], &[0]].concat())];
    changed.chain(cut).chain(longer)
}

fn blob(bytes: Vec<u8>) -> Bytes {
    Bytes(bytes)
}
