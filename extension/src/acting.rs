//! What the context menu and the shortcuts ask for. With one best match for the page it is done at
//! once and the badge says so; in every other case a view of ours takes it up: to unlock, to choose,
//! to say why not.

use mysafe_browser::{
    Action, Asked, Filled, Gesture, ItemId, Open, Standing, Use, What, ask, clear_badges,
    current_tab_url, open_in_tab, open_popup, set_badge, settings, soon, standing, touch,
};

use crate::{clipboard, suggest};

const CHECK: &str = "✓";
const TROUBLE: &str = "!";
const SHOWN: f64 = 3_000.0;

/// What became of it without a view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is done.
    Done,
    /// The user has to unlock, choose or answer.
    Asks,
    /// It cannot be done; the view says why.
    Failed,
}

/// Does what was asked for on the page of an address.
pub(crate) async fn act(action: Action, page: String, top: bool) {
    let asked = Asked { action, page, top };
    let outcome = match standing().await {
        Ok(Standing::Open(open)) => {
            touch().await;
            at_once(&open, &asked).await
        }
        Ok(Standing::Locked(_)) => Outcome::Asks,
        Ok(Standing::New) => {
            let _ = open_in_tab("#/welcome").await;
            return;
        }
        // The view says what is wrong with the store.
        Err(_) => Outcome::Failed,
    };
    match outcome {
        Outcome::Done => flash(CHECK).await,
        Outcome::Asks => {
            if !in_a_view(&asked).await {
                flash(TROUBLE).await;
            }
        }
        Outcome::Failed => {
            futures::join!(in_a_view(&asked), flash(TROUBLE));
        }
    }
}

/// Shows a sign on the icon for three seconds.
async fn flash(sign: &str) {
    set_badge(sign).await;
    soon(SHOWN).await;
    clear_badges().await;
    suggest::show().await;
}

/// As far as it goes without asking anything.
async fn at_once(open: &Open, asked: &Asked) -> Outcome {
    if matches!(asked.action, Action::Add | Action::Find) {
        return Outcome::Asks;
    }
    let best = open.best(&asked.page);
    let item = match best[..] {
        [item] => item,
        [] => return Outcome::Failed,
        _ => return Outcome::Asks,
    };
    match asked.action {
        Action::CopySecret => match open.reveal(&item, Use::Copy).await {
            Ok(secret) => copy(secret.as_str()).await,
            Err(_) => Outcome::Failed,
        },
        Action::CopyId => {
            let Ok(id) = open.client_id(&item).await else { return Outcome::Failed };
            let copied = copy(&id).await;
            if copied == Outcome::Done {
                open.used(&item).await;
            }
            copied
        }
        Action::FillSecret => fill(open, item, What::ClientSecret, asked).await,
        Action::FillId => fill(open, item, What::ClientId, asked).await,
        Action::Add | Action::Find => Outcome::Asks,
    }
}

async fn copy(text: &str) -> Outcome {
    let copied = clipboard::write(text, &settings().await).await;
    if copied { Outcome::Done } else { Outcome::Failed }
}

/// Fills, where that needs no question.
async fn fill(open: &Open, item: ItemId, what: What, asked: &Asked) -> Outcome {
    // Meanwhile the user may have gone elsewhere.
    if current_tab_url().await.as_deref() != Some(&*asked.page) {
        return Outcome::Failed;
    }
    match open.fill(&item, what, Gesture::Command, asked.top, None).await {
        Ok(Filled::Done) => Outcome::Done,
        Ok(Filled::Ask { .. }) => Outcome::Asks,
        Err(_) => Outcome::Failed,
    }
}

/// In the popup, or in a tab where the browser does not open it. Whether one opened.
async fn in_a_view(asked: &Asked) -> bool {
    ask(asked).await.is_ok()
        && (open_popup().await.is_ok() || open_in_tab("#/this-page").await.is_ok())
}
