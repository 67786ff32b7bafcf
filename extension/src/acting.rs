//! What the context menu and the shortcuts ask for. With one best match for the page it is done at
//! once and the badge says so; in every other case a view of ours takes it up: to unlock, to choose,
//! to say why not.

use mysafe_browser::{
    Action, Asked, Filled, Gesture, ItemId, Open, Standing, Use, What, ask, current_tab_url,
    open_in_tab, open_popup, set_badge, settings, soon, standing,
};

use crate::{clipboard, suggest};

const CHECK: &str = "✓";
const TROUBLE: &str = "!";
const CHECK_SHOWN: f64 = 3_000.0;

/// Does what was asked for on the page of an address.
pub(crate) async fn act(action: Action, page: String) {
    let asked = Asked { action, page };
    match standing().await {
        Ok(Standing::Open(open)) if at_once(&open, &asked).await => {
            set_badge(CHECK).await;
            soon(CHECK_SHOWN).await;
            set_badge("").await;
            suggest::show().await;
        }
        Ok(Standing::Open(_) | Standing::Locked(_)) => in_a_view(&asked).await,
        Ok(Standing::New) => {
            let _ = open_in_tab("#/welcome").await;
        }
        // The view says what is wrong with the store.
        Err(_) => in_a_view(&asked).await,
    }
}

/// Whether it could be done without asking anything.
async fn at_once(open: &Open, asked: &Asked) -> bool {
    let best = open.best(&asked.page);
    let [item] = best[..] else { return false };
    let done = match asked.action {
        Action::CopySecret => match open.reveal(&item, Use::Copy).await {
            Ok(secret) => clipboard::write(secret.as_str(), &settings().await).await,
            Err(_) => false,
        },
        Action::CopyId => {
            let Some(row) = open.row(&item) else { return false };
            let copied = clipboard::write(&row.client_id, &settings().await).await;
            if copied {
                open.used(&item).await;
            }
            copied
        }
        Action::FillSecret => fill(open, item, What::ClientSecret, asked).await,
        Action::FillId => fill(open, item, What::ClientId, asked).await,
        Action::Add | Action::Find => false,
    };
    done
}

/// Fills, where that needs no question.
async fn fill(open: &Open, item: ItemId, what: What, asked: &Asked) -> bool {
    // Meanwhile the user may have gone elsewhere.
    let still = current_tab_url().await.as_deref() == Some(&*asked.page);
    still && open.fill(&item, what, Gesture::Command, None).await == Ok(Filled::Done)
}

/// In the popup, or in a tab where the browser does not open it.
async fn in_a_view(asked: &Asked) {
    if ask(asked).await.is_err() {
        return set_badge(TROUBLE).await;
    }
    if open_popup().await.is_err() && open_in_tab("#/this-page").await.is_err() {
        set_badge(TROUBLE).await;
    }
}
