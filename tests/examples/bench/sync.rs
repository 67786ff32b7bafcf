//! The first sync of ten thousand items and the one after a change: how long, how many bytes, and
//! what it costs the server.

use std::time::{Duration, Instant};

use mysafe::protocol::wire::{ChangesResponse, ItemState};
use mysafe_tests::browser::View;
use mysafe_tests::client::{Connection, Device, many, sign_in};
use serde_json::json;

use crate::stage::{PERSON, Stage};
use crate::{Figures, median, millis};

const ITEMS: usize = 10_000;

/// Measures; afterwards the browser is signed in and has the items.
pub fn measure(stage: &Stage, figures: &mut Figures) {
    fill(stage);
    first(stage, figures);
    server_time(stage, figures);
    let (now, most) = stage.server.memory();
    figures.insert("server memory".into(), json!(now as f64 / 1024.0 / 1024.0));
    figures.insert("server memory, most".into(), json!(most as f64 / 1024.0 / 1024.0));
}

/// Gives the account its items.
pub fn fill(stage: &Stage) {
    many::fill(&stage.host(), &PERSON, ITEMS);
}

/// What the browser takes, from its first question about changes on.
fn first(stage: &Stage, figures: &mut Figures) {
    let tab = stage.sign_in();
    stage.until("it asks for changes", || asks(stage));
    let (start, before) = (Instant::now(), bytes(stage));
    stage.until("the first rows", || rows(&tab) > 1);
    figures.insert("first sync, first rows".into(), json!(millis(start.elapsed())));
    stage.until("all rows", || rows(&tab) == ITEMS + 1);
    figures.insert("first sync, all rows".into(), json!(millis(start.elapsed())));
    figures.insert("first sync, bytes".into(), json!((bytes(stage) - before) as f64));

    // Another device changes one item.
    let mut device = Device::new(&stage.host(), &PERSON);
    device.sync(&stage.host());
    let item = device.item(&many::name(0));
    device.rename(&item, "Changed elsewhere");
    let before = bytes(stage);
    device.sync(&stage.host());
    // Listed by name, it is the first.
    stage.until("the change shows", || {
        tab.evaluate_as_extension("document.querySelector('#rows [id^=row-]')?.textContent ?? ''")
            .is_ok_and(|text| text.contains("Changed elsewhere"))
    });
    figures.insert("one change, bytes".into(), json!((bytes(stage) - before) as f64));
    tab.close();
}

/// How long the server takes for the whole log, and for what comes after its end but one.
fn server_time(stage: &Stage, figures: &mut Figures) {
    let mut connection = Connection::open(&stage.host()).expect("it is there");
    let (_, token) = sign_in(&mut connection, &PERSON).expect("signs in");
    connection.authorize(&token);
    let (mut all, mut one, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let start = Instant::now();
        connection.raw("/v1/changes?limit=100").expect("answers");
        first.push(start.elapsed());
        let mut since = String::new();
        let mut time = Duration::ZERO;
        loop {
            let start = Instant::now();
            let answer = connection.raw(&format!("/v1/changes?{since}")).expect("answers");
            time += start.elapsed();
            let page: ChangesResponse = minicbor_serde::from_slice(&answer).expect("CBOR");
            // The last page has what was changed since.
            if let ([item, ..], true) = (&page.items[..], page.more) {
                parts(item, answer.len() as f64 / page.items.len() as f64, figures);
            }
            let (epoch, position) = (page.epoch, page.position);
            if page.more {
                since = format!("epoch={epoch}&position={position}");
                continue;
            }
            all.push(time);
            let last = format!("/v1/changes?epoch={epoch}&position={}", position - 1);
            let start = Instant::now();
            connection.raw(&last).expect("answers");
            one.push(start.elapsed());
            break;
        }
    }
    let (all, one) = (millis(median(all)), millis(median(one)));
    figures.insert("first page, server".into(), json!(millis(median(first))));
    figures.insert("first sync, server".into(), json!(all));
    figures.insert("one change, server".into(), json!(one));
}

/// Of what an item consists on the wire, and how much of it there is in all.
fn parts(item: &ItemState, all: f64, figures: &mut Figures) {
    let sealed = item.overview.0.len() + item.details.0.len() + item.key.0.len();
    let signed = item.revision.body.0.len() + item.revision.signature.0.len();
    let ids = item.item.0.len() + item.owner.0.len();
    for (part, bytes) in [
        ("overview", item.overview.0.len()),
        ("details", item.details.0.len()),
        ("key", item.key.0.len()),
        ("signed body", item.revision.body.0.len()),
        ("signature", item.revision.signature.0.len()),
        ("ids", ids),
    ] {
        figures.insert(format!("item, {part}"), json!(bytes));
    }
    figures.insert("item, encoding".into(), json!(all - (sealed + signed + ids) as f64));
}

fn asks(stage: &Stage) -> bool {
    stage
        .recorder
        .streams()
        .iter()
        .any(|stream| stream.windows(15).any(|part| part == b"GET /v1/changes"))
}

/// All that went over the wire so far.
fn bytes(stage: &Stage) -> usize {
    stage.recorder.streams().iter().map(Vec::len).sum()
}

/// The rows that the list says it has, its head among them.
fn rows(tab: &View) -> usize {
    let count = "document.querySelector('#rows')?.getAttribute('aria-rowcount') ?? '0'";
    tab.evaluate_as_extension(count).ok().and_then(|count| count.parse().ok()).unwrap_or(0)
}
