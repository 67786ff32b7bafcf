//! The public APIs that the demonstration's API secrets are for.

use std::collections::BTreeMap;

use serde::Deserialize;

use mysafe_tests::client::Failure;

/// How many APIs of one provider are taken, so that a few large clouds do not fill the list.
const OF_ONE_PROVIDER: usize = 3;

/// A line of `tests/fixtures/public-apis.jsonl`, as far as it is used here.
#[derive(Clone, Debug, Deserialize)]
pub struct Api {
    /// Its name.
    pub name: String,
    /// Registrable domain of who offers it.
    pub provider: String,
    /// Base address.
    pub url: String,
    /// Ways to authenticate, such as `oauth2:clientCredentials`.
    pub auth: Vec<String>,
    /// OAuth 2.0 token endpoints.
    pub token_url: Vec<String>,
    /// HTTP methods in use.
    pub methods: Vec<String>,
    /// Keywords.
    pub tags: Vec<String>,
}

/// All of them.
pub fn read() -> Result<Vec<Api>, Failure> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/public-apis.jsonl");
    let text = std::fs::read_to_string(path)?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// `count` of them from many providers, those with OAuth 2.0 first; each name once.
pub fn choose(all: &[Api], count: usize) -> Vec<Api> {
    let mut sorted: Vec<&Api> =
        all.iter().filter(|api| !api.provider.ends_with(".local")).collect();
    sorted.sort_by_key(|api| !api.auth.iter().any(|way| way.starts_with("oauth2")));
    let mut providers = BTreeMap::<&str, usize>::new();
    let mut names = std::collections::BTreeSet::new();
    let mut chosen = Vec::new();
    for api in sorted {
        let taken = providers.entry(&api.provider).or_default();
        if *taken < OF_ONE_PROVIDER && names.insert(&api.name) {
            *taken += 1;
            chosen.push(api.clone());
        }
    }
    chosen.truncate(count);
    // Everybody gets some of each sort.
    let (even, odd): (Vec<_>, Vec<_>) =
        chosen.into_iter().enumerate().partition(|(index, _)| index % 2 == 0);
    even.into_iter().chain(odd).map(|(_, api)| api).collect()
}
