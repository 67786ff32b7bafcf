//! A new master password, a new recovery code. Each asks for the present password.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    SecretsError, check_password, set_master_password, set_recovery_code, sync_now,
};
use zeroize::Zeroizing;

use crate::dom;
use crate::kit::code::{CodeShown, NewCode, TypeBack};
use crate::kit::field::{Shape, TextField, select_all};
use crate::route::Route;
use crate::screens::strength::{Meter, rated};
use crate::screens::welcome_texts as texts;
use crate::state::App;
use crate::t;

/// Why nothing was changed, and whether it is said at the present password.
fn why(error: &SecretsError) -> (bool, String) {
    match error {
        SecretsError::WrongPassword => (true, t!("wrong-password")),
        SecretsError::WeakPassword => (false, t!("weak-password")),
        SecretsError::SignInEnded => (true, t!("sign-in-ended-first")),
        SecretsError::SignIn(error) => {
            (false, t!("changed-not-proven", why = texts::sign_in(error)))
        }
        SecretsError::Unknown => (false, t!("changed-unknown")),
        SecretsError::Failed(error) => (true, texts::sign_in(error)),
    }
}

fn back(app: App) -> impl IntoView {
    view! {
        <button type="button" class="button" on:click=move |_| app.go(Route::Settings)>
            {t!("cancel")}
        </button>
    }
}

/// A new master password.
#[component]
pub fn MasterPassword() -> impl IntoView {
    let app = App::here();
    let (now, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (wrong_now, wrong_new) = (RwSignal::new(None), RwSignal::new(None));
    let working = RwSignal::new(false);
    let who = app.open().map(|open| [open.name().to_owned(), open.address().to_owned()]);
    let [name, address] = who.unwrap_or_default();
    let hidden_address = address.clone();
    let known = StoredValue::new([name, address]);
    let rated = rated(new, wrong_new, move || known.get_value());
    dom::focus_soon("s-now");
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(open) = app.open() else { return };
        if working.get_untracked() {
            return;
        }
        wrong_now.set(None);
        wrong_new.set(None);
        if now.with_untracked(String::is_empty) {
            wrong_now.set(Some(t!("password-missing")));
            return dom::focus("s-now");
        }
        working.set(true);
        spawn_local(async move {
            dom::painted().await;
            let (old, chosen) =
                (Zeroizing::new(now.get_untracked()), Zeroizing::new(new.get_untracked()));
            let set = set_master_password(&open, old, chosen).await;
            working.set(false);
            match set {
                Ok(open) => {
                    now.set(String::new());
                    new.set(String::new());
                    app.unlocked(open);
                    app.go(Route::Settings);
                    app.say(t!("password-changed"));
                    app.sync.set(sync_now().await);
                }
                Err(error) => {
                    let (at_now, text) = why(&error);
                    let (field, at) =
                        if at_now { ("s-now", wrong_now) } else { ("s-new", wrong_new) };
                    at.set(Some(text));
                    dom::soon(move || select_all(field));
                }
            }
        });
    };
    view! {
        <form class="card secrets" novalidate on:submit=submit>
            <h1>{t!("change-password")}</h1>
            <p>{t!("change-password-text")}</p>
            <input type="text" hidden autocomplete="username" prop:value=hidden_address />
            <TextField
                id="s-now"
                label=t!("current-password")
                value=now
                error=wrong_now
                required=true
                shape=Shape::Password
                autocomplete="current-password"
            />
            <TextField
                id="s-new"
                label=t!("new-password")
                value=new
                error=wrong_new
                required=true
                shape=Shape::Password
                autocomplete="new-password"
            />
            <Meter strength=rated />
            <div class="answers">
                {back(app)}
                <button type="submit" class="button fill" aria-busy=move || working.get().to_string()>
                    {move || if working.get() { t!("changing") } else { t!("change-password") }}
                </button>
            </div>
        </form>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Password,
    Code,
    TypeBack,
}

/// A new recovery code.
#[component]
pub fn NewRecoveryCode() -> impl IntoView {
    let app = App::here();
    let step = RwSignal::new(Step::Password);
    let password = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let working = RwSignal::new(false);
    let code = NewCode::draw();
    Effect::new(move |_| {
        dom::focus_soon(match step.get() {
            Step::Password => "s-now",
            Step::Code => "s-title",
            Step::TypeBack => NewCode::first_field(),
        });
    });
    let check = move || {
        if password.with_untracked(String::is_empty) {
            wrong.set(Some(t!("password-missing")));
            return dom::focus("s-now");
        }
        working.set(true);
        spawn_local(async move {
            dom::painted().await;
            let typed = Zeroizing::new(password.get_untracked());
            let checked = check_password(&typed).await;
            working.set(false);
            match checked {
                Ok(()) => step.set(Step::Code),
                Err(error) => {
                    wrong.set(Some(why(&error).1));
                    dom::soon(|| select_all("s-now"));
                }
            }
        });
    };
    let set = move || {
        let Some(open) = app.open() else { return };
        if !code.typed_back() {
            return;
        }
        working.set(true);
        spawn_local(async move {
            dom::painted().await;
            let typed = Zeroizing::new(password.get_untracked());
            let set = set_recovery_code(&open, typed, &code.code()).await;
            working.set(false);
            match set {
                Ok(()) => {
                    password.set(String::new());
                    app.go(Route::Settings);
                    app.say(t!("code-changed"));
                }
                Err(error) => wrong.set(Some(why(&error).1)),
            }
        });
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        wrong.set(None);
        match step.get_untracked() {
            Step::Password => check(),
            Step::Code => step.set(Step::TypeBack),
            Step::TypeBack => set(),
        }
    };
    let who = app.open().map(|open| [open.address().to_owned(), open.server().to_owned()]);
    let [address, server] = who.unwrap_or_default();
    let part = move || match step.get() {
        Step::Password => view! {
            <p>{t!("new-code-text")}</p>
            <TextField
                id="s-now"
                label=t!("current-password")
                value=password
                error=wrong
                required=true
                shape=Shape::Password
                autocomplete="current-password"
            />
        }
        .into_any(),
        Step::Code => view! {
            <p>{t!("w-new-code-text")}</p>
            <CodeShown code=code address=address.clone() server=server.clone() />
        }
        .into_any(),
        Step::TypeBack => view! {
            <p>{t!("w-type-back-text")}</p>
            <TypeBack code=code />
            {move || wrong.get().map(|wrong| view! { <p class="error" role="alert">{wrong}</p> })}
        }
        .into_any(),
    };
    view! {
        <form class="card secrets" novalidate on:submit=submit>
            <h1 id="s-title" tabindex="-1">{t!("new-recovery-code")}</h1>
            {part}
            <div class="answers">
                {back(app)}
                <button type="submit" class="button fill" aria-busy=move || working.get().to_string()>
                    {move || match step.get() {
                        Step::TypeBack => t!("use-this-code"),
                        _ => t!("continue"),
                    }}
                </button>
            </div>
        </form>
    }
}
