//! Fills a server for a demonstration: two accounts with 300 API secrets each. It does what two
//! people with an extension each would do: it signs up, seals and signs with the core, and sends
//! what the extension would send. `cargo xtask run --demo` starts it; its argument is the server's
//! address, such as 127.0.0.1:8787.

mod apis;
mod generated;

use std::process::ExitCode;

use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::sync::Sync;
use mysafe_tests::client::{
    Connection, Failure, Memory, Person, finish, sign_in, sign_up, unix_millis,
};

const PEOPLE: [Person; 2] = [
    Person {
        name: "Ana Prado",
        address: "ana@example.com",
        password: "violet otters tune 7 quiet cellos",
    },
    Person {
        name: "Ben Okafor",
        address: "ben@example.com",
        password: "nine copper kites over Lagos bay",
    },
];

/// API secrets of each person.
const EACH: usize = 300;

/// Those at the front that get a time of last use.
const USED: usize = 12;

fn main() -> ExitCode {
    let Some(server) = std::env::args().nth(1) else {
        eprintln!("usage: demo HOST:PORT");
        return ExitCode::FAILURE;
    };
    match fill(&server) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the demonstration cannot be set up: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fill(server: &str) -> Result<(), Failure> {
    let apis = apis::choose(&apis::read()?, PEOPLE.len() * EACH);
    // Each person works at a computer of their own.
    std::thread::scope(|scope| {
        let people: Vec<_> = PEOPLE
            .iter()
            .zip(apis.chunks(EACH))
            .map(|(person, apis)| {
                scope.spawn(move || {
                    let forms: Vec<_> =
                        apis.iter().map(|api| generated::form(api, person.name)).collect();
                    add(server, person, &forms).map_err(|error| error.to_string())
                })
            })
            .collect();
        people.into_iter().try_for_each(|person| person.join().expect("no thread panics"))
    })?;
    println!(
        "\nTwo accounts with {EACH} API secrets each. To sign in, enter the server http://{server} and"
    );
    for Person { address, password, .. } in &PEOPLE {
        println!("  {address:<18} master password: {password}");
    }
    Ok(())
}

/// Makes the account and everything in it.
fn add(server: &str, person: &Person, forms: &[ApiSecretForm]) -> Result<(), Failure> {
    let mut connection = Connection::open(server)?;
    sign_up(&mut connection, person)?;
    let (mut vault, token) = sign_in(&mut connection, person)?;
    let local = Memory::of(&vault);
    let start = unix_millis();
    for (index, form) in forms.iter().enumerate() {
        let change = vault.add(form, start, &mut SystemRandom)?;
        local.store(change.puts);
        if index < USED {
            // Spread over the last days, the first one most recent.
            let ago = (index as u64).pow(2) * 3 * 3_600_000 + 60_000;
            local.store(vault.used(&change.item, start - ago, &mut SystemRandom));
        }
    }
    let remote = connection.signed_in(token);
    let mut sync = Sync {
        vault: &mut vault,
        local: &local,
        remote: &remote,
        random: &mut SystemRandom,
        now: start,
    };
    let outcome = finish(sync.run()).map_err(|error| format!("sync failed: {error}"))?;
    println!("{}: {} API secrets on the server", person.name, outcome.sent);
    Ok(())
}
