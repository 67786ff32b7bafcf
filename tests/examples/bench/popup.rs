//! The real popup: from navigation to the painted list, and how long it ever answers to nothing.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mysafe::crypto::SystemRandom;
use mysafe::vault::Vault;
use mysafe_tests::big;
use mysafe_tests::browser::View;
use mysafe_tests::client::{Connection, sign_in};
use serde_json::json;

use crate::stage::{PERSON, Stage};
use crate::{Figures, median};

const CLOCK: &str = include_str!("clock.js");
const LIST: &str = "/popup/index.html#/api-secrets";
const EMPTY: &str = "/empty.html";
/// Openings of each page, in turns.
const TIMES: usize = 9;
/// What follows the first paint (a sync, the indexes) is over by then.
const REST: Duration = Duration::from_millis(1500);
const QUERIES: [&str; 3] = ["google", "weather api", "stripe"];

/// Measures; gives the largest of the vaults.
pub fn measure(stage: &mut Stage, figures: &mut Figures) -> Vault {
    let mut connection = Connection::open(&stage.host()).expect("it is there");
    let (mut vault, _) = sign_in(&mut connection, &PERSON).expect("signs in");
    // The store stays as it is put there, and the popup has nothing but that.
    stage.recorder.hang();
    for count in [1_000, 10_000, 100_000] {
        vault.reload(None).expect("nothing to open");
        big::fill(&mut vault, count);
        put_cache(stage, &vault);
        let popup = stage.browser().open_popup();
        popup.run_first(CLOCK);
        let (mut empty, mut list) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            empty.push(opened(&popup, EMPTY));
            list.push(opened(&popup, LIST));
        }
        figures.insert(format!("open {count}"), json!(median(list.clone())));
        figures.insert(format!("empty {count}"), json!(median(empty.clone())));
        let ratios = list.iter().zip(&empty).map(|(list, empty)| list / empty);
        figures.insert(format!("open, times {count}"), json!(median(ratios.collect())));
        if count == 10_000 {
            let (typing, scrolling) = (typed(&popup), scrolled(&popup));
            figures.insert("gap typing".into(), json!(typing));
            figures.insert("gap scrolling".into(), json!(scrolling));
        }
        popup.close();
    }
    vault
}

/// Milliseconds from navigation to the first row on the screen.
fn opened(popup: &View, page: &str) -> f64 {
    let go = format!("(location.href = '{page}', '')");
    // The page goes while it answers.
    let _ = popup.evaluate_as_extension(&go);
    let file = page.split('#').next().unwrap_or_default();
    let seen = format!("location.pathname === '{file}' && globalThis.mysafeBench?.painted");
    let painted = || number(popup, &seen).filter(|painted| *painted > 0.0);
    let time = mysafe_tests::wait::wait_for(Duration::from_secs(60), painted);
    popup.pass(REST);
    time.unwrap_or_else(|| panic!("{page} shows no row:\n{}", popup.dump()))
}

/// The longest time without an answer while words are typed.
fn typed(popup: &View) -> f64 {
    opened(popup, LIST);
    popup.press("/");
    watch(popup);
    for query in QUERIES {
        for letter in query.chars() {
            popup.type_text(&letter.to_string());
            popup.pass(Duration::from_millis(50));
        }
        popup.press("Control+a");
        popup.press("Delete");
        popup.pass(Duration::from_millis(50));
    }
    number(popup, "mysafeBench.gap").expect("it was watched")
}

/// The same while the list is scrolled from its beginning to its end, a hundred steps.
fn scrolled(popup: &View) -> f64 {
    opened(popup, LIST);
    watch(popup);
    let scroll = "new Promise((done) => {
        const rows = document.getElementById('rows');
        let step = 0;
        const on = () => {
            rows.scrollTop = (rows.scrollHeight * ++step) / 100;
            step < 100 ? requestAnimationFrame(on) : setTimeout(() => done(''), 100);
        };
        on();
    })";
    popup.evaluate_as_extension(scroll).unwrap_or_else(|gone| panic!("{}", gone.0));
    number(popup, "mysafeBench.gap").expect("it was watched")
}

fn watch(popup: &View) {
    popup
        .evaluate_as_extension("(mysafeBench.watch(), '')")
        .unwrap_or_else(|gone| panic!("{}", gone.0));
}

fn number(popup: &View, expression: &str) -> Option<f64> {
    popup.evaluate_as_extension(&format!("String({expression})")).ok()?.parse().ok()
}

/// Puts the sealed cache of a vault where the extension keeps it.
fn put_cache(stage: &Stage, vault: &Vault) {
    let cache = vault.cache(&mut SystemRandom);
    let (store, key) = (cache.store.name(), cache.key.clone());
    let bytes = BASE64_STANDARD.encode(cache.into_bytes().expect("a cache is stored"));
    let put = format!(
        "(async () => {{
            const bytes = Uint8Array.from(atob('{bytes}'), (one) => one.charCodeAt(0));
            const asked = indexedDB.open('mysafe');
            await new Promise((done) => {{ asked.onsuccess = done; }});
            const change = asked.result.transaction('{store}', 'readwrite');
            change.objectStore('{store}').put(bytes, '{key}');
            await new Promise((done) => {{ change.oncomplete = done; }});
            asked.result.close();
            return '';
        }})()"
    );
    stage.browser().as_extension(&put);
}
