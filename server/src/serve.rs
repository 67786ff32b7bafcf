//! Serving: listening, forgetting what has expired, and stopping. On SIGTERM or SIGINT the server
//! takes no new connections, finishes requests and letters for up to ten seconds, and closes the
//! database.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::error::Error;
use crate::state::{AppState, StartError};
use crate::{accounts, app, connections, items, mail, mailboxes, panics, server, sessions};

/// How long open requests may take once the server stops.
const FINISHING: Duration = Duration::from_secs(10);
/// Time between two rounds of forgetting.
const SWEEPING: Duration = Duration::from_secs(60);

/// Serves until a signal says to stop.
pub async fn serve(state: AppState) -> Result<(), StartError> {
    // Before anything is announced: a signal must find its listener.
    let (mut terminate, mut interrupt) =
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(terminate), Ok(interrupt)) => (terminate, interrupt),
            (Err(error), _) | (_, Err(error)) => return Err(StartError::Listen(error)),
        };
    let listener = TcpListener::bind(state.settings.listen).await.map_err(StartError::Listen)?;
    let address = listener.local_addr().map_err(StartError::Listen)?;
    tracing::info!("listening on http://{address}");
    say_setup_code(&state).await?;

    let stop = state.stopping.subscribe();
    let most = state.settings.limits.connections;
    let bounds = connections::Bounds { most, headers: connections::HEADERS };
    let serving = connections::serve(listener, app(state.clone()), stop, bounds);
    let mut serving = tokio::spawn(serving);
    let mut sweeping = tokio::spawn(sweep_regularly(state.clone()));
    let mut delivering = tokio::spawn(mail::deliver_regularly(state.clone()));

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    state.stopping.send_replace(true);
    // All at once: none of them begins anything any more.
    let finished = async {
        let (served, _, _) = tokio::join!(&mut serving, &mut sweeping, &mut delivering);
        served
    };
    if tokio::time::timeout(FINISHING, finished).await.is_err() {
        tracing::warn!("some work did not finish");
        for task in [serving, sweeping, delivering] {
            task.abort();
        }
    }
    state.database.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Only who reads the log may be the first, but for programs of this machine on a server that nobody else
/// reaches.
async fn say_setup_code(state: &AppState) -> Result<(), StartError> {
    let accounts = server::accounts(&mut *state.database.read().await?).await?;
    if accounts == 0 {
        let code = state.keys.setup_code();
        tracing::info!("nobody has an account yet; set-up code for the first sign-up: {code}");
    }
    Ok(())
}

async fn sweep_regularly(state: AppState) {
    let mut stop = state.stopping.subscribe();
    // Until the time is over without a word of stopping.
    while tokio::time::timeout(SWEEPING, stop.wait_for(|stop| *stop)).await.is_err() {
        let state = state.clone();
        let round = panics::contain(async move { sweep(&state).await });
        if let Some(Err(error)) = round.await {
            tracing::warn!(?error, "what has expired could not be forgotten");
        }
    }
}

/// Forgets what has expired.
pub async fn sweep(state: &AppState) -> Result<(), Error> {
    state.rates.sweep();
    state.metrics.sweep();
    items::end_expired(state).await?;
    let now = state.clock.now();
    let mut transaction = state.database.write().await?;
    accounts::invitations::sweep(&mut transaction, now).await?;
    sessions::sweep(&mut transaction, now).await?;
    mail::sweep(&mut transaction, now).await?;
    mail::notices::sweep(&mut transaction, now).await?;
    mailboxes::codes::sweep(&mut transaction, now).await?;
    items::sweep(&mut transaction, now).await?;
    items::erase(&mut transaction, now).await?;
    transaction.commit().await?;
    Ok(())
}
