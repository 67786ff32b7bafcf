//! Unlock: who, why it locked, the master password. Works without the server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{LockReason, Locked, Standing, UnlockError, sync_now, unlock};
use zeroize::Zeroizing;

use crate::dom;
use crate::kit::field::{Shape, TextField, select_all};
use crate::kit::icon::Mark;
use crate::screens::broken;
use crate::state::App;
use crate::t;

/// The screen.
#[component]
pub fn Unlock() -> impl IntoView {
    let app = App::here();
    let locked = app.standing.with_untracked(|standing| match standing {
        Some(Standing::Locked(locked)) => Some(locked.clone()),
        _ => None,
    });
    let Some(locked) = locked else { return ().into_any() };
    form(app, locked).into_any()
}

fn form(app: App, locked: Locked) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let working = RwSignal::new(false);
    dom::focus_soon("password");
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        error.set(None);
        if password.with_untracked(String::is_empty) {
            error.set(Some(t!("password-missing")));
            dom::focus("password");
            return;
        }
        working.set(true);
        spawn_local(async move {
            dom::painted().await;
            let typed = Zeroizing::new(password.get_untracked());
            match unlock(typed).await {
                Ok(open) => {
                    password.set(String::new());
                    app.unlocked(open);
                    app.sync.set(sync_now().await);
                }
                Err(reason) => {
                    working.set(false);
                    error.set(Some(match reason {
                        UnlockError::WrongPassword => t!("wrong-password"),
                        UnlockError::NoWrap => t!("no-wrap"),
                        UnlockError::Store(error) => broken::text(&error),
                    }));
                    crate::dom::soon(|| select_all("password"));
                }
            }
        });
    };
    let server = locked.server.split("://").nth(1).unwrap_or(&locked.server).to_owned();
    view! {
        <main class="card-screen">
            <form class="card plain unlock" novalidate on:submit=submit>
                <Mark size=48 />
                <h1>{t!("unlock-title")}</h1>
                <p class="who">
                    <strong>{locked.address.clone()}</strong>
                    <span>{server}</span>
                </p>
                {locked.reason.and_then(why).map(|why| view! { <p class="why">{why}</p> })}
                <input type="text" hidden autocomplete="username" prop:value=locked.address />
                <TextField
                    id="password"
                    label=t!("master-password")
                    value=password
                    error=error
                    required=true
                    shape=Shape::Password
                    autocomplete="current-password"
                />
                <button type="submit" class="button fill wide" aria-busy=move || working.get().to_string()>
                    {move || if working.get() { t!("unlocking") } else { t!("unlock") }}
                </button>
            </form>
        </main>
    }
}

/// Why it locked.
fn why(reason: LockReason) -> Option<String> {
    match reason {
        LockReason::Idle { minutes } => Some(t!("locked-idle", minutes = minutes)),
        LockReason::Button => Some(t!("locked-button")),
        LockReason::System => Some(t!("locked-system")),
        LockReason::Expired => Some(t!("locked-expired")),
        LockReason::Browser => Some(t!("locked-browser")),
    }
}
