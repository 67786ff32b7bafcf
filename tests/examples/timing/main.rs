//! Whether the time of an answer tells if an address has an account. The real server gets the same requests
//! for addresses with an account and without one, in random order; `cargo xtask timing` starts it.

mod accounts;
mod requests;

use std::process::ExitCode;

use mysafe::crypto::{Random as _, SystemRandom};
use mysafe_tests::client::Connection;
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::timing::{LIMIT, farthest_t, found_from};
use requests::Asking;

/// Requests for each address: the server takes ten of a kind.
const EACH: usize = 10;
/// Differences in microseconds that are tried to tell how fine the measurement is.
const PLANTED: [f64; 10] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];

fn main() -> ExitCode {
    let samples = std::env::args().nth(1).map_or(Ok(10_000), |number| number.parse());
    let Ok(samples @ 2_000..) = samples else {
        eprintln!("usage: timing [SAMPLES], at least 2000 of each kind");
        return ExitCode::FAILURE;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let first = ServerProcess::start(&data);
    let address = first.address();
    first.stop();
    let settings = [("MYSAFE_SIGNUPS", "open"), ("MYSAFE_LOG", "warn")];
    let server = ServerProcess::start_at(&data, address, &settings);
    let mut connection = Connection::open(&server.address().to_string()).expect("it is there");

    let count = samples / EACH;
    println!("{count} accounts and as many addresses without one");
    let [known, unknown] = accounts::make(&mut connection, count);
    let mut asking = Asking::new(connection);
    let mut told = false;
    let each = |kind, addresses: &[String]| {
        let one = |address: &String| vec![(kind, address.clone()); EACH];
        addresses.iter().flat_map(one).collect::<Vec<_>>()
    };
    let mut rounds = [each(0, &known), each(1, &unknown)].concat();
    for group in requests::GROUPS {
        shuffle(&mut rounds);
        let mut times = group.iter().map(|_| [Vec::new(), Vec::new()]).collect::<Vec<_>>();
        for (kind, address) in &rounds {
            let taken = asking.ask(group, address);
            for (times, taken) in times.iter_mut().zip(taken) {
                times[*kind].push(taken);
            }
        }
        for (route, [known, unknown]) in group.iter().zip(&times) {
            let t = farthest_t([known, unknown]);
            let fine = found_from(known, &PLANTED);
            let fine = fine.map_or("no planted difference".to_owned(), |fine| format!("{fine} µs"));
            println!(
                "{route:<24} t = {t:>6.2}; would be found between {} samples: {fine}",
                count * 5
            );
            told |= t.abs() >= LIMIT || found_from(known, &PLANTED).is_none();
        }
    }
    if told { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Puts them in random order (Fisher, Yates, Durstenfeld).
fn shuffle<T>(values: &mut [T]) {
    for last in (1..values.len()).rev() {
        let random = u64::from_le_bytes(SystemRandom.array()) % (last as u64 + 1);
        values.swap(last, random as usize);
    }
}
