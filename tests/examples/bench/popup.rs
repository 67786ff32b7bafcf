//! The real popup: from navigation to the painted list with the background asleep and a server that
//! never answers, and how long it then ever answers to nothing.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::vault::Vault;
use mysafe_tests::big;
use mysafe_tests::browser::{View, Which};
use mysafe_tests::client::{Connection, sign_in};
use mysafe_tests::wait::wait_for;
use mysafe_tests::website::Website;
use serde_json::json;

use crate::stage::{PERSON, Stage};
use crate::{Figures, What, median};

/// What the popup opens with, and the other list.
const THIS_PAGE: &str = "/popup/index.html";
const API_SECRETS: &str = "/popup/index.html#/api-secrets";
const EMPTY: &str = "/empty.html";
/// Openings of each page, in turns; fewer where there is no budget.
const TIMES: usize = 21;
const TIMES_ASIDE: usize = 5;
/// What follows the first paint (a sync, the indexes) is over by then.
const REST: Duration = Duration::from_millis(1500);
const QUERIES: [&str; 3] = ["google", "weather api", "stripe"];

/// Measures in a browser that is signed in; gives the largest of the vaults.
pub fn measure(stage: &mut Stage, figures: &mut Figures, what: What) -> Vault {
    let which = stage.browser().which();
    let mut connection = Connection::open(&stage.host()).expect("it is there");
    let (mut vault, _) = sign_in(&mut connection, &PERSON).expect("signs in");
    let page = Website::start().url("portal.example.com", "/docs");
    // The store stays as it is put there, and the popup has nothing but that.
    stage.recorder.hang();
    // Firefox takes what is put into its store in one piece.
    let counts: &[usize] = match (what, which) {
        (What::All, Which::Chromium) => &[1_000, 10_000, 100_000],
        (What::All, Which::Firefox) => &[1_000, 10_000],
        _ => &[10_000],
    };
    for count in counts {
        vault.empty();
        big::fill(&mut vault, count - 1);
        add(&mut vault, &page);
        put_cache(stage, &vault);
        stage.browser().open_page(&page);
        let popup = stage.browser().open_popup();
        let mut put = |what: &str, value: f64| {
            figures.insert(format!("{which}, {what}"), json!(value));
        };
        if what == What::Profile {
            profiled(stage, &popup);
            popup.close();
            break;
        }
        let (mut empty, mut first, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        let (mut lists, mut longest) = ([Vec::new(), Vec::new()], Vec::new());
        let openings = if *count == 10_000 { TIMES } else { TIMES_ASIDE };
        for _ in 0..openings {
            for (screen, times) in [THIS_PAGE, API_SECRETS].iter().zip(&mut lists) {
                let blank = opened(stage, &popup, EMPTY).painted;
                empty.push(blank);
                let seen = opened(stage, &popup, screen);
                first.push(seen.framed);
                answers.push(seen.answers);
                longest.push(seen.longest);
                times.push((seen.painted, seen.painted / blank));
            }
        }
        assert_eq!(listed(&popup), count + 1, "all are there");
        let middle = |all: &[(f64, f64)]| {
            let (times, ratios): (Vec<f64>, Vec<f64>) = all.iter().copied().unzip();
            (median(times), median(ratios))
        };
        for (name, times) in ["This page", "API secrets"].iter().zip(&lists) {
            let (painted, ratio) = middle(times);
            put(&format!("{name}, {count} painted"), painted);
            put(&format!("{name}, {count}, times"), ratio);
        }
        put(&format!("first frame, {count}"), median(first));
        put(&format!("empty page, {count}"), median(empty));
        put(&format!("answers, {count}"), median(answers));
        if *count == 10_000 {
            put("longest opening", median(longest));
            let (typing, scrolling) = (typed(stage, &popup), scrolled(stage, &popup));
            put("longest typing", typing);
            put("longest scrolling", scrolling);
        }
        popup.close();
    }
    vault
}

/// One item more, of the page that the popup is opened on.
fn add(vault: &mut Vault, page: &str) {
    let form = ApiSecretForm {
        name: "Portal".into(),
        url: page.into(),
        client_id: "portal".into(),
        client_secret: "secret-of-the-portal".to_owned().into(),
        ..Default::default()
    };
    vault.add(&form, big::ADDED, &mut SystemRandom).expect("a good form");
}

/// What a page tells of its opening: milliseconds from navigation on to its first frame and its first
/// row on the screen, and the longest of its long tasks after that.
struct Seen {
    framed: f64,
    painted: f64,
    answers: f64,
    longest: f64,
}

/// Opens a page in the popup's place as if for the first time; the screens from the empty page, with the
/// background asleep.
fn opened(stage: &Stage, popup: &View, page: &str) -> Seen {
    // From the empty page: the popup itself would wake what is to sleep.
    if page != EMPTY {
        // Within two minutes the popup would open where it was.
        let forget = "chrome.storage.session.remove('place').then(() => '')";
        popup.evaluate_as_extension(forget).unwrap_or_else(|gone| panic!("{}", gone.0));
        stage.browser().kill_background();
    }
    go(popup, page);
    if page != EMPTY {
        popup.pass(REST);
    }
    let all = "JSON.stringify([mysafeBench.framed, mysafeBench.painted, mysafeBench.answers, mysafeBench.longest])";
    let all = popup.evaluate_as_extension(all).unwrap_or_else(|gone| panic!("{}", gone.0));
    let [framed, painted, answers, longest] = serde_json::from_str(&all).expect("four numbers");
    Seen { framed, painted, answers, longest }
}

/// Goes to a page and waits for its first row.
fn go(popup: &View, page: &str) {
    // The page goes while it answers.
    let _ = popup.evaluate_as_extension(&format!("(location.href = '{page}', '')"));
    let file = page.split('#').next().unwrap_or_default();
    let seen = format!("String(location.pathname === '{file}' && mysafeBench.answers > 0)");
    let there =
        || popup.evaluate_as_extension(&seen).is_ok_and(|seen| seen == "true").then_some(());
    let there = wait_for(Duration::from_secs(60), there);
    assert!(there.is_some(), "{page} shows no row:\n{}", popup.dump());
}

/// The longest long task while words are typed.
fn typed(stage: &Stage, popup: &View) -> f64 {
    anew(stage, popup);
    popup.press("/");
    for query in QUERIES {
        for letter in query.chars() {
            popup.type_text(&letter.to_string());
            popup.pass(Duration::from_millis(50));
        }
        popup.press("Control+a");
        popup.press("Delete");
        popup.pass(Duration::from_millis(50));
    }
    longest(popup)
}

/// The same while the list is scrolled from its beginning to its end, a hundred steps.
fn scrolled(stage: &Stage, popup: &View) -> f64 {
    anew(stage, popup);
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
    longest(popup)
}

/// The list, opened and at rest; what comes from here on counts.
fn anew(stage: &Stage, popup: &View) {
    opened(stage, popup, EMPTY);
    opened(stage, popup, API_SECRETS);
    popup
        .evaluate_as_extension("(mysafeBench.longest = 0, '')")
        .unwrap_or_else(|gone| panic!("{}", gone.0));
}

fn longest(popup: &View) -> f64 {
    let longest = popup.evaluate_as_extension("String(mysafeBench.longest)");
    longest.ok().and_then(|longest| longest.parse().ok()).expect("it was watched")
}

/// The rows that the list says it has, its head among them.
fn listed(popup: &View) -> usize {
    let count = "document.querySelector('#rows')?.getAttribute('aria-rowcount') ?? '0'";
    popup.evaluate_as_extension(count).ok().and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// Prints in which functions the popup spends its time while it opens and while it is scrolled.
fn profiled(stage: &Stage, popup: &View) {
    let tell = |what: &str, act: &dyn Fn()| {
        eprintln!("--- {what}: milliseconds in each function, of itself alone");
        for (name, time) in popup.profile(act).into_iter().take(40) {
            eprintln!("{time:>8.1}  {name}");
        }
    };
    opened(stage, popup, EMPTY);
    tell("This page opens", &|| go(popup, THIS_PAGE));
    popup.pass(REST);
    tell("it is scrolled", &|| {
        scrolled(stage, popup);
    });
}

/// Puts the sealed cache of a vault where the extension keeps it, value by value: one script with all of
/// it would be too long.
fn put_cache(stage: &Stage, vault: &Vault) {
    for put in vault.cache(&mut SystemRandom) {
        let (store, key) = (put.store.name(), put.key.clone());
        let change = match put.into_bytes() {
            Some(bytes) => {
                let bytes = BASE64_STANDARD.encode(bytes);
                format!(
                    "put(Uint8Array.from(atob('{bytes}'), (one) => one.charCodeAt(0)), '{key}')"
                )
            }
            None => format!("delete('{key}')"),
        };
        let apply = format!(
            "(async () => {{
                const asked = indexedDB.open('mysafe');
                await new Promise((done) => {{ asked.onsuccess = done; }});
                const change = asked.result.transaction('{store}', 'readwrite');
                change.objectStore('{store}').{change};
                await new Promise((done) => {{ change.oncomplete = done; }});
                asked.result.close();
                return '';
            }})()"
        );
        stage.browser().as_extension(&apply);
    }
}
