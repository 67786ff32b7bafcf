//! Copying a client ID or a client secret from wherever the user is. The notice comes after the
//! write really happened.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, RevealError, Use, copy, lock_if_due};

use crate::kit::dialog::chord;
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
            refused(app, &error, &name)
        }
    }
}

/// Copies the client ID. Whether it is on the clipboard.
pub async fn copy_id(app: App, id: ItemId) -> bool {
    let Some(open) = app.open() else { return false };
    let name = open.name_of(&id).unwrap_or_default();
    let client_id = match open.client_id(&id).await {
        Ok(client_id) => client_id,
        Err(error) => return refused(app, &error, &name),
    };
    let text = |seconds| t!("id-copied", name = name.as_str(), seconds = seconds);
    let copied = write(app, &client_id, Copied::Id(id), text).await;
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
            let text = t!("copy-failed", key = chord("C"));
            app.notice.set(Some(Shown { kind, text }));
            false
        }
    }
}

/// Nothing is given out. Past the deadline, this view need not wait for its clock to lock.
fn refused(app: App, error: &RevealError, name: &str) -> bool {
    app.fail(why(error, name));
    if *error == RevealError::Locked {
        spawn_local(async {
            let _ = lock_if_due().await;
        });
    }
    false
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
