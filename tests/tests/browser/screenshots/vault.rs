//! A vault like one in use: 25 API secrets by the names and addresses of real public APIs.

use std::collections::HashMap;

use mysafe_tests::website::Website;
use mysafe_tests::workspace;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::add;

/// Names in `public-apis.jsonl`.
const NAMES: [&str; 22] = [
    "Adyen Checkout API",
    "Airport & City Search",
    "Asana",
    "Bitbucket API",
    "Box Platform API",
    "CircleCI REST API",
    "DigitalOcean API",
    "DocuSign REST API",
    "GitHub v3 REST API",
    "Klarna Payments API V1",
    "Linode API",
    "Mailchimp Marketing API",
    "Notion API",
    "OpenAI API",
    "Radio & Music Services",
    "Slack Web API",
    "Spotify Web API",
    "Square Connect API",
    "The Jira Cloud platform REST API",
    "The Plaid API",
    "Vercel API",
    "Xero Accounting API",
];

/// Three belong to a site that can be visited here: the test's own website, under a name that no browser
/// insists on visiting by https.
pub fn items(site: Website) -> Vec<ApiSecret> {
    let file = workspace::root().join("tests/fixtures/public-apis.jsonl");
    let text = std::fs::read_to_string(file).expect("the public APIs");
    let apis: HashMap<String, serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"))
        .filter(|api| text_of(&api["url"]).starts_with("https://"))
        .rev()
        .map(|api| (text_of(&api["name"]), api))
        .collect();
    let mut items: Vec<_> = NAMES
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let api = &apis[*name];
            let tags = api["tags"].as_array().cloned().unwrap_or_default();
            let mut tags: Vec<_> = tags.iter().map(text_of).collect();
            tags.dedup();
            item(index, name, &text_of(&api["url"]), tags)
        })
        .collect();
    let acme = [
        ("Acme Billing", site.url("api.acme.example", "/v1"), "production"),
        ("Acme Billing, test mode", site.url("api.acme.example", "/v1/test_helpers"), "test"),
        ("Acme webhooks", site.url("hooks.acme.example", ""), "production"),
    ];
    for (index, (name, url, tag)) in acme.iter().enumerate() {
        let tags = vec!["payment".to_owned(), (*tag).to_owned()];
        items.push(item(NAMES.len() + index, name, url, tags));
    }
    items
}

/// Adds them in a tab, as the person would.
pub fn fill(stage: &Stage, items: &[ApiSecret]) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    for item in items {
        add(&tab, item);
    }
    tab.close();
}

fn item(index: usize, name: &str, url: &str, tags: Vec<String>) -> ApiSecret {
    let word = name.split([' ', ',']).next().unwrap_or_default().to_lowercase();
    // Looks drawn by lot and is the same in every run (the constants of splitmix64).
    let lot = |salt: u64| {
        let mut x = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x ^ (x >> 27)
    };
    let notes = match index % 3 {
        0 => "Rotated every quarter. Ask the platform team before changing scopes.",
        1 => "Used by the nightly import.\nOwner at the provider: integrations@example.com",
        _ => "",
    };
    ApiSecret {
        name: name.to_owned(),
        url: url.to_owned(),
        client_id: format!("{word}-{:016x}", lot(1)),
        client_secret: format!("sk_live_{:016x}{:016X}", lot(2), lot(3)),
        identifier: if index.is_multiple_of(2) {
            format!("{word}-{index:02}")
        } else {
            String::new()
        },
        method: ["GET", "POST", "None"][index % 3],
        tags,
        notes: notes.to_owned(),
    }
}

fn text_of(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
