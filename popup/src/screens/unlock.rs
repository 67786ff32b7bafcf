//! Unlock: who, why it locked, the master password. Works without the server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{LockReason, Locked, Standing, UnlockError, open_in_tab, sync_now, unlock};
use zeroize::Zeroizing;

use crate::dom;
use crate::kit::field::{Shape, TextField, select_all};
use crate::kit::icon::Mark;
use crate::route::Route;
use crate::screens::broken;
use crate::screens::settings::lock_time;
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
    if locked.sign_in_again {
        return again(app, locked).into_any();
    }
    form(app, locked).into_any()
}

/// This browser has no key of its own any more: only signing in opens the vault.
fn again(app: App, locked: Locked) -> impl IntoView {
    view! {
        <main class="card-screen">
            <div class="card plain unlock">
                <Mark size=48 />
                <h1>{t!("sign-in-again")}</h1>
                <p class="who">
                    <strong>{locked.address}</strong>
                </p>
                <p class="why">{t!("locked-expired")}</p>
                <button
                    type="button"
                    class="button fill wide"
                    on:click=move |_| in_tab(app, Route::Welcome)
                >
                    {t!("sign-in-again")}
                </button>
            </div>
        </main>
    }
}

/// Goes to a screen that needs a full tab.
fn in_tab(app: App, route: Route) {
    if !app.popup {
        return app.go(route);
    }
    spawn_local(async move {
        if open_in_tab(&route.hash()).await.is_ok() {
            dom::close();
        }
    });
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
                <button type="button" class="link" on:click=move |_| in_tab(app, Route::Recover)>
                    {t!("forgot-password")}
                </button>
            </form>
        </main>
    }
}

/// Why it locked.
fn why(reason: LockReason) -> Option<String> {
    match reason {
        LockReason::Idle { minutes } => Some(t!("locked-idle", time = lock_time(minutes))),
        LockReason::Button => Some(t!("locked-button")),
        LockReason::System => Some(t!("locked-system")),
        LockReason::Expired => Some(t!("locked-expired")),
        LockReason::Browser => Some(t!("locked-browser")),
    }
}
