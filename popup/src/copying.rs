//! Copying a client ID or a client secret from wherever the user is. The notice comes after the
//! write really happened.

use leptos::prelude::*;
use mysafe_browser::{ItemId, RevealError, Use, copy};

use crate::kit::notice::{Kind, Shown};
use crate::state::App;
use crate::t;

/// What was copied, for the check on its button.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Copied {
    /// The client secret of an item.
    Secret(ItemId),
    /// The client ID of an item.
    Id(ItemId),
}

/// Copies the client secret. Whether it is on the clipboard.
pub async fn copy_secret(app: App, id: ItemId) -> bool {
    let Some(open) = app.open() else { return false };
    let name = open.name_of(&id).unwrap_or_default();
    match open.reveal(&id, Use::Copy).await {
        Ok(secret) => {
            let text = |seconds| t!("secret-copied", name = name.as_str(), seconds = seconds);
            write(app, secret.as_str(), Copied::Secret(id), text).await
        }
        Err(error) => {
            if error == RevealError::NoSecret {
                app.rows.set(open.rows());
            }
            app.fail(why(&error, &name));
            false
        }
    }
}

/// Copies the client ID. Whether it is on the clipboard.
pub async fn copy_id(app: App, id: ItemId) -> bool {
    let (Some(open), Some(row)) = (app.open(), app.row(&id)) else { return false };
    let text = |seconds| t!("id-copied", name = row.name.as_str(), seconds = seconds);
    let copied = write(app, &row.client_id, Copied::Id(id), text).await;
    if copied {
        open.used(&id).await;
    }
    copied
}

async fn write(app: App, value: &str, what: Copied, text: impl Fn(u32) -> String) -> bool {
    let seconds = app.settings.with_untracked(|settings| settings.clear_clipboard_after);
    match copy(value, seconds).await {
        Ok(()) => {
            app.say(text(seconds));
            app.copied.set(Some(what));
            let later = std::time::Duration::from_millis(1_500);
            set_timeout(
                move || {
                    if app.copied.get_untracked() == Some(what) {
                        app.copied.set(None);
                    }
                },
                later,
            );
            true
        }
        Err(_) => {
            let kind = Kind::Value(value.to_owned());
            app.notice.set(Some(Shown { kind, text: t!("copy-failed") }));
            false
        }
    }
}

/// Why a client secret is not given out.
pub fn why(error: &RevealError, name: &str) -> String {
    match error {
        RevealError::NoSecret => t!("no-secret-of", name = name),
        RevealError::Inactive => t!("inactive-of", name = name),
        RevealError::Gone => t!("gone-of", name = name),
        RevealError::Damaged => t!("damaged-of", name = name),
        RevealError::Locked => t!("locked-now"),
        RevealError::Store(error) => crate::screens::broken::text(error),
    }
}
