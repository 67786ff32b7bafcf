//! First run, in a full tab: one question a step. What was answered is kept, also when the tab
//! closes; the master password never is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    SignInDraft, SignUpDraft, Signups, Standing, check_server, known_server, sign_in, sign_up,
    strength, sync_now,
};
use zeroize::Zeroizing;

use crate::dom;
use crate::kit::icon::Mark;
use crate::route::Route;
use crate::screens::welcome_answers::{Answers, Step, forget};
use crate::screens::welcome_steps::*;
use crate::screens::welcome_texts::{self as texts, At};
use crate::state::App;
use crate::t;

/// The screen. With an account on this device, it signs in to it again.
#[component]
pub fn Welcome() -> impl IntoView {
    let app = App::here();
    let answers = Answers::new();
    let again = app.standing.with_untracked(|standing| match standing {
        Some(Standing::Open(open)) => Some((open.server().to_owned(), open.address().to_owned())),
        Some(Standing::Locked(locked)) => Some((locked.server.clone(), locked.address.clone())),
        _ => None,
    });
    if let Some((server, address)) = again {
        answers.server.set(server);
        answers.address.set(address);
        spawn_local(find(answers, Step::SignIn));
    } else {
        // Once the account is made this screen still has something to say.
        app.arrive(Route::Welcome);
        spawn_local(async move {
            if answers.server.with_untracked(String::is_empty)
                && let Some(server) = known_server().await
            {
                answers.server.set(server);
            }
            // The server is asked again: what it admits may have changed.
            if let Some(step) = Answers::kept_step() {
                find(answers, step).await;
                if answers.step.get_untracked() == Step::Password && answers.needs_admission() {
                    answers.to(Step::Admission);
                }
            }
        });
    }
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !answers.working.get_untracked() {
            next(app, answers);
        }
    };
    Effect::new(move |_| {
        let id = match answers.step.get() {
            Step::Server => "w-server",
            Step::Way => "w-create",
            Step::Name => "w-name",
            Step::Address => "w-address",
            Step::Admission => "w-admission",
            Step::Password => "w-password",
            Step::SignIn if answers.address.with_untracked(String::is_empty) => "w-address",
            Step::SignIn => "w-password",
            Step::Ready => "w-title",
        };
        dom::focus_soon(id);
    });
    view! {
        <main class="card-screen">
            <form class="card first-run" novalidate on:submit=submit>
                <header>
                    <Mark size=32 />
                    <span>{t!("mysafe")}</span>
                </header>
                {move || match answers.step.get() {
                    Step::Server => server_step(answers).into_any(),
                    Step::Way => way_step(answers).into_any(),
                    Step::Name => name_step(answers).into_any(),
                    Step::Address => address_step(answers).into_any(),
                    Step::Admission => admission_step(answers).into_any(),
                    Step::Password => password_step(answers).into_any(),
                    Step::SignIn => sign_in_step(answers).into_any(),
                    Step::Ready => ready_step(app).into_any(),
                }}
            </form>
        </main>
    }
}

/// The button that goes on was pressed.
fn next(app: App, answers: Answers) {
    answers.error.set(None);
    let missing = |value: RwSignal<String>| value.with_untracked(|text| text.trim().is_empty());
    match answers.step.get_untracked() {
        Step::Server => spawn_local(find(answers, Step::Way)),
        Step::Way | Step::Ready => {}
        Step::Name if missing(answers.name) => answers.error.set(Some(t!("name-invalid"))),
        Step::Name => answers.to(Step::Address),
        Step::Address if !looks_like_address(&answers.address.get_untracked()) => {
            answers.error.set(Some(t!("address-invalid")));
        }
        Step::Address if answers.needs_admission() => answers.to(Step::Admission),
        Step::Address => answers.to(Step::Password),
        Step::Admission if missing(answers.admission) => {
            let needs_code = answers.found.with_untracked(|found| {
                found.as_ref().is_some_and(|found| found.signups == Signups::FirstWithCode)
            });
            answers.error.set(Some(if needs_code {
                t!("needs-setup-code")
            } else {
                t!("needs-invitation")
            }));
        }
        Step::Admission => answers.to(Step::Password),
        Step::Password => spawn_local(create(app, answers)),
        Step::SignIn => spawn_local(enter(app, answers)),
    }
}

fn looks_like_address(text: &str) -> bool {
    let text = text.trim();
    text.is_ascii()
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

async fn find(answers: Answers, then: Step) {
    answers.working.set(true);
    let found = check_server(&answers.server.get_untracked()).await;
    answers.working.set(false);
    match found {
        Ok(server) => {
            answers.server.set(server.url.clone());
            answers.found.set(Some(server));
            answers.to(then);
        }
        Err(error) => {
            answers.error.set(Some(texts::server(&error)));
            dom::focus_soon("w-server");
        }
    }
}

async fn create(app: App, answers: Answers) {
    let Some(server) = answers.found.get_untracked() else { return answers.to(Step::Server) };
    let (name, address) = (answers.name.get_untracked(), answers.address.get_untracked());
    let password = Zeroizing::new(answers.password.get_untracked());
    if !strength(&password, &[&name, &address]).accepted() {
        answers.error.set(Some(t!("weak-password")));
        return dom::focus("w-password");
    }
    answers.working.set(true);
    // The vault opens in between: this screen is to stay until then.
    app.arrive(Route::Welcome);
    dom::painted().await;
    let admission = Some(answers.admission.get_untracked());
    let made = sign_up(SignUpDraft { server, name, address, password, admission }).await;
    answers.working.set(false);
    match made {
        Ok(open) => {
            answers.password.set(String::new());
            forget();
            answers.step.set(Step::Ready);
            app.unlocked(open);
        }
        Err(error) => {
            let (at, text) = texts::sign_up(&error);
            answers.step.set(match at {
                At::Name => Step::Name,
                At::Address => Step::Address,
                At::Admission => Step::Admission,
                At::Password => Step::Password,
            });
            answers.error.set(Some(text));
        }
    }
}

async fn enter(app: App, answers: Answers) {
    let Some(server) = answers.found.get_untracked() else { return answers.to(Step::Server) };
    let address = answers.address.get_untracked();
    let password = Zeroizing::new(answers.password.get_untracked());
    if !looks_like_address(&address) {
        answers.error.set(Some(t!("address-invalid")));
        return dom::focus("w-address");
    }
    if password.is_empty() {
        answers.error.set(Some(t!("password-missing")));
        return dom::focus("w-password");
    }
    answers.working.set(true);
    // The vault opens in between: this screen is to stay until then.
    app.arrive(Route::Welcome);
    dom::painted().await;
    let entered = sign_in(SignInDraft { server, address, password }).await;
    answers.working.set(false);
    match entered {
        Ok(open) => {
            answers.password.set(String::new());
            forget();
            app.unlocked(open);
            app.go(Route::ApiSecrets);
            app.sync.set(sync_now().await);
        }
        Err(error) => {
            answers.error.set(Some(texts::sign_in(&error)));
            crate::dom::soon(|| crate::kit::field::select_all("w-password"));
        }
    }
}
