//! The command line of `mysafe-server`.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::accounts::invitations;
use crate::clock::Clock;
use crate::keys::Keys;
use crate::settings::Settings;
use crate::state::AppState;
use crate::{checks, clock, mailboxes, openapi, panics, serve, server};

/// The MySafe server: it stores what it cannot open.
#[derive(Parser)]
#[command(name = "mysafe-server", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT
    Serve,
    /// Print a link by which one person can sign up; good for 7 days
    Invite {
        /// The person's mail address
        email: String,
    },
    /// Confirm someone's mailbox, where the server mails no codes
    Confirm {
        /// The account's mail address
        email: String,
    },
    /// Run it once after restoring the database from a backup, while the server is stopped: everybody
    /// signs in again, and browsers send what the backup does not have
    NewEpoch,
    /// Print the description of the interface (OpenAPI)
    Openapi,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Runs the command of this process's arguments.
pub fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics where nobody listens.
            let _ = writeln!(io::stderr(), "mysafe-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Serve => {
            let settings = Settings::load()?;
            log_to_stderr(settings.json_log);
            panics::log();
            runtime()?.block_on(async {
                serve::serve(AppState::open(settings, Clock::system()).await?).await?;
                Ok(())
            })
        }
        Command::Invite { email } => runtime()?.block_on(invite(Settings::load()?, &email)),
        Command::Confirm { email } => runtime()?.block_on(confirm(Settings::load()?, &email)),
        Command::NewEpoch => runtime()?.block_on(new_epoch(Settings::load()?)),
        Command::Openapi => {
            let document = serde_json::to_string_pretty(&openapi::document())?;
            Ok(writeln!(io::stdout(), "{document}")?)
        }
    }
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn invite(settings: Settings, email: &str) -> Outcome {
    let address = email.trim().to_ascii_lowercase();
    checks::address(&address).map_err(|_| "not a mail address")?;
    let state = AppState::open(settings, Clock::system()).await?;
    let token = invitations::invite(&state.database, &address, state.clock.now()).await?;
    state.database.close().await;
    Ok(writeln!(io::stdout(), "{}/invite#{token}", state.settings.base_url)?)
}

async fn confirm(settings: Settings, email: &str) -> Outcome {
    let address = email.trim().to_ascii_lowercase();
    let state = AppState::open(settings, Clock::system()).await?;
    let mut transaction = state.database.write().await?;
    let found = mailboxes::confirm(&mut transaction, &address, state.clock.now()).await?;
    transaction.commit().await?;
    state.database.close().await;
    if !found {
        return Err("no account has this address".into());
    }
    Ok(writeln!(io::stdout(), "{address} is confirmed.")?)
}

async fn new_epoch(settings: Settings) -> Outcome {
    if Keys::read(&settings.data)?.is_none() {
        return Err("no key file in the data folder; is MYSAFE_DATA right?".into());
    }
    let state = AppState::open(settings, Clock::system()).await?;
    server::new_epoch(&state.database).await?;
    let confirmed = server::confirmed_last(&state.database).await?;
    state.database.close().await;
    let mut out = io::stdout();
    writeln!(out, "A new epoch has begun, and everybody signs in again. Start the server.")?;
    if !confirmed.is_empty() {
        writeln!(out, "Confirmed last, as far as the backup knows:")?;
    }
    for (address, at) in confirmed {
        writeln!(out, "{}  {address}", clock::utc(at))?;
    }
    Ok(())
}

/// `MYSAFE_LOG` chooses what is logged, in tracing's syntax; `info` if it is not set.
fn log_to_stderr(json: bool) {
    let filter = EnvFilter::try_from_env("MYSAFE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    if json {
        log.json().init();
    } else {
        log.init();
    }
}
