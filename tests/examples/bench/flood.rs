//! A neighbour's check for changes while another account asks and writes as much as it can: how much longer
//! the slowest of a hundred takes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{ChangesResponse, ErrorCode, UseRequest};
use mysafe_tests::client::{Connection, Person, many, refused_as, sign_in, sign_up};
use serde_json::json;

use crate::stage::{PERSON, Stage};
use crate::{Figures, median, millis};

const NEIGHBOUR: Person = Person {
    name: "Bea Lima",
    address: "bea@example.com",
    password: "Copper-badger 41 mild lanterns",
};
/// Connections that ask for all changes, and connections that write.
const HANDS: [usize; 2] = [6, 2];
/// Checks in a round, and rounds of each kind.
const CHECKS: usize = 300;
const ROUNDS: usize = 3;

/// Measures with the account of ten thousand items as the one that floods.
pub fn measure(stage: &Stage, figures: &mut Figures) {
    let host = stage.host();
    sign_up(&mut Connection::open(&host).expect("it is there"), &NEIGHBOUR).expect("signs up");
    many::fill(&host, &NEIGHBOUR, 10);
    let mut neighbour = Connection::open(&host).expect("it is there");
    let (_, token) = sign_in(&mut neighbour, &NEIGHBOUR).expect("signs in");
    neighbour.authorize(&token);
    let page: ChangesResponse = neighbour.get("/v1/changes").expect("answers");
    let check = format!("/v1/changes?epoch={}&position={}", page.epoch, page.position);
    let mut flooder = Connection::open(&host).expect("it is there");
    let (_, token) = sign_in(&mut flooder, &PERSON).expect("signs in");
    let done = AtomicU64::new(0);
    let (mut quiet, mut flooded) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        quiet.push(slowest_of_a_hundred(&mut neighbour, &check));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for hand in 0..HANDS[0] + HANDS[1] {
                let (host, token, stop, done) = (&host, &token, &stop, &done);
                scope.spawn(move || flood(host, token, hand >= HANDS[0], stop, done));
            }
            std::thread::sleep(Duration::from_secs(1));
            flooded.push(slowest_of_a_hundred(&mut neighbour, &check));
            stop.store(true, Ordering::Relaxed);
        });
    }
    figures.insert("neighbour, p99 alone".into(), json!(millis(median(quiet))));
    figures.insert("neighbour, p99 in a flood".into(), json!(millis(median(flooded))));
    figures.insert("requests of the flood".into(), json!(done.load(Ordering::Relaxed)));
}

fn slowest_of_a_hundred(neighbour: &mut Connection, check: &str) -> Duration {
    let mut times: Vec<Duration> = (0..CHECKS)
        .map(|_| {
            let start = Instant::now();
            neighbour.raw(check).expect("the neighbour is answered");
            start.elapsed()
        })
        .collect();
    times.sort();
    times[CHECKS * 99 / 100]
}

/// Asks or writes until it is to stop. It is refused for asking too much, and goes on.
fn flood(host: &str, token: &str, writes: bool, stop: &AtomicBool, done: &AtomicU64) {
    let mut connection = Connection::open(host).expect("it is there");
    connection.authorize(token);
    let page: ChangesResponse = connection.get("/v1/changes?limit=100").expect("answers");
    let items: Vec<_> = page.items.iter().map(|state| state.item).collect();
    let blob = Bytes([&[1][..], &[7; 63]].concat());
    for item in items.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let answer = if writes {
            let path = format!("/v1/items/{item}/use");
            connection.tell("PUT", &path, &UseRequest { blob: blob.clone() })
        } else {
            connection.raw("/v1/changes?limit=500").map(drop)
        };
        match answer {
            Ok(()) => done.fetch_add(1, Ordering::Relaxed),
            Err(error) if refused_as(&error) == Some(ErrorCode::TooManyTries) => 0,
            Err(error) => panic!("{error}"),
        };
    }
}
