//! What `cargo xtask bench` measures outside of Node: the packed extension in Chromium, the server
//! and in Firefox, the server that people run, and native code. Prints the figures as JSON; which of them
//! have a budget, xtask knows. With the argument `popup` it measures the popup
//! alone, with `flood` the server while one account floods it, with `profile` it
//! prints in which functions of it the time goes.

mod flood;
mod popup;
mod stage;
mod sync;

use std::time::{Duration, Instant};

use mysafe::matching::Index;
use mysafe::vault::{Entry, Vault};
use mysafe_tests::browser::Which;
use serde_json::{Map, Value, json};
use stage::Stage;

/// Figures by name.
pub type Figures = Map<String, Value>;

/// What is to be measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    All,
    /// The server while one account floods it.
    Flood,
    /// The popup with ten thousand items.
    Popup,
    /// Where its time goes, function by function; that is printed.
    Profile,
}

fn main() {
    let what = match std::env::args().nth(1).as_deref() {
        None => What::All,
        Some("flood") => What::Flood,
        Some("popup") => What::Popup,
        Some("profile") => What::Profile,
        Some(other) => panic!("{other:?} is not measured"),
    };
    let mut figures = Figures::new();
    let mut stage = Stage::new(Which::Chromium);
    if what == What::Flood {
        sync::fill(&stage);
        flood::measure(&stage, &mut figures);
        stage.end();
        println!("{}", Value::Object(figures));
        return;
    }
    if what == What::All {
        sync::measure(&stage, &mut figures);
        flood::measure(&stage, &mut figures);
    } else {
        stage.signed_in();
    }
    let vault = popup::measure(&mut stage, &mut figures, what);
    stage.end();
    if what == What::All {
        match_natively(&vault, &mut figures);
    }
    if what != What::Profile {
        let mut stage = Stage::new(Which::Firefox);
        stage.signed_in();
        popup::measure(&mut stage, &mut figures, what);
        stage.end();
    }
    println!("{}", Value::Object(figures));
}

/// One address among so many.
fn match_natively(vault: &Vault, figures: &mut Figures) {
    let all: Vec<&Entry> = vault.entries().collect();
    for count in [1_000, 10_000, 100_000] {
        let entries = &all[..count.min(all.len())];
        assert_eq!(entries.len(), count, "the vault has as many");
        let index = Index::of(entries.iter().copied());
        let each = (0..9).map(|_| {
            let start = Instant::now();
            let found: usize = (0..1_000)
                .map(|number| {
                    let address = &entries[number * 37 % count].overview.url;
                    index.matching(address).take(20).count()
                })
                .sum();
            assert!(found >= 1_000, "each item matches its own address");
            start.elapsed() / 1_000
        });
        figures.insert(format!("match {count}"), json!(1000.0 * millis(median(each.collect()))));
    }
}

/// The one in the middle.
pub fn median<T: PartialOrd + Copy>(mut all: Vec<T>) -> T {
    all.sort_by(|a, b| a.partial_cmp(b).expect("times can be compared"));
    all[all.len() / 2]
}

/// Milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
