//! A vault of any size, made of the public APIs of a fixture, again and again under other names.

use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::vault::{Store, Vault};
use serde::Deserialize;

use crate::memory::{Memory, finish};

const APIS: &str = include_str!("../fixtures/public-apis.jsonl");
/// When everything was added, Unix milliseconds.
pub const ADDED: u64 = 1_790_000_000_000;

#[derive(Deserialize)]
struct Api {
    name: String,
    url: String,
    tags: Vec<String>,
}

/// Fills an empty vault until it has `count` items, each added as a user adds it.
#[allow(clippy::missing_panics_doc, reason = "nothing here fails on the fixture")]
pub fn fill(vault: &mut Vault, count: usize) {
    let random = &mut SystemRandom;
    let apis: Vec<Api> = APIS
        .lines()
        .map(|line| serde_json::from_str(line).expect("the fixture is well formed"))
        .collect();
    let stores = Memory::default();
    let mut added = 0;
    for (number, api) in apis.iter().cycle().enumerate() {
        if added == count {
            break;
        }
        let form = ApiSecretForm {
            name: format!("{} {}", api.name, number / apis.len()),
            url: api.url.clone(),
            client_id: format!("client-{number:08}"),
            client_secret: format!("secret-{number:032}").into(),
            tags: api.tags.clone(),
            ..Default::default()
        };
        // A few addresses of the collection are templates, which the form refuses.
        let Ok(change) = vault.add(&form, ADDED, random) else { continue };
        added += 1;
        stores.store(change.puts.into_iter().filter(|put| put.store == Store::Outbox).collect());
        // Each change puts the item among all that are open, and the list of them is gone through: with
        // few in memory that is quick.
        if added.is_multiple_of(10) {
            vault.empty();
        }
    }
    finish(vault.rebuild(&stores, random)).expect("in memory");
}
