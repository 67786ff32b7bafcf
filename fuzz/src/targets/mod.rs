//! The targets, by what they read.

mod addresses;
mod bodies;
mod cache;
mod cbor;
mod device;
mod events;
mod parts;
mod wire;

use crate::Target;

/// Every target.
pub static TARGETS: [Target; 12] = [
    Target { name: "cbor", run: cbor::values, kinds: 0, texts: &[] },
    Target { name: "revision", run: bodies::revision, kinds: 0, texts: &[] },
    Target { name: "access-list", run: bodies::access_list, kinds: 0, texts: &[] },
    Target { name: "bundle", run: bodies::bundle, kinds: 0, texts: &[] },
    Target { name: "requests", run: wire::requests, kinds: 2 * wire::REQUESTS, texts: wire::TEXTS },
    Target { name: "answers", run: wire::answers, kinds: 2 * wire::ANSWERS, texts: wire::TEXTS },
    Target { name: "addresses", run: addresses::sites, kinds: 0, texts: addresses::TEXTS },
    Target { name: "registrable", run: addresses::registrable, kinds: 0, texts: addresses::HOSTS },
    Target { name: "parts", run: parts::parts, kinds: 2, texts: &[] },
    Target { name: "events", run: events::stream, kinds: 3, texts: events::TEXTS },
    Target { name: "cache", run: cache::opened, kinds: 0, texts: &[] },
    Target { name: "device", run: device::stored, kinds: device::KINDS, texts: device::TEXTS },
];
