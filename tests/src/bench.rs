//! What `cargo xtask bench` measures in WebAssembly, run by Node. Only this crate holds it: the
//! extension has no code for it. The clock is Node's; each function here is one thing to time.

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Params, Version};
use mysafe::crypto::{AccountKey, AesGcm, Identity, ItemKey, Opened, Opening, SystemRandom};
use mysafe::matching::{Index, Site, near};
use mysafe::model::ApiSecretForm;
use mysafe::search::Search;
use mysafe::vault::{DeviceRecord, Entry, Store, Stored, Vault};
use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::{Revision, Signed};
use mysafe_protocol::opaque::ARGON2ID;
use wasm_bindgen::prelude::*;

use crate::big;
use crate::memory::{Memory, finish};

const PASSWORD: &str = "Lantern-otter 58 brave quilts";
const ADDRESS: &str = "ana@example.com";

/// An item as the server has it, as far as its overview needs it.
struct Sealed {
    item: ItemId,
    key: Vec<u8>,
    overview: Vec<u8>,
}

/// A vault of some size, what opens it, and the two indexes that a list asks.
struct Work {
    record: DeviceRecord,
    session: String,
    /// A device that has its cache.
    stores: Memory,
    entries: Vec<Entry>,
    sites: Index,
    texts: Search,
    sealed: Vec<Sealed>,
    /// A revision as it is signed, and by whom.
    signed: Signed,
    signer: [u8; 32],
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
    let mut vault = Vault::open(account, &identity.user(), ADDRESS).expect("its own key opens it");
    let signed = signed(&mut vault);
    big::fill(&mut vault, sealed);
    // For each item a key and an overview of its own, sealed as the server has them.
    let account = AccountKey::from_session(&session).expect("as it was made");
    let sealed = vault.entries().take(sealed).map(|entry| {
        let key = ItemKey::generate(random);
        Sealed {
            item: entry.id,
            key: key.wrap(&account, &record.user, &entry.id, 1, random),
            overview: key.seal_overview(&entry.id, 1, 1, &[7; 240], random),
        }
    });
    let sealed = sealed.collect();
    let stores = Memory::default();
    stores.store(vault.cache(random));
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
    let signer = *identity.sign_pk();
    WORK.set(Some(Work { record, session, stores, entries, sites, texts, sealed, signed, signer }));
}

/// The signed revision of a new item.
fn signed(vault: &mut Vault) -> Signed {
    let form = ApiSecretForm {
        name: "Signed".into(),
        url: "https://api.example.com".into(),
        client_id: "client".into(),
        ..Default::default()
    };
    let change = vault.add(&form, big::ADDED, &mut SystemRandom).expect("a good form");
    let put = change.puts.into_iter().find(|put| put.store == Store::Outbox).expect("a write");
    let local = vault.local(&change.item, None, put.into_bytes().as_deref()).expect("just sealed");
    vault.empty();
    local.pending.expect("it waits").revision
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

/// A vault that is about to read its cache, and what the host has to decrypt for it.
#[wasm_bindgen]
pub struct Reading {
    vault: Vault,
    stored: Stored,
    sealed: Vec<(AesGcm, Vec<u8>)>,
    opened: Vec<Opened>,
}

#[wasm_bindgen]
impl Reading {
    /// With the typed master password.
    pub fn unlock() -> Self {
        with(|work| Self::of(work, work.record.unlock(PASSWORD).expect("the right password")))
    }

    /// With the key from session storage.
    pub fn open() -> Self {
        with(|work| {
            let key = AccountKey::from_session(&work.session).expect("as it was stored");
            Self::of(work, key)
        })
    }

    fn of(work: &Work, key: AccountKey) -> Self {
        let vault = Vault::open(key, &work.record.user, ADDRESS).expect("its own key");
        let stored = finish(Stored::read(&work.stores)).expect("in memory");
        let sealed = stored.sealed(&vault).expect("as it was sealed").expect("there is one");
        let each =
            |opening: &Opening<'_>| (opening.cipher().clone(), opening.ciphertext().to_vec());
        let sealed = sealed.openings().iter().map(each).collect();
        Self { vault, stored, sealed, opened: Vec::new() }
    }

    /// Of how many messages it consists.
    pub fn messages(&self) -> usize {
        self.sealed.len()
    }

    /// The key of a message.
    pub fn key(&self, message: usize) -> Vec<u8> {
        self.sealed[message].0.message_key().to_vec()
    }

    /// Its nonce.
    pub fn nonce(&self, message: usize) -> Vec<u8> {
        self.sealed[message].0.nonce.to_vec()
    }

    /// Its associated data.
    pub fn associated_data(&self, message: usize) -> Vec<u8> {
        self.sealed[message].0.associated_data.clone()
    }

    /// What to decrypt.
    pub fn ciphertext(&self, message: usize) -> Vec<u8> {
        self.sealed[message].1.clone()
    }

    /// Takes the next message, decrypted.
    pub fn take(&mut self, plaintext: Vec<u8>) {
        self.opened.push(plaintext.into());
    }

    /// How many items there are.
    pub fn read(mut self) -> usize {
        let sealed = self.stored.sealed(&self.vault).expect("as it was sealed");
        let opened = sealed.and_then(|sealed| sealed.opened(self.opened));
        self.vault.read(opened).expect("as it was sealed");
        self.vault.entries().len()
    }
}

/// The vault from session storage, its cache decrypted here: how many items it has.
#[wasm_bindgen]
pub fn open_here() -> usize {
    with(|work| {
        let key = AccountKey::from_session(&work.session).expect("as it was stored");
        let mut vault = Vault::open(key, &work.record.user, ADDRESS).expect("its own key");
        work.stores.load(&mut vault).expect("as it was sealed");
        vault.entries().len()
    })
}

/// The bare decryption of each item's key and overview, without a check of anything: their bytes.
#[wasm_bindgen]
pub fn overviews() -> usize {
    with(|work| {
        let account = AccountKey::from_session(&work.session).expect("as it was stored");
        let opened = work.sealed.iter().map(|Sealed { item, key, overview }| {
            let key = ItemKey::unwrap(&account, &work.record.user, item, 1, key).expect("its key");
            key.open_overview(item, 1, 1, overview).expect("its overview").len()
        });
        opened.sum()
    })
}

/// Verifies the signatures of `count` revisions.
#[wasm_bindgen]
pub fn signatures(count: usize) -> usize {
    let verified = || with(|work| Revision::accept(&work.signed, &work.signer).is_ok());
    (0..count).filter(|_| verified()).count()
}

/// Bytes of the sealed cache.
#[wasm_bindgen]
pub fn cache_size() -> usize {
    with(|work| work.stores.size(Store::Cache))
}

/// How many items belong to the `number`th item's address, asked of the index.
#[wasm_bindgen]
pub fn matched(number: usize) -> usize {
    with(|work| {
        let address = &work.entries[number % work.entries.len()].overview.url;
        // As many as a menu, a badge or the top of a list show.
        work.sites.matching(address).take(20).count()
    })
}

/// The same, and all of them, as a popup lists them.
#[wasm_bindgen]
pub fn matched_all(number: usize) -> usize {
    with(|work| {
        let address = &work.entries[number % work.entries.len()].overview.url;
        work.sites.matching(address).collect::<Vec<_>>().len()
    })
}

/// The same for who asks for this address alone: an index of the few items that can belong to it.
#[wasm_bindgen]
pub fn matched_near(number: usize) -> usize {
    with(|work| {
        let address = &work.entries[number % work.entries.len()].overview.url;
        Index::of(near(work.entries.iter(), &[address])).matching(address).count()
    })
}

/// Makes the index of all.
#[wasm_bindgen]
pub fn indexed() -> usize {
    with(|work| Index::of(work.entries.iter()).matching(ADDRESS).count())
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
