//! What `cargo xtask bench` measures in WebAssembly, run by Node. Only this crate holds it: the
//! extension has no code for it. The clock is Node's; each function here is one thing to time.

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Params, Version};
use mysafe::crypto::{AccountKey, Identity, SystemRandom};
use mysafe::matching::{Index, Site};
use mysafe::model::ApiSecretForm;
use mysafe::search::Search;
use mysafe::vault::{DeviceRecord, Entry, Store, Vault};
use mysafe_protocol::ItemId;
use mysafe_protocol::opaque::ARGON2ID;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[path = "client/memory.rs"]
mod memory;

use memory::Memory;

const PASSWORD: &str = "Lantern-otter 58 brave quilts";
const ADDRESS: &str = "ana@example.com";
const APIS: &str = include_str!("../fixtures/public-apis.jsonl");
/// When everything was added, Unix milliseconds.
const ADDED: u64 = 1_790_000_000_000;

#[derive(Deserialize)]
struct Api {
    name: String,
    url: String,
    tags: Vec<String>,
}

/// A vault of some size, what opens it, and the two indexes that a list asks.
struct Work {
    record: DeviceRecord,
    session: String,
    cache: Vec<u8>,
    entries: Vec<Entry>,
    sites: Index,
    texts: Search,
}

thread_local! {
    static WORK: RefCell<Option<Work>> = const { RefCell::new(None) };
}

fn with<T>(act: impl FnOnce(&Work) -> T) -> T {
    WORK.with_borrow(|work| act(work.as_ref().expect("prepared first")))
}

/// Fills a vault with the public APIs, again and again under other names, until it has `count`.
/// As many as `sealed` are added as a user adds them, the rest are copies of these in memory.
#[wasm_bindgen]
pub fn prepare(count: usize, sealed: usize) {
    console_error_panic_hook::set_once();
    let random = &mut SystemRandom;
    let account = AccountKey::generate(random);
    let identity = Identity::of(&account, ADDRESS);
    let record =
        DeviceRecord::make(&account, &identity, "Ana", "http://localhost", PASSWORD, random);
    let session = account.to_session().to_string();
    let mut vault =
        Vault::open(account, &identity.user(), ADDRESS, None).expect("its own key opens it");
    let apis: Vec<Api> = APIS
        .lines()
        .map(|line| serde_json::from_str(line).expect("the fixture is well formed"))
        .collect();
    let stores = Memory::default();
    let mut added = 0;
    for (number, api) in apis.iter().cycle().enumerate() {
        if added == sealed {
            break;
        }
        let form = ApiSecretForm {
            name: format!("{} {}", api.name, number / apis.len()),
            url: api.url.clone(),
            client_id: format!("client-{number:08}"),
            client_secret: format!("secret-{number:032}").into(),
            identifier: String::new(),
            method: None,
            tags: api.tags.clone(),
            notes: String::new(),
        };
        // A few addresses of the collection are templates, which the form refuses.
        let Ok(change) = vault.add(&form, ADDED, random) else { continue };
        added += 1;
        stores.store(change.puts.into_iter().filter(|put| put.store == Store::Outbox).collect());
        // Each change seals the whole cache: with few items in memory that is quick.
        if added.is_multiple_of(10) {
            vault.reload(None).expect("nothing to open");
        }
    }
    finish(vault.rebuild(&stores, random)).expect("in memory");
    let cache = vault.cache(random).value.expect("a cache is stored, not removed");
    let mut entries: Vec<Entry> = vault.entries().cloned().collect();
    let real = entries.len();
    for number in real..count {
        let mut copy = entries[number % real].clone();
        let mut id = [0xff; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        copy.id = ItemId(id);
        entries.push(copy);
    }
    entries.truncate(count);
    let (sites, texts) = (Index::of(entries.iter()), Search::of(entries.iter()));
    WORK.set(Some(Work { record, session, cache, entries, sites, texts }));
}

/// The bare hash of the master password.
#[wasm_bindgen]
pub fn argon2id() -> u8 {
    let (memory, passes, lanes) = ARGON2ID;
    let params = Params::new(memory, passes, lanes, Some(32)).expect("constants in bounds");
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(PASSWORD.as_bytes(), &[7; 16], &mut key)
        .expect("salt and length are within bounds");
    key[0]
}

/// Everything from the typed master password to the opened vault: how many items it has.
#[wasm_bindgen]
pub fn unlock() -> usize {
    with(|work| {
        let key = work.record.unlock(PASSWORD).expect("the right password");
        opened(work, key)
    })
}

/// The vault from session storage and the sealed cache: how many items it has.
#[wasm_bindgen]
pub fn open() -> usize {
    with(|work| {
        let key = AccountKey::from_session(&work.session).expect("as it was stored");
        opened(work, key)
    })
}

fn opened(work: &Work, key: AccountKey) -> usize {
    let cache = Some(work.cache.as_slice());
    let vault = Vault::open(key, &work.record.user, ADDRESS, cache).expect("as it was sealed");
    vault.entries().len()
}

/// Bytes of the sealed cache.
#[wasm_bindgen]
pub fn cache_size() -> usize {
    with(|work| work.cache.len())
}

/// How many items belong to the `number`th item's address, asked of the index.
#[wasm_bindgen]
pub fn matched(number: usize) -> usize {
    with(|work| {
        let address = &work.entries[number % work.entries.len()].overview.url;
        // Of what matches, a popup takes what it can show.
        work.sites.matching(address).take(20).count()
    })
}

/// The same without an index, for scale: each address is read and compared.
#[wasm_bindgen]
pub fn compared(number: usize) -> usize {
    with(|work| {
        let page = Site::of(&work.entries[number % work.entries.len()].overview.url);
        let same = |entry: &&Entry| {
            Site::of(&entry.overview.url).map(|site| site.registrable)
                == page.as_ref().map(|page| page.registrable.clone())
        };
        work.entries.iter().filter(same).count()
    })
}

/// How many items a search finds.
#[wasm_bindgen]
pub fn found(query: &str) -> usize {
    with(|work| work.texts.find(query).len())
}

/// What a future gives that is ready at once: the stores are in memory.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("nothing waits"),
    }
}
